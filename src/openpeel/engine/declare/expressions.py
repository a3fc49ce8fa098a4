"""Expressions of declarations: one SQL expression, of listed parts only, with its types checked.

sqlglot parses but checks no types, and DuckDB would bind ``n = 'abc'`` and fail later on some row;
so the little language is checked here: columns must exist, both sides of a comparison must be of one
family, a text compared with a column of named values must be one of them, and nothing is coerced.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from openpeel.engine.declare.records import ColumnType
from openpeel.errors import UserError

#: What a part of an expression is. ``null`` goes with everything.
Family = Literal["text", "number", "boolean", "date", "instant", "null"]

_FAMILY: dict[ColumnType, Family] = {
    "text": "text",
    "integer": "number",
    "number": "number",
    "duration": "number",
    "boolean": "boolean",
    "date": "date",
    "instant": "instant",
}

_COMPARE = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE)
_JOIN = (exp.And, exp.Or)
_ARITHMETIC = (exp.Add, exp.Sub, exp.Mul)
#: What gives true or false; inside a comparison it needs brackets, since engines read it differently.
_TRUTHS = (*_COMPARE, *_JOIN, exp.In, exp.Between, exp.Is, exp.Not)
#: Larger numbers are not counted by any engine as whole numbers.
_LARGEST = 2**63 - 1


@dataclass(frozen=True)
class Name:
    """What a column is for the checker: its type and, for text, the only values it can hold."""

    type: ColumnType
    allowed: tuple[str, ...] = ()


class _Checker:
    """Walks one parsed expression and finds its family, refusing whatever is not listed."""

    def __init__(self, names: Mapping[str, Name], source: str, where: str) -> None:
        self.names, self.source, self.where = names, source, where

    def refuse(self, what: str, do: str = "correct the expression") -> UserError:
        return UserError(f"{what} in the expression `{self.source}`", self.where, do)

    def family(self, node: exp.Expr) -> Family:
        if isinstance(node, exp.Paren):
            return self.family(node.this)
        if isinstance(node, exp.Column):
            return self.column(node)
        if isinstance(node, exp.Literal):
            return "text" if node.is_string else self.number(node)
        if isinstance(node, exp.Boolean):
            return "boolean"
        if isinstance(node, exp.Null):
            return "null"
        if isinstance(node, _JOIN):
            self.must(node.left, "boolean")
            self.must(node.right, "boolean")
            return "boolean"
        if isinstance(node, exp.Not):
            self.must(node.this, "boolean")
            return "boolean"
        return self.rest(node)

    def rest(self, node: exp.Expr) -> Family:
        if isinstance(node, _COMPARE):
            self.same(node.left, node.right)
            return "boolean"
        if isinstance(node, exp.In) and node.expressions and not node.args.get("query"):
            for item in node.expressions:
                self.same(node.this, item)
            return "boolean"
        if isinstance(node, exp.Between):
            self.same(node.this, node.args["low"])
            self.same(node.this, node.args["high"])
            return "boolean"
        if isinstance(node, exp.Is) and isinstance(node.expression, exp.Null | exp.Boolean):
            self.bracketed(node.this)
            if isinstance(node.expression, exp.Null):
                self.family(node.this)
            else:
                self.must(node.this, "boolean")
            return "boolean"
        if isinstance(node, _ARITHMETIC):
            self.must(node.left, "number")
            self.must(node.right, "number")
            return "number"
        if isinstance(node, exp.Neg):
            self.must(node.this, "number")
            return "number"
        if isinstance(node, exp.Case):
            return self.case(node)
        if isinstance(node, exp.Coalesce):
            return self.one_family([node.this, *node.expressions])
        raise self.refuse(
            f"`{node.sql()[:60]}` is not allowed",
            "use comparisons, and/or/not, in, between, is null, case, coalesce, + - *",
        )

    def column(self, node: exp.Column) -> Family:
        if node.table or node.name not in self.names:
            known = ", ".join(sorted(self.names))
            raise self.refuse(f"there is no column `{node.sql()}`", f"known columns: {known}")
        return _FAMILY[self.names[node.name].type]

    def number(self, node: exp.Literal) -> Family:
        try:
            fits = abs(float(node.name)) <= _LARGEST
        except ValueError:
            fits = False
        if not fits:
            raise self.refuse(f"`{node.name[:40]}` is not a number that can be worked with")
        return "number"

    def case(self, node: exp.Case) -> Family:
        results: list[exp.Expr] = []
        for branch in node.args["ifs"]:
            if node.this is not None:
                self.same(node.this, branch.this)
            else:
                self.must(branch.this, "boolean")
            results.append(branch.args["true"])
        if node.args.get("default") is not None:
            results.append(node.args["default"])
        return self.one_family(results)

    def one_family(self, nodes: list[exp.Expr]) -> Family:
        families = {self.family(n) for n in nodes} - {"null"}
        if len(families) > 1:
            raise self.refuse(f"{' and '.join(sorted(families))} are mixed")
        return families.pop() if families else "null"

    def must(self, node: exp.Expr, family: Family) -> None:
        found = self.family(node)
        if found not in (family, "null"):
            raise self.refuse(f"`{node.sql()}` is a {found} where a {family} is needed")

    def same(self, left: exp.Expr, right: exp.Expr) -> None:
        a, b = self.family(left), self.family(right)
        self.bracketed(left)
        self.bracketed(right)
        left, right = left.unnest(), right.unnest()
        if isinstance(left, exp.Null) or isinstance(right, exp.Null):
            raise self.refuse("nothing equals null", "write `is null`")
        if "null" not in (a, b) and a != b:
            raise self.refuse(f"`{left.sql()}` ({a}) is compared with `{right.sql()}` ({b})")
        self.named_value(left, right)
        self.named_value(right, left)

    def bracketed(self, node: exp.Expr) -> None:
        if isinstance(node, _TRUTHS):
            raise self.refuse(f"`{node.sql()}` is compared without brackets", "put brackets round it")

    def named_value(self, column: exp.Expr, literal: exp.Expr) -> None:
        if isinstance(column, exp.Coalesce):
            self.named_or_default(column, literal)
        if not (isinstance(column, exp.Column) and isinstance(literal, exp.Literal) and literal.is_string):
            return
        allowed = self.names[column.name].allowed
        if allowed and literal.name not in allowed:
            raise self.refuse(
                f"`{column.name}` is never '{literal.name}'", "its values are " + ", ".join(allowed)
            )

    def named_or_default(self, coalesce: exp.Coalesce, literal: exp.Expr) -> None:
        """``coalesce(grade, 'none') = 'none'``: the value may be the column's or the one put for a blank."""
        given = [item.unnest() for item in (coalesce.this, *coalesce.expressions)]
        if all(not isinstance(i, exp.Literal) or i.name != literal.name for i in given):
            for item in given:
                self.named_value(item, literal)


def parse(source: str, names: Mapping[str, Name], needs: Family, where: str = "") -> str:
    """The expression in its normal form, with every identifier quoted.

    Args:
        source: the expression as declared.
        names: the columns it may use.
        needs: the family its result must have.
        where: the declaration, for errors.

    Returns:
        SQL that DuckDB runs; the same for two ways of writing the same expression in white space,
        letter case of key words and quoting.

    Raises:
        UserError: it does not parse, uses something not listed, mixes types or names a value that
            the column never has.
    """
    return _parsed(source, tuple(names.items()), needs, where)


# The conditions of a catalogue are asked for again with every figure of a page.
@lru_cache(maxsize=8192)
def _parsed(source: str, listed: tuple[tuple[str, Name], ...], needs: Family, where: str) -> str:
    names = dict(listed)
    try:
        tree = _tree(source, where)
        found = _Checker(names, source, where).family(tree)
        sql = tree.sql(dialect="duckdb", identify=True, comments=False)
    except RecursionError:
        raise UserError(
            f"`{source[:60]}…` is nested too deeply", where, "declare parts of it apart"
        ) from None
    if found not in (needs, "null"):
        raise UserError(
            f"`{source}` gives a {found} where a {needs} is needed", where, "correct the expression"
        )
    return sql


def _tree(source: str, where: str) -> exp.Expr:
    # Parsed inside a SELECT, since a bare `force = 'x'` reads as a command to sqlglot.
    try:
        statements = sqlglot.parse(f"SELECT (\n{source}\n)", dialect="duckdb")
    except (SqlglotError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise UserError(
            f"cannot read the expression `{source}` ({reason})", where, "correct the expression"
        ) from None
    select = statements[0] if len(statements) == 1 else None
    parts = [value for value in select.args.values() if value] if isinstance(select, exp.Select) else []
    one = len(parts) == 1 and isinstance(select, exp.Select) and len(select.expressions) == 1
    if not one or not isinstance(select.expressions[0], exp.Paren):  # type: ignore[union-attr]
        raise UserError(f"`{source}` is not one expression", where, "write one condition or number")
    tree = select.expressions[0].this  # type: ignore[union-attr]
    assert isinstance(tree, exp.Expr)
    return tree


def family_of(column_type: ColumnType) -> Family:
    """The family that a declared column type belongs to."""
    return _FAMILY[column_type]
