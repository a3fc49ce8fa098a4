"""The same event under two numbers: records equal in all but their number, and months entered twice.

Two calls may well come in the same second; they are not one for that. So a pair must agree in columns that
tell records apart, those whose value is hardly ever the same on two records of the type.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from statistics import median

from openpeel.engine.check.chance import binomial_tail, smoothed
from openpeel.engine.check.doubt import Doubt
from openpeel.engine.check.held import TABLE, Held, runs, spoken
from openpeel.engine.declare.records import Column
from openpeel.engine.sql import quote

#: A column tells records apart if it has so many different values for each known one, within a force.
_TELLING = 0.7
#: Force, month, number of records beyond the first, the keys, and whether a pair by itself says that it is one event.
Pair = tuple[str, int, int, list[str], bool]
#: Equal records among all, in number and share, up to which equality is no chance; and equal but for one column.
_PAIRS, _CHANCE, _NEARLY = 10, 0.001, 0.2
#: Records that a month needs before it can be said to stand twice.
_LEAST = 5
#: Chance of so many equal records in a month, by how many are equal in all others, below which it stands twice.
_BY_CHANCE = 1e-5


def twice(held: Held) -> list[Doubt]:
    """Doubts about events that stand twice, single ones and whole months of them."""
    if held.is_count:
        return []
    if not held.type.key:
        return _months(held, _repeats(held))
    number = _own_number(held)
    return _doubts(held, _pairs(held, number)) if number else []


def _own_number(held: Held) -> str:
    """The part of the key that numbers the record itself; blank if its key says whom or what it is about."""
    *others, last = (held.type.column(k) for k in held.type.key)
    if last.type == "integer" and others:
        return last.name
    if others or last.personal != "operational-reference":
        return ""
    return "" if any(last.name in r.columns for r in held.type.references) else last.name


def _compared(held: Held, number: str) -> list[Column]:
    return [c for c in held.kept() if c.name != number]


def _telling(held: Held, columns: Sequence[Column]) -> list[str]:
    """Columns whose value hardly ever stands on two records; booleans and short lists never do."""
    named = [c for c in columns if c.type != "boolean" and not c.allowed]
    if not named:
        return []
    asked = ", ".join(
        f"approx_count_distinct(hash(force, {quote(c.name)})), count({quote(c.name)})" for c in named
    )
    found = held.con.execute(f"SELECT {asked} FROM {TABLE}").fetchone() or ()
    pairs = zip(named, found[0::2], found[1::2], strict=True)
    # A blank counts as one value for each force.
    return [c.name for c, different, known in pairs if known and different >= known * _TELLING]


def _tell_together(held: Held, columns: Sequence[Column]) -> bool:
    """Whether hardly any two records are equal in all columns, nor would be without the one that tells most."""
    named = [quote(c.name) for c in columns]
    if len(named) < held.settings.twice_known:
        return False
    asked = ", ".join(f"approx_count_distinct(hash(force, {n}))" for n in named)
    different = held.con.execute(f"SELECT {asked} FROM {TABLE}").fetchone() or ()
    most = max(range(len(named)), key=lambda n: different[n])
    less = ", ".join(named[:most] + named[most + 1 :])
    # A month that was entered twice says nothing about the others.
    row = held.con.execute(
        "SELECT coalesce(sum(n), 0), coalesce(sum(whole), 0), coalesce(sum(without), 0) FROM (SELECT count(*) AS n, "
        f"count(DISTINCT hash({', '.join(named)})) AS whole, count(DISTINCT hash({less})) AS without "
        f"FROM {TABLE} GROUP BY force, month) WHERE n - whole < {_LEAST} OR whole > 0.75 * n"
    ).fetchone()
    rows, whole, without = row or (0, 0, 0)
    return bool(rows - whole <= max(_PAIRS, _CHANCE * rows) and rows - without <= _NEARLY * rows)


def _pairs(held: Held, number: str) -> list[Pair]:
    """Each event that stands twice."""
    columns = _compared(held, number)
    equal = ", ".join(quote(c.name) for c in columns)
    known = " + ".join(f"({quote(c.name)} IS NOT NULL)::INT" for c in columns)
    telling = _telling(held, columns)
    told = " + ".join(["0", *(f"({quote(n)} IS NOT NULL)::INT" for n in telling)])
    found = held.con.execute(
        "SELECT force, any_value(month), count(*) - 1, list(_key), any_value(known), any_value(told) FROM "
        f"(SELECT force, month, hash({equal}) AS _all, {held.key_sql()} AS _key, {known} AS known, {told} AS told "
        f"FROM {TABLE} WHERE {held.asked_sql()}) GROUP BY force, _all HAVING count(*) > 1 ORDER BY ALL"
    ).fetchall()
    s = held.settings
    # One by one columns may tell nothing, and do so together: whom, from when, until when.
    wanting = any(k >= s.twice_known and t < s.twice_telling for *_pair, k, t in found)
    together = wanting and _tell_together(held, columns)
    return [(*pair, k >= s.twice_known and (together or t >= s.twice_telling)) for *pair, k, t in found]


def _repeats(held: Held) -> list[Pair]:
    """The same of records without a key, which can be equal in everything; only whole months are doubted."""
    return held.con.execute(
        f"SELECT force, month, count(*), [], true FROM {TABLE} WHERE {held.asked_sql()} AND occurrence > 1 "
        "GROUP BY ALL ORDER BY ALL"
    ).fetchall()


def _doubts(held: Held, pairs: list[Pair]) -> list[Doubt]:
    months = _months(held, pairs)
    whole = {(d.force, m) for d in months if d.months for m in range(d.months[0], d.months[1] + 1)}
    rows: dict[str, list[str]] = defaultdict(list)
    for force, month, _more, keys, enough in pairs:
        if enough and (force, month) not in whole:
            rows[force] += keys
    return [
        *(held.told("twice.event", "warning", f, "key", keys, _said(keys)) for f, keys in rows.items()),
        *months,
    ]


def _said(keys: list[str]) -> str:
    return (
        f"{len(keys)} records are equal to another in all but their number, and so may be one event entered twice. "
        "Remove the one that is not right, or say that both happened."
    )


def _months(held: Held, pairs: list[Pair]) -> list[Doubt]:
    beyond: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    rows: dict[tuple[str, int], list[str]] = defaultdict(list)
    for force, month, more, keys, _enough in pairs:
        beyond[force][month] += more
        rows[force, month] += keys
    out = list[Doubt]()
    all_twice, all_rows = sum(sum(m.values()) for m in beyond.values()), sum(held.totals.values())
    for force, months in beyond.items():
        counted = held.counts[force]
        # Of a month entered twice the half stands beyond the first.
        share = held.settings.twice_month / 2
        # Where records say so little that many are equal anyway, equal ones say nothing.
        ordinary = median(months.get(m, 0) / n for m, n in counted.items() if n)
        full = [
            m
            for m, n in months.items()
            if n >= _LEAST
            and n >= counted.get(m, 0) * share
            and ordinary < share / 2
            and binomial_tail(n, counted[m], smoothed(all_twice - n, all_rows - counted[m])) < _BY_CHANCE
        ]
        for span in runs(full):
            named = [k for m in range(span[0], span[1] + 1) for k in rows[force, m]]
            many, said = span[1] - span[0] + 1, _said_month(span)
            out.append(
                held.told_months("twice.month", "blocking", force, span, "all rows", said, many, named)
            )
    return out


def _said_month(span: tuple[int, int]) -> str:
    return (
        f"Most records of {spoken(span)} stand twice, as if entered two times. Supply the month again from the source "
        "system, once."
    )
