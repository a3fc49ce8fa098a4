"""A mapping held against a file: which heading each column was found under, and what would come of the first rows."""

from __future__ import annotations

from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from openpeel.engine.connection import connect
from openpeel.engine.declare.records import Column
from openpeel.engine.identity.keyfile import ForceKeys
from openpeel.engine.identity.keys import list_keys
from openpeel.engine.intake.containers import Member
from openpeel.engine.intake.mapping import HEADING, Mapping, Part, Rule
from openpeel.engine.intake.normalise import SET_ASIDE, create_tables, normalise
from openpeel.engine.intake.read import Malformed
from openpeel.engine.intake.sheets import read_sheet
from openpeel.sources.extract.files import places_of
from openpeel.sources.extract.mapping_file import MappingFile
from openpeel.sources.extract.propose_file import PARQUET, WORKBOOKS, only_member
from openpeel.sources.extract.propose_words import of_somebody
from openpeel.sources.extract.tables import open_table, read_rows
from openpeel.sources.extract.text import read_text

#: As many rows are tried, and as many of their values shown.
_TRIED, _SAMPLES, _LONGEST = 1000, 3, 40
HIDDEN = "(not shown: it may identify somebody)"
_NOBODY = "nobody"


@dataclass(frozen=True)
class Filled:
    """A column that a mapping fills.

    Attributes:
        column: its name.
        source: the headings it is made of, or the constant; of alternatives, the one in the file.
        samples: values that stand there, as written; none of somebody's name or number.
    """

    column: str
    source: str
    samples: tuple[str, ...] = ()


@dataclass(frozen=True)
class Checked:
    """A mapping and, where it was held against a file, what came of the first rows.

    Attributes:
        filled: the columns it fills, in the type's order.
        unused: headings of the file that it has no use for.
        tried: number of rows tried.
        aside: reason -> how many of these would be set aside.
    """

    filled: list[Filled]
    unused: list[str] = field(default_factory=list)
    tried: int = 0
    aside: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class _Read:
    headings: list[str]
    places: Table[str, int]
    unused: list[str]
    table: pa.Table
    rows: pa.Array
    malformed: list[Malformed]


def check(said: MappingFile, path: Path | None = None) -> Checked:
    """What a mapping fills and, with a file, what would come of its first rows.

    Raises:
        UserError: the file cannot be read by the mapping, or a heading that it names is not there.
    """
    read = _read(said, only_member(path)) if path else None
    mapping = said.mapping
    filled = [_filled(c, mapping, read) for c in mapping.type.columns if _fills(mapping, c.name)]
    if read is None:
        return Checked(filled)
    aside = _tried(mapping, read)
    return Checked(filled, read.unused, len(read.rows) + len(read.malformed), aside)


def _fills(mapping: Mapping, name: str) -> bool:
    rule = mapping.rule(name)
    return name in mapping.headings or bool(rule.join) or rule.constant is not None


def _read(said: MappingFile, member: Member) -> _Read:
    """The first rows of a file as the import reads them, under the names that the mapping gives."""
    mapping, name = said.mapping, member.name.lower()
    if name.endswith(PARQUET):
        file = open_table(member.read() if member.inside else member.path, member.label)
        headings = list(file.schema_arrow.names)
        places, unused = places_of(mapping, headings, member.label)
        rows = next(read_rows(file, places, mapping, frozenset(), member.label))
        return _Read(headings, places, unused, *_first(rows.table, rows.rows, rows.malformed))
    layout = said.layout
    if name.endswith(WORKBOOKS):
        content = read_sheet(member.read(), member.label, layout.sheet, layout.header_row)
    else:
        content = read_text(member.read(), member.label, layout)
    places, unused = places_of(mapping, content.headings, member.label)
    table = content.table.select(list(places.values())).rename_columns(list(places))
    return _Read(content.headings, places, unused, *_first(table, content.rows, content.malformed))


def _first(
    table: pa.Table, rows: pa.Array, malformed: list[Malformed]
) -> tuple[pa.Table, pa.Array, list[Malformed]]:
    return table.slice(0, _TRIED), rows.slice(0, _TRIED), malformed[:_TRIED]


def _filled(column: Column, mapping: Mapping, read: _Read | None) -> Filled:
    rule = mapping.rule(column.name)
    if rule.constant is not None:
        return Filled(column.name, f"always {rule.constant}")
    names = list(rule.join) or [_found(column.name, mapping, read)]
    source = " and ".join(names) + (f", plus {rule.plus_seconds} seconds" if rule.plus_seconds else "")
    if read is None:
        return Filled(column.name, source)
    if column.personal in ("identity", "pseudonym", "free-text") or any(map(of_somebody, names)):
        return Filled(column.name, source, (HIDDEN,))
    return Filled(column.name, source, _samples(column.name, rule, read))


def _found(name: str, mapping: Mapping, read: _Read | None) -> str:
    """The heading under which a column stands, of the alternatives that the mapping names."""
    return read.headings[read.places[name]] if read else " or ".join(mapping.headings[name])


def _samples(name: str, rule: Rule, read: _Read) -> tuple[str, ...]:
    """The first different values that stand there, as written."""
    parts = [read.table[HEADING + h] for h in rule.join] or [read.table[name]]
    out: dict[str, None] = {}
    for row in zip(*(p.to_pylist() for p in parts), strict=True):
        value = rule.glue.join(str(v).strip() for v in row if v is not None and str(v).strip())
        if value:
            out[value if len(value) <= _LONGEST else value[: _LONGEST - 1] + "…"] = None
        if len(out) == _SAMPLES:
            break
    return tuple(out)


def _tried(mapping: Mapping, read: _Read) -> dict[str, int]:
    """Why and how many of the rows would be set aside; nothing of them is kept."""
    table = read.table.drop_columns(["force"]) if "force" in read.table.column_names else read.table
    part = Part("", "", 0, _NOBODY, None, None, table, read.rows, read.malformed)
    con = connect()
    try:
        create_tables(con, mapping.type)
        list_keys(con, [ForceKeys(_NOBODY, "2000-01-01T00:00:00+00:00", bytes(32), bytes(32))])
        normalise(con, mapping, [(0, part)])
        found = con.execute(
            f"SELECT reason, count(*) FROM {SET_ASIDE} GROUP BY 1 ORDER BY 2 DESC, 1"
        ).fetchall()
    finally:
        con.close()
    return {str(reason): int(count) for reason, count in found}
