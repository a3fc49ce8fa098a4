"""The thresholds of the checks. None of them is known from the inspectorate: each is openpeel's assumption."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, get_type_hints

from openpeel.errors import UserError

_DAY = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")


def _setting(default: Any, meaning: str) -> Any:
    return field(default=default, metadata={"meaning": meaning})


#: Words in a column's name by which it speaks of what is to come, so that a later day is no mistake in it.
PLANNED = (
    "due", "planned", "next", "review", "appointment", "expires", "expired", "expiry", "limit", "until", "target",
    "ends", "ended", "expected", "deadline", "to", "return",
)  # fmt: skip


@dataclass(frozen=True)
class CheckSettings:
    """What is doubtful and what is not; ``[check]`` in ``openpeel.toml`` replaces single values."""

    aside_blocking_share: float = _setting(
        0.1, "share of a force's rows set aside for one reason from which on the doubt is blocking"
    )
    late_days: int = _setting(
        31, "days after the end of the collection's months from which on a supply is late"
    )
    gap_p: float = _setting(
        1e-5, "chance of an empty month, or of an empty end of one, below which it is doubted"
    )
    day_p: float = _setting(1e-7, "chance of a run of empty days below which it is doubted")
    spike_times: float = _setting(
        4.0, "a day with so many times its ordinary count is doubted, if chance allows"
    )
    spike_p: float = _setting(1e-9, "chance of a day's count below which it is doubted")
    jump_ratio: float = _setting(1.6, "a month with so many times, or so few, records as the force's others")
    jump_spread: float = _setting(
        5.0, "and so many robust standard deviations away from them (median and MAD)"
    )
    year_ratio: float = _setting(
        1.6, "months that hold so many times, or so few, records as those a year before"
    )
    fill_rise: float = _setting(
        0.3, "rise in the share of blanks in a column from which on a month is doubted"
    )
    value_share: float = _setting(0.95, "share of one value in a column from which on it has taken over")
    value_rise: float = _setting(0.3, "and the rise in that share against the force's other months")
    column_p: float = _setting(
        1e-7, "chance of so many blanks, equal values or zeros below which a month is doubted"
    )
    midnight_share: float = _setting(0.9, "share of times at midnight from which on a month has dates alone")
    unit_factors: tuple[float, ...] = _setting(
        (10.0, 24.0, 60.0, 100.0, 1000.0, 3600.0),
        "factors by which units are mistaken for each other, either way",
    )
    unit_apart: float = _setting(
        2.5, "times the middle half of the month's values must lie off that of the others"
    )
    unit_records: int = _setting(8, "known values that a month needs for its unit to be judged")
    extreme_times: float = _setting(
        100.0, "a value so many times the 99th of a hundred of its force is doubted"
    )
    ancient_years: int = _setting(
        10, "years before all but the first of twenty values from which on a day is doubted"
    )
    ancient_share: float = _setting(
        0.0005, "share of such days from which on a column speaks of the past, as non-recent offences do"
    )
    ancient_slip: int = _setting(
        80, "years before the others from which on a day in such a column is a slip of the century"
    )
    planned_years: int = _setting(30, "years ahead from which on even a planned day is doubted")
    planned_share: float = _setting(
        0.02, "share of days after the supply from which on a column speaks of plans"
    )
    planned_words: tuple[str, ...] = _setting(PLANNED, "words in a column's name that say it speaks of plans")
    sentinel_days: tuple[str, ...] = _setting(
        ("0001-01-01", "1753-01-01", "1899-12-30", "1899-12-31", "1900-01-01", "1970-01-01"),
        "days that systems write where none is known",
    )
    key_share: float = _setting(0.8, "share of a force's keys that must look alike before others look odd")
    key_rare: float = _setting(
        0.002,
        "share of keys of another look from which on that look is the force's own, too; one key is none",
    )
    key_forces: int = _setting(
        4, "forces with keys of another look from which on that look belongs to the record type"
    )
    key_records: int = _setting(20, "keys that a force needs for their look to be judged")
    twice_known: int = _setting(6, "columns that must be known and equal in two records of the same event")
    twice_telling: int = _setting(2, "of which so many must have a value of its own on most records")
    twice_month: float = _setting(
        0.5, "share of a month's records that stand twice from which on it was entered twice"
    )
    peer_sd: float = _setting(
        2.0, "standard deviations from the unweighted mean of forces beyond which a rate is noted"
    )
    peer_forces: int = _setting(10, "forces that are needed before rates are compared")
    peer_records: int = _setting(20, "records that a force needs before its rate is compared")
    month_peers: int = _setting(5, "forces that are needed before a month is compared with theirs")
    months_least: int = _setting(4, "months of its own that a force needs before one of them is doubted")

    def told(self) -> Iterator[tuple[str, str, str, str]]:
        """Name, value, default and meaning of every setting, for people."""
        for each in fields(self):
            yield each.name, _text(getattr(self, each.name)), _text(each.default), each.metadata["meaning"]


def _text(value: Any) -> str:
    return (
        ", ".join(map(_text, value))
        if isinstance(value, tuple)
        else f"{value:g}"
        if _number(value)
        else str(value)
    )


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def settings_from(data: Mapping[str, Any], where: str) -> CheckSettings:
    """The settings of a table such as ``[check]`` of a workspace.

    Raises:
        UserError: a name is not a setting, or a value is not of its kind.
    """
    if not isinstance(data, Mapping):
        raise UserError("check is not a table", where, "head it with [check]")
    kinds = get_type_hints(CheckSettings)
    values = {}
    for name, value in data.items():
        if name not in kinds:
            raise UserError(
                f"there is no setting check.{name}", where, "`openpeel check --settings` lists them"
            )
        values[name] = _read(name, value, kinds[name], where)
    return CheckSettings(**values)


def _read(name: str, value: Any, kind: Any, where: str) -> Any:
    if kind in (int, float):
        if not _number(value) or (kind is int and value != int(value)) or value < 0:
            raise UserError(f"check.{name} is {value!r}", where, "write a number that is not negative")
        return kind(value)
    words = kind == tuple[str, ...]
    if not isinstance(value, list) or not all(isinstance(v, str) if words else _number(v) for v in value):
        raise UserError(
            f"check.{name} is {value!r}", where, f"write a list of {'words' if words else 'numbers'}"
        )
    if not value or (name == "sentinel_days" and not all(_DAY.fullmatch(v) for v in value)):
        raise UserError(f"check.{name} is {value!r}", where, "write at least one" + (" day" if words else ""))
    return tuple(value) if words else tuple(map(float, value))
