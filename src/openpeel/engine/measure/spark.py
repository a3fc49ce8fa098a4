"""Cubes on a Spark cluster: the same query as DuckDB's, written for Spark by sqlglot.

The records are read where they lie, by the paths of a workspace that every worker can reach; only the cube, which is
small, comes back. What is taken from it, kept, and made into figures is the same for both engines.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import sqlglot
from sqlglot import exp

from openpeel.engine.declare.records import RecordType
from openpeel.engine.declare.serial import digest
from openpeel.engine.derive import layer
from openpeel.engine.derive.layer import Scan
from openpeel.engine.intake.generations import Entry
from openpeel.engine.intake.packs import rows_sql
from openpeel.engine.measure.cubes import Cube, cube_sql
from openpeel.engine.measure.scan import widths
from openpeel.engine.sql import quote
from openpeel.errors import UserError

#: Without these Spark would give other answers than DuckDB, or let a number that is too large pass for another.
_MUST = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.parquet.inferTimestampNTZ.enabled": "false",
    "spark.sql.caseSensitive": "true",
}
#: Only what a setting does not say otherwise: everything stays on this machine, and shows no page of its own.
_UNLESS_SAID = {
    "spark.ui.enabled": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.sql.shuffle.partitions": "16",
    "spark.ui.showConsoleProgress": "false",
}


class Spark:
    """Cubes made by Spark.

    Args:
        root: the workspace, at the same path for all workers.
        master: the cluster, such as ``spark://host:7077`` or ``local[2]``; blank: the one the session is started in.
        settings: Spark's own settings.
    """

    def __init__(self, root: Path, master: str = "", settings: Mapping[str, str] | None = None) -> None:
        self.root, self.master, self.settings = root.resolve(), master, dict(settings or {})
        self._session: Any = None

    def cubes(
        self, con: duckdb.DuckDBPyConnection, asked: Mapping[str, Cube], columns: Sequence[str], scan: Scan
    ) -> None:
        """See ``scan.Engine``.

        Raises:
            UserError: Spark is not there, or cannot do it.
        """
        session = self.session()

        def rows(of: RecordType, held: Sequence[Entry]) -> str:
            return f"SELECT * FROM {self._view(con, of, held)}"

        query = layer.layer_sql(con, scan, columns, rows)
        try:
            worked_out = session.sql(for_spark(query)).persist()
            worked_out.createOrReplaceTempView("worked_out")
            found = {t: session.sql(for_spark(cube_sql(c, "worked_out"))).toArrow() for t, c in asked.items()}
            worked_out.unpersist()
        except Exception as error:
            if not type(error).__module__.startswith(("pyspark", "py4j")):
                raise
            raise UserError(
                f"Spark cannot count it ({str(error).splitlines()[0][:200]})", scan.type.id,
                'look at the cluster, or write engine = "duckdb" into openpeel.toml',
            ) from None  # fmt: skip
        for table, cube in found.items():
            con.register("from_spark", cube)
            con.execute(f"CREATE OR REPLACE TEMP TABLE {quote(table)} AS SELECT * FROM from_spark")
            con.unregister("from_spark")

    def widths(
        self, con: duckdb.DuckDBPyConnection, columns: Iterable[str], scan: Scan
    ) -> Mapping[str, float]:
        """See ``scan.Engine``: what is declared; to look at the records would be a job of its own."""
        return widths(scan.type)

    def session(self) -> Any:
        """The session, begun when it is first needed.

        Raises:
            UserError: PySpark is not installed, or no session can be had.
        """
        if self._session is None:
            self._session = _session(self.master, self.settings)
        return self._session

    def stop(self) -> None:
        """Let the session go."""
        if self._session is not None:
            self._session.stop()
            self._session = None

    def _view(self, con: duckdb.DuckDBPyConnection, record_type: RecordType, entries: Sequence[Entry]) -> str:
        """A view of the stored rows of some snapshots, of one name here and there."""
        packs = {e.snapshot: e.pack for e in sorted(entries, key=lambda e: e.pack) if e.pack}
        name = f"rows_{digest([record_type.id, sorted(packs.items())])[:20]}"
        con.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {rows_sql(self.root, record_type, entries)}")
        self._spark_view(name, record_type, packs)
        return name

    def _spark_view(self, name: str, record_type: RecordType, packs: Mapping[str, str]) -> None:
        """The same rows in Spark: exactly the files that the entries name, each snapshot from its own."""
        from pyspark.sql import functions as f

        session = self.session()
        columns = {n: _TYPES[of] for n, of in [*record_type.stored(), *_BESIDE]}
        out = session.createDataFrame([], ", ".join(f"`{n}` {of}" for n, of in columns.items()))
        for pack in sorted(set(packs.values())):
            wanted = session.createDataFrame([(s,) for s, p in packs.items() if p == pack], "snapshot string")
            held = session.read.parquet(str(self.root / "records" / pack))
            # Columns of later editions than a pack's own are unknown in it.
            there = {n: f.col(f"`{n}`") if n in held.columns else f.lit(None) for n in columns}
            cast = [there[n].cast(of).alias(n) for n, of in columns.items()]
            out = out.unionByName(held.select(cast).join(f.broadcast(wanted), "snapshot", "left_semi"))
        out.createOrReplaceTempView(name)


#: Functions that sqlglot does not know, by their names here and there.
_NAMES = {"EPOCH_US": "UNIX_MICROS"}
#: What packs hold beside the stored columns.
_BESIDE = (("month", "INTEGER"), ("snapshot", "VARCHAR"), ("row_hash", "VARCHAR"), ("occurrence", "BIGINT"))
_TYPES = {
    "VARCHAR": "STRING",
    "BIGINT": "BIGINT",
    "INTEGER": "INT",
    "DECIMAL(18,6)": "DECIMAL(18,6)",
    "BOOLEAN": "BOOLEAN",
    "DATE": "DATE",
    "TIMESTAMP": "TIMESTAMP",
}


def for_spark(query: str) -> str:
    """A query of ours in Spark's words.

    Instants are stored without a zone and mean UTC, which Spark's session is set to; so its TIMESTAMP is meant
    wherever DuckDB's is.
    """
    tree = sqlglot.parse_one(query, read="duckdb")
    for literal in list(tree.find_all(exp.DataType)):
        if literal.this in (exp.DataType.Type.TIMESTAMPNTZ, exp.DataType.Type.TIMESTAMP):
            literal.set("this", exp.DataType.Type.TIMESTAMPTZ)
    for call in list(tree.find_all(exp.Anonymous)):
        if call.name.upper() in _NAMES:
            call.set("this", _NAMES[call.name.upper()])
    return tree.sql(dialect="spark")


def _session(master: str, settings: Mapping[str, str]) -> Any:
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise UserError(
            "the engine is pyspark, which is not installed", "openpeel.toml",
            'install openpeel[spark], or write engine = "duckdb"',
        ) from None  # fmt: skip
    builder = SparkSession.builder.appName("openpeel")
    if master:
        builder = builder.master(master)
    for key, value in {**_UNLESS_SAID, **settings, **_MUST}.items():
        builder = builder.config(key, value)
    try:
        return builder.getOrCreate()
    except Exception as error:
        raise UserError(
            f"no Spark session can be had ({str(error).splitlines()[0][:200]})", "openpeel.toml",
            "check spark_master, and that Java 17 or later is there",
        ) from None  # fmt: skip
