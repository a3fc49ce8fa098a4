"""Recording practice: how a source fills in a column, worked out from counts of its rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from openpeel.engine.declare.expressions import Name, parse
from openpeel.engine.declare.measures import Practice, PracticeRule
from openpeel.engine.sql import quote, text
from openpeel.errors import UserError


@dataclass(frozen=True)
class Found:
    """The practice of one source, and the counts it was worked out from."""

    rule: PracticeRule
    counts: dict[str, int]

    def reason(self) -> str:
        """Why no plain value can be given, with the counts in it; empty where one can."""
        return self.rule.reason.format(**self.counts) if self.rule.reason else ""


def check(practice: Practice, where: str) -> dict[str, str]:
    """The rules' conditions in normal form, by rule id.

    Raises:
        UserError: a condition does not fit the counts, or no rule holds always.
    """
    names = {name: Name("integer") for name, _ in practice.counts}
    out = {r.id: parse(r.when, names, "boolean", f"{where}: practice {r.id}") for r in practice.rules}
    if not practice.rules or practice.rules[-1].when.strip().lower() != "true":
        raise UserError("the last rule of a practice must hold always", where, "write when = true")
    for rule in practice.rules:
        rule.reason.format(**dict.fromkeys(names, 0))
    return out


def classify(
    con: duckdb.DuckDBPyConnection, practice: Practice, counts: Mapping[str, dict[str, int]], where: str
) -> dict[str, Found]:
    """The practice of each source.

    Args:
        con: any connection.
        practice: the declaration.
        counts: source -> count name -> count.
        where: the measure, for errors.
    """
    if not counts:
        return {}
    conditions = check(practice, where)
    names = [name for name, _ in practice.counts]
    rows = ", ".join(
        f"({text(source)}, {', '.join(str(int(values[n])) for n in names)})"
        for source, values in counts.items()
    )
    cases = " ".join(f"WHEN {sql} THEN {text(rule)}" for rule, sql in conditions.items())
    found = con.execute(
        f"SELECT source, CASE {cases} END FROM (VALUES {rows}) AS v(source, {', '.join(map(quote, names))})"
    ).fetchall()
    rules = {r.id: r for r in practice.rules}
    return {source: Found(rules[rule], counts[source]) for source, rule in found}
