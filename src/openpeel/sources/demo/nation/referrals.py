"""Referrals to the safeguarding hub: who is a concern, and how long the hub's queue makes each wait."""

from __future__ import annotations

from openpeel.sources.demo.nation.draws import after, chance, pick, spread, text_sql, u
from openpeel.sources.demo.nation.made import Made
from openpeel.sources.demo.nation.online_abuse import REFERRAL_ID, SHARED_AT
from openpeel.sources.demo.nation.parameters import parameter
from openpeel.sources.demo.nation.places import AREAS, person
from openpeel.sources.demo.nation.staff import among_first, employee, staff_number, team_of

#: Median hours from the hub's taking in to its grading: before and after the month in which it got its backlog down.
BEFORE = parameter("hub_hours_before", 26, 10, 4, 90)
AFTER = parameter("hub_hours_after", 20, 8, 3, 90)
MONTH = parameter("hub_month", 6, 2, 0, 11)
REFERRED = parameter("hub_referred", 0.84, 0.06, 0.5, 0.98)  # of concerns that should be
CAPACITY = parameter("hub_capacity", 1.15, 0.1, 0.95, 1.6)

_OFFICER = staff_number("response", "sent")
_NEXT = "hash(xor(_k, hash({})))"
_KINDS = {
    "Concern for welfare": {"mental health": 45, "self-neglect": 20, "neglect": 20, "other": 15},
    "Missing person": {"missing": 80, "exploitation": 20},
    "": {
        "neglect": 30,
        "physical abuse": 25,
        "emotional abuse": 20,
        "exploitation": 10,
        "financial abuse": 15,
    },
}


def _kind() -> str:
    cases = [
        f"WHEN opening_code = '{code}' THEN {pick('kind', weights)}"
        if code
        else f"ELSE {pick('kind', weights)}"
        for code, weights in _KINDS.items()
    ]
    return f"CASE {' '.join(cases)} END"


def _abuse(number: int, chosen: str, who: str, about: str) -> str:
    return f"""
    SELECT force, {_NEXT.format(number)} AS _k, month, replace(incident_id, 'INC', 'SR') || 'D{number}' AS referral_id, {who} AS person_id,
        '{about}' AS child_or_adult, incident_id, crime_id, 'domestic abuse' AS concern, seen_at AS concern_seen_at, grade AS given,
        officer_id, team, _local_authority AS local_authority, local_policing_area, NULL::TIMESTAMP AS shared, voice_of_child_recorded AS heard, _crime_recorded_at
    FROM _assessed WHERE {chosen}"""


_CHILD = person("child", _NEXT.format(1), 1.2)
CONCERNS = Made(
    "_concerns",
    f"""
    WITH _assessed AS (SELECT a.*, f.persons, f.{REFERRED} FROM "vulnerable.risk_assessment" a JOIN facts f USING (force)
                       WHERE victim_seen)
    {_abuse(1, f"children_in_household AND {chance('child referred', REFERRED)}", _CHILD, "child")}
    UNION ALL {_abuse(2, f"children_in_household AND {chance('child referred', REFERRED)} AND {chance('second child', 0.45)}", person("child", _NEXT.format(2), 1.2), "child")}
    UNION ALL {_abuse(3, f"grade = 'high' AND {chance('adult referred', REFERRED)}", "victim_id", "adult")}
    UNION ALL
    SELECT force, {_NEXT.format(4)}, month, replace(incident_id, 'INC', 'SR') || 'W1', person_id,
        CASE WHEN concern IN ('mental health', 'self-neglect', 'financial abuse') THEN 'adult' WHEN {chance("child", 0.6)} THEN 'child' ELSE 'adult' END,
        incident_id, NULL, concern, {after("arrived_at", spread("sees", 1200, 0.7))},
        {pick("given", {"high": 12, "very high": 3, "medium": 40, "standard": 45})}, {employee(_OFFICER)}, {team_of("response", _OFFICER)},
        local_authority, local_policing_area, NULL, {chance("heard", 0.6)}, NULL
    FROM (SELECT *, {_kind()} AS concern
          FROM (SELECT i.*, f.people, f.{REFERRED} FROM "responding.incident" i JOIN facts f USING (force)
                WHERE arrived_at IS NOT NULL AND NOT domestic_abuse AND (vulnerable OR concern_for_welfare OR opening_code = 'Missing person')))
    WHERE {u("referred")} < {REFERRED} * CASE WHEN opening_code IN ('Concern for welfare', 'Missing person') THEN 0.5 ELSE 0.2 END
    UNION ALL
    SELECT force, {_NEXT.format(5)}, month, {REFERRAL_ID}, {person("child", crowd=1.0)}, 'child', NULL, NULL, 'sexual abuse', child_at, 'very high',
        {employee("investigator")}, 'Online Investigation', area || ' District', area, {SHARED_AT}, {chance("heard", 0.5)}, NULL
    FROM (SELECT *, {text_sql(AREAS[0])} AS area FROM _online) WHERE {SHARED_AT} IS NOT NULL
    """,
)

#: How long the hub's queue is on each day, against a day's work; a month begins with nobody waiting.
LOAD = Made(
    "_hub_load",
    f"""
    SELECT force, month, day, (ran - min(least(ran, 0)) OVER behind) / greatest(0.2, mean) AS load
    FROM (SELECT *, sum(came - mean * capacity) OVER (PARTITION BY force, month ORDER BY day) AS ran
          FROM (SELECT c.force, c.month, c.concern_seen_at::DATE AS day, count(*) AS came, any_value(f.{CAPACITY}) AS capacity,
                    sum(count(*)) OVER (PARTITION BY c.force, c.month) / 30.4 AS mean
                FROM _concerns c JOIN facts f USING (force) GROUP BY c.force, c.month, c.concern_seen_at::DATE))
    WINDOW behind AS (PARTITION BY force, month ORDER BY day)
    """,
)

_URGENT = "CASE risk WHEN 'very high' THEN 0.06 WHEN 'high' THEN 0.25 WHEN 'medium' THEN 1.0 ELSE 1.6 END"
#: Local authorities answer the same concerns differently.
_STRICT = "(0.8 + 0.4 * (hash(local_authority || force) % 100)::DOUBLE / 100)"
_TO = """CASE WHEN child_or_adult = 'child' THEN 'children''s social care' WHEN concern = 'mental health' THEN 'health'
    WHEN concern = 'domestic abuse' THEN 'domestic abuse service' ELSE 'adult social care' END"""

REFERRAL = Made(
    "vulnerable.safeguarding_referral",
    f"""
    SELECT force, _k, month, referral_id, person_id, child_or_adult, incident_id, crime_id, concern, concern_seen_at, made_at,
        made_by AS made_by_id, team, officer_risk, CASE WHEN child_or_adult = 'child' THEN heard END AS voice_of_child_recorded,
        supervisor_checked_at, taken_in_at, graded_at, CASE WHEN graded_at IS NOT NULL THEN risk END AS risk,
        CASE WHEN graded_at IS NOT NULL THEN {employee("handler")} END AS handler_id,
        researched_at, CASE WHEN {chance("consent known", 0.8)} THEN {chance("consent", 0.55)} END AS consent_given, shared_at,
        CASE WHEN shared_at IS NOT NULL THEN {_TO} END AS shared_with,
        CASE WHEN shared_at IS NULL AND graded_at IS NOT NULL AND {chance("reason", 0.85)} THEN 'below threshold' END AS not_shared_reason,
        local_authority,
        CASE WHEN shared_at IS NOT NULL AND {_TO} IN ('children''s social care', 'adult social care') THEN decision END AS local_authority_decision,
        CASE WHEN shared_at IS NOT NULL AND {_TO} = 'children''s social care' AND decision = 'strategy discussion' THEN
            {after("shared_at", spread("discussed", 50000, 0.8))} END AS strategy_discussion_at,
        CASE WHEN shared_at IS NOT NULL AND {_TO} = 'children''s social care' AND decision = 'strategy discussion' THEN {chance("took part", 0.94)} END
            AS strategy_discussion_attended,
        CASE WHEN {chance("closed", 0.97)} THEN {after("coalesce(shared_at, researched_at)", spread("closes", 90000, 0.9))} END AS closed_at,
        CASE WHEN {chance("closed", 0.97)} THEN CASE WHEN shared_at IS NULL THEN 'no further action' ELSE 'passed on' END END AS closing_code,
        local_policing_area, _crime_recorded_at
    FROM (SELECT *, coalesce(shared, CASE WHEN {u("shares")} < CASE risk WHEN 'standard' THEN 0.5 ELSE 0.88 END THEN
                  {after("researched_at", spread("shares", f"9000 * {_URGENT}", 0.9))} END) AS shared_at,
              CASE WHEN {u("decides")} < {_STRICT} * CASE risk WHEN 'very high' THEN 0.7 WHEN 'high' THEN 0.45 ELSE 0.08 END THEN 'strategy discussion'
                   WHEN {u("decides")} < {_STRICT} * CASE risk WHEN 'very high' THEN 0.85 WHEN 'high' THEN 0.7 ELSE 0.3 END THEN 'assessment'
                   WHEN {u("decides")} < 0.75 THEN 'early help' WHEN {u("decides")} < 0.96 THEN 'no further action' ELSE 'not yet decided' END AS decision
          FROM (SELECT *, CASE WHEN shared IS NOT NULL THEN {after("taken_in_at", "greatest(1, date_diff('second', taken_in_at, shared) * 0.8)")}
                       ELSE {after("graded_at", spread("research", f"14000 * {_URGENT}", 0.8))} END AS researched_at
                FROM (SELECT *, CASE WHEN shared IS NOT NULL THEN {after("taken_in_at", "greatest(1, date_diff('second', taken_in_at, shared) * 0.4)")}
                          ELSE {after("taken_in_at", "300 + " + spread("grades", f"3600 * hours * (0.5 + 0.5 * load) * {_URGENT}", 0.7))} END AS graded_at
                      FROM (SELECT *, CASE WHEN shared IS NOT NULL THEN made_at
                                ELSE coalesce({after("supervisor_checked_at", "60 + 1200 * " + u("taken in"))}, {after("made_at", "60 + 3600 * " + u("taken in"))}) END
                                AS taken_in_at
                            FROM (SELECT *, CASE WHEN shared IS NULL AND {chance("checked", 0.7)} THEN {after("made_at", spread("checks", 5000, 0.9))} END
                                      AS supervisor_checked_at,
                                      CASE WHEN {chance("regraded", 0.13)} THEN CASE officer_risk WHEN 'standard' THEN 'medium' WHEN 'medium' THEN
                                          CASE WHEN {u("up")} < 0.5 THEN 'high' ELSE 'standard' END ELSE 'medium' END ELSE officer_risk END AS risk
                                  FROM (SELECT c.* EXCLUDE (given, officer_id), coalesce(c.given, 'medium') AS officer_risk, c.officer_id AS made_by,
                                            CASE WHEN shared IS NOT NULL THEN shared - to_seconds(((0.1 + 0.8 * {u("makes", "c._k")})
                                                      * date_diff('second', concern_seen_at, shared))::BIGINT)
                                                ELSE {after("c.concern_seen_at", "600 + " + spread("makes", 9000, 1.0, "c._k"))} END AS made_at,
                                            coalesce(l.load, 0) AS load, CASE WHEN m.i < f.{MONTH} THEN f.{BEFORE} ELSE f.{AFTER} END AS hours,
                                            f.people, {among_first("public protection", "handler", "greatest(2, f.residents / 6000)", "c._k").replace("people", "f.people")} AS handler
                                        FROM _concerns c JOIN facts f USING (force) JOIN (SELECT month, i FROM months) m USING (month)
                                        LEFT JOIN _hub_load l ON l.force = c.force AND l.month = c.month AND l.day = c.concern_seen_at::DATE))))))
    """,
    later={
        "supervisor_checked_at": (), "taken_in_at": (), "graded_at": ("risk", "handler_id"), "researched_at": (),
        "shared_at": ("shared_with", "local_authority_decision", "not_shared_reason"),
        "strategy_discussion_at": ("strategy_discussion_attended",), "closed_at": ("closing_code",), "_crime_recorded_at": ("crime_id",),
    },
)  # fmt: skip

TABLES = (CONCERNS, LOAD, REFERRAL)
