"""What an import does with the numbers and names of persons: pseudonyms by the force's key, identities sealed.

Nothing of it is loaded where a supply holds neither.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from openpeel.engine.intake.mapping import HEADING, Mapping, Part
from openpeel.engine.intake.normalise import IDENTITIES, SUPPLIED

if TYPE_CHECKING:
    from openpeel.engine.identity.keys import Keyring


class Persons:
    """The keys that one import needs, opened when the first number of a person comes.

    Args:
        root: the workspace.
        tell: called with a line where a key was made.
    """

    def __init__(self, root: Path, tell: Callable[[str], None]) -> None:
        self._root, self._tell = root, tell
        self._ring: Keyring | None = None
        self._forces: set[str] = set()

    def list_keys(
        self, con: duckdb.DuckDBPyConnection, mapping: Mapping, parts: Sequence[tuple[int, Part]]
    ) -> None:
        """Put the keys of the forces whose rows hold numbers of persons where ``normalise`` finds them.

        Raises:
            UserError: a key is not at hand, or not the one that the force's pseudonyms were made with.
        """
        needed = set().union(*(_forces(mapping, part) for _, part in parts)) - {""}
        if needed <= self._forces:
            return
        from openpeel.engine.identity import keys

        self._forces |= needed
        ring = self._open()
        keys.list_keys(con, [ring.keys(force) for force in sorted(self._forces)])

    def fingerprints(self) -> dict[str, str]:
        """Force -> fingerprint of the key its pseudonyms were made with."""
        known = self._open().forces() if self._forces else {}
        return {force: known[force] for force in sorted(self._forces)}

    def news(self, con: duckdb.DuckDBPyConnection, mapping: Mapping) -> frozenset[str]:
        """The forces of whose persons the supply says anything that is not sealed yet."""
        found = self._rows(con, mapping)
        if not found:
            return frozenset()
        from openpeel.engine.identity.store import SealedStore

        store = SealedStore(self._root, self._open())
        return frozenset(force for force, rows in found.items() if store.has_news(force, rows))

    def seal(self, con: duckdb.DuckDBPyConnection, mapping: Mapping, intake: str) -> None:
        """Seal the identities of the rows that were accepted, before the generation is put in place."""
        found = self._rows(con, mapping)
        if not found:
            return
        from openpeel.engine.identity.store import SealedStore

        store = SealedStore(self._root, self._open())
        for force, rows in found.items():
            store.write(force, intake, rows)

    def _open(self) -> Keyring:
        from openpeel.engine.identity.keys import open_keyring

        if self._ring is None:
            self._ring = open_keyring(self._root, self._tell)
        return self._ring

    def _rows(self, con: duckdb.DuckDBPyConnection, mapping: Mapping) -> dict[str, pa.Table]:
        """Force -> what is to be sealed of it."""
        if not mapping.type.identities():
            return {}
        from openpeel.engine.identity.store import sealed_rows_sql
        from openpeel.engine.sql import text

        accepted = f"(SELECT * FROM {IDENTITIES} SEMI JOIN {SUPPLIED} USING (part, row))"
        forces = con.execute(f"SELECT DISTINCT force FROM {accepted} ORDER BY force").fetchall()
        return {
            force: con.sql(
                sealed_rows_sql(mapping.type, f"(SELECT * FROM {accepted} WHERE force = {text(force)})")
            ).to_arrow_table()
            for (force,) in forces
        }


def _forces(mapping: Mapping, part: Part) -> set[str]:
    """The forces of a part if it holds numbers of persons."""
    names = [c.name for c in mapping.type.columns if c.personal == "pseudonym"]
    columns = [*names, *(HEADING + h for n in names for h in mapping.rule(n).headings())]
    held = [
        c for c in columns if c in part.table.column_names and part.table[c].null_count < part.table.num_rows
    ]
    if not held and not any(mapping.rule(n).constant for n in names):
        return set()
    if part.force:
        return {part.force}
    return {f for f in pc.unique(part.table["force"]).to_pylist() if f}
