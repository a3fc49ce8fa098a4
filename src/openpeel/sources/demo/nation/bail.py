"""Bail before charge and release under investigation: limits, extensions, lapses, the clock standing still, checks.

The limit counts from the day after the arrest: three months, then six and nine by rank, then a court. At the first
limit a case that is not decided is extended, changed to release under investigation, left to lapse, or its clock
stands still while a prosecutor decides.
"""

from __future__ import annotations

from openpeel.sources.demo.nation.days import at_hour, local_day, months_later
from openpeel.sources.demo.nation.draws import after, chance, one_of, pick, u, wait
from openpeel.sources.demo.nation.made import Made
from openpeel.sources.demo.nation.parameters import parameter
from openpeel.sources.demo.nation.staff import employee, somebody, staff_number, supervisor, team_of
from openpeel.sources.demo.nation.streams import further

BAIL_LAPSES = parameter("bail_lapses", 0.06, 0.03, 0.0, 0.2)  # of periods not decided at the first limit
BAIL_TO_RUI = parameter("bail_to_rui", 0.14, 0.06, 0.02, 0.4)
CONDITION_CHECKS = parameter("condition_checks", 0.35, 0.15, 0.02, 0.9)  # of those due
BAIL_SERGEANT = parameter("bail_sergeant", 0.6, 0.25, 0.0, 0.98)  # periods that a bail sergeant looks at

_MONTHS = 3
_PAST = "kind = 'bail' AND decided_on > first_limit_on"
_FATE = pick(
    "fate",
    {
        "lapse": "bail_lapses",
        "change": "bail_to_rui",
        "suspended": "0.12",
        "extended": "0.88 - bail_lapses - bail_to_rui",
    },
)
_EXTENSIONS = "least(7, ceil(date_diff('day', first_limit_on, decided_on) / 91.0))::INTEGER"
_RISKY = "domestic_abuse OR child_abuse OR o = 'images'"

BAILS = Made(
    "_bails",
    f"""
    SELECT *, CASE WHEN fate = 'extended' THEN {_EXTENSIONS} ELSE 0 END AS extensions,
        kind = 'bail' AND {chance("conditions", f"CASE WHEN {_RISKY} THEN 0.95 ELSE 0.55 END")} AS conditions_set,
        CASE fate WHEN 'change' THEN {at_hour(f"first_limit_on - (1 + floor({u('changed')} * 5))::INTEGER", "10 + 6 * " + u("changed hour"))}
            WHEN 'lapse' THEN CASE WHEN {chance("noticed", 0.5)} THEN {at_hour("first_limit_on", "22.9")} ELSE decided_at END
            ELSE decided_at END AS ended_at,
        CASE WHEN fate = 'suspended' THEN {at_hour(f"first_limit_on - (2 + floor({u('sent')} * 12))::INTEGER", "9 + 7 * " + u("sent hour"))}
             WHEN kind = 'bail' AND fate IS NULL AND decision = 'charge' AND {chance("asked prosecutor", 0.45)}
             THEN {after("decided_at", f"-date_diff('second', starts_at, decided_at) * 0.4 * {u('sent')} - 10000")} END AS suspended_at
    FROM (SELECT *, CASE WHEN {_PAST} THEN {_FATE} END AS fate
          FROM (SELECT s.*, f.{BAIL_LAPSES}, f.{BAIL_TO_RUI}, f.{CONDITION_CHECKS}, f.{BAIL_SERGEANT}, left_at AS starts_at,
                    replace(own_arrest, 'AR-', 'B-') AS bail_id, CASE disposal WHEN 'bail before charge' THEN 'bail' ELSE disposal END AS kind,
                    {local_day("arrested_at")} AS arrested_on, {local_day("decided_at")} AS decided_on,
                    {months_later(local_day("arrested_at"), _MONTHS)} AS first_limit_on
                FROM _suspects s JOIN (SELECT force, {BAIL_LAPSES}, {BAIL_TO_RUI}, {CONDITION_CHECKS}, {BAIL_SERGEANT} FROM facts) f USING (force)
                WHERE disposal IN ('bail before charge', 'released under investigation')))
    """,
)

_LIMIT = (
    f"""CASE WHEN kind = 'bail' THEN {months_later("arrested_on", f"{_MONTHS} * (1 + extensions)")} END"""
)
_COMMON = """force, bail_id, kind, crime_id, suspect_id, custody_id, arrest_id, arrested_at, power, purpose, starts_at, recorded_limit_on,
    first_limit_on, return_at, returned, authoriser_rank, authoriser_id, agency, exceptionally_complex, conditions_set, no_contact_condition,
    exclusion_condition, residence_condition, curfew_condition, children_condition, devices_condition, other_condition,
    domestic_abuse, child_victim, indecent_images, victim_views_taken, ended_at, ended_by, change_reason, next_bail_id,
    bail_sergeant_checked_at, officer_id, team, supervisor_id, local_policing_area, _k, _before_recorded_limit_on, _last_extension_at"""
_ENDED_BY = "CASE decision WHEN 'charge' THEN 'charge' WHEN 'out of court' THEN 'out-of-court disposal' ELSE 'no further action' END"
_OFFICER = staff_number("investigation", "in the case")


def _condition(name: str, share: str) -> str:
    return f"CASE WHEN kind = 'bail' THEN conditions_set AND {chance(name, share)} END AS {name.replace(' ', '_')}_condition"


_RETURNED: dict[str, float | str] = {"answered": 66, "failed": 5, "cancelled": 14, "moved": 15}

PERIOD = Made(
    "offenders.bail_period",
    f"""
    WITH first AS (
        SELECT *, 'CU-' || substr(bail_id, 3) AS custody_id, own_arrest AS arrest_id,
            CASE kind WHEN 'bail' THEN 'PACE section 37(2)' ELSE 'PACE section 34' END AS power,
            CASE WHEN kind = 'bail' THEN CASE WHEN suspended_at IS NOT NULL AND {chance("why out", 0.4)} THEN 'charging decision' ELSE 'further enquiries' END
                ELSE 'further enquiries' END AS purpose,
            {_LIMIT} AS recorded_limit_on, CASE WHEN kind = 'bail' THEN first_limit_on END AS limit_on,
            CASE WHEN kind = 'bail' THEN {at_hour(f"{months_later('arrested_on', f'{_MONTHS} * (1 + extensions)')} - floor({u('return')} * 10)::INTEGER", "9 + 5 * " + u("return hour"))} END
                AS return_at,
            CASE WHEN kind = 'bail' THEN CASE WHEN {chance("authorised", 0.94)} THEN 'custody sergeant' ELSE 'inspector' END END AS authoriser_rank,
            CASE WHEN kind = 'bail' THEN {somebody("custody", "authoriser")} END AS authoriser_id, 'police' AS agency, false AS exceptionally_complex,
            {_condition("no contact", "CASE WHEN domestic_abuse THEN 0.95 ELSE 0.6 END")},
            {_condition("exclusion", "CASE WHEN domestic_abuse THEN 0.8 ELSE 0.45 END")}, {_condition("residence", "0.4")}, {_condition("curfew", "0.06")},
            {_condition("children", "CASE WHEN child_abuse OR o = 'images' THEN 0.9 ELSE 0.02 END")},
            {_condition("devices", "CASE WHEN o = 'images' THEN 0.9 ELSE 0.02 END")}, {_condition("other", "0.1")},
            child_abuse AS child_victim, o = 'images' AS indecent_images,
            CASE WHEN victim = 'person' THEN {chance("views", "CASE WHEN domestic_abuse THEN 0.72 ELSE 0.5 END")} END AS victim_views_taken,
            CASE fate WHEN 'change' THEN 'changed to release under investigation'
                 WHEN 'lapse' THEN CASE WHEN ended_at < decided_at THEN 'lapse' ELSE {_ENDED_BY} END ELSE {_ENDED_BY} END AS ended_by,
            CASE WHEN fate = 'change' THEN {one_of("change reason", ["limit reached", "no grounds to extend", "investigation not finished"])} END AS change_reason,
            CASE WHEN fate = 'change' THEN {further("bail_id", 20)} END AS next_bail_id,
            CASE WHEN kind = 'bail' AND {chance("sergeant", BAIL_SERGEANT)}
                 THEN {after("starts_at", f"least(date_diff('second', starts_at, ended_at), {wait('sergeant when', 400000)})")} END AS bail_sergeant_checked_at,
            {employee(_OFFICER)} AS officer_id, {team_of("investigation", _OFFICER)} AS team, {supervisor("investigation", "answers")} AS supervisor_id,
            CASE WHEN kind = 'bail' THEN first_limit_on END AS _before_recorded_limit_on, x.extended_at AS _last_extension_at
        FROM _bails b LEFT JOIN (SELECT force, bail_id, max(decided_at) AS extended_at FROM "offenders.bail_extension"
                                 WHERE decision = 'extended' GROUP BY force, bail_id) x USING (force, bail_id))
    SELECT {_COMMON.replace("first_limit_on", "limit_on AS first_limit_on")}
    FROM (SELECT *, CASE WHEN return_at < ended_at THEN {pick("returned", _RETURNED)} END AS returned FROM first)
    UNION ALL
    SELECT force, next_bail_id, 'released under investigation', crime_id, suspect_id, custody_id, arrest_id, arrested_at, 'PACE section 34',
        'further enquiries', ended_at, NULL, NULL, NULL, NULL, NULL, NULL, 'police', false, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
        domestic_abuse, child_victim, indecent_images, victim_views_taken, decided_at, {_ENDED_BY}, change_reason, NULL, NULL, officer_id, team,
        supervisor_id, local_policing_area, hash(_k), NULL, NULL
    FROM first WHERE next_bail_id IS NOT NULL
    """,
    later={
        "ended_at": ("ended_by", "change_reason", "next_bail_id", "returned"), "bail_sergeant_checked_at": (),
        "_last_extension_at": ("recorded_limit_on", "return_at"),
    },
)  # fmt: skip

_OLD = months_later("arrested_on", f"{_MONTHS} * turn")
_NEW = months_later("arrested_on", f"{_MONTHS} * (1 + turn)")

EXTENSION = Made(
    "offenders.bail_extension",
    f"""
    SELECT force, _k, 'BX-' || substr(bail_id, 3) || '-' || turn::VARCHAR AS bail_extension_id, bail_id, {after("decided_at", "-3600 - " + wait("asked", 150000))} AS applied_at,
        decided_at, CASE turn WHEN 1 THEN 'inspector' WHEN 2 THEN 'superintendent' ELSE 'magistrates'' court' END AS authoriser_rank,
        CASE WHEN turn < 3 THEN {supervisor("command", "extends")} END AS authoriser_id, decision, old_limit_on,
        CASE WHEN decision = 'extended' THEN new_limit_on END AS new_limit_on,
        {one_of("extension reason", ["phones being examined", "awaiting medical report", "witness to be found", "file with prosecutor"])} AS extension_reason,
        {chance("suspect asked", 0.82)} AS suspect_views_taken, {chance("victim asked", 0.55)} AS victim_views_taken
    FROM (SELECT force, people, hash(_k + turn) AS _k, bail_id, turn, decision, {_OLD} AS old_limit_on, {_NEW} AS new_limit_on,
              {at_hour(f"{_OLD} - (1 + floor({u('decided', 'hash(_k + turn)')} * 6))::INTEGER", f"9 + 7 * {u('decided hour', 'hash(_k + turn)')}")} AS decided_at
          FROM (SELECT * EXCLUDE (decision), unnest(range(1, 1 + extensions)) AS turn, 'extended' AS decision FROM _bails
                UNION ALL SELECT * EXCLUDE (decision), 1, 'refused' FROM _bails WHERE fate = 'change' AND {chance("refused", 0.25)}))
    """,
)

SUSPENSION = Made(
    "offenders.bail_suspension",
    f"""
    SELECT force, _k, 'BS-' || substr(bail_id, 3) AS bail_suspension_id, bail_id, suspended_at AS starts_at, {after("decided_at", "-3600")} AS ends_at,
        'charging decision with the prosecutor' AS suspension_reason
    FROM _bails WHERE suspended_at IS NOT NULL AND suspended_at >= starts_at AND suspended_at < decided_at - INTERVAL 2 HOUR
    """,
    later={"ends_at": ()},
)

_RESULT = pick("result", {"kept": 78, "breach found": 9, "could not tell": 13})
_CHECKER = staff_number("neighbourhood", "checks")
CHECK = Made(
    "offenders.bail_condition_check",
    f"""
    SELECT force, _k, 'BC-' || substr(bail_id, 3) || '-' || turn::VARCHAR AS bail_condition_check_id, bail_id, due_on,
        {at_hour(f"due_on + least(last_on - due_on, floor(3 * pow({u('late')}, 3))::INTEGER)::INTEGER", "8 + 13 * " + u("checked hour"))} AS checked_at,
        CASE WHEN o = 'images' THEN 'devices' ELSE {pick("condition", {"no contact": 50, "residence": 20, "exclusion": 15, "all": 15})} END AS condition,
        CASE WHEN o = 'images' THEN 'examination of devices' ELSE {pick("method", {"call to the victim": 50, "visit to the suspect": 30, "visit to the victim": 20})} END
            AS method, {_RESULT} AS result,
        CASE WHEN {_RESULT} = 'breach found' THEN {pick("action", {"arrest": 55, "warning": 25, "no action": 12, "waiting": 8})} END AS action,
        {employee(_CHECKER)} AS officer_id, {team_of("neighbourhood", _CHECKER)} AS team
    FROM (SELECT force, people, hash(_k + turn) AS _k, bail_id, turn, o, {local_day("starts_at")} + (turn * 14)::INTEGER AS due_on, last_on, {CONDITION_CHECKS}
          FROM (SELECT *, unnest(range(1, 1 + least(4, (last_on - {local_day("starts_at")} - 1) // 14))) AS turn
                FROM (SELECT *, {local_day("least(ended_at, decided_at)")} AS last_on FROM _bails WHERE conditions_set AND ({_RISKY}))))
    WHERE {chance("made", CONDITION_CHECKS)}
    """,
)

TABLES = (BAILS, EXTENSION, PERIOD, SUSPENSION, CHECK)
