"""Offenders under management: the register, visits by the level of risk, plans, and what visits find out.

`_offenders` is made once, from the forces: who is managed, how often a visit is due, when the person is away.
The register's own dates of what is due next are those of the last day of a nation of twelve months.
"""

from __future__ import annotations

from openpeel.engine.clock import parse_month
from openpeel.sources.demo.nation.draws import after, chance, mixed, number, pick, salt, spread, u, whole
from openpeel.sources.demo.nation.made import Made
from openpeel.sources.demo.nation.parameters import parameter
from openpeel.sources.demo.nation.places import area
from openpeel.sources.demo.nation.staff import among_first, employee, supervisor
from openpeel.sources.demo.nation.streams import YEAR_MONTH, further

MANAGED = parameter("managed_per_1000", 1.25, 0.2, 0.7, 2.2)
CASELOAD = parameter("managed_a_person", 48, 8, 30, 80)  # offenders a manager has
VISIT_LATE = parameter("managed_visit_late", 0.14, 0.07, 0.01, 0.5)
PLAN_LATE = parameter("managed_plan_late", 0.16, 0.07, 0.01, 0.5)
TWO_OFFICERS = parameter("managed_two_officers", 0.93, 0.05, 0.5, 1.0)
REVIEWED = parameter("managed_reviewed", 0.85, 0.08, 0.4, 0.99)
LOW_LEVEL_CRIMED = parameter("managed_low_level_crimed", 0.45, 0.15, 0.05, 0.95)

#: Months between visits at each level of risk.
_EVERY = "CASE risk_level WHEN 'very high' THEN 1 WHEN 'high' THEN 3 WHEN 'medium' THEN 6 ELSE 12 END"
_LEVELS = {"very high": 0.03, "high": 0.17, "medium": 0.43, "low": 0.37}
#: The first month of every nation, and the last day of one of twelve months.
_FIRST, _LAST = "DATE '2024-04-01'", "DATE '2025-03-31'"
_MONTH_DAY = "make_date((month // 12)::INTEGER, (1 + month % 12)::INTEGER, 1)"
_NEVER_VISITED = "management = 'reactive' OR whereabouts IN ('in custody', 'abroad', 'in hospital')"

OFFENDERS = Made(
    "_offenders",
    f"""
    SELECT *, CASE WHEN NOT ({_NEVER_VISITED}) AND {chance("away", 0.12)} THEN {_FIRST} + floor({u("away from")} * 700)::INTEGER END AS away_from,
        CASE WHEN NOT ({_NEVER_VISITED}) AND {chance("away", 0.12)} THEN {_FIRST} + floor({u("away from")} * 700)::INTEGER + {whole("away for", 10, 120)}::INTEGER END
            AS away_until
    FROM (SELECT *, {_EVERY} AS every, floor({u("turn")} * 12)::INTEGER AS turn, {area()} AS area,
              CASE WHEN risk_level = 'low' AND {chance("reactive", 0.2)} THEN 'reactive' ELSE 'active' END AS management,
              {pick("whereabouts", {"in the community": 88, "in custody": 9, "in hospital": 1, "abroad": 1, "not known": 1})} AS whereabouts,
              {among_first("offender management", "manager", "ceil(many / " + CASELOAD + ")")} AS manager,
              {_FIRST} - {whole("since", 60, 3600)}::INTEGER AS managed_from,
              CASE WHEN {chance("ended", 0.05)} THEN {_FIRST} + floor({u("ended on")} * 700)::INTEGER END AS ended_on
          FROM (SELECT *, {number("N-", f"1 + (n - 1) * step + floor({u('who')} * step)::BIGINT", 7)} AS offender_id,
                    {pick("level", _LEVELS)} AS risk_level
                FROM (SELECT * EXCLUDE (_k), hash(xor(_k, xor(hash(n), {salt("offender")}))) AS _k
                      FROM (SELECT *, greatest(1, persons // many) AS step, unnest(range(1, 1 + many)) AS n
                            FROM (SELECT *, least(persons, greatest(1, round(residents * {MANAGED} / 1000)))::BIGINT AS many FROM forces)))))
    """,
    monthly=False,
)

_FIRST_MONTH = parse_month("2024-04")


def _visited(due: str, key: str) -> str:
    """SQL for when a visit due on a day is made: some late, most a little early."""
    late = f"CASE WHEN {chance('late', VISIT_LATE, key)} THEN 3 + {spread('late by', 25, 0.9, key)} ELSE -10 * {u('early', key)} END"
    return after(f"({due})::TIMESTAMP", f"33000 + 32000 * {u('hour', key)} + 86400 * round({late})")


def _started(first: str, key: str) -> str:
    """SQL for when a plan due in the month of a first day is begun."""
    late = f"CASE WHEN {chance('plan late', PLAN_LATE, key)} THEN round({spread('plan late by', 30, 0.8, key)}) ELSE -round(20 * {u('plan early', key)}) END"
    return f"({first} + 5 + {late}::INTEGER)"


def _finished(started: str, key: str) -> str:
    """SQL for the day a plan is finished; blank where it is not."""
    days = f"(1 + round({spread('finishes', 9, 0.6, key)}))::INTEGER"
    return f"CASE WHEN {chance('finished', 0.96, key)} THEN {started} + {days} END"


#: The keys of a visit and of a plan: of the offender and the month in which it is due.
_VISIT_KEY, _PLAN_KEY = "hash(xor({0}, hash(({1})::BIGINT)))", "hash(xor(xor({0}, hash(({1})::BIGINT)), 7))"
#: Months from the first one until the last visit and the last plan that were due in the first twelve months.
_LAST_VISIT, _LAST_PLAN = "(11 - ((11 + turn) % every))", "((12 - turn) % 12)"


def _day(months: str, days: int) -> str:
    return f"(({_FIRST} + to_months(({months})::INTEGER))::DATE + {days})"


_LAST_VISITED = _visited(_day(_LAST_VISIT, 14), _VISIT_KEY.format("_k", f"{_FIRST_MONTH} + {_LAST_VISIT}"))
_LAST_KEY = _PLAN_KEY.format("_k", f"{_FIRST_MONTH} + {_LAST_PLAN}")
_LAST_FINISHED = _finished(_started(_day(_LAST_PLAN, 0), _LAST_KEY), _LAST_KEY)

OFFENDER = Made(
    "offenders.managed_offender",
    f"""
    SELECT force, _k, offender_id, {number("V-", "hash(offender_id || force) % 100000", 5)} || '-' || lpad(n::VARCHAR, 5, '0') AS visor_id, managed_from AS managed_from_on,
        ended_on AS managed_until_on,
        CASE WHEN ended_on IS NOT NULL THEN {pick("ended by", {"registration ended": 6, "moved to another force": 3, "died": 1})} END AS ended_by,
        CASE WHEN registered THEN 'registered sex offender' ELSE {pick("category", {"violent offender": 6, "other dangerous offender": 2, "potentially dangerous person": 2})} END
            AS category,
        CASE risk_level WHEN 'very high' THEN {pick("mappa", {"3": 3, "2": 7})} WHEN 'high' THEN {pick("mappa", {"2": 2, "1": 8})} ELSE '1' END AS mappa_level,
        risk_level, greatest(managed_from, {_FIRST} - {whole("level", 10, 360)}::INTEGER) AS risk_level_on, management, whereabouts,
        CASE WHEN {chance("children known", 0.95)} THEN {chance("children", 0.09)} END AS lives_with_children,
        CASE WHEN registered THEN managed_from END AS registered_from_on,
        CASE WHEN registered AND {chance("not for life", 0.6)} THEN greatest(coalesce(ended_on, managed_from), managed_from + 3650) END AS registered_until_on,
        CASE WHEN registered THEN notified_on END AS notified_on, CASE WHEN registered THEN notified_on + 365 END AS notification_due_on,
        CASE WHEN NOT ({_NEVER_VISITED}) AND ended_on IS NULL THEN
            CASE WHEN {_LAST_VISITED}::DATE > {_LAST} THEN {_day(_LAST_VISIT, 14)} ELSE {_day(_LAST_VISIT + " + every", 14)} END END AS visit_due_on,
        CASE WHEN coalesce({_LAST_FINISHED} <= {_LAST}, false) THEN {_day(_LAST_PLAN + " + 12", 19)} ELSE {_day(_LAST_PLAN, 19)} END AS plan_due_on,
        {employee("manager")} AS manager_id, 'MOSOVO ' || area AS team, {supervisor("offender management", "supervises")} AS supervisor_id,
        area AS local_policing_area
    FROM (SELECT *, {chance("registered", 0.9)} AS registered,
              greatest(managed_from, {_LAST} - {whole("notified", 1, 390)}::INTEGER) AS notified_on FROM _offenders)
    """,
    later={"managed_until_on": ("ended_by",), "notified_on": ("notification_due_on",)},
    monthly=False,
)

_DUE = f"({_MONTH_DAY} + 14)"
#: A visit due in each month whose turn it is; and in the first month the one before, so that all have a last visit.
VISITS = Made(
    "_visits",
    f"""
    SELECT *, offender_id IS NOT NULL AND NOT attempt AS completed, {employee("manager")} AS leads,
        {employee("manager + CASE WHEN hash(_k) % 2 = 0 THEN 1 ELSE 2 END")} AS other
    FROM (SELECT *, false AS attempt, {_visited("due_on", "_k")} AS visited_at
          FROM (SELECT o.* EXCLUDE (_k), m.month, m.i, {_DUE} AS due_on, {_VISIT_KEY.format("o._k", "m.month")} AS _k, '01' AS part
                FROM _offenders o, months m WHERE (m.i + o.turn) % o.every = 0
                UNION ALL
                SELECT o.* EXCLUDE (_k), m.month, m.i, ({_DUE} - to_months((1 + (o.turn + o.every - 1) % o.every)::INTEGER))::DATE, hash(xor(o._k, 99)), '02'
                FROM _offenders o, months m WHERE m.i = 0) d)
    WHERE NOT ({_NEVER_VISITED}) AND visited_at::DATE > managed_from AND visited_at::DATE < coalesce(ended_on, DATE '9999-01-01') AND NOT coalesce(visited_at::DATE BETWEEN away_from AND away_until, false)
    """,
)

_ATTEMPTED = chance("nobody first", 0.13)
_ID = f"'VI-' || {YEAR_MONTH} || '-' || lpad(n::VARCHAR, 6, '0') || '-' || part"
VISIT = Made(
    "offenders.offender_visit",
    f"""
    SELECT force, _k, month, visit_id, offender_id, due_on, visited_at, result, {chance("announced", 0.06)} AS announced, officers, leads AS officer_id,
        CASE WHEN officers = 2 THEN other END AS second_officer_id,
        CASE WHEN officers = 1 THEN {pick("alone", {"absence": 4, "low risk": 3, "": 3})} END AS one_officer_reason, risk_level,
        CASE WHEN result = 'completed' THEN {chance("devices", 0.42)} END AS devices_checked, CASE WHEN result = 'completed' THEN {chance("plan", 0.08)} END AS plan_changed,
        recorded_at, CASE WHEN reviewed THEN {supervisor("offender management", "reviews")} END AS supervisor_id,
        CASE WHEN reviewed THEN {after("recorded_at", spread("reviews", 250000, 0.9))} END AS supervisor_reviewed_at,
        CASE WHEN reviewed THEN {pick("said", {"good": 6, "enough": 3, "returned to the officer": 1})} END AS supervisor_result
    FROM (SELECT *, 2 - ({u("two")} >= {TWO_OFFICERS})::INTEGER AS officers, {after("visited_at", "1800 + " + spread("records", 60000, 1.0))} AS recorded_at,
              {u("reviewed")} < {REVIEWED} AS reviewed
          FROM (SELECT force, _k, month, {_ID} AS visit_id, offender_id, due_on, visited_at, 'completed' AS result, leads, other, risk_level, people,
                    {TWO_OFFICERS}, {REVIEWED} FROM _visits
                UNION ALL
                SELECT force, {mixed("attempt")}, month, {further(_ID, 10)}, offender_id, due_on, visited_at - to_hours(20 + (_k % 96)::BIGINT),
                    {pick("attempt result", {"nobody in": 84, "entry refused": 5, "moved away": 4, "broken off": 7})}, leads, other, risk_level, people,
                    {TWO_OFFICERS}, {REVIEWED} FROM _visits WHERE {_ATTEMPTED}))
    """,
    later={"recorded_at": (), "supervisor_reviewed_at": ("supervisor_id", "supervisor_result")},
)

SUSPENSION = Made(
    "offenders.visit_suspension",
    f"""
    SELECT force, {mixed("suspension")} AS _k, month, replace(offender_id, 'N-', 'VS-') || part AS visit_suspension_id, offender_id, starts_on, ends_on,
        suspension_reason, {supervisor("offender management", "authorises")} AS authoriser_id
    FROM (SELECT o.*, m.month, 'A' AS part, o.away_from AS starts_on, o.away_until AS ends_on,
              {pick("reason", {"in custody": 7, "in hospital": 1, "abroad": 2}, "o._k")} AS suspension_reason
          FROM _offenders o, months m WHERE o.away_from >= {_MONTH_DAY} AND o.away_from < {_MONTH_DAY} + INTERVAL 1 MONTH
          UNION ALL
          SELECT o.*, m.month, 'B', greatest(o.managed_from, {_FIRST} - {whole("open since", 5, 500, "o._k")}::INTEGER), NULL,
              CASE WHEN o.whereabouts IN ('in custody', 'in hospital', 'abroad') THEN o.whereabouts ELSE 'reactive management' END
          FROM _offenders o, months m WHERE m.i = 0 AND ({_NEVER_VISITED}))
    """,
    later={"ends_on": ()},
)

PLAN = Made(
    "offenders.risk_plan",
    f"""
    SELECT force, _p AS _k, month, replace(offender_id, 'N-', 'RP-') || '-' || {YEAR_MONTH} || part AS risk_plan_id, offender_id,
        {pick("tool", {"ARMS": 78, "Risk Matrix 2000": 12, "OASys": 10}, "_p")} AS tool, due_on, started_on, completed_on, risk_level,
        CASE WHEN part = 'B' AND {chance("changed", 0.16, "_p")} THEN CASE risk_level WHEN 'low' THEN 'medium' WHEN 'medium' THEN 'high' ELSE 'medium' END ELSE risk_level END
            AS previous_risk_level,
        {pick("prompted", {"yearly review": 84, "change of circumstances": 10, "": 6}, "_p")} AS prompted_by, {employee("manager")} AS author_id, 'MOSOVO ' || area AS team,
        CASE WHEN reviewed THEN {supervisor("offender management", "reviews", "_p")} END AS supervisor_id,
        CASE WHEN reviewed THEN {after("completed_on::TIMESTAMP", "36000 + " + spread("reviews", 250000, 0.8, "_p"))} END AS supervisor_reviewed_at,
        CASE WHEN reviewed THEN {pick("said", {"good": 6, "enough": 3, "returned to the officer": 1}, "_p")} END AS supervisor_result,
        CASE WHEN completed_on IS NOT NULL THEN (due_on + INTERVAL 1 YEAR)::DATE END AS next_due_on
    FROM (SELECT *, completed_on IS NOT NULL AND {u("plan reviewed", "_p")} < {REVIEWED} AS reviewed
          FROM (SELECT *, {_finished("started_on", "_p")} AS completed_on
                FROM (SELECT *, {_MONTH_DAY} + 19 AS due_on, {_started(_MONTH_DAY, "_p")} AS started_on
                      FROM (SELECT o.*, m.month, {_PLAN_KEY.format("o._k", "m.month")} AS _p, 'A' AS part FROM _offenders o, months m WHERE (m.i + o.turn) % 12 = 0
                            UNION ALL
                            SELECT o.*, m.month - (12 - (12 - o.turn) % 12), hash(xor(o._k, 98)), 'B' FROM _offenders o, months m WHERE m.i = 0))))
    WHERE started_on > managed_from AND started_on < coalesce(ended_on, DATE '9999-01-01')
    """,
    later={
        "completed_on": ("risk_level", "next_due_on"),
        "supervisor_reviewed_at": ("supervisor_id", "supervisor_result"),
    },
)

_REQUIREMENTS = {
    "bank account or card": 22, "address": 15, "name": 7, "travel abroad": 9, "passport or identity document": 7,
    "child in the household": 9, "yearly notification": 18, "no fixed address": 3, "other": 10,
}  # fmt: skip
BREACH = Made(
    "offenders.notification_breach",
    f"""
    SELECT force, _k, month, notification_breach_id, offender_id, found_at::DATE - (1 + round({spread("before", 9, 1.0)}))::INTEGER AS breached_on, found_at,
        requirement, low_level, visit_id, crimed AS recorded_as_crime,
        CASE WHEN crimed THEN {after("found_at", "1800 + " + spread("records", 40000, 0.9))} END AS crime_recorded_at,
        CASE WHEN NOT crimed THEN {pick("why not", {"reasonable excuse": 3, "put right at once": 4, "": 4})} END AS not_recorded_reason,
        CASE WHEN crimed THEN {pick("action", {"charge": 30, "caution": 18, "warning": 22, "waiting": 20, "no action": 10})}
             ELSE {pick("action", {"advice": 62, "warning": 24, "no action": 14})} END AS action,
        leads AS manager_id, 'MOSOVO ' || area AS team, CASE WHEN {chance("looked at", 0.74)} THEN {supervisor("offender management", "reviews")} END AS supervisor_id,
        CASE WHEN {chance("looked at", 0.74)} THEN {after("found_at", "7200 + " + spread("reviews", 200000, 0.8))} END AS supervisor_reviewed_at
    FROM (SELECT *, {u("crimed")} < CASE WHEN low_level THEN {LOW_LEVEL_CRIMED} ELSE 0.93 END AS crimed
          FROM (SELECT *, requirement IN ('bank account or card', 'passport or identity document', 'yearly notification', 'other') AS low_level
                FROM (SELECT *, {pick("requirement", _REQUIREMENTS)} AS requirement
                      FROM (SELECT force, {mixed("breach")} AS _k, month, replace({_ID}, 'VI', 'NB') AS notification_breach_id, offender_id,
                                {after("visited_at", "900")} AS found_at, {_ID} AS visit_id, leads, area, people, {LOW_LEVEL_CRIMED}
                            FROM _visits WHERE {chance("breach", 0.055)} AND part = '01'
                            UNION ALL
                            SELECT o.force, hash(xor(xor(o._k, m._k), 5)) AS _k, m.month, 'NB-' || {YEAR_MONTH} || '-' || lpad(n::VARCHAR, 6, '0') || '-21',
                                offender_id, m.starts + to_seconds((86400 * 27 * {u("contact", "hash(xor(xor(o._k, m._k), 5))")})::BIGINT), NULL,
                                {employee("manager")}, area, people, {LOW_LEVEL_CRIMED}
                            FROM _offenders o, months m WHERE o.whereabouts = 'in the community' AND {u("told", "hash(xor(xor(o._k, m._k), 5))")} < 0.009))))
    """,
    later={"crime_recorded_at": (), "supervisor_reviewed_at": ("supervisor_id",)},
)

TABLES = (OFFENDERS, OFFENDER, VISITS, VISIT, SUSPENSION, PLAN, BREACH)
