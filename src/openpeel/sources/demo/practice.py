"""How each force of the demo world fills in its records.

Forces stand in a line (see `world.line_up`), and practice goes with the place in it: which force stands where
depends on the seed, which practices are found in a world of a given size does not. Ten forces already show
every habit with "outcome linked", every column that is never filled, and missing months.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from openpeel.sources.demo.stream import Stream


class Linked(Enum):
    """When a force fills "Outcome linked to object of search"."""

    EVERY_ROW = "every row"
    WITH_OUTCOME = "only where there was an outcome"
    NEVER = "never"
    NONSENSE = "on every row and nearly always True, even where no further action was taken"


class Clock(Enum):
    """How exactly a force writes the time of a search."""

    MINUTE = "to the minute"
    SECOND = "to the second"
    FRACTION = "with fractions of a second"
    DATE = "the date alone: local midnight"


@dataclass(frozen=True)
class Practice:
    """How one force fills in its records.

    Attributes:
        linked: when "outcome linked" is filled.
        blank: columns it never fills.
        clock: how exactly it writes the time.
        outcome_blank: share of searches without an outcome.
        not_stated: share of persons whose self-defined ethnicity is "not stated".
        person_blank: share of persons of whom any one column is blank.
        duplicated: share of rows that are there twice.
        names_vehicles: whether vehicle searches say "Other" for gender.
        missing: months (0 is the first of the world) for which it has no file.
    """

    linked: Linked
    blank: frozenset[str]
    clock: Clock
    outcome_blank: float
    not_stated: float
    person_blank: float
    duplicated: float
    names_vehicles: bool
    missing: frozenset[int]


_NONSENSE: Final = {2, 23}
_NEVER: Final = {3, 11, 19, 27, 35}
_DATE_ONLY: Final = {12, 33}
_FRACTION: Final = {13}
_NO_OUTCOME: Final = {15}
_DUPLICATED: Final = {16, 29}
_NAMES_VEHICLES: Final = {6, 25}
_MISSING: Final = {5: {3}, 9: {7}, 14: {2, 3}, 30: {10}}
_BLANK: Final = {
    "Gender": {4},
    "Age range": {5, 22},
    "Officer-defined ethnicity": {6, 20},
    "Legislation": {8},
    "Latitude": {7, 24},
    "Removal of more than just outer clothing": {3, 10, 18, 26, 34, 40},
    "Part of a policing operation": {place for place in range(43) if place % 5 in (0, 2, 3)},
}


def practice_at(place: int, stream: Stream) -> Practice:
    """The practice of the force at this place in the line; its shares are drawn."""
    return Practice(
        linked=_linked(place),
        blank=frozenset(column for column, places in _BLANK.items() if place in places),
        clock=_clock(place),
        outcome_blank=0.22 if place in _NO_OUTCOME else stream.between(0, 0.05),
        not_stated=stream.between(0.04, 0.28),
        person_blank=stream.between(0, 0.08),
        duplicated=0.04 if place in _DUPLICATED else 0.004,
        names_vehicles=place in _NAMES_VEHICLES,
        missing=frozenset(_MISSING.get(place, ())),
    )


def _linked(place: int) -> Linked:
    if place in _NONSENSE:
        return Linked.NONSENSE
    if place in _NEVER:
        return Linked.NEVER
    return Linked.EVERY_ROW if place % 2 else Linked.WITH_OUTCOME


def _clock(place: int) -> Clock:
    if place in _DATE_ONLY:
        return Clock.DATE
    if place in _FRACTION:
        return Clock.FRACTION
    return Clock.SECOND if place % 3 == 1 else Clock.MINUTE
