"""Random supplies of records, what stands in their rows, and which records were known on a day.

Written from docs and docstrings: a complete supply replaces what was there of its force and month, changes replace
by key; a corrected anchor moves a record to another month; a record's month is that of its anchor's day in London.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from reference.draws import Draw, often, seldom
from reference.shape import LINKS, PEOPLE, PLACES, SORTS, TEAMS, UNIT, VISIT, Shape

LONDON = ZoneInfo("Europe/London")
FORCES = ("kent", "surrey")
#: First months of what is drawn: clocks go forward in one, back in another, a year turns in a third.
FIRST = (date(2023, 2, 1), date(2023, 9, 1), date(2023, 12, 1))
#: Days at which more happens than chance would have it, and times of day.
DAYS = (date(2023, 3, 26), date(2023, 10, 29), date(2024, 2, 29), date(2023, 4, 1), date(2023, 12, 31))
TIMES = (
    "12:00:00",
    "00:00:00",
    "00:30:00",
    "01:30:00",
    "02:30:00",
    "23:59:59",
    "12:05:00.9",
    "12:06",
    "09:15:07",
)

Texts = dict[str, str]
Month = date
Place = tuple[str, Month]


@dataclass(frozen=True)
class Supply:
    """What came in at once: rows of a type, for some forces.

    Attributes:
        type: id of the record type.
        known: the day from which it is known.
        complete: whether it holds everything of the forces and months; else these are changes.
        rows: force and month -> rows as text; changes have no month.
        gone: forces and keys that it says are gone.
    """

    type: str
    known: date
    complete: bool
    rows: dict[tuple[str, Month | None], list[Texts]]
    gone: tuple[tuple[str, str], ...] = ()


@dataclass
class Held:
    """What was known on a day: force and month -> records; and, of each month, since when.

    ``known`` is the day of the last supply that said something of the month.
    """

    months: dict[tuple[str, Month], list[dict[str, Any]]] = field(default_factory=dict)
    known: dict[tuple[str, Month], date] = field(default_factory=dict)

    def of(self, force: str) -> list[dict[str, Any]]:
        return [r for (f, _), rows in sorted(self.months.items()) if f == force for r in rows]


def month_after(month: Month, by: int = 1) -> Month:
    number = month.year * 12 + month.month - 1 + by
    return date(number // 12, number % 12 + 1, 1)


def last_day(month: Month) -> date:
    return month_after(month) - timedelta(days=1)


# ------------------------------------------------------------------------------------ what a row says


class Unreadable(Exception):  # noqa: N818
    """A time that never was."""


def moment(text: str) -> tuple[datetime | None, date | None]:
    """The instant in UTC and the day in London; a day alone has no instant.

    The hour that happens twice is the first of the two; the one that does not happen cannot be read.
    """
    if not text:
        return None, None
    if len(text) == 10:
        return None, date.fromisoformat(text)
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        local = at.replace(tzinfo=LONDON, fold=0)
        if local.astimezone(UTC).astimezone(LONDON).replace(tzinfo=None) != at:
            raise Unreadable(text)
        at = local
    return at.astimezone(UTC), at.astimezone(LONDON).date()


def read(columns: Sequence[Any], texts: Texts) -> dict[str, Any] | None:
    """A row's values; nothing where it cannot be taken."""
    row: dict[str, Any] = {}
    for column in columns:
        text = texts.get(column.name, "")
        try:
            if column.type == "instant":
                row[column.name], row[f"{column.name}_date"] = moment(text)
                continue
        except Unreadable:
            return None
        row[column.name] = value(column.type, text) if text else None
    return row


def value(kind: str, text: str) -> Any:
    if kind == "boolean":
        return text == "yes"
    if kind in ("integer", "duration"):
        return int(text)
    if kind == "number":
        return Decimal(text)
    return date.fromisoformat(text) if kind == "date" else text


def known_on(columns: Sequence[Any], key: str, anchor: str, supplies: Sequence[Supply], day: date) -> Held:
    """The records known on a day, from the supplies of a type in the order in which they came."""
    held = Held()
    for supply in supplies:
        if supply.known > day:
            continue
        for force, month in supply.rows if supply.complete else ():
            assert month is not None
            held.months[force, month], held.known[force, month] = [], supply.known
        for (force, _), texts in supply.rows.items():
            rows = [r for r in (read(columns, t) for t in texts) if r is not None]
            take(held, force, rows, key, anchor, supply)
        for force, gone in supply.gone:
            leave(held, force, {gone}, key, supply.known)
    return held


def take(held: Held, force: str, rows: list[dict[str, Any]], key: str, anchor: str, supply: Supply) -> None:
    if key:
        leave(held, force, {r[key] for r in rows}, key, supply.known)
    for row in rows:
        place = (force, row[anchor].replace(day=1))
        held.months.setdefault(place, []).append(row)
        held.known[place] = supply.known


def leave(held: Held, force: str, keys: set[str], key: str, known: date) -> None:
    for place, rows in held.months.items():
        if place[0] == force and any(r[key] in keys for r in rows):
            held.months[place] = [r for r in rows if r[key] not in keys]
            held.known[place] = known


# ------------------------------------------------------------------------------------------ drawing


@dataclass
class Tables:
    """Everything that was ever supplied.

    Attributes:
        months: the months of which something may be there.
        supplies: in the order in which they came.
        policies: day from which it is known -> (first day, last day or nothing, value).
    """

    months: list[Month]
    supplies: list[Supply]
    policies: dict[date, list[tuple[date, date | None, int]]]


def tables(draw: Draw, shape: Shape, most: int = 7) -> Tables:
    """Supplies of a type and of those it looks up; ``most`` rows of a force and month."""
    first = draw.pick(FIRST)
    months = [month_after(first, n) for n in range(draw.whole(2, 3))]
    came = last_day(months[-1]) + timedelta(days=draw.pick([3, 1, 20, -12]))
    places = [(f, m) for f in FORCES for m in months if often(draw, 20)]
    numbers = iter(range(10_000))
    rows: dict[str, list[Texts]] = {f: [] for f in FORCES}
    for force, month in places:
        rows[force] += [row(draw, shape, month, f"k{next(numbers)}") for _ in range(draw.whole(0, most))]
    if not shape.keyed:  # two records that are alike are two records
        rows = {f: [*rs, *(dict(r) for r in rs if seldom(draw, 6))] for f, rs in rows.items()}
    supplies = [whole(shape, came, places, rows), *looked_up(draw, months, came)]
    for _ in range(draw.whole(0, 2)):
        came += timedelta(days=draw.pick([5, 0, 31]))
        supplies.append(later(draw, shape, came, months, numbers))
    return Tables(months, supplies, policies(draw, months, came))


def whole(shape: Shape, known: date, places: Sequence[Place], rows: dict[str, list[Texts]]) -> Supply:
    """A supply of all there is of some forces and months; rows that belong elsewhere are left out.

    A month all of whose rows cannot be read is no supply of it: such rows are left out, too.
    """
    sorted_: dict[tuple[str, Month | None], list[Texts]] = {place: [] for place in places}
    for force, texts in rows.items():
        for one in texts:
            sorted_.get((force, month_of(shape, one)), []).append(one)
    columns = shape.type.columns
    kept = {p: ts if any(read(columns, t) for t in ts) else [] for p, ts in sorted_.items()}
    return Supply(shape.type.id, known, True, kept)


def month_of(shape: Shape, texts: Texts) -> Month:
    text = texts[shape.type.anchor]
    try:
        day = moment(text)[1]
    except Unreadable:
        day = date.fromisoformat(text[:10])
    assert day is not None
    return day.replace(day=1)


def later(draw: Draw, shape: Shape, known: date, months: Sequence[Month], numbers: Any) -> Supply:
    """Changes of some records, or a month anew."""
    force, month = draw.pick(FORCES), draw.pick(months)
    old = next(numbers)
    if not shape.keyed or seldom(draw, 3):
        rows = [
            row(draw, shape, month, f"k{draw.pick([draw.whole(0, old), next(numbers)])}")
            for _ in range(draw.whole(0 if shape.keyed else 1, 5))
        ]
        if shape.keyed:
            rows = list({r[shape.name["key"]]: r for r in rows}.values())
        made = whole(shape, known, [(force, month)], {force: rows})
        if not shape.keyed and not made.rows[force, month]:  # a public file without rows takes nothing away
            return replace(made, rows={})
        return made
    keys = sorted({draw.whole(0, old) for _ in range(draw.whole(1, 5))})
    rows = [row(draw, shape, draw.pick(months), f"k{k}") for k in keys if often(draw, 4)]
    named = {r[shape.name["key"]] for r in rows}
    gone = tuple((force, f"k{k}") for k in keys if f"k{k}" not in named)
    return Supply(shape.type.id, known, False, {(force, None): rows} if rows else {}, gone)


def row(draw: Draw, shape: Shape, month: Month, key: str) -> Texts:
    """One row as text; anything but its key and its anchor may be blank."""
    name, out = shape.name, {}
    if shape.keyed:
        out[name["key"]] = key
    began = day_in(draw, month)
    by_day = shape.kind_of(name["anchor"]) == "date"
    out[name["anchor"]] = str(began) if by_day else at(draw, began)
    if by_day:
        out[name["start"]] = at(draw, began) if often(draw, 6) else ""
    for role in ("served", "gone"):
        out[name[role]] = at(draw, after(draw, began)) if often(draw, 2) else ""
    ended = after(draw, began)
    out[name["ended"]] = (
        "" if seldom(draw, 3) else str(ended) if shape.kind_of(name["ended"]) == "date" else at(draw, ended)
    )
    out[name["place"]], out[name["sort"]] = draw.pick(PLACES), draw.pick([*SORTS, ""])
    out[name["flag"]], out[name["who"]], out[name["link"]] = (
        draw.pick(["yes", "no", ""]),
        draw.pick(PEOPLE),
        draw.pick(LINKS),
    )
    out[name["score"]] = draw.pick(["1", "", "0", "3", "-2", "1000000000000"])
    out[name["amount"]] = draw.pick(["1.5", "", "0.000001", "-2", "999.654321", "0"])
    out[name["took"]] = draw.pick(["60", "", "0", "61", "300", "3600", "-5"])
    out[name["limit"]] = draw.pick(["300", "0", "", "3600", "-1", "86400"])
    return out


def day_in(draw: Draw, month: Month) -> date:
    special = [d for d in DAYS if d.replace(day=1) == month]
    if special and seldom(draw, 3):
        return draw.pick(special)
    return month + timedelta(
        days=draw.pick([0, last_day(month).day - 1, draw.whole(0, last_day(month).day - 1)])
    )


def after(draw: Draw, began: date) -> date:
    return began + timedelta(days=draw.pick([0, 1, -1, 2, 30, 90, 0]))


def at(draw: Draw, day: date) -> str:
    """A time of a day, or the day alone."""
    how = draw.whole(0, 9)
    if how == 9:
        return str(day)
    text = f"{day} {draw.pick(TIMES)}"
    return f"{text}Z" if how == 8 else text


def looked_up(draw: Draw, months: Sequence[Month], came: date) -> list[Supply]:
    """Units, one row a number, and visits, some of one thing."""
    out = []
    for known in [came, *([came + timedelta(days=5)] if seldom(draw, 3) else [])]:
        units: dict[tuple[str, Month | None], list[Texts]] = {
            (f, months[0]): [
                {"number": n, "since": str(months[0]), "team": draw.pick(TEAMS), "minutes": draw.pick(["5", "", "7"])}
                for n in LINKS[:-1] if often(draw, 4)
            ]
            for f in FORCES
        }  # fmt: skip
        out.append(Supply(UNIT.id, known, True, units))
    visits: dict[tuple[str, Month | None], list[Texts]] = {
        (f, months[0]): [
            {"of": draw.pick(LINKS), "on_day": str(months[0]), "minutes": draw.pick(["5", "", "7", "0"])}
            for _ in range(draw.whole(0, 5))
        ]
        for f in FORCES
    }  # fmt: skip
    return [*out, Supply(VISIT.id, came, True, visits)]


def policies(
    draw: Draw, months: Sequence[Month], came: date
) -> dict[date, list[tuple[date, date | None, int]]]:
    """A standard that changes, and is known otherwise later."""
    middle = months[1] + timedelta(days=9)
    out = {months[0]: [(months[0] + timedelta(days=4), middle, 300), (middle + timedelta(days=2), None, 60)]}
    return out | ({came: [(months[0], None, 3600)]} if seldom(draw, 2) else {})
