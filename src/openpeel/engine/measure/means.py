"""Means: exact sums of a number and of its square, and what follows from them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from openpeel.engine.declare.expressions import Name
from openpeel.engine.declare.measures import Mean
from openpeel.engine.intervals import student_t
from openpeel.engine.measure.kinds import Fields, Tally, nothing
from openpeel.engine.sql import quote
from openpeel.errors import UserError


@dataclass(frozen=True)
class Added:
    """What is counted -> SQL condition; what is added up -> its kind, and SQL for the number or NULL."""

    counts: dict[str, str] = field(default_factory=dict)
    totals: dict[str, tuple[str, str]] = field(default_factory=dict)


def added_up(measure: Mean, where: str, names: Mapping[str, Name]) -> Added:
    """The conditions and sums of a mean.

    Raises:
        UserError: the column is not there, or holds no numbers.
    """
    column, label = measure.of_number, f"{measure.id}: of_number"
    if column not in names:
        raise UserError(f"there is no column `{column}`", label, f"columns: {', '.join(sorted(names))}")
    of = names[column].type
    if of not in ("integer", "number", "duration"):
        raise UserError(f"`{column}` is of type {of}", label, "name a number or a duration")
    number, known = quote(column), f"{quote(column)} IS NOT NULL"
    if of == "duration":
        known = f"({known} AND {number} >= 0)"
    counts = {"known": f"({where}) AND {known}", "unknown": f"({where}) AND NOT {known}"}
    kind, stored = ("exact", "DECIMAL(18,6)") if of == "number" else ("sum", "DECIMAL(19,0)")
    wide = f"CAST({number} AS {stored})"
    return Added(
        counts,
        {
            "total": (kind, f"CASE WHEN {counts['known']} THEN {wide} END"),
            "squares": (kind, f"CASE WHEN {counts['known']} THEN {wide} * {wide} END"),
        },
    )


def mean(tally: Tally, cut: tuple[str, str]) -> Fields:
    """The mean of what is known; numerator and denominator are how many records that is."""
    n, unknown = tally.at("known", cut), tally.at("unknown", cut)
    fields: Fields = {
        "numerator": n,
        "denominator": n,
        "unknown": unknown,
        "unknown_eligibility": tally.unsure(cut),
    }
    if not n:
        return fields | {"status": "no-data", "reason": nothing(unknown)}
    total, squares = (Fraction(tally.added(what, *cut)) for what in ("total", "squares"))
    value = total / n
    fields |= {"status": "ok", "value": float(value)}
    if n < 2:
        return fields
    variance = (squares - total * value) / (n - 1)
    return fields | {"interval": student_t(float(value), math.sqrt(variance), n)}
