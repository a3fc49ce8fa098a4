"""A figure: one value with its counts, its unknowns, its interval and where it came from."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

Status = Literal[
    "ok",
    "suppressed",
    "too-few",
    "not-interpretable",
    "not-supplied",
    "no-data",
    "not-yet-due",
    "not-applicable",
]


@dataclass(frozen=True)
class Interval:
    """An interval around a figure's value, in the figure's unit.

    Attributes:
        low: lower end.
        high: upper end; ``None`` where it has no finite end.
        level: nominal coverage, a fraction.
        method: name of the method, as documented in ``docs/statistics.md``.
        inflated: the same interval widened for over-dispersion, where that could be estimated.
    """

    low: float
    high: float | None
    level: float
    method: str
    inflated: Inflated | None = None

    def as_json(self) -> dict[str, Any]:
        """The interval in the shape of the command-line contract."""
        out: dict[str, Any] = {"low": self.low, "high": self.high, "level": self.level, "method": self.method}
        if self.inflated is not None:
            out["inflated"] = self.inflated.as_json()
        return out


@dataclass(frozen=True)
class Inflated:
    """An interval widened by the square root of a dispersion; ``dispersion`` is 1 or more."""

    low: float
    high: float | None
    dispersion: float
    method: str

    def as_json(self) -> dict[str, Any]:
        """The widened interval in the shape of the command-line contract."""
        return {"low": self.low, "high": self.high, "dispersion": self.dispersion, "method": self.method}


@dataclass(frozen=True)
class Bounds:
    """Lowest and highest value the unknown records allow, whatever they turn out to be."""

    low: float
    high: float | None

    def as_json(self) -> dict[str, Any]:
        """The bounds in the shape of the command-line contract."""
        return {"low": self.low, "high": self.high}


@dataclass(frozen=True)
class Figure:
    """One value of one measure for one force, period and breakdown.

    ``value`` is ``None`` unless ``status`` is ``ok``; a status is never an error and never zero.
    Proportions are fractions between 0 and 1. ``numerator`` and ``denominator`` are counts of
    records; ``unknown`` counts records that belong to the denominator but whose answer is not
    known, ``unknown_eligibility`` records of which not even that is known. ``population`` and
    ``population_source`` are set where a rate rests on residents. ``period_end`` is inclusive.
    """

    measure: str
    force: str
    period_start: date
    period_end: date
    breakdown: dict[str, str]
    status: Status
    unit: str
    as_at: date
    figure_id: str
    value: float | None = None
    numerator: int | None = None
    denominator: int | None = None
    unknown: int | None = None
    unknown_eligibility: int | None = None
    population: int | None = None
    population_source: str | None = None
    interval: Interval | None = None
    bounds: Bounds | None = None
    reading: str | None = None
    reason: str | None = None
    snapshots: list[str] = field(default_factory=list)

    def counted(self) -> bool:
        """Whether records of the whole period are here; without them nothing is counted."""
        return self.unknown_eligibility is not None

    def as_json(self) -> dict[str, Any]:
        """The figure in the shape of the command-line contract."""
        return {
            "measure": self.measure,
            "force": self.force,
            "period_start": self.period_start.isoformat(),
            "period_end": self.period_end.isoformat(),
            "breakdown": self.breakdown,
            "value": self.value,
            "unit": self.unit,
            "numerator": self.numerator,
            "denominator": self.denominator,
            "unknown": self.unknown,
            "unknown_eligibility": self.unknown_eligibility,
            "population": self.population,
            "population_source": self.population_source,
            "interval": self.interval.as_json() if self.interval else None,
            "bounds": self.bounds.as_json() if self.bounds else None,
            "reading": self.reading,
            "reason": self.reason,
            "status": self.status,
            "as_at": self.as_at.isoformat(),
            "figure_id": self.figure_id,
            "snapshots": self.snapshots,
        }

    def as_row(self) -> dict[str, str]:
        """The figure as one row of a table, every cell text; what is not there is empty."""
        row: dict[str, str] = {}
        for key, value in self.as_json().items():
            if key in ("interval", "bounds"):
                parts = ("low", "high", "level", "method") if key == "interval" else ("low", "high")
                row |= {f"{key}_{part}": _cell((value or {}).get(part)) for part in parts}
            elif key == "breakdown":
                row[key] = json.dumps(value, ensure_ascii=False) if value else ""
            else:
                row[key] = " ".join(value) if key == "snapshots" else _cell(value)
        return row


def _cell(value: object) -> str:
    return "" if value is None else str(value)


def figure_from_json(plain: dict[str, Any]) -> Figure:
    """The figure that ``Figure.as_json`` made this of.

    Raises:
        KeyError: a part is missing.
        ValueError: a part cannot be read.
    """
    interval, bounds = plain["interval"], plain["bounds"]
    rest = {k: v for k, v in plain.items() if k not in ("interval", "bounds")}
    rest |= {k: date.fromisoformat(plain[k]) for k in ("period_start", "period_end", "as_at")}
    return Figure(
        **rest,
        interval=_interval_from_json(interval) if interval else None,
        bounds=Bounds(**bounds) if bounds else None,
    )


def _interval_from_json(plain: dict[str, Any]) -> Interval:
    inflated = plain.get("inflated")
    parts = {k: v for k, v in plain.items() if k != "inflated"}
    return Interval(**parts, inflated=Inflated(**inflated) if inflated else None)
