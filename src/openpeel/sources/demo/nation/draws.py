"""Draws as SQL: each is a function of a row's key ``_k`` and the draw's name alone.

So a row is the same whatever else is made beside it, in whatever order, on however many threads.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

#: 2 to the power of -53: a hash's upper 53 bits become a number from 0 up to 1.
_STEP = "1.1102230246251565e-16"


def salt(name: str) -> str:
    """A constant of 64 bits for a name, as SQL."""
    number = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big")
    return f"{number}::UBIGINT"


def mixed(name: str, key: str = "_k") -> str:
    """Another key made from a key, for rows that hang on a row."""
    return f"hash(xor({key}, {salt(name)}))"


def u(name: str, key: str = "_k") -> str:
    """A number from 0 up to, not including, 1."""
    return f"((hash(xor({key}, {salt(name)})) >> 11)::DOUBLE * {_STEP})"


def chance(name: str, share: float | str, key: str = "_k") -> str:
    """True in this share (a number, or SQL for one) of rows."""
    return f"({u(name, key)} < ({share}))"


def pick(name: str, weights: Mapping[str, float | str], key: str = "_k") -> str:
    """One of the texts, by weight. ``weights`` may be SQL where they sum to 1; ``""`` gives a blank."""
    numbers = [w for w in weights.values() if isinstance(w, (int, float))]
    total = sum(numbers) if len(numbers) == len(weights) else 1
    cases, below = [], "0.0"
    for text, weight in list(weights.items())[:-1]:
        below = (
            f"{float(below) + float(weight) / total:.9f}"
            if total != 1 or _plain(below, weight)
            else f"{below} + ({weight})"
        )
        cases.append(f"WHEN {u(name, key)} < {below} THEN {text_sql(text)}")
    last = text_sql(list(weights)[-1])
    return f"CASE {' '.join(cases)} ELSE {last} END" if cases else last


def one_of(name: str, texts: tuple[str, ...] | list[str], key: str = "_k") -> str:
    """One of the texts, all alike likely."""
    held = ", ".join(text_sql(t) for t in texts)
    return f"list_extract([{held}], 1 + floor({u(name, key)} * {len(texts)})::INTEGER)"


def whole(name: str, low: int | str, high: int | str, key: str = "_k") -> str:
    """A whole number from low to high, both included."""
    return f"(({low}) + floor({u(name, key)} * (({high}) - ({low}) + 1)))::BIGINT"


def normal(name: str, key: str = "_k") -> str:
    """About standard normal, within 3.5: the sum of four draws, so that it is the same on every platform."""
    parts = " + ".join(u(f"{name}/{i}", key) for i in range(4))
    return f"(({parts} - 2.0) * 1.7320508075688772)"


def spread(name: str, median: float | str, sigma: float, key: str = "_k") -> str:
    """Log-normal: half of the rows below the median; ``sigma`` of the logarithm."""
    return f"(({median}) * exp({sigma} * {normal(name, key)}))"


def wait(name: str, mean: float | str, key: str = "_k") -> str:
    """Exponential: the waiting time where nothing remembers how long one has waited."""
    return f"(-({mean}) * ln(1.0 - {u(name, key)}))"


def after(moment: str, seconds: str) -> str:
    """A time so many seconds (SQL for a number) after another."""
    return f"({moment} + to_seconds(round({seconds})::BIGINT))"


def number(prefix: str, digits: str, width: int) -> str:
    """A reference such as ``INC-000123``: a prefix before a number in SQL, filled with zeros."""
    return f"({text_sql(prefix)} || lpad(({digits})::VARCHAR, {width}, '0'))"


def text_sql(text: str) -> str:
    """A text as SQL; a blank is NULL."""
    return "NULL" if text == "" else "'" + text.replace("'", "''") + "'"


def _plain(below: str, weight: float | str) -> bool:
    try:
        float(below)
    except ValueError:
        return False
    return isinstance(weight, (int, float))


def in_turn(name: str, number: str, step: float) -> str:
    """A number from 0 up to 1 by the running number of a row within force and month: spread more evenly than by lot.

    Shares of a few hundred rows then come out close to what is meant. ``step`` is irrational; two such draws of the
    same rows know nothing of each other if their steps differ, as the fractions of the roots of 2, 3 and 5 do.
    """
    place = f"(({number}) * {step!r} + {u(name, 'hash(xor(month, hash(force)))')})"
    return f"({place} - floor({place}))"
