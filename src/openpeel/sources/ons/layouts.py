"""The layouts that tables of residents by area come in, each known by its headings.

What a layout holds more than once (totals beside their parts) is marked as a subtotal, and parts that do not make
up their total are not taken for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pyarrow as pa
import pyarrow.compute as pc

from openpeel.errors import UserError
from openpeel.sources.ons.tables import Cell, Content, Records, cells_note, number, records_of

PERCENT = "a percentage: it is worked out from the counts"
PART_OF_AREA = "a part of the area, which is there as a whole"
BANDS = "an age band of a table whose bands leave residents out"
_CENSUS_DAY = {"11": "2011-03-27", "21": "2021-03-21"}
_FIVE = {word.casefold(): word for word in ("White", "Mixed", "Asian", "Black", "Other")}
_AGE = re.compile(r"\d{1,3}\+?")
_CENSUS_GROUP = re.compile(r"Ethnic Group: (.+?)(: Ethnic group)?; measures: Value")
_AREA_CODE = re.compile(r"(?:ltla|lad|lsoa)(\d\d) ?(?:code|cd)")
_SEXES = ("female", "male")
_BANDS = ("younger", "working age", "older")

#: Records, the kind of their areas, and notes; nothing if the file is of another layout.
Made = tuple[Records, str, list[str]] | None


def _area(content: Content, places: dict[str, int]) -> tuple[str, str, dict[str, pa.Array]] | None:
    """Kind of area, year of its codes, and the columns that name it."""
    for heading, place in places.items():
        fits = _AREA_CODE.fullmatch(heading)
        if fits:
            kind = f"LSOA{fits[1]}" if heading.startswith("lsoa") else "LAD"
            named = {"area_code": content.column(place)}
            name = re.sub("code|cd$", lambda m: "name" if m[0] == "code" else "nm", heading)
            if name in places:
                named["area_name"] = content.column(places[name])
            return kind, fits[1], named
    return None


def _constants(basis: str, day: str, divided_by: str, **other: str | None) -> dict[str, str | None]:
    """What all records of a table share; All and not a subtotal where nothing else is said."""
    return {
        "basis": basis,
        "reference_date": day,
        "divided_by": divided_by,
        "sex": "All",
        "age_band": "All",
        "ethnic_group": "All",
        "ethnic_group_five": "All",
        "scheme": "total-only",
        "subtotal": None,
        **other,
    }


def _five(group: str) -> str | None:
    """The group's heading among five, by the first word of its own table's heading."""
    first = re.match(r"[A-Za-z]+", group)
    return _FIVE.get(first[0].casefold()) if first else None


def _groups(content: Content, places: dict[str, int]) -> Made:
    """Long, one row for an area and ethnic group: Census 2021."""
    area = _area(content, places)
    count = next((places[h] for h in ("value", "n", "residents", "population") if h in places), None)
    if area is None or count is None or "ethnic group" not in places:
        return None
    kind, year, named = area
    divided_by = "five ethnic groups" if kind.startswith("LSOA") else "ethnic group"
    shared = _constants("Census", _census_day(content, year), divided_by, scheme="chinese-in-asian")
    for column in ("ethnic_group", "ethnic_group_five"):
        del shared[column]
    label = content.column(places["ethnic group"]).dictionary_encode()
    words = label.dictionary.to_pylist()
    plain = [re.sub(r"\s*\((number|percent)\)$", "", word) for word in words]
    cell = Cell({"residents": count}, shared)
    kept = named | {
        "ethnic_group": pa.array(plain, pa.string()).take(label.indices),
        "ethnic_group_five": pa.array([_five(p) or p for p in plain], pa.string()).take(label.indices),
    }
    percent = pa.array([word.endswith("(percent)") for word in words], pa.bool_()).take(label.indices)
    records = records_of(content, kept, [cell]).set_aside(percent, PERCENT, "ethnic_group")
    notes = [
        f"the table tells no date: {shared['reference_date']}, the day of the Census, is assumed",
        "five groups by the table's own headings, which have Chinese under Asian (scheme chinese-in-asian)",
    ]
    left_out = pc.sum(percent).as_py() or 0
    if left_out:
        notes.append(f"percent rows left out: {left_out}")
    return records, kind, [*notes, *_held_against_totals(content, places, named["area_code"], count)]


def _held_against_totals(content: Content, places: dict[str, int], codes: pa.Array, count: int) -> list[str]:
    """Groups against the total that stands again on each of their rows."""
    if "total residents" not in places:
        return []
    total = number(content.column(places["total residents"]))
    table = pa.table({"code": codes, "total": total, "count": number(content.column(count))})
    areas = table.group_by("code").aggregate([("count", "sum"), ("total", "max"), ("total", "min")])
    equal = pc.and_(
        pc.equal(areas["count_sum"], areas["total_max"]), pc.equal(areas["total_max"], areas["total_min"])
    )
    wrong = areas.num_rows - (pc.sum(equal).as_py() or 0)
    note = "total_residents stands on every row of an area and is no record of its own"
    if wrong:
        return [f"{note}; in {wrong} of {areas.num_rows} areas the groups do not add up to it"]
    return [f"{note}; the groups add up to it in all {areas.num_rows} areas"]


def _ages(content: Content, places: dict[str, int]) -> Made:
    """Wide, one column for each year of age: mid-year estimates."""
    area = _area(content, places)
    ages = [
        (heading, place)
        for place, heading in enumerate(content.delimited.headings)
        if _AGE.fullmatch(heading)
    ]
    if area is None or not ages or "total population" not in places:
        return None
    kind, _, named = area
    year = re.search(r"mid[-_ ]?(\d{4})", content.member.name, re.IGNORECASE)
    if not year:
        raise UserError(
            "neither headings nor name tell the year",
            content.label,
            "name it with its year, such as mid-2020",
        )
    shared = ("Mid-year estimate", f"{year[1]}-06-30", "single year of age")
    total = places["total population"]
    cells = [Cell({"residents": total}, _constants(*shared, subtotal="all residents"))]
    cells += [Cell({"residents": place}, _constants(*shared, age_band=age)) for age, place in ages]
    notes = [f"the year {year[1]} is that of the file's name", *cells_note(cells)]
    notes += _difference(content, total, [place for _, place in ages], "ages")
    return records_of(content, named, cells), kind, notes


def _sexes(content: Content, places: dict[str, int]) -> Made:
    """Wide, residents by sex and three age bands: Census 2021."""
    area = _area(content, places)
    totals = {sex: places.get(f"total {sex}s") for sex in _SEXES}
    if area is None or None in totals.values() or "total population" not in places:
        return None
    kind, year, named = area
    day = _census_day(content, year)
    bands = {(s, b): places[f"{b} {s}s"] for s in _SEXES for b in _BANDS if f"{b} {s}s" in places}
    parts = [[place for (s, _), place in bands.items() if s == sex] for sex in _SEXES]
    whole = bool(bands) and not any(
        _differing(content, totals[s] or 0, p) for s, p in zip(_SEXES, parts, strict=True)
    )
    mark = "one sex" if whole else None
    shared = ("Census", day, "age and sex")
    cells = [
        Cell({"residents": places["total population"]}, _constants(*shared, subtotal="all residents")),
        *(
            Cell({"residents": p or 0}, _constants(*shared, sex=s.capitalize(), subtotal=mark))
            for s, p in totals.items()
        ),
        *(
            Cell({"residents": p}, _constants(*shared, sex=s.capitalize(), age_band=b))
            for (s, b), p in bands.items()
        ),
    ]
    notes = [f"the table tells no date: {day}, the day of the Census, is assumed", *cells_note(cells)]
    notes += _difference(content, places["total population"], [p or 0 for p in totals.values()], "sexes")
    records = records_of(content, named, cells)
    if bands and not whole:
        every = sum(_sum(content, p or 0) for p in totals.values())
        inside = sum(_sum(content, p) for p in bands.values())
        notes.append(
            f"its age bands hold {inside:.0f} of {every:.0f} residents, so that they are set aside and the "
            "totals by sex stand for themselves"
        )
        records = records.set_aside(pc.not_equal(records.table["age_band"], "All"), BANDS, "age_band")
    return records, kind, notes


def _years(content: Content, places: dict[str, int]) -> Made:
    """Long, one row for a district and year: mid-year estimates."""
    if not {"code", "year", "population"} <= set(places):
        return None
    year = content.column(places["year"])
    dated = pc.if_else(
        pc.match_substring_regex(year, "^[0-9]{4}$"),
        pc.binary_join_element_wise(year, pa.scalar("06-30"), "-"),
        year,
    )
    kept = {"area_code": content.column(places["code"]), "reference_date": dated}
    if "name" in places:
        kept["area_name"] = content.column(places["name"])
    shared = _constants("Mid-year estimate", "", "nothing")
    del shared["reference_date"]
    given = content.delimited.table.column(places["code"])
    padded = pc.sum(pc.not_equal(given, pc.utf8_trim_whitespace(given))).as_py() or 0
    notes = ["that these are estimates of 30 June of each year is assumed"]
    if padded:
        notes.append(f"{padded} rows have a space behind the area code, which was taken off")
    return records_of(content, kept, [Cell({"residents": places["population"]}, shared)]), "LAD", notes


def _census_2011(content: Content, places: dict[str, int]) -> Made:
    """Wide, one column for each ethnic group and for groups of groups: Census 2011."""
    groups = [(fits[1], p) for fits, p in _census_headings(content) if fits]
    if not groups or not {"date", "geography code"} <= set(places):
        return None
    five = [(g, p) for g, p in groups if ": " not in g and g != "All categories"]
    leaves = [(g, p) for g, p in groups if ": " in g]
    total = [p for g, p in groups if g == "All categories"]
    if not leaves or len(total) != 1:
        return None
    cells = [
        Cell({"residents": place}, _census_group(group, place in total, any(g == group for g, _ in five)))
        for group, place in groups
    ]
    kept = {
        "area_code": content.column(places["geography code"]),
        "area_name": content.column(places.get("geography", places["geography code"])),
        "_part": content.column(places["rural urban"]) if "rural urban" in places else None,
    }
    records = records_of(content, {c: v for c, v in kept.items() if v is not None}, cells)
    if "_part" in records.table.column_names:
        of_part = pc.not_equal(pc.utf8_lower(records.table["_part"]), "total")
        records = records.set_aside(of_part, PART_OF_AREA, "_part")
        records = Records(records.table.drop_columns(["_part"]), records.rows, records.malformed)
    notes = [
        "five groups by the table's own headings, which have Chinese under Asian (scheme chinese-in-asian)",
        *cells_note(cells),
        *_difference(content, total[0], [p for _, p in leaves], "ethnic groups"),
        *_difference(content, total[0], [p for _, p in five], "five groups"),
    ]
    return records, "LAD", notes


def _census_headings(content: Content) -> Iterator[tuple[re.Match[str] | None, int]]:
    for place, heading in enumerate(content.delimited.headings):
        yield _CENSUS_GROUP.fullmatch(heading), place


def _census_group(group: str, total: bool, of_five: bool) -> dict[str, str | None]:
    shared = _constants("Census", _CENSUS_DAY["11"], "ethnic group", scheme="chinese-in-asian")
    if total:
        return shared | {"scheme": "total-only", "subtotal": "all residents"}
    mark = "one of five ethnic groups" if of_five else None
    return shared | {"ethnic_group": group, "ethnic_group_five": _five(group) or group, "subtotal": mark}


def _census_day(content: Content, year: str) -> str:
    if year not in _CENSUS_DAY:
        raise UserError(f"codes of 20{year} do not tell a Census", content.label, "give a table of a Census")
    return _CENSUS_DAY[year]


def _sum(content: Content, place: int) -> float:
    return float(pc.sum(number(content.column(place))).as_py() or 0)


def _differing(content: Content, total: int, parts: list[int]) -> int:
    """Rows whose parts do not add up to their total; a row with a blank is none of them."""
    added = number(content.column(parts[0]))
    for place in parts[1:]:
        added = pc.add(added, number(content.column(place)))
    return int(pc.sum(pc.not_equal(added, number(content.column(total)))).as_py() or 0)


def _difference(content: Content, total: int, parts: list[int], what: str) -> list[str]:
    wrong = _differing(content, total, parts)
    if not wrong:
        return [f"the {what} add up to the published total of every area; totals are marked as subtotals"]
    return [f"in {wrong} areas the {what} do not add up to the published total"]


#: Tried in this order; places are headings in lower case and where they stand.
LAYOUTS: tuple[Callable[[Content, dict[str, int]], Made], ...] = (
    _groups,
    _ages,
    _sexes,
    _years,
    _census_2011,
)
