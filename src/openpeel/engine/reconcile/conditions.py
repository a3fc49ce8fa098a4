"""A measure's condition in the parts that must all hold, so that each can be left out by itself."""

from __future__ import annotations

from dataclasses import dataclass

import sqlglot
from sqlglot import exp


@dataclass(frozen=True)
class Condition:
    """One part: SQL with every name quoted, and the same as people write it."""

    sql: str
    says: str


def conditions_of(where: str) -> tuple[Condition, ...]:
    """The parts of a condition in its normal form that ``AND`` joins; none of an empty one."""
    if not where:
        return ()
    tree = sqlglot.parse_one(f"SELECT ({where})", dialect="duckdb").expressions[0].unnest()
    parts = list(tree.flatten()) if isinstance(tree, exp.And) else [tree]
    return tuple(Condition(part.sql(dialect="duckdb", identify=True), _said(part.unnest())) for part in parts)


def _said(part: exp.Expr) -> str:
    bare = part.copy()
    for name in bare.find_all(exp.Identifier):
        name.set("quoted", False)
    return bare.sql(dialect="duckdb", identify=False)
