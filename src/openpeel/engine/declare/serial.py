"""Declarations as plain data and back, so that a published figure carries its own declaration."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from openpeel.engine.declare import derivations, measures, records
from openpeel.errors import UserError

_CLASSES: dict[str, type[Any]] = {
    c.__name__: c
    for c in (
        records.Column,
        records.RowRule,
        records.Reference,
        records.Unique,
        records.Total,
        records.RecordType,
        derivations.Translation,
        derivations.Derived,
        derivations.SecondsBetween,
        derivations.FromPolicy,
        derivations.Lookup,
        derivations.Rollup,
        derivations.RepeatWithin,
        measures.Practice,
        measures.PracticeRule,
        measures.Reading,
        measures.Count,
        measures.Rate,
        measures.Proportion,
        measures.Distribution,
        measures.RatioOfRates,
        measures.ShareWithin,
        measures.Quantile,
        measures.MedianWait,
        measures.Mean,
        measures.Backlog,
        measures.Flow,
        measures.AgeOfBacklog,
    )
}


def to_plain(value: Any) -> Any:
    """A declaration as dictionaries, lists and strings; ``is`` names the kind of each dictionary."""
    if is_dataclass(value) and not isinstance(value, type):
        return {"is": type(value).__name__} | {
            f.name: to_plain(getattr(value, f.name)) for f in fields(value)
        }
    if isinstance(value, date):
        return {"is": "date", "day": value.isoformat()}
    if isinstance(value, dict):
        return {"is": "table", "rows": [[to_plain(k), to_plain(v)] for k, v in value.items()]}
    if isinstance(value, list | tuple):
        return [to_plain(v) for v in value]
    return value


def from_plain(value: Any) -> Any:
    """The declaration that ``to_plain`` made this of.

    Raises:
        UserError: it is not a declaration this openpeel knows.
    """
    if isinstance(value, list):
        return tuple(from_plain(v) for v in value)
    if not isinstance(value, dict):
        return value
    kind = str(value.get("is"))
    try:
        if kind == "date":
            return date.fromisoformat(value["day"])
        if kind == "table":
            return {from_plain(k): from_plain(v) for k, v in value["rows"]}
        if kind in _CLASSES:
            return _CLASSES[kind](**{k: from_plain(v) for k, v in value.items() if k != "is"})
    except (TypeError, ValueError, KeyError) as error:
        raise UserError(f"the declaration does not fit ({error})", kind, "use a matching openpeel") from None
    raise UserError(f"`{kind}` is not a kind of declaration", do="verify with the openpeel that published it")


def digest(plain: Any) -> str:
    """SHA-256 of plain data in a canonical form."""
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
