"""The searches of one force in one month, as lines of its file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from openpeel.sources.demo.months import Hour, Month
from openpeel.sources.demo.practice import Clock, Linked
from openpeel.sources.demo.profile import Profile
from openpeel.sources.demo.stream import Stream
from openpeel.sources.demo.wording import (
    AGE,
    DONE,
    GENDER,
    NO_FURTHER_ACTION,
    NOT_STATED,
    NOTHING_DONE,
    OBJECT,
    OFFICER_DEFINED,
    SECTION_60,
    SELF_DEFINED,
    TYPE,
    VEHICLE,
)

_MONTHLY_SCATTER = 0.12
_OPERATION_CHANCE, _OPERATION_HOURS, _OPERATION_SHARE = 0.15, 36, 0.12
_NO_POINT, _STRIPPED, _IN_OPERATION, _FOUND_ANYWAY, _NONSENSE = 0.05, 0.03, 0.05, 0.04, 0.93


@dataclass(frozen=True)
class MonthOfForce:
    """The lines of one file, in order of time, and what was sown in them."""

    lines: list[str]
    duplicates: int
    section_60: int


def searches_of(profile: Profile, month: Month, seed: int, busier: float, quieter: float) -> MonthOfForce:
    """One force's month.

    Args:
        profile: the force.
        month: the local month.
        seed: of the world.
        busier: factor on the number of searches, from the story.
        quieter: added to the share without further action, from the story.
    """
    clerk = _Clerk(profile, month, Stream(seed, profile.force.id, month.label), quieter)
    mean = profile.searches_a_year / 12 * month.season * busier
    count = clerk.stream.count(mean * clerk.stream.scatter(_MONTHLY_SCATTER))
    rows = [clerk.search() for _ in range(count)]
    operation = clerk.operation(mean) if clerk.stream.chance(_OPERATION_CHANCE) else []
    rows += operation
    twice = [row for row in rows if clerk.stream.chance(profile.practice.duplicated)]
    return MonthOfForce([line for _, line in sorted(rows + twice)], len(twice), len(operation))


@dataclass(frozen=True)
class _Clerk:
    """Draws searches and writes them down the way the force does."""

    profile: Profile
    month: Month
    stream: Stream
    quieter: float

    @cached_property
    def blank(self) -> frozenset[str]:
        return self.profile.practice.blank

    def search(self) -> tuple[str, str]:
        """An ordinary search: its stamp and its line."""
        part = self._flag(_IN_OPERATION)
        return self._line(self.stream.pick(self.month.hours), self.stream.pick(self.profile.powers), part)

    def operation(self, mean: float) -> list[tuple[str, str]]:
        """Searches under section 60 within a day and a half."""
        hours = self.month.hours.values
        start = self.stream.whole(len(hours) - _OPERATION_HOURS)
        part = "" if "Part of a policing operation" in self.blank else "True"
        count = self.stream.count(mean * _OPERATION_SHARE * self.stream.scatter(0.6))
        when = [hours[start + self.stream.whole(_OPERATION_HOURS)] for _ in range(count)]
        return [self._line(hour, SECTION_60, part) for hour in when]

    def _line(self, hour: Hour, power: str, part: str) -> tuple[str, str]:
        stamp = self._stamp(hour)
        kind = self.stream.pick(TYPE)
        outcome = self._outcome(power)
        legislation = "" if "Legislation" in self.blank else power
        found = self.stream.pick(OBJECT[power])
        after = f"{legislation},{found},{outcome},{self._linked(outcome)},{self._removal()}"
        return stamp, f"{kind},{stamp},{part},,{self._point()},{self._person(kind)},{after}"

    def _stamp(self, hour: Hour) -> str:
        clock = self.profile.practice.clock
        if clock is Clock.DATE:
            return hour.midnight
        minute = int(self.stream.next() * 60)
        if clock is Clock.MINUTE:
            return f"{hour.stamp}{minute:02d}:00+00:00"
        second = int(self.stream.next() * 60)
        if clock is Clock.SECOND:
            return f"{hour.stamp}{minute:02d}:{second:02d}+00:00"
        return f"{hour.stamp}{minute:02d}:{second:02d}.{self.stream.whole(1000):03d}000+00:00"

    def _point(self) -> str:
        point = self.stream.pick(self.profile.points)
        return "," if self.stream.chance(_NO_POINT) or "Latitude" in self.blank else point

    def _person(self, kind: str) -> str:
        """Gender, age range, self-defined and officer-defined ethnicity."""
        if kind == VEHICLE:
            return "Other,,," if self.profile.practice.names_vehicles else ",,,"
        group = self.stream.pick(self.profile.groups)
        gender = self._kept("Gender", self.stream.pick(GENDER))
        age = self._kept("Age range", self.stream.pick(AGE))
        stated = not self.stream.chance(self.profile.practice.not_stated)
        own = self._kept(
            "Self-defined ethnicity", self.stream.pick(SELF_DEFINED[group]) if stated else NOT_STATED
        )
        officer = self._kept("Officer-defined ethnicity", self.stream.pick(OFFICER_DEFINED[group]))
        return f"{gender},{age},{own},{officer}"

    def _kept(self, column: str, value: str) -> str:
        left_out = self.stream.chance(self.profile.practice.person_blank)
        return "" if left_out or column in self.blank else value

    def _outcome(self, power: str) -> str:
        if self.stream.chance(self.profile.practice.outcome_blank):
            return ""
        if self.stream.chance(NOTHING_DONE[power] + self.profile.quiet + self.quieter):
            return NO_FURTHER_ACTION
        return self.stream.pick(DONE[power])

    def _linked(self, outcome: str) -> str:
        """Whether the outcome is linked to the object, written by the force's own habit."""
        led_on = outcome not in ("", NO_FURTHER_ACTION)
        share = {"": 0.0, NO_FURTHER_ACTION: _FOUND_ANYWAY}.get(outcome, self.profile.linked)
        match self.profile.practice.linked:
            case Linked.EVERY_ROW:
                return str(self.stream.chance(share))
            case Linked.WITH_OUTCOME:
                return str(self.stream.chance(share)) if led_on else ""
            case Linked.NONSENSE:
                return str(self.stream.chance(_NONSENSE))
            case Linked.NEVER:
                return ""

    def _removal(self) -> str:
        stripped = self.stream.chance(_STRIPPED)
        return "" if "Removal of more than just outer clothing" in self.blank else str(stripped)

    def _flag(self, share: float) -> str:
        yes = self.stream.chance(share)
        return "" if "Part of a policing operation" in self.blank else str(yes)
