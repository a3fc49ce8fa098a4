"""Use of force: tactics by force and a breakdown, uses of conducted energy devices, incidents.

Totals stand among their parts, in rows and in columns. Only parts become records; the totals are held
against their sums.
"""

from __future__ import annotations

from collections import defaultdict

import pyarrow as pa

from openpeel.areas.powers.published import (
    BREAKDOWNS,
    PUBLISHED_CED_USES,
    PUBLISHED_FORCE_INCIDENTS,
    PUBLISHED_TACTICS,
)
from openpeel.engine.declare.records import RecordType
from openpeel.engine.intake.mapping import Mapping, normal_heading
from openpeel.engine.intake.read import Delimited
from openpeel.errors import UserError
from openpeel.sources.home_office import periods
from openpeel.sources.home_office.areas import is_area
from openpeel.sources.home_office.common import (
    Layout,
    Rows,
    Source,
    Table,
    Totals,
    given,
    number,
    unpivot,
)
from openpeel.sources.home_office.tactics import Line, hold_tactics, leaves

_FORCE, _KIND, _TACTIC = "police force", "type of force", "tactic"
_ALL = "number of times tactic reported"
_DISCHARGE = {
    "drawn": "non-discharge", "aimed": "non-discharge", "red dot": "non-discharge", "arced": "non-discharge",
    "drive stun": "discharge", "fired": "discharge", "angled drive stun": "discharge",
    "not stated": "not stated", "ced not stated": "not stated", "ced notstated": "not stated",
}  # fmt: skip


def _breakdown(categories: list[str], source: Source) -> str:
    """What the people are sorted by, from the headings.

    Raises:
        UserError: they are none of those known.
    """
    have = {normal_heading(c) for c in categories}
    signs = (
        any(c.startswith("white") for c in have),
        any("years" in c or c.startswith("under ") for c in have),
        {"male", "female"} <= have,
        {"mental", "physical"} <= have,
    )
    for breakdown, sign in zip(BREAKDOWNS, signs, strict=True):
        if sign:
            return breakdown
    raise UserError(
        f"sorts people by something that is not known ({', '.join(categories)})",
        source.label,
        f"give a table by {', '.join(BREAKDOWNS)}",
    )


def _add_period(rows: Rows) -> None:
    """The period stands in the file's name alone.

    Raises:
        UserError: the name does not tell it.
    """
    period = periods.from_name(rows.source.name)
    if period is None:
        raise UserError(
            "its name does not tell the period", rows.source.label, "name it like april2018-march2019.csv"
        )
    for column, day in zip(("period_start", "period_end"), period, strict=True):
        rows.columns[column] = pa.array([day] * len(rows.numbers), pa.string())
    rows.notes.append(f"the period {period[0]} to {period[1]} is from the file's name")
    if "revised" in rows.source.name.lower():
        rows.notes.append("its name says that it is revised")


def _tactics(content: Delimited, source: Source) -> Rows:
    headings = [normal_heading(h) for h in content.headings]
    places = {h: headings.index(h) for h in (_FORCE, _KIND, _TACTIC)}
    cells = {p: content.headings[p] for p, h in enumerate(headings) if h not in (*places, _ALL)}
    breakdown = _breakdown(list(cells.values()), source)
    force, kind, tactic = (content.table.column(places[h]).to_pylist() for h in (_FORCE, _KIND, _TACTIC))
    lines = [Line(*(v.strip() for v in line)) for line in zip(force, kind, tactic, strict=True)]
    names = leaves(lines)
    kept = {**places, "force": places[_FORCE], "force_type": places[_KIND]}
    rows = unpivot(
        content, source, {k: v for k, v in kept.items() if k in ("force", "force_type")}, cells, "uses"
    )
    rows.columns["tactic"] = pa.array(
        [names.get(r, "") for r in range(len(lines)) for _ in cells], pa.string()
    )
    rows.columns["category"] = pa.array([given(h) for h in cells.values()] * len(lines), pa.string())
    rows.columns["breakdown"] = pa.array([breakdown] * len(rows.numbers), pa.string())
    del rows.columns["cell"]
    rows.notes.append(f"breakdown: {breakdown}; the same uses stand in the tables of the other breakdowns")
    counts = [content.table.column(p).to_pylist() for p in cells]
    every = content.table.column(headings.index(_ALL)).to_pylist() if _ALL in headings else []
    rows.notes += hold_tactics(lines, names, list(zip(*counts, strict=True)), every)
    _keep_leaves(rows)
    _add_period(rows)
    return rows


def _keep_leaves(rows: Rows) -> None:
    leaf = rows.places("tactic", bool)
    subtotals = len(rows.numbers) - leaf.true_count
    rows.keep(leaf)
    rows.notes.append(f"{subtotals:,} cells of subtotals (`*Total ...`, `..., of which`) are left out")


def _ced(content: Delimited, source: Source) -> Rows:
    headings = [normal_heading(h) for h in content.headings]
    cells = {p: h for p, h in enumerate(headings) if h in _DISCHARGE}
    strange = [
        h for h in headings
        if h not in ("region", _FORCE, "total", "total non discharge", "total discharge", *_DISCHARGE)
    ]  # fmt: skip
    if strange:
        raise UserError(f"has a column that is not known ({strange[0]})", source.label, "remove or rename it")
    rows = unpivot(content, source, {"force": headings.index(_FORCE)}, cells, "uses")
    rows.work_out(["use", "discharged"], ["cell"], lambda h: [_use(h), _DISCHARGE[h]])
    del rows.columns["cell"]
    totals = Totals()
    for place, discharged in _ced_totals(headings).items():
        parts = [p for p, h in cells.items() if discharged in ("", _DISCHARGE[h])]
        for line in zip(*(c.to_pylist() for c in content.table.columns), strict=True):
            totals.hold(f"{line[headings.index(_FORCE)].strip()} {headings[place]}", number(line[place]),
                        [number(line[p]) for p in parts])  # fmt: skip
    _hold_regions(content, headings, list(cells), totals)
    rows.notes += totals.note()
    rows.notes.append("columns of totals are left out; their sums are kept")
    _add_period(rows)
    return rows


def _ced_totals(headings: list[str]) -> dict[int, str]:
    """Where columns of totals stand, and which uses they are the total of (all if empty)."""
    kinds = {"total": "", "total non discharge": "non-discharge", "total discharge": "discharge"}
    return {p: kinds[h] for p, h in enumerate(headings) if h in kinds}


def _use(heading: str) -> str:
    return "Not stated" if "stated" in heading else {"red dot": "Red-dot"}.get(heading, heading.capitalize())


def _incidents(content: Delimited, source: Source) -> Rows:
    headings = [normal_heading(h) for h in content.headings]
    place = headings.index("total")
    rows = unpivot(content, source, {"force": headings.index(_FORCE)}, {place: "incidents"}, "incidents")
    del rows.columns["cell"]
    totals = Totals()
    _hold_regions(content, headings, [place], totals)
    rows.notes += totals.note()
    _add_period(rows)
    return rows


def _hold_regions(content: Delimited, headings: list[str], places: list[int], totals: Totals) -> None:
    """Hold each region against its forces, and the nation against all forces."""
    names = [n.strip() for n in content.table.column(headings.index(_FORCE)).to_pylist()]
    regions = [r.strip() for r in content.table.column(headings.index("region")).to_pylist()]
    for place in places:
        values = [number(v) for v in content.table.column(place).to_pylist()]
        parts: dict[str, list[float | None]] = defaultdict(list)
        for name, region, value in zip(names, regions, values, strict=True):
            if not is_area(name):
                for of in {region, "England and Wales"}:
                    parts[of].append(value)
        for name, region, value in zip(names, regions, values, strict=True):
            if is_area(name):
                totals.hold(f"{name} {content.headings[place]}", value, parts[region])


def _mapping(record_type: RecordType) -> Mapping:
    return Mapping(record_type, {c.name: (c.name,) for c in record_type.columns}, ("force",), "changes")


def _is_ced(have: set[str]) -> bool:
    return {"region", _FORCE, "drawn", "fired"} <= have


def _is_incidents(have: set[str]) -> bool:
    return have == {"region", _FORCE, "total"}


USE_OF_FORCE = Table(
    "use-of-force",
    "tactics in the use of force by a breakdown",
    _mapping(PUBLISHED_TACTICS),
    (Layout(lambda have: {_FORCE, _KIND, _TACTIC} <= have, _tactics),),
    caveats=(
        "words for tactics and categories change between years, and disability became health condition: compare "
        "years with care",
    ),
)
CED_USES = Table(
    "ced-uses",
    "uses of conducted energy devices",
    _mapping(PUBLISHED_CED_USES),
    (Layout(_is_ced, _ced),),
)
FORCE_INCIDENTS = Table(
    "use-of-force-incidents",
    "incidents with use of force",
    _mapping(PUBLISHED_FORCE_INCIDENTS),
    (Layout(_is_incidents, _incidents),),
)
