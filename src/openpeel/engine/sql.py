"""Small pieces of SQL text. Every identifier the engine writes goes through ``quote``."""

from __future__ import annotations

from collections.abc import Iterable


def quote(name: str) -> str:
    """The name as a quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    """The value as an SQL string literal."""
    return "'" + value.replace("'", "''") + "'"


def texts(values: Iterable[str]) -> str:
    """The values as a comma-separated list of SQL string literals."""
    return ", ".join(text(v) for v in values)
