"""Recording practice: how a source fills in a column, worked out from counts of its rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

import duckdb

from openpeel.engine.declare.expressions import Name, parse
from openpeel.engine.declare.measures import Practice, PracticeRule
from openpeel.engine.sql import quote, text
from openpeel.errors import UserError

#: A month with fewer records is too small to show a practice of its own (our assumption).
LEAST_RECORDS = 30


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
    con: duckdb.DuckDBPyConnection,
    practice: Practice,
    monthly: Mapping[str, Mapping[str, dict[str, int]]],
    named: Collection[str],
    where: str,
) -> dict[str, Found]:
    """The practice of each source over a period.

    It is worked out from the period's rows together. Where one of its months alone shows a practice
    that makes no sense, or that a reading of the blanks would misread, there is no one practice and
    no value: months are not averaged into sense.

    Args:
        con: any connection.
        practice: the declaration; its first count is the number of records.
        monthly: source -> month -> count name -> count.
        named: the readings that put something in place of a blank.
        where: the measure, for errors.
    """
    counts = {source: _sum(months.values()) for source, months in monthly.items()}
    whole = _rules(con, practice, counts, where)
    first = practice.counts[0][0]
    large = {
        f"{month} {source}": month_counts
        for source, months in monthly.items()
        for month, month_counts in months.items()
        if len(months) > 1 and month_counts[first] >= LEAST_RECORDS
    }
    alone = _rules(con, practice, large, where)
    out = {}
    for source, rule in whole.items():
        months = {m: alone[f"{m} {source}"] for m in monthly[source] if f"{m} {source}" in alone}
        out[source] = Found(_one_practice(rule, months, named), counts[source])
    return out


def _one_practice(
    rule: PracticeRule, months: Mapping[str, PracticeRule], named: Collection[str]
) -> PracticeRule:
    """The period's rule, or one that gives no value where a month contradicts it."""
    if rule.status:
        return rule
    against = {
        month: other
        for month, other in months.items()
        if (other.status == "not-interpretable" and not other.keep_bounds)
        or (other.status == "not-supplied" and rule.reading in named)
    }
    if not against:
        return rule
    said = "; ".join(f"{month}: {other.says}" for month, other in against.items())
    return replace(
        rule,
        id="differs between months",
        says=f"{rule.says}, but differently in some months ({said})",
        reading="",
        status="not-interpretable",
        reason=f"the column is not filled in in one way over the period ({said})".replace("{", "").replace(
            "}", ""
        ),
    )


def _sum(months: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for counts in months:
        total.update(counts)
    return dict(total)


def _rules(
    con: duckdb.DuckDBPyConnection, practice: Practice, counts: Mapping[str, dict[str, int]], where: str
) -> dict[str, PracticeRule]:
    """The first rule whose condition holds, for each of several sets of counts."""
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
    return {source: rules[rule] for source, rule in found}
