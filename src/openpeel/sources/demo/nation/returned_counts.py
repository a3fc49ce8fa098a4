"""What a return counts, as SQL over the records of the nation as they were known when it was sent.

Each count speaks of the records of one type: a force that has none of them leaves the cells blank, since not
recorded is not none. Tables that are counted here are named by their record type.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from openpeel.areas.powers.wordings import LEGISLATION
from openpeel.engine.clock import last_day, parse_month
from openpeel.engine.sql import quote
from openpeel.sources.demo.nation.days import local_day
from openpeel.sources.demo.nation.draws import text_sql

#: What a cell says of a number that a force, or a row, cannot have.
DOES_NOT_APPLY = "not applicable"
#: Stands in the counts for the last day of the collection's months.
ON = "{on}"


@dataclass(frozen=True)
class Count:
    """Some columns of a return's table.

    Attributes:
        of: the record type that is counted.
        sql: a SELECT of ``force``, the table's key as text, and the numbers under their columns' names.
        none: column -> what it says where a force has records of the type and none of them is in the row; 0 if not
            named.
    """

    of: str
    sql: str
    none: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Counted:
    """A table of a return.

    Attributes:
        counts: what its numbers are.
        said: word of the key -> column -> what stands there whatever was counted; ``None`` for a blank.
    """

    counts: tuple[Count, ...]
    said: Mapping[str, Mapping[str, object]] = field(default_factory=dict)


def known(record_type: str) -> str:
    """Name of the view of a record type's rows as they were known, as SQL."""
    return quote(f"known {record_type}")


def _month(moment: str) -> str:
    return f"strftime(date_trunc('month', {local_day(moment)}), '%Y-%m-%d') AS month_on"


_DAY = f"CAST({ON} AS VARCHAR) AS counted_on"


def _cases(words: Mapping[str, str]) -> str:
    return " ".join(f"WHEN {text_sql(a)} THEN {text_sql(b)}" for a, b in words.items())


_CALLS = Count(
    "responding.call",
    f"""
    SELECT force, {_month("received_at")}, line, count(*) AS calls_received, count(answered_at) AS calls_answered,
        count(*) FILTER (answered_at <= received_at + INTERVAL 10 SECOND) AS answered_within_10_seconds, count(*) FILTER (result = 'abandoned') AS calls_abandoned
    FROM {known("responding.call")} GROUP BY ALL
    """,
)

_ONLINE = Count(
    "responding.online_contact",
    f"""
    SELECT force, {_month("received_at")}, channel, count(*) AS contacts_received, count(first_reply_at) AS first_replies,
        count(*) FILTER (first_reply_at <= received_at + INTERVAL 24 HOUR) AS replied_within_24_hours
    FROM {known("responding.online_contact")} GROUP BY ALL
    """,
)
#: No force of the nation answers text messages.
_NO_CHANNEL = dict.fromkeys(("contacts_received", "first_replies", "replied_within_24_hours"), DOES_NOT_APPLY)

#: The nation's grades in the words of the return.
_GRADES = {
    "Grade 1": "emergency", "Grade 2": "priority", "Grade 3": "scheduled", "Grade 4": "without attendance",
}  # fmt: skip
#: Duplicates are to be left out; no incident of the nation is one. The target of the latest grade counts from when
#: it was given; the lowest grade has none.
_INCIDENTS = Count(
    "responding.incident",
    f"""
    SELECT force, {_month("opened_at")}, CASE first_grade {_cases(_GRADES)} ELSE 'not graded' END AS grade, count(*) AS incidents_opened,
        count(arrived_at) AS incidents_attended, count(*) FILTER (arrived_at <= graded_at + to_seconds(target_seconds)) AS attended_in_target
    FROM {known("responding.incident")} GROUP BY ALL
    """,
)

#: The one group that the nation's records name in other words than the return.
_GROUP = "CASE offence_group WHEN 'Possession of weapons offences' THEN 'Possession of weapons' ELSE offence_group END AS offence_group"
_CRIMES = Count(
    "investigating.crime",
    f"""
    SELECT force, {_month("recorded_at")}, {_GROUP}, count(*) AS crimes_recorded FROM {known("investigating.crime")} GROUP BY ALL
    """,
)
_CANCELLED = Count(
    "investigating.crime",
    f"""
    SELECT force, {_month("standing_at")}, {_GROUP}, count(*) AS crimes_cancelled FROM {known("investigating.crime")}
    WHERE standing = 'cancelled' GROUP BY ALL
    """,
)

_OUTCOMES = Count(
    "investigating.crime_outcome",
    f"""
    SELECT force, {_month("assigned_at")}, outcome_type, count(*) AS outcomes_recorded FROM {known("investigating.crime_outcome")} GROUP BY ALL
    """,
)

#: Of forces whose searches stand in public files alone nothing is known of what they hold themselves.
_SEARCHES = Count(
    "powers.stop_search",
    f"""
    SELECT force, {_month("searched_at")}, CASE legislation {_cases(LEGISLATION)} END AS legislation, count(*) AS searches,
        count(*) FILTER (object_found) AS objects_found, count(*) FILTER (object_found AND sought_object_found) AS finds_linked
    FROM {known("powers.stop_search")} GROUP BY ALL
    """,
)

_INJURED = "IN ('minor', 'severe', 'fatal')"
_FORCE = Count(
    "powers.use_of_force",
    f"""
    SELECT force, {_month("used_at")}, count(*) AS reports, count(*) FILTER (person_injury {_INJURED}) AS subjects_injured,
        count(*) FILTER (officer_injury {_INJURED}) AS officers_injured
    FROM {known("powers.use_of_force")} GROUP BY ALL
    """,
)
_DEVICES = Count(
    "powers.use_of_force_tactic",
    f"""
    SELECT force, {_month("used_at")}, count(*) AS device_uses, count(*) FILTER (stage IN ('fired', 'drive-stunned')) AS device_discharges
    FROM {known("powers.use_of_force_tactic")} WHERE tactic = 'conducted energy device' GROUP BY ALL
    """,
)

_ABUSE = f"""(SELECT force, incident_id, {_month("reported_at")} FROM {known("responding.incident")} WHERE domestic_abuse)"""
_ABUSE_INCIDENTS = Count(
    "responding.incident",
    f"SELECT force, month_on, count(*) AS incidents FROM {_ABUSE} GROUP BY ALL",
)
#: What was completed had been offered, also where the record does not say so; who declined at first and agreed later
#: counts as completed alone.
_ASSESSED = Count(
    "vulnerable.risk_assessment",
    f"""
    SELECT force, month_on, count(*) FILTER (offered OR completed_at IS NOT NULL) AS assessments_offered, count(completed_at) AS assessments_completed,
        count(*) FILTER (declined AND completed_at IS NULL) AS assessments_declined
    FROM {_ABUSE} JOIN {known("vulnerable.risk_assessment")} USING (force, incident_id) GROUP BY ALL
    """,
)
_ABUSE_ARRESTS = Count(
    "powers.arrest",
    f"""
    SELECT force, month_on, count(*) AS arrests FROM {_ABUSE} JOIN {known("powers.arrest")} USING (force, incident_id) GROUP BY ALL
    """,
)

_BAIL = Count(
    "offenders.bail_period",
    f"""
    SELECT force, {_DAY}, CASE kind WHEN 'released under investigation' THEN kind ELSE 'bail before charge' END AS release_kind, count(*) AS suspects,
        count(*) FILTER (recorded_limit_on < {ON}) AS past_limit, count(*) FILTER (first_on < {ON} - 180) AS over_180_days
    FROM (SELECT *, min({local_day("starts_at")}) OVER (PARTITION BY force, crime_id, suspect_id) AS first_on FROM {known("offenders.bail_period")})
    WHERE ended_at IS NULL GROUP BY ALL
    """,
)

#: The register's own dates of what is due next are those of this day (see `managed`); of another one they are not
#: known.
_REGISTER_OF = last_day(parse_month("2025-03"))
_OFFENDERS = Count(
    "offenders.managed_offender",
    f"""
    SELECT force, {_DAY}, coalesce(risk_level, 'not assessed') AS risk_level, count(*) AS offenders_managed,
        count(*) FILTER (management = 'reactive') AS reactively_managed,
        CASE WHEN {ON} = DATE '{_REGISTER_OF}' THEN count(*) FILTER (visit_due_on < {ON}) END AS visits_overdue
    FROM {known("offenders.managed_offender")}
    WHERE category = 'registered sex offender' AND coalesce(managed_until_on > {ON}, true)
        AND coalesce(whereabouts NOT IN ('in custody', 'in hospital', 'abroad'), true)
    GROUP BY ALL
    """,
)

_SERVING = f"""(SELECT force, employee_id, worker_type, full_time_equivalent FROM {known("workforce.employee")}
    WHERE joined_on <= {ON} AND coalesce(left_on >= {ON}, true))"""
_WORKFORCE = Count(
    "workforce.employee",
    f"""
    SELECT force, {_DAY}, worker_type, count(*) AS headcount, sum(full_time_equivalent) AS full_time_equivalents FROM {_SERVING} GROUP BY ALL
    """,
)
_ABSENT = Count(
    "workforce.absence",
    f"""
    SELECT force, {_DAY}, worker_type, count(*) AS absent_long_term
    FROM (SELECT DISTINCT force, employee_id FROM {known("workforce.absence")} WHERE {ON} - started_on + 1 > 28 AND coalesce(ended_on >= {ON}, true))
    JOIN {_SERVING} USING (force, employee_id) GROUP BY ALL
    """,
)
_NO_EQUIVALENT = {"full_time_equivalents": DOES_NOT_APPLY}


def _accredited(accreditation: str, where: str, holds: str, trains: str) -> str:
    return f"SELECT force, {accreditation} AS accreditation, vacant, {holds} AS holds, {trains} AS trains FROM {known('investigating.post')} WHERE {where}"


#: Whoever holds a level holds those below it.
_HOLDS = "holder_level LIKE 'PIP%' AND holder_level >= level_needed"
_POSTS = Count(
    "investigating.post",
    f"""
    SELECT force, {_DAY}, accreditation, count(*) AS posts, count(*) FILTER (NOT vacant) AS posts_filled, count(*) FILTER (holds) AS holders_accredited,
        count(*) FILTER (trains AND NOT coalesce(holds, false)) AS holders_in_training
    FROM ({_accredited("level_needed", "level_needed LIKE 'PIP%'", _HOLDS, "holder_training_for = level_needed")}
          UNION ALL {_accredited("'SSAIDP'", "sexual_offences_accreditation_needed", "holder_sexual_offences_accredited", "NULL")}
          UNION ALL {_accredited("'SCAIDP'", "child_abuse_accreditation_needed", "holder_child_abuse_accredited", "NULL")})
    GROUP BY ALL
    """,
)
#: A post says no more of these than whether its holder has one.
_NO_TRAINING: Mapping[str, object] = {"holders_in_training": None}

_EXHIBITS = Count(
    "investigating.digital_exhibit",
    f"""
    SELECT force, {_DAY}, count(*) AS exhibits_waiting, count(*) FILTER (days > 90) AS waiting_over_90_days, max(days) AS oldest_days
    FROM (SELECT force, {ON} - {local_day("submitted_at")} AS days FROM {known("investigating.digital_exhibit")}
          WHERE submitted_at IS NOT NULL AND started_at IS NULL AND withdrawn_at IS NULL
              AND coalesce(decision NOT IN ('returned for more detail', 'refused', 'withdrawn'), true))
    GROUP BY ALL
    """,
    {"oldest_days": DOES_NOT_APPLY},
)

#: Record type of a returned count -> what its table says. Finance is not among them: the nation's lines of money come
#: as extracts, and the same lines in a return would take their place with fewer columns.
TABLES: Mapping[str, Counted] = {
    "responding.returned_calls": Counted((_CALLS,)),
    "responding.returned_online_contact": Counted((_ONLINE,), {"text message": _NO_CHANNEL}),
    "responding.returned_incidents": Counted(
        (_INCIDENTS,), {"without attendance": {"attended_in_target": DOES_NOT_APPLY}}
    ),
    "investigating.returned_crimes": Counted((_CRIMES, _CANCELLED)),
    "investigating.returned_outcomes": Counted((_OUTCOMES,)),
    "powers.returned_searches": Counted((_SEARCHES,)),
    "powers.returned_use_of_force": Counted((_FORCE, _DEVICES)),
    "vulnerable.returned_domestic_abuse": Counted((_ABUSE_INCIDENTS, _ASSESSED, _ABUSE_ARRESTS)),
    "offenders.returned_bail": Counted(
        (_BAIL,), {"released under investigation": {"past_limit": DOES_NOT_APPLY}}
    ),
    "offenders.returned_registered_offenders": Counted((_OFFENDERS,)),
    "workforce.returned_workforce": Counted(
        (_WORKFORCE, _ABSENT), {"special constable": _NO_EQUIVALENT, "volunteer": _NO_EQUIVALENT}
    ),
    "investigating.returned_investigators": Counted(
        (_POSTS,), {"SSAIDP": _NO_TRAINING, "SCAIDP": _NO_TRAINING}
    ),
    "investigating.returned_digital_exhibits": Counted((_EXHIBITS,)),
}


#: The record types that are counted.
COUNTED_TYPES = tuple(dict.fromkeys(c.of for t in TABLES.values() for c in t.counts))
