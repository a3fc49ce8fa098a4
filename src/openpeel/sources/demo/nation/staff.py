"""Who works where: employees are numbered, and each role has a range of numbers.

An employee of a role is drawn as a number within the range, without a join. `workforce` makes the record of
each number by the same ranges.
"""

from __future__ import annotations

from openpeel.sources.demo.nation.draws import mixed, u

#: Role -> share of a force's people. Police officers first, then staff.
ROLES: dict[str, float] = {
    "response": 0.27,
    "neighbourhood": 0.11,
    "investigation": 0.14,
    "public protection": 0.07,
    "offender management": 0.03,
    "operations": 0.05,
    "command": 0.02,
    "contact": 0.13,
    "custody": 0.04,
    "digital forensics": 0.02,
    "support": 0.12,
}
#: One in this many of a role supervises.
SUPERVISED = 7
#: People of one team.
TEAM = 8


def _bounds(role: str) -> tuple[float, float]:
    low = 0.0
    for name, share in ROLES.items():
        if name == role:
            return low, low + share
        low += share
    raise KeyError(role)


def staff_number(role: str, name: str, key: str = "_k", people: str = "people") -> str:
    """SQL for the number of somebody of a role; ``people`` is how many the force has."""
    low, high = _bounds(role)
    span = f"greatest(1, floor({people} * {high - low:.4f}))"
    return f"(1 + floor({people} * {low:.4f}) + floor({u(name, key)} * {span}))::BIGINT"


def employee(number: str) -> str:
    """SQL for the employee's reference."""
    return f"('P-' || lpad(({number})::VARCHAR, 5, '0'))"


def team_of(role: str, number: str) -> str:
    """SQL for the team somebody of a role belongs to: ``Response 3``."""
    return f"('{role.capitalize()} ' || (1 + ({number}) // {TEAM})::VARCHAR)"


def somebody(role: str, name: str, key: str = "_k") -> str:
    """SQL for the reference of somebody of a role."""
    return employee(staff_number(role, name, key))


def supervisor(role: str, name: str, key: str = "_k") -> str:
    """SQL for the reference of a supervisor of a role: numbers divisible by ``SUPERVISED``."""
    number = staff_number(role, name, key)
    return employee(f"greatest(1, ({number}) // {SUPERVISED} * {SUPERVISED})")


def among_first(role: str, name: str, many: str, key: str = "_k") -> str:
    """SQL for the number of somebody among so many (SQL for a number) of a role: a team with work of its own."""
    low, high = _bounds(role)
    span = f"greatest(1, least(floor(people * {high - low:.4f}), {many}))"
    return f"(1 + floor(people * {low:.4f}) + floor({u(name, key)} * {span}))::BIGINT"


__all__ = [
    "ROLES",
    "SUPERVISED",
    "TEAM",
    "among_first",
    "employee",
    "mixed",
    "somebody",
    "staff_number",
    "supervisor",
    "team_of",
]
