"""The nation at national scale: made, sent and forgotten month by month, so that memory and disk stay level.

What is still to happen to a month's records is kept in the scratch database and sent when it happens. Deliveries
are Parquet extracts of some forces each; whoever takes one in deletes it before the next is written.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import UTC
from pathlib import Path

import duckdb

from openpeel.engine.declare.records import RecordType
from openpeel.engine.sql import quote
from openpeel.errors import UserError
from openpeel.sources.demo.nation.build import TABLES, all_columns, build, columns_of, tables_for
from openpeel.sources.demo.nation.files import Delivery, quote_path
from openpeel.sources.demo.nation.habits import WAREHOUSE, mapping_of, written_sql
from openpeel.sources.demo.nation.knobs import NATIONAL_MONTHS, NATIONAL_SCALE, Knobs
from openpeel.sources.demo.nation.made import Made
from openpeel.sources.demo.nation.supply import Supply, sent_sql, supplies

#: What the scratch database may keep in memory while somebody else works.
RESTING = "200MB"

#: Forces whose records go into one delivery: more need more memory, fewer more commands.
FORCES_A_DELIVERY = 6


def national_knobs(
    seed: int = 1, story: str = "plain", forces: int = 43, months: int = NATIONAL_MONTHS
) -> Knobs:
    """The knobs of national scale: with all its months, about 50 million incidents."""
    return Knobs(forces, months, NATIONAL_SCALE, seed, story)


def deliveries(
    folder: Path,
    types: dict[str, RecordType],
    knobs: Knobs,
    memory: str = "1500MB",
    progress: Callable[[str], None] = lambda _text: None,
) -> Iterator[Delivery]:
    """Every delivery of the nation, in order; its file is there until the next one is asked for.

    Where the folder holds a nation that was broken off, it goes on with the month in which that was: deliveries of that
    month which were taken in already come once more, and bring nothing new.

    Args:
        folder: for the scratch database and the files; new, empty, or that of the same nation.
        types: the record types that are sent.
        knobs: what nation.
        memory: what making it may use.
        progress: told what is being made.

    Raises:
        UserError: the folder holds another nation, half made.
    """
    folder.mkdir(parents=True, exist_ok=True)
    scratch = folder / "scratch.duckdb"
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory,
        "threads": 2,
        "temp_directory": str(folder / "spill"),
    }
    tables = tables_for([m.name for m in TABLES if m.name in types])
    with closing(duckdb.connect(str(scratch), config=config)) as con:
        done = _done(con, folder, knobs, types)
        for month, supply in list(enumerate(supplies(knobs, every=1)))[done:]:
            progress(f"making {supply.label}, month {month + 1} of {knobs.months}")
            build(con, knobs, [month], progress, tables)
            sent = [m for m in tables if m.name in types]
            for made in sent:
                yield from _of_type(con, folder, made, types[made.name], supply, month == 0)
            _finish(con, [m.name for m in sent if m.monthly], month + 1)
    scratch.unlink()


def _done(con: duckdb.DuckDBPyConnection, folder: Path, knobs: Knobs, types: dict[str, RecordType]) -> int:
    """How many months of the nation have been sent whole."""
    nation = json.dumps([asdict(knobs), sorted(types)])
    con.execute("CREATE TABLE IF NOT EXISTS sent_whole (nation VARCHAR, months INTEGER)")
    found = con.execute("SELECT nation, months FROM sent_whole").fetchall()
    if not found:
        con.execute("INSERT INTO sent_whole VALUES (?, 0)", [nation])
        return 0
    ((held, months),) = found
    if held != nation:
        raise UserError("another nation is half made there", str(folder), "give the same options as before")
    return int(months)


def _finish(con: duckdb.DuckDBPyConnection, names: Sequence[str], months: int) -> None:
    """Put what is ahead in place of what was, and count the month: all of it or nothing."""
    con.execute("BEGIN")
    for name in names:
        con.execute(f"CREATE OR REPLACE TABLE {_waiting(name)} AS FROM {_waiting(name, 'then')}")
    con.execute("UPDATE sent_whole SET months = ?", [months])
    con.execute("COMMIT")
    for name in names:
        con.execute(f"DROP TABLE {_waiting(name, 'then')}")


def _waiting(name: str, when: str = "still") -> str:
    """The table of a record type's rows to which something is yet to happen: as it is, and as it will be then."""
    return quote(f"{when} {name}")


@contextmanager
def _resting(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """While a delivery is taken in, by this process too, the scratch database keeps next to nothing in memory."""
    (at_work,) = con.execute("SELECT current_setting('memory_limit')").fetchall()[0]
    con.execute(f"SET memory_limit = '{RESTING}'")
    try:
        yield
    finally:
        con.execute(f"SET memory_limit = '{at_work}'")


def _of_type(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    made: Made,
    record_type: RecordType,
    supply: Supply,
    first: bool,
) -> Iterator[Delivery]:
    if made.monthly and not first:
        con.execute(f"INSERT INTO {quote(made.name)} BY NAME FROM {_waiting(made.name)}")
    columns = columns_of(con, made, record_type)
    # Lists are made whole each month: at first all of them is sent, later what is new. Whom a month's records name
    # is sent with it, however long they have been known.
    whole = first or (made.monthly and record_type.kind == "reference")
    rows = sent_sql(made, record_type, columns, supply, whole, all_columns(con, made))
    mapping = folder / f"{record_type.id}.toml"
    mapping.write_bytes(mapping_of(WAREHOUSE, record_type, columns, "").encode())
    forces = [r[0] for r in con.execute("SELECT force FROM forces ORDER BY force").fetchall()]
    for at in range(0, len(forces), FORCES_A_DELIVERY):
        listed = ", ".join(f"'{f}'" for f in forces[at : at + FORCES_A_DELIVERY])
        file = folder / f"{record_type.id}-{supply.label}-{at:02d}.parquet"
        sql = written_sql(
            WAREHOUSE, record_type, columns, f"SELECT * FROM ({rows}) WHERE force IN ({listed})"
        )
        count = con.execute(
            f"COPY ({sql}) TO '{quote_path(file)}' (FORMAT parquet, COMPRESSION zstd)"
        ).fetchall()[0][0]
        if count:
            months = "" if record_type.key else supply.first.label
            with _resting(con):
                yield Delivery(record_type.id, mapping, file, supply.sent, count, months)
        file.unlink(missing_ok=True)
    if made.monthly:
        until = f"TIMESTAMP '{supply.until.astimezone(UTC):%Y-%m-%d %H:%M:%S}'"
        ahead = " OR ".join(f"{quote(c)} >= {until}" for c in (record_type.anchor, *made.later))
        then = _waiting(made.name, "then")
        con.execute(f"CREATE OR REPLACE TABLE {then} AS SELECT * FROM {quote(made.name)} WHERE {ahead}")
