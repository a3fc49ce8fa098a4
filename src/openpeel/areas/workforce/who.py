"""Words and columns that records of the workforce have in common: sort of worker, rank, team at the time."""

from __future__ import annotations

from openpeel.areas.shared.records import RANKS
from openpeel.engine.declare.columns import choice, word
from openpeel.engine.declare.records import Column, Reference

HR = "Human resources (Origin, iTrent, Oracle, SAP)"
DUTIES = "Duty management (Global Rostering System, Origin, Crown)"
LEARNING = "Learning management (Chronicle, Totara, College Learn)"

WORKER_TYPES = (
    "police officer",
    "police staff",
    "PCSO",
    "designated officer",
    "special constable",
    "volunteer",
    "agency worker",
)
AREA = Reference(("local_policing_area",), "shared.local_policing_area")
EMPLOYEE = Reference(("employee_id",), "workforce.employee")


def then(when: str) -> tuple[Column, ...]:
    """What the person was ``when`` it happened: later moves and promotions do not change it."""
    return (
        choice("worker_type", f"Sort of worker {when}.", *WORKER_TYPES),
        choice("rank", f"Rank of an officer {when}; blank for those without a rank.", *RANKS),
        word("team", f"Team {when}.", "Response A North"),
        word("local_policing_area", f"Local policing area {when}.", "North"),
    )
