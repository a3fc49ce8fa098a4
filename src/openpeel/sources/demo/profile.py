"""What each force of the demo world is like: residents, rate of searches, whom it searches and why."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from openpeel.register import Force
from openpeel.sources.demo.focus import told_of
from openpeel.sources.demo.practice import Practice, practice_at
from openpeel.sources.demo.stream import Choice, Stream
from openpeel.sources.demo.wording import (
    ASIAN,
    BLACK,
    DRUGS,
    FIREARMS,
    GROUPS,
    MIXED,
    OTHER,
    PACE,
    SCHOOL,
    WHITE,
)

_SMALLEST, _LARGEST = 350_000, 2_900_000
_CITY_RESIDENTS, _CITY_SEARCHES = 9_000, 2_600
_RATE, _LOWEST_RATE, _HIGHEST_RATE = 3.7, 2.0, 12.0  # searches per 1,000 residents a year
_POINTS: Final = 150


@dataclass(frozen=True)
class Profile:
    """One force of the demo world.

    Attributes:
        force: its entry in the register.
        residents: by group of the population table.
        searches_a_year: expected, before season, scatter and operations.
        relative: searches of a resident of each group against one who is white.
        drugs: share of searches for drugs.
        quiet: added to the shares without further action.
        linked: share of outcomes that are linked to the object.
        practice: how it fills in its records.
        points: the map points its searches are put on, as CSV text "latitude,longitude".
    """

    force: Force
    residents: Mapping[str, int]
    searches_a_year: float
    relative: Mapping[str, float]
    drugs: float
    quiet: float
    linked: float
    practice: Practice
    points: Choice[str]

    @cached_property
    def groups(self) -> Choice[str]:
        """Who is searched."""
        return Choice({group: self.residents[group] * self.relative[group] for group in GROUPS})

    @cached_property
    def powers(self) -> Choice[str]:
        """Under which power, operations apart."""
        theft_and_weapons = 0.985 - self.drugs
        return Choice({DRUGS: self.drugs, PACE: theft_and_weapons, FIREARMS: 0.013, SCHOOL: 0.002})


def profile_of(force: Force, place: int, scale: float, seed: int) -> Profile:
    """The force at this place in the line, in the world of this seed."""
    stream = Stream(seed, "force", force.id)
    residents, searches = _size(force, stream)
    told = told_of(force.id)
    residents = told.get("residents", residents)
    searches = residents * told["searches_per_1000"] / 1000 if "searches_per_1000" in told else searches
    return Profile(
        force=force,
        residents=_residents(residents * scale, stream),
        searches_a_year=searches * scale,
        relative=_relative(stream) | ({BLACK: told["black_relative"]} if told else {}),
        drugs=stream.between(0.48, 0.72),
        quiet=stream.between(-0.06, 0.06),
        linked=stream.between(0.65, 0.9),
        practice=practice_at(place, stream),
        points=_points(place, stream),
    )


def _size(force: Force, stream: Stream) -> tuple[float, float]:
    """Residents, and searches a year."""
    where, rate = stream.next(), _RATE * stream.scatter(0.42)
    if not force.resident_rates:
        return _CITY_RESIDENTS, _CITY_SEARCHES
    residents = _SMALLEST * math.exp(where * math.log(_LARGEST / _SMALLEST))
    return residents, residents * min(max(rate, _LOWEST_RATE), _HIGHEST_RATE) / 1000


def _residents(total: float, stream: Stream) -> dict[str, int]:
    minority = 0.03 + 0.37 * stream.next() ** 2.5
    weights = {
        ASIAN: 0.5 * stream.scatter(0.35),
        BLACK: 0.2 * stream.scatter(0.35),
        MIXED: 0.18 * stream.scatter(0.15),
        OTHER: 0.12 * stream.scatter(0.25),
    }
    sum_of_weights = sum(weights.values())
    found = {group: round(total * minority * weight / sum_of_weights) for group, weight in weights.items()}
    return {**found, WHITE: round(total) - sum(found.values())}


def _relative(stream: Stream) -> dict[str, float]:
    return {
        ASIAN: stream.between(0.8, 2.2),
        BLACK: stream.between(1.5, 6.0),
        MIXED: stream.between(1.1, 2.5),
        OTHER: stream.between(0.6, 1.6),
        WHITE: 1.0,
    }


def _points(place: int, stream: Stream) -> Choice[str]:
    """Points around a place in the open North Sea, some far busier than others."""
    north, east = 54.2 + 0.35 * (place % 7), 1.5 + 0.45 * (place // 7)
    spots = [(north + 0.06 * stream.normal(), east + 0.1 * stream.normal()) for _ in range(_POINTS)]
    return Choice(
        [(f"{latitude:.6f},{longitude:.6f}", stream.next() ** 3 + 0.02) for latitude, longitude in spots]
    )
