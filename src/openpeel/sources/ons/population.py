"""Population tables: residents by force at a Census, by ethnic group, and mid-year estimates."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa

from openpeel.areas.shared.records import POPULATION, SCHEMES
from openpeel.engine.intake.containers import Member, sha256
from openpeel.engine.intake.mapping import BLANK_WORDS, Mapping, Part, match_headings, normal_heading
from openpeel.engine.intake.read import Delimited, Malformed, read_delimited
from openpeel.errors import UserError
from openpeel.register import Body, Force, Register
from openpeel.sources.members import members_of

#: Residents are put in or replaced by key: a table never claims to be all there is for a date.
POPULATION_TABLES = Mapping(
    type=POPULATION,
    headings={
        "year": ("Census Year", "Year"),
        "code": ("Geocode", "Police Force Area code", "Code", "PFA code"),
        "area": ("Police Force Area", "Police force", "Force"),
        "ethnic_group": ("Self-defined ethnicity", "Ethnic group", "Ethnicity"),
        "residents": ("Population", "Residents", "Number"),
    },
    needed=("year", "area", "residents"),
    scope="changes",
)

_GROUPS = {
    "asian or asian british": "Asian",
    "asian asian british or asian welsh": "Asian",
    "asian": "Asian",
    "black or black british": "Black",
    "black black british black welsh caribbean or african": "Black",
    "black": "Black",
    "mixed": "Mixed",
    "mixed or multiple ethnic groups": "Mixed",
    "other ethnic group": "Other",
    "other": "Other",
    "white": "White",
    "all": "All",
    "total": "All",
}
_CENSUS_DAY = {"2001": "2001-04-29", "2011": "2011-03-27", "2021": "2021-03-21"}
_COLUMNS = ("force", "basis", "scheme", "reference_date", "ethnic_group", "residents")


def read_parts(
    paths: list[Path],
    register: Register,
    scheme: str,
    refused: list[UserError],
    progress: Callable[[str], None],
) -> Iterator[Part]:
    """The rows of population tables as parts of a supply.

    Two layouts are understood: long, one row for a year, force area and ethnic group (Census), and
    wide, one row a year and one column a force (mid-year estimates).

    Args:
        paths: files, folders, archives.
        register: the forces.
        scheme: where the table counts Chinese people: ``chinese-in-other`` or ``chinese-in-asian``.
        refused: errors of files that cannot be used are added here.
        progress: called with each file's name.

    Raises:
        UserError: a path does not exist, or the scheme is not one of those known.
    """
    if scheme not in SCHEMES[:2]:
        raise UserError(f"there is no scheme {scheme!r}", "--scheme", f"use {SCHEMES[0]} or {SCHEMES[1]}")
    for member, _ in members_of(paths, refused, progress):
        try:
            yield _part(member, register, scheme)
        except UserError as error:
            refused.append(error)


def _part(member: Member, register: Register, scheme: str) -> Part:
    data = member.read()
    content = read_delimited(data, member.label)
    columns, _ = match_headings(POPULATION_TABLES, content.headings, member.label)
    if all(c in columns for c in POPULATION_TABLES.needed):
        rows, numbers, bad = _long(content, columns, register, scheme)
    elif "year" in columns and len(content.headings) > 2:
        rows, numbers, bad = _wide(content, columns["year"], register, member.label)
    else:
        raise UserError(
            "is not a population table (no columns for year, police force area and population)",
            member.label,
            "see docs/real-data.md for the layouts",
        )
    table = pa.table({c: pa.array([r[i] for r in rows], pa.string()) for i, c in enumerate(_COLUMNS)})
    notes = [f"ethnic groups are sorted by the scheme {scheme}"] if "ethnic_group" in columns else []
    return Part(
        label=member.label,
        sha256=sha256(data),
        size=len(data),
        force="",
        first=None,
        last=None,
        table=table,
        rows=pa.array(numbers, pa.int64()),
        malformed=content.malformed + bad,
        notes=notes,
    )


_Rows = tuple[list[tuple[str | None, ...]], list[int], list[Malformed]]


def _long(content: Delimited, columns: dict[str, int], register: Register, scheme: str) -> _Rows:
    grouped = "ethnic_group" in columns
    census = "census" in normal_heading(content.headings[columns["year"]])
    picked = {c: content.table.column(place).to_pylist() for c, place in columns.items()}
    rows: list[tuple[str | None, ...]] = []
    numbers: list[int] = []
    bad: list[Malformed] = []
    for i, number in enumerate(content.rows.to_pylist()):
        row = {c: values[i].strip() for c, values in picked.items()}
        if not any(row.values()):
            bad.append(Malformed(number, "the row is empty", "", ""))
            continue
        force, doubt = _force(row.get("code", ""), row["area"], register)
        group = _GROUPS.get(normal_heading(row["ethnic_group"])) if grouped else "All"
        if doubt or group is None:
            what = "the area is not sure" if doubt else "the ethnic group is not one of the five"
            bad.append(Malformed(number, what, doubt or row["ethnic_group"], ", ".join(row.values())))
            continue
        rows.append(
            (
                force,
                *_basis(row["year"], census, scheme if grouped else "total-only"),
                group,
                row["residents"],
            )
        )
        numbers.append(number)
    return rows, numbers, bad


def _basis(year: str, census: bool, scheme: str) -> tuple[str, str, str]:
    """Basis, scheme and reference date."""
    if census:
        return "Census", scheme, _CENSUS_DAY.get(year, f"{year} is no Census year")
    return "Mid-year estimate", scheme, f"{year}-06-30"


def _force(code: str, area: str, register: Register) -> tuple[str, str]:
    """The force's id, or what is doubtful about it."""
    by_code = register.find(code) if code.upper() not in BLANK_WORDS else None
    by_name = register.find(area) if area else None
    if by_code is None and code.upper() not in BLANK_WORDS:
        # A county or council may bear a force's name and be only part of its area.
        return "", f"`{code}` is not the code of a force of the register"
    if by_code and by_name and by_code.id != by_name.id:
        return "", f"code {code} is {by_code.name} and the name is {area}"
    entry: Force | Body | None = by_code or by_name
    return (entry.id, "") if entry else ("", f"`{area or code}` is not a force of the register")


def _wide(content: Delimited, year: int, register: Register, label: str) -> _Rows:
    owners = {i: register.find(h) for i, h in enumerate(content.headings) if i != year and h}
    unknown = [content.headings[i] for i, owner in owners.items() if owner is None]
    if unknown:
        raise UserError(f"column `{unknown[0]}` is not a force of the register", label, "rename or remove it")
    years = content.table.column(year).to_pylist()
    rows: list[tuple[str | None, ...]] = []
    numbers: list[int] = []
    # Each cell is one record: the row number counts cells, since a wide row holds many.
    for place, owner in owners.items():
        assert owner is not None
        for i, value in enumerate(content.table.column(place).to_pylist()):
            numbers.append(len(numbers) + 1)
            rows.append((owner.id, *_basis(years[i].strip(), False, "total-only"), "All", value))
    return rows, numbers, []
