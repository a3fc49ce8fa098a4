"""The lists of area codes in a lookup table: whose columns they are, and the areas they name."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pyarrow as pa

from openpeel.engine.intake.mapping import BLANK_WORDS, normal_heading
from openpeel.engine.intake.read import Malformed
from openpeel.register import Register
from openpeel.sources.ons.tables import Content, Records

_CODE = re.compile(r"(lad|ltla|lsoa|csp|pfa)(\d\d) ?(?:code|cd)")
_NAME = re.compile(r"(lad|ltla|lsoa|csp|pfa)(\d\d) ?(?:name|nm)")
_EVER = {"ladcd": ("lad", "ever"), "ladcd active": ("lad", "active")}
_EVER_NAMES = {"ladnm": ("lad", "ever"), "ladnm active": ("lad", "active")}
#: Small areas are drawn for a Census; of districts the year alone is known. The list of all codes holds those
#: that came in on its day.
_DAYS = {"LSOA11": "2011-03-27", "LSOA21": "2021-03-21", "ever": "2025-04-01"}

_Columns = dict[tuple[str, str], list[str]]


@dataclass
class AreaList:
    """The areas of one kind and year that a table names.

    Attributes:
        content: the table.
        kind: ``LAD``, ``LSOA11`` or ``LSOA21``.
        vintage: the year of the codes, or ``ever``.
        names: area code -> name.
        parents, partnerships, becomes, police: area code -> codes of its districts, community safety
            partnerships, successors and police force areas, in the order of the table.
    """

    content: Content
    kind: str
    vintage: str
    names: dict[str, str] = field(default_factory=dict)
    parents: dict[str, list[str]] = field(default_factory=dict)
    partnerships: dict[str, list[str]] = field(default_factory=dict)
    becomes: dict[str, list[str]] = field(default_factory=dict)
    police: dict[str, list[str]] = field(default_factory=dict)
    next_kind: str = ""

    @property
    def day(self) -> str:
        """The day whose areas the list holds."""
        return _DAYS.get(self.kind) or _DAYS.get(self.vintage) or f"{self.vintage}-12-31"

    def forces(self, register: Register) -> dict[str, str]:
        """Area code -> force id, where the table names one police force area of the register."""
        owners = {code: register.find(code) for codes in self.police.values() for code in codes}
        found = {}
        for area, codes in self.police.items():
            owner = owners[codes[0]]
            if len(codes) == 1 and owner:
                found[area] = owner.id
        return found


def lists_of(content: Content) -> list[AreaList]:
    """The lists of a lookup table; none if it is not one."""
    codes, names = _columns(content, _CODE, _EVER), _columns(content, _NAME, _EVER_NAMES)
    districts = sorted(year for kind, year in codes if kind == "lad")
    small = sorted(year for kind, year in codes if kind == "lsoa")
    police = [year for kind, year in codes if kind == "pfa"]
    if small and districts:
        return [_small(content, codes, names, year, districts[-1]) for year in small]
    if "active" in districts and "ever" in districts:
        return [_districts(content, codes, names, "ever", "active", police)]
    if (districts and police) or len(districts) > 1:
        later = [*districts[1:], ""]
        return [
            _districts(content, codes, names, *pair, police) for pair in zip(districts, later, strict=True)
        ]
    return []


def _columns(content: Content, pattern: re.Pattern[str], ever: dict[str, tuple[str, str]]) -> _Columns:
    found: _Columns = {}
    for place, heading in enumerate(content.delimited.headings):
        plain = normal_heading(heading)
        fits = pattern.fullmatch(plain)
        key = ever.get(plain) or (fits and (fits[1].replace("ltla", "lad"), fits[2]))
        if key:
            values = content.column(place).to_pylist()
            found[key] = ["" if v.upper() in BLANK_WORDS else v for v in values]
    return found


def _small(content: Content, codes: _Columns, names: _Columns, year: str, district: str) -> AreaList:
    made = AreaList(content, f"LSOA{year}", f"20{year}")
    _fill(made, codes[("lsoa", year)], names.get(("lsoa", year)))
    made.parents = _grouped(codes[("lsoa", year)], codes[("lad", district)])
    later = [y for kind, y in codes if kind == "lsoa" and y > year]
    if later:
        made.next_kind = f"LSOA{later[0]}"
        made.becomes = _grouped(codes[("lsoa", year)], codes[("lsoa", later[0])])
    return made


def _districts(
    content: Content, codes: _Columns, names: _Columns, year: str, later: str, police: list[str]
) -> AreaList:
    made = AreaList(content, "LAD", year if year == "ever" else f"20{year}")
    _fill(made, codes[("lad", year)], names.get(("lad", year)))
    if later:
        made.next_kind = "LAD"
        made.becomes = _grouped(codes[("lad", year)], codes[("lad", later)])
    if ("csp", year) in codes:
        made.partnerships = _grouped(codes[("lad", year)], codes[("csp", year)])
    if police and not later:
        made.police = _grouped(codes[("lad", year)], codes[("pfa", police[-1])])
    return made


def _fill(made: AreaList, codes: list[str], names: list[str] | None) -> None:
    for code, name in zip(codes, names or [""] * len(codes), strict=True):
        if code:
            made.names.setdefault(code, name)


def _grouped(codes: list[str], others: list[str]) -> dict[str, list[str]]:
    """Code -> the different others on its rows."""
    found: dict[str, dict[str, None]] = {}
    for code, other in zip(codes, others, strict=True):
        if code and other:
            found.setdefault(code, {})[other] = None
    return {code: list(others) for code, others in found.items()}


def links_of(areas: AreaList) -> dict[tuple[str, str], set[tuple[str, str]]]:
    """From each area to the districts it lies in, and to those that took its place."""
    links: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for code in areas.names:
        node = (areas.kind, code)
        others = {("LAD", parent) for parent in areas.parents.get(code, ())}
        others |= {(areas.next_kind, other) for other in areas.becomes.get(code, ())}
        links[node] = others - {node}
    return links


def records_of_list(lists: list[AreaList]) -> Records:
    """One record for each area of each list; they are numbered through, since a row may name several."""
    rows = [
        (
            each.kind, each.vintage, code, name, " ".join(each.parents.get(code, ())),
            " ".join(each.partnerships.get(code, ())), " ".join(each.becomes.get(code, ())), each.day,
        )
        for each in lists
        for code, name in each.names.items()
    ]  # fmt: skip
    columns = (
        "area_kind", "vintage", "area_code", "area_name", "parent_code", "csp_code", "becomes_code",
        "effective_on",
    )  # fmt: skip
    table = pa.table({c: pa.array([r[i] for r in rows], pa.string()) for i, c in enumerate(columns)})
    malformed = [
        Malformed(len(rows) + m.row, m.reason, m.detail, m.text) for m in lists[0].content.delimited.malformed
    ]
    return Records(table, pa.array(range(1, len(rows) + 1), pa.int64()), malformed)


def notes_of(lists: list[AreaList]) -> list[str]:
    """What became of the table's rows, and what is assumed."""
    count = lists[0].content.delimited.table.num_rows
    named = " and ".join(f"{len(each.names)} areas ({each.kind} of {each.vintage})" for each in lists)
    notes = [f"{count} rows name {named}; each is one record, numbered in the order of the table"]
    for each in lists:
        for what, groups in (
            ("have {} community safety partnerships", each.partnerships),
            ("lie in {} districts", each.parents),
            ("were divided into {} areas", each.becomes),
        ):
            several = sorted(len(g) for g in groups.values() if len(g) > 1)
            if several:
                span = f"{several[0]} to {several[-1]}" if several[0] < several[-1] else str(several[0])
                notes.append(
                    f"{len(several)} areas ({each.kind}) {what.format(span)}: "
                    f"{sum(several) - len(several)} rows more than areas, none counted twice"
                )
        if each.kind == "LAD":
            notes.append(f"the day {each.day} is assumed for the codes of {each.vintage}")
    return notes
