"""Contracts with victims on updates, and the updates: what was owed, when the victim was told, what was missed."""

from __future__ import annotations

from openpeel.sources.demo.nation.days import at_hour, local_day, working_days_later
from openpeel.sources.demo.nation.draws import after, chance, pick, u, wait
from openpeel.sources.demo.nation.made import Made
from openpeel.sources.demo.nation.parameters import parameter

CONTRACT_KEPT = parameter("contract_kept", 0.82, 0.08, 0.4, 0.98)
TOLD_IN_TIME = parameter("told_in_time", 0.8, 0.08, 0.4, 0.98)  # updates under the Victims' Code

_WANTED: dict[str, float | str] = {
    "at intervals": 68,
    "when something happens": 20,
    "at the end only": 9,
    "none": 3,
}
_METHODS: dict[str, float | str] = {
    "telephone": 52,
    "email": 24,
    "text message": 15,
    "in person": 6,
    "letter": 2,
    "online portal": 1,
}

CONTRACTS = Made(
    "_contracts",
    f"""
    SELECT *, CASE WHEN changes THEN {after("from_at", f"open_seconds * (0.2 + 0.6 * {u('changes when')})")} END AS changed_at,
        CASE WHEN wanted = 'at intervals' THEN CASE WHEN domestic_abuse THEN 14 ELSE 28 END END AS days_between, {chance("kept", CONTRACT_KEPT)} AS kept
    FROM (SELECT v.force, v._k, v.crime_id, v.victim_id, v.officer_id, v.team, v.domestic_abuse, v.contract_kept, v.told_in_time,
              e.contract_agreed_at AS from_at, {pick("wanted", _WANTED, "v._k")} AS wanted, CASE WHEN v.assigned_at > e.contract_agreed_at THEN v.assigned_at END AS ends_at,
              date_diff('second', e.contract_agreed_at, v.assigned_at) AS open_seconds, v.support,
              v.assigned_at > e.contract_agreed_at + INTERVAL 20 DAY AND {chance("changes", 0.05, "v._k")} AS changes
          FROM (SELECT * FROM _victims JOIN (SELECT force, {CONTRACT_KEPT}, {TOLD_IN_TIME} FROM facts) USING (force)) v
          JOIN "victims.victim_entitlement" e USING (force, crime_id, victim_id)
          WHERE e.contract_agreed_at IS NOT NULL AND v.standing = 'recorded' AND (v.assigned_at IS NULL OR v.assigned_at > e.contract_agreed_at))
    """,
)

CONTRACT = Made(
    "victims.victim_contract",
    f"""
    SELECT force, _k, crime_id, victim_id, 1 AS contract_number, from_at, coalesce(changed_at, ends_at) AS to_at, wanted AS updates_wanted,
        days_between AS days_between_updates, {pick("method", _METHODS)} AS method, 'Officer in the case' AS told_by,
        {local_day("from_at")} + (days_between)::INTEGER AS first_due_on, officer_id, team,
        CASE WHEN changed_at IS NOT NULL THEN 'changed at the victim''s wish' WHEN ends_at IS NULL THEN NULL
             WHEN support = 'withdrawn' THEN 'support withdrawn' ELSE 'investigation closed' END AS end_reason,
        CASE WHEN coalesce(changed_at, ends_at) IS NOT NULL AND {chance("kept known", 0.94)} THEN kept END AS kept
    FROM _contracts
    UNION ALL
    SELECT force, hash(_k), crime_id, victim_id, 2, changed_at, ends_at, 'when something happens', NULL, {pick("second method", _METHODS)},
        'Officer in the case', NULL, officer_id, team, 'investigation closed', CASE WHEN {chance("kept known", 0.94)} THEN kept END
    FROM _contracts WHERE changed_at IS NOT NULL
    """,
    later={"to_at": ("end_reason", "kept")},
)

#: Every moment of a suspect's case that the Code wants the victim told of.
_EVENTS = """
    SELECT force, crime_id, suspect_id, _k, 1 AS turn, CASE way WHEN 'arrest' THEN 'arrest' ELSE 'voluntary interview' END AS event,
        CASE way WHEN 'arrest' THEN arrested_at ELSE interviewed_at END AS arose_at, NULL AS bail_id
    FROM _suspects WHERE way IS NOT NULL
    UNION ALL
    SELECT force, crime_id, suspect_id, _k, 2, CASE kind WHEN 'bail' THEN 'bail' ELSE 'release under investigation' END, starts_at, bail_id
    FROM "offenders.bail_period"
    UNION ALL
    SELECT force, crime_id, suspect_id, _k, 3, 'change of bail', decided_at, bail_id
    FROM (SELECT x.force, b.crime_id, b.suspect_id, x._k, x.decided_at, x.bail_id FROM "offenders.bail_extension" x
          JOIN "offenders.bail_period" b USING (force, bail_id) WHERE x.decision = 'extended')
    UNION ALL
    SELECT force, crime_id, suspect_id, _k, 4, CASE decision WHEN 'charge' THEN 'charge' WHEN 'out of court' THEN 'caution or other disposal'
        ELSE 'no further action' END, decided_at, NULL
    FROM _suspects WHERE way IS NOT NULL"""

DUE = Made(
    "_updates",
    f"""
    SELECT force, hash(xor(v._k, hash(e._k + turn))) AS _k, crime_id, victim_id, 'Victims'' Code' AS due_under, event, arose_at,
        {working_days_later(local_day("arose_at"), 1)} AS soon_on, {working_days_later(local_day("arose_at"), 5)} AS later_on, enhanced,
        e.suspect_id, bail_id, told_in_time, v.officer_id, v.team, NULL::BOOLEAN AS kept, victim
    FROM ({_EVENTS}) e JOIN (SELECT * FROM _victims JOIN (SELECT force, {TOLD_IN_TIME} FROM facts) USING (force)) v USING (force, crime_id)
    WHERE victim <> 'state'
    UNION ALL
    SELECT force, hash(xor(_k, hash(turn))), crime_id, victim_id, 'victim contract', 'date of the contract',
        {at_hour("due_on", "16")}, due_on, due_on, NULL, NULL, NULL, told_in_time, officer_id, team, kept, 'person'
    FROM (SELECT *, {local_day("from_at")} + (turn * days_between)::INTEGER AS due_on
          FROM (SELECT *, unnest(range(1, 1 + least(3, date_diff('day', from_at, coalesce(changed_at, ends_at, from_at + INTERVAL 100 DAY)) // days_between))) AS turn
                FROM _contracts WHERE days_between IS NOT NULL))
    """,
)

_IN_TIME = f"CASE WHEN kept THEN true WHEN kept IS NOT NULL THEN {chance('in time', 0.35)} ELSE {chance('in time', 'told_in_time')} END"
_NEVER = chance("never", 0.4)
_LIMIT = at_hour("due_day", "23.9997")

UPDATE = Made(
    "victims.victim_update",
    f"""
    SELECT force, _k, crime_id, victim_id, update_number, due_under, event, arose_at, {_LIMIT} AS due_at, suspect_id, bail_id, opted_out,
        CASE WHEN sent_at IS NOT NULL THEN {after("sent_at", "-CASE WHEN attempts > 1 THEN least(0.7 * date_diff('second', least(arose_at, sent_at), sent_at), " + wait("tried", 60000) + ") ELSE 0 END")} END
            AS attempted_at,
        CASE WHEN sent_at IS NOT NULL THEN attempts WHEN told = false THEN 0 END AS attempts, told, sent_at,
        CASE WHEN sent_at IS NOT NULL THEN {pick("method", _METHODS)} END AS method,
        CASE WHEN sent_at IS NOT NULL THEN {pick("told to", {"victim": 90, "family": 3, "parent or guardian": 5, "representative": 1, "support service": 1})} END
            AS told_to, officer_id, team,
        CASE WHEN opted_out THEN 'asked not to be told' WHEN told = false THEN {pick("why", {"Not reached": 45, "Overlooked": 30, "Officer absent": 15, "": 10})}
             WHEN sent_at > {_LIMIT} THEN {pick("why late", {"Officer absent": 35, "Not reached": 45, "": 20})} END AS not_told_reason
    FROM (SELECT *, 1 + floor({wait("attempts", 0.6)})::BIGINT AS attempts,
              CASE WHEN opted_out OR NOT in_time AND never THEN CASE WHEN {chance("told known", 0.93)} THEN false END ELSE true END AS told,
              CASE WHEN opted_out OR NOT in_time AND never THEN NULL
                   WHEN due_under = 'victim contract' THEN {after("arose_at", f"CASE WHEN in_time THEN -21600 * {u('sent')} ELSE 40000 + {wait('late', 500000)} END")}
                   WHEN in_time THEN {after("arose_at", f"1800 + (date_diff('second', arose_at, {_LIMIT}) - 7200) * pow({u('sent')}, 2)")}
                   ELSE {after(_LIMIT, f"3600 + {wait('late', 500000)}")} END AS sent_at
          FROM (SELECT *, CASE WHEN enhanced THEN soon_on ELSE later_on END AS due_day, {_IN_TIME} AS in_time, {_NEVER} AS never,
                    due_under = 'Victims'' Code' AND {chance("opted out", 0.03)} AS opted_out,
                    row_number() OVER (PARTITION BY force, crime_id, victim_id ORDER BY arose_at, _k) AS update_number
                FROM _updates))
    """,
    later={"sent_at": ("attempted_at", "attempts", "told", "method", "told_to", "not_told_reason")},
)

TABLES = (CONTRACTS, CONTRACT, DUE, UPDATE)
