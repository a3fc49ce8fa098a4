"""Applications to join, move and be promoted, with those who failed; mentoring, development and support schemes."""

from __future__ import annotations

from openpeel.sources.demo.nation.draws import chance, mixed, one_of, pick, text_sql, u, whole
from openpeel.sources.demo.nation.force_places import FIRST
from openpeel.sources.demo.nation.made import Made
from openpeel.sources.demo.nation.parameters import parameter
from openpeel.sources.demo.nation.workers import DISABLED, ETHNICITY, SEX, then

SUPPORTED = parameter("supported", 0.3, 0.1, 0.05, 0.7)  # of applicants from inside: had a support session
#: Chance that a sergeant's or specialist's application succeeds, for somebody of an ethnic minority against others.
EVEN_CHANCE = parameter("even_chance", 0.93, 0.1, 0.6, 1.2)
SCHEMES = parameter("schemes", 0.04, 0.012, 0.01, 0.08)  # share of people in staff networks and the like
MENTORING = parameter("mentoring", 0.006, 0.003, 0.0, 0.02)  # of people: in mentoring with other forces
ELEVATE = parameter(
    "elevate", 0.002, 0.001, 0.0, 0.01
)  # of people: in the programme for officers and staff of ethnic minorities

_MINORITY = "ethnicity NOT IN ('W1', 'W2', 'W9', 'NS')"
#: Rounds of a year: month of the year (0 is April) -> what for, who applies, share of them who do, rank sought, success.
_INSIDE = (
    (2, "Detectives", "specialist post", "rank = 'constable' AND role IN ('response', 'neighbourhood')", 0.03, "constable", 0.45),
    (5, "Sergeants", "promotion", "rank = 'constable' AND worker_type = 'police officer' AND NOT student", 0.04, "sergeant", 0.32),
    (8, "Firearms and dogs", "specialist post", "rank = 'constable' AND role = 'response' AND NOT student", 0.02, "constable", 0.3),
    (10, "Inspectors", "promotion", "rank = 'sergeant'", 0.09, "inspector", 0.33),
    (11, "Superintendents", "promotion", "rank = 'chief inspector'", 0.3, "superintendent", 0.4),
)  # fmt: skip


def _inside() -> str:
    rows = []
    for turn, process, wanted, who, share, rank, success in _INSIDE:
        key = mixed(process)
        rows.append(
            f"SELECT p.*, '{process}' AS process, '{wanted}' AS applied_for, '{rank}' AS rank_sought, {success} AS success, {key} AS _own, "
            f"employee_id AS applicant FROM _person_months p WHERE (month % 12 + 9) % 12 = {turn} AND kind = 'core' AND ({who}) "
            f"AND {chance(process, share)}"
        )
    return " UNION ALL ".join(rows)


#: From outside: for each person who joins in a year about nine apply. No number of `_people` stands behind them.
_OUTSIDE = f"""
    SELECT f.* REPLACE (hash(xor(_k, xor(hash(month), hash(i)))) AS _k), month, first, i AS n, {whole("days", 28, 28)} AS days,
        CASE WHEN i % 3 = 0 THEN 'joining as staff' WHEN i % 17 = 0 THEN 'joining as a special constable' ELSE 'joining as an officer' END AS applied_for
    FROM (SELECT f.*, m.month, m.first, unnest(range(1, 1 + floor(f.people * leave * 9 / 12 * (0.6 + 0.8 * {u("how many", "hash(xor(f._k, hash(m.month)))")}))::BIGINT)) AS i
          FROM forces f, (SELECT month, {FIRST} AS first FROM months) m) f"""

_COLUMNS = f"""force, _k, month, 'APP-' || strftime(first, '%Y%m') || '-' || number AS application_id,
    first + {whole("applied", 0, 27)}::INTEGER AS applied_on, applied_for, process, employee_id, rank_sought, worker_type, rank, team,
    local_policing_area, sex, ethnicity, disabled, success, {chance("helped", "helped")} AS support_attended"""

APPLICATION = Made(
    "workforce.application",
    f"""
    SELECT * EXCLUDE (success, even_chance, withdrawn, chances), CASE WHEN support_attended THEN {one_of("support", ["Application workshop", "Positive action session", "Mock board"])} END
            AS support_scheme,
        CASE WHEN decided_on IS NOT NULL AND result = 'successful' THEN decided_on + {whole("takes up", 20, 150)}::INTEGER END AS took_up_on,
        CASE WHEN disabled THEN {chance("asks", 0.4)} ELSE {chance("asks", 0.02)} END AS adjustment_asked,
        CASE WHEN CASE WHEN disabled THEN {chance("asks", 0.4)} ELSE {chance("asks", 0.02)} END THEN {chance("adjusts", 0.8)} END AS adjustment_made
    FROM (SELECT *, CASE WHEN withdrawn THEN 'withdrawn by the applicant' WHEN shortlisted AND assessed AND {u("succeeds")} < chances THEN 'successful'
                  ELSE 'unsuccessful' END AS result, applied_on + {whole("decided", 20, 110)}::INTEGER AS decided_on
          FROM (SELECT *, {chance("withdraws", 0.08)} AS withdrawn, {chance("sifted", 0.72)} AS shortlisted,
                    {chance("sifted", 0.72)} AND {chance("comes", 0.93)} AS assessed,
                    success / 0.67 * CASE WHEN {_MINORITY} THEN even_chance ELSE 1 END * CASE WHEN support_attended THEN 1.15 ELSE 1 END AS chances
                FROM (SELECT {_COLUMNS}, even_chance
                      FROM (SELECT p.* EXCLUDE (rank, team, worker_type, area, _k), _own AS _k, left(process, 1) || lpad(n::VARCHAR, 5, '0') AS number,
                                applicant IS NOT NULL AS inside, supported AS helped, {SEX} AS sex, {ETHNICITY} AS ethnicity, {DISABLED} AS disabled, {then("p")}
                            FROM ({_inside()}) p)
                      UNION ALL BY NAME
                      SELECT {_COLUMNS}, even_chance
                      FROM (SELECT *, 'X' || lpad(n::VARCHAR, 5, '0') AS number, NULL AS employee_id, 0.1 AS helped, 0.12 AS success,
                                CASE WHEN applied_for = 'joining as an officer' THEN 'constable' END AS rank_sought,
                                applied_for || ' ' || year(first)::VARCHAR AS process, NULL AS worker_type, NULL AS rank, NULL AS team,
                                NULL AS local_policing_area, {SEX.replace("female", u("sex") + " < 0.46")} AS sex,
                                {ETHNICITY.replace("minority_staff", "minority_staff * 1.8")} AS ethnicity, {DISABLED} AS disabled
                            FROM ({_OUTSIDE})))))
    """,
    later={"decided_on": ("shortlisted", "assessed", "result", "adjustment_made"), "took_up_on": ()},
)  # fmt: skip

#: Scheme -> kind, trial, open to, partner, first day, who may be in it, how many of a force's people are.
_SCHEMES = (
    ("Cross-force mentoring", "mentoring", True, "", "Ten other forces", "2024-06-10", "true", MENTORING),
    ("Elevate", "development programme", True, "Black, Asian and mixed officers and staff", "", "2024-06-03", "minority", ELEVATE),
    ("Women's network", "staff network", False, "Women", "", "2023-01-09", "female", "schemes * 0.9"),
    ("Race equality network", "staff network", False, "Black, Asian and mixed officers and staff", "", "2022-03-07", "minority", "schemes * 0.3"),
    ("Disability network", "staff network", False, "Disabled officers and staff", "", "2022-09-05", "says_disabled", "schemes * 0.3"),
    ("Step in", "support for joiners", False, "", "", "2023-09-04", "student", "schemes"),
)  # fmt: skip


def _members() -> str:
    rows = []
    for scheme, kind, pilot, group, partner, first, who, share in _SCHEMES:
        texts = ", ".join(
            f"nullif('{t}', '') AS {name}" for t, name in ((group, "open_to"), (partner, "partner"))
        )
        turn = f"row_number() OVER (PARTITION BY force ORDER BY {u(scheme)}, _k)"
        rows.append(
            f"SELECT p.* REPLACE ({mixed(scheme, 'p._k')} AS _k), {text_sql(scheme)} AS scheme, DATE '{first}' AS first, "
            f"'{kind}' AS scheme_kind, {str(pilot).lower()} AS pilot, {texts} "
            f"FROM ({_PERSONS} AND ({who}) QUALIFY {turn} <= round(people * ({share}))) p"
        )
    return " UNION ALL ".join(rows)


_PERSONS = f"""SELECT * FROM (SELECT *, coalesce({ETHNICITY}, 'W1') NOT IN ('W1', 'W2', 'W9', 'NS') AS minority,
    coalesce({DISABLED}, false) AS says_disabled FROM _people) WHERE kind = 'core'"""

SCHEME_MEMBER = Made(
    "workforce.scheme_member",
    f"""
    SELECT *, CASE WHEN ended_on IS NOT NULL THEN {pick("ended", {"left early": 25, "completed": 75})} END AS ended_by,
        CASE WHEN ended_on IS NOT NULL AND scheme_kind IN ('mentoring', 'development programme') THEN {chance("promoted", 0.2)} END AS promoted_or_moved
    FROM (SELECT force, _k, scheme, employee_id, started_on, CASE WHEN {chance("ends", 0.35)} THEN started_on + {whole("stays", 60, 500)}::INTEGER END AS ended_on,
              scheme_kind, CASE WHEN scheme_kind = 'mentoring' THEN CASE WHEN rank IN ('inspector', 'chief inspector') OR {chance("mentors", 0.35)}
                  THEN 'mentor' ELSE 'mentored' END WHEN scheme_kind = 'staff network' AND {chance("leads", 0.05)} THEN 'lead' ELSE 'participant' END AS takes_part_as,
              pilot, open_to, partner, {then()}
          FROM (SELECT *, greatest(joined_on, first + floor({u("starts")} * CASE WHEN pilot THEN 20 ELSE 400 END)::INTEGER) AS started_on FROM ({_members()})) p)
    """,
    later={"ended_on": ("ended_by", "promoted_or_moved")},
    monthly=False,
)

TABLES = (APPLICATION, SCHEME_MEMBER)
