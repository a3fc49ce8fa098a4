"""Where defects are sown: which rows and which months, so that each can be told from the rest and from each other."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from openpeel.sources.demo.nation.defects_blocks import BLOCK_KINDS, Block, BlockKind, Done
from openpeel.sources.demo.nation.defects_extracts import Extracts
from openpeel.sources.demo.nation.defects_files import Place, Row, Table
from openpeel.sources.demo.nation.defects_rows import ROW_KINDS, RowKind
from openpeel.sources.demo.nation.defects_sheet import Sheet, record_of
from openpeel.sources.demo.stream import Stream

#: Rows that a month of a block holds at least, and that the force's other months ordinarily hold.
BLOCK_ROWS = 60
#: Months that a force has at least where one of them is spoilt: what is ordinary has to be seen.
BLOCK_MONTHS = 5
#: Days on which the rows of a month lie, for kinds that change the days.
BLOCK_DAYS = 15
#: Blocks that one force's records of a type hold at most, and how many months apart: most months stay as they were.
BLOCKS_OF_ONE, BLOCKS_APART = 2, 3
#: One row in so many of a table is spoilt at most: where much is wrong nobody can say what is right.
SPARSE = 40
#: Rows of a type that a force has at least where a row's defect shows only beside others.
BESIDE = 20
_TRIES = 400
#: Months of a force and table that are offered: where one lies too near to another, the next stands in.
_MONTHS = 3

Whose = tuple[str, str, int]


@dataclass(frozen=True)
class Line:
    """A line of the key, while the row's number in the end is not known yet.

    ``nth`` is 0 for the row at ``place`` itself, else which of those put in behind it; ``None`` for a block.
    """

    defect: str
    kind: str
    level: str
    place: Place
    type: str
    column: str
    key: str
    sheet: Sheet
    nth: int | None

    @property
    def whose(self) -> Whose:
        """Record type, force and month."""
        return self.type, self.place.force, self.place.month


def sow_blocks(
    of: Extracts, seed: int, each: int, progress: Callable[[str], None]
) -> tuple[list[Line], list[Line]]:
    """Sow the kinds of blocks, each in another force's records of a type as long as there are such.

    Returns:
        The lines of the key, and those of rows that stand twice with a whole month.
    """
    offered = {kind.id: _offered(of, kind, seed) for kind in BLOCK_KINDS}
    sower = _BlockSower(of, seed)
    # The kinds with the fewest places to choose from come first.
    for kind in sorted(BLOCK_KINDS, key=lambda k: (len({b.whose for b in offered[k.id]}), k.id)):
        sown = sower.sow(kind, offered[kind.id], each)
        if sown < each:
            progress(f"{kind.id}: {sown} of {each} sown, no more months would show it")
    return sower.lines, sower.twins


class _BlockSower:
    """Spoils months: of one force's records of a type at most two, by different kinds, and far enough apart."""

    def __init__(self, of: Extracts, seed: int) -> None:
        self.of, self.seed = of, seed
        self.lines, self.twins = list[Line](), list[Line]()
        self.taken: dict[tuple[str, str], list[Line]] = defaultdict(list)

    def sow(self, kind: BlockKind, offered: list[Block], each: int) -> int:
        """Sow a kind in some of the months offered; gives how many there are in the end."""
        stream, sown = Stream(self.seed, "defects", kind.id), 0
        for most in range(BLOCKS_OF_ONE):
            for block in offered:
                if sown < each and self._free(kind, block, most):
                    done = kind.spoil(block, stream, self.of)
                    if done:
                        sown += 1
                        self._note(kind, block, done, f"{kind.id}-{sown:02d}")
        return sown

    def _free(self, kind: BlockKind, block: Block, most: int) -> bool:
        """Whether a month may be spoilt where so many others of the force and type are at most."""
        taken = self.taken[block.whose]
        near = any(abs(t.place.month - block.month) < BLOCKS_APART or t.kind == kind.id for t in taken)
        return len(taken) <= most and not near

    def _note(self, kind: BlockKind, block: Block, done: Done, defect: str) -> None:
        line = _of_block(defect, kind, block, done.column)
        self.taken[block.whose].append(line)
        self.lines.append(line)
        self.twins += [twin for row, nth in done.twins for twin in _of_pair(line, row, nth)]


def _offered(of: Extracts, kind: BlockKind, seed: int) -> list[Block]:
    """Months of each force and table in which a kind can be sown and seen, in a drawn order; types take turns."""
    stream, out = Stream(seed, "blocks", kind.id), list[Block]()
    for table in (t for t in of.tables if kind.fits(t) and _by_day(t)):
        for force in table.of_force:
            for month in stream.shuffled(_large(table, force))[:_MONTHS]:
                block = Block(table, force, month, table.of_month[force, month])
                unseen = kind.spread and block.days() < BLOCK_DAYS
                out += [] if unseen or (kind.removes and _any_referred(of, block)) else [block]
    turns, order = Counter[str](), list[tuple[int, int, Block]]()
    for place, block in enumerate(stream.shuffled(out)):
        order.append((turns[block.table.type.id], place, block))
        turns[block.table.type.id] += 1
    return [block for *_turn, block in sorted(order, key=lambda o: o[:2])]


def _by_day(table: Table) -> bool:
    """Whether its records come month by month, known to the day; a list of posts has no months."""
    return table.type.kind != "reference" and table.type.anchor_known_to == "day"


def _large(table: Table, force: str) -> list[int]:
    """Months between two others, with enough rows, where the force's months ordinarily have them."""
    counts = table.months[force]
    if len(counts) < BLOCK_MONTHS or sorted(counts.values())[len(counts) // 2] < BLOCK_ROWS:
        return []
    return [m for m in sorted(counts) if counts[m] >= BLOCK_ROWS and {m - 1, m + 1} <= set(counts)]


def _any_referred(of: Extracts, block: Block) -> bool:
    return any(of.is_referred(block.table.type.id, p.force, p.key) for p in block.places)


def _of_block(defect: str, kind: BlockKind, block: Block, column: str) -> Line:
    table, first = block.table, block.places[0]
    return Line(defect, kind.id, "block", first, table.type.id, column, "", table.sheets[first.sheet], None)


def _of_pair(line: Line, twin: Row, nth: int) -> list[Line]:
    sheet, row = twin.table.sheets[twin.place.sheet], twin.table.row(twin.place)
    return [
        Line(line.defect, line.kind, "row", twin.place, line.type, "", r.key(), sheet, n)
        for r, n in ((row, 0), (twin, nth))
    ]


def sow_rows(
    of: Extracts, seed: int, each: int, spoilt: set[Whose], progress: Callable[[str], None]
) -> list[Line]:
    """Sow the kinds of single rows, outside the months that are spoilt as a whole; gives the lines of the key."""
    sower, lines = _Sower(of, spoilt), list[Line]()
    for kind in ROW_KINDS:
        stream, sown = Stream(seed, "defects", kind.id), 0
        pool = stream.shuffled((t, columns) for t in of.tables if (columns := _columns(kind, t)))
        for turn in range(each):
            # The tables take turns; where one has no row left that would show it, the next stands in.
            in_turn = (pool[(turn + n) % len(pool)] for n in range(len(pool)))
            tried = (sower.sow(kind, t, c, turn // len(pool), stream, f"{sown + 1:02d}") for t, c in in_turn)
            found = next((one for one in tried if one), [])
            lines += found
            sown += bool(found)
        if sown < each:
            progress(f"{kind.id}: {sown} of {each} sown, no more rows would show it")
    return lines


def _columns(kind: RowKind, table: Table) -> tuple[str, ...]:
    """The columns of a table in which a kind can be sown; what becomes a record has to be found by its key."""
    key = [table.type.column(k) for k in table.type.key]
    if kind.kept and (not key or any(c.personal == "pseudonym" for c in key)):
        return ()
    return kind.columns(table)


class _Sower:
    """Draws rows to spoil, none of them twice, and none from a month that is spoilt as a whole."""

    def __init__(self, of: Extracts, spoilt: set[Whose]) -> None:
        self.of, self.spoilt = of, spoilt
        self.used = set[tuple[int, int, int]]()
        self.room = {id(t): len(t.places) // SPARSE for t in of.tables}

    def sow(
        self, kind: RowKind, table: Table, columns: tuple[str, ...], turn: int, stream: Stream, number: str
    ) -> list[Line]:
        """Sow one defect somewhere in a table; no lines if no row was found that would show it."""
        forces = [f for f, places in table.of_force.items() if not kind.kept or len(places) >= BESIDE]
        for attempt in range(_TRIES if forces and self.room[id(table)] else 0):
            places = table.of_force[forces[stream.whole(len(forces))]]
            place = places[stream.whole(len(places))]
            # Each column has its turn; after a while any will do.
            which = turn if attempt < _TRIES // 2 else stream.whole(len(columns))
            if self._free(table, place):
                lines = self._spoil(kind, table, place, columns[which % len(columns)], stream, number)
                if lines:
                    return lines
        return []

    def _spoil(
        self, kind: RowKind, table: Table, place: Place, column: str, stream: Stream, number: str
    ) -> list[Line]:
        row, sheet = table.row(place), table.sheets[place.sheet]
        done = kind.spoil(row, column, stream, self.of)
        if done is None:
            return []
        self.used.add((id(table), place.sheet, place.at))
        self.room[id(table)] -= 1
        sheet.put(place.at, done.record or record_of(row.fields))
        rows = [(row, 0), *((more, sheet.insert(place.at, record_of(more.fields))) for more in done.more)]
        return [
            Line(f"{kind.id}-{number}", kind.id, "row", place, table.type.id, column,
                 "" if done.record else r.key(), sheet, nth)
            for r, nth in rows
        ]  # fmt: skip

    def _free(self, table: Table, place: Place) -> bool:
        """Whether a row is nobody's yet, has its key, stands in the files once, and nothing refers to it."""
        whose = (table.type.id, place.force, place.month)
        if (id(table), place.sheet, place.at) in self.used or whose in self.spoilt:
            return False
        once = all(place.key) and (not place.key or table.versions[place.force, place.key] == 1)
        return once and not self.of.is_referred(table.type.id, place.force, place.key)
