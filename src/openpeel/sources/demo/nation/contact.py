"""Calls and their legs, contact online, channels switched off: who asks, and how long it takes to be heard."""

from __future__ import annotations

from openpeel.sources.demo.nation.draws import after, chance, mixed, one_of, pick, spread, u, wait
from openpeel.sources.demo.nation.made import Made
from openpeel.sources.demo.nation.parameters import parameter
from openpeel.sources.demo.nation.places import person
from openpeel.sources.demo.nation.staff import employee, somebody, staff_number, team_of
from openpeel.sources.demo.nation.streams import reference, stream

CALLS_999 = parameter("calls_999", 165, 30, 90, 300)  # per 1,000 residents a year
CALLS_101 = parameter("calls_101", 150, 35, 60, 300)
ONLINE = parameter("online", 45, 15, 10, 120)
ANSWERED_IN_10 = parameter("answered_in_10", 0.88, 0.05, 0.6, 0.98)
WAIT_101 = parameter("wait_101", 130, 50, 30, 400)  # mean seconds in the queue at an ordinary hour
#: Mean seconds a caller to 101, and to 999, stays in a queue.
_PATIENCE_101, _PATIENCE_999 = 1100, 900
#: Share of calls, and of contacts online, that become an incident.
_TO_INCIDENT = "CASE WHEN line = '999' THEN 0.46 ELSE 0.24 END"
_ONLINE_TO_INCIDENT = 0.12

_REASONS = {
    "Domestic incident": 12, "Violence": 10, "Theft": 9, "Burglary": 4, "Vehicle": 8, "Antisocial behaviour": 15,
    "Concern for welfare": 16, "Missing person": 4, "Road": 12, "Suspicious": 8, "Other": 2,
}  # fmt: skip
#: The published clock starts at the transfer, a second or two before the force's own: 1 to 8 seconds are in ten.
_QUICK = f"1 + floor({u('answer')} * 8)"
_SLOW = f"10 + {spread('slow', 20, 0.9)}"

CALLS = Made(
    "_calls",
    f"""
    SELECT *, {reference("T-")} || CASE WHEN line = '999' THEN 'A' ELSE 'B' END AS call_id, {mixed("incident of a call")} AS _incident_k,
        seconds > patience AND NOT answered_quickly AS gave_up,
        {chance("to incident", _TO_INCIDENT)} AND (seconds <= patience OR answered_quickly) AS to_incident
    FROM (SELECT *, line = '999' AND {u("quick")} < answered_in_10 AS answered_quickly,
              CASE WHEN line = '101' THEN {wait("answer", "wait_101 * busy")}
                   WHEN {u("quick")} < answered_in_10 THEN {_QUICK} ELSE {_SLOW} END AS seconds,
              CASE WHEN line = '101' THEN {wait("patience", _PATIENCE_101)} ELSE {wait("patience", _PATIENCE_999)} END
                  AS patience,
              {pick("reason", _REASONS)} AS reason
          FROM (SELECT *, count(*) OVER (PARTITION BY force, line, date_trunc('hour', moment))
                    / greatest(1.0, count(*) OVER (PARTITION BY force, line, month) / 730.0) AS busy
                FROM (SELECT '999' AS line, * FROM ({stream("call 999", "calls_999")})
                      UNION ALL SELECT '101', * FROM ({stream("call 101", "calls_101")}))))
    """,
)

_HANDLER = staff_number("contact", "handler")
CALL = Made(
    "responding.call",
    f"""
    SELECT force, _k, month, call_id, line, received_at, seconds,
        CASE WHEN line = '999' THEN {after("received_at", "-1 - floor(" + u("transfer") + " * 2)")} END
            AS transfer_started_at,
        CASE WHEN line = '999' THEN (3 + floor({u("operator")} * 12))::BIGINT END AS operator_answer_seconds,
        answered_at, abandoned_at, coalesce({after("answered_at", spread("talk", 240, 0.7))}, abandoned_at) AS ended_at,
        CASE WHEN gave_up THEN 'abandoned' ELSE 'answered' END AS result,
        line = '999' AND {chance("silent", 0.04)} AS silent,
        CASE WHEN NOT gave_up THEN reason END AS call_reason,
        CASE WHEN NOT gave_up THEN {chance("for police", 0.86)} END AS for_police,
        CASE WHEN NOT gave_up THEN {employee(_HANDLER)} END AS call_handler_id,
        CASE WHEN NOT gave_up THEN {team_of("contact", _HANDLER)} END AS team,
        CASE WHEN NOT gave_up AND {chance("caller known", 0.8)} THEN {person("caller")} END AS caller_id,
        CASE WHEN to_incident THEN {reference("INC-")} || CASE WHEN line = '999' THEN 'A' ELSE 'B' END END AS incident_id
    FROM (SELECT *, moment AS received_at, CASE WHEN NOT gave_up THEN {after("moment", "seconds")} END AS answered_at,
              CASE WHEN gave_up THEN {after("moment", "patience")} END AS abandoned_at FROM _calls)
    """,
    later={"ended_at": ()},
)

LEG = Made(
    "responding.call_leg",
    f"""
    SELECT force, _k, call_id, 1 AS leg_number, CASE WHEN line = '999' THEN 'queue' ELSE 'switchboard' END AS stage,
        CASE WHEN line = '999' THEN '999 emergency' ELSE '101 switchboard' END AS queue, moment AS entered_at,
        CASE WHEN line = '999' AND NOT gave_up THEN {after("moment", "seconds")}
             WHEN line = '101' THEN {after("moment", "1")} END AS answered_at,
        CASE WHEN line = '999' AND gave_up THEN {after("moment", "patience")} END AS abandoned_at,
        CASE WHEN line = '101' THEN {after("moment", "2")} END AS diverted_at,
        CASE WHEN line = '101' THEN '101 queue' END AS diverted_to,
        CASE WHEN line = '101' THEN {after("moment", "2")} END AS left_at,
        CASE WHEN line = '101' THEN 'diverted' WHEN gave_up THEN 'abandoned' ELSE 'answered' END AS ending,
        CASE WHEN line = '999' THEN 1 ELSE 3 END AS priority,
        CASE WHEN line = '999' AND NOT gave_up THEN {employee(_HANDLER)} END AS call_handler_id
    FROM _calls
    UNION ALL
    SELECT force, _k, call_id, 2, 'queue', '101 queue', moment + INTERVAL 2 SECOND,
        CASE WHEN NOT gave_up THEN {after("moment", "2 + seconds")} END,
        CASE WHEN gave_up THEN {after("moment", "2 + patience")} END, NULL, NULL, NULL,
        CASE WHEN gave_up THEN 'abandoned' ELSE 'answered' END, 3,
        CASE WHEN NOT gave_up THEN {employee(_HANDLER)} END
    FROM _calls WHERE line = '101'
    """,
)

_CHANNELS = {"webchat": 30, "Single Online Home": 45, "email": 12, "social media": 10, "other online": 3}
_WORDS = (
    "He is outside the house again",
    "My bike was taken",
    "Noise again last night",
    "I want an update",
    "Fight outside",
)

ONLINE_CONTACT = Made(
    "responding.online_contact",
    f"""
    SELECT * EXCLUDE (to_incident),
        CASE WHEN to_incident THEN {reference("INC-")} || 'C' END AS incident_id,
        CASE WHEN left_at IS NOT NULL THEN 'left by the sender' WHEN to_incident THEN 'incident opened'
             ELSE {pick("result", {"answered": 5, "crime recorded": 2, "sent to another channel": 1, "no action needed": 2})}
             END AS result
    FROM (SELECT force, _k, month, n, moment, {reference("OC-")} AS contact_id, channel, moment AS received_at,
              CASE WHEN channel = 'webchat' THEN 'Public website' END AS platform,
              CASE WHEN NOT gave_up THEN {after("moment", "waited * 0.8")} END AS opened_at,
              CASE WHEN NOT gave_up THEN {after("moment", "waited")} END AS first_reply_at,
              CASE WHEN gave_up THEN {after("moment", wait("stays", 500))} END AS left_at,
              CASE WHEN NOT gave_up THEN {after("moment", "waited + " + spread("close", 2400, 1.0))} END AS closed_at,
              {one_of("text", list(_WORDS))} AS contact_text, {chance("flagged", 0.12)} AS flagged,
              {chance("vulnerable", 0.09)} AS vulnerable, {chance("domestic", 0.06)} AS domestic_abuse,
              {chance("emergency", 0.02)} AS emergency,
              CASE WHEN NOT gave_up THEN {somebody("contact", "operator")} END AS operator_id, 'Digital desk' AS team,
              {chance("to incident", _ONLINE_TO_INCIDENT)} AND NOT gave_up AS to_incident
          FROM (SELECT *, channel = 'webchat' AND {u("leaves")} < 0.12 AS gave_up,
                    CASE WHEN channel = 'webchat' THEN {spread("reply", 180, 0.9)} ELSE {spread("reply", 9000, 1.1)} END
                        AS waited
                FROM (SELECT *, {pick("channel", _CHANNELS)} AS channel FROM ({stream("online", "online")}))))
    """,
    later={"first_reply_at": ("operator_id",), "closed_at": ("result", "incident_id")},
)

OUTAGE = Made(
    "responding.channel_outage",
    f"""
    SELECT force, _k, {reference("OUT-", 4)} AS outage_id, 'webchat' AS channel, moment AS switched_off_at,
        {after("moment", spread("off", 5400, 0.5))} AS switched_on_at,
        {pick("why", {"high demand": 6, "too few staff": 3, "technical fault": 1})} AS outage_reason, true AS decided,
        {somebody("contact", "decider")} AS decided_by_id, {chance("told", 0.7)} AS public_told, '101' AS offered_instead
    FROM ({stream("outage", "14", "1.0")})
    """,
)

TABLES = (CALLS, CALL, LEG, ONLINE_CONTACT, OUTAGE)
