"""The disclosure audit of a publication: what a reader can work out of each count that must not be known.

Three verdicts, of which two are proven. *disclosed*: no whole numbers that agree with everything published
leave the count as much room as it needs. *protected*: two tables that agree with everything published hold it
that far apart. *undecided*: neither was shown; treat it as disclosed.

An audit holds what a reader is not meant to know. It is for the house, and is no part of a publication.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from openpeel.engine.disclose.blocks import Block, blocks
from openpeel.engine.disclose.given_away import Source, given_away_by, not_traced
from openpeel.engine.disclose.problem import ContradictionError, Problem, merge
from openpeel.engine.disclose.programs import ImpossibleError
from openpeel.engine.disclose.protection import Protection
from openpeel.engine.disclose.settle import settle
from openpeel.engine.disclose.tables import Key, State, Table, name_of
from openpeel.engine.disclose.tighten import tighten
from openpeel.errors import UserError

Verdict = Literal["disclosed", "protected", "undecided"]


@dataclass(frozen=True)
class Audited:
    """A sensitive count, and what a reader can work out of it.

    Attributes:
        key, state: what is counted, and how it stands in the publication.
        verdict: see the module.
        low, high: every possible value lies within; ``None``: no limit. The range of possible values
            can be narrower, never wider.
        seen_low, seen_high: values it has in tables that agree with everything published; ``None``
            where none was looked for.
        tables: where it stands or, if disclosed, what gives it away together.
        least: ``tables`` are such that without any one of them it would not be disclosed.
        advice: what to do; empty where it is protected.
    """

    key: Key
    state: State
    verdict: Verdict
    low: int
    high: int | None
    seen_low: int | None
    seen_high: int | None
    tables: tuple[str, ...]
    least: bool
    advice: str

    def as_json(self) -> dict[str, Any]:
        """Everything, as plain data."""
        return {**self.__dict__, "key": list(self.key), "tables": list(self.tables)}

    def line(self) -> str:
        """One line for those who publish."""
        end = "or more" if self.high is None else f"to {self.high}"
        found = f"can be worked out: {self.low} {end}" if self.verdict == "disclosed" else "may be worked out"
        return f"{name_of(self.key)}: {found}, from {', '.join(self.tables)}; {self.advice}"


@dataclass(frozen=True)
class Audit:
    """What an audit found.

    Attributes:
        protection: its settings.
        tables, counts: number of tables, and of different counts in them, unprinted rests included.
        cells: the sensitive counts, in the order of the publication.
    """

    protection: Protection
    tables: int
    counts: int
    cells: tuple[Audited, ...]

    def of(self, verdict: Verdict) -> list[Audited]:
        """The sensitive counts with this verdict."""
        return [c for c in self.cells if c.verdict == verdict]

    @property
    def passed(self) -> bool:
        """Whether every sensitive count is proven to be protected."""
        return all(c.verdict == "protected" for c in self.cells)

    def as_json(self) -> dict[str, Any]:
        """The audit as plain data; not to be published."""
        return {
            "passed": self.passed,
            "settings": dict(self.protection.__dict__),
            "tables": self.tables,
            "counts": self.counts,
            "cells": [c.as_json() for c in self.cells],
        }


def audit_publication(tables: Sequence[Table], protection: Protection | None = None) -> Audit:
    """Work out what the tables of a publication give away together.

    Sensitive is a suppressed count, and a true count from 1 to ``small``; where the true count is not
    given, every count that may be one of these as far as a reader can tell.

    Args:
        tables: all tables of the publication, and those published before with which it can be put
            together: what is not here cannot be seen.
        protection: the settings.

    Raises:
        UserError: two tables have one name, a true count does not fit what is shown, or what is
            published cannot all be true.
    """
    protection = protection or Protection()
    _refuse_same_names(tables)
    problem = merge(tables)
    tighten(problem)
    asked = np.array([_sensitive(problem, j, protection) for j in range(len(problem.keys))], dtype=bool)
    seen = _settle_all(problem, asked, protection)
    cells = _cells(problem, asked, seen, tables, protection)
    return Audit(protection, len(tables), len(problem.keys), tuple(cells))


def _refuse_same_names(tables: Sequence[Table]) -> None:
    names = [t.id for t in tables]
    twice = sorted({n for n in names if names.count(n) > 1})
    if twice:
        raise UserError("two tables have this name", twice[0], "give each table a name of its own")


def _sensitive(problem: Problem, j: int, protection: Protection) -> bool:
    state, true = problem.states[j], problem.true[j]
    if state in ("suppressed", "public"):
        return state == "suppressed"
    if true is not None:
        return 1 <= true <= protection.small
    return bool(problem.low[j] <= protection.small and problem.high[j] >= 1)


def _settle_all(problem: Problem, asked: Any, protection: Protection) -> dict[int, tuple[float, float]]:
    """Settle every block; count -> lowest and highest value seen. Limits are drawn in on the way."""
    left = protection.programs
    seen: dict[int, tuple[float, float]] = {}

    def may_solve() -> bool:
        nonlocal left
        left -= 1
        return left >= 0

    for block in blocks(problem):
        true = [problem.true[j] for j in block.counts]
        found = _settle(problem, block, asked, true, protection, may_solve)
        problem.low[block.counts], problem.high[block.counts] = block.low, block.high
        for at, j in enumerate(block.counts.tolist()):
            seen[j] = (found.low[at], found.high[at])
    return seen


def _settle(
    problem: Problem, block: Block, asked: Any, true: list[int | None], protection: Protection, may_solve: Any
) -> Any:
    try:
        return settle(block, asked[block.counts], true, protection, may_solve)
    except ImpossibleError:
        first = int(block.counts[0])
        raise ContradictionError(problem.keys[first], problem.standing[first]) from None


def _cells(
    problem: Problem,
    asked: Any,
    seen: dict[int, tuple[float, float]],
    tables: Sequence[Table],
    protection: Protection,
) -> list[Audited]:
    out: list[Audited] = []
    traced = 0
    for j in np.flatnonzero(asked).tolist():
        low, high = seen.get(j, (np.inf, -np.inf))
        verdict: Verdict = "undecided"
        source = not_traced(problem.standing[j])
        if problem.width(j) < protection.width:
            verdict = "disclosed"
            if traced < protection.traced and len(tables) > 0:
                source = given_away_by(tables, problem.keys[j], protection)
                traced += 1
        elif high - low >= protection.width:
            verdict, source = "protected", Source(source.tables, False, "")
        out.append(_audited(problem, j, verdict, (low, high), source))
    return out


def _audited(
    problem: Problem, j: int, verdict: Verdict, seen: tuple[float, float], source: Source
) -> Audited:
    top = problem.high[j]
    found = seen[0] <= seen[1]
    return Audited(
        key=problem.keys[j],
        state=problem.states[j],
        verdict=verdict,
        low=int(problem.low[j]),
        high=int(top) if np.isfinite(top) else None,
        seen_low=int(seen[0]) if found else None,
        seen_high=int(seen[1]) if found else None,
        tables=source.tables,
        least=source.least,
        advice=source.advice,
    )
