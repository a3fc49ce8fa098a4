"""The tables with one row for each count, declared."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from openpeel.areas.investigating.published_counts import (
    PUBLISHED_CRIME,
    PUBLISHED_OUTCOMES,
    PUBLISHED_SEVERITY,
)
from openpeel.areas.leadership.published import PUBLISHED_GRANT
from openpeel.areas.powers.published import PUBLISHED_ARRESTS, PUBLISHED_BREATH_TESTS, PUBLISHED_SEARCHES
from openpeel.areas.workforce.published import PUBLISHED_WORKFORCE
from openpeel.engine.declare.records import RecordType
from openpeel.engine.intake.mapping import Mapping
from openpeel.sources.home_office import periods
from openpeel.sources.home_office.common import Rows, Step, Table, Totals, long, need, number, unknown

_FORCE = ("force_name", "Police force", "Force", "PFA", "Police force area")
_PERIOD = ("period_start", "period_end")


def published(record_type: RecordType, needed: tuple[str, ...], **headings: tuple[str, ...]) -> Mapping:
    """A mapping for a published table: rows are put in or replaced by key."""
    return Mapping(record_type, headings, needed, "changes")


def _year_to(column: str) -> Step:
    """The twelve months to a date; a date that is not a month's last day is corrected, and counted."""

    def step(rows: Rows) -> None:
        written = rows.columns[column]
        rows.work_out(_PERIOD, [column], periods.year_to)
        _say_corrected(rows, column, written, "period_end")

    return step


def _say_corrected(rows: Rows, column: str, written: pa.Array, made: str) -> None:
    """Name the dates that were corrected to the last day of their month."""
    both = Rows(rows.source, {"_was": written, "_is": rows.columns[made]}, rows.numbers)
    both.work_out(["was"], ["_was", "_is"], lambda was, is_: [_corrected(was, is_)])
    counts = pc.value_counts(both.columns["was"].filter(pc.not_equal(both.columns["was"], ""))).to_pylist()
    for change in counts[:3]:
        rows.notes.append(f"{column} reads {change['values']} ({change['counts']:,} rows)")
    if len(counts) > 3:
        rest = sum(c["counts"] for c in counts[3:])
        rows.notes.append(f"{column}: {len(counts) - 3} further dates corrected so ({rest:,} rows)")


def _corrected(was: str, is_: str) -> str:
    day = periods.day_of(was)
    return "" if day is None or day.isoformat() == is_ else f"{was} and is taken as {is_}"


def _counted_on(rows: Rows) -> None:
    written = rows.columns["counted_on"]

    def last_day(text: str) -> str:
        # The workforce is counted at the end of March and September, also where the first is written.
        day = periods.day_of(text)
        if day is None or (day.day != 1 or day.month not in (3, 9)):
            return text
        return periods.whole_month_end(day).isoformat()

    rows.change("counted_on", last_day)
    _say_corrected(rows, "counted_on", written, "counted_on")


def _one_spelling(column: str) -> Step:
    """A category written with capitals in some years and without in others gets the first spelling."""

    def step(rows: Rows) -> None:
        first: dict[str, str] = {}
        others: list[str] = []

        def spelt(text: str) -> str:
            same = first.setdefault(text.lower(), text)
            if same != text:
                others.append(f"`{text}` is taken as `{same}`")
            return same

        rows.change(column, spelt)
        rows.notes += [f"{column}: {o}" for o in others]

    return step


def _sexes(rows: Rows) -> None:
    """From 2021 there are five values of sex, so that women and men are no longer everyone."""
    late = rows.places("sex", lambda v: v.lower() not in ("female", "male"))
    if pc.any(late).as_py():
        words = sorted(pc.unique(rows.columns["sex"].filter(late)).to_pylist())
        days = sorted(pc.unique(rows.columns["counted_on"].filter(late)).to_pylist())
        rows.notes.append(f"sex also reads {', '.join(words)} (on {', '.join(days)})")


def _financial_year_agrees(rows: Rows) -> None:
    """Two columns tell the year: a row in which they differ is set aside."""
    if "financial_year" not in rows.columns:
        return

    def differs(year: str, end: str) -> list[str]:
        return ["yes" if year and periods.financial_year(year)[1] != end else ""]

    rows.work_out(["_differs"], ["financial_year", "period_end"], differs)
    wrong = pc.equal(rows.columns.pop("_differs"), "yes")
    rows.set_aside(
        wrong, "two years in one row", lambda r: f"{r['financial_year']} and the year to {r['period_end']}"
    )


def _adds_up(rows: Rows) -> None:
    """Each row repeats all tests of the month: held against the sum of both results, and then left."""
    if "all_tests" not in rows.columns:
        return
    groups: dict[tuple[str, ...], list[tuple[float | None, float | None]]] = {}
    columns = ("force", "period_end", "all_tests", "tests")
    for force, end, every, tests in zip(*(rows.columns[c].to_pylist() for c in columns), strict=True):
        groups.setdefault((force, end), []).append((number(every), number(tests)))
    totals = Totals()
    for key, pairs in groups.items():
        totals.hold(" ".join(key), pairs[0][0], [p[1] for p in pairs])
    rows.notes += totals.note()
    rows.notes.append(
        "the tests of both results together, which every row repeats, are no record: add up results"
    )


def _none_below_zero(column: str, why: str) -> Step:
    """A step: a count below zero that cannot be one is made unknown, and counted."""

    def step(rows: Rows) -> None:
        below = rows.places(column, lambda v: (number(v) or 0) < 0).true_count
        if below:
            rows.change(column, lambda v: "" if (number(v) or 0) < 0 else v)
            rows.notes.append(f"{column} is below zero on {below:,} rows and is unknown there: {why}")

    return step


def _grant_year(rows: Rows) -> None:
    start, end = periods.financial_year(rows.source.name)
    need(
        start != end,
        "its name does not tell the financial year",
        rows.source,
        "name it like grant-2025-26.csv",
    )
    rows.work_out(_PERIOD, ["force"], lambda _force: (start, end))
    rows.notes.append(f"the financial year {start} to {end} is from the file's name")


_FLAG_FOR_COUNT = "a number was read as yes or no by whoever made the copy, and cannot be had back"
_S60 = ("weapons_arrests", "other_arrests", "found_with_weapon")

_WORKFORCE = published(
    PUBLISHED_WORKFORCE,
    ("counted_on", "force", "sex", "rank", "headcount"),
    counted_on=("date", "As at date"),
    code=("geo_code", "Geocode"),
    force=_FORCE,
    sex=("sex", "gender"),
    rank=("rank_description", "rank"),
    worker_type=("worker_type",),
    headcount=("total_headcount", "headcount"),
    full_time_equivalents=("total_fte", "fte"),
)
_ARRESTS = published(
    PUBLISHED_ARRESTS,
    ("force", "year_ending", "offence_group", "ethnic_group", "age_group", "sex", "arrests"),
    force=_FORCE,
    year_ending=("year_ending",),
    financial_year=("financial_year",),
    offence_group=("offence_group",),
    ethnic_group=("ethnic_group", "self_defined_ethnicity"),
    age_group=("age_group",),
    sex=("sex", "gender"),
    arrests=("arrests",),
)
_SEARCHES = published(
    PUBLISHED_SEARCHES,
    ("force", "year_ending", "legislation", "search_reason", "ethnicity", "searches"),
    force=_FORCE,
    year_ending=("year_ending",),
    legislation=("legislation",),
    search_reason=("reason_for_search_arrest", "reason_for_search"),
    ethnic_group=("ethnic_group_self_defined", "self_defined_ethnic_group"),
    ethnicity=("ethnicity_self_defined", "self_defined_ethnicity"),
    searches=("searches", "number_of_searches"),
    arrests=("resultant_arrests", "number_of_resultant_arrests"),
    weapons_arrests=("weapons_arrests_s60_only",),
    other_arrests=("other_arrests_s60_only",),
    found_with_weapon=("persons_found_to_be_carrying_a_weapon_s60_only",),
)
_OUTCOMES = published(
    PUBLISHED_OUTCOMES,
    ("force", "financial_year", "financial_quarter", "offence_code", "outcome_type", "offences"),
    force=_FORCE,
    financial_year=("financial_year",),
    financial_quarter=("financial_quarter",),
    offence_code=("offence_code",),
    offence=("offence_description",),
    offence_group=("offence_group",),
    offence_subgroup=("offence_subgroup",),
    offence_code_expired=("offence_code_expired",),
    outcome_type=("outcome_type",),
    outcome=("outcome_description",),
    outcome_group=("outcome_group",),
    # One thing under two names: 2017/18 has the short one, 2018/19 the long one.
    offences=("offences", "force_outcomes_for_offences_recorded_in_quarter"),
    outcomes_recorded=("force_outcomes_recorded_in_quarter",),
)
_CRIME = published(
    PUBLISHED_CRIME,
    ("force", "ending", "offence_group", "offences"),
    force=_FORCE,
    ending=("12 months ending",),
    offence_group=("Offence", "Offence group"),
    offences=("Rolling year total number of offences",),
)
_SEVERITY = published(
    PUBLISHED_SEVERITY,
    ("code", "force", "year_ending", "offence_group", "severity_score"),
    code=("code", "Area code"),
    force=("name", *_FORCE),
    year_ending=("year_ending",),
    offence_group=("offence_group",),
    severity_score=("severity_score",),
)
_BREATH_TESTS = published(
    PUBLISHED_BREATH_TESTS,
    ("force", "year", "month", "result", "tests"),
    force=("force", *_FORCE),
    year=("year",),
    month=("month",),
    result=("type", "result"),
    tests=("count",),
    all_tests=("tests",),
)
_GRANT = published(
    PUBLISHED_GRANT,
    ("force", "grant"),
    force=("force", *_FORCE),
    grant=("budget_gbp", "Overall total", "Grant"),
)

WORKFORCE = Table(
    "workforce", "the workforce by force, rank and sex", _WORKFORCE, (long(_WORKFORCE),),
    (_counted_on, _one_spelling("rank"), _sexes),
)  # fmt: skip
ARRESTS = Table(
    "arrests", "arrests by year", _ARRESTS, (long(_ARRESTS),),
    (_year_to("year_ending"), _financial_year_agrees),
    ("groups of offences change with 2015/16 (`2015/16 onwards - ...`; two forces a year earlier): no trend "
     "by group runs over that year",),
)  # fmt: skip
STOP_SEARCH = Table(
    "stop-search", "stop and search by year", _SEARCHES, (long(_SEARCHES),),
    (_year_to("year_ending"), *(unknown(c, ("TRUE", "FALSE"), _FLAG_FOR_COUNT) for c in _S60)),
    ("NA is not applicable or not supplied: unknown, not zero",),
)  # fmt: skip


def _quarter(rows: Rows) -> None:
    rows.work_out(_PERIOD, ["financial_year", "financial_quarter"], periods.financial_quarter)


OUTCOMES = Table(
    "outcomes", "crime outcomes by quarter", _OUTCOMES, (long(_OUTCOMES),), (_quarter,),
    ("years differ in how many empty combinations they list: a combination without a row is not zero",
     "`offences` of 2017/18 and `force_outcomes_for_offences_recorded_in_quarter` of 2018/19 are one count"),
)  # fmt: skip
RECORDED_CRIME = Table(
    "recorded-crime", "police recorded crime, rolling twelve months", _CRIME, (long(_CRIME),),
    (_year_to("ending"),),
    ("periods overlap: counts are never added over periods",
     "burglary changes groups in April 2017 (domestic and non-domestic before, residential and non-residential "
     "after): a zero outside a group's own time is no count",),
)  # fmt: skip
SEVERITY = Table(
    "severity", "Crime Severity Score by year", _SEVERITY, (long(_SEVERITY),),
    (_year_to("year_ending"), unknown("severity_score", (":",), "no score is published")),
    ("scores cannot be added up, so that those of regions are not held against their forces",),
)  # fmt: skip
BREATH_TESTS = Table(
    "breath-tests", "roadside breath tests by month", _BREATH_TESTS, (long(_BREATH_TESTS),),
    (lambda rows: rows.work_out(_PERIOD, ["year", "month"], periods.month), _adds_up,
     _none_below_zero("tests", "more positive tests are reported than tests")),
)  # fmt: skip
FUNDING = Table(
    "funding", "the police grant by force", _GRANT, (long(_GRANT),), (_grant_year,),
    ("what council tax brings is not in it; Welsh forces look low, since part of their money comes by another "
     "route",
     "amounts are in whole pounds: their sum can be some pounds off the published total"),
)  # fmt: skip
