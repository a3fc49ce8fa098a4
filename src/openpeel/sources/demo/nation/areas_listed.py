"""Districts and made-up small areas of each force, their residents, and how deprived they are, as published lists would have them.

A force's districts are its local policing areas. Small areas have the codes that incidents and crimes name (`places.census_area`);
those codes are the same in every force, so that a small area is one only together with its force.
"""

from __future__ import annotations

from openpeel.sources.demo.nation.draws import u
from openpeel.sources.demo.nation.made import Made

#: As many as `places.census_area` knows.
SMALL_AREAS = 40

_DISTRICTS = """SELECT force, _k, 'LAD' AS area_kind, district_codes AS area_code, local_authority AS area_name, csp_codes AS csp_code,
    NULL AS parent_code, residents FROM "shared.local_policing_area\""""
_SMALL = f"""SELECT force, hash(xor(_k, hash(i))) AS _k, 'LSOA21' AS area_kind, 'X01' || lpad((i - 1)::VARCHAR, 6, '0') AS area_code,
    name || ' ' || lpad(i::VARCHAR, 3, '0') AS area_name, NULL AS csp_code, 'E07' || lpad((900000 + place * 10 + 1 + i % areas)::VARCHAR, 6, '0') AS parent_code,
    floor(residents * i / {SMALL_AREAS})::BIGINT - floor(residents * (i - 1) / {SMALL_AREAS})::BIGINT AS residents
    FROM (SELECT *, unnest(range(1, {SMALL_AREAS + 1})) AS i FROM forces)"""

AREAS_LISTED = Made("_areas_listed", f"{_DISTRICTS} UNION ALL {_SMALL}", monthly=False)

AREA_LOOKUP = Made(
    "shared.area_lookup",
    """
    SELECT force, _k, area_kind, CASE area_kind WHEN 'LAD' THEN '2023' ELSE '2021' END AS vintage, area_code, area_name, parent_code, csp_code,
        CASE area_kind WHEN 'LAD' THEN DATE '2023-12-31' ELSE DATE '2021-03-21' END AS effective_on
    FROM _areas_listed
    """,
    monthly=False,
)

AREA_POPULATION = Made(
    "shared.area_population",
    """
    SELECT force, _k, 'Mid-year estimate' AS basis, DATE '2023-06-30' AS reference_date, 'nothing' AS divided_by, area_kind, area_code, area_name,
        'All' AS sex, 'All' AS age_band, 'All' AS ethnic_group, 'All' AS ethnic_group_five, 'total-only' AS scheme, residents
    FROM _areas_listed
    """,
    monthly=False,
)

DEPRIVATION = Made(
    "shared.deprivation",
    f"""
    SELECT force, _k, 'IMD 2019 England' AS index_name, 'Overall' AS domain, 'LSOA11' AS area_kind, area_code, turn AS rank, 1 + (turn - 1) * 10 // of_all AS decile,
        NULL::DECIMAL(18,6) AS score, DATE '2019-09-26' AS published_on
    FROM (SELECT *, row_number() OVER (ORDER BY {u("deprived")}, _k) AS turn, count(*) OVER () AS of_all FROM _areas_listed WHERE area_kind = 'LSOA21')
    """,
    monthly=False,
)

TABLES = (AREAS_LISTED, AREA_LOOKUP, AREA_POPULATION, DEPRIVATION)
