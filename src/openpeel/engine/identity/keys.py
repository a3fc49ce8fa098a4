"""The keyring: where the keys of the forces lie, and the pseudonyms made with them.

The keys lie outside the workspace, so that a copy of it, or a part of it that is passed on, gives
nobody's number away. The workspace holds the keyring's id and each key's fingerprint alone: a wrong
key, or a new one where there was one, would make two persons of one, and is refused.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
import os
import re
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from openpeel.engine.connection import insert_rows
from openpeel.engine.identity.keyfile import (
    ForceKeys,
    add_keys,
    new_keys,
    read_keys,
    replace_keys,
)
from openpeel.engine.identity.place import IDENTITIES, KEYRING
from openpeel.engine.intake.disk import LOCK, json_bytes, make_folder, put_file
from openpeel.engine.intake.pseudonyms import KEYS
from openpeel.errors import UserError

#: What an intake's manifest calls the fingerprints of the keys its pseudonyms were made with.
IN_MANIFEST = "pseudonym_keys"
#: Names the folder of all keyrings in place of the one below the user's settings.
VARIABLE = "OPENPEEL_KEYS"

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_BLOCK = 64
#: What intake takes off a text at both ends.
_SPACES = " \t\n\r\u00a0\ufeff"


@dataclass(frozen=True)
class _Record:
    """What the workspace holds of its keyring: its id, and force -> fingerprint."""

    id: str
    forces: dict[str, str] = field(default_factory=dict)


class Keyring:
    """The keys of the forces of one workspace; ``open_keyring`` gives one.

    Args:
        root: the workspace.
        base: folder of all keyrings.
        tell: called with a sentence when a key was made, for the user to read.
    """

    def __init__(self, root: Path, base: Path, tell: Callable[[str], None] | None = None) -> None:
        self.root, self.base = root, base
        self._tell = tell or (lambda _text: None)

    def forces(self) -> dict[str, str]:
        """Every force that has a key, and the key's fingerprint."""
        record = _read_record(self.root)
        return dict(record.forces) if record else {}

    def file(self, force: str) -> Path:
        """The key file of a force.

        Raises:
            UserError: the workspace has no keyring yet, or nothing can be kept under such a name.
        """
        record = _read_record(self.root)
        if record is None:
            raise UserError("has no keyring", str(self.root), "import records that carry pseudonyms first")
        return self._file(record, force)

    def _file(self, record: _Record, force: str) -> Path:
        if not _NAME.fullmatch(force):
            raise UserError(f"no key can be kept for a force called `{force}`", do="see the register")
        return self.base / record.id / f"{force}.key"

    def keys(self, force: str, make: bool = True) -> ForceKeys:
        """The keys of a force, as they stand now.

        Args:
            force: the force.
            make: whether to make keys for a force that never had any.

        Raises:
            UserError: the key is not there, damaged, open to others, or not the one the force's
                pseudonyms were made with; or there is none and none is to be made.
        """
        known = self.forces().get(force)
        if known is None and not make:
            raise UserError(f"there is no key of {force}", do="nothing of it carries pseudonyms here")
        if known is None:
            return self._first(force)
        keys = read_keys(self.file(force), force)
        if keys.id != known:
            raise UserError(
                f"is key {keys.id}; the pseudonyms of {force} were made with {known}",
                str(self.file(force)),
                "bring that key back from its backup",
            )
        return keys

    def _first(self, force: str) -> ForceKeys:
        """The keys of a force that has none yet; of two processes at once, one makes them."""
        with _locked(self.root):
            record = _read_record(self.root)
            if record is None:
                # Before the first key: a kill from here on leaves a key that will be found again.
                record = _Record(uuid.uuid4().hex)
                _write_record(self.root, record)
            if force not in record.forces:
                file = self._file(record, force)
                if not file.exists() and add_keys(file, new_keys(force)):
                    self._tell(
                        f"made a key for {force}: {file}; back it up, apart from the workspace: without it no "
                        "later record can be told to be of the same person"
                    )
                _write_record(
                    self.root, _Record(record.id, record.forces | {force: read_keys(file, force).id})
                )
        return self.keys(force, make=False)

    def renew_sealing_key(self, force: str) -> ForceKeys:
        """Give a force another sealing key; the one so far stays at hand until ``drop_older_keys``."""
        keys = self.keys(force, make=False).with_new_sealing_key()
        replace_keys(self.file(force), keys)
        return keys

    def drop_older_keys(self, force: str) -> None:
        """Forget the sealing keys that nothing is sealed with any more."""
        keys = self.keys(force, make=False)
        if keys.older_sealing_keys:
            replace_keys(
                self.file(force),
                ForceKeys(keys.force, keys.made_at, keys.pseudonym_key, keys.sealing_key),
            )


def open_keyring(root: Path, tell: Callable[[str], None] | None = None) -> Keyring:
    """The keyring of a workspace.

    Args:
        root: the workspace.
        tell: called with a sentence when a key was made, for the user to read.

    Raises:
        UserError: the keys would lie inside the workspace, or the workspace has lost the file that
            says which keyring is its own.
    """
    base = _base()
    inside, place = Path(os.path.realpath(base)), Path(os.path.realpath(root))
    if inside == place or place in inside.parents:
        raise UserError(
            "keys inside the workspace would leave it with every copy",
            str(base),
            f"set {VARIABLE} to a folder outside",
        )
    if _read_record(root) is None and (lost := _carries_pseudonyms(root)):
        raise UserError(
            f"is missing, and intake {lost} made pseudonyms",
            str(root / IDENTITIES / KEYRING),
            "restore it from a copy",
        )
    return Keyring(root, base, tell)


def _base() -> Path:
    """The folder of all keyrings."""
    said = os.environ.get(VARIABLE, "")
    if said:
        base = Path(said).expanduser()
        if not base.is_absolute():
            # It would mean another folder wherever the command is given.
            raise UserError(f"`{said}` is not a whole path", VARIABLE, "begin it with /")
        return base
    settings = os.environ.get("XDG_CONFIG_HOME", "")
    config = Path(settings) if Path(settings).is_absolute() else Path.home() / ".config"
    return config / "openpeel" / "keys"


def _carries_pseudonyms(root: Path) -> str:
    """An intake whose manifest says that it made pseudonyms, if there is one."""
    for file in sorted((root / "intake").glob("*/manifest.json")):
        try:
            manifest = json.loads(file.read_bytes())
        except (ValueError, OSError):
            continue
        if isinstance(manifest, dict) and manifest.get(IN_MANIFEST):
            return file.parent.name
    return ""


def _read_record(root: Path) -> _Record | None:
    file = root / IDENTITIES / KEYRING
    try:
        data = json.loads(file.read_bytes())
        record = _Record(str(data["keyring"]), {str(f): str(i) for f, i in data["forces"].items()})
        if _NAME.fullmatch(record.id):
            return record
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        pass
    raise UserError("is damaged", str(file), "restore it from a copy")


def _write_record(root: Path, record: _Record) -> None:
    put_file(root / IDENTITIES / KEYRING, json_bytes({"keyring": record.id, "forces": record.forces}))


@contextmanager
def _locked(root: Path) -> Iterator[None]:
    """Keep other processes from writing which keys a workspace has."""
    make_folder(root / IDENTITIES)
    with (root / IDENTITIES / LOCK).open("a+b") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def pseudonym(keys: ForceKeys, stands_for: str, value: str) -> str:
    """What takes the place of a person's number: a keyed hash, 32 hexadecimal figures.

    Equal values give equal pseudonyms only under one key and where they stand for the same.

    Args:
        keys: the keys of the force whose number it is.
        stands_for: what the column stands for, such as ``person``.
        value: the number; white space round it does not count, case does.
    """
    message = f"{stands_for}\x1f{value.strip(_SPACES)}".encode()
    return hmac.new(keys.pseudonym_key, message, hashlib.sha256).hexdigest()[:32]


def padded(key: bytes) -> tuple[bytes, bytes]:
    """The inner and the outer block of HMAC-SHA256 for a key of at most one block."""
    block = key.ljust(_BLOCK, b"\0")
    return bytes(b ^ 0x36 for b in block), bytes(b ^ 0x5C for b in block)


def list_keys(con: duckdb.DuckDBPyConnection, keys: Iterable[ForceKeys]) -> None:
    """Put the keys where ``pseudonym_sql`` finds them; they never stand in the text of a query."""
    con.execute(f"CREATE OR REPLACE TEMP TABLE {KEYS} (force VARCHAR, _inner BLOB, _outer BLOB)")
    insert_rows(con, KEYS, [(k.force, *padded(k.pseudonym_key)) for k in keys])


def forget_keys(con: duckdb.DuckDBPyConnection) -> None:
    """Take them away again."""
    con.execute(f"DROP TABLE IF EXISTS {KEYS}")
