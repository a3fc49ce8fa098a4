"""Policies: a standard or target with its source and dates, kept as TOML under ``policies/``.

```toml
id = "force.answer_within_seconds"
title = "Answer within"
source = "Contact strategy, page 4"
known_from = 2023-01-10

[[value]]
from = 2023-02-01      # first day in force
until = 2024-01-31     # last day in force; left out: still in force
value = 600            # whole number; durations in seconds
```
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from openpeel.engine.sql import quote
from openpeel.errors import UserError


@dataclass(frozen=True)
class PolicyValue:
    """A value in force from one day until another, both inclusive."""

    first: date
    last: date | None
    value: int


@dataclass(frozen=True)
class Policy:
    """A standard or target, with everything it ever was."""

    id: str
    title: str
    source: str
    known_from: date
    values: tuple[PolicyValue, ...]

    def plain(self) -> dict[str, Any]:
        """The policy as plain data, for hashes and for publications."""
        return {
            "id": self.id,
            "title": self.title,
            "source": self.source,
            "known_from": self.known_from.isoformat(),
            "values": [
                [v.first.isoformat(), v.last.isoformat() if v.last else None, v.value] for v in self.values
            ],
        }


def from_data(data: dict[str, Any]) -> Policy:
    """The policy that ``Policy.plain`` made this of."""
    values = tuple(
        PolicyValue(date.fromisoformat(a), date.fromisoformat(b) if b else None, int(v))
        for a, b, v in data["values"]
    )
    known = date.fromisoformat(data["known_from"])
    return Policy(str(data["id"]), str(data["title"]), str(data["source"]), known, values)


def load_policies(folder: Path, as_at: date) -> dict[str, Policy]:
    """The policies known on a day.

    Several files may hold one policy as known at different days; the one known last holds.

    Raises:
        UserError: a file is not a policy, its periods overlap, or two files hold one policy as known
            on the same day.
    """
    out: dict[str, Policy] = {}
    seen: dict[tuple[str, date], Path] = {}
    for file in sorted(folder.glob("*.toml")):
        policy = _read(file)
        rival = seen.setdefault((policy.id, policy.known_from), file)
        if rival != file:
            raise UserError(
                f"`{policy.id}` known from {policy.known_from} is also in {rival.name}",
                str(file),
                "put them into one file, or give the later one its own known_from",
            )
        held = out.get(policy.id)
        if policy.known_from <= as_at and (held is None or policy.known_from > held.known_from):
            out[policy.id] = policy
    return out


def _read(file: Path) -> Policy:
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UserError(f"is not TOML ({error})", str(file), "mend it") from None
    for name in ("id", "title", "source", "known_from", "value"):
        if name not in data:
            raise UserError(f"has no `{name}`", str(file), "see docs/decisions/0003 for the shape")
    for name in ("id", "title", "source"):
        if not isinstance(data[name], str) or not data[name].strip():
            raise UserError(f"`{name}` is not a text", str(file), f"write {name} in quotation marks")
    if not _is_day(data["known_from"]):
        raise UserError("`known_from` is not a date", str(file), "write it as 2023-01-10, unquoted")
    tables = data["value"]
    if not isinstance(tables, list) or not all(isinstance(t, dict) for t in tables):
        raise UserError("`value` is not a list of tables", str(file), "head each of them with [[value]]")
    values = tuple(_value(table, str(file)) for table in tables)
    _refuse_overlap(values, str(file))
    return Policy(data["id"], data["title"], data["source"], data["known_from"], values)


def _value(table: dict[str, Any], where: str) -> PolicyValue:
    unknown = sorted(set(table) - {"from", "until", "value"})
    if unknown:
        raise UserError(f"a value has `{unknown[0]}`", where, "use from, until and value")
    first, last, value = table.get("from"), table.get("until"), table.get("value")
    if not _is_day(first) or not isinstance(value, int) or isinstance(value, bool):
        raise UserError("a value needs a date `from` and a whole number", where, "durations are in seconds")
    if last is not None and not _is_day(last):
        raise UserError("`until` is not a date", where, "write it as 2024-01-31, unquoted")
    assert isinstance(first, date)
    if last is not None and last < first:
        raise UserError(f"a value ends on {last}, before it begins on {first}", where, "mend the dates")
    if not -(2**63) <= value < 2**63:
        raise UserError(f"the value {value} is too large", where, "durations are in seconds")
    return PolicyValue(first, last, value)


def _is_day(value: object) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _refuse_overlap(values: tuple[PolicyValue, ...], where: str) -> None:
    ordered = sorted(values, key=lambda v: v.first)
    for one, other in pairwise(ordered):
        if one.last is None or one.last >= other.first:
            raise UserError(f"two values are in force on {other.first}", where, "let one end before")


def in_force_sql(policy: Policy, anchor: str) -> str:
    """SQL for the value in force on the date column ``anchor``; NULL where none was."""
    cases = []
    for v in policy.values:
        until = f" AND {quote(anchor)} <= DATE '{v.last}'" if v.last else ""
        cases.append(f"WHEN {quote(anchor)} >= DATE '{v.first}'{until} THEN {int(v.value)}")
    return f"CAST(CASE {' '.join(cases)} END AS BIGINT)" if cases else "CAST(NULL AS BIGINT)"
