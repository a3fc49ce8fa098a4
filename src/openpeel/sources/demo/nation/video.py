"""Body-worn video: what was recorded, and what it is tagged with.

Truth: ``_true_incident_id`` is the incident a recording shows, also where it was never tagged.
"""

from __future__ import annotations

from openpeel.sources.demo.nation.draws import after, chance, pick, spread, u
from openpeel.sources.demo.nation.made import Made
from openpeel.sources.demo.nation.parameters import parameter
from openpeel.sources.demo.nation.staff import employee, staff_number, supervisor, team_of

TAGGED = parameter("video_tagged", 0.87, 0.07, 0.4, 0.99)
SAMPLED = parameter("video_sampled", 0.03, 0.015, 0.0, 0.2)

_OFFICER = staff_number("response", "sent", "i._k").replace("people", "f.people")
_OTHER_SHARE = 0.22  # of attended incidents that are not domestic abuse

RECORDING = Made(
    "vulnerable.bodyworn_video",
    f"""
    SELECT force, _k, month, recording_id, CASE WHEN tagged THEN shows END AS incident_id, CASE WHEN tagged THEN crime_id END AS crime_id, search_id,
        use_of_force_id, officer_id, team, started_at, ended_at, CASE WHEN tagged OR search_id IS NOT NULL OR use_of_force_id IS NOT NULL THEN category END AS category,
        {after("ended_at", "1800 + " + spread("uploads", 20000, 0.8))} AS uploaded_at, evidential,
        CASE WHEN {u("sampled")} < {SAMPLED} THEN {supervisor("response", "samples")} END AS reviewer_id,
        CASE WHEN {u("sampled")} < {SAMPLED} THEN {after("ended_at", "90000 + " + spread("sampled", 9 * 86400, 0.7))} END AS reviewed_at,
        started_at::DATE + CASE WHEN evidential THEN 2557 ELSE 31 END AS delete_on, shows AS _true_incident_id, crime_recorded_at AS _crime_recorded_at
    FROM (SELECT *, {u("tagged")} < {TAGGED} AS tagged, {after("started_at", spread("films", 1500, 0.8))} AS ended_at,
              {chance("evidence", "CASE WHEN crime_id IS NOT NULL THEN 0.75 ELSE 0.15 END")} AS evidential
          FROM (SELECT a.force, hash(xor(a._k, 41)) AS _k, a.month, replace(a.incident_id, 'INC', 'BWV') || '-00A' AS recording_id, a.incident_id AS shows, a.crime_id,
                    NULL AS search_id, NULL AS use_of_force_id, a.officer_id, a.team, a.seen_at - to_seconds((20 + a._k % 90)::BIGINT) AS started_at,
                    'domestic abuse' AS category, a._crime_recorded_at AS crime_recorded_at, f.people, f.{TAGGED}, f.{SAMPLED}
                FROM "vulnerable.risk_assessment" a JOIN facts f USING (force) WHERE a.body_worn_video_on
                UNION ALL
                SELECT i.force, hash(xor(i._k, 42)), i.month, replace(i.incident_id, 'INC', 'BWV') || '-00I', i.incident_id, NULL, NULL, NULL, {employee(_OFFICER)},
                    {team_of("response", _OFFICER)}, i.arrived_at + INTERVAL 1 MINUTE, i.opening_code, NULL, f.people, f.{TAGGED}, f.{SAMPLED}
                FROM "responding.incident" i JOIN facts f USING (force)
                WHERE i.arrived_at IS NOT NULL AND NOT i.domestic_abuse AND {u("films", "i._k")} < {_OTHER_SHARE}
                UNION ALL
                SELECT s.force, hash(xor(s._k, 43)), s.month, replace(s.search_id, 'SS', 'BWV') || 'S-00S', NULL, NULL, s.search_id, NULL, s.officer_id, s.team,
                    s.searched_at - INTERVAL 1 MINUTE, 'stop and search', NULL, f.people, f.{TAGGED}, f.{SAMPLED}
                FROM "powers.stop_search" s JOIN facts f USING (force) WHERE s.body_worn_video_on
                UNION ALL
                SELECT o.force, hash(xor(o._k, 44)), o.month, replace(o.use_of_force_id, 'UOF', 'BWV') || 'F', o.incident_id, o.crime_id, NULL, o.use_of_force_id,
                    o.officer_id, o.team, o.used_at - INTERVAL 1 MINUTE, {pick("kind", {"use of force": 6, "arrest": 4}, "o._k")}, NULL, f.people, f.{TAGGED}, f.{SAMPLED}
                FROM "powers.use_of_force" o JOIN facts f USING (force) WHERE o.body_worn_video_on AND o.search_id IS NULL))
    """,
    later={"ended_at": (), "uploaded_at": ("incident_id", "crime_id", "category", "evidential"), "reviewed_at": ("reviewer_id",), "_crime_recorded_at": ("crime_id",)},
)  # fmt: skip

TABLES = (RECORDING,)
