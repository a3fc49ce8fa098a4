"""Returns that are expected, and what comes in of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from openpeel.casework.actors import acting
from openpeel.casework.log.append import Told, append
from openpeel.casework.models import Actor, Query, Receipt, Return
from openpeel.casework.words_of import checked
from openpeel.casework.work import act
from openpeel.engine.clock import month_text
from openpeel.errors import UserError

_NAME_MOST = 60
_TELLERS = ("analyst", "administrator")


class AnyCollection(Protocol):
    """What casework has to know of a collection; `openpeel.sources.returns.collections.Collection` is one."""

    @property
    def id(self) -> str:
        """Such as ``2024-autumn``."""

    @property
    def first(self) -> int:
        """The first month of its period, as ``engine.clock`` numbers months."""

    @property
    def last(self) -> int:
        """The last month."""

    @property
    def due(self) -> date:
        """The last day on which a return is not late."""


@dataclass(frozen=True)
class CollectionPeriod:
    """A collection of which no more is known."""

    id: str
    first: int
    last: int
    due: date


def return_id(collection: str, force: str) -> str:
    """How the log and errors name a return."""
    return f"{collection}/{force}"


def expect_returns(collection: AnyCollection, forces: Iterable[str], by: str) -> list[Return]:
    """Say that these forces owe a return; what is expected already stays, with a new due day if it has one.

    Raises:
        UserError: `by` may not, or a return is expected for another period.
    """
    with act():
        actor = acting(by, _TELLERS, "say which returns are expected")
        return [_expect(collection, force, actor) for force in dict.fromkeys(forces)]


def record_receipt(
    collection: AnyCollection,
    force: str,
    *,
    intakes: Sequence[str],
    file_hash: str,
    received: date,
    by: str,
    file: str = "",
) -> Receipt:
    """Write down that a return, or a correction of it, came in.

    A return that nobody expected is expected from now on. The same file again is the same receipt. A sign-off
    that was given before stays on record and covers what it covered; the return is no longer signed off.

    Args:
        collection: of which collection.
        force: whose return.
        intakes: ids of the intakes that the file became.
        file_hash: SHA-256 of the file.
        received: the day it came in.
        by: who brought it in: an analyst, an administrator, or an actor of the force.
        file: the file's name, for people.

    Raises:
        UserError: `by` may not, or the return is expected for another period.
    """
    with act():
        actor = acting(by, ("force", *_TELLERS), "bring in a return", force)
        of = _expect(collection, force, actor)
        before = Receipt.objects.filter(of=of)
        known = before.filter(file_hash=file_hash).first()
        if known:
            return known
        number = before.count() + 1
        fields: dict[str, Any] = {
            "number": number,
            "received": received,
            "file": file,
            "file_hash": file_hash,
            "intakes": list(intakes),
        }
        payload = {**fields, "received": received.isoformat()}
        event = append(
            actor.handle, Told("return.received", "return", return_id(of.collection, force), payload)
        )
        return Receipt.objects.create(of=of, by=actor.handle, event=event.seq, **fields)


def return_named(collection: str, force: str) -> Return:
    """The return of a force.

    Raises:
        UserError: none is expected.
    """
    found = Return.objects.filter(collection=collection, force=force).first()
    if found is None:
        raise UserError(
            f"no return of {force} is expected for the collection {collection!r}",
            do="`openpeel return status` lists those that are",
        )
    return found


def _expect(collection: AnyCollection, force: str, actor: Actor) -> Return:
    found = Return.objects.filter(collection=collection.id, force=force).first()
    if found is None:
        return _new(collection, force, actor)
    known, said = _period(found.first_month, found.last_month), _period(collection.first, collection.last)
    if known != said:
        raise UserError(
            f"the return {return_id(collection.id, force)} is expected for {known}, not {said}",
            do="give a collection of another period another name",
        )
    if found.due != collection.due:
        found.due = collection.due
        found.save(update_fields=["due"])
        payload = {"due": collection.due.isoformat()}
        append(actor.handle, Told("return.due-changed", "return", return_id(collection.id, force), payload))
    return found


def _new(collection: AnyCollection, force: str, actor: Actor) -> Return:
    checked(collection.id, "the collection's name", _NAME_MOST)
    checked(force, "the force", _NAME_MOST)
    payload = {
        "first_month": month_text(collection.first),
        "last_month": month_text(collection.last),
        "due": collection.due.isoformat(),
    }
    append(actor.handle, Told("return.expected", "return", return_id(collection.id, force), payload))
    made = Return.objects.create(
        collection=collection.id,
        force=force,
        first_month=collection.first,
        last_month=collection.last,
        due=collection.due,
    )
    _join(made, actor)
    return made


def _join(of: Return, actor: Actor) -> None:
    """Queries that were raised before their return was expected belong to it from now on."""
    queries = Query.objects.filter(
        of=None, force=of.force, first_month__lte=of.last_month, last_month__gte=of.first_month
    ).defer("rows_json")
    for query in queries:
        query.of = of
        query.save(update_fields=["of"])
        payload = {"return": return_id(of.collection, of.force)}
        append(actor.handle, Told("query.joined-return", "query", query.id_, payload))


def _period(first: int, last: int) -> str:
    return f"{month_text(first)}..{month_text(last)}"
