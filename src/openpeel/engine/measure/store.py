"""Where cells are kept: files of a workspace that may be deleted at any time.

A file holds some sums for some snapshots by some breakdowns, and beside it stands its list, written last:
a file without one is not there yet. Sums are kept under the hash of all that they hang on besides the records
(condition, derivations, policies), snapshots under the hash of all the records they hang on (their *basis*);
so what is out of date is never found, and nobody has to look for it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from openpeel.engine.declare.serial import digest
from openpeel.engine.intake.disk import TEMPORARY
from openpeel.engine.intake.packs import parquet_sql
from openpeel.engine.sql import quote, text, texts

#: More files than so many of one record type are made into one.
_MANY = 24


@dataclass(frozen=True)
class Kept:
    """One file of cells.

    Attributes:
        file: the Parquet file; ``basis``, ``dimension``, ``value``, the sums, and ``bin`` where it holds exact counts.
        columns: dimension -> the sums it holds by it.
        bases: the bases it holds.
        bins: whether it holds exact counts.
    """

    file: Path
    columns: Mapping[str, frozenset[str]]
    bases: frozenset[str]
    bins: bool


def folder_of(root: Path, record_type: str) -> Path:
    """Where the cells of a record type are kept."""
    return root / "cells" / record_type


def kept(folder: Path) -> list[Kept]:
    """The files that are whole, in the order of their names."""
    out = []
    for listed in sorted(folder.glob("*.json")):
        try:
            data = json.loads(listed.read_text(encoding="utf-8"))
            columns = {d: frozenset(cs) for d, cs in data["columns"].items()}
            out.append(
                Kept(listed.with_suffix(".parquet"), columns, frozenset(data["bases"]), bool(data["bins"]))
            )
        except (OSError, ValueError, KeyError, AttributeError, TypeError):
            forget(listed.with_suffix(".parquet"))  # damaged: counted anew, like anything that is not there
    return [k for k in out if k.file.exists()]


def forget(file: Path) -> None:
    """Remove a file of cells and its list."""
    file.with_suffix(".json").unlink(missing_ok=True)
    file.unlink(missing_ok=True)


def keep(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    query: str,
    columns: Mapping[str, Iterable[str]],
    bases: Iterable[str],
    bins: bool,
) -> None:
    """Write what a query gives as one file.

    Args:
        con: a connection.
        folder: of the record type.
        query: SQL giving ``basis``, ``dimension``, ``value``, the sums, and ``bin`` for exact counts.
        columns: dimension -> the sums it gives by it.
        bases: the bases it covers, those for which it gives no row among them.
        bins: whether it gives exact counts.
    """
    folder.mkdir(parents=True, exist_ok=True)
    listed: dict[str, Any] = {
        "bins": bins,
        "columns": {d: sorted(cs) for d, cs in sorted(columns.items())},
        "bases": sorted(bases),
    }
    name = digest([listed])[:32]
    temporary = folder / f"{TEMPORARY}{os.getpid()}-{name}.parquet"
    con.execute(f"COPY ({query}) TO {text(str(temporary))} (FORMAT parquet, COMPRESSION zstd)")
    temporary.rename(folder / f"{name}.parquet")
    lines = temporary.with_suffix(".json")
    lines.write_text(json.dumps(listed, separators=(",", ":")), encoding="utf-8")
    lines.rename(folder / f"{name}.json")


def lacking(
    files: Sequence[Kept], wanted: Mapping[str, frozenset[str]], basis: str
) -> dict[str, frozenset[str]]:
    """Dimension -> the sums of those wanted that no file holds for a basis; without dimensions where all are."""
    out = dict(wanted)
    for one in files:
        if basis in one.bases:
            out = {d: cs - one.columns.get(d, frozenset()) for d, cs in out.items()}
    return {d: cs for d, cs in out.items() if cs}


def rows(
    con: duckdb.DuckDBPyConnection, file: Kept, wanted: Mapping[str, frozenset[str]], bases: Iterable[str]
) -> Iterator[tuple[str, str, str, int | None, dict[str, Any]]]:
    """Basis, dimension, value, bin and the sums wanted that a file holds by that dimension.

    Raises:
        duckdb.Error: the file has been deleted or is damaged.
    """
    held = {d: cs & file.columns.get(d, frozenset()) for d, cs in wanted.items()}
    held = {d: cs for d, cs in held.items() if cs}
    mine = sorted(file.bases.intersection(bases))
    if not held or not mine:
        return
    columns = sorted(set().union(*held.values()))
    bins = "bin" if file.bins else "NULL"
    everything = len(mine) == len(file.bases)
    chosen = "" if everything else f" AND basis IN (SELECT unnest([{texts(mine)}]))"
    found = con.execute(
        f"SELECT basis, dimension, value, {bins}, {', '.join(map(quote, columns))} "
        f"FROM {parquet_sql([file.file])} WHERE dimension IN ({texts(sorted(held))}){chosen}"
    ).fetchall()
    for basis, dimension, value, at, *sums in found:
        given = zip(columns, sums, strict=True)
        yield basis, dimension, value, at, {c: n for c, n in given if c in held[dimension]}


def tidy(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Bring files of the same sums together, where there have come to be many."""
    files = kept(folder)
    if len(files) <= _MANY:
        return
    alike: dict[str, list[Kept]] = {}
    for one in files:
        shape = json.dumps([one.bins, {d: sorted(cs) for d, cs in sorted(one.columns.items())}])
        alike.setdefault(shape, []).append(one)
    for group in (g for g in alike.values() if len(g) > 1):
        query = f"SELECT * FROM {parquet_sql([k.file for k in group])}"
        bases = set().union(*(k.bases for k in group))
        keep(con, folder, query, group[0].columns, bases, group[0].bins)
        for one in group:
            forget(one.file)
