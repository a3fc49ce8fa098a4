"""Digital exhibits: looked at on the spot, at a kiosk, by the unit; what waits, what is decided without it.

Devices queue for the unit: those that come late in a busy month wait longer. Where the case is decided first, many
are taken back.
"""

from __future__ import annotations

from openpeel.sources.demo.nation.days import local_day
from openpeel.sources.demo.nation.draws import after, chance, mixed, pick, spread, wait
from openpeel.sources.demo.nation.made import Made
from openpeel.sources.demo.nation.parameters import parameter

TRIAGED = parameter("exhibit_triaged", 0.35, 0.12, 0.05, 0.8)  # at the scene, in cases about indecent images
UNIT_DAYS = parameter("digital_unit_days", 32, 14, 8, 120)  # median wait at the unit, of medium priority
KIOSK = parameter("kiosk", 0.3, 0.1, 0.05, 0.6)  # phones that go to a kiosk first

_DEVICES: dict[str, float | str] = {
    "phone": 62, "computer": 12, "tablet": 8, "storage": 9, "video recorder": 4, "vehicle system": 1, "online account": 2, "other": 2,
}  # fmt: skip
_OF_SUSPECT = "place::VARCHAR AS second, force, month, crime_id, suspect_id, o, way, arrested_at, interviewed_at, decided_at, reported_at, victim_key"

_SEIZED = f"""
    SELECT {mixed("device")} AS _k, {_OF_SUSPECT}, 'suspect' AS owner,
        coalesce({after("arrested_at", "1800 + " + wait("seized", 5000))}, {after("interviewed_at", "-600")}) AS seized_at,
        unnest(range(1, 2 + least(6, floor({wait("devices", "CASE o WHEN 'images' THEN 3.2 ELSE 0.7 END")})::BIGINT))) AS device_number
    FROM _suspects WHERE way IS NOT NULL AND {chance("devices taken", "devices")} AND coalesce(arrested_at, interviewed_at) IS NOT NULL
    UNION ALL
    SELECT {mixed("victim's device")}, {_OF_SUSPECT}, CASE WHEN {chance("a witness", 0.1)} THEN 'witness' ELSE 'victim' END,
        {after("greatest(reported_at, recorded_at)", spread("handed over", 150000, 1.0))}, 1
    FROM _suspects WHERE place = 1 AND victim = 'person' AND {chance("handed over", "CASE WHEN o LIKE 'rape%' THEN 0.4 WHEN o IN ('stalking', 'coercion', 'threats') THEN 0.15 WHEN o IN ('messages', 'harassment') THEN 0.05 ELSE 0 END")}"""

_RESULT = pick(
    "triage",
    {
        "nothing of interest": 44,
        "full examination needed": 44,
        "enough evidence found": 7,
        "could not be opened": 5,
    },
)
_PRIORITY: dict[str, float | str] = {"medium": 58, "low": 24, "high": 16, "urgent": 2}
_SENSITIVE_PRIORITY: dict[str, float | str] = {"medium": 40, "high": 46, "urgent": 12, "low": 2}
_STANDARD = "CASE priority WHEN 'urgent' THEN 7 WHEN 'high' THEN 30 WHEN 'medium' THEN 60 ELSE 90 END"
_FACTOR = "CASE priority WHEN 'urgent' THEN 0.08 WHEN 'high' THEN 0.5 WHEN 'medium' THEN 1 ELSE 1.5 END"

EXHIBITS = Made(
    "_exhibits",
    f"""
    SELECT *, CASE WHEN submitted_at IS NOT NULL THEN 0.7 + 0.6 * percent_rank() OVER (PARTITION BY force, month, submitted_at IS NULL ORDER BY submitted_at) END AS load
    FROM (SELECT *, CASE WHEN seized AND NOT coalesce(kiosk_enough, false) AND (triage_result IS NULL OR triage_result IN ('full examination needed', 'could not be opened'))
                         AND {chance("submitted", "CASE WHEN o = 'images' OR o LIKE 'rape%' THEN 0.93 ELSE 0.72 END")}
                    THEN {after("coalesce(kiosk_at, seized_at)", "3600 + " + spread("submits", 200000, 0.9))} END AS submitted_at
          FROM (SELECT *, triage_result IS DISTINCT FROM 'nothing of interest' AS seized,
                    CASE WHEN kiosk_at IS NOT NULL THEN {chance("kiosk enough", 0.55)} END AS kiosk_enough
                FROM (SELECT *, CASE WHEN triaged THEN {_RESULT} END AS triage_result,
                          CASE WHEN device = 'phone' AND NOT triaged AND {chance("kiosk", KIOSK)} THEN {after("seized_at", "7200 + " + wait("kiosk when", 60000))} END AS kiosk_at
                      FROM (SELECT *, owner = 'suspect' AND {chance("triaged", f"CASE WHEN o = 'images' THEN {TRIAGED} ELSE 0.06 END")} AS triaged
                            FROM (SELECT * EXCLUDE (_k), hash(_k + device_number) AS _k, {pick("device", _DEVICES, "hash(_k + device_number)")} AS device FROM ({_SEIZED}))
                            JOIN (SELECT force, {TRIAGED}, {UNIT_DAYS}, {KIOSK} FROM facts) USING (force)))))
    """,
)

_WITHDRAWN = (
    "decision IN ('accepted', 'not yet decided') AND result_at > decided_at AND decided_at > submitted_at + INTERVAL 1 DAY AND "
    + chance("withdrawn", 0.45)
)

EXHIBIT = Made(
    "investigating.digital_exhibit",
    f"""
    SELECT force, _k, month, replace(crime_id, 'CR-', 'DX-') || CASE owner WHEN 'suspect' THEN 'S' ELSE 'V' END || second || device_number::VARCHAR AS exhibit_id,
        crime_id, CASE WHEN owner = 'suspect' THEN suspect_id END AS suspect_id, CASE WHEN {chance("owner known", 0.97)} THEN owner ELSE 'unknown' END AS owner,
        device, seized_at, seized, o = 'images' AS indecent_images_case, triaged AS triaged_at_scene, CASE WHEN triaged THEN {after("seized_at", "600 + " + wait("triaged when", 1500))} END AS triaged_at,
        CASE WHEN triaged THEN {pick("van", {"Digital van 1": 55, "Digital van 2": 45})} END AS triaged_with, coalesce(triage_result, 'not triaged') AS triage_result,
        kiosk_at, CASE WHEN kiosk_at IS NOT NULL THEN local_policing_area || ' station' END AS kiosk, kiosk_enough, submitted_at,
        officer_id, team, CASE WHEN submitted_at IS NOT NULL THEN decision END AS decision,
        CASE WHEN submitted_at IS NOT NULL AND decision <> 'refused' THEN priority END AS priority,
        CASE WHEN submitted_at IS NOT NULL THEN {local_day("submitted_at")} + ({_STANDARD})::INTEGER END AS due_on,
        CASE WHEN examined THEN started_at END AS started_at, CASE WHEN submitted_at IS NOT NULL THEN {chance("outsourced", 0.12)} END AS outsourced,
        CASE WHEN examined THEN result_at END AS result_sent_at, CASE WHEN examined THEN {after("result_at", "30000 + " + wait("returned", 250000))} END AS returned_at,
        CASE WHEN examined AND owner <> 'suspect' THEN {after("result_at", "300000 + " + wait("given back", 500000))}
             WHEN kiosk_enough THEN {after("kiosk_at", "7200 + " + wait("given back", 250000))} END AS given_back_at,
        CASE WHEN withdrawn THEN {after("decided_at", "3600")} END AS withdrawn_at, CASE WHEN withdrawn THEN 'Case decided' END AS withdrawn_reason,
        CASE WHEN examined THEN images END AS indecent_images_found, CASE WHEN examined AND images THEN {after("result_at", "86400 + " + wait("uploaded", 900000))} END
            AS child_abuse_database_at, result_at AS _result_at
    FROM (SELECT *, {_WITHDRAWN} AS withdrawn,
              submitted_at IS NOT NULL AND decision = 'accepted' AND NOT coalesce({_WITHDRAWN}, false) AS examined, o = 'images' AND {chance("images", 0.55)} AS images
          FROM (SELECT e.*, {after("started_at", "3600 + " + spread("examines", 500000, 1.0))} AS result_at, c.officer_id, c.team, c.local_policing_area
                FROM (SELECT *, {after("submitted_at", "7200 + load * " + spread("starts", f"{_FACTOR} * {UNIT_DAYS} * 86400", 0.7))} AS started_at
                      FROM (SELECT *, CASE WHEN o = 'images' OR o LIKE 'rape%' THEN {pick("priority", _SENSITIVE_PRIORITY)} ELSE {pick("priority", _PRIORITY)} END AS priority,
                                {pick("unit", {"accepted": 90, "returned for more detail": 6, "refused": 2, "not yet decided": 2})} AS decision
                            FROM _exhibits)) e
                JOIN (SELECT force, crime_id, officer_id, team, local_policing_area FROM _cases) c USING (force, crime_id)))
    """,
    later={
        "triaged_at": ("triaged_with", "triage_result"), "kiosk_at": ("kiosk", "kiosk_enough"), "submitted_at": ("decision", "priority", "due_on"),
        "started_at": (), "result_sent_at": ("indecent_images_found",), "returned_at": (), "given_back_at": (), "withdrawn_at": ("withdrawn_reason",),
        "child_abuse_database_at": (),
    },
)  # fmt: skip

TABLES = (EXHIBITS, EXHIBIT)
