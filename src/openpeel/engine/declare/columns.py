"""Short ways to declare the columns of a record type, one for each sort of column there is.

Each takes the column's name, its meaning in the field's words, and an example as a file would hold it.
"""

from __future__ import annotations

from typing import Any

from openpeel.engine.declare.records import Column


def word(name: str, meaning: str, example: str, **more: Any) -> Column:
    """A text of no closed list: a place, a team, a code of the force's own."""
    return Column(name, "text", meaning, example=example, **more)


def choice(name: str, meaning: str, *allowed: str, **more: Any) -> Column:
    """A text that can only be one of these; the first is the example."""
    return Column(name, "text", meaning, allowed=allowed, example=allowed[0], **more)


def operational(name: str, meaning: str, example: str, **more: Any) -> Column:
    """A reference number of the force's own systems: kept as it is, shown to nobody without need."""
    return Column(name, "text", meaning, example=example, personal="operational-reference", **more)


def person(name: str, meaning: str, example: str, **more: Any) -> Column:
    """A number of a member of the public (nominal number): a keyed hash takes its place."""
    return Column(name, "text", meaning, example=example, personal="pseudonym", stands_for="person", **more)


def employee(name: str, meaning: str, example: str, **more: Any) -> Column:
    """A number of an officer or member of staff (collar number): a keyed hash takes its place."""
    return Column(name, "text", meaning, example=example, personal="pseudonym", stands_for="employee", **more)


def identity(name: str, meaning: str, example: str, **more: Any) -> Column:
    """A name, birth date or address: kept in the sealed store alone, for matching alone."""
    return Column(name, more.pop("type", "text"), meaning, example=example, personal="identity", **more)


def special(name: str, meaning: str, example: str, **more: Any) -> Column:
    """A special category of personal data: ethnicity, gender, health."""
    return Column(name, "text", meaning, example=example, personal="special-category", **more)


def free_text(name: str, meaning: str, example: str, **more: Any) -> Column:
    """What somebody wrote: kept only where the type says so, shown to those who judge it."""
    return Column(name, "text", meaning, example=example, personal="free-text", **more)


def instant(name: str, meaning: str, example: str, **more: Any) -> Column:
    """A moment; the example is a local time without an offset, as most systems export it."""
    return Column(name, "instant", meaning, example=example, **more)


def day(name: str, meaning: str, example: str, **more: Any) -> Column:
    """A date without a time."""
    return Column(name, "date", meaning, example=example, **more)


def flag(name: str, meaning: str, example: str = "yes", **more: Any) -> Column:
    """Yes, no, or not known. A blank is not known; it is never no."""
    return Column(name, "boolean", meaning, example=example, **more)


def whole(name: str, meaning: str, example: str, unit: str, **more: Any) -> Column:
    """A whole number."""
    return Column(name, "integer", meaning, example=example, unit=unit, **more)


def decimal(name: str, meaning: str, example: str, unit: str, **more: Any) -> Column:
    """A number with decimals."""
    return Column(name, "number", meaning, example=example, unit=unit, **more)


def seconds(name: str, meaning: str, example: str, **more: Any) -> Column:
    """A duration in whole seconds."""
    return Column(name, "duration", meaning, example=example, unit="seconds", low=0, **more)
