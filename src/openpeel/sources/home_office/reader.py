"""One reader for every published table: files that are its kind become parts of a supply."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from openpeel.engine.intake.containers import Member, sha256
from openpeel.engine.intake.mapping import Part, normal_heading
from openpeel.engine.intake.read import read_delimited
from openpeel.errors import UserError
from openpeel.register import Register
from openpeel.sources.home_office.areas import settle_forces
from openpeel.sources.home_office.common import Rows, Source, Table, given, is_blank, number
from openpeel.sources.home_office.officers import OFFICERS
from openpeel.sources.home_office.tables import (
    ARRESTS,
    BREATH_TESTS,
    FUNDING,
    OUTCOMES,
    RECORDED_CRIME,
    SEVERITY,
    STOP_SEARCH,
    WORKFORCE,
)
from openpeel.sources.home_office.use_of_force import CED_USES, FORCE_INCIDENTS, USE_OF_FORCE
from openpeel.sources.members import is_csv, members_of

KINDS: dict[str, Table] = {
    t.name: t
    for t in (
        WORKFORCE, OFFICERS, ARRESTS, STOP_SEARCH, OUTCOMES, RECORDED_CRIME, SEVERITY, USE_OF_FORCE, CED_USES,
        FORCE_INCIDENTS, BREATH_TESTS, FUNDING,
    )
}  # fmt: skip

#: Bytes of a file in which its headings are looked for.
_HEAD = 64 << 10


def read_parts(
    kind: str,
    paths: list[Path],
    register: Register,
    refused: list[UserError],
    skipped: list[str],
    progress: Callable[[str], None],
) -> Iterator[Part]:
    """The rows of the tables of one kind below some paths, one part a file.

    Args:
        kind: one of ``KINDS``.
        paths: files, folders, archives.
        register: the forces.
        refused: errors of files that cannot be used are added here.
        skipped: files that are left alone are added here, with the reason.
        progress: called with each file's name.

    Raises:
        UserError: there is no such kind, or a path does not exist.
    """
    if kind not in KINDS:
        raise UserError(f"there is no table {kind!r}", "KIND", f"use one of {', '.join(KINDS)}")
    for member, meant in members_of(paths, refused, progress):
        try:
            part = _part(member, KINDS[kind], register)
        except UserError as error:
            refused.append(error)
        except _OtherKindError as other:
            # A file named on the command line is meant; one lying in a folder or archive is not.
            if meant and other.do:
                refused.append(UserError(other.what, member.label, other.do))
            else:
                skipped.append(f"{member.label}: {other.what}")
        else:
            yield part


class _OtherKindError(Exception):
    """A file that is not of the kind asked for; ``do`` is empty if it is left alone even when named."""

    def __init__(self, what: str, do: str) -> None:
        super().__init__(what)
        self.what, self.do = what, do


def _part(member: Member, table: Table, register: Register) -> Part:
    if re.search(r"\.(ods|xlsx?)$", member.name, re.IGNORECASE):
        raise _OtherKindError("the tables as published are not read; their CSV files are", "")
    if not is_csv(member.name):
        raise _OtherKindError("not a CSV file", "give .csv, .csv.gz or .zip files")
    data = member.read()
    headings = _headings(data)
    if headings is not None and table.layout(headings) is None:
        raise _other(headings, table)
    content = read_delimited(data, member.label)
    layout = table.layout(content.headings)
    if layout is None:
        raise _other(content.headings, table)
    rows = layout.rows(content, Source(member.label, _words(member)))
    _set_empty_aside(rows)
    for step in table.steps:
        step(rows)
    settle_forces(rows, register)
    _write_out_blanks(rows, table)
    rows.notes += [*_counts(rows, table), *table.caveats]
    stored = ("force", *(c.name for c in table.mapping.type.columns))
    return Part(
        label=member.label,
        sha256=sha256(data),
        size=len(data),
        force="",
        first=None,
        last=None,
        table=pa.table({c: rows.columns[c] for c in stored if c in rows.columns}),
        rows=rows.numbers,
        malformed=rows.aside,
        notes=rows.notes,
    )


def _headings(data: bytes) -> list[str] | None:
    """The headings without reading the rest, which is large in some files; nothing if they cannot be had."""
    try:
        text = data[:_HEAD].decode("utf-8-sig", "ignore")
        return next(csv.reader(io.StringIO(text, newline="")), None)
    except csv.Error:
        return None


def _words(member: Member) -> str:
    """The file's name and its folder's, which tell what some tables do not."""
    if member.inside:
        return member.inside.filename
    return f"{member.path.resolve().parent.name}/{member.name}"


def _other(headings: list[str], table: Table) -> _OtherKindError:
    for other in KINDS.values():
        if other.layout(headings):
            return _OtherKindError(f"is a table of {other.title}", f"import it as {other.name}")
    have = {normal_heading(h) for h in headings}
    wanted = (table.mapping.headings.get(c, (c,)) for c in table.mapping.needed)
    missing = [names[0] for names in wanted if not any(normal_heading(n) in have for n in names)]
    why = f" (no column {', '.join(missing)})" if missing else ""
    return _OtherKindError(f"is not a table of {table.title}{why}", "check what the file is")


def _set_empty_aside(rows: Rows) -> None:
    """A row in which every column is blank or NA says nothing of anybody."""
    blank = None
    for column in rows.columns:
        places = rows.places(column, is_blank)
        blank = places if blank is None else pc.and_(blank, places)
    if blank is not None:
        rows.set_aside(blank, "the row is empty", lambda _row: "every column is blank or NA")


def _write_out_blanks(rows: Rows, table: Table) -> None:
    """Blank categories of the key get a word; dates do not, and set their rows aside."""
    for column in table.mapping.type.key:
        if table.mapping.type.column(column).type != "text" or column not in rows.columns:
            continue
        blank = rows.places(column, is_blank).true_count
        if blank:
            rows.change(column, given)
            rows.notes.append(f"{column} is blank or NA on {blank:,} rows and stands as a word of its own")


def _counts(rows: Rows, table: Table) -> list[str]:
    """How many counts are unknown, and where most of them are zero."""
    height = len(rows.numbers)
    numbers = [c.name for c in table.mapping.type.columns if c.type in ("integer", "number")]
    blank = {c: rows.places(c, is_blank) for c in numbers if c in rows.columns}
    notes = [
        f"{column} is blank or NA on {places.true_count:,} of {height:,} rows: unknown, not zero"
        for column, places in blank.items()
        if places.true_count
    ]
    if len(blank) > 1:
        every = None
        for places in blank.values():
            every = places if every is None else pc.and_(every, places)
        if every is not None and every.true_count:
            notes.append(f"{every.true_count:,} rows are kept without any count")
    for column in blank:
        below = rows.places(column, lambda v: (number(v) or 0) < 0).true_count
        if below:
            notes.append(f"{column} is below zero on {below:,} rows, as published")
        zeros = rows.places(column, lambda v: v in ("0", "0.0")).true_count
        if 2 * zeros > height:
            notes.append(f"{column} is 0 on {zeros:,} of {height:,} rows")
    return notes
