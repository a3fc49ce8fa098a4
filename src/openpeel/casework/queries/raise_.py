"""Doubts become queries: the same doubt, found again, is the same query."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from openpeel.casework.actors import acting
from openpeel.casework.log.append import Told, append_all, moment_text
from openpeel.casework.log.canonical import NO_ROWS, plain_text, rows_hash
from openpeel.casework.models import Query, Return
from openpeel.casework.queries.find import last_answer
from openpeel.casework.queries.states import MENDING, SETTLED
from openpeel.casework.work import act
from openpeel.engine.check.doubt import Doubt
from openpeel.engine.clock import month_text, now

#: The kind of event that tells of a check whose doubts were raised.
CHECKED = "check.raised"

_BATCH = 200
#: What a later finding of the same doubt may change.
_CHANGED = ["severity", "count", "rows_json", "rows_hash", "text", "state", "found_at", "gone_at", "of",
            "settled_rows_hash", "rows_event"]  # fmt: skip


@dataclass(frozen=True)
class Scope:
    """What a check looked at; it says nothing about queries outside. Empty means everything.

    Attributes:
        forces, types, checks: ids.
        months: first and last month; a query of other months, or of all months, lies outside.
    """

    forces: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    checks: frozenset[str] = frozenset()
    months: tuple[int, int] | None = None

    def holds(self, query: Query) -> bool:
        """Whether the check would have found the query's doubt again, were it still there."""
        return (
            (not self.forces or query.force in self.forces)
            and (not self.types or query.type in self.types)
            and (not self.checks or query.check_id in self.checks)
            and (self.months is None or _within(query, self.months))
        )

    def plain(self) -> dict[str, Any]:
        """It as plain data."""
        return {
            "forces": sorted(self.forces),
            "types": sorted(self.types),
            "checks": sorted(self.checks),
            "months": [month_text(month) for month in self.months] if self.months else None,
        }


@dataclass
class Raised:
    """What became of a check's doubts: ids of queries."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    reopened: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)


def raise_queries(
    doubts: Iterable[Doubt], by: str, *, scope: Scope | None = None, collection: str = ""
) -> Raised:
    """Raise a query for each doubt, and bring those of earlier checks up to date, all or nothing.

    A query whose rows changed is told so by an event; one that was settled is reopened if, and only if, its
    rows are not those it was settled for. What was settled as corrected, and then was no longer found, was
    settled for no rows: found again, it is reopened. A query whose doubt is no longer found is marked so, and
    stays in its state: people close it.

    Args:
        doubts: all that the check found.
        by: an analyst.
        scope: what the check looked at; everything, if not said.
        collection: whose returns the queries belong to; if blank, the latest for each. A query belongs to a
            return of its force whose period its months touch; one of all months to that of a named collection.

    Raises:
        UserError: `by` is no analyst.
    """
    found = {doubt.key: doubt for doubt in doubts}
    within = scope or Scope()
    with act():
        actor = acting(by, ("analyst",), "raise queries")
        work = _Work(actor.handle, _Returns(collection), {**within.plain(), "collection": collection})
        known = {query.key: query for query in Query.objects.defer("rows_json")}
        work.next_number = max((query.number for query in known.values()), default=0) + 1
        for key, doubt in found.items():
            if key in known:
                work.again(known[key], doubt)
            else:
                work.new(doubt)
        for key, query in known.items():
            if key not in found and not query.gone_at and within.holds(query):
                work.gone(query)
        work.keep()
        return work.raised


class _Returns:
    """Which return a doubt belongs to."""

    def __init__(self, collection: str) -> None:
        self._collection = collection
        returns = Return.objects.filter(collection=collection) if collection else Return.objects.all()
        self._of: dict[str, list[Return]] = {}
        for one in returns.order_by("last_month", "id"):
            self._of.setdefault(one.force, []).append(one)

    def of(self, doubt: Doubt) -> Return | None:
        candidates = self._of.get(doubt.force, [])
        if doubt.months or not self._collection:
            candidates = [r for r in candidates if doubt.months and _touches(r, doubt.months)]
        return candidates[-1] if candidates else None


class _Work:
    """The queries and events of one check, kept together at its end."""

    def __init__(self, actor: str, returns: _Returns, scope: dict[str, Any]) -> None:
        self._actor, self._returns, self._scope = actor, returns, scope
        self._at = moment_text(now())
        self._made: list[Query] = []
        self._met: list[Query] = []
        self._same: list[int] = []
        self._told: list[Told] = []
        self._telling: list[tuple[Query, int]] = []  # whose rows which event tells
        self.next_number = 1
        self.raised = Raised()

    def new(self, doubt: Doubt) -> None:
        """A doubt that no query tells yet."""
        first, last = doubt.months or (None, None)
        query = Query(
            number=self.next_number,
            key=doubt.key,
            check_id=doubt.check,
            force=doubt.force,
            type=doubt.type,
            first_month=first,
            last_month=last,
            subject=_storable(doubt.subject),
            state="open",
            of=self._returns.of(doubt),
            raised_at=self._at,
            found_at=self._at,
        )
        self.next_number += 1
        _tell_rows(query, doubt)
        self._made.append(query)
        payload = {
            **_doubt_plain(doubt),
            "rows": doubt.rows,
            "key": doubt.key,
            "return": _return_plain(query.of),
        }
        self._tell("query.raised", query, payload, rows=True)
        self.raised.new.append(query.id_)

    def again(self, query: Query, doubt: Doubt) -> None:
        """A doubt that a query tells: the query learns what has changed."""
        told_before = len(self._told)
        was_gone, query.found_at, query.gone_at = query.gone_at, self._at, ""
        self._join(query, doubt)
        changed = rows_hash(list(doubt.rows), doubt.count) != query.rows_hash
        if changed or (doubt.severity, _storable(doubt.text)) != (query.severity, query.text):
            before = set(query.rows)
            _tell_rows(query, doubt)
            payload = {
                **_doubt_plain(doubt),
                "rows_new": [row for row in doubt.rows if row not in before],
                "rows_gone": sorted(before - set(doubt.rows)),
            }
            self._tell("query.rows-changed", query, payload, rows=True)
            self.raised.changed.append(query.id_)
        else:
            self.raised.same.append(query.id_)
            if was_gone:
                self._tell("query.found-again", query, {"no_longer_found": was_gone})
        if query.state in SETTLED and query.rows_hash != query.settled_rows_hash:
            why = (
                "what was mended is found again"
                if query.settled_rows_hash == NO_ROWS
                else "other rows are found"
            )
            query.state, query.settled_rows_hash = "reopened", ""
            self._tell("query.reopened", query, {"reason": why})
            self.raised.reopened.append(query.id_)
        if len(self._told) > told_before:
            self._met.append(query)
        else:
            self._same.append(query.number)

    def gone(self, query: Query) -> None:
        """A query whose doubt the check no longer finds."""
        query.gone_at = self._at
        answered = last_answer(query) if query.state == "accepted" else None
        if answered and answered.kind in MENDING:
            query.settled_rows_hash = NO_ROWS
        self._met.append(query)
        self._tell("query.no-longer-found", query, {"check_of": self._at})
        self.raised.gone.append(query.id_)

    def keep(self) -> None:
        """Write all of it, and that there was a check, even if it found nothing."""
        counts = {name: len(ids) for name, ids in vars(self.raised).items()}
        self._told.append(Told(CHECKED, "check", self._at, {**self._scope, "queries": counts}))
        events = append_all(self._actor, self._told)
        for query, place in self._telling:
            query.rows_event = events[place].seq
        Query.objects.bulk_create(self._made, batch_size=_BATCH)
        for query in self._met:  # not the rows where they have not even been read
            query.save(update_fields=[name for name in _CHANGED if name not in query.get_deferred_fields()])
        for start in range(0, len(self._same), _BATCH):
            same = Query.objects.filter(number__in=self._same[start : start + _BATCH])
            same.update(found_at=self._at)

    def _join(self, query: Query, doubt: Doubt) -> None:
        """A query raised before its return was expected finds it now."""
        if query.of_id is None:
            query.of = self._returns.of(doubt)
            if query.of:
                self._tell("query.joined-return", query, {"return": _return_plain(query.of)})

    def _tell(self, kind: str, query: Query, payload: dict[str, Any], rows: bool = False) -> None:
        if rows:
            self._telling.append((query, len(self._told)))
        self._told.append(Told(kind, "query", query.id_, payload))


def _tell_rows(query: Query, doubt: Doubt) -> None:
    query.severity = doubt.severity
    query.count = doubt.count
    query.rows_json = plain_text(doubt.rows)
    query.rows_hash = rows_hash(list(doubt.rows), doubt.count)
    query.text = _storable(doubt.text)


def _doubt_plain(doubt: Doubt) -> dict[str, Any]:
    return {
        "check": doubt.check,
        "force": doubt.force,
        "type": doubt.type,
        "months": [month_text(month) for month in doubt.months] if doubt.months else None,
        "severity": doubt.severity,
        "subject": doubt.subject,
        "count": doubt.count,
        "text": doubt.text,
    }


def _return_plain(of: Return | None) -> str | None:
    return f"{of.collection}/{of.force}" if of else None


def _storable(text: str) -> str:
    """A machine's text without what PostgreSQL cannot keep."""
    return "".join("\ufffd" if c == "\0" or "\ud800" <= c <= "\udfff" else c for c in text)


def _touches(of: Return, months: tuple[int, int]) -> bool:
    return of.first_month <= months[1] and months[0] <= of.last_month


def _within(query: Query, months: tuple[int, int]) -> bool:
    if query.first_month is None or query.last_month is None:
        return False
    return months[0] <= query.first_month and query.last_month <= months[1]
