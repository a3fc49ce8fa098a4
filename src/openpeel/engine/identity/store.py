"""The sealed store: names, birth dates and addresses, encrypted for each force, for matching alone.

It stands beside the snapshots and takes no part in their ids. One file an intake; of two intakes that
say something of one person, the one known last holds, column by column. Nothing of an identity is ever
part of an error, a note or a progress line.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from openpeel.engine.connection import connect
from openpeel.engine.declare.records import Column, RecordType
from openpeel.engine.identity.keys import Keyring
from openpeel.engine.identity.place import ENDING, IDENTITIES
from openpeel.engine.identity.sealed import read_header, seal, unseal
from openpeel.engine.intake import generations
from openpeel.engine.intake.disk import make_folder, put_file, writer_lock
from openpeel.engine.sql import quote, text
from openpeel.errors import UserError

#: What every sealed row holds beside its identities.
TYPE, PSEUDONYM = "type", "pseudonym"
_OWN = (TYPE, PSEUDONYM)
_RANK = "_rank"
_ROWS_AN_INTAKE = 10**10


def subject(record_type: RecordType) -> Column:
    """The pseudonym that the identities of a type are kept under: that of its key, else its first.

    Raises:
        UserError: it has none.
    """
    found = [c for c in record_type.columns if c.personal == "pseudonym"]
    if not found:
        raise UserError("has no pseudonym to keep identities under", record_type.id, "declare one")
    return next((c for c in found if c.name in record_type.key), found[0])


def sealed_rows_sql(record_type: RecordType, source: str) -> str:
    """SQL for the rows to be sealed: type, pseudonym, and each identity as a text.

    Args:
        record_type: a type with identities.
        source: a table of typed rows that holds the identities, too.
    """
    identities = record_type.identities()
    columns = [f"CAST({quote(c.name)} AS VARCHAR) AS {quote(c.name)}" for c in identities]
    known = " OR ".join(f"{quote(c.name)} IS NOT NULL" for c in identities)
    pseudonym = quote(subject(record_type).name)
    return (
        f"SELECT {text(record_type.id)} AS {TYPE}, {pseudonym} AS {PSEUDONYM}, {', '.join(columns)} "
        f"FROM {source} WHERE {pseudonym} IS NOT NULL AND ({known})"
    )


@dataclass(frozen=True)
class Sealed:
    """What can be said of a force's sealed files without any key: files and rows in them."""

    files: int
    rows: int


class SealedStore:
    """The sealed identities of a workspace.

    Args:
        root: the workspace.
        keyring: where its keys are.
    """

    def __init__(self, root: Path, keyring: Keyring) -> None:
        self.root, self.keyring = root, keyring

    def forces(self) -> list[str]:
        """The forces of which anything is sealed."""
        return sorted({f.parent.name for f in (self.root / IDENTITIES).glob(f"*/*{ENDING}")})

    def counts(self, force: str) -> Sealed:
        """How much is sealed of a force; no key is needed.

        Raises:
            UserError: a file is not a sealed file.
        """
        headers = [read_header(file) for _, file in self._files(force)]
        return Sealed(len(headers), sum(h.rows for h in headers))

    def write(self, force: str, intake: str, rows: pa.Table) -> int:
        """Seal what an intake brought, before its generation is put in place; under the writer lock.

        Args:
            force: whose rows they are.
            intake: the intake's id.
            rows: ``type``, ``pseudonym`` and the identities as texts.

        Returns:
            the number of rows sealed; rows of which nothing is known, or no pseudonym, are not.

        Raises:
            UserError: the key is not at hand, or the disk cannot be written to.
        """
        rows = _worth_sealing(rows)
        if not rows.num_rows:
            return 0
        keys = self.keyring.keys(force)
        folder = self.root / IDENTITIES / force
        make_folder(folder)
        content = seal(rows, force, intake, keys.sealing_id, keys.sealing_key)
        put_file(folder / f"{intake}{ENDING}", content)
        return int(rows.num_rows)

    def read(self, force: str) -> pa.Table:
        """What is known of each person of a force: one row for each type and pseudonym.

        Of intakes that no generation knows nothing is read. A blank does not take a value away.

        Raises:
            UserError: the key is not at hand, or a file is damaged.
        """
        ranks = _ranks(self.root)
        found = [(ranks[i], self._open(force, i, f)) for i, f in self._files(force) if i in ranks]
        tables = [_with_rank(rows, rank) for rank, rows in found]
        if not tables:
            return pa.table({n: pa.array([], pa.string()) for n in _OWN})
        with closing(connect()) as con:
            return _newest(con, pa.concat_tables(tables, promote_options="default"))

    def has_news(self, force: str, rows: pa.Table) -> bool:
        """Whether some rows say anything that the store does not say already.

        Snapshots hold no identities, so a supply that changes nothing else leaves every snapshot as it was.

        Raises:
            UserError: as for ``read``.
        """
        rows = _worth_sealing(rows)
        if not rows.num_rows:
            return False
        held = self.read(force)
        names = [n for n in rows.column_names if n not in _OWN]
        for name in names:
            if name not in held.column_names:
                held = held.append_column(name, pa.nulls(held.num_rows, pa.string()))
        differ = " OR ".join(
            f"(s.{quote(n)} IS NOT NULL AND s.{quote(n)} IS DISTINCT FROM h.{quote(n)})" for n in names
        )
        with closing(connect()) as con:
            con.register("said", rows)
            con.register("held", held)
            query = f"SELECT 1 FROM said s LEFT JOIN held h USING ({', '.join(_OWN)}) WHERE {differ} LIMIT 1"
            return con.execute(query).fetchone() is not None

    def remove(self, force: str, pseudonyms: Iterable[str], record_type: str = "") -> int:
        """Take identities out of every file of a force; under the writer lock.

        Args:
            force: the force.
            pseudonyms: whose identities.
            record_type: of which type alone; else of every type.

        Returns:
            the number of rows that left.

        Raises:
            UserError: the key is not at hand, or a file is damaged; then nothing has left.
        """
        return self._without(force, pseudonyms, record_type, write=True)

    def held(self, force: str, pseudonyms: Iterable[str], record_type: str = "") -> int:
        """How many rows ``remove`` would take out."""
        return self._without(force, pseudonyms, record_type, write=False)

    def _without(self, force: str, pseudonyms: Iterable[str], record_type: str, write: bool) -> int:
        wanted = pa.array(sorted(set(pseudonyms)), pa.string())
        changed: list[tuple[str, Path, pa.Table]] = []
        gone = 0
        for intake, file in self._files(force) if len(wanted) else ():
            rows = self._open(force, intake, file)
            leaves = pc.is_in(rows[PSEUDONYM], value_set=wanted)
            if record_type:
                leaves = pc.and_(leaves, pc.equal(rows[TYPE], record_type))
            stays = rows.filter(pc.invert(leaves))
            if stays.num_rows < rows.num_rows:
                gone += rows.num_rows - stays.num_rows
                changed.append((intake, file, stays))
        if write:
            for intake, file, stays in changed:
                self._replace(force, intake, file, stays)
        return gone

    def _replace(self, force: str, intake: str, file: Path, rows: pa.Table) -> None:
        if rows.num_rows:
            keys = self.keyring.keys(force, make=False)
            put_file(file, seal(rows, force, intake, keys.sealing_id, keys.sealing_key))
        else:
            file.unlink(missing_ok=True)

    def reseal(self, force: str) -> int:
        """Seal everything of a force with a new key.

        The old key stays in the key file until no file needs it, so that a kill half-way loses nothing:
        whatever was sealed with an older key is sealed anew the next time.

        Returns:
            the number of files sealed anew.

        Raises:
            UserError: the key is not at hand, or a file is damaged; the old key then stays.
        """
        with writer_lock(self.root):
            for intake, file in self._files(force):
                self._open(force, intake, file)  # a file that does not open must be seen before, not half-way
            self.keyring.renew_sealing_key(force)
            done = self.reseal_older(force)
            self.keyring.drop_older_keys(force)
        return done

    def reseal_older(self, force: str) -> int:
        """Seal with the newest key what an older one sealed; only under the writer lock."""
        newest = self.keyring.keys(force, make=False).sealing_id
        older = [(i, f) for i, f in self._files(force) if read_header(f).key != newest]
        for intake, file in older:
            self._replace(force, intake, file, self._open(force, intake, file))
        return len(older)

    def _files(self, force: str) -> list[tuple[str, Path]]:
        found = sorted((self.root / IDENTITIES / force).glob(f"[!.]*{ENDING}"))
        return [(file.name.removesuffix(ENDING), file) for file in found]

    def _open(self, force: str, intake: str, file: Path) -> pa.Table:
        return unseal(file, force, intake, self.keyring.keys(force, make=False).sealing_keys())


def _worth_sealing(rows: pa.Table) -> pa.Table:
    names = [n for n in rows.column_names if n not in _OWN]
    keep = pc.is_valid(rows[PSEUDONYM])
    known = pa.chunked_array([pa.array([False] * rows.num_rows)])
    for name in names:
        known = pc.or_(known, pc.is_valid(rows[name]))
    return rows.filter(pc.and_(keep, known))


def _ranks(root: Path) -> dict[str, int]:
    """The intakes that the newest generation knows, in the order in which they hold."""
    generation = generations.newest(root)
    said = [(g.intake, g.known_from) for g in generation.gone]
    said += [(e.intake, e.known_from) for e in generation.entries]
    known = {intake: (day, number) for number, (intake, day) in enumerate(said)}
    order = sorted(known, key=lambda i: known[i])
    return {intake: rank for rank, intake in enumerate(order)}


def _with_rank(rows: pa.Table, rank: int) -> pa.Table:
    first = rank * _ROWS_AN_INTAKE
    return rows.append_column(_RANK, pa.array(range(first, first + rows.num_rows), pa.int64()))


def _newest(con: duckdb.DuckDBPyConnection, rows: pa.Table) -> pa.Table:
    """The value known last of each person and column."""
    names = [n for n in rows.column_names if n not in (*_OWN, _RANK)]
    last = ", ".join(
        f"arg_max({quote(n)}, {_RANK}) FILTER ({quote(n)} IS NOT NULL) AS {quote(n)}" for n in names
    )
    con.register("sealed_rows", rows)
    return con.sql(
        f"SELECT {TYPE}, {PSEUDONYM}, {last} FROM sealed_rows GROUP BY ALL ORDER BY {TYPE}, {PSEUDONYM}"
    ).to_arrow_table()
