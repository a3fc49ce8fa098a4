"""Street crimes and their outcomes as data.police.uk would publish them, from the crimes of the nation.

A crime is in the file of the month in which it was recorded, an outcome in that of its own month. Map points lie in the open
North Sea, as those of the searches do.
"""

from __future__ import annotations

from openpeel.sources.demo.nation.days import local_day
from openpeel.sources.demo.nation.draws import chance, text_sql, u
from openpeel.sources.demo.nation.made import Made

_POINTS = 150
_POINT = f"(hash(location_id || force) % {_POINTS})"
_TYPES = {
    "Residential burglary": "Burglary", "Non-residential burglary": "Burglary", "Vehicle offences": "Vehicle crime", "Shoplifting": "Shoplifting",
    "Theft from the person": "Theft from the person", "Bicycle theft": "Bicycle theft", "All other theft offences": "Other theft", "Robbery": "Robbery",
    "Violence with injury": "Violence and sexual offences", "Violence without injury": "Violence and sexual offences", "Rape": "Violence and sexual offences",
    "Stalking and harassment": "Violence and sexual offences", "Other sexual offences": "Violence and sexual offences",
    "Criminal damage": "Criminal damage and arson", "Arson": "Criminal damage and arson", "Possession of drugs": "Drugs", "Trafficking of drugs": "Drugs",
    "Possession of weapons offences": "Possession of weapons", "Public order offences": "Public order",
}  # fmt: skip
_TYPE = (
    "CASE offence_subgroup "
    + " ".join(f"WHEN {text_sql(a)} THEN {text_sql(b)}" for a, b in _TYPES.items())
    + " ELSE 'Other crime' END"
)
_OUTCOMES = {
    "1": "Suspect charged", "1A": "Suspect charged", "2": "Offender given a caution", "3": "Offender given a caution",
    "8": "Local resolution", "14": "Unable to prosecute suspect", "15": "Unable to prosecute suspect", "16": "Unable to prosecute suspect",
    "18": "Investigation complete; no suspect identified", "20": "Action to be taken by another organisation",
    "21": "Further investigation is not in the public interest", "22": "Further action is not in the public interest",
}  # fmt: skip
_OUTCOME = (
    "CASE outcome_type "
    + " ".join(f"WHEN {text_sql(a)} THEN {text_sql(b)}" for a, b in _OUTCOMES.items())
    + " ELSE 'Formal action is not in the public interest' END"
)

_PLACE = f"""f.name AS reported_by, f.name AS falls_within,
    CASE {_POINT} % 4 WHEN 0 THEN 'On or near Parking Area' WHEN 1 THEN 'On or near Shopping Area' WHEN 2 THEN 'On or near Park' ELSE 'On or near High Street ' || {_POINT} END AS location,
    census_area AS lsoa_code, local_authority || ' ' || right(census_area, 3) AS lsoa_name,
    (1.5 + 0.45 * (f.place // 7) + 0.2 * {u("east", f"hash(xor(f._k, {_POINT}))")})::DECIMAL(9,6) AS longitude,
    (54.2 + 0.35 * (f.place % 7) + 0.12 * {u("north", f"hash(xor(f._k, {_POINT}))")})::DECIMAL(9,6) AS latitude"""
_FORCE = "(SELECT force, name, place, _k FROM forces) f USING (force)"
_ID = "sha256(force || ' ' || c.crime_id)"

STREET_CRIME = Made(
    "investigating.street_crime",
    f"""
    SELECT force, c._k, {_ID} AS crime_id, date_trunc('month', {local_day("recorded_at")})::DATE AS month_on, {_TYPE} AS crime_type,
        CASE WHEN outcome_type IS NULL THEN 'Under investigation' ELSE {_OUTCOME} END AS last_outcome, {_PLACE}, o.assigned_at AS _outcome_at
    FROM "investigating.crime" c JOIN {_FORCE}
    LEFT JOIN (SELECT force, crime_id, outcome_type, assigned_at FROM "investigating.crime_outcome"
               WHERE replaced_at IS NULL QUALIFY row_number() OVER (PARTITION BY force, crime_id ORDER BY outcome_number DESC) = 1) o USING (force, crime_id)
    WHERE standing = 'recorded' AND {chance("has a point", 0.98, "c._k")}
    UNION ALL
    SELECT force, c._k, NULL, date_trunc('month', reported_at)::DATE, 'Anti-social behaviour', NULL, {_PLACE}, NULL
    FROM "responding.incident" c JOIN {_FORCE} WHERE antisocial_behaviour AND NOT crime_recorded
    """,
    later={"_outcome_at": ("last_outcome",)},
)

STREET_OUTCOME = Made(
    "investigating.street_outcome",
    f"""
    SELECT force, c._k, {_ID} AS crime_id, date_trunc('month', {local_day("assigned_at")})::DATE AS month_on, {_OUTCOME} AS outcome_type, {_PLACE}
    FROM (SELECT force, crime_id, outcome_type, assigned_at FROM "investigating.crime_outcome") o JOIN (SELECT force, _k, crime_id, location_id, census_area, local_authority FROM "investigating.crime"
        WHERE standing = 'recorded' AND {chance("has a point", 0.98)}) c USING (force, crime_id) JOIN {_FORCE}
    """,
)

TABLES = (STREET_CRIME, STREET_OUTCOME)
