"""Making the tables of the nation, in the order in which they hang on each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import duckdb

from openpeel.engine.declare.records import RecordType
from openpeel.engine.sql import quote
from openpeel.sources.demo.nation import contact, incidents
from openpeel.sources.demo.nation.knobs import Knobs
from openpeel.sources.demo.nation.made import Made
from openpeel.sources.demo.nation.stage import set_stage

#: Every table, each after those it reads.
TABLES: tuple[Made, ...] = (*contact.TABLES, *incidents.TABLES)


def scratch(memory: str = "3GB", threads: int = 2) -> duckdb.DuckDBPyConnection:
    """A database in memory to make a nation in."""
    return duckdb.connect(config={"memory_limit": memory, "threads": threads})


def build(
    con: duckdb.DuckDBPyConnection,
    knobs: Knobs,
    months: Sequence[int] = (),
    progress: Callable[[str], None] = lambda _text: None,
) -> None:
    """Make every table of the nation, or of some of its months.

    Args:
        con: the scratch database.
        knobs: what nation.
        months: indexes of the months to make; all of them if empty. Tables that are made once are made again.
        progress: called with each table's name.
    """
    set_stage(con, knobs, months)
    for made in TABLES:
        progress(made.name)
        con.execute(f"CREATE OR REPLACE TABLE {quote(made.name)} AS {made.sql}")


def columns_of(con: duckdb.DuckDBPyConnection, made: Made, record_type: RecordType) -> list[str]:
    """The declared columns that a table holds, in declared order."""
    held = {row[0] for row in con.execute(f"DESCRIBE {quote(made.name)}").fetchall()}
    return [c.name for c in record_type.columns if c.name in held]
