"""Where each return stands on a day: worked out from what happened, never stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from openpeel.casework.models import Query, Receipt, Return, SignOff
from openpeel.casework.queries.states import UNSETTLED
from openpeel.casework.work import look

State = Literal["expected", "missing", "received", "late", "under query", "signed off"]
#: Severities that put a return under query while they are unsettled; a note asks for nothing.
ASKING = ("blocking", "warning")


@dataclass(frozen=True)
class Standing:
    """Where a return stands.

    Attributes:
        collection, force, due: which return.
        state: ``expected`` or ``missing`` (due, or overdue, with nothing received); ``received`` or ``late``
            (after the due day); ``under query``; ``signed off``.
        received: the day of the first receipt; ``None`` if nothing came.
        days_late: days from the due day to the first receipt, or to the day asked about; 0 if in time.
        receipts: how often it came in.
        unsettled: ids of its queries that are not settled, of whatever severity.
        blocking: those of them that keep it from being signed off.
        signed_by: who signed it off, if that still holds.
        note: what has to be known of a sign-off that no longer holds.
    """

    collection: str
    force: str
    first_month: int
    last_month: int
    due: date
    state: State
    received: date | None
    days_late: int
    receipts: int
    unsettled: tuple[str, ...]
    blocking: tuple[str, ...]
    signed_by: str
    note: str


def standings(today: date, collection: str = "") -> list[Standing]:
    """Where every return, or every return of a collection, stands on a day."""
    with look():
        returns = Return.objects.filter(collection=collection) if collection else Return.objects.all()
        return standings_of(returns, today)


def standings_of(returns: Iterable[Return], today: date) -> list[Standing]:
    """Where some returns stand, in four statements however many they are."""
    wanted = list(returns)
    ids = [r.id for r in wanted]
    receipts: dict[int, list[Receipt]] = defaultdict(list)
    for receipt in Receipt.objects.filter(of_id__in=ids):
        receipts[receipt.of_id].append(receipt)
    queries: dict[int, list[Query]] = defaultdict(list)
    for query in Query.objects.filter(of_id__in=ids, state__in=UNSETTLED).defer("rows_json", "text"):
        queries[query.of_id or 0].append(query)
    signed: dict[int, SignOff] = {}
    for sign_off in SignOff.objects.filter(of_id__in=ids, undone_by=""):
        signed[sign_off.of_id] = sign_off
    return [_standing(r, receipts[r.id], queries[r.id], signed.get(r.id), today) for r in wanted]


def _standing(
    of: Return, receipts: list[Receipt], queries: list[Query], signed: SignOff | None, today: date
) -> Standing:
    received = min((r.received for r in receipts), default=None)
    blocking = tuple(q.id_ for q in queries if q.severity == "blocking")
    note = _note(signed, receipts, blocking)
    holds = signed is not None and not note
    return Standing(
        collection=of.collection,
        force=of.force,
        first_month=of.first_month,
        last_month=of.last_month,
        due=of.due,
        state=_state(of.due, received, any(q.severity in ASKING for q in queries), holds, today),
        received=received,
        days_late=max(0, ((received or today) - of.due).days),
        receipts=len(receipts),
        unsettled=tuple(q.id_ for q in queries),
        blocking=blocking,
        signed_by=signed.by if signed and holds else "",
        note=note,
    )


def _state(due: date, received: date | None, asking: bool, signed: bool, today: date) -> State:
    if received is None:
        return "missing" if today > due else "expected"
    if signed:
        return "signed off"
    if asking:
        return "under query"
    return "late" if received > due else "received"


def _note(signed: SignOff | None, receipts: list[Receipt], blocking: tuple[str, ...]) -> str:
    """Why a sign-off that was given and not taken back no longer holds."""
    if signed is None:
        return ""
    day = signed.at[:10]
    if len(receipts) > signed.receipts:
        return f"the sign-off of {day} covers {signed.receipts} of {len(receipts)} receipts"
    if blocking:
        return f"since the sign-off of {day} these are open: {', '.join(blocking)}"
    return ""
