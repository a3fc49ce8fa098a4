"""Officers by force: one row for each year and force, or one column for each date with regions among the forces."""

from __future__ import annotations

import re

import pyarrow as pa

from openpeel.areas.workforce.published import PUBLISHED_OFFICERS
from openpeel.engine.intake.mapping import Mapping, normal_heading
from openpeel.engine.intake.read import Delimited
from openpeel.errors import UserError
from openpeel.sources.home_office import periods
from openpeel.sources.home_office.areas import TOTAL, is_area
from openpeel.sources.home_office.common import Layout, Rows, Source, Table, Totals, long, number, unpivot

_BASES = {"fte": "full-time equivalent", "headcount": "headcount"}
_STORED = {"full-time equivalent": "full_time_equivalents", "headcount": "headcount"}
_DATE = re.compile(r"(march|september) (\d{4})", re.IGNORECASE)
_BY_YEAR = Mapping(
    PUBLISHED_OFFICERS,
    {"year": ("year",), "force": ("force_name", "force"), "count": ("officers",)},
    ("year", "force", "count"),
    "changes",
)


def _basis(source: Source, counts: list[str | None]) -> str:
    """What is counted: the file's name or folder tells, or a part of a person does.

    Raises:
        UserError: nothing tells.
    """
    words = re.split(r"[^a-z]+", source.name.lower())
    told = [basis for word, basis in _BASES.items() if word in words]
    if len(told) == 1:
        return told[0]
    if any((number(c) or 0) % 1 for c in counts):
        return "full-time equivalent"
    raise UserError(
        "does not say whether it counts people or full-time equivalents",
        source.label,
        "put `headcount` or `fte` into its name",
    )


def _finish(rows: Rows) -> None:
    """Basis and edition, and the counts under the name of what they count."""
    days = sorted(d for d in set(rows.columns["counted_on"].to_pylist()) if periods.day_of(d or ""))
    edition = f"{days[0]} to {days[-1]}" if days else "no dates"
    basis = _basis(rows.source, rows.columns["count"].to_pylist())
    height = len(rows.numbers)
    rows.columns["edition"] = pa.array([edition] * height, pa.string())
    rows.columns["basis"] = pa.array([basis] * height, pa.string())
    rows.columns[_STORED[basis]] = rows.columns.pop("count")
    rows.notes.append(f"basis: {basis}; edition: {edition} (the same days stand in other editions, too)")


def _by_year(content: Delimited, source: Source) -> Rows:
    rows = long(_BY_YEAR).rows(content, source)
    rows.work_out(["counted_on"], ["year"], lambda y: [f"{y}-03-31" if re.fullmatch(r"\d{4}", y) else y])
    rows.notes.append("the table gives years; its counts are of 31 March")
    _finish(rows)
    return rows


def _is_wide(have: set[str]) -> bool:
    return "force region" in have and any(_DATE.fullmatch(h) for h in have)


def _wide(content: Delimited, source: Source) -> Rows:
    headings = [normal_heading(h) for h in content.headings]
    found = {place: _DATE.fullmatch(h) for place, h in enumerate(headings)}
    dates = {place: _last_day(m[1], m[2]) for place, m in found.items() if m}
    names = headings.index("force region")
    marked = _mark_regions(content.table.column(names).to_pylist())
    rows = unpivot(content, source, {"force": names}, dates, "count")
    rows.columns["force"] = pa.array([n for n in marked for _ in dates], pa.string())
    rows.columns["counted_on"] = rows.columns.pop("cell")
    unused = [content.headings[p] for p in range(len(headings)) if p not in dates and p != names]
    if unused:
        rows.notes.append(f"columns not used: {', '.join(unused)}")
    rows.notes += _totals(marked, {d: content.table.column(p).to_pylist() for p, d in dates.items()})
    _finish(rows)
    return rows


def _last_day(name: str, year: str) -> str:
    return periods.month_end(int(year), 3 if name.lower() == "march" else 9).isoformat()


def _mark_regions(names: list[str]) -> list[str]:
    """The names, those of regions and totals marked: the first of two `West Midlands` is the region."""
    plain = [normal_heading(n) for n in names]
    marked = []
    for place, name in enumerate(names):
        first_of_two = plain[place] in plain[place + 1 :] and plain[place] not in plain[:place]
        marked.append(TOTAL + name if is_area(name) or first_of_two else name)
    return marked


def _totals(names: list[str], counts: dict[str, list[str]]) -> list[str]:
    """Regions against the forces below them, totals against everything above them."""
    totals = Totals()
    for day, column in counts.items():
        values = [number(v) for v in column]
        everyone: list[float | None] = []
        for place, name in enumerate(names):
            if not name.startswith(TOTAL):
                everyone.append(values[place])
                continue
            own = name.removeprefix(TOTAL)
            parts = everyone if "total" in own.lower() else _below(names, values, place)
            totals.hold(f"{own} {day}", values[place], list(parts))
    return totals.note()


def _below(names: list[str], values: list[float | None], place: int) -> list[float | None]:
    parts = []
    for name, value in zip(names[place + 1 :], values[place + 1 :], strict=True):
        if name.startswith(TOTAL):
            break
        # What is no region's (a table without its line of totals) ends the last region as well.
        if normal_heading(name) in ("central service secondments", "british transport police"):
            break
        parts.append(value)
    return parts


OFFICERS = Table(
    "officers",
    "officers by force",
    Mapping(
        PUBLISHED_OFFICERS,
        {c.name: (c.name,) for c in PUBLISHED_OFFICERS.columns},
        ("counted_on", "force"),
        "changes",
    ),
    (Layout(long(_BY_YEAR).fits, _by_year), Layout(_is_wide, _wide)),
)
