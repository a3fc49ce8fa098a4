"""Actions of boards and daily meetings, faults of systems and errors in data, what is shared with partners under which agreement."""

from __future__ import annotations

from openpeel.sources.demo.nation.days import local_day
from openpeel.sources.demo.nation.draws import after, chance, mixed, one_of, pick, spread, u, wait, whole
from openpeel.sources.demo.nation.made import Made
from openpeel.sources.demo.nation.parameters import parameter
from openpeel.sources.demo.nation.places import area
from openpeel.sources.demo.nation.staff import employee, somebody, staff_number, supervisor, team_of
from openpeel.sources.demo.nation.streams import reference, stream

ACTIONS = parameter("actions", 75, 15, 40, 140)  # of boards, for each 1,000 people a year
ACTIONS_IN_TIME = parameter("actions_in_time", 0.72, 0.1, 0.4, 0.95)
FAULTS = parameter("faults", 90, 25, 40, 200)  # for each 1,000 people a year
SHARED = parameter("shared_out", 9, 3, 2, 20)  # acts of sharing for each 10,000 residents a year

#: Board -> sort, pillar of the plan, priority, measure, unit's size, what leads to its actions.
_BOARDS = {
    "Performance board": ("performance board", "Support for victims", "Timely response", "Grade 2 attended in time", 70, "performance"),
    "Public protection board": ("public protection board", "Safer communities", "Domestic abuse", "Attendance at domestic abuse incidents", 9, "performance"),
    "Force executive": ("strategic board", "A sound organisation", "Money", "Outturn against budget", 100, "risk"),
    "Investigations board": ("performance board", "Justice", "Investigations", "Posts filled by accredited investigators", 60, "inspection finding"),
    "People board": ("strategic board", "A sound organisation", "Wellbeing", "Days lost to sickness", 10, "workforce"),
    "Data quality board": ("programme board", "A sound organisation", "Data", "Incidents with a self-defined ethnicity", 80, "data quality"),
    "Tasking meeting": ("tasking meeting", "Safer communities", "Neighbourhood crime", "Burglaries", 40, "performance"),
}  # fmt: skip


def _by_board(place: int) -> str:
    return " ".join(f"WHEN '{board}' THEN '{held[place]}'" for board, held in _BOARDS.items())


_TEXTS = (
    "Visit the victim today and update the risk plan", "Find and arrest the suspect", "Check the address and speak with neighbours",
    "Review the bail conditions", "Confirm who owns the investigation",
)  # fmt: skip
_BOARD_TEXTS = (
    "Bring a plan to the next meeting", "Find out why and report back", "Move two officers for three months", "Correct the records by month end",
    "Agree a date with the partner",
)  # fmt: skip
_NUMBER = staff_number("neighbourhood", "team")

#: Of daily meetings: about an incident of the day before; of boards: about a measure.
_RAISED = f"""
    SELECT i.force, {mixed("daily meeting", "i._k")} AS _k, i.month, replace(incident_id, 'INC', 'ACT') AS action_id, opened_at::DATE + 1 AS raised_on,
        'Daily management meeting' AS board, 'daily meeting' AS board_kind, 'Safer communities' AS pillar,
        CASE WHEN domestic_abuse THEN 'Domestic abuse' ELSE 'Vulnerable people' END AS priority, NULL AS measure, NULL::DOUBLE AS of_measure,
        'overnight event' AS raised_because, i.incident_id, local_policing_area, 1 AS allowed, f.people, f.actions_in_time
    FROM "responding.incident" i JOIN (SELECT force, people, actions_in_time FROM forces) f USING (force)
    WHERE {u("raised", mixed("daily meeting", "i._k"))} < CASE WHEN grade = 'Grade 1' AND domestic_abuse THEN 0.14
        WHEN domestic_abuse AND dispatched_at IS NOT NULL AND arrived_at IS NULL THEN 0.3 WHEN opening_code = 'Missing person' THEN 0.12 ELSE 0.001 END
    UNION ALL
    SELECT force, _k, month, id, {local_day("moment")}, board, CASE board {_by_board(0)} END, CASE board {_by_board(1)} END,
        CASE board {_by_board(2)} END, CASE board {_by_board(3)} END, (CASE board {_by_board(4)} END)::DOUBLE,
        CASE board {_by_board(5)} END, NULL, CASE WHEN board = 'Tasking meeting' THEN {area()} END, {whole("allowed", 20, 90)}::INTEGER, people, actions_in_time
    FROM (SELECT *, {reference("ACT-")} || 'X' AS id, {one_of("board", list(_BOARDS))} AS board FROM ({stream("board action", "actions", "people / 1000.0")}))"""

BOARD_ACTION = Made(
    "leadership.board_action",
    f"""
    SELECT * EXCLUDE (of_measure, allowed, people, actions_in_time, ends, takes, extended, first_due),
        first_due AS first_due_on, first_due + CASE WHEN extended THEN greatest(1, allowed // 2) ELSE 0 END AS due_on,
        CASE WHEN measure IS NOT NULL THEN round(of_measure * {spread("value", 1, 0.15)}, 1)::DECIMAL(9,1) END AS measure_value,
        CASE WHEN measure IS NOT NULL THEN round(of_measure * 1.1, 1)::DECIMAL(9,1) END AS measure_target,
        CASE WHEN ends IN ('completed', 'cancelled') THEN ends WHEN ends = 'passed' THEN 'passed to another board' ELSE 'open' END AS standing,
        CASE WHEN ends = 'completed' THEN raised_on + takes END AS completed_on, raised_on + least(takes, allowed * 2) AS updated_on,
        CASE WHEN ends = 'passed' THEN 'Force executive' END AS passed_to_board,
        CASE WHEN ends = 'completed' THEN {chance("checked", "CASE WHEN board_kind = 'daily meeting' THEN 0.15 ELSE 0.35 END")} END AS effect_checked,
        raised_on + takes AS _ended_on
    FROM (SELECT *, raised_on + allowed AS first_due, {chance("extended", 0.18)} AS extended, {pick("ends", {"completed": 88, "cancelled": 5, "passed": 4, "open": 3})} AS ends,
              CASE WHEN {chance("in time", "actions_in_time")} THEN floor({u("takes")} * (allowed + 1)) ELSE allowed + 1 + floor({wait("late", "greatest(2, allowed * 0.8)")}) END::INTEGER
                  AS takes,
              CASE WHEN board_kind = 'daily meeting' THEN {one_of("text", _TEXTS)} ELSE {one_of("text", _BOARD_TEXTS)} END AS action_text,
              CASE WHEN board_kind = 'daily meeting' THEN {supervisor("response", "owner")} ELSE {somebody("command", "owner")} END AS owner_id,
              CASE WHEN board_kind = 'daily meeting' THEN 'Response supervisor' ELSE 'Head of department' END AS owner_role,
              CASE WHEN board_kind = 'tasking meeting' THEN {team_of("neighbourhood", _NUMBER)} END AS team,
              CASE WHEN raised_because = 'inspection finding' THEN 'AFI-2022-0' || (1 + _k % 7)::VARCHAR END AS finding
          FROM ({_RAISED}))
    """,
    later={"completed_on": (), "_ended_on": ("standing", "passed_to_board", "effect_checked"), "updated_on": ()},
)  # fmt: skip

_SYSTEMS = (
    ("SYS-RECORDS", "crime and custody records"), ("SYS-CONTROL", "control room"), ("SYS-PHONE", "telephony"), ("SYS-ONLINE", "online contact"),
    ("SYS-HR", "human resources"), ("SYS-VIDEO", "body-worn video"), ("SYS-BOARDS", "analysis and dashboards"), ("NETWORK", "network"),
)  # fmt: skip
_SYSTEM_KIND = " ".join(f"WHEN '{asset}' THEN '{kind}'" for asset, kind in _SYSTEMS)
_KINDS = {
    "fault": 46,
    "outage": 8,
    "planned outage": 5,
    "data error": 14,
    "request for data": 12,
    "request for change": 15,
}
_ERRORS = {
    "powers.use_of_force": 5,
    "investigating.crime": 5,
    "responding.incident": 4,
    "workforce.employee": 2,
    "powers.custody_record": 2,
}
_LOST = "fault_kind IN ('outage', 'network fault', 'planned outage')"

SYSTEM_FAULT = Made(
    "leadership.system_fault",
    f"""
    SELECT * EXCLUDE (moment, asks, accepted, people), CASE WHEN {_LOST} THEN date_diff('second', started_at, restored_at) END AS outage_seconds,
        CASE WHEN asks THEN CASE WHEN accepted THEN 'accepted' ELSE {pick("decision", {"not yet": 4, "refused": 3, "not feasible": 2})} END END AS decision,
        CASE WHEN NOT asks OR accepted THEN CASE WHEN NOT {chance("never fixed", 0.06)} THEN
            greatest(coalesce(restored_at, reported_at), {after("reported_at", spread("fixed", "CASE WHEN asks THEN 2500000 ELSE 400000 END", 1.1))}) END END AS fixed_at,
        CASE WHEN NOT asks OR accepted THEN reported_at::DATE + CASE severity WHEN 'critical' THEN 1 WHEN 'high' THEN 5 ELSE 30 END END AS fix_due_on
    FROM (SELECT *, CASE WHEN asks OR fault_kind = 'data error' THEN NULL WHEN fault_kind = 'planned outage' THEN {after("started_at", spread("restored", 9000, 0.5))} ELSE
                 greatest(reported_at, {after("started_at", spread("restored", 11000, 1.0))}) END AS restored_at,
              CASE WHEN {_LOST} AND asset_id IN ('SYS-PHONE', 'SYS-ONLINE', 'NETWORK') THEN {chance("public", 0.6)} WHEN NOT asks THEN false END AS public_affected,
              CASE WHEN NOT asks THEN greatest(1, round({spread("users", f"people * CASE WHEN {_LOST} THEN 0.2 ELSE 0.02 END", 0.8)}))::BIGINT END AS users_affected
          FROM (SELECT force, _k, month, moment, people, {reference("FLT-", 5)} AS fault_id, moment AS reported_at, asset_id, CASE asset_id {_SYSTEM_KIND} END AS system_kind,
                    CASE WHEN asset_id = 'NETWORK' AND fault_kind IN ('fault', 'outage', 'data error') THEN 'network fault' ELSE fault_kind END AS fault_kind,
                    fault_kind LIKE 'request%' AS asks, {chance("accepted", 0.6)} AS accepted,
                    CASE WHEN fault_kind IN ('fault', 'outage', 'network fault') OR asset_id = 'NETWORK' AND fault_kind = 'data error' THEN {after("moment", "-1 * " + spread("noticed", 600, 1.0))}
                         WHEN fault_kind = 'planned outage' THEN moment WHEN fault_kind = 'data error' THEN {after("moment", "-86400 * " + spread("unnoticed", 40, 1.0))} END AS started_at,
                    {pick("severity", {"low": 45, "medium": 35, "high": 16, "critical": 4})} AS severity,
                    CASE WHEN fault_kind NOT LIKE 'request%' THEN fault_kind IN ('outage', 'planned outage') END AS service_lost,
                    CASE WHEN fault_kind NOT LIKE 'request%' THEN 1 + floor({wait("reports", 4)})::BIGINT END AS reports,
                    CASE WHEN fault_kind IN ('fault', 'outage') THEN {pick("cause", {"software": 30, "age of system": 22, "network": 12, "hardware": 10, "supplier": 10, "change gone wrong": 7, "user or training": 5, "power": 2, "not known": 2})}
                        END AS cause,
                    CASE WHEN fault_kind = 'data error' AND asset_id <> 'NETWORK' THEN {pick("type", _ERRORS)} END AS record_type_id,
                    CASE WHEN fault_kind = 'data error' AND asset_id <> 'NETWORK' THEN greatest(1, round({spread("spoilt", 60, 1.2)}))::BIGINT END AS records_affected,
                    {pick("asks", {"Performance": 4, "Response": 3, "Investigation": 3})} || ' team' AS requested_by_team,
                    CASE WHEN fault_kind IN ('data error', 'request for data') THEN 'Data quality team' ELSE {pick("owner", {"Service desk": 6, "Supplier": 4})} END AS owner_team,
                    {somebody("support", "owner of fault")} AS owner_id
                FROM (SELECT *, {one_of("asset", [a for a, _ in _SYSTEMS])} AS asset_id, {pick("kind", _KINDS)} AS fault_kind FROM ({stream("system fault", "faults", "people / 1000.0")}))))
    """,
    later={"restored_at": ("outage_seconds",), "fixed_at": ("cause",)},
)  # fmt: skip

#: Agreement -> title, purpose, most sensitive, direction, partners with their kinds.
_AGREEMENTS = (
    ("01", "Antisocial behaviour in social housing", "antisocial behaviour", "personal data", "both ways",
     {"Example Homes": "housing association", "Example County Council": "local authority"}),
    ("02", "Safeguarding hub", "safeguarding", "special category data", "both ways",
     {"Example Children's Services": "social care", "Example Health Trust": "health service"}),
    ("03", "Domestic abuse conferences", "domestic abuse", "criminal offence data", "both ways",
     {"Example Refuge": "charity", "Example Probation": "probation or prison"}),
    ("04", "Serious violence duty", "serious violence", "totals only", "both ways",
     {"Example Health Trust": "health service", "Example Safety Partnership": "community safety partnership"}),
    ("05", "Right care, right person", "mental health", "special category data", "both ways",
     {"Example Ambulance Service": "ambulance service", "Example Health Trust": "health service"}),
    ("06", "Offender management", "offender management", "criminal offence data", "from the force", {"Example Probation": "probation or prison"}),
    ("07", "Research on repeat victims", "research", "personal data", "from the force", {"Example University": "university"}),
)  # fmt: skip
_AGREED = " UNION ALL ".join(
    f"SELECT *, '{a}' AS a, '{b}' AS title, '{c}' AS purpose, '{d}' AS most_sensitive, '{e}' AS direction, '{p.replace(chr(39), chr(39) * 2)}' AS partner, '{k}' AS partner_kind FROM forces"
    for a, b, c, d, e, partners in _AGREEMENTS
    for p, k in partners.items()
)

SHARING_AGREEMENT = Made(
    "shared.sharing_agreement",
    f"""
    SELECT *, starts_on + 730 AS review_due_on, CASE WHEN {chance("reviewed", 0.6)} THEN starts_on + {whole("reviewed day", 500, 850)}::INTEGER END AS reviewed_on,
        starts_on - {whole("signed", 1, 60)}::INTEGER AS signed_on,
        CASE WHEN most_sensitive <> 'totals only' AND {chance("assessed", 0.85)} THEN starts_on - {whole("assessed day", 61, 200)}::INTEGER END AS impact_assessed_on
    FROM (SELECT force, _k, 'ISA-' || a AS agreement_id, partner, partner_kind, title, purpose, most_sensitive, direction,
              CASE purpose WHEN 'antisocial behaviour' THEN 'Crime and Disorder Act 1998, section 115' WHEN 'safeguarding' THEN 'Children Act 2004, section 11' END AS legal_basis,
              DATE '2020-04-01' + {whole("starts", 0, 1300, mixed("agreement", "hash(xor(_force_k, hash(a)))"))}::INTEGER AS starts_on,
              'Head of ' || CASE WHEN purpose IN ('antisocial behaviour', 'mental health') THEN 'neighbourhoods' ELSE 'public protection' END AS owner
          FROM (SELECT * REPLACE (hash(xor(_k, hash(a || partner))) AS _k), _k AS _force_k FROM ({_AGREED})))
    """,
    later={"reviewed_on": ()},
    monthly=False,
)

SHARING_LOG = Made(
    "shared.sharing_log",
    f"""
    SELECT * EXCLUDE (turn, sensitive), CASE WHEN detail_shared = 'totals' THEN {pick("control", {"small numbers hidden, with others so that none can be worked out": 25,
            "small numbers hidden": 35, "rounded": 20, "none": 20})} ELSE 'none needed' END AS disclosure_control,
        CASE WHEN detail_shared = 'totals' THEN CASE WHEN {u("control")} < 0.6 THEN 5 + floor({u("smallest")} * 5)::BIGINT ELSE floor({u("smallest")} * 5)::BIGINT END END AS smallest_count,
        CASE WHEN detail_shared = 'persons' THEN 1 + floor({wait("records", 1.5)})::BIGINT ELSE greatest(5, round({spread("records", 150, 0.9)}))::BIGINT END AS records_shared,
        detail_shared = 'persons' AND sensitive = 'special category data' AS special_category
    FROM (SELECT s.force, s._k, s.month, s.id AS sharing_id, {pick("decision", {"shared": 86, "shared in part": 7, "refused": 4, "still open": 3}, "s._k")} AS decision,
              s.moment AS shared_at, CASE a.direction WHEN 'both ways' THEN {pick("direction", {"from the force": 7, "to the force": 3}, "s._k")} ELSE a.direction END AS direction,
              a.agreement_id, a.partner, a.partner_kind,
              CASE WHEN {chance("asked", 0.55, "s._k")} THEN CASE WHEN {u("decision", "s._k")} < 0.93 THEN {after("s.moment", "-1 * " + spread("answers", 90000, 1.0, "s._k"))} ELSE s.moment END END AS requested_at,
              a.title || ', ' || strftime(s.moment, '%B %Y') AS product,
              CASE WHEN a.most_sensitive = 'totals only' THEN 'totals' ELSE {pick("detail", {"persons": 7, "records without names": 1, "totals": 2}, "s._k")} END AS detail_shared,
              'Official-Sensitive' AS marking, {pick("sent", {"portal": 35, "secure email": 40, "meeting": 20, "system access": 5}, "s._k")} AS sent_by, a.purpose AS purpose,
              {employee("s.allowed")} AS authorised_by_id, {team_of("neighbourhood", "s.allowed")} AS team, s.of_area AS local_policing_area, s.turn, a.most_sensitive AS sensitive
          FROM (SELECT *, {reference("SHR-", 5)} AS id, {staff_number("neighbourhood", "allowed")} AS allowed, {area()} AS of_area,
                    1 + floor({u("agreement")} * {sum(len(a[5]) for a in _AGREEMENTS)})::BIGINT AS turn FROM ({stream("sharing", "shared_out", "residents / 10000.0")})) s
          JOIN (SELECT *, row_number() OVER (PARTITION BY force ORDER BY agreement_id, partner) AS turn FROM "shared.sharing_agreement") a
            ON a.force = s.force AND a.turn = s.turn)
    """,
)  # fmt: skip

TABLES = (BOARD_ACTION, SYSTEM_FAULT, SHARING_AGREEMENT, SHARING_LOG)
