"""Posts: the establishment, filled or vacant, with the level asked for and the level held.

Every person of ``_people`` who serves throughout holds a post; vacancies come on top. Constables of investigation and public
protection hold the posts designated at PIP 2 as far as those are filled.
"""

from __future__ import annotations

from openpeel.sources.demo.nation.draws import chance, mixed, pick, u, whole
from openpeel.sources.demo.nation.made import Made
from openpeel.sources.demo.nation.parameters import parameter
from openpeel.sources.demo.nation.places import AREAS
from openpeel.sources.demo.nation.staff import TEAM, employee
from openpeel.sources.demo.nation.workers import DEPARTMENT

#: Of a force's people: posts for constables designated at PIP 2, for sergeants, for inspectors.
PIP2_POSTS = parameter("pip2_posts", 0.085, 0.01, 0.05, 0.11)
PIP2_SERGEANTS = parameter("pip2_sergeants", 0.012, 0.001, 0.008, 0.016)
PIP2_INSPECTORS = parameter("pip2_inspectors", 0.0037, 0.0004, 0.002, 0.006)
#: Of those posts: held by somebody accredited, and vacant.
PIP2_HELD = parameter("pip2_held", 0.6, 0.12, 0.25, 0.95)
PIP2_VACANT = parameter("pip2_vacant", 0.12, 0.05, 0.0, 0.35)
PIP2_SERGEANTS_HELD = parameter("pip2_sergeants_held", 0.75, 0.08, 0.4, 0.98)
PIP2_INSPECTORS_HELD = parameter("pip2_inspectors_held", 0.82, 0.06, 0.5, 1.0)
#: Posts for a constable where nobody is, of all those that are not designated; and of sergeants' and inspectors'.
_VACANT, _VACANT_ABOVE = 0.04, 0.08

_DETECTIVES = "role IN ('investigation', 'public protection')"
#: How many PIP 2 posts of a rank there are, are held by accredited people, are vacant.
_POSTS = f"round(people * CASE rank WHEN 'constable' THEN {PIP2_POSTS} WHEN 'sergeant' THEN {PIP2_SERGEANTS} ELSE {PIP2_INSPECTORS} END)"
_HELD = f"""round({_POSTS} * CASE rank WHEN 'constable' THEN {PIP2_HELD} WHEN 'sergeant' THEN {PIP2_SERGEANTS_HELD}
    ELSE {PIP2_INSPECTORS_HELD} END)"""
_EMPTY = f"least({_POSTS} - {_HELD}, round({_POSTS} * CASE rank WHEN 'constable' THEN {PIP2_VACANT} ELSE {_VACANT_ABOVE} END))"

#: `holder`: number of whoever is in the post. `needed` and `level`: of the post and of the person.
POSTS = Made(
    "_posts",
    f"""
    WITH ranked AS (
        SELECT *, row_number() OVER (PARTITION BY force, rank, designated ORDER BY {_DETECTIVES} DESC, {u("post")}, n) AS turn
        FROM (SELECT *, rank IN ('constable', 'sergeant', 'inspector') AND worker_type = 'police officer'
                  AND ({_DETECTIVES} OR rank = 'inspector') AND NOT student AS designated FROM _people WHERE kind = 'core'))
    SELECT *, 'PST-' || lpad((row_number() OVER (PARTITION BY force ORDER BY holder IS NULL, holder, _k))::VARCHAR, 5, '0')
        AS post_id
    FROM (
        SELECT force, _k, n AS holder, role, rank, worker_type, team, area, people,
            CASE WHEN designated AND turn <= {_POSTS} - {_EMPTY} THEN 'PIP 2' WHEN {_DETECTIVES} AND rank IS NOT NULL THEN 'PIP 1'
                 WHEN rank IS NULL THEN 'none' ELSE 'PIP 1' END AS needed,
            CASE WHEN rank IS NULL THEN 'none' WHEN designated AND turn <= {_HELD} THEN 'PIP 2'
                 WHEN student AND {u("level")} < 0.7 THEN 'none' ELSE 'PIP 1' END AS level
        FROM ranked
        UNION ALL
        SELECT force, hash(xor(_k, hash(rank || v))), NULL, role, rank, 'police officer',
            upper(role[1]) || role[2:] || ' ' || (1 + home // {TEAM})::VARCHAR,
            CASE WHEN role = 'investigation' THEN list_extract({list(AREAS)!r}, (1 + (home // {TEAM}) % areas)::INTEGER) END,
            people, 'PIP 2', NULL
        FROM (SELECT *, (floor(people * CASE role WHEN 'investigation' THEN 0.38 ELSE 0.52 END)
                  + floor({u("home", mixed("vacant", "hash(xor(_k, hash(rank || v)))"))} * people * CASE role WHEN 'investigation' THEN 0.14 ELSE 0.07 END))::BIGINT AS home
              FROM (SELECT *, CASE WHEN v % 3 = 0 THEN 'public protection' ELSE 'investigation' END AS role
                    FROM (SELECT *, unnest(range(1, 1 + ({_EMPTY})::BIGINT)) AS v
                          FROM forces, (VALUES ('constable'), ('sergeant'), ('inspector')) ranks(rank))))
        UNION ALL
        SELECT force, {mixed("empty post")}, NULL, role, rank, worker_type, team, area, people,
            CASE WHEN rank IS NULL THEN 'none' ELSE 'PIP 1' END, NULL
        FROM ranked WHERE {chance("empty post", _VACANT)} AND (rank IS NULL OR rank = 'constable' AND NOT {_DETECTIVES}))
    """,
    monthly=False,
)

_PURPOSE = f"""CASE e.role WHEN 'public protection' THEN {
    pick(
        "purpose",
        {
            "public protection": 3,
            "child protection": 3,
            "rape and serious sexual offences": 3,
            "domestic abuse": 2,
            "online child abuse": 2,
            "safeguarding hub": 2,
        },
    )
}
    WHEN 'response' THEN 'response' WHEN 'neighbourhood' THEN 'neighbourhood' WHEN 'investigation' THEN 'investigation'
    WHEN 'offender management' THEN 'offender management' WHEN 'contact' THEN 'contact and control'
    WHEN 'digital forensics' THEN 'digital forensics' ELSE 'other' END"""
_SINCE = f"(DATE '2024-03-25' - floor({u('vacant since')} * 500)::INTEGER)"
_FROM = f"(DATE '2015-04-01' + 365 * floor({u('from')} * 8)::INTEGER)"

POST = Made(
    "investigating.post",
    f"""
    SELECT *, CASE WHEN NOT vacant AND level_needed = 'PIP 2' AND holder_level = 'PIP 1' AND {chance("trains", 0.55)} THEN 'PIP 2' END
            AS holder_training_for,
        CASE WHEN NOT vacant AND level_needed = 'PIP 2' AND holder_level = 'PIP 1' AND {chance("trains", 0.55)} THEN
            DATE '2024-06-01' + {whole("accredited", 0, 500)}::INTEGER END AS holder_accreditation_expected_on,
        CASE WHEN NOT vacant AND sexual_offences_accreditation_needed THEN {chance("ssaidp", "_specialist")} END
            AS holder_sexual_offences_accredited,
        CASE WHEN NOT vacant AND child_abuse_accreditation_needed THEN {chance("scaidp", "_specialist")} END
            AS holder_child_abuse_accredited
    FROM (
        SELECT e.force, e._k, e.post_id, upper(e.role[1]) || e.role[2:] || ' ' || coalesce(e.rank, 'assistant') AS role,
            CASE WHEN e.worker_type = 'PCSO' THEN 'community support officer' WHEN e.rank IS NULL THEN 'police staff'
                 WHEN e.rank IN ('superintendent', 'chief superintendent', 'chief officer') THEN 'superintendent or above'
                 ELSE e.rank END AS rank,
            {DEPARTMENT} AS department, e.team, e.area AS local_policing_area, {_PURPOSE} AS purpose,
            1.0::DECIMAL(4,2) AS full_time_equivalent, {chance("permanent", 0.95)} AS permanent, {_FROM} AS from_on,
            e.needed AS level_needed, {_PURPOSE} = 'rape and serious sexual offences' AS sexual_offences_accreditation_needed,
            {_PURPOSE} = 'child protection' AS child_abuse_accreditation_needed, e.holder IS NULL AS vacant,
            CASE WHEN e.holder IS NULL THEN greatest({_FROM}, {_SINCE}) END AS vacant_since_on,
            CASE WHEN e.holder IS NULL AND {chance("to be filled", 0.3)} THEN DATE '2024-04-10' + {whole("filled", 0, 200)}::INTEGER END
                AS fill_expected_on,
            CASE WHEN e.holder IS NOT NULL THEN {employee("e.holder")} END AS employee_id,
            CASE WHEN e.holder IS NOT NULL THEN greatest(p.joined_on, DATE '2024-03-25' - floor({u("holder since")} * 2000)::INTEGER) END
                AS holder_since_on,
            CASE WHEN e.holder IS NOT NULL THEN {chance("acting", 0.05)} END AS holder_acting,
            CASE WHEN e.holder IS NOT NULL THEN e.level END AS holder_level, 0.55 + 0.3 * e.pip2_held AS _specialist
        FROM (SELECT q.*, f.pip2_held FROM _posts q JOIN forces f USING (force)) e
        LEFT JOIN (SELECT force, n, joined_on FROM _people) p ON p.force = e.force AND p.n = e.holder)
    """,
    monthly=False,
)

TABLES = (POSTS, POST)
