"""What the returned counts of all areas have in common: their dates, and what does not apply to a force."""

from __future__ import annotations

from openpeel.engine.declare.columns import day, whole, word
from openpeel.engine.declare.records import Column, RowRule

#: The word for the row that is the total of the others.
ALL = "All"
#: Name of the column that keeps which of the others do not apply to the force.
NOT_APPLICABLE = "not_applicable"
#: Who gives such counts.
FROM_FORCES = ("the force's return of a collection",)
#: How a month and a day of counting are called in every returned count.
MONTH, COUNTED = "month_on", "counted_on"


def month() -> Column:
    """The month that a row counts."""
    return day(MONTH, "First day of the month.", "2024-04-01", required=True)


def counted() -> Column:
    """The day whose end a row counts at."""
    return day(COUNTED, "Day at whose end the count is taken.", "2024-09-30", required=True)


def count(name: str, meaning: str, example: str, unit: str) -> Column:
    """A whole number from nought up. A blank is not known; it is never zero."""
    return whole(name, meaning, example, unit, low=0)


def does_not_apply(example: str) -> Column:
    """Which columns of the row do not apply to the force; those are blank, and so are those not known."""
    return word(
        NOT_APPLICABLE,
        "Columns whose cells say that they do not apply to the force, separated by commas; filled in by the import.",
        example,
    )


def within(part: str, whole_: str) -> RowRule:
    """A part is never more than what it is a part of."""
    said = [name.replace("_", " ") for name in (part, whole_)]
    return RowRule(
        f"{part}-within-{whole_}".replace("_", "-"),
        f"{part} <= {whole_}",
        f"{said[0]} are more than {said[1]}",
    )
