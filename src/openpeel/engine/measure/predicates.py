"""What a measure counts: the conditions whose sums over records are its cells.

Each measure is a few named conditions, counted as ``sum(case when …)``. Two measures that count the
same thing share the column.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from openpeel.engine.declare.expressions import Name, parse
from openpeel.engine.declare.measures import (
    AnyMeasure,
    Distribution,
    MedianWait,
    Proportion,
    Quantile,
    RatioOfRates,
    ShareWithin,
)
from openpeel.engine.declare.records import RecordType
from openpeel.engine.declare.serial import digest
from openpeel.engine.derive.names import all_names
from openpeel.engine.measure.ages import timed
from openpeel.engine.measure.shown import refuse_hidden
from openpeel.errors import UserError


@dataclass(frozen=True)
class Compiled:
    """A measure as conditions.

    Attributes:
        measure: the measure.
        counts: what is counted -> SQL condition over the layer's columns.
        dimensions: columns by which it is broken down (declared, and its own groups).
        columns: every column its conditions and dimensions touch.
        seconds: what is kept second by second -> SQL for the seconds of a record, NULL where it has none.
    """

    measure: AnyMeasure
    counts: dict[str, str]
    dimensions: tuple[str, ...]
    columns: frozenset[str] = field(default=frozenset())
    seconds: dict[str, str] = field(default_factory=dict)


def cell_column(condition: str) -> str:
    """The name of the cell column that counts a condition."""
    return "n_" + digest(condition)[:16]


def seconds_column(seconds: str) -> str:
    """The name of the cell column that holds the exact counts for each second."""
    return "s_" + digest(seconds)[:16]


def compile_measure(
    measure: AnyMeasure,
    record_type: RecordType,
    extra: Iterable[str] = (),
    declared: bool = True,
    as_at: date | None = None,
) -> Compiled:
    """Check a measure's expressions and turn it into conditions.

    Args:
        measure: the measure.
        record_type: the type it is of.
        extra: breakdowns asked for beyond those declared.
        declared: whether the declared breakdowns are wanted too.
        as_at: the day on whose end ages depend; ``None`` where no records are counted.

    Raises:
        UserError: an expression or a breakdown does not fit the record type.
    """
    names = all_names(record_type)
    counts, seconds = _counts(measure, names), {}
    if isinstance(measure, ShareWithin | Quantile | MedianWait):
        parts = timed(measure, counts["n"], names, record_type, as_at)
        counts, seconds = counts | parts.counts, parts.seconds
    dimensions = tuple(dict.fromkeys([*(measure.by if declared else ()), *own_groups(measure), *extra]))
    for dimension in dimensions:
        _check_dimension(measure, dimension, names)
        refuse_hidden(record_type, dimension, measure.id)
    expressions = [*counts.values(), *seconds.values()]
    used = {n for n in names if any(f'"{n}"' in e for e in expressions)} | set(dimensions)
    return Compiled(measure, counts, dimensions, frozenset(used), seconds)


def own_groups(measure: AnyMeasure) -> tuple[str, ...]:
    """The columns whose values a measure is about."""
    if isinstance(measure, Distribution):
        return (measure.across,)
    if isinstance(measure, RatioOfRates):
        return tuple(column for _, column in measure.across)
    return ()


def _check_dimension(measure: AnyMeasure, dimension: str, names: dict[str, Name]) -> None:
    if dimension not in names:
        raise UserError(
            f"there is no column `{dimension}` to break down by",
            measure.id,
            "columns: " + ", ".join(sorted(names)),
        )
    if names[dimension].type not in ("text", "boolean"):
        raise UserError(
            f"`{dimension}` is not a column of categories",
            measure.id,
            "break down by a text or yes/no column",
        )


def _counts(measure: AnyMeasure, names: dict[str, Name]) -> dict[str, str]:
    where = parse(measure.where, names, "boolean", f"{measure.id}: where") if measure.where else "TRUE"
    counts = {"n": f"({where})"}
    if measure.where:
        counts["eligibility_unknown"] = f"({where}) IS NULL"
    if isinstance(measure, Proportion):
        counts |= _proportion(where, parse(measure.met, names, "boolean", f"{measure.id}: met"), "")
        for reading in measure.readings:
            met = parse(reading.met, names, "boolean", f"{measure.id}: reading {reading.id}")
            counts |= _proportion(where, met, f":{reading.id}")
    if measure.practice:
        for name, condition in measure.practice.counts:
            label = f"{measure.id}: practice count {name}"
            counts[f"practice:{name}"] = f"({parse(condition, names, 'boolean', label)})"
    return counts


def _proportion(where: str, met: str, suffix: str) -> dict[str, str]:
    return {
        f"met{suffix}": f"({where}) AND ({met})",
        f"known{suffix}": f"({where}) AND ({met}) IS NOT NULL",
        f"unknown{suffix}": f"({where}) AND ({met}) IS NULL",
    }
