"""Online child abuse: cases by band and how long they wait, children found and made safe, intelligence refreshed."""

from __future__ import annotations

from openpeel.sources.demo.nation.draws import after, chance, pick, spread, u, whole
from openpeel.sources.demo.nation.made import Made
from openpeel.sources.demo.nation.parameters import parameter
from openpeel.sources.demo.nation.places import person
from openpeel.sources.demo.nation.staff import among_first, employee, supervisor
from openpeel.sources.demo.nation.streams import reference, stream

CASES = parameter("online_abuse_cases", 0.32, 0.06, 0.15, 0.6)  # per 1,000 residents a year
DELAY = parameter(
    "online_abuse_delay", 1.3, 0.5, 0.5, 4.0
)  # median time to act, against the force's own limit
AT_SCENE = parameter("devices_triaged_at_scene", 0.4, 0.12, 0.05, 0.9)
A_PERSON = parameter("online_abuse_workload", 14, 4, 6, 30)  # open cases an investigator has
REFRESHED = parameter("online_abuse_refreshed", 0.75, 0.12, 0.3, 0.98)

#: Days within which a case of each band is to be acted on, by the forces' own rule.
_DAYS = "CASE band WHEN 'very high' THEN 7 WHEN 'high' THEN 30 WHEN 'medium' THEN 60 ELSE 90 END"
_BANDS = {"very high": 0.08, "high": 0.27, "medium": 0.38, "low": 0.27}
#: Months a case stays open, about: with the workload it says how many investigators there are.
_MONTHS_OPEN = 9
_INVESTIGATOR = among_first(
    "public protection",
    "investigator",
    f"round({CASES} * residents / 1000 / 12 * {_MONTHS_OPEN} / {A_PERSON})",
)
_REVIEW_DAYS = 30

BASE = Made(
    "_online",
    f"""
    SELECT *, CASE WHEN acts THEN {after("allocated_at", spread("acts", f"{_DAYS} * 86400 * {DELAY}", 0.7))} END AS enforced_at,
        CASE WHEN children > 0 THEN {after("kirat_at", spread("child", 20000, 1.2))} END AS child_at
    FROM (SELECT force, _k, month, n, residents, people, persons, moment AS received_at, {CASES}, {DELAY}, {AT_SCENE}, {A_PERSON}, {REFRESHED},
              {reference("OA-")} AS online_abuse_case_id, {pick("band", _BANDS)} AS band, {chance("acts", 0.9)} AS acts,
              {after("moment", spread("kirat", 100000, 0.9))} AS kirat_at,
              {after("moment", "3600 + " + spread("kirat", 100000, 0.9) + " + " + spread("allocated", 130000, 0.8))} AS allocated_at,
              {chance("access", 0.38)} AS access,
              CASE WHEN {chance("access", 0.38)} THEN {whole("children", 1, 3)} ELSE 0 END AS children,
              CASE WHEN {chance("known", 0.9)} THEN {person("online suspect", crowd=1.0)} END AS suspect_id,
              {_INVESTIGATOR} AS investigator
          FROM ({stream("online abuse", CASES)}))
    """,
)

_SHARED = after(
    "child_at",
    spread("shares", "CASE band WHEN 'very high' THEN 9000 WHEN 'high' THEN 40000 ELSE 120000 END", 1.0),
)
#: Whether and when social care is told; the referral is made with it.
SHARED_AT = f"CASE WHEN child_at IS NOT NULL AND {chance('shares', 0.93)} THEN {_SHARED} END"
REFERRAL_ID = "replace(online_abuse_case_id, 'OA', 'SR') || 'ZO1'"
_CLOSED = after("enforced_at", spread("closes", 150 * 86400, 0.5))

CASE = Made(
    "offenders.online_abuse_case",
    f"""
    SELECT force, _k, month, online_abuse_case_id, received_at,
        {pick("found by", {"National Crime Agency": 62, "peer-to-peer monitoring": 16, "other force": 7, "report by the public": 9, "partner": 5, "other": 1})}
            AS found_by, suspect_id, band AS kirat_band, kirat_at, allocated_at, received_at::DATE + {_DAYS} AS enforcement_due_on,
        enforced_at, enforced_by, CASE WHEN enforced_by = 'warrant' THEN {after("enforced_at", "-86400 * (0.2 + " + u("warrant") + ")")} END
            AS warrant_granted_at,
        CASE WHEN enforced_by = 'arrest without a warrant' THEN {pick("no warrant", {"arrest was urgent": 3, "suspect let officers in": 2, "": 1})} END
            AS no_warrant_reason,
        found AS suspect_found, CASE WHEN found AND enforced_by <> 'voluntary attendance' THEN enforced_at END AS arrested_at,
        access AS access_to_children, child_at AS child_first_identified_at, children AS children_identified,
        CASE WHEN children = 0 THEN 0 WHEN shared_at IS NOT NULL THEN children - {chance("unsafe", 0.05)}::INTEGER ELSE 0 END
            AS children_safeguarded,
        shared_at, CASE WHEN shared_at IS NOT NULL THEN {REFERRAL_ID} END AS referral_id, devices AS devices_found,
        triaged AS devices_triaged, devices - floor(triaged * 0.6)::BIGINT AS devices_submitted,
        CASE WHEN enforced_at IS NOT NULL AND {chance("images", 0.6)} THEN {after("enforced_at", spread("uploads", 40 * 86400, 0.6))} END
            AS images_uploaded_at,
        {employee("investigator")} AS investigator_id, 'Online Investigation' AS team, {supervisor("public protection", "supervises")} AS supervisor_id,
        received_at::DATE + {_REVIEW_DAYS} * (1 + floor({u("review due")} * 4))::INTEGER AS review_due_on,
        {_CLOSED} AS closed_at,
        CASE WHEN enforced_at IS NOT NULL THEN {pick("code", {"charged": 4, "no further action": 4, "caution": 1, "": 1})} END AS closing_code
    FROM (SELECT *, CASE WHEN devices IS NULL THEN NULL ELSE
                  least(devices, floor(devices * {AT_SCENE} * (0.3 + 1.4 * {u("triages")}) + {u("rounds")}))::BIGINT END AS triaged
          FROM (SELECT *, {SHARED_AT} AS shared_at, CASE WHEN enforced_at IS NOT NULL THEN {chance("found", 0.86)} END AS found,
                    CASE WHEN enforced_at IS NOT NULL THEN {whole("devices", 1, 14)} END AS devices,
                    CASE WHEN enforced_at IS NOT NULL THEN
                        {pick("under", {"warrant": 78, "arrest without a warrant": 12, "voluntary attendance": 9, "other": 1})} END AS enforced_by
                FROM _online))
    """,
    later={
        "kirat_at": ("kirat_band", "enforcement_due_on"), "allocated_at": ("investigator_id",),
        "enforced_at": ("enforced_by", "no_warrant_reason", "suspect_found", "devices_found", "devices_triaged", "devices_submitted"),
        "warrant_granted_at": (), "arrested_at": (),
        "child_first_identified_at": ("children_identified", "children_safeguarded"), "shared_at": ("referral_id",),
        "images_uploaded_at": (), "closed_at": ("closing_code",),
    },
)  # fmt: skip

REVIEW = Made(
    "offenders.online_abuse_review",
    f"""
    SELECT force, _k, month, replace(online_abuse_case_id, 'OA', 'OR') || '-' || number::VARCHAR AS online_abuse_review_id,
        online_abuse_case_id, received_at::DATE + (number * {_REVIEW_DAYS})::INTEGER AS due_on, reviewed_at,
        CASE WHEN changed THEN NOT access ELSE access END AS access_to_children, changed AS access_changed, band AS kirat_band,
        CASE WHEN changed AND NOT access THEN {chance("told", 0.9)} END AS social_care_told, {employee("investigator")} AS reviewer_id
    FROM (SELECT *, {after("received_at", f"number * {_REVIEW_DAYS} * 86400 + (" + u("late") + " - 0.4) * 12 * 86400")} AS reviewed_at,
              {chance("changed", 0.05)} AS changed
          FROM (SELECT * EXCLUDE (_k), hash(xor(_k, hash(number))) AS _k
                FROM (SELECT *, unnest(range(1, 7)) AS number FROM _online)))
    WHERE reviewed_at < coalesce(enforced_at, reviewed_at + INTERVAL 1 DAY) AND {u("made")} < {REFRESHED}
    """,
)

TABLES = (BASE, CASE, REVIEW)
