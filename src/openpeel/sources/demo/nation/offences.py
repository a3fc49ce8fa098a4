"""Offences: what each is, who suffers it, how often a suspect is named; and what incidents turn into."""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields

from openpeel.sources.demo.nation.draws import pick, text_sql
from openpeel.sources.demo.nation.made import Made


@dataclass(frozen=True)
class Offence:
    """One offence as the nation knows it.

    Attributes:
        o: the name by which the nation's tables call it.
        offence_code, offence, offence_group, offence_subgroup: as the Home Office has them.
        victim: ``person``, ``business`` or ``state``.
        level: investigator level that the allocation policy asks for.
        special: further accreditation that it asks for.
        named: share of such crimes in which somebody becomes a suspect, domestic abuse apart.
        arrests: share of suspects dealt with who are arrested, not asked to come.
        days: median days of an investigation with a suspect.
        devices: share of suspects from whom devices are taken.
    """

    o: str
    offence_code: str
    offence: str
    offence_group: str
    offence_subgroup: str
    victim: str
    level: str
    special: str
    named: float
    arrests: float
    days: float
    devices: float


_VIOLENCE, _SEXUAL, _THEFT = "Violence against the person", "Sexual offences", "Theft offences"
_WITH, _WITHOUT, _STALKING = "Violence with injury", "Violence without injury", "Stalking and harassment"
_ONE, _TWO = "PIP 1", "PIP 2"

#: Shares are round figures that make a nation look like one; none is an estimate of anything.
OFFENCES = (
    Offence("assault", "105A", "Assault without injury", _VIOLENCE, _WITHOUT, "person", _ONE, "none", 0.62, 0.5, 30, 0.02),
    Offence("injury", "8N", "Assault with injury", _VIOLENCE, _WITH, "person", _ONE, "none", 0.62, 0.6, 40, 0.03),
    Offence("serious injury", "5D", "Assault with intent to cause serious harm", _VIOLENCE, _WITH, "person", _TWO, "none", 0.75, 0.9, 80, 0.3),
    Offence("threats", "3B", "Threats to kill", _VIOLENCE, _WITHOUT, "person", _TWO, "none", 0.75, 0.6, 45, 0.12),
    Offence("harassment", "8L", "Harassment", _VIOLENCE, _STALKING, "person", _ONE, "none", 0.6, 0.4, 35, 0.1),
    Offence("stalking", "8Q", "Stalking", _VIOLENCE, _STALKING, "person", _TWO, "none", 0.8, 0.65, 60, 0.3),
    Offence("messages", "8R", "Malicious communications", _VIOLENCE, _STALKING, "person", _ONE, "none", 0.5, 0.2, 35, 0.12),
    Offence("coercion", "8U", "Controlling or coercive behaviour", _VIOLENCE, _STALKING, "person", _TWO, "none", 0.95, 0.7, 80, 0.25),
    Offence("cruelty", "11A", "Cruelty to and neglect of children", _VIOLENCE, _WITHOUT, "person", _TWO, "SCAIDP", 0.9, 0.4, 90, 0.08),
    Offence("rape of a woman", "19C", "Rape of a female aged 16 and over", _SEXUAL, "Rape", "person", _TWO, "SSAIDP", 0.75, 0.6, 150, 0.45),
    Offence("rape of a man", "19F", "Rape of a male aged 16 and over", _SEXUAL, "Rape", "person", _TWO, "SSAIDP", 0.7, 0.6, 150, 0.45),
    Offence("rape of a girl", "19D", "Rape of a female child under 16", _SEXUAL, "Rape", "person", _TWO, "SCAIDP", 0.8, 0.65, 170, 0.5),
    Offence("rape of a boy", "19G", "Rape of a male child under 16", _SEXUAL, "Rape", "person", _TWO, "SCAIDP", 0.8, 0.65, 170, 0.5),
    Offence("sexual assault", "20A", "Sexual assault on a female aged 13 and over", _SEXUAL, "Other sexual offences", "person", _TWO, "SSAIDP", 0.6, 0.55, 100, 0.2),
    Offence("images", "86", "Obscene publications and indecent images", "Miscellaneous crimes against society", "Miscellaneous crimes against society", "state", _TWO, "SCAIDP", 0.8, 0.6, 160, 0.97),
    Offence("robbery", "34B", "Robbery of personal property", "Robbery", "Robbery", "person", _TWO, "none", 0.35, 0.9, 50, 0.25),
    Offence("burglary of a home", "28E", "Burglary - residential", _THEFT, "Residential burglary", "person", _TWO, "none", 0.14, 0.85, 45, 0.15),
    Offence("burglary of a business", "30C", "Burglary - business and community", _THEFT, "Non-residential burglary", "business", _ONE, "none", 0.18, 0.8, 35, 0.06),
    Offence("theft from a vehicle", "45", "Theft from a vehicle", _THEFT, "Vehicle offences", "person", _ONE, "none", 0.06, 0.7, 25, 0.02),
    Offence("theft of a vehicle", "48", "Theft or unauthorised taking of a motor vehicle", _THEFT, "Vehicle offences", "person", _ONE, "none", 0.12, 0.75, 30, 0.04),
    Offence("shoplifting", "46", "Shoplifting", _THEFT, "Shoplifting", "business", _ONE, "none", 0.34, 0.4, 18, 0.0),
    Offence("theft from a person", "39", "Theft from the person", _THEFT, "Theft from the person", "person", _ONE, "none", 0.07, 0.7, 25, 0.02),
    Offence("bicycle", "44", "Theft or unauthorised taking of a pedal cycle", _THEFT, "Bicycle theft", "person", _ONE, "none", 0.04, 0.5, 20, 0.0),
    Offence("other theft", "49", "Other theft", _THEFT, "All other theft offences", "person", _ONE, "none", 0.12, 0.4, 25, 0.01),
    Offence("damage to a home", "58A", "Criminal damage to a dwelling", "Criminal damage and arson", "Criminal damage", "person", _ONE, "none", 0.3, 0.5, 25, 0.0),
    Offence("damage to a vehicle", "58C", "Criminal damage to a vehicle", "Criminal damage and arson", "Criminal damage", "person", _ONE, "none", 0.18, 0.4, 22, 0.0),
    Offence("other damage", "58D", "Other criminal damage", "Criminal damage and arson", "Criminal damage", "business", _ONE, "none", 0.25, 0.45, 22, 0.0),
    Offence("arson", "56B", "Arson not endangering life", "Criminal damage and arson", "Arson", "person", _TWO, "none", 0.25, 0.6, 40, 0.04),
    Offence("possession of drugs", "92E", "Possession of controlled drugs (cannabis)", "Drug offences", "Possession of drugs", "state", _ONE, "none", 0.98, 0.45, 15, 0.02),
    Offence("dealing in drugs", "92A", "Trafficking in controlled drugs", "Drug offences", "Trafficking of drugs", "state", _TWO, "none", 0.95, 0.95, 90, 0.6),
    Offence("blade", "10D", "Possession of article with blade or point", "Possession of weapons offences", "Possession of weapons offences", "state", _ONE, "none", 0.9, 0.8, 25, 0.05),
    Offence("public fear", "9A", "Public fear, alarm or distress", "Public order offences", "Public order offences", "person", _ONE, "none", 0.4, 0.45, 25, 0.0),
    Offence("affray", "66", "Other offences against the state or public order", "Public order offences", "Public order offences", "state", _ONE, "none", 0.6, 0.7, 40, 0.03),
)  # fmt: skip


def _row(offence: Offence) -> str:
    return (
        "(" + ", ".join(text_sql(v) if isinstance(v, str) else f"{v}::DOUBLE" for v in astuple(offence)) + ")"
    )


TABLE = Made(
    "_offences",
    f"SELECT * FROM (VALUES {', '.join(_row(o) for o in OFFENCES)}) t({', '.join(f.name for f in fields(Offence))})",
    monthly=False,
)

#: What an incident turns out to be, by how it was opened.
_FROM_INCIDENTS: dict[str, dict[str, float | str]] = {
    "Domestic incident": {
        "assault": 38, "injury": 22, "harassment": 8, "stalking": 4, "messages": 4, "coercion": 5, "threats": 3,
        "damage to a home": 8, "rape of a woman": 2.5, "serious injury": 1.5, "public fear": 4,
    },
    "Violence": {
        "assault": 36, "injury": 28, "public fear": 14, "threats": 4, "robbery": 5, "serious injury": 3, "affray": 3,
        "blade": 2.5, "rape of a woman": 2, "sexual assault": 2.5,
    },
    "Theft": {"other theft": 55, "bicycle": 18, "theft from a person": 20, "robbery": 7},
    "Burglary": {"burglary of a home": 1},
    "Vehicle": {"theft from a vehicle": 34, "theft of a vehicle": 30, "damage to a vehicle": 36},
    "Antisocial behaviour": {"public fear": 36, "other damage": 34, "harassment": 16, "arson": 6, "assault": 8},
}  # fmt: skip
_FROM_OTHERS: dict[str, float | str] = {
    "public fear": 20, "damage to a vehicle": 18, "possession of drugs": 22, "blade": 7, "dealing in drugs": 7,
    "assault": 18, "sexual assault": 4, "cruelty": 4,
}  # fmt: skip
_DIRECTLY: dict[str, float | str] = {
    "shoplifting": 31, "messages": 10, "harassment": 8, "other theft": 10, "theft from a vehicle": 4, "bicycle": 3,
    "damage to a vehicle": 4, "other damage": 3, "assault": 6, "injury": 3, "possession of drugs": 4,
    "dealing in drugs": 2, "rape of a woman": 4, "sexual assault": 5.5, "images": 2.4, "cruelty": 1.4, "stalking": 1.5,
    "coercion": 1.5, "burglary of a home": 2.5, "burglary of a business": 3,
}  # fmt: skip


def drawn_offence() -> str:
    """SQL for the name of an offence, from ``opening_code`` (blank: recorded directly) and ``location_kind``."""
    cases = " ".join(f"WHEN '{code}' THEN {pick('offence', w)}" for code, w in _FROM_INCIDENTS.items())
    return f"""CASE WHEN opening_code IS NULL THEN {pick("offence", _DIRECTLY)}
        WHEN opening_code = 'Theft' AND location_kind = 'Shop' THEN 'shoplifting'
        WHEN opening_code = 'Burglary' AND location_kind <> 'Dwelling' THEN 'burglary of a business'
        ELSE CASE opening_code {cases} ELSE {pick("offence", _FROM_OTHERS)} END END"""
