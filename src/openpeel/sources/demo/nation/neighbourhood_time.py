"""The time of neighbourhood teams: shifts, what took people away from them, patrols and mobile stations.

Truth: ``_true_abstracted_seconds`` of a shift is the time really taken, which forms and duty system know in part.
"""

from __future__ import annotations

from openpeel.sources.demo.focus import FOCUS
from openpeel.sources.demo.nation.draws import after, chance, mixed, one_of, pick, spread, u, whole
from openpeel.sources.demo.nation.made import Made
from openpeel.sources.demo.nation.parameters import parameter
from openpeel.sources.demo.nation.places import AREAS, beat, census_area, location, ward
from openpeel.sources.demo.nation.staff import ROLES, TEAM, employee, staff_number, supervisor, team_of
from openpeel.sources.demo.nation.streams import YEAR_MONTH, reference, stream

ABSTRACTED = parameter("abstracted", 0.13, 0.05, 0.02, 0.4)  # of the time worked
FORMS = parameter("abstraction_forms", 0.75, 0.12, 0.2, 1.0)  # of abstractions
PATROLS = parameter("patrols", 7, 2, 2, 15)  # logged, per 1,000 residents a year
STATIONS = parameter("mobile_stations", 1, 0.6, 0, 4)

_SHIFT, _MEAN = 36000, 12600  # seconds of a shift, and mean of an abstraction
_FIRST_OF = f"floor(people * {next(iter(ROLES.values())):.4f})"
_HOW_MANY = f"floor(people * {ROLES['neighbourhood']:.4f})"
_DAY_ONE = "make_date((month // 12)::INTEGER, (1 + month % 12)::INTEGER, 1)"


def home_area(number: str) -> str:
    """SQL for the local policing area of somebody of a neighbourhood team."""
    return f"list_extract({list(AREAS)!r}, (1 + (({number}) // {TEAM}) % areas)::INTEGER)"


#: Who of a neighbourhood team stands in the duty records: everybody, but in a small Stonemarsh, whose people are at full
#: size, as many as it has events.
NEIGHBOURS = Made(
    "_neighbours",
    f"""
    SELECT force, people, areas, {ABSTRACTED}, {FORMS}, number, {employee("number")} AS employee_id, {team_of("neighbourhood", "number")} AS team,
        {home_area("number")} AS area,
        CASE WHEN number % 84 = 0 THEN 'other' WHEN number % 7 IN (3, 5) THEN 'PCSO' WHEN number % 7 = 0 THEN 'sergeant' ELSE 'police officer' END AS role
    FROM (SELECT *, ({_FIRST_OF} + unnest(range(1, 1 + greatest(1, ceil({_HOW_MANY} * CASE WHEN force = '{FOCUS}' THEN event_scale ELSE 1 END))::BIGINT)))::BIGINT
              AS number FROM facts)
    """,
    monthly=False,
)

#: Six days on and four days off; early, late and night shifts, two of each.
SHIFTS = Made(
    "_shifts",
    f"""
    SELECT *, {after("day", f"CASE turn // 2 WHEN 0 THEN 25200 WHEN 1 THEN 50400 ELSE 75600 END + 900 * {whole('begins', 0, 2)}")} AS started_at,
        {chance("absent", 0.09)} AS absent, {chance("training", 0.03)} AS training,
        CASE WHEN {chance("absent", 0.09)} OR {chance("training", 0.03)} THEN 0
             WHEN {u("taken")} < {ABSTRACTED} * {_SHIFT / _MEAN:.4f} THEN round(3600 + 18000 * {u("how long")})::BIGINT ELSE 0 END AS taken,
        CASE WHEN {chance("overtime", 0.12)} THEN 1800 * {whole("more", 1, 6)} ELSE 0 END AS overtime, {u("form")} < {FORMS} AS form
    FROM (SELECT *, (date_diff('day', DATE '2024-01-01', day::DATE) + number) % 10 AS turn, hash(xor(hash(force || employee_id), hash(day))) AS _k
          FROM (SELECT n.*, m.month, unnest(range({_DAY_ONE.replace("month", "m.month")}::TIMESTAMP, {_DAY_ONE.replace("month", "m.month")}::TIMESTAMP + INTERVAL 1 MONTH, INTERVAL 1 DAY)) AS day
                FROM _neighbours n, months m))
    WHERE turn < 6
    """,
)

DUTY = Made(
    "prevention.duty_hours",
    f"""
    SELECT force, _k, month, employee_id, started_at AS shift_started_at, {after("started_at", f"{_SHIFT} + overtime")} AS shift_ended_at, role,
        true AS neighbourhood_post, team, area AS local_policing_area, {_SHIFT} AS planned_seconds, worked AS worked_seconds,
        worked - CASE WHEN known THEN taken ELSE 0 END - trained AS neighbourhood_seconds, CASE WHEN known THEN taken END AS abstracted_seconds,
        trained AS training_seconds, CASE WHEN absent THEN {_SHIFT} ELSE 0 END AS absence_seconds, CASE WHEN absent THEN 0 ELSE overtime END AS overtime_seconds,
        (taken > 0 AND form)::BIGINT AS abstraction_forms, taken AS _true_abstracted_seconds
    FROM (SELECT *, CASE WHEN absent THEN 0 ELSE {_SHIFT} + overtime END AS worked, CASE WHEN training AND NOT absent THEN {_SHIFT} ELSE 0 END AS trained,
              NOT {chance("unknown", 0.02)} AS known FROM _shifts)
    """,
    later={"shift_ended_at": ("worked_seconds", "neighbourhood_seconds", "abstracted_seconds", "training_seconds", "absence_seconds",
                              "overtime_seconds", "abstraction_forms")},
)  # fmt: skip

_PURPOSES = {
    "response to incidents": 44, "scene guard": 13, "custody or hospital guard": 14, "event or public order": 13, "safeguarding visit": 5,
    "investigation": 5, "court": 3, "partner hub": 2, "other": 1,
}  # fmt: skip
_CODES = """CASE purpose WHEN 'response to incidents' THEN 'Resp cover' WHEN 'scene guard' THEN 'Scene' WHEN 'custody or hospital guard' THEN 'Bed watch'
    WHEN 'event or public order' THEN 'Event' ELSE 'Misc' END"""
_AWAY_FROM = after("started_at", f"({_SHIFT} - taken) * " + u("when"))
ABSTRACTION = Made(
    "prevention.abstraction",
    f"""
    SELECT force, {mixed("abstraction")} AS _k, month, 'AB-' || {YEAR_MONTH} || '-' || substr(employee_id, 3) || '-' || lpad(day(day)::VARCHAR, 2, '0') AS abstraction_id,
        employee_id, role, team, area AS local_policing_area, left_at AS started_at, {after("left_at", "taken")} AS ended_at, taken AS abstracted_seconds, purpose,
        {_CODES} AS purpose_code, purpose <> 'event or public order' OR {chance("counts", 0.5, "hash(force)")} AS counts_under_policy,
        CASE WHEN purpose = 'response to incidents' THEN {team_of("response", staff_number("response", "lent to"))} END AS used_by_team,
        CASE WHEN {chance("same area", 0.8)} THEN area END AS used_in_area, purpose IN ('event or public order', 'court') AS planned,
        {supervisor("neighbourhood", "agrees")} AS authorised_by_id,
        CASE WHEN form THEN 'abstraction form' WHEN {chance("control room", 0.4)} THEN 'control room' ELSE 'duty system' END AS known_from_source,
        CASE WHEN form THEN {after("left_at", "taken + " + spread("sends", 20000, 1.0))} END AS form_completed_at
    FROM (SELECT *, {_AWAY_FROM} AS left_at, {pick("purpose", _PURPOSES)} AS purpose FROM _shifts WHERE taken > 0)
    WHERE form OR {chance("shown", 0.7)}
    """,
    later={"ended_at": ("abstracted_seconds",), "form_completed_at": ("known_from_source",)},
)

_OFFICER = staff_number("neighbourhood", "patrols")
_KINDS = {"foot": 52, "vehicle": 27, "cycle": 7, "engagement vehicle": 4, "mobile police station": 10}
PATROL = Made(
    "prevention.patrol",
    f"""
    SELECT force, _k, month, patrol_id, started_at, CASE WHEN done THEN {after("started_at", "seconds")} END AS ended_at, done AS took_place, patrol_kind,
        CASE WHEN patrol_kind = 'mobile police station' THEN 'Mobile station ' || (1 + floor({u("station")} * round({STATIONS})))::VARCHAR END AS mobile_station,
        directed, CASE WHEN directed THEN {one_of("because", ["Rise in antisocial behaviour", "Robbery", "Burglary series", "Residents' concern"])} END AS directed_because,
        additional, CASE WHEN additional THEN 'Hot spot grant' END AS funding_stream, area AS local_policing_area, {ward()} AS ward, {beat("area")} AS beat,
        CASE WHEN directed THEN 'HS-' || lpad((1 + floor(pow({u("spot")}, 1.5) * 20))::BIGINT::VARCHAR, 3, '0') END AS hot_spot_id, {census_area("location_id")} AS census_area,
        {employee("officer")} AS officer_id, {team_of("neighbourhood", "officer")} AS team, officers, CASE WHEN done THEN seconds ELSE 0 END AS seconds_in_place,
        CASE WHEN done THEN seconds * officers ELSE 0 END AS officer_seconds, {pick("known by", {"log": 7, "locator": 3})} AS time_known_by,
        CASE WHEN done THEN ({u("stops")} < 0.05)::BIGINT ELSE 0 END AS stop_searches, CASE WHEN done THEN ({u("arrests")} < 0.03)::BIGINT ELSE 0 END AS arrests,
        CASE WHEN done THEN ({u("moves on")} < 0.05)::BIGINT ELSE 0 END AS dispersals, CASE WHEN done THEN ({u("resolves")} < 0.03)::BIGINT ELSE 0 END AS community_resolutions,
        CASE WHEN done THEN floor({u("talks")} * 5)::BIGINT ELSE 0 END AS engagements
    FROM (SELECT *, moment AS started_at, {reference("PAT-")} AS patrol_id, {_OFFICER} AS officer, {home_area(_OFFICER)} AS area, {location()} AS location_id,
              NOT {chance("left out", 0.08)} AS done, {chance("directed", 0.58)} AS directed, {chance("directed", 0.58)} AND {chance("additional", 0.5)} AS additional,
              1 + ({u("officers")} < 0.6)::BIGINT AS officers, CASE WHEN round({STATIONS}) < 1 THEN {pick("kind", {k: w for k, w in _KINDS.items() if k != "mobile police station"})}
                  ELSE {pick("kind", _KINDS)} END AS patrol_kind,
              least(30000, round({spread("stays", 2400, 0.6)}))::BIGINT AS seconds
          FROM ({stream("patrol", PATROLS)}))
    """,
    later={"ended_at": ("took_place", "seconds_in_place", "officer_seconds", "stop_searches", "arrests", "dispersals", "community_resolutions", "engagements")},
)  # fmt: skip

TABLES = (NEIGHBOURS, SHIFTS, DUTY, ABSTRACTION, PATROL)
