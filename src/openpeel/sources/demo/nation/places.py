"""Places and people that turn up in records, drawn by number without a join."""

from __future__ import annotations

from openpeel.sources.demo.nation.draws import number, one_of, u

AREAS = ("North", "South", "East", "West", "Castle", "Harbour", "Moor", "Vale")
BEATS = 4
#: The same few people and places turn up again and again: a power of an even draw crowds them at the start.
_PEOPLE_CROWD, _PLACES_CROWD = 1.9, 2.6


def area(key: str = "_k") -> str:
    """SQL for a local policing area; needs ``areas`` of the force. The first are the busiest."""
    held = ", ".join(f"'{a}'" for a in AREAS)
    return f"list_extract([{held}], 1 + floor(pow({u('area', key)}, 1.4) * areas)::INTEGER)"


def beat(area_column: str, key: str = "_k") -> str:
    """SQL for a beat within an area."""
    return f"({area_column} || ' ' || (1 + floor({u('beat', key)} * {BEATS}))::VARCHAR)"


def location(key: str = "_k") -> str:
    """SQL for a location's reference; a few see much more than the others."""
    return number("LOC-", f"1 + floor(pow({u('location', key)}, {_PLACES_CROWD}) * persons * 0.5)::BIGINT", 7)


def person(name: str, key: str = "_k", crowd: float = _PEOPLE_CROWD) -> str:
    """SQL for a person's reference; some turn up far more often than others."""
    return number("N-", f"1 + floor(pow({u(name, key)}, {crowd}) * persons)::BIGINT", 7)


def census_area(location_column: str) -> str:
    """SQL for a made-up small area; ``X01`` is no code of the statistics office."""
    return f"('X01' || lpad((hash({location_column}) % 40)::VARCHAR, 6, '0'))"


def ward(name: str = "ward", key: str = "_k") -> str:
    """SQL for a ward."""
    return one_of(name, ("Abbey", "Bridge", "Chapel", "Dockside", "Elms", "Fairfield", "Greenway"), key)
