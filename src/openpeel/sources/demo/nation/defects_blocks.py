"""Defects of a force's whole month: each a small function that spoils it, and says how it comes about in real life."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from openpeel.engine.clock import first_day, month_of
from openpeel.sources.demo.nation.defects_extracts import Extracts
from openpeel.sources.demo.nation.defects_files import Place, Row, Table
from openpeel.sources.demo.nation.defects_numbers import number_column, renumbered
from openpeel.sources.demo.nation.defects_sheet import record_of
from openpeel.sources.demo.stream import Stream


@dataclass
class Block:
    """The rows of a table that belong to one force and month, in all files."""

    table: Table
    force: str
    month: int
    places: list[Place]

    @property
    def whose(self) -> tuple[str, str]:
        """Record type and force."""
        return self.table.type.id, self.force

    def rows(self) -> list[Row]:
        """Its rows."""
        return [self.table.row(p) for p in self.places]

    def days(self) -> int:
        """On how many days its rows lie."""
        return len({row.day(self.table.type.anchor) for row in self.rows()})

    def others(self, most: int = 600) -> list[Row]:
        """Rows of the force's other months, up to about so many, spread over them."""
        rest = [p for p in self.table.of_force[self.force] if p.month != self.month]
        return [self.table.row(p) for p in rest[:: max(1, len(rest) // most)]]

    def put(self, row: Row) -> None:
        """Let a row stand as it now is."""
        self.table.sheets[row.place.sheet].put(row.place.at, record_of(row.fields))

    def remove(self, place: Place) -> None:
        """Take a row out."""
        self.table.sheets[place.sheet].remove(place.at)


@dataclass(frozen=True)
class Done:
    """What became of a block.

    Attributes:
        column: in which column it lies; blank if in the rows as such.
        twins: rows put in, each with its place among those behind the row it repeats.
    """

    column: str = ""
    twins: tuple[tuple[Row, int], ...] = ()


@dataclass(frozen=True)
class BlockKind:
    """A kind of defect of blocks.

    Attributes:
        id: its name.
        said: what it is, and how it comes about.
        fits: whether it can be sown in blocks of a table.
        spoil: does it; ``None``, and nothing done, if this block does not show it.
        removes: whether rows go, so that none may be one that others refer to.
        spread: whether it shows only where a month's rows lie on many days.
    """

    id: str
    said: str
    fits: Callable[[Table], bool]
    spoil: Callable[[Block, Stream, Extracts], Done | None]
    removes: bool = False
    spread: bool = False


#: A column is filled in from this share of records on; a value has taken over only where it was not that common.
_FILLED, _COMMON = 0.8, 0.6
#: Share of times at midnight up to which a column holds times.
_SOME = 0.2
#: Known values that a block must have in a column.
_KNOWN = 40


def _any(_table: Table) -> bool:
    return True


def _missing(block: Block, _stream: Stream, _of: Extracts) -> Done:
    for place in block.places:
        block.remove(place)
    return Done()


def _half(block: Block, _stream: Stream, _of: Extracts) -> Done:
    for row in block.rows():
        if (day := row.day(block.table.type.anchor)) and day.day > 15:
            block.remove(row.place)
    return Done()


def _clock(table: Table) -> bool:
    """Times outside the key, the anchor among them."""
    return table.type.column(table.type.anchor).type == "instant" and not _dates_in_key(table)


def _dates_in_key(table: Table) -> bool:
    return any(table.type.column(k).type in ("instant", "date") for k in table.type.key)


def _midnights(block: Block, _stream: Stream, _of: Extracts) -> Done | None:
    anchor, rows = block.table.type.anchor, block.rows()
    known = [m for row in rows if (m := row.moment(anchor))]
    if sum((m.hour, m.minute, m.second) == (0, 0, 0) for m in known) > len(known) * _SOME:
        return None
    for row in rows:
        for column in (c.name for c in block.table.free("instant")):
            if moment := row.moment(column):
                row.put_moment(column, moment.replace(hour=0, minute=0, second=0))
        if _month(row, anchor) == block.month:  # the first hour of a summer's month is the day before in UTC
            block.put(row)
    return Done(anchor)


def _month(row: Row, anchor: str) -> int:
    day = row.day(anchor)
    return month_of(day) if day else 0


def _column_blank(block: Block, stream: Stream, _of: Extracts) -> Done | None:
    rows, others = block.rows(), block.others()
    table = block.table
    pool = [
        c.name for c in table.columns
        if not c.required and c.name not in table.type.key and c.personal != "identity"
        and not table.mapping.rule(c.name).join
        and _share(rows, c.name) >= _FILLED and _share(others, c.name) >= _FILLED
    ]  # fmt: skip
    if not pool:
        return None
    column = pool[stream.whole(len(pool))]
    for row in rows:
        row.put(column, "")
        block.put(row)
    return Done(column)


def _share(rows: list[Row], column: str) -> float:
    return sum(bool(r.text(column)) for r in rows) / max(1, len(rows))


def _one_value(block: Block, stream: Stream, _of: Extracts) -> Done | None:
    rows, others, table = block.rows(), block.others(), block.table
    pool = []
    for c in table.free("text", "boolean"):
        plain = c.personal in ("none", "special-category") and c.name not in table.refers
        if plain and not table.is_ruled(c.name) and (value := _commonest(others, c.name)):
            pool.append((c.name, value))
    if not pool:
        return None
    column, value = pool[stream.whole(len(pool))]
    for row in rows:
        row.put(column, value)
        block.put(row)
    return Done(column)


def _commonest(rows: list[Row], column: str) -> str:
    """The commonest value of a column that is filled in and in which no value is very common; blank otherwise."""
    counts = Counter(t for t in (r.text(column) for r in rows) if t)
    if not counts or counts.total() < len(rows) * _FILLED:
        return ""
    value, count = min(counts.items(), key=lambda item: (-item[1], item[0]))
    return value if counts.total() / 20 <= count <= counts.total() * _COMMON else ""


def _first_day(block: Block, _stream: Stream, _of: Extracts) -> Done:
    table, first = block.table, first_day(block.month)
    for row in block.rows():
        day = row.day(table.type.anchor)
        if day:
            _move(row, (day - first).days, first)
            block.put(row)
    return Done(table.type.anchor)


def _move(row: Row, days: int, first: date) -> None:
    """Put all days and times of a row so many days back, so that none comes before another that did not."""
    before = row.copy()
    for back in (days, days - 1):
        row.fields = list(before.fields)
        for column in (c.name for c in row.table.free("instant", "date")):
            if moment := row.moment(column):
                row.put_moment(column, moment - timedelta(days=back))
        if row.day(row.table.type.anchor) == first:  # near midnight, a change of the clocks comes between
            return


def _numbered(table: Table) -> bool:
    return bool(number_column(table))


def _twice(block: Block, stream: Stream, of: Extracts) -> Done:
    start, twins = 1 + stream.whole(5000), []
    last = {p.key: p for p in block.places}  # of several versions the latest
    for place in last.values():
        twin = renumbered(block.table.row(place), of, start)
        if twin:
            nth = block.table.sheets[place.sheet].insert(place.at, record_of(twin.fields))
            twins.append((twin, nth))
    return Done("", tuple(twins))


def _timed(table: Table) -> bool:
    return bool(table.free("duration"))


def _minutes(block: Block, _stream: Stream, _of: Extracts) -> Done | None:
    names = [c.name for c in block.table.free("duration")]
    rows = block.rows()
    known = {n: sum(bool(r.text(n)) for r in rows) for n in names}
    column = max(names, key=lambda n: known[n])
    if known[column] < _KNOWN:
        return None
    for row in rows:
        for name in names:
            text = row.text(name)
            row.put(name, str(round(int(float(text)) / 60)) if text else "")
        block.put(row)
    return Done(column)


BLOCK_KINDS: tuple[BlockKind, ...] = (
    BlockKind("month-missing", "A month has no rows: its file was left out.", _any, _missing, removes=True),
    BlockKind("half-missing", "A month has no rows after the 15th: the export was made too early.",
              _any, _half, removes=True, spread=True),
    BlockKind("midnights", "All times of a month are midnight: dates alone were exported.", _clock, _midnights),
    BlockKind("column-blank", "A column that is always filled in is blank for a month: a field was renamed.",
              _any, _column_blank),
    BlockKind("one-value", "One value stands in a column for all of a month: a default of a new form.",
              _any, _one_value),
    BlockKind("first-day", "All rows of a month lie on its first day: entered from paper in a batch.",
              lambda table: not _dates_in_key(table), _first_day, spread=True),
    BlockKind("month-twice", "All rows of a month stand twice under other numbers: loaded again after a move.",
              _numbered, _twice),
    BlockKind("minutes", "Durations of a month are minutes where seconds are meant: a report's setting.",
              _timed, _minutes),
)  # fmt: skip
