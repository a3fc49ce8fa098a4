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
from datetime import date
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
        UserError: a file is not a policy, or its periods overlap.
    """
    out: dict[str, Policy] = {}
    for file in sorted(folder.glob("*.toml")):
        policy = _read(file)
        if policy.known_from <= as_at:
            held = out.get(policy.id)
            if held is None or policy.known_from >= held.known_from:
                out[policy.id] = policy
    return out


def _read(file: Path) -> Policy:
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
        values = tuple(PolicyValue(v["from"], v.get("until"), v["value"]) for v in data["value"])
        policy = Policy(data["id"], data["title"], data["source"], data["known_from"], values)
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"is not TOML ({error})", str(file), "mend it") from None
    except KeyError as error:
        raise UserError(f"has no {error}", str(file), "see docs/decisions/0003 for the shape") from None
    for value in policy.values:
        whole = isinstance(value.value, int) and not isinstance(value.value, bool)
        if not whole or not isinstance(value.first, date):
            raise UserError(
                "a value needs a date `from` and a whole number", str(file), "durations are in seconds"
            )
    _refuse_overlap(policy, file)
    return policy


def _refuse_overlap(policy: Policy, file: Path) -> None:
    ordered = sorted(policy.values, key=lambda v: v.first)
    for one, other in zip(ordered, ordered[1:], strict=False):
        if one.last is None or one.last >= other.first:
            raise UserError(f"two values are in force on {other.first}", str(file), "let one end before")


def in_force_sql(policy: Policy, anchor: str) -> str:
    """SQL for the value in force on the date column ``anchor``; NULL where none was."""
    cases = []
    for v in policy.values:
        until = f" AND {quote(anchor)} <= DATE '{v.last}'" if v.last else ""
        cases.append(f"WHEN {quote(anchor)} >= DATE '{v.first}'{until} THEN {int(v.value)}")
    return f"CAST(CASE {' '.join(cases)} END AS BIGINT)" if cases else "CAST(NULL AS BIGINT)"
