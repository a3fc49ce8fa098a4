"""What the published tables share: rows on their way into a record type, and how a table is declared."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from openpeel.engine.intake.mapping import BLANK_WORDS, Mapping, match_headings, normal_heading
from openpeel.engine.intake.read import Delimited, Malformed
from openpeel.errors import UserError

#: Written into a category that the source leaves blank, since a key cannot be blank.
NOT_GIVEN = "(not given)"
_BETWEEN = "\x1f"


@dataclass(frozen=True)
class Source:
    """Where rows come from: the file's label for people, and the words of its name and folder."""

    label: str
    name: str


@dataclass
class Rows:
    """The rows of one file, as strings by column; steps change them in place.

    ``aside`` are rows set aside already, ``notes`` what the user is told about the file.
    """

    source: Source
    columns: dict[str, pa.Array]
    numbers: pa.Array
    aside: list[Malformed] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def work_out(
        self, new: Sequence[str], of: Sequence[str], how: Callable[..., Sequence[str | None]]
    ) -> None:
        """Fill columns from others, asking ``how`` once for each combination of values there is."""
        joint = pc.binary_join_element_wise(*(self.columns[c] for c in of), _BETWEEN)
        coded = joint.dictionary_encode()
        values = [
            how(*(v.strip() for v in text.split(_BETWEEN, len(of) - 1)))
            for text in coded.dictionary.to_pylist()
        ]
        for place, column in enumerate(new):
            self.columns[column] = pa.array([v[place] for v in values], pa.string()).take(coded.indices)

    def change(self, column: str, how: Callable[[str], str]) -> None:
        """Replace the values of one column."""
        self.work_out([column], [column], lambda text: [how(text)])

    def places(self, column: str, holds: Callable[[str], bool]) -> pa.Array:
        """For each row, whether its value in a column is of some sort."""
        coded = self.columns[column].dictionary_encode()
        return pa.array([holds(v.strip()) for v in coded.dictionary.to_pylist()], pa.bool_()).take(
            coded.indices
        )

    def keep(self, which: pa.Array) -> None:
        """Leave out the other rows; whoever calls says so in the notes or sets them aside."""
        self.columns = {c: values.filter(which) for c, values in self.columns.items()}
        self.numbers = self.numbers.filter(which)

    def set_aside(self, which: pa.Array, reason: str, detail: Callable[[dict[str, str]], str]) -> None:
        """Set rows aside with a reason."""
        if not pc.any(which).as_py():
            return
        picked = pa.table({"_row": self.numbers, **self.columns}).filter(which).to_pylist()
        for row in picked:
            number = row.pop("_row")
            text = ",".join(v or "" for v in row.values())
            self.aside.append(Malformed(number, reason, detail(row), text))
        self.keep(pc.invert(which))


Step = Callable[[Rows], None]


@dataclass(frozen=True)
class Layout:
    """One way in which a table is laid out: how it is known by its headings, and how its rows are had."""

    fits: Callable[[set[str]], bool]
    rows: Callable[[Delimited, Source], Rows]


@dataclass(frozen=True)
class Table:
    """A published table.

    Attributes:
        name: its kind on the command line.
        title: what it is, in words.
        mapping: headings of its long layout, and the record type.
        layouts: the layouts it comes in; the first that fits is used.
        steps: what its rows go through, in order.
        caveats: defects that every copy of it has.
    """

    name: str
    title: str
    mapping: Mapping
    layouts: tuple[Layout, ...]
    steps: tuple[Step, ...] = ()
    caveats: tuple[str, ...] = ()

    def layout(self, headings: list[str]) -> Layout | None:
        """The layout that a file with these headings has, if any."""
        have = {normal_heading(h) for h in headings}
        return next((layout for layout in self.layouts if layout.fits(have)), None)


def long(mapping: Mapping) -> Layout:
    """The layout with one row for each count, as the mapping names its headings."""

    def fits(have: set[str]) -> bool:
        wanted = (mapping.headings[c] for c in mapping.needed)
        return all(any(normal_heading(h) in have for h in names) for names in wanted)

    def rows(content: Delimited, source: Source) -> Rows:
        places, unused = match_headings(mapping, content.headings, source.label)
        columns = {c: content.table.column(place).combine_chunks() for c, place in places.items()}
        made = Rows(source, columns, content.rows, list(content.malformed))
        named = [h for h in unused if h]
        if named:
            made.notes.append(f"columns not used: {', '.join(named)}")
        missing = [
            c.name for c in mapping.type.columns if c.name in mapping.headings and c.name not in places
        ]
        if missing:
            made.notes.append(f"columns not in the file, unknown on every row: {', '.join(missing)}")
        return made

    return Layout(fits, rows)


def unpivot(
    content: Delimited, source: Source, keep: dict[str, int], cells: dict[int, str], count: str
) -> Rows:
    """Rows of a wide layout, one for each cell: ``keep`` columns, ``cell`` (its heading), and the count.

    Rows are numbered by cell, across and then down, since one row of the file becomes many.
    """
    height, width = content.table.num_rows, len(cells)
    across = pa.array([r for r in range(height) for _ in range(width)], pa.int64())
    columns = {c: content.table.column(place).combine_chunks().take(across) for c, place in keep.items()}
    columns["cell"] = pa.array(list(cells.values()) * height, pa.string())
    values = [content.table.column(place).to_pylist() for place in cells]
    columns[count] = pa.array([v[r] for r in range(height) for v in values], pa.string())
    # Rows that did not fit keep their number in the file, out of reach of the cells' numbers.
    aside = [Malformed(height * width + m.row, m.reason, m.detail, m.text) for m in content.malformed]
    made = Rows(source, columns, pa.array(range(1, height * width + 1), pa.int64()), aside)
    made.notes.append(f"each cell is a row: {height} rows of {width} cells")
    return made


def is_blank(text: str) -> bool:
    """Whether a value says nothing."""
    return text.strip().upper() in BLANK_WORDS


def given(text: str) -> str:
    """A category that can be part of a key: blank and NA are written out."""
    if text.upper() == "NONE":
        return "(none)"
    return NOT_GIVEN if is_blank(text) else text


def unknown(column: str, marks: tuple[str, ...], why: str) -> Step:
    """A step: marks in place of a count are made unknown, and counted."""

    def step(rows: Rows) -> None:
        if column not in rows.columns:
            return
        marked = rows.places(column, lambda v: v.upper() in marks)
        count = pc.sum(marked).as_py() or 0
        if count:
            rows.change(column, lambda v: "" if v.upper() in marks else v)
            shown = " or ".join(f"`{m}`" for m in marks)
            rows.notes.append(f"{column} reads {shown} on {count:,} rows and is unknown there: {why}")

    return step


def number(text: str | None) -> float | None:
    """A count as a number; nothing where it is blank or cannot be read."""
    plain = (text or "").replace(",", "").strip()
    return float(plain) if re.fullmatch(r"-?\d+(\.\d+)?", plain) else None


@dataclass
class Totals:
    """Published totals held against the sums of their parts."""

    held: int = 0
    wrong: list[str] = field(default_factory=list)

    def hold(self, name: str, published: float | None, parts: Sequence[float | None]) -> None:
        """Compare one total; an unknown total says nothing, unknown parts add nothing."""
        if published is None or not parts:
            return
        self.held += 1
        known = sum(p for p in parts if p is not None)
        if abs(known - published) > 0.005:
            gap = ", with unknown parts" if None in parts else ""
            self.wrong.append(f"{name} {published:,.10g} against {known:,.10g}{gap}")

    def note(self) -> list[str]:
        """What came of it, as a note."""
        if not self.held:
            return []
        if not self.wrong:
            return [f"all {self.held:,} published totals are the sums of their parts"]
        some = "; ".join(self.wrong[:3]) + ("; ..." if len(self.wrong) > 3 else "")
        return [
            f"{len(self.wrong):,} of {self.held:,} published totals are not the sums of their parts: {some}"
        ]


def need(condition: bool, what: str, source: Source, do: str) -> None:
    """Refuse the file unless a condition holds.

    Raises:
        UserError: it does not.
    """
    if not condition:
        raise UserError(what, source.label, do)
