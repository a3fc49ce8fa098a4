"""What a workspace holds now: the rows of the newest generation, as known on a day."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pyarrow as pa

from openpeel.engine import clock
from openpeel.engine.connection import connect
from openpeel.engine.declare.records import RecordType
from openpeel.engine.intake import generations
from openpeel.engine.intake.generations import View
from openpeel.engine.intake.packs import rows_sql
from openpeel.engine.sql import quote

#: A force and a month number.
Place = tuple[str, int]


def held_rows(
    root: Path, record_type: RecordType, columns: Collection[str], as_at: date | None = None
) -> pa.Table:
    """Some columns of all rows of a type.

    Args:
        root: the workspace.
        record_type: the type.
        columns: stored columns.
        as_at: the day whose knowledge is used; today if not stated.

    Raises:
        UserError: the workspace cannot be read.
    """
    generation, pin = generations.open_newest(root)
    with closing(pin), closing(connect()) as con:
        entries = _known(generation, as_at).of(record_type.id)
        return con.sql(rows_sql(root, record_type, entries, ", ".join(map(quote, columns)))).to_arrow_table()


def held_by_place(
    root: Path, types: Collection[RecordType], column: str, places: Collection[Place]
) -> Iterator[tuple[Place, list[pa.Array]]]:
    """One column of several types, force by force and month by month, where every type was supplied.

    Only one force and month is in memory at a time. What is used is known today.

    Args:
        root: the workspace.
        types: the record types.
        column: a stored column that all of them have.
        places: the forces and months asked for.

    Yields:
        the force and month, and the column's values of each type, in the order of the types.

    Raises:
        UserError: the workspace cannot be read.
    """
    generation, pin = generations.open_newest(root)
    with closing(pin), closing(connect()) as con:
        known = _known(generation, None)
        for force, month in sorted(places):
            entries = [known.get(t.id, force, month) for t in types]
            found = [e for e in entries if e]
            if len(found) < len(entries):
                continue
            queries = [rows_sql(root, t, [e], quote(column)) for t, e in zip(types, found, strict=True)]
            yield (
                (force, month),
                [con.sql(q).to_arrow_table()[column].combine_chunks() for q in queries],
            )


def _known(generation: generations.Generation, as_at: date | None) -> View:
    return generations.view(generation, generations.Vintage(as_at or clock.now().date()))
