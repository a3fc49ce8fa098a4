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
```
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from openpeel.engine.declare import measures as m
from openpeel.engine.declare.derivations import Derivation, Derived, SecondsBetween, Translation
from openpeel.engine.declare.measures import AnyMeasure
from openpeel.engine.declare.records import STORED, Column, RecordType, RowRule
from openpeel.errors import UserError

PREFIX = "local."
_KINDS: dict[str, type[Any]] = {
    "Count": m.Count,
    "Rate": m.Rate,
    "Proportion": m.Proportion,
    "Distribution": m.Distribution,
}
_DERIVED: dict[str, type[Any]] = {
    "Derived": Derived,
    "SecondsBetween": SecondsBetween,
    "Translation": Translation,
}
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
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError(f"is not TOML ({error})", str(file), "mend it") from None
    unknown = set(data) - {"record_type", "measure"}
    if unknown:
        raise UserError(f"has a table `{min(unknown)}`", str(file), "use [[record_type]] and [[measure]]")
    return data


def _new(id_: str, held: Mapping[str, Any], where: str) -> None:
    if not id_.startswith(PREFIX):
        raise UserError(f"`{id_}` does not begin with `{PREFIX}`", where, f"rename it to {PREFIX}…")
    if id_ in held:
        raise UserError(f"`{id_}` is declared twice", where, "rename one of them")


def _measure(table: dict[str, Any], where: str) -> AnyMeasure:
    kind = table.get("kind")
    if kind not in _KINDS:
        raise UserError(f"a measure's kind is {kind!r}", where, f"use {', '.join(_KINDS)}")
    values = _DEFAULTS | {k: v for k, v in table.items() if k != "kind"}
    made = _make(_KINDS[kind], values, where)
    assert isinstance(made, m.Count | m.Rate | m.Proportion | m.Distribution)
    if made.comparable not in ("national", "own-definition", "own-recording", "as-rate-only"):
        raise UserError(f"comparable is {made.comparable!r}", f"{where}: {made.id}", "write own-definition")
    return made


def _record_type(table: dict[str, Any], where: str) -> RecordType:
    table = dict(table)
    table["columns"] = [_column(c, where) for c in table.get("columns", [])]
    table["rules"] = [_make(RowRule, r, where) for r in table.get("rules", [])]
    table["derived"] = [_derivation(d, where) for d in table.get("derived", [])]
    made = _make(RecordType, table, where)
    assert isinstance(made, RecordType)
    names = [c.name for c in made.columns]
    lost = [n for n in (made.anchor, *made.key) if n not in names]
    if lost:
        raise UserError(f"{made.id} has no column `{lost[0]}`", where, "declare it among its columns")
    if made.column(made.anchor).type not in ("date", "instant"):
        raise UserError(f"the anchor of {made.id} is no date", where, "anchor it on a date or instant column")
    if len(set(names)) != len(names):
        raise UserError(f"{made.id} has two columns of one name", where, "rename one of them")
    return made


def _column(table: dict[str, Any], where: str) -> Column:
    made = _make(Column, table, where)
    assert isinstance(made, Column)
    if made.type not in STORED:
        raise UserError(f"column {made.name} has type {made.type!r}", where, f"use {', '.join(STORED)}")
    return made


def _derivation(table: dict[str, Any], where: str) -> Derivation:
    kind = table.get("kind", "Derived")
    if kind not in _DERIVED:
        raise UserError(f"a derivation's kind is {kind!r}", where, f"use {', '.join(_DERIVED)}")
    made: Derivation = _make(_DERIVED[kind], {k: v for k, v in table.items() if k != "kind"}, where)
    return made


def _make(of: type[Any], values: dict[str, Any], where: str) -> Any:
    known = {f.name for f in fields(of)}
    label = f"{where}: {values.get('id') or values.get('name') or of.__name__}"
    unknown = set(values) - known
    if unknown:
        raise UserError(f"`{min(unknown)}` is not a part of it", label, f"parts: {', '.join(sorted(known))}")
    try:
        return of(**{k: tuple(v) if isinstance(v, list) else v for k, v in values.items()})
    except TypeError as error:
        missing = str(error).split("argument", 1)[-1].strip(" s:")
        raise UserError(f"lacks {missing}", label, "add it") from None
