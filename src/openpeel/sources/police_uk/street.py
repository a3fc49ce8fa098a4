"""Street crime and outcomes files of police.uk as parts of a supply, and how the two join."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from openpeel.areas.investigating.published import STREET_CRIME, STREET_OUTCOME
from openpeel.engine.intake.containers import Member, sha256
from openpeel.engine.intake.mapping import Mapping, Part, normal_heading
from openpeel.engine.intake.read import Delimited, read_delimited
from openpeel.errors import UserError
from openpeel.register import Register
from openpeel.sources.members import is_csv, members_of
from openpeel.sources.police_uk.files import NAME, Options, columns_of, forces_of, months_of, notes_of

_PLACE = {
    "reported_by": ("Reported by",),
    "falls_within": ("Falls within",),
    "location": ("Location",),
    "lsoa_code": ("LSOA code",),
    "lsoa_name": ("LSOA name",),
    "longitude": ("Longitude",),
    "latitude": ("Latitude",),
}
STREET_FILES = Mapping(
    type=STREET_CRIME,
    headings={
        "crime_id": ("Crime ID",),
        "month_on": ("Month",),
        "crime_type": ("Crime type",),
        "last_outcome": ("Last outcome category",),
        "context": ("Context",),
        **_PLACE,
    },
    needed=("month_on", "crime_type", "location"),
    # A file of police.uk is all that was published for its force and month.
    scope="complete",
)
OUTCOME_FILES = Mapping(
    type=STREET_OUTCOME,
    headings={
        "crime_id": ("Crime ID",),
        "month_on": ("Month",),
        "outcome_type": ("Outcome type",),
        **_PLACE,
    },
    needed=("crime_id", "month_on", "outcome_type"),
    scope="complete",
)

#: The kinds by the word in a file's name: what they are called, and headings that tell them apart.
_KINDS = {
    "street": ("street crime", ("Month", "Crime type")),
    "outcomes": ("crime outcomes", ("Crime ID", "Outcome type")),
    "stop-and-search": ("stop and search", ("Type", "Object of search")),
}
_NEARLY_ALWAYS_BLANK = "context"


def read_street(
    paths: list[Path],
    register: Register,
    refused: list[UserError],
    skipped: list[str],
    progress: Callable[[str], None],
) -> Iterator[Part]:
    """The parts of all street crime files below some paths, for the mapping ``STREET_FILES``.

    Args:
        paths: files, folders, archives.
        register: the forces.
        refused: errors of files that cannot be used are added here.
        skipped: a line for each file of another kind is added here.
        progress: called with each file's name.

    Raises:
        UserError: a path does not exist.
    """
    return _read(STREET_FILES, "street", paths, register, refused, skipped, progress)


def read_outcomes(
    paths: list[Path],
    register: Register,
    refused: list[UserError],
    skipped: list[str],
    progress: Callable[[str], None],
) -> Iterator[Part]:
    """The parts of all outcomes files below some paths, for the mapping ``OUTCOME_FILES``.

    The arguments are those of `read_street`.

    Raises:
        UserError: a path does not exist.
    """
    return _read(OUTCOME_FILES, "outcomes", paths, register, refused, skipped, progress)


def _read(
    mapping: Mapping,
    wanted: str,
    paths: list[Path],
    register: Register,
    refused: list[UserError],
    skipped: list[str],
    progress: Callable[[str], None],
) -> Iterator[Part]:
    for member, meant in members_of(paths, refused, progress):
        try:
            found = _part(member, mapping, wanted, register, meant)
        except UserError as error:
            refused.append(error)
            continue
        if isinstance(found, str):
            skipped.append(f"{member.label}: {found}")
        else:
            yield found


def _part(member: Member, mapping: Mapping, wanted: str, register: Register, meant: bool) -> Part | str:
    """The file's rows, or why it is passed over."""
    name = NAME.fullmatch(member.name)
    if name and name[1] and name[2] and name[3].lower() != wanted:
        return f"{_KINDS[name[3].lower()][0]} is another kind of file"
    if not is_csv(member.name):
        # A file named on the command line is meant; one lying in a folder or archive is not.
        if meant:
            raise UserError("is not a CSV file", member.label, "give .csv, .csv.gz or .zip files")
        return "not a CSV file"
    data = member.read()
    content = read_delimited(data, member.label)
    other = _other_kind(content.headings, wanted)
    if other:
        return f"{other} is another kind of file"
    columns, unused = columns_of(mapping, _KINDS[wanted][0], content, member.label)
    if not (name and name[1] and name[2]):
        raise UserError(
            "its name does not tell force and month",
            member.label,
            f"name it as police.uk does, such as 2019-07-kent-{wanted}.csv",
        )
    (force,) = forces_of(member.label, name[2], register, [])
    first, last = months_of(member.label, name[1], Options())
    table = _table(content, columns)
    notes = [*notes_of(mapping, columns, unused), *_defects(mapping, table, register, force)]
    return Part(
        label=member.label,
        sha256=sha256(data),
        size=len(data),
        force=force,
        first=first,
        last=last,
        table=table,
        rows=content.rows,
        malformed=content.malformed,
        notes=notes,
    )


def _other_kind(headings: list[str], wanted: str) -> str:
    have = {normal_heading(h) for h in headings}
    if {normal_heading(m) for m in _KINDS[wanted][1]} <= have:
        return ""
    for title, marks in _KINDS.values():
        if {normal_heading(m) for m in marks} <= have:
            return title
    return ""


def _table(content: Delimited, columns: dict[str, int]) -> pa.Table:
    """The strings by column, a month written as its first day."""
    table = content.table.select([columns[c] for c in columns]).rename_columns(list(columns))
    month = pc.utf8_trim_whitespace(table["month_on"])
    # What is no month stays as it is, and sets its row aside.
    dated = pc.if_else(
        pc.match_substring_regex(month, r"^[0-9]{4}-[0-9]{2}$"),
        pc.binary_join_element_wise(month, pa.scalar("01"), "-"),
        month,
    )
    return table.set_column(table.column_names.index("month_on"), "month_on", dated)


def _defects(mapping: Mapping, table: pa.Table, register: Register, force: str) -> list[str]:
    """What a reader of this file must know, in one line."""
    if not table.num_rows:
        return []
    found = [*_blank_columns(mapping, table), *_identifiers(table), *_elsewhere(table, register, force)]
    return ["; ".join(found)] if found else []


def _blank_columns(mapping: Mapping, table: pa.Table) -> list[str]:
    blank = [
        mapping.headings[name][0]
        for name in table.column_names
        if name != _NEARLY_ALWAYS_BLANK and not pc.any(_filled(table[name])).as_py()
    ]
    return [f"blank on every row: {', '.join(blank)}"] if blank else []


def _identifiers(table: pa.Table) -> list[str]:
    if "crime_id" not in table.column_names:
        return []
    ids = table["crime_id"].filter(_filled(table["crime_id"]))
    without, repeats = table.num_rows - len(ids), repeated(ids)
    found = []
    if 0 < without < table.num_rows:
        found.append(f"{without} rows have no crime id and join to nothing")
    if repeats:
        found.append(f"{repeats} rows repeat the crime id of a row above (all are kept)")
    return found


def _elsewhere(table: pa.Table, register: Register, force: str) -> list[str]:
    """Rows whose own words say another force than the file's name."""
    if "falls_within" not in table.column_names:
        return []
    counted = pc.value_counts(table["falls_within"]).to_pylist()
    found = []
    for entry in counted:
        owner = register.find(entry["values"]) if entry["values"].strip() else None
        if owner and owner.id != force:
            found.append(
                f"{entry['counts']} rows fall within {owner.name}, and are taken for the file's force"
            )
    return sorted(found)


def _filled(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.fill_null(pc.not_equal(pc.utf8_trim_whitespace(column), ""), False)


@dataclass(frozen=True)
class Joined:
    """How outcomes and crimes join by crime id.

    Attributes:
        outcomes: rows of outcomes.
        matched: of these, those whose crime id one of the crimes has.
        repeated_outcomes: outcomes whose crime id an outcome before them has.
        crimes: rows of crimes, with a crime id or without.
        without_id: of these, those without: nothing can be joined to them.
        repeated_crimes: crimes whose crime id a crime before them has: a join counts their outcomes again.
    """

    outcomes: int
    matched: int
    repeated_outcomes: int
    crimes: int
    without_id: int
    repeated_crimes: int

    @property
    def unmatched(self) -> int:
        """Outcomes of crimes that are not among these, mostly of earlier months."""
        return self.outcomes - self.matched


def join(crimes: pa.Array, outcomes: pa.Array) -> Joined:
    """Join outcomes to crimes without ever counting an outcome twice.

    Args:
        crimes: the crime ids of street crimes; nulls and blanks where there is none.
        outcomes: the crime ids of outcomes.
    """
    known, asked = (ids.filter(_filled(ids)) for ids in (crimes, outcomes))
    matched = pc.sum(pc.is_in(asked, value_set=pc.unique(known))).as_py() or 0
    return Joined(
        len(outcomes), matched, repeated(asked), len(crimes), len(crimes) - len(known), repeated(known)
    )


def repeated(ids: pa.Array) -> int:
    """How many ids stand behind an equal one."""
    return len(ids) - int(pc.count_distinct(ids).as_py())


def on_several_rows(ids: pa.Array) -> int:
    """How many different ids stand on more than one row; blanks are none."""
    rows = pc.value_counts(ids.filter(_filled(ids))).field("counts")
    return int(pc.sum(pc.greater(rows, 1)).as_py() or 0)
