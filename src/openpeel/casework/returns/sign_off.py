"""Sign-off: an analyst's word that what was received of a return can be used."""

from __future__ import annotations

import json

from django.db.models import QuerySet

from openpeel.casework.actors import acting
from openpeel.casework.log.append import Told, append, payloads_of
from openpeel.casework.models import Event, Query, Receipt, Return, SignOff
from openpeel.casework.queries.raise_ import CHECKED
from openpeel.casework.queries.states import UNSETTLED
from openpeel.casework.returns.receive import return_id, return_named
from openpeel.casework.words_of import checked
from openpeel.casework.work import act
from openpeel.errors import UserError

#: So many queries are named in an error; the list has them all.
_NAMED = 20


def sign_off(force: str, collection: str, by: str) -> SignOff:
    """Sign a return off. The sign-off says which intakes it covers.

    It is given even if no check was raised since the last receipt, since a check may have been made otherwise;
    its `note` then says so.

    Raises:
        UserError: `by` is no analyst, nothing was received, it is signed off already, or blocking queries are
            not accepted; they are named.
    """
    with act():
        actor = acting(by, ("analyst",), "sign a return off", force)
        of = return_named(collection, force)
        receipts = list(Receipt.objects.filter(of=of))
        before = _standing(of).first()
        _refuse(of, receipts, before)
        if before:
            _take_back(before, actor.handle, "signed off anew", of)
        intakes = list(dict.fromkeys(i for receipt in receipts for i in receipt.intakes))
        check = last_check(force)
        payload = {
            "last_check": check,
            "receipts": len(receipts),
            "intakes": intakes,
            "files": [receipt.file_hash for receipt in receipts],
        }
        event = append(
            actor.handle, Told("return.signed-off", "return", return_id(collection, force), payload)
        )
        signed = SignOff.objects.create(
            of=of, by=actor.handle, at=event.at, receipts=len(receipts), intakes=intakes, event=event.seq
        )
        if check < max(receipt.event for receipt in receipts):
            signed.note = "no check was raised since the last receipt: what came in last may hold new doubts"
        return signed


def last_check(force: str) -> int:
    """The number of the event of the last check that looked at a force as a whole; 0 if there is none."""
    checks = Event.objects.filter(kind=CHECKED).order_by("-seq")
    payloads = payloads_of(checks)
    for event in checks:
        said = json.loads(payloads[event.seq].content) if event.seq in payloads else {"types": ["erased"]}
        if not said["types"] and not said["checks"] and (not said["forces"] or force in said["forces"]):
            return event.seq
    return 0


def take_back_sign_off(force: str, collection: str, by: str, reason: str) -> SignOff:
    """Take a sign-off back, because a correction or a doubt came after it.

    Raises:
        UserError: `by` is no analyst, the reason is blank, or no sign-off stands.
    """
    why = checked(reason, "the reason")
    with act():
        actor = acting(by, ("analyst",), "take a sign-off back", force)
        of = return_named(collection, force)
        standing = _standing(of).first()
        if standing is None:
            raise UserError(
                f"{return_id(collection, force)} is not signed off", do="there is nothing to take back"
            )
        return _take_back(standing, actor.handle, why, of)


def _standing(of: Return) -> QuerySet[SignOff]:
    return SignOff.objects.filter(of=of, undone_by="").order_by("-event")


def _refuse(of: Return, receipts: list[Receipt], before: SignOff | None) -> None:
    name = return_id(of.collection, of.force)
    if not receipts:
        raise UserError(f"nothing was received of {name}", do="import the return first")
    blocking = list(Query.objects.filter(of=of, severity="blocking", state__in=UNSETTLED).defer("rows_json"))
    if blocking:
        told = ", ".join(f"{query.id_} ({query.state})" for query in blocking[:_NAMED])
        told += f" and {len(blocking) - _NAMED} more" if len(blocking) > _NAMED else ""
        raise UserError(
            f"{name} cannot be signed off: blocking queries are not accepted: {told}",
            do="have them answered, and accept or withdraw them",
        )
    if before and before.receipts == len(receipts):
        raise UserError(
            f"{name} is signed off already, by {before.by} on {before.at[:10]}",
            do="take that back first, if it no longer holds",
        )


def _take_back(standing: SignOff, by: str, why: str, of: Return) -> SignOff:
    told = Told(
        "return.sign-off-taken-back",
        "return",
        return_id(of.collection, of.force),
        {"sign_off": standing.event, "reason": why},
    )
    event = append(by, told)
    standing.undone_by, standing.undone_at, standing.undone_reason = by, event.at, why
    standing.undone_event = event.seq
    standing.save()
    return standing
