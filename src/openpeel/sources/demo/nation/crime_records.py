"""Records of crimes as they stand in the end, of their changes, and of supervisors' reviews."""

from __future__ import annotations

from openpeel.sources.demo.nation.draws import after, chance, one_of, pick, spread, wait, whole
from openpeel.sources.demo.nation.made import Made
from openpeel.sources.demo.nation.parameters import parameter
from openpeel.sources.demo.nation.staff import somebody, supervisor

PLAN_SET = parameter("plan_set", 0.82, 0.07, 0.5, 0.99)  # investigations with a plan
FIRST_REVIEW = parameter(
    "first_review", 0.85, 0.07, 0.5, 0.99
)  # allocated crimes that a supervisor looks at first
REGULAR_REVIEW = parameter("regular_review", 0.75, 0.1, 0.3, 0.98)  # monthly reviews that were due and made

_OFFICER_KEY = "hash(officer_number::VARCHAR || force)"
_HELD = f"""CASE WHEN NOT screened_out THEN CASE WHEN {chance("level known", 0.97)} THEN CASE
    WHEN role = 'response' THEN {pick("level", {"PIP 1": 93, "PIP 2": 4, "none": 3}, _OFFICER_KEY)}
    WHEN {chance("level", "investigator_accredited", _OFFICER_KEY)} THEN 'PIP 2'
    ELSE {pick("else", {"PIP 1": 94, "none": 6}, _OFFICER_KEY)} END END END"""
_HATE = f"c.victim = 'person' AND c.offence_group IN ('Violence against the person', 'Public order offences') AND {chance('hate', 0.05, 'c._k')}"
#: Share of crimes committed online, by offence.
_ONLINE_SHARE = """CASE c.o WHEN 'messages' THEN 0.93 WHEN 'images' THEN 0.97 WHEN 'harassment' THEN 0.3 WHEN 'stalking' THEN 0.45
    WHEN 'threats' THEN 0.3 ELSE 0.01 END"""
_ONLINE = (
    f"CASE WHEN {chance('online known', 0.96, 'c._k')} THEN {chance('online', _ONLINE_SHARE, 'c._k')} END"
)
#: What a crime counted as before it left the counts or was classed anew, for supplies of a day before that.
_BEFORE = ("offence_code", "offence", "offence_group", "offence_subgroup")

CRIME = Made(
    "investigating.crime",
    f"""
    SELECT c.force, c._k, c.month, c.crime_id, c.incident_id, c.reported_at, c.recorded_at, c.route,
        CASE WHEN {chance("when known", 0.97, "c._k")} THEN {after("c.committed_to_at", "-c.window_seconds")} END AS committed_from_at,
        CASE WHEN {chance("when known", 0.97, "c._k")} THEN c.committed_to_at END AS committed_to_at,
        c.offence_code, c.offence, c.offence_group, c.offence_subgroup, s.first_code AS first_offence_code, s.reclassified_at,
        CASE WHEN s.reclassified_at IS NOT NULL THEN {one_of("reclassified why", ["Injury confirmed", "Victim's account", "Audit", "Course of conduct"], "c._k")}
            END AS reclassified_reason, c.standing,
        CASE WHEN c.standing = 'recorded' THEN coalesce(s.again_at, c.recorded_at) ELSE s.left_at END AS standing_at,
        CASE WHEN c.standing <> 'recorded' THEN s.reason WHEN s.again THEN 'recorded again' ELSE 'first recording' END AS standing_reason,
        CASE WHEN c.standing = 'transferred' THEN 'Another force' END AS transferred_to,
        c.domestic_abuse, c.child_abuse, c.child_abuse AND c.offence_group = 'Sexual offences' AND {chance("exploited", 0.25, "c._k")} AS child_exploitation,
        c.o = 'images' AS indecent_images_of_children, c.o LIKE 'rape%' OR c.o = 'sexual assault' AND {chance("serious", 0.3, "c._k")}
            AS rape_or_serious_sexual_offence, c.o IN ('stalking', 'harassment', 'messages', 'coercion') AS stalking_or_harassment,
        CASE WHEN {chance("honour asked", 0.9, "c._k")} THEN c.domestic_abuse AND {chance("honour", 0.008, "c._k")} END AS honour_based_abuse,
        {_HATE} AS hate_crime, CASE WHEN {_HATE} THEN {pick("strand", {"race": 68, "sexual orientation": 13, "disability": 8, "religion": 7, "transgender": 4}, "c._k")} END AS hate_strand,
        c.o = 'blade' OR c.o IN ('robbery', 'serious injury') AND {chance("knife", 0.3, "c._k")} AS knife_or_blade,
        c.o IN ('robbery', 'threats') AND {chance("firearm", 0.02, "c._k")} AS firearm, {_ONLINE} AS online,
        coalesce(c.antisocial_behaviour, false) AS antisocial_behaviour,
        c.o = 'dealing in drugs' AND {chance("gang", 0.3, "c._k")} AS gang_related,
        c.local_policing_area, c.beat, c.location_id, c.location_kind, c.ward, c.local_authority, c.census_area,
        coalesce(c.attended, c.incident_id IS NULL AND {chance("attended", "CASE WHEN c.offence_group IN ('Sexual offences', 'Drug offences') THEN 0.9 ELSE 0.25 END", "c._k")}) AS attended,
        c.screened_out, CASE WHEN NOT c.screened_out THEN {after("c.recorded_at", "600 + " + spread("allocated", 18000, 1.1, "c._k"))} END AS allocated_at,
        CASE WHEN NOT c.screened_out THEN c.officer_id END AS officer_id, CASE WHEN NOT c.screened_out THEN c.team END AS team,
        c.level AS level_needed, c.level_held, c.special AS specialist_needed,
        CASE WHEN c.special <> 'none' AND NOT c.screened_out THEN {chance("specialist", 0.6, "hash(c.officer_number::VARCHAR || c.force)")} END AS specialist_held,
        CASE WHEN NOT c.screened_out AND {chance("plan", f"f.{PLAN_SET}", "c._k")}
             THEN {after("c.recorded_at", "20000 + " + spread("allocated", 18000, 1.1, "c._k") + " + " + wait("plan when", 50000, "c._k"))} END AS plan_set_at,
        c.supervisor_id, coalesce({after("greatest(l.last_at, c.recorded_at + to_seconds(CASE WHEN c.screened_out THEN 0 ELSE (600 + " + spread("allocated", 18000, 1.1, "c._k") + ")::BIGINT END))", wait("closing", 90000, "c._k"))}, CASE WHEN c.standing <> 'recorded' THEN s.left_at END) AS closed_at,
        c.person_id AS _person_id, s.first_code AS _before_offence_code, s.first_offence AS _before_offence,
        s.first_group AS _before_offence_group, s.first_subgroup AS _before_offence_subgroup, 'recorded' AS _before_standing,
        c.recorded_at AS _before_standing_at, 'first recording' AS _before_standing_reason
    FROM (SELECT *, {_HELD} AS level_held FROM _cases) c JOIN _standings s USING (force, crime_id)
    JOIN (SELECT force, {PLAN_SET} FROM facts) f USING (force)
    LEFT JOIN (SELECT force, crime_id, last_at FROM _outcomes WHERE outcome_number = 1) l USING (force, crime_id)
    """,
    later={
        "reclassified_at": ("reclassified_reason", *_BEFORE), "standing_at": ("standing", "standing_reason", "transferred_to"),
        "allocated_at": ("officer_id", "team", "level_held", "specialist_held"), "plan_set_at": (), "closed_at": (),
    },
)  # fmt: skip

_NO_REASON = "'none' AS reason, NULL AS force_reason, NULL AS duplicate_of, NULL AS transferred_to, NULL AS accepted_by_force"
_REGISTRAR: dict[str, float | str] = {
    "designated decision maker": 68,
    "force crime registrar": 30,
    "supervisor": 2,
}
_DUPLICATE = "reason LIKE 'duplicate%' AND right(crime_id, 2) = '02'"

CHANGE = Made(
    "investigating.crime_change",
    f"""
    SELECT c.*, o.recorded_at AS _other_recorded_at FROM (
    SELECT force, _k, crime_id, 1 AS change_number, recorded_at AS changed_at, 'recorded' AS change, NULL AS from_offence_code,
        first_code AS to_offence_code, {_NO_REASON}, {somebody("contact", "recorder")} AS decided_by_id,
        {pick("recorder", {"officer": 60, "other": 40})} AS decided_by, {chance("shown", 0.95)} AS verified, {chance("told of crime", 0.93)} AS victim_told
    FROM _standings
    UNION ALL
    SELECT force, _k, crime_id, 2, reclassified_at, 'reclassified', first_code, offence_code, {_NO_REASON},
        {supervisor("investigation", "decider")}, {pick("decider", {"designated decision maker": 55, "supervisor": 30, "force crime registrar": 15})},
        {chance("verified", 0.9)}, {chance("told of change", 0.62)}
    FROM _standings WHERE reclassified_at IS NOT NULL
    UNION ALL
    SELECT force, _k, crime_id, 2, left_at, CASE WHEN again THEN 'cancelled' ELSE standing END, offence_code, NULL, reason,
        CASE WHEN standing = 'transferred' THEN 'Other force' ELSE {one_of("force reason", ["No crime", "Duplicate", "Error"])} END,
        CASE WHEN {_DUPLICATE} THEN left(crime_id, -2) || '01' END, CASE WHEN standing = 'transferred' THEN 'Another force' END,
        CASE WHEN standing = 'transferred' THEN {chance("accepted", 0.88)} END, {supervisor("command", "registrar")},
        {pick("registrar", _REGISTRAR)}, {chance("verified", 0.87)}, {chance("told of change", 0.66)}
    FROM _standings WHERE left_at IS NOT NULL
    UNION ALL
    SELECT force, _k, crime_id, 3, again_at, 'recorded again', NULL, offence_code,
        {_NO_REASON}, {supervisor("command", "registrar")}, 'force crime registrar', true, {chance("told again", 0.8)}
    FROM _standings WHERE again) c
    LEFT JOIN (SELECT force, crime_id AS duplicate_of, recorded_at FROM _crimes) o USING (force, duplicate_of)
    """,
    later={"_other_recorded_at": ("duplicate_of",)},
)

_DAY = 86400
_REVIEWED = "force, crime_id, supervisor_id, officer_id, team"

SUPERVISION = Made(
    "investigating.crime_supervision",
    f"""
    SELECT force, _k, crime_id, row_number() OVER (PARTITION BY force, crime_id ORDER BY reviewed_at, review) AS review_number,
        reviewed_at, due_at, supervisor_id, team AS supervisor_team, review, officer_id, team,
        {chance("directs", "CASE review WHEN 'closing review' THEN 0.1 ELSE 0.7 END")} AS directions_given,
        CASE WHEN review = 'closing review' THEN 0 ELSE {whole("lines", 0, 5)} END AS lines_open
    FROM (SELECT {_REVIEWED}, hash(_k) AS _k, 'first review' AS review, {after("allocated_at", wait("first review", 60000))} AS reviewed_at,
              {after("recorded_at", str(_DAY))} AS due_at
          FROM _reviewed WHERE {chance("first review made", FIRST_REVIEW)}
          UNION ALL
          SELECT {_REVIEWED}, hash(_k + turn), 'regular review', {after("due_at", f"-{_DAY} + " + wait("regular", 2.0 * _DAY, "hash(_k + turn)"))}, due_at
          FROM (SELECT *, {after("allocated_at", f"turn * 28 * {_DAY}")} AS due_at
                FROM (SELECT *, unnest(range(1, 1 + least(2, open_days // 28))) AS turn FROM _reviewed))
          WHERE {chance("regular made", REGULAR_REVIEW, "hash(_k + turn)")}
          UNION ALL
          SELECT {_REVIEWED}, hash(_k + 99), 'closing review', {after("closed_at", "-600")}, NULL
          FROM _reviewed WHERE closed_at IS NOT NULL AND suspected AND {chance("closing", 0.35)})
    """,
)
REVIEWED = Made(
    "_reviewed",
    f"""
    SELECT c.force, c._k, c.crime_id, c.supervisor_id, c.officer_id, c.team, c.recorded_at, c.allocated_at, c.closed_at,
        s.suspected, f.{FIRST_REVIEW}, f.{REGULAR_REVIEW},
        greatest(0, date_diff('day', c.allocated_at, coalesce(c.closed_at, c.allocated_at + INTERVAL 200 DAY))) AS open_days
    FROM "investigating.crime" c JOIN (SELECT force, crime_id, decision IS NOT NULL AS suspected FROM _cases) s USING (force, crime_id)
    JOIN (SELECT force, {FIRST_REVIEW}, {REGULAR_REVIEW} FROM facts) f USING (force)
    WHERE c.allocated_at IS NOT NULL AND c.standing = 'recorded' AND (s.suspected OR c.level_needed = 'PIP 2')
    """,
)

TABLES = (CRIME, CHANGE, REVIEWED, SUPERVISION)
