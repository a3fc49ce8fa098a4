"""What looks back: whether there was an earlier record of the same person, place or thing within some days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from openpeel.engine import clock
from openpeel.engine.declare.derivations import RepeatWithin
from openpeel.engine.declare.records import RecordType
from openpeel.engine.intake.generations import Entry, View
from openpeel.engine.sql import quote, text


def before(derivation: RepeatWithin, entry: Entry, view: View) -> list[Entry]:
    """The snapshots of the force's months before that a snapshot's records may have to be looked up in."""
    first = clock.month_of(clock.first_day(entry.month) - timedelta(days=derivation.days))
    held = (view.get(entry.type, entry.force, month) for month in range(first, entry.month))
    return [e for e in held if e is not None]


def known_since(
    derivation: RepeatWithin, entries: Sequence[Entry], view: View | None
) -> dict[tuple[str, int], date]:
    """Force and month -> the day from which every month up to it is held: what happened before is not known."""
    out = {}
    for entry in entries:
        first = entry.month
        while (
            view is not None
            and view.get(entry.type, entry.force, first - 1) is not None
            and clock.first_day(first) > clock.first_day(entry.month) - timedelta(days=derivation.days)
        ):
            first -= 1
        out[entry.force, entry.month] = clock.first_day(first)
    return out


def repeat_sql(
    record_type: RecordType, derivation: RepeatWithin, query: str, since: dict[tuple[str, int], date]
) -> str:
    """SQL that adds the derivation's column to a query.

    Records are put in the order of their anchor and then of their key, so that it does not matter in which order
    a file held them. Two records of one moment: the second by its key repeats the first.

    Args:
        record_type: the rows' type.
        derivation: what repeats.
        query: gives the stored columns, ``month`` among them.
        since: force and month -> the day from which all is held.
    """
    day, last = quote(record_type.anchor_date()), quote(f"_last_{derivation.name}")
    who = ", ".join(map(quote, ["force", *derivation.of]))
    key = [quote(k) for k in record_type.key] or ["row_hash", "occurrence"]
    order = ", ".join(dict.fromkeys([day, quote(record_type.anchor), *key]))
    blank = " OR ".join(f"q.{quote(c)} IS NULL" for c in derivation.of)
    far = f"q.{day} - INTERVAL {int(derivation.days)} DAY"
    table = ", ".join(f"({text(f)}, {m}, DATE '{d}')" for (f, m), d in sorted(since.items()))
    held = f"(VALUES {table}) AS k(f, m, since)"
    known = f'LEFT JOIN {held} ON k.f = q."force" AND k.m = q.month' if since else ""
    whole = f"{far} >= k.since" if since else "true"
    value = f"CASE WHEN {blank} THEN NULL WHEN q.{last} >= {far} THEN true WHEN {whole} THEN false END"
    return (
        f"SELECT q.*, {value} AS {quote(derivation.name)} FROM (SELECT *, lag({day}) OVER "
        f"(PARTITION BY {who} ORDER BY {order}) AS {last} FROM ({query}) AS r) AS q {known}"
    )
