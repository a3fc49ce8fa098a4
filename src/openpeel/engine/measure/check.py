"""Checking a catalogue when it is loaded: every declaration is compiled, bound and run on made-up rows."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import date, datetime
from typing import Any

import duckdb

from openpeel.engine.connection import connect
from openpeel.engine.declare.derivations import Lookup, Rollup
from openpeel.engine.declare.measures import (
    AgeOfBacklog,
    AnyMeasure,
    Count,
    Distribution,
    MedianWait,
    Practice,
    Proportion,
    Quantile,
    Rate,
    Reading,
    ShareWithin,
)
from openpeel.engine.declare.records import COUNTS, RecordType
from openpeel.engine.derive.layer import Sources, derived_sql, needed
from openpeel.engine.measure import practices
from openpeel.engine.measure.cells import count_rows, plan
from openpeel.engine.measure.predicates import Compiled, compile_measure
from openpeel.engine.sql import quote, text
from openpeel.errors import UserError

#: Made-up values for each stored type, blank among them.
_SAMPLES = {
    "VARCHAR": ["'a'", "NULL"],
    "BIGINT": ["0", "1", "NULL"],
    "DECIMAL(18,6)": ["0.5", "NULL"],
    "BOOLEAN": ["true", "false", "NULL"],
    "DATE": ["DATE '2020-01-01'", "NULL"],
    "TIMESTAMP": ["TIMESTAMP '2020-01-01 12:00:00'", "NULL"],
}


def check_catalogue(types: Mapping[str, RecordType], measures: Iterable[AnyMeasure]) -> None:
    """Refuse a catalogue with a declaration that would fail later.

    Raises:
        UserError: names the declaration, what is wrong with it and what to do.
    """
    con = connect()
    try:
        by_type: dict[str, list[AnyMeasure]] = {}
        seen: set[str] = set()
        for measure in measures:
            _check_shape(measure)
            if measure.id in seen:
                raise UserError("is declared twice", measure.id, "rename one of them")
            seen.add(measure.id)
            if measure.of not in types:
                raise UserError(f"there is no record type `{measure.of}`", measure.id, "check `of`")
            if types[measure.of].kind in COUNTS:
                raise UserError(
                    f"{types[measure.of].kind}s are never added up with records",
                    measure.id,
                    f"let it be of a type of records; {measure.of} holds somebody's totals",
                )
            by_type.setdefault(measure.of, []).append(measure)
        for type_id, mine in by_type.items():
            _check_type(con, types[type_id], mine)
    finally:
        con.close()


def _check_shape(measure: AnyMeasure) -> None:
    """Every part of a declaration is of the kind it must be: TOML lets a text pass for a date."""
    for part in fields(measure):
        value = getattr(measure, part.name)
        wanted = _SHAPES.get(part.name, "a text")
        if not _FITS[wanted](value):
            raise UserError(f"{part.name} is {value!r}", str(measure.id), f"write {wanted}")


def _texts(value: object) -> bool:
    return isinstance(value, tuple) and all(isinstance(v, str) for v in value)


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _is_across(value: object) -> bool:
    pairs = isinstance(value, tuple) and all(isinstance(v, tuple) and _texts(v) for v in value)
    return isinstance(value, str) or pairs


def _is_by(value: object) -> bool:
    return isinstance(value, tuple) and all(isinstance(v, str) or (_texts(v) and len(v) > 1) for v in value)


#: What a part of a declaration must be, where that is not a text.
_SHAPES = {
    "by": "a list of columns",
    "captions": "a list of texts",
    "groups": "a list of texts",
    "across": "a column",
    "reviewed": "a day such as 2026-11-22, without quotation marks",
    "review_months": "a whole number above 0",
    "per": "a whole number above 0",
    "minimum": "a whole number above 0",
    "limit_seconds": "a whole number of seconds above 0",
    "p": "a number from 0 to 1",
    "standard": "a number, such as 0.9 for 90%",
    "better": '"higher", "lower" or "neutral"',
    "practice": "nothing: only shipped measures have one",
    "readings": "nothing: only shipped measures have them",
}

_FITS: dict[str, Callable[[Any], bool]] = {
    "a text": lambda v: isinstance(v, str),
    "a list of texts": _texts,
    "a column": _is_across,
    "a list of columns": _is_by,
    _SHAPES["reviewed"]: lambda v: isinstance(v, date) and not isinstance(v, datetime),
    _SHAPES["per"]: _is_number,
    _SHAPES["limit_seconds"]: lambda v: v is None or _is_number(v),
    _SHAPES["p"]: lambda v: isinstance(v, int | float) and not isinstance(v, bool) and 0 <= v <= 1,
    _SHAPES["standard"]: lambda v: v is None or (isinstance(v, int | float) and not isinstance(v, bool)),
    _SHAPES["better"]: lambda v: v in ("higher", "lower", "neutral"),
    _SHAPES["practice"]: lambda v: v is None or isinstance(v, Practice),
    _SHAPES["readings"]: lambda v: isinstance(v, tuple) and all(isinstance(r, Reading) for r in v),
}


def _check_type(con: duckdb.DuckDBPyConnection, record_type: RecordType, measures: list[AnyMeasure]) -> None:
    compiled = []
    for measure in measures:
        compiled.append(compile_measure(measure, record_type))
        if measure.practice:
            practices.check(measure.practice, measure.id)
        _check_words(measure)
    # What rests on other types is bound when their records are there.
    alone = [c for c in compiled if not _joins(record_type, c)]
    whole = plan(record_type, alone, Sources())
    rows = derived_sql(con, record_type, whole.columns(), _made_up(record_type), Sources())
    try:
        count_rows(con, whole, rows)
    except duckdb.Error as error:
        raise UserError(
            f"does not run ({str(error).splitlines()[0]})", record_type.id, "check its measures"
        ) from None


def _joins(record_type: RecordType, compiled: Compiled) -> bool:
    return any(isinstance(d, Lookup | Rollup) for d in needed(record_type, compiled.columns))


def _made_up(record_type: RecordType) -> str:
    columns: list[str] = []
    for name, stored in record_type.stored():
        samples = list(_SAMPLES[stored])
        declared = {c.name: c for c in record_type.columns}.get(name)
        if declared and declared.allowed:
            samples = [text(a) for a in declared.allowed] + ["NULL"]
        listed = ", ".join(samples)
        columns.append(
            f"CAST(([{listed}])[1 + (i * {len(columns) + 1}) % {len(samples)}] AS {stored}) AS {quote(name)}"
        )
    beside = "'s' AS snapshot, 0 AS month, CAST(i AS VARCHAR) AS row_hash, 1 AS occurrence"
    return f"SELECT {beside}, {', '.join(columns)} FROM range(60) AS r(i)"


def _check_standard(measure: AnyMeasure) -> None:
    """A standard has a source, a side that is the better one, and is a value that figures can have."""
    if measure.standard is None:
        if measure.standard_source:
            raise UserError("names the source of a standard and has none", measure.id, "declare `standard`")
        return
    if not measure.standard_source.strip():
        raise UserError("has a standard without a source", measure.id, "say in `standard_source` who set it")
    if isinstance(measure, Count | Rate):
        raise UserError(
            "has a standard, and is of a period of any length",
            measure.id,
            "set standards for shares and times",
        )
    if measure.better == "neutral":
        raise UserError("has a standard and no better direction", measure.id, "declare `better`")
    share = isinstance(measure, Proportion | ShareWithin | Distribution)
    if not math.isfinite(measure.standard) or (share and not 0 <= measure.standard <= 1):
        raise UserError(
            f"the standard {measure.standard} is none of a share", measure.id, "write 0.9 for 90%"
        )


def _check_words(measure: AnyMeasure) -> None:
    _check_standard(measure)
    for name in ("title", "sentence", "unit", "question", "method", "source"):
        if not str(getattr(measure, name)).strip():
            raise UserError(f"has no {name}", measure.id, f"declare {name}")
    if isinstance(measure, Quantile | MedianWait | ShareWithin | AgeOfBacklog):
        begins = "share" if isinstance(measure, ShareWithin) else "seconds"
        begins = "days" if isinstance(measure, AgeOfBacklog) else begins
        if not measure.unit.startswith(begins):
            raise UserError(f"is in {measure.unit}", measure.id, f"let its unit begin with `{begins}`")
    if measure.comparable != "national" and not measure.comparable_why:
        raise UserError(
            "does not say why it is not compared nationally", measure.id, "declare comparable_why"
        )
    try:
        measure.sentence.format(force="", value="", x="", y="", period="", category="")
    except (KeyError, IndexError, ValueError):
        raise UserError(
            "has a sentence with an unknown {…}", measure.id, "use force, value, x, y, period, category"
        ) from None


def review_due(measure: AnyMeasure) -> date:
    """The day by which a measure is to be reviewed again."""
    months = measure.reviewed.year * 12 + measure.reviewed.month - 1 + measure.review_months
    day = min(measure.reviewed.day, 28)
    return date(months // 12, months % 12 + 1, day)
