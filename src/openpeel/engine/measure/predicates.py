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
    AgeOfBacklog,
    AnyMeasure,
    Backlog,
    Distribution,
    Flow,
    Mean,
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
from openpeel.engine.measure.cubes import Breakdown, Counted
from openpeel.engine.measure.means import added_up
from openpeel.engine.measure.shown import refuse_hidden
from openpeel.engine.measure.stocks import by_day
from openpeel.errors import UserError


@dataclass(frozen=True)
class Compiled:
    """A measure as conditions.

    Attributes:
        measure: the measure.
        counts: what is counted -> SQL condition over the layer's columns.
        breakdowns: the columns by which it is broken down (declared, and its own groups), alone or two together.
        columns: every column its conditions and breakdowns touch.
        bins: what is kept number by number (seconds, days) -> SQL for the number of a record, NULL where it has none.
        totals: what is added up -> ``sum`` or ``exact``, and SQL for the number, NULL where there is none.
    """

    measure: AnyMeasure
    counts: dict[str, str]
    breakdowns: tuple[Breakdown, ...]
    columns: frozenset[str] = field(default=frozenset())
    bins: dict[str, str] = field(default_factory=dict)
    totals: dict[str, tuple[str, str]] = field(default_factory=dict)

    def counted(self) -> list[Counted]:
        """Its sums, as columns of a cube."""
        return [
            *(Counted(cell_column(sql), sql) for sql in self.counts.values()),
            *(Counted(bins_column(sql), sql, "bins") for sql in self.bins.values()),
            *(Counted(total_column(sql), sql, kind) for kind, sql in self.totals.values()),
        ]


def cell_column(condition: str) -> str:
    """The name of the sum that counts a condition."""
    return "n_" + digest(condition)[:16]


def bins_column(number: str) -> str:
    """The name of the sum that holds the exact counts of a whole number."""
    return "s_" + digest(number)[:16]


def total_column(number: str) -> str:
    """The name of the sum that adds a number up."""
    return "t_" + digest(number)[:16]


def compile_measure(
    measure: AnyMeasure,
    record_type: RecordType,
    extra: Iterable[Breakdown] = (),
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
    counts, bins = _counts(measure, names), {}
    if isinstance(measure, ShareWithin | Quantile | MedianWait):
        parts = timed(measure, counts["n"], names, record_type, as_at)
        counts, bins = counts | parts.counts, parts.seconds
    totals: dict[str, tuple[str, str]] = {}
    if isinstance(measure, Backlog | Flow | AgeOfBacklog):
        days = by_day(measure, counts["n"], names, as_at)
        counts, bins = counts | days.counts, days.bins
    if isinstance(measure, Mean):
        added = added_up(measure, counts["n"], names)
        counts, totals = counts | added.counts, added.totals
    own = [(column,) for column in own_groups(measure)]
    wanted = [*(map(as_breakdown, measure.by) if declared else ()), *own, *extra]
    breakdowns = tuple(dict.fromkeys(wanted))
    for dimension in dict.fromkeys(d for b in breakdowns for d in b):
        _check_dimension(measure, dimension, names)
        refuse_hidden(record_type, dimension, measure.id)
    expressions = [*counts.values(), *bins.values(), *(sql for _, sql in totals.values())]
    used = touched(expressions, names) | {d for b in breakdowns for d in b}
    return Compiled(measure, counts, breakdowns, frozenset(used), bins, totals)


def touched(expressions: Iterable[str], names: Iterable[str]) -> set[str]:
    """The columns that some SQL names."""
    listed = list(expressions)
    return {n for n in names if any(f'"{n}"' in e for e in listed)}


def as_breakdown(by: str | Breakdown) -> Breakdown:
    """A declared breakdown: a column, or several that are crossed."""
    return (by,) if isinstance(by, str) else tuple(by)


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
