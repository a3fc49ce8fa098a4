"""Protective orders: sought, granted, checked, breached.

A notice and the order that follows it are made with the incident; orders made by courts come as a stream. Checks
and breaches lie within the time an order holds.
"""

from __future__ import annotations

from openpeel.sources.demo.nation.abuse import partner
from openpeel.sources.demo.nation.days import local_day
from openpeel.sources.demo.nation.draws import after, chance, mixed, pick, spread, u
from openpeel.sources.demo.nation.made import Made
from openpeel.sources.demo.nation.parameters import parameter
from openpeel.sources.demo.nation.places import area, person
from openpeel.sources.demo.nation.staff import employee, staff_number, team_of
from openpeel.sources.demo.nation.streams import reference, stream

CONSIDERED = parameter("orders_considered", 0.13, 0.05, 0.02, 0.4)  # of assessments above standard
SOUGHT = parameter("orders_sought", 0.45, 0.15, 0.1, 0.9)
IN_48_HOURS = parameter("orders_heard_in_48", 0.93, 0.04, 0.6, 1.0)
BY_COURTS = parameter("orders_by_courts", 0.55, 0.15, 0.2, 1.2)  # per 1,000 residents a year
CHECKED = parameter("orders_checked", 0.62, 0.18, 0.1, 0.98)  # of checks that are due

_COURT_TYPES = {
    "non-molestation order": 46, "restraining order": 34, "stalking protection order": 4, "sexual harm prevention order": 11,
    "occupation order": 2, "sexual risk order": 1, "forced marriage protection order": 1, "slavery and trafficking order": 1,
}  # fmt: skip
_WHY_NOT = {"victim did not want it": 3, "other order in force": 2, "suspect in custody": 2, "": 3}
_INTERVAL, _MOST_CHECKS = 7, 8

ORDERS = Made(
    "_orders",
    f"""
    WITH noticed AS (
        SELECT *, {u("sought")} < {SOUGHT} AS is_sought, {after("considered_at", "1800 + " + spread("authorised", 9000, 0.6))} AS sought_at
        FROM (SELECT a.force, {mixed("order", "a._k")} AS _k, a.month, a.incident_id, a.crime_id, a._crime_recorded_at, a.victim_id, a.suspect_id, a.seen_at AS considered_at,
                  a.local_policing_area, f.people, f.persons, f.{SOUGHT}, f.{IN_48_HOURS}, f.{CHECKED}
              FROM "vulnerable.risk_assessment" a JOIN facts f USING (force)
              WHERE a.victim_seen AND a.grade IN ('high', 'medium') AND {u("considered", "a._k")} < f.{CONSIDERED})),
    served AS (
        SELECT *, replace(incident_id, 'INC', 'PO') AS stem, {after("sought_at", "600 + 9000 * " + u("served"))} AS served_at,
            {after("sought_at", f"9600 + CASE WHEN {chance('in time', IN_48_HOURS)} THEN 40000 + 120000 * {u('heard')} ELSE 180000 + {spread('heard late', 90000, 0.6)} END")}
                AS hearing_at
        FROM noticed)
    SELECT force, _k, month, stem || 'N' AS order_id, 'domestic violence protection notice' AS order_type, NULL AS follows_order_id, victim_id,
        suspect_id AS offender_id, incident_id, crime_id, _crime_recorded_at, considered_at AS raised_at, is_sought,
        'police' AS sought_by, sought_at, served_at, hearing_at, 'granted' AS result, {local_day("served_at")} AS granted_on,
        greatest({local_day("hearing_at")}, {local_day("served_at")}) AS ends_on, false AS checks, people, {CHECKED}, local_policing_area
    FROM served
    UNION ALL
    SELECT force, {mixed("second order")}, month, stem || 'O', 'domestic violence protection order', stem || 'N', victim_id, suspect_id, incident_id, crime_id, _crime_recorded_at,
        served_at, true, 'police', served_at, {after("hearing_at", "3600")}, hearing_at, {pick("result", {"granted": 88, "refused": 8, "withdrawn": 4})},
        {local_day("hearing_at")}, {local_day("hearing_at")} + 27, true, people, {CHECKED}, local_policing_area
    FROM served WHERE is_sought
    UNION ALL
    SELECT force, _k, month, {reference("PO-")} || 'ZC', {pick("type", _COURT_TYPES)}, NULL, victim_id, {partner("victim_id")}, NULL, NULL, NULL, moment, true,
        {pick("by", {"victim": 45, "prosecutor": 38, "court of its own motion": 5, "police": 12})}, moment,
        {after("moment", "86400 + " + spread("served", 200000, 0.7))}, moment, 'granted', {local_day("moment")},
        {local_day("moment")} + (CASE WHEN {u("term")} < 0.6 THEN 364 ELSE 1825 END)::INTEGER, {chance("checks", 0.35)}, people, {CHECKED}, area
    FROM (SELECT *, {person("protected")} AS victim_id, {area()} AS area FROM ({stream("court order", BY_COURTS)}))
    """,
)

#: A breach, if there is one, comes on a day of the first three months; a check may find it.
_FINDS = "checks AND hash(xor(_k, 77)) % 100 < 30"
HELD = Made(
    "_held",
    f"""
    SELECT *, {after("breached_at", f"CASE WHEN found_by_check THEN 3600 ELSE 300 + {spread('found', 7200, 1.2)} END")} AS found_at,
        CASE WHEN breached_at IS NOT NULL THEN replace(order_id, 'PO', 'OB') END AS order_breach_id
    FROM (SELECT *, CASE WHEN holds AND {chance("breached", 0.23)} THEN CASE WHEN found_by_check THEN
                  {after("granted_on::TIMESTAMP", f"{_INTERVAL} * 86400 * (1 + floor({u('check')} * least({_MOST_CHECKS}, days // {_INTERVAL}))) + 63000")}
                  ELSE {after("granted_on::TIMESTAMP", "70000 + 86400 * floor(" + u("day") + " * days)")} END END AS breached_at
          FROM (SELECT *, is_sought AND result = 'granted' AND order_type <> 'domestic violence protection notice' AS holds,
                    least(90, ends_on - granted_on) AS days, {_FINDS} AS found_by_check FROM _orders))
    """,
)

_OFFICER = staff_number("public protection", "order")
ORDER = Made(
    "vulnerable.protective_order",
    f"""
    SELECT force, _k, month, order_id, order_type, follows_order_id, victim_id, offender_id, incident_id, crime_id, {local_day("raised_at")} AS raised_on,
        CASE WHEN is_sought THEN 'sought' ELSE 'not sought' END AS sought, CASE WHEN NOT is_sought THEN {pick("why not", _WHY_NOT)} END AS not_sought_reason,
        CASE WHEN is_sought THEN sought_by END AS sought_by, CASE WHEN is_sought THEN sought_at END AS sought_at,
        CASE WHEN is_sought AND order_type = 'domestic violence protection notice' THEN 'superintendent' END AS authoriser_rank,
        CASE WHEN sought_by = 'police' THEN {chance("views", 0.9)} END AS victim_views_taken,
        CASE WHEN is_sought AND result = 'granted' THEN served_at END AS served_at, CASE WHEN is_sought THEN hearing_at END AS hearing_at,
        CASE WHEN is_sought THEN result END AS result, CASE WHEN is_sought AND result = 'granted' THEN granted_on END AS granted_on,
        CASE WHEN is_sought AND result = 'granted' THEN granted_on END AS starts_on,
        CASE WHEN is_sought AND result = 'granted' AND NOT endless THEN ends_on END AS ends_on,
        CASE WHEN is_sought AND result = 'granted' THEN endless END AS until_further_notice, CASE WHEN holds THEN breached_at IS NOT NULL END AS breached,
        CASE WHEN holds THEN checks END AS checks_due, CASE WHEN holds AND checks THEN {_INTERVAL} END AS check_interval_days,
        {employee(_OFFICER)} AS officer_id, {team_of("public protection", _OFFICER)} AS team, local_policing_area, _crime_recorded_at
    FROM (SELECT *, order_type = 'restraining order' AND {chance("endless", 0.3)} AS endless FROM _held)
    """,
    later={
        "sought_at": ("sought", "sought_by", "not_sought_reason", "authoriser_rank", "victim_views_taken"),
        "served_at": (), "hearing_at": (),
        "granted_on": ("result", "starts_on", "ends_on", "until_further_notice", "breached", "checks_due", "check_interval_days"),
        "_crime_recorded_at": ("crime_id",),
    },
)  # fmt: skip

BREACH = Made(
    "vulnerable.order_breach",
    f"""
    SELECT force, {mixed("breach")} AS _k, month, order_breach_id, order_id, CASE WHEN {chance("when known", 0.93)} THEN breached_at END AS breached_at, found_at,
        CASE WHEN found_by_check THEN 'check by the police' ELSE {pick("found by", {"report by the victim": 78, "partner": 14, "other": 8})} END AS found_by,
        action, CASE WHEN action NOT IN ('waiting', 'no action') THEN {after("found_at", "600 + " + spread("acts", 30000, 1.1))} END AS action_at,
        CASE action WHEN 'arrest' THEN {pick("result", {"charged": 6, "no further action": 3, "": 1})} END AS result
    FROM (SELECT *, {pick("action", {"arrest": 58, "voluntary interview": 12, "warning": 12, "no action": 12, "waiting": 6})} AS action
          FROM _held WHERE breached_at IS NOT NULL)
    """,
    later={"action_at": ("action", "result")},
)

_CHECKER = staff_number("neighbourhood", "checker")
CHECK = Made(
    "vulnerable.order_check",
    f"""
    SELECT force, _k, month, replace(order_id, 'PO', 'OC') || '-' || number::VARCHAR AS order_check_id, order_id, due_on, checked_at,
        CASE WHEN finds THEN 'visit to the person protected' ELSE {pick("method", {"visit to the person protected": 40, "call to the person protected": 30, "patrol past the address": 20, "visit to the person it is against": 10})} END AS method,
        CASE WHEN finds THEN 'breach found' WHEN {chance("nobody", 0.14)} THEN 'could not tell' ELSE 'kept' END AS result,
        CASE WHEN finds THEN order_breach_id END AS order_breach_id, {employee(_CHECKER)} AS officer_id, {team_of("neighbourhood", _CHECKER)} AS team
    FROM (SELECT *, CASE WHEN finds THEN found_at ELSE {after("due_on::TIMESTAMP", "36000 + 40000 * " + u("hour") + " + 86400 * floor(3 * " + u("day") + ")")} END AS checked_at
          FROM (SELECT *, granted_on + (number * {_INTERVAL})::INTEGER AS due_on,
                    found_by_check AND breached_at IS NOT NULL AND breached_at::DATE = granted_on + (number * {_INTERVAL})::INTEGER AS finds
                FROM (SELECT * EXCLUDE (_k), hash(xor(_k, hash(number))) AS _k
                      FROM (SELECT *, unnest(range(1, 1 + least({_MOST_CHECKS}, days // {_INTERVAL}))) AS number FROM _held WHERE holds AND checks))))
    WHERE finds OR {u("made")} < {CHECKED}
    """,
)

TABLES = (ORDERS, HELD, ORDER, BREACH, CHECK)
