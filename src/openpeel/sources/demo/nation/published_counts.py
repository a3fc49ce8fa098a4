"""Counts as they are published: in agreement with the records, since they are counted from the nation's own tables.

Counts of a quarter or a year are made where all its months are in the build; a nation made month by month has none of these.
Breath tests hang on nothing and are drawn.
"""

from __future__ import annotations

from openpeel.sources.demo.nation.draws import salt, spread, text_sql, u
from openpeel.sources.demo.nation.force_places import FIRST
from openpeel.sources.demo.nation.made import Made

#: The operator's clock: with the seconds of the transfer, of which a little is rounded away.
_ON_THEIR_CLOCK = "date_diff('second', received_at, answered_at) + 0.9 * date_diff('second', transfer_started_at, received_at)"

ANSWER_TIMES = Made(
    "responding.published_answer_times",
    f"""
    SELECT force, hash(force || month) AS _k, month, {FIRST} AS month_on, count(*) AS calls,
        count(*) FILTER (seconds < 10) AS within_10_seconds, count(*) FILTER (seconds >= 10 AND seconds < 60) AS from_10_to_60_seconds,
        count(*) FILTER (seconds >= 60) AS over_60_seconds, round(sum(seconds) / count(*), 1)::DECIMAL(9,1) AS mean_seconds
    FROM (SELECT force, month, {_ON_THEIR_CLOCK} AS seconds FROM "responding.call" WHERE line = '999' AND answered_at IS NOT NULL)
    GROUP BY force, month
    """,
)

#: Days at whose end the workforce is counted.
_COUNTED = "(VALUES (DATE '2024-03-31'), (DATE '2024-09-30'), (DATE '2025-03-31'), (DATE '2025-09-30'), (DATE '2026-03-31')) counted(counted_on)"
_IN_POST = "joined_on <= counted_on AND (left_on IS NULL OR left_on > counted_on)"
#: What somebody works was other before the day on which it changed.
_HOURS = (
    "CASE WHEN counted_on < _hours_changed_on THEN _before_full_time_equivalent ELSE full_time_equivalent END"
)
_TITLES = """CASE rank WHEN 'chief officer' THEN 'Chief officers' ELSE coalesce(upper(rank[1]) || rank[2:], CASE worker_type WHEN 'police staff' THEN 'Police staff'
    WHEN 'PCSO' THEN 'Police community support officer' WHEN 'volunteer' THEN 'Police support volunteer' ELSE worker_type END) END"""

WORKFORCE = Made(
    "workforce.published_workforce",
    f"""
    SELECT force, hash(force || counted_on || sex || rank || worker_type) AS _k, * EXCLUDE (force)
    FROM (SELECT force, counted_on, coalesce(sex, 'Not recorded') AS sex, CASE WHEN worker_type = 'special constable' THEN 'Special constable' ELSE {_TITLES} END AS rank,
              worker_type, count(*) AS headcount, sum({_HOURS})::DECIMAL(12,2) AS full_time_equivalents
          FROM "workforce.employee", {_COUNTED} WHERE {_IN_POST} GROUP BY ALL)
    """,
    monthly=False,
)

OFFICERS = Made(
    "workforce.published_officers",
    f"""
    SELECT force, hash(force || counted_on || basis) AS _k, counted_on, basis, (counted_on - INTERVAL 1 YEAR)::DATE::VARCHAR || ' to ' || counted_on::VARCHAR AS edition,
        CASE WHEN basis = 'full-time equivalent' THEN sum({_HOURS}) END::DECIMAL(12,2) AS full_time_equivalents,
        CASE WHEN basis = 'headcount' THEN count(*) END AS headcount
    FROM "workforce.employee", {_COUNTED}, (VALUES ('full-time equivalent'), ('headcount')) bases(basis)
    WHERE worker_type = 'police officer' AND {_IN_POST} GROUP BY force, counted_on, basis
    """,
    monthly=False,
)

GRANT = Made(
    "leadership.published_grant",
    """
    SELECT force, any_value(_k) AS _k, year_starts_on AS period_start, year_ends_on AS period_end, round(sum(budget))::BIGINT AS "grant"
    FROM "leadership.finance_line" WHERE funding_stream = 'core grant' AND year_starts_on < DATE '2026-01-01' GROUP BY force, year_starts_on, year_ends_on
    """,
    monthly=False,
)

#: Quarters and years that end in a quarter and lie wholly in the build.
PERIODS = Made(
    "_periods",
    f"""
    SELECT span, ends, {FIRST.replace("month", "(ends - span + 1)")} AS period_start, last_day({FIRST.replace("month", "ends")}) AS period_end
    FROM (SELECT e.month AS ends, span, count(*) AS there
          FROM (SELECT month FROM months WHERE month % 3 = 2) e, (VALUES (3), (12)) spans(span), (SELECT month FROM months) m
          WHERE m.month > e.month - span AND m.month <= e.month GROUP BY e.month, span)
    WHERE there = span
    """,
)


def _within(moment: str) -> str:
    return f"{moment} >= period_start AND {moment} < period_end + INTERVAL 1 DAY"


_COUNTS = "standing = 'recorded'"
CRIME = Made(
    "investigating.published_crime",
    f"""
    SELECT force, hash(force || offence_group || ends) AS _k, period_start, period_end, offence_group, count(*) AS offences
    FROM "investigating.crime", _periods WHERE span = 12 AND {_COUNTS} AND {_within("recorded_at")} GROUP BY ALL
    """,
)

#: Number -> words and group, as a publisher has them.
_OUTCOMES = {
    "0": ("Not yet assigned an outcome", "Not yet assigned an outcome"), "1": ("Charged/Summonsed", "Charged/Summonsed"),
    "1A": ("Charged/Summonsed - alternate offence", "Charged/Summonsed"), "2": ("Caution - youths", "Out-of-court (formal)"),
    "3": ("Caution - adults", "Out-of-court (formal)"), "4": ("Taken into consideration", "Taken into consideration"),
    "5": ("Offender died", "Prosecution prevented"), "6": ("Penalty notice for disorder", "Out-of-court (formal)"),
    "7": ("Cannabis or khat warning", "Out-of-court (informal)"), "8": ("Community resolution", "Out-of-court (informal)"),
    "14": ("Victim declines, suspect not identified", "Evidential difficulties (victim does not support action)"),
    "15": ("Evidential difficulties, victim supports", "Evidential difficulties (suspect identified)"),
    "16": ("Victim does not support, suspect identified", "Evidential difficulties (victim does not support action)"),
    "18": ("Investigation complete, no suspect identified", "Investigation complete - no suspect identified"),
    "20": ("Action by another body or agency", "Action undertaken by another body/agency"),
    "21": ("Further investigation not in the public interest", "Further investigation not in the public interest"),
    "22": ("Diversionary, educational or intervention activity", "Diversionary, educational or intervention activity"),
}  # fmt: skip
_WORDS = " ".join(f"WHEN {text_sql(n)} THEN {text_sql(words)}" for n, (words, _) in _OUTCOMES.items())
_GROUPS = " ".join(f"WHEN {text_sql(n)} THEN {text_sql(group)}" for n, (_, group) in _OUTCOMES.items())
#: The table is made so many days after the quarter; what is decided later is in a later table.
_MADE_AFTER = 110
_OFFENCE = "force, offence_code, offence, offence_group, offence_subgroup"

OUTCOMES = Made(
    "investigating.published_outcomes",
    f"""
    WITH last AS (
        SELECT force, crime_id, period_end, max_by(outcome_type, outcome_number) AS outcome_type
        FROM "investigating.crime_outcome", _periods WHERE span = 3 AND assigned_at < period_end + INTERVAL {_MADE_AFTER} DAY GROUP BY ALL),
    cohort AS (
        SELECT {_OFFENCE}, period_start, period_end, coalesce(outcome_type, '0') AS outcome_type, count(*) AS offences
        FROM (SELECT force, crime_id, offence_code, offence, offence_group, offence_subgroup, period_start, period_end FROM "investigating.crime", _periods
              WHERE span = 3 AND {_COUNTS} AND {_within("recorded_at")})
        LEFT JOIN last USING (force, crime_id, period_end) GROUP BY ALL),
    assigned AS (
        SELECT {_OFFENCE}, period_start, period_end, outcome_type, count(*) AS outcomes_recorded
        FROM "investigating.crime_outcome" JOIN (SELECT {_OFFENCE}, crime_id FROM "investigating.crime" WHERE {_COUNTS}) USING (force, crime_id), _periods
        WHERE span = 3 AND {_within("assigned_at")} GROUP BY ALL)
    SELECT force, hash(force || offence_code || period_end || outcome_type) AS _k, period_start, period_end, offence_code, offence, offence_group, offence_subgroup,
        false AS offence_code_expired, outcome_type, CASE outcome_type {_WORDS} ELSE 'Other outcome ' || outcome_type END AS outcome,
        CASE outcome_type {_GROUPS} ELSE 'Other' END AS outcome_group, coalesce(offences, 0) AS offences,
        CASE WHEN outcome_type <> '0' THEN coalesce(outcomes_recorded, 0) END AS outcomes_recorded
    FROM cohort FULL JOIN assigned USING ({_OFFENCE}, period_start, period_end, outcome_type)
    """,
)  # fmt: skip

#: A weight for an offence of a group, made up: violence against the person and sexual offences weigh most.
_WEIGHTS = """CASE offence_group WHEN 'Sexual offences' THEN 900 WHEN 'Robbery' THEN 650 WHEN 'Violence against the person' THEN 70 WHEN 'Drug offences' THEN 60
    ELSE 40 END"""
SEVERITY = Made(
    "investigating.published_severity",
    f"""
    WITH counted AS (
        SELECT c.force, period_start, period_end, offence_group, offences * {_WEIGHTS} AS weighed, residents
        FROM "investigating.published_crime" c JOIN (SELECT force, residents FROM forces) f USING (force) WHERE month(period_end) = 3)
    SELECT force, hash(force || period_end || offence_group) AS _k, period_start, period_end, offence_group,
        round(sum(weighed) / any_value(residents), 6)::DECIMAL(18,6) AS severity_score
    FROM (FROM counted UNION ALL SELECT force, period_start, period_end, 'Total recorded crime', weighed, residents FROM counted)
    GROUP BY force, period_start, period_end, offence_group
    """,
)

#: Five groups out of codes or words alike: both begin with the same letter.
_GROUP = """CASE left({0}, 1) WHEN 'W' THEN 'White' WHEN 'A' THEN 'Asian' WHEN 'B' THEN 'Black' WHEN 'M' THEN 'Mixed' WHEN 'O' THEN
    CASE WHEN {0} LIKE '%tated' THEN 'Not Stated' ELSE 'Other' END ELSE 'Not Stated' END"""
_YEAR = "span = 12 AND month(period_end) = 3"

ARRESTS = Made(
    "powers.published_arrests",
    f"""
    SELECT force, hash(force || ends || offence_group || ethnic_group || age_group || sex) AS _k, period_start, period_end, offence_group, ethnic_group, age_group, sex, arrests
    FROM (SELECT force, ends, period_start, period_end, coalesce(offence_group, 'Other') AS offence_group, {_GROUP.format("self_defined_ethnicity")} AS ethnic_group,
              CASE WHEN age < 10 THEN 'Under 10' WHEN age < 18 THEN '10 - 17 years' WHEN age < 21 THEN '18 - 20 years' WHEN age >= 21 THEN '21 years and over' ELSE 'Not known' END
                  AS age_group, coalesce(gender, 'Not known') AS sex, count(*) AS arrests
          FROM "powers.arrest", _periods WHERE {_YEAR} AND reason = 'suspected offence' AND {_within("arrested_at")} GROUP BY ALL)
    """,
)

SEARCHES = Made(
    "powers.published_searches",
    f"""
    SELECT force, hash(force || ends || legislation || search_reason || ethnic_group || ethnicity) AS _k, period_start, period_end, legislation, search_reason,
        ethnic_group, ethnicity, searches, arrests
    FROM (SELECT force, ends, period_start, period_end, coalesce(legislation, 'Not known') AS legislation, coalesce(object_of_search, 'Not known') AS search_reason,
              CASE WHEN search_type = 'Vehicle search' THEN 'Vehicle only' ELSE {_GROUP.format("self_defined_ethnicity")} END AS ethnic_group,
              CASE WHEN search_type = 'Vehicle search' THEN 'Vehicle only' ELSE coalesce(self_defined_ethnicity, 'Not Stated') END AS ethnicity, count(*) AS searches,
              count(*) FILTER (outcome = 'Arrest') AS arrests
          FROM "powers.stop_search", _periods WHERE {_YEAR} AND {_within("searched_at")} GROUP BY ALL)
    """,
)

_TYPES = """CASE WHEN tactic IN ('conducted energy device', 'irritant spray', 'spit and bite guard', 'baton', 'shield', 'dog') THEN 'Other equipment'
    WHEN tactic LIKE 'firearm%' THEN 'Firearms' WHEN tactic = 'unarmed skills' THEN 'Unarmed skills' WHEN tactic IN ('other', 'tactical communication') THEN 'Other'
    ELSE 'Restraint' END"""
_BREAKDOWNS = {
    "ethnicity": "coalesce(officer_defined_ethnicity, 'Not known')",
    "age": "coalesce(age_range, 'Not known')",
    "gender": "coalesce(gender, 'Not known')",
    "health condition or disability": "CASE WHEN mental_health THEN 'Mental' WHEN disability THEN 'Physical' ELSE 'No condition' END",
}
TACTICS = Made(
    "powers.published_tactics",
    "SELECT force, hash(force || ends || breakdown || category || tactic) AS _k, period_start, period_end, breakdown, category, force_type, tactic, uses FROM ("
    + " UNION ALL ".join(
        f"""SELECT t.force, ends, period_start, period_end, '{breakdown}' AS breakdown, {category} AS category, {_TYPES} AS force_type,
            upper(tactic[1]) || tactic[2:] AS tactic, count(*) AS uses
        FROM "powers.use_of_force_tactic" t JOIN (SELECT force, use_of_force_id, officer_defined_ethnicity, age_range, gender, mental_health, disability
            FROM "powers.use_of_force") USING (force, use_of_force_id), _periods WHERE {_YEAR} AND {_within("t.used_at")} GROUP BY ALL"""
        for breakdown, category in _BREAKDOWNS.items()
    )
    + ")",
)

CED_USES = Made(
    "powers.published_ced_uses",
    f"""
    SELECT force, hash(force || ends || use) AS _k, period_start, period_end, upper(use[1]) || use[2:] AS use,
        CASE WHEN use IN ('fired', 'drive-stunned') THEN 'discharge' ELSE 'non-discharge' END AS discharged, uses
    FROM (SELECT force, ends, period_start, period_end, stage AS use, count(*) AS uses FROM "powers.use_of_force_tactic", _periods
          WHERE {_YEAR} AND tactic = 'conducted energy device' AND {_within("used_at")} GROUP BY ALL)
    """,
)

FORCE_INCIDENTS = Made(
    "powers.published_force_incidents",
    f"""
    SELECT force, hash(force || ends) AS _k, period_start, period_end, count(*) AS incidents FROM "powers.use_of_force", _periods
    WHERE {_YEAR} AND {_within("used_at")} GROUP BY force, ends, period_start, period_end
    """,
)

BREATH_TESTS = Made(
    "powers.published_breath_tests",
    f"""
    SELECT force, hash(xor(_k, hash(result))) AS _k, month, {FIRST} AS period_start, last_day({FIRST}) AS period_end, result,
        round(CASE result WHEN 'positive' THEN tests * positive ELSE tests - round(tests * positive) END)::BIGINT AS tests
    FROM (SELECT *, round({spread("tests", "residents / 1000.0 * 0.4 * CASE WHEN month % 12 = 11 THEN 2 ELSE 1 END", 0.25)}) AS tests, 0.1 + 0.12 * {u("positive")} AS positive
          FROM (SELECT f.force, f.residents, m.month, hash(xor(f._k, xor(m._k, {salt("breath tests")}))) AS _k FROM forces f, months m)),
         (VALUES ('positive'), ('negative')) results(result)
    """,
)

TABLES = (
    ANSWER_TIMES, WORKFORCE, OFFICERS, GRANT, PERIODS, CRIME, OUTCOMES, SEVERITY, ARRESTS, SEARCHES, TACTICS, CED_USES, FORCE_INCIDENTS, BREATH_TESTS,
)  # fmt: skip
