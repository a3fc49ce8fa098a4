"""Forces, their local policing areas, who belonged to which team, buildings, vehicles and systems."""

from __future__ import annotations

from openpeel.sources.demo.nation.draws import chance, mixed, one_of, pick, spread, u, whole
from openpeel.sources.demo.nation.made import Made
from openpeel.sources.demo.nation.parameters import parameter
from openpeel.sources.demo.nation.places import AREAS
from openpeel.sources.demo.nation.staff import TEAM, employee
from openpeel.sources.demo.nation.workers import COMMAND

VEHICLES = parameter("vehicles", 0.16, 0.03, 0.08, 0.3)  # for each officer or member of staff
VEHICLE_READY = parameter("vehicle_ready", 0.91, 0.03, 0.7, 0.99)
SYSTEM_READY = parameter("system_ready", 0.992, 0.004, 0.95, 1.0)

#: First day of the month of a row, and its length.
FIRST = "make_date((month // 12)::INTEGER, (1 + month % 12)::INTEGER, 1)"
DAYS = f"day(last_day({FIRST}))"
_AREA_LIST = repr(list(AREAS))

FORCE = Made(
    "shared.force",
    f"""
    SELECT force, _k, DATE '2023-04-01' AS effective_on, name, 'E23' || lpad((900000 + place)::VARCHAR, 6, '0') AS official_code,
        {pick("body", {"police and crime commissioner": 34, "police, fire and crime commissioner": 5, "mayor": 4})} AS local_policing_body,
        'switchboard' AS switchboard,
        CASE WHEN right_care_month <= 24 THEN (DATE '2024-04-01' + to_months(round(right_care_month)::INTEGER))::DATE END AS right_care_right_person_on,
        {one_of("records", ["Niche", "Athena", "Connect"])} AS records_system,
        {one_of("control", ["STORM", "SmartContact", "ControlWorks"])} AS control_room_system,
        'Example telephony' AS telephony_system, {one_of("staff", ["Origin", "iTrent", "Oracle"])} AS human_resources_system,
        round({spread("land", 2600, 0.5)})::DECIMAL(9,1) AS area_square_km, round(residents / 2.36)::BIGINT AS households
    FROM forces
    """,
    monthly=False,
)

AREA = Made(
    "shared.local_policing_area",
    f"""
    SELECT force, _k, local_policing_area, DATE '2021-04-01' AS effective_on, local_policing_area || ' area' AS title,
        name || ' division' AS larger_area, CASE WHEN local_policing_area IN ('Moor', 'Vale') THEN 'rural'
            WHEN local_policing_area IN ('Castle', 'Harbour') THEN 'urban' ELSE 'mixed' END AS settlement,
        'E07' || lpad((900000 + place * 10 + i)::VARCHAR, 6, '0') AS district_codes,
        'E22' || lpad((900000 + place * 10 + i)::VARCHAR, 6, '0') AS csp_codes,
        local_policing_area || ' District' AS local_authority,
        round(residents * weight / sum(weight) OVER (PARTITION BY force))::BIGINT AS residents, DATE '2023-06-30' AS residents_on,
        {employee(f"least(people, {COMMAND} + 1 + i % greatest(1, floor(people * 0.02)::BIGINT))")} AS commander_id,
        'EP-' || local_policing_area || '-2024' AS engagement_plan_id, DATE '2024-01-08' + {whole("plan", 0, 60)}::INTEGER AS engagement_plan_on,
        DATE '2025-01-08' + {whole("plan", 0, 60)}::INTEGER AS engagement_plan_review_on
    FROM (SELECT * REPLACE (hash(xor(_k, hash(i))) AS _k), list_extract({_AREA_LIST}, i::INTEGER) AS local_policing_area,
              pow(i / areas, 0.7) - pow((i - 1) / areas, 0.7) AS weight
          FROM (SELECT *, unnest(range(1, areas + 1)) AS i FROM forces))
    """,
    monthly=False,
)

_KIND = """CASE role WHEN 'contact' THEN 'control room' WHEN 'operations' THEN 'other' WHEN 'command' THEN 'other'
    WHEN 'digital forensics' THEN 'other' WHEN 'support' THEN 'other' ELSE role END"""
#: Another team of the same role, of the same force.
_OTHER_TEAM = f"initcap_role || ' ' || (2 + home // {TEAM} + floor({u('other team')} * 3)::BIGINT)::VARCHAR"


def _membership(where: str, team: str, since: str, until: str, how: str, name: str) -> str:
    return f"""
        SELECT force, {mixed(name)} AS _k, employee_id, {team} AS team, {since} AS started_on, {until} AS ended_on, {how} AS membership,
            {_KIND} AS team_kind, CASE WHEN {team} = team THEN area END AS local_policing_area, initcap_role AS role, rank,
            CASE WHEN {how} = 'attached' THEN 0.5 ELSE 1.0 END::DECIMAL(4,2) AS full_time_equivalent,
            {team} = team AND first_line AS supervises, {employee("supervisor_n")} AS supervisor_id
        FROM (SELECT *, greatest(joined_on, DATE '2024-03-20' - floor({u("team since")} * 1400)::INTEGER) AS since,
                  {chance("moved before", 0.45)} AND kind = 'core' AS moved_before,
                  kind = 'core' AND role = 'support' AND {chance("moves", 0.2)} AS moves,
                  DATE '2024-04-15' + floor({u("moves on")} * 330)::INTEGER AS moves_on,
                  {chance("lent", 0.08)} AND kind = 'core' AND role NOT IN ('command', 'support') AS lent,
                  DATE '2024-04-05' + floor({u("lent on")} * 400)::INTEGER AS lent_on
              FROM _people WHERE kind <> 'volunteer') WHERE {where}"""


#: Who is lent to another team for some weeks stays in the own one. Of those whom other tables name as a team's
#: members, nobody leaves the team in the nation's time; support staff do.
TEAM_MEMBERSHIP = Made(
    "shared.team_membership",
    " UNION ALL ".join(
        (
            _membership("NOT moves", "team", "since", "left_on", "'permanent'", "own team"),
            _membership("moves", "team", "since", "moves_on - 1", "'permanent'", "own team"),
            _membership("moves", _OTHER_TEAM, "moves_on", "NULL", "'permanent'", "next team"),
            _membership(
                "moved_before AND since > joined_on + 60", _OTHER_TEAM,
                f"greatest(joined_on, since - {whole('before', 200, 1500)}::INTEGER)", "since - 1", "'permanent'", "team before",
            ),
            _membership(
                "lent", "'Operation Team ' || (1 + n % 4)::VARCHAR", "lent_on", f"lent_on + {whole('lent for', 20, 120)}::INTEGER",
                "'attached'", "lent",
            ),
        )
    ),
    later={"ended_on": ()},
    monthly=False,
)  # fmt: skip

_SYSTEMS = {
    "SYS-RECORDS": ("Crime and custody records", 11), "SYS-CONTROL": ("Control room", 14), "SYS-PHONE": ("Telephony", 8),
    "SYS-ONLINE": ("Online contact", 4), "SYS-HR": ("Human resources", 16), "SYS-VIDEO": ("Body-worn video", 6),
    "SYS-BOARDS": ("Dashboards", 3), "NETWORK": ("Network", 9),
}  # fmt: skip
_SYSTEM_ROWS = ", ".join(
    f"({i}, '{asset}', '{title}', {age})" for i, (asset, (title, age)) in enumerate(_SYSTEMS.items())
)

#: Buildings, vehicles and systems, whatever the month. `_k` is the asset's.
ASSETS = Made(
    "_assets",
    f"""
    SELECT force, _k, areas, people, vehicle_ready, system_ready, 'VEH-' || lpad(i::VARCHAR, 4, '0') AS asset_id, 'vehicle' AS asset_kind,
        {pick("title", {"Response car": 50, "Neighbourhood car": 20, "Van": 18, "Unmarked car": 12})} AS title,
        6 AS years, i FROM (SELECT * REPLACE (hash(xor(_k, hash('vehicle' || i))) AS _k)
                            FROM (SELECT *, unnest(range(1, 1 + floor(people * vehicles)::BIGINT)) AS i FROM forces))
    UNION ALL
    SELECT force, _k, areas, people, vehicle_ready, system_ready, 'BLD-' || lpad(i::VARCHAR, 3, '0'), 'building',
        list_extract({_AREA_LIST}, (1 + (i - 1) % areas)::INTEGER) || CASE WHEN i <= areas THEN ' station' ELSE ' office ' || i::VARCHAR END, 40, i
    FROM (SELECT * REPLACE (hash(xor(_k, hash('building' || i))) AS _k)
          FROM (SELECT *, unnest(range(1, 1 + areas + (people // 400))) AS i FROM forces))
    UNION ALL
    SELECT force, hash(xor(_k, hash(asset))), areas, people, vehicle_ready, system_ready, asset,
        CASE asset WHEN 'NETWORK' THEN 'network or device' ELSE 'IT system' END, title, years, i
    FROM forces, (VALUES {_SYSTEM_ROWS}) systems(i, asset, title, years)
    """,
    monthly=False,
)

_READY = f"""CASE asset_kind WHEN 'vehicle' THEN least(1, greatest(0, 1 - (1 - vehicle_ready) * {spread("ready", 0.6, 1.0)}))
    WHEN 'building' THEN 1.0 ELSE least(1, greatest(0.5, 1 - (1 - system_ready) * {spread("ready", 0.6, 1.0)})) END"""

ESTATE_AND_FLEET = Made(
    "leadership.estate_and_fleet",
    f"""
    SELECT * EXCLUDE (needed, ready, years, age),
        needed AS needed_seconds, floor(needed * ready)::BIGINT AS available_seconds,
        CASE WHEN ready < 0.999 AND asset_kind = 'vehicle' THEN {pick("why", {"repair": 4, "service": 3, "accident": 1, "parts": 2})}
             WHEN ready < 0.999 THEN {pick("why", {"planned work": 3, "fault": 2})} END AS unavailable_because
    FROM (
        SELECT force, _k, month, asset_id, {FIRST} AS period_starts_on, last_day({FIRST}) AS period_ends_on,
            asset_kind, title, CASE WHEN asset_kind = 'vehicle' THEN split_part(title, ' ', 1) END AS used_for,
            CASE WHEN asset_kind <> 'IT system' AND asset_kind <> 'network or device' THEN
                list_extract({_AREA_LIST}, (1 + (i - 1) % areas)::INTEGER) END AS local_policing_area,
            CASE WHEN asset_kind = 'building' AND {chance("shared", 0.2, "_a")} THEN 'Example Fire and Rescue Service' END AS shared_with,
            CASE WHEN asset_kind = 'vehicle' THEN 'COL-001' WHEN asset_kind = 'building' AND {chance("shared", 0.2, "_a")} THEN 'COL-002' END
                AS collaboration_id,
            CASE WHEN asset_kind = 'IT system' THEN {pick("tenure", {"supplier's service": 5, "owned": 5}, "_a")}
                 ELSE {pick("tenure", {"owned": 8, "leased": 2}, "_a")} END AS tenure,
            DATE '2024-03-01' - floor(age * 365)::INTEGER AS in_use_since_on,
            CASE WHEN asset_kind <> 'building' THEN DATE '2024-03-01' - floor(age * 365)::INTEGER + years * 365 END AS replacement_due_on,
            CASE WHEN asset_kind = 'IT system' THEN DATE '2024-03-01' - floor(age * 365)::INTEGER + (years + 1) * 365 END AS supported_until_on,
            CASE WHEN asset_kind = 'building' THEN {pick("condition", {"good": 30, "fair": 45, "poor": 20, "bad": 5}, "_a")} END AS condition_found,
            {DAYS} * 86400 AS needed, age, years, {_READY} AS ready,
            CASE WHEN asset_kind = 'vehicle' THEN round({spread("miles", 1700, 0.4)})::DECIMAL(9,1) END AS miles,
            CASE WHEN asset_kind = 'vehicle' THEN {chance("electric", 0.12, "_a")} END AS electric,
            CASE WHEN asset_kind = 'building' THEN round({spread("floor", 900, 0.6, "_a")})::DECIMAL(9,1) END AS floor_square_metres,
            CASE WHEN asset_kind = 'building' THEN {chance("counter", 0.3, "_a")} END AS open_to_public,
            CASE WHEN asset_kind NOT IN ('vehicle', 'building') THEN people * 9 // 10 END AS users,
            round({spread("cost", "CASE asset_kind WHEN 'vehicle' THEN 700 WHEN 'building' THEN 9000 ELSE 20000 END", 0.4)})::DECIMAL(12,2) AS running_cost
        FROM (SELECT a.* REPLACE (hash(xor(a._k, hash(m.month))) AS _k), a._k AS _a, m.month, 0.2 + {u("age", "a._k")} * years AS age
              FROM _assets a, (SELECT month FROM months) m))
    """,
    later={"period_ends_on": ("available_seconds", "unavailable_because", "miles", "running_cost")},
)

TABLES = (FORCE, AREA, TEAM_MEMBERSHIP, ASSETS, ESTATE_AND_FLEET)
