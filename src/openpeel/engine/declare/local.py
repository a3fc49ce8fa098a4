"""A force's own declarations: TOML in ``local/`` of its workspace, through the same checks as shipped ones.

Ids begin with ``local.``; a shipped declaration is never overridden, and nothing is ever run from there.

```toml
[[record_type]]
id = "local.dog_patrol"
title = "Dog patrols"
kind = "event"
anchor = "started_on"
key = ["patrol_id"]
columns = [
  { name = "patrol_id", type = "text", meaning = "Number of the patrol", required = true },
  { name = "started_on", type = "date", meaning = "Day it began", required = true },
]

[[measure]]
kind = "Proportion"
id = "local.drugs_arrest_rate"
title = "Drug searches that led to an arrest"
sentence = "{value} of drug searches led to an arrest ({x} of {y})."
of = "powers.stop_search"
where = "object = 'Controlled drugs'"
met = "outcome_group = 'Arrest'"
unit = "share of searches"
reviewed = 2026-11-22

[[measure]]
kind = "ShareWithin"                # also Quantile and MedianWait, whose unit begins with `seconds`
id = "local.attended_in_target"
title = "Incidents attended within our target"
sentence = "{value} of incidents were attended within our target ({x} of {y})."
of = "local.incident"
start = "received_at"
served = "attended_at"              # blank: not attended
withdrawn = "closed_at"             # without attendance: counted, in no denominator
limit = "target_seconds"            # a column, as from FromPolicy; or limit_seconds = 900
unit = "share of incidents"
reviewed = 2026-11-22
```
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from openpeel.engine.declare import measures as m
from openpeel.engine.declare.check import refuse_names_used_twice
from openpeel.engine.declare.derivations import (
    Derivation,
    Derived,
    FromPolicy,
    SecondsBetween,
    Translation,
)
from openpeel.engine.declare.expressions import Name, family_of, parse
from openpeel.engine.declare.measures import AnyMeasure, Reading
from openpeel.engine.declare.records import (
    OWN_COLUMNS,
    Column,
    RecordType,
    Reference,
    RowRule,
    Total,
    Unique,
)
from openpeel.engine.derive.names import columns_of, name_of
from openpeel.errors import UserError

PREFIX = "local."
_ID = re.compile(r"local(\.[a-z][a-z0-9_]*)+")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_KINDS: dict[str, type[Any]] = {
    "Count": m.Count,
    "Rate": m.Rate,
    "Proportion": m.Proportion,
    "Distribution": m.Distribution,
    "ShareWithin": m.ShareWithin,
    "Quantile": m.Quantile,
    "MedianWait": m.MedianWait,
    "Mean": m.Mean,
    "Backlog": m.Backlog,
    "Flow": m.Flow,
    "AgeOfBacklog": m.AgeOfBacklog,
}
_DERIVED: dict[str, type[Any]] = {
    "Derived": Derived,
    "SecondsBetween": SecondsBetween,
    "Translation": Translation,
    "FromPolicy": FromPolicy,
}
#: Parts of a record type that are tables themselves.
_PARTS: tuple[tuple[str, type[Any]], ...] = (
    ("columns", Column),
    ("rules", RowRule),
    ("references", Reference),
    ("unique", Unique),
    ("totals", Total),
)
_DEFAULTS: dict[str, Any] = {
    "better": "neutral",
    "comparable": "own-definition",
    "comparable_why": "A force's own measure: no other force works it out.",
    "question": "local",
    "method": "local",
    "source": "the force's own records",
}


def load_local(
    folder: Path, types: Mapping[str, RecordType], measures: Mapping[str, AnyMeasure]
) -> tuple[dict[str, RecordType], dict[str, AnyMeasure]]:
    """Read a force's own record types and measures.

    Args:
        folder: the workspace's ``local/``.
        types, measures: those shipped; none of them may be overridden.

    Raises:
        UserError: a file is not TOML, or a declaration does not have the shape it needs.
    """
    own_types: dict[str, RecordType] = {}
    own_measures: dict[str, AnyMeasure] = {}
    for file in sorted(folder.glob("*.toml")):
        data = _read(file)
        for table in data.get("record_type", []):
            record_type = _record_type(table, str(file))
            _new(record_type.id, {**types, **own_types}, str(file))
            own_types[record_type.id] = record_type
        for table in data.get("measure", []):
            measure = _measure(table, str(file))
            _new(measure.id, {**measures, **own_measures}, str(file))
            own_measures[measure.id] = measure
    return own_types, own_measures


def _read(file: Path) -> dict[str, Any]:
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UserError(f"is not TOML ({error})", str(file), "mend it") from None
    unknown = set(data) - {"record_type", "measure"}
    if unknown:
        raise UserError(f"has a table `{min(unknown)}`", str(file), "use [[record_type]] and [[measure]]")
    for name, tables in data.items():
        _tables(tables, name, str(file))
    return data


def _tables(tables: Any, name: str, where: str) -> list[dict[str, Any]]:
    if not isinstance(tables, list) or not all(isinstance(t, dict) for t in tables):
        raise UserError(f"`{name}` is not a list of tables", where, f"head each of them with [[{name}]]")
    return tables


def _new(id_: str, held: Mapping[str, Any], where: str) -> None:
    if not id_.startswith(PREFIX):
        raise UserError(f"`{id_}` does not begin with `{PREFIX}`", where, f"rename it to {PREFIX}…")
    if not _ID.fullmatch(id_):
        raise UserError(
            f"`{id_}` is not an id", where, "use small letters, digits and _ between the dots, as local.dogs"
        )
    if id_ in held:
        raise UserError(f"`{id_}` is declared twice", where, "rename one of them")


def _measure(table: dict[str, Any], where: str) -> AnyMeasure:
    kind = table.get("kind")
    if not isinstance(kind, str) or kind not in _KINDS:
        raise UserError(f"a measure's kind is {kind!r}", where, f"use {', '.join(_KINDS)}")
    values = _DEFAULTS | {k: v for k, v in table.items() if k != "kind"}
    if "readings" in values:
        tables = _tables(values["readings"], "readings", where)
        values["readings"] = [_make(Reading, t, where) for t in tables]
    made: AnyMeasure = _make(_KINDS[kind], values, where)
    if isinstance(made, m.Rate) and made.per < 1:
        raise UserError(f"per is {made.per}", f"{where}: {made.id}", "write a whole number, as 1000")
    return made


def _record_type(table: dict[str, Any], where: str) -> RecordType:
    table = dict(table)
    for name, of in _PARTS:
        table[name] = [_make(of, t, where) for t in _tables(table.get(name, []), name, where)]
    derived = _tables(table.pop("derived", []), "derived", where)
    made = _make(RecordType, table | {"derived": [_derivation(d, where) for d in derived]}, where)
    assert isinstance(made, RecordType)
    label = f"{where}: {made.id}"
    _check_names(made, label)
    if made.column(made.anchor).type not in ("date", "instant"):
        raise UserError("the anchor is no date", label, "anchor it on a date or instant column")
    if not made.column(made.anchor).required:
        raise UserError(f"the anchor `{made.anchor}` may be blank", label, "add required = true")
    for key in made.key:
        if not made.column(key).required:
            raise UserError(f"the key `{key}` may be blank", label, "add required = true to its column")
    _check_expressions(made, label)
    return made


def _check_names(made: RecordType, where: str) -> None:
    names = [c.name for c in made.columns]
    for name in (made.anchor, *made.key):
        if name not in names:
            raise UserError(f"has no column `{name}`", where, "declare it among its columns")
    stored = [n for n, _ in made.stored() if n != "force"] + [_name(d) for d in made.derived]
    for name in [*names, *stored]:
        if not _NAME.fullmatch(name) or name in OWN_COLUMNS:
            raise UserError(
                f"`{name}` cannot be the name of a column",
                where,
                "use small letters, digits and _, as on_day",
            )
    refuse_names_used_twice(made, where)


def _name(derivation: object) -> str:
    return str(getattr(derivation, "name", ""))


def _check_expressions(made: RecordType, where: str) -> None:
    names = columns_of(made)
    for rule in made.rules:
        parse(rule.condition, names, "boolean", f"{where}: rule {rule.id}")
    for derivation in made.derived:
        label = f"{where}: {_name(derivation)}"
        if isinstance(derivation, Derived):
            parse(derivation.expression, names, family_of(derivation.type), label)
        if isinstance(derivation, SecondsBetween):
            for column in (derivation.start, derivation.end):
                _check_source(column, "instant", names, label)
        if isinstance(derivation, Translation):
            _check_source(derivation.source, "text", names, label)
        whole_numbers = isinstance(derivation, FromPolicy) and derivation.type in ("integer", "duration")
        if isinstance(derivation, FromPolicy) and not whole_numbers:
            raise UserError("a policy's value is a whole number", label, "leave its type away")
        if isinstance(derivation, Derived | SecondsBetween | Translation | FromPolicy):
            names[derivation.name] = name_of(derivation)


def _check_source(column: str, needs: str, names: Mapping[str, Name], where: str) -> None:
    if column not in names:
        raise UserError(f"there is no column `{column}`", where, f"columns: {', '.join(sorted(names))}")
    if names[column].type != needs:
        raise UserError(f"`{column}` is not of type {needs}", where, "check the declaration")


def _derivation(table: dict[str, Any], where: str) -> Derivation:
    kind = table.get("kind", "Derived")
    if not isinstance(kind, str) or kind not in _DERIVED:
        raise UserError(f"a derivation's kind is {kind!r}", where, f"use {', '.join(_DERIVED)}")
    made: Derivation = _make(_DERIVED[kind], {k: v for k, v in table.items() if k != "kind"}, where)
    return made


def _make(of: type[Any], values: dict[str, Any], where: str) -> Any:
    known = {f.name for f in fields(of)}
    label = f"{where}: {values.get('id') or values.get('name') or of.__name__}"
    unknown = set(values) - known
    if unknown:
        raise UserError(f"`{min(unknown)}` is not a part of it", label, f"parts: {', '.join(sorted(known))}")
    values = {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}
    hints = get_type_hints(of)
    for name, value in values.items():
        if not _fits(value, hints[name]):
            raise UserError(f"`{name}` cannot be {_shown(value)}", label, f"write {_wanted(hints[name])}")
    try:
        return of(**values)
    except TypeError as error:
        missing = str(error).split("argument", 1)[-1].strip(" s:")
        raise UserError(f"lacks {missing}", label, "add it") from None


def _fits(value: Any, hint: Any) -> bool:
    """Whether a value read from TOML is of a declared type; nothing is coerced."""
    origin, args = get_origin(hint), get_args(hint)
    if origin is Literal:
        return isinstance(value, str) and value in args
    if origin is UnionType:
        return any(_fits(value, a) for a in args)
    if origin is tuple:
        return isinstance(value, tuple) and all(_fits(v, args[0]) for v in value)
    if origin is dict:
        return isinstance(value, dict) and all(_fits(v, args[1]) for v in value.values())
    if hint is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if hint is int or hint is date:
        return isinstance(value, hint) and not isinstance(value, bool | datetime)
    return hint is object or (isinstance(hint, type) and isinstance(value, hint))


def _wanted(hint: Any) -> str:
    """A declared type in words."""
    origin, args = get_origin(hint), get_args(hint)
    if origin is Literal:
        return "one of " + ", ".join(str(a) for a in args)
    if origin is UnionType:
        return _wanted(next(a for a in args if a is not NoneType))
    if origin is tuple:
        return "a list in square brackets"
    words = {str: "a text in quotation marks", bool: "true or false", int: "a whole number"}
    words |= {float: "a number", date: "a date, as 2026-11-22"}
    return words.get(hint, "a table in braces")


def _shown(value: Any) -> str:
    plain = list(value) if isinstance(value, tuple) else value
    return str(plain)[:40] if isinstance(value, date) else repr(plain)[:40]
