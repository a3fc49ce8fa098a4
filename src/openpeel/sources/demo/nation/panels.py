"""Scrutiny panels: four meetings a year, who came, which encounters were drawn by lot and what was said of them.

A meeting is made with the month whose encounters it looks at, and lies in the month after.
"""

from __future__ import annotations

from openpeel.sources.demo.nation.draws import chance, number, one_of, pick, salt, u, whole
from openpeel.sources.demo.nation.made import Made
from openpeel.sources.demo.nation.parameters import parameter
from openpeel.sources.demo.nation.places import area
from openpeel.sources.demo.nation.searched import own_records
from openpeel.sources.demo.nation.streams import YEAR_MONTH

HELD = parameter("panel_held", 0.9, 0.08, 0.4, 1.0)
CAME = parameter("panel_came", 0.62, 0.1, 0.2, 0.95)
TO_OFFICER = parameter("panel_to_officer", 0.75, 0.15, 0.2, 1.0)
ENCOUNTERS = parameter("panel_encounters", 10, 0.0, 10, 10)  # looked at in a meeting

_MEMBERS, _EVERY = 12, 3
_NEXT_MONTH = "make_date(((month + 1) // 12)::INTEGER, (1 + (month + 1) % 12)::INTEGER, 1)"

MEETINGS = Made(
    "_meetings",
    f"""
    SELECT *, {_NEXT_MONTH} + {whole("day", 6, 19)}::INTEGER AS met_on, 'SP-' || {YEAR_MONTH} AS meeting_id, {chance("held", HELD)} AS held
    FROM (SELECT f.* EXCLUDE (_k), m.month, m.i, hash(xor(f._k, xor(m._k, {salt("panel")}))) AS _k FROM forces f, months m WHERE m.i % {_EVERY} = {_EVERY - 1})
    """,
)

_BANDS = {"18 to 24": 14, "25 to 44": 26, "45 to 64": 38, "65 and over": 20, "": 2}
_ETHNIC = {
    "White - English/Welsh/Scottish/Northern Irish/British": 72, "Asian/Asian British - Pakistani": 8, "Asian/Asian British - Indian": 5,
    "Black/African/Caribbean/Black British - African": 5, "Black/African/Caribbean/Black British - Caribbean": 4,
    "Mixed/Multiple ethnic groups - White and Black Caribbean": 3, "": 3,
}  # fmt: skip
#: A member is the same person from meeting to meeting: what the member says of themselves hangs on the member alone.
_M = "_member"

ATTENDANCE = Made(
    "powers.panel_attendance",
    f"""
    SELECT force, _k, month, meeting_id, {number("PM-", "member", 3)} AS member_id, met_on, held AND {u("came")} < {CAME} * (0.7 + 0.6 * {u("keen", _M)}) AS attended,
        DATE '2024-04-01' - {whole("since", 100, 1800, _M)}::INTEGER AS member_since_on, {chance("trained", 0.85, _M)} AS trained, {area(_M)} AS local_policing_area,
        {pick("age", _BANDS, _M)} AS age_band, {pick("gender", {"Female": 52, "Male": 46, "": 2}, _M)} AS gender, {pick("ethnic", _ETHNIC, _M)} AS self_defined_ethnicity
    FROM (SELECT * EXCLUDE (_k), hash(xor(_k, hash(member))) AS _k, hash(xor(hash(force), hash(member))) AS _member
          FROM (SELECT *, unnest(range(1, {_MEMBERS + 1})) AS member FROM _meetings))
    """,
    later={"met_on": ("attended",)},
)

MEETING = Made(
    "powers.panel_meeting",
    f"""
    SELECT force, _k, month, meeting_id, met_on, 'Countywide panel' AS panel, CASE WHEN {own_records()} THEN 'both' ELSE 'use of force' END AS subject, held,
        CASE WHEN held THEN {chance("chair", 0.8, "hash(force)")} END AS independent_chair, {chance("vetted", 0.5, "hash(force)")} AS members_vetted,
        {_MEMBERS} AS members_invited, members_present, {ENCOUNTERS}::BIGINT AS encounters_planned, CASE WHEN held THEN told END AS officers_told,
        CASE WHEN held AND told THEN met_on + {whole("briefs", 7, 40)}::INTEGER END AS briefing_on,
        CASE WHEN held AND told THEN replace(meeting_id, 'SP', 'BR') END AS briefing_id
    FROM (SELECT m.*, {chance("told", 0.72)} AS told, CASE WHEN m.held THEN a.members_present ELSE 0 END AS members_present
          FROM _meetings m JOIN (SELECT force, meeting_id, count(*) FILTER (WHERE attended) AS members_present FROM "powers.panel_attendance" GROUP BY ALL) a
              USING (force, meeting_id))
    """,
    later={
        "met_on": ("held", "independent_chair", "members_present"),
        "briefing_on": ("officers_told", "briefing_id"),
    },
)

#: Encounters of the month, in an order drawn by lot.
DRAWN = Made(
    "_drawn",
    f"""
    SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY force, month ORDER BY {u("lot", "_e")}, use_of_force_id, search_id) AS review_number
        FROM (SELECT force, month, _k AS _e, 'use of force' AS encounter, NULL AS search_id, use_of_force_id, officer_id, body_worn_video_on, true AS reasonable
              FROM "powers.use_of_force" WHERE search_id IS NULL
              UNION ALL
              SELECT force, month, _k, CASE WHEN strip_search THEN 'strip search' ELSE 'stop and search' END, search_id, NULL, officer_id, body_worn_video_on,
                  _true_reasonable FROM "powers.stop_search")
        JOIN (SELECT force, month FROM _meetings) USING (force, month))
    WHERE review_number <= 10
    """,
)

_SAID = {
    "no concern": ("Calm and polite throughout.", "Clear about why and what for.", "Nothing to add."),
    "something to learn": ("The reason could have been explained sooner.", "Too many officers stood around.", "Ask before touching."),
    "concern": ("The grounds were not clear to us.", "The tone was wrong from the start."),
}  # fmt: skip

REVIEW = Made(
    "powers.panel_review",
    f"""
    SELECT force, _k, month, meeting_id, review_number, met_on, encounter, search_id, use_of_force_id, drawn, seen AS looked_at, CASE WHEN seen THEN watched END AS video_watched,
        CASE WHEN seen AND NOT watched THEN CASE WHEN body_worn_video_on THEN 'not ready' ELSE 'no video' END END AS no_video_reason,
        CASE WHEN seen THEN members_present END AS members_present, CASE WHEN seen THEN view END AS view,
        CASE WHEN seen AND encounter <> 'use of force' THEN {chance("accepts", "CASE WHEN reasonable THEN 0.93 ELSE 0.4 END")} END AS grounds_accepted,
        CASE WHEN seen THEN {chance("policy", 0.9)} END AS policy_followed, CASE WHEN seen THEN view <> 'concern' OR {chance("respect", 0.4)} END AS respectful,
        CASE WHEN seen THEN CASE view WHEN 'concern' THEN {one_of("says", _SAID["concern"])} WHEN 'something to learn' THEN {one_of("says", _SAID["something to learn"])}
             ELSE {one_of("says", _SAID["no concern"])} END END AS feedback,
        officer_id, CASE WHEN seen THEN sent END AS sent_to_officer, CASE WHEN seen AND sent THEN sent_on END AS sent_to_officer_on,
        CASE WHEN seen AND sent AND {chance("replies", 0.55)} THEN sent_on + {whole("reply", 1, 30)}::INTEGER END AS officer_replied_on,
        CASE WHEN seen AND sent AND {chance("supervisor", 0.7)} THEN sent_on END AS supervisor_told_on, CASE WHEN seen THEN {chance("briefed", 0.2)} END AS in_briefing,
        CASE WHEN seen THEN CASE view WHEN 'concern' THEN {pick("does", {"advice given": 7, "grounds training": 3})} WHEN 'something to learn' THEN 'advice given' ELSE 'none' END END AS action
    FROM (SELECT *, met_on + {whole("sent day", 1, 20)}::INTEGER AS sent_on, {u("sent")} < {TO_OFFICER} AS sent, held AND members_present > 0 AND {chance("reached", 0.93)} AS seen,
              coalesce(body_worn_video_on, false) AND {chance("watched", 0.94)} AS watched, {pick("drawn", {"at random": 6, "at random within a group": 3, "by the panel": 1}, "hash(force)")} AS drawn,
              {pick("view", {"no concern": 58, "good practice": 10, "something to learn": 22, "concern": 6, "members disagreed": 4})} AS view
          FROM (SELECT d.*, m.meeting_id, m.met_on, m.held, p.members_present, hash(xor(m._k, hash(review_number))) AS _k, m.{TO_OFFICER}
                FROM _drawn d JOIN _meetings m USING (force, month) JOIN "powers.panel_meeting" p USING (force, meeting_id)))
    """,
    later={
        "met_on": ("looked_at", "video_watched", "no_video_reason", "members_present", "view", "grounds_accepted", "policy_followed", "respectful", "feedback",
                   "in_briefing", "action"),
        "sent_to_officer_on": ("sent_to_officer",), "officer_replied_on": (), "supervisor_told_on": (),
    },
)  # fmt: skip

TABLES = (MEETINGS, ATTENDANCE, MEETING, DRAWN, REVIEW)
