"""Months of records that are those of another force, or of another month of the same force.

Records are held against each other by what is written in them: of times the minute and second alone where months are
compared, since whoever passes a month off as the next has other days in it.
"""

from __future__ import annotations

from collections.abc import Iterator

from openpeel.engine.check.doubt import Doubt
from openpeel.engine.check.held import TABLE, Held, spoken
from openpeel.engine.declare.records import Column
from openpeel.engine.sql import quote

#: Records of a month that must stand with another force before it can be said to be that one's.
_LEAST = 5
#: And before it can be said to be another month's, since records that say little may be alike.
_MONTH = 20


def copied(held: Held) -> list[Doubt]:
    """Doubts about months whose records stand with another force, or in another month, as well."""
    if held.is_count or held.type.key_may_be_blank:
        return []
    return [*_of_another_force(held), *_of_another_month(held)]


def _of_another_force(held: Held) -> Iterator[Doubt]:
    if len(held.counts) < 2:
        return
    same, some, one = _named_by(held)
    if not same:
        return
    rows = f"SELECT force, month, hash({same}) AS _all FROM {TABLE} WHERE {some}"
    # Of what one force alone has, nothing need be brought together.
    shared = f"SELECT _all FROM ({rows}) GROUP BY _all HAVING count(DISTINCT force) > 1 AND {one}"
    found = held.con.execute(
        f"SELECT force, month, count(*) FROM ({rows}) SEMI JOIN ({shared}) USING (_all) "
        f"WHERE {held.asked_sql()} GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    for force, month, many in found:
        if _most(held, force, month, many):
            span = (month, month)
            said = (
                f"{many} records of {spoken(span)} stand with another force as well, with the same numbers and times. "
                "Look whose they are, and supply those of the other again."
            )
            yield held.told_months("twice.force", "blocking", force, span, "all rows", said, many)


def _named_by(held: Held) -> tuple[str, str, str]:
    """What makes records of two forces the same one, of which it can be said, and how often it stands.

    That is the key and the time. A key of pseudonyms is another with each force: then it is all that is written, where
    it stands with two forces, once each; what stands with several is nothing by which a record could be known. The
    first is blank if nothing does.
    """
    anchor = held.type.column(held.type.anchor)
    if anchor.type != "instant":
        return "", "", ""
    if not any(held.type.column(k).personal == "pseudonym" for k in held.type.key):
        named = dict.fromkeys([*held.type.key, anchor.name])
        return ", ".join(map(quote, named)), f"second({quote(anchor.name)}) <> 0", "true"
    columns = [c for c in held.kept() if c.personal != "pseudonym"]
    return ", ".join(quote(c.name) for c in columns), _enough(held, columns), "count(*) = 2"


def _of_another_month(held: Held) -> Iterator[Doubt]:
    """Months whose records are those of an earlier month of the force, under other numbers and on other days."""
    columns = [c for c in held.kept() if c.name not in held.type.key and c.type != "date"]
    first, last = held.looked_at
    # The same people may sit in every meeting; times and numbers do not come again.
    measured = any(c.type in ("instant", "integer", "number", "duration") for c in columns)
    if held.type.kind == "reference" or not measured or last <= first:
        return
    written = ", ".join(
        f"epoch({quote(c.name)})::BIGINT % 3600" if c.type == "instant" else quote(c.name) for c in columns
    )
    rows = (
        f"SELECT force, month, hash(force, {written}) AS _all FROM {TABLE} "
        f"WHERE month BETWEEN {first} AND {last} AND {_enough(held, columns)}"
    )
    # What stands in more than two months is nothing by which a record could be known.
    found = held.con.execute(
        f"SELECT force, later, before, count(*) FROM (SELECT any_value(force) AS force, max(month) AS later, "
        f"min(month) AS before FROM ({rows}) GROUP BY _all HAVING count(*) = 2 AND min(month) < max(month)) "
        "GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    for force, month, before, many in found:
        if held.asked(month) and many >= _MONTH and _most(held, force, month, many):
            span = (month, month)
            said = (
                f"{many} of {held.counts[force][month]} records of {spoken(span)} are those of "
                f"{spoken((before, before))} but for their numbers and days, as if one month had been supplied as "
                "another. Supply the month's own records."
            )
            yield held.told_months("twice.month", "blocking", force, span, "all rows", said, many)


def _most(held: Held, force: str, month: int, many: int) -> bool:
    """Whether so many are most of the records of a month."""
    return many >= _LEAST and many >= held.counts[force].get(month, 0) * held.settings.twice_month


def _enough(held: Held, columns: list[Column]) -> str:
    """Whether enough of a record is known for another to be called the same."""
    known = " + ".join(f"({quote(c.name)} IS NOT NULL)::INT" for c in columns)
    return f"{known} >= {held.settings.twice_known}"
