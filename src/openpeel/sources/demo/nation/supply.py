"""What was known on a day: the rows of a table as a force could send them then.

The nation's tables hold what happened in the end. A supply of a day holds the rows whose anchor lies before its
end, with everything that had not happened yet still blank; a later supply holds what is new, and old rows to which
something has happened since.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from openpeel.engine.declare.records import RecordType
from openpeel.engine.sql import quote
from openpeel.sources.demo.months import UK, Month, months_of_world
from openpeel.sources.demo.nation.knobs import Knobs
from openpeel.sources.demo.nation.made import Made

#: Months from one supply to the next, and days from its last month's end to the day it is sent.
EVERY, DAYS_AFTER = 6, 10


@dataclass(frozen=True)
class Supply:
    """One delivery of a force's records.

    Attributes:
        label: the month it is sent in, ``2024-10``.
        since: records before this moment (UTC) were sent earlier; ``None`` for the first.
        until: what happens from this moment on is not known.
        sent: the day it is sent.
        first, last: the months that are new.
    """

    label: str
    since: datetime | None
    until: datetime
    sent: date
    first: Month
    last: Month


def supplies(knobs: Knobs, every: int = EVERY) -> list[Supply]:
    """The deliveries of a nation, in order."""
    run = months_of_world(knobs.months)
    out: list[Supply] = []
    for at in range(0, len(run), every):
        part = run[at : at + every]
        end = _start_after(part[-1])
        sent = (end + timedelta(days=DAYS_AFTER, hours=2)).date()
        out.append(Supply(f"{sent:%Y-%m}", out[-1].until if out else None, end, sent, part[0], part[-1]))
    return out


def sent_sql(
    made: Made,
    record_type: RecordType,
    columns: Sequence[str],
    supply: Supply,
    whole: bool = False,
    before: Collection[str] = (),
) -> str:
    """A SELECT of force and columns: what a supply holds of a table.

    Args:
        made: the table.
        record_type: its record type.
        columns: which of its columns.
        supply: which delivery.
        whole: everything known by then, whatever was sent before.
        before: the table's columns ``_before_…``: what a column said until the moment that changed it.
    """
    until = _moment(supply.until)
    listed = ", ".join(_as_known(c, made, until, before) for c in columns)
    where = [f"{quote(record_type.anchor)} < {until}"]
    if supply.since and not whole:
        since = _moment(supply.since)
        happened = [f"({quote(c)} >= {since} AND {quote(c)} < {until})" for c in made.later]
        where.append(f"({' OR '.join([f'{quote(record_type.anchor)} >= {since}', *happened])})")
    return f"SELECT force, {listed} FROM {quote(made.name)} WHERE {' AND '.join(where)}"


def _as_known(column: str, made: Made, until: str, before: Collection[str]) -> str:
    moments = [m for m, hangs_on in made.later.items() if column == m or column in hangs_on]
    name = quote(column)
    if not moments:
        return name
    unknown = " OR ".join(f"{quote(m)} >= {until}" for m in moments)
    earlier = quote(f"_before_{column}") if f"_before_{column}" in before else "NULL"
    return f"CASE WHEN {unknown} THEN {earlier} ELSE {name} END AS {name}"


def _start_after(month: Month) -> datetime:
    year, number = month.year + month.number // 12, month.number % 12 + 1
    return datetime(year, number, 1, tzinfo=UK)


def _moment(moment: datetime) -> str:
    utc = moment - (moment.utcoffset() or timedelta())
    return f"TIMESTAMP '{utc:%Y-%m-%d %H:%M:%S}'"
