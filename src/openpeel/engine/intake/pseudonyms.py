"""Pseudonyms while records are taken in: the keys of the forces as a table, and the keyed hash in SQL."""

from __future__ import annotations

from openpeel.engine.sql import text

#: Temporary table of the padded keys: force, inner and outer block of HMAC-SHA256.
KEYS = "pseudonym_keys"


def pseudonym_sql(stands_for: str, value: str) -> str:
    """SQL for the pseudonym of a cleaned text: HMAC-SHA256 in 32 hexadecimal figures; blank stays blank.

    The columns ``_inner`` and ``_outer`` of the row's force must be at hand.
    """
    message = f"encode({text(stands_for)} || chr(31) || {value})"
    inner = f"unhex(sha256(_inner || {message}))"
    return f"CASE WHEN {value} IS NOT NULL THEN left(sha256(_outer || {inner}), 32) END"
