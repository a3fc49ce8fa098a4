"""The key file of a force: two random keys, readable by its owner alone, written all or nothing."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
import secrets
import stat
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from openpeel.engine import clock
from openpeel.engine.intake.disk import TEMPORARY, fsync_folder, json_bytes, put_made
from openpeel.errors import UserError

#: Length of every key, in bytes.
KEY_BYTES = 32
_NOT_OURS = stat.S_IRWXG | stat.S_IRWXO


def fingerprint(use: str, key: bytes) -> str:
    """A short name for a key that gives nothing of it away.

    Args:
        use: what the key is for; the same key has another name for another use.
        key: the key.
    """
    return hashlib.sha256(f"openpeel {use}\x1f".encode() + key).hexdigest()[:8]


@dataclass(frozen=True)
class ForceKeys:
    """The keys of one force. Its text form shows none of them.

    Attributes:
        force: the force.
        made_at: when they were made, ISO, UTC.
        pseudonym_key: what its pseudonyms are made with; never changes within a workspace.
        sealing_key: what its identities are sealed with from now on.
        older_sealing_keys: what some of its files may still be sealed with; newest last.
    """

    force: str
    made_at: str
    pseudonym_key: bytes = field(repr=False)
    sealing_key: bytes = field(repr=False)
    older_sealing_keys: tuple[bytes, ...] = field(default=(), repr=False)

    @property
    def id(self) -> str:
        """The fingerprint of the pseudonym key: that of the force, as long as its pseudonyms hold."""
        return fingerprint("pseudonym key", self.pseudonym_key)

    @property
    def sealing_id(self) -> str:
        """The fingerprint of the sealing key."""
        return fingerprint("sealing key", self.sealing_key)

    def sealing_keys(self) -> dict[str, bytes]:
        """Every sealing key at hand, by its fingerprint."""
        return {fingerprint("sealing key", k): k for k in (*self.older_sealing_keys, self.sealing_key)}

    def with_new_sealing_key(self) -> ForceKeys:
        """The same with another sealing key; the one so far becomes an older one."""
        new = secrets.token_bytes(KEY_BYTES)
        while fingerprint("sealing key", new) in self.sealing_keys():
            new = secrets.token_bytes(KEY_BYTES)
        return replace(self, sealing_key=new, older_sealing_keys=(*self.older_sealing_keys, self.sealing_key))


def new_keys(force: str) -> ForceKeys:
    """New random keys."""
    pseudonym, sealing = secrets.token_bytes(KEY_BYTES), secrets.token_bytes(KEY_BYTES)
    return ForceKeys(force, clock.now().isoformat(), pseudonym, sealing)


def read_keys(file: Path, force: str) -> ForceKeys:
    """Read a key file.

    Raises:
        UserError: it is missing, may be read by others, is damaged, or is that of another force.
    """
    try:
        with file.open("rb") as stream:
            mode = os.fstat(stream.fileno()).st_mode
            content = stream.read()
    except FileNotFoundError:
        raise UserError(
            f"the key of {force} is not there",
            str(file),
            "bring it back from its backup, or set OPENPEEL_KEYS",
        ) from None
    except OSError as error:
        raise UserError(
            f"the key cannot be read ({error.strerror})", str(file), "see who may read it"
        ) from None
    if mode & _NOT_OURS:
        raise UserError("the key may be read by others than its owner", str(file), "chmod 600 it")
    keys = _from_bytes(content, file)
    if keys.force != force:
        raise UserError(f"is not the key of {force}", str(file), "bring the right one back from its backup")
    return keys


def _from_bytes(content: bytes, file: Path) -> ForceKeys:
    try:
        data = json.loads(content)
        keys = ForceKeys(
            str(data["force"]),
            str(data["made_at"]),
            _key(data["pseudonym_key"]),
            _key(data["sealing_key"]),
            tuple(_key(k) for k in data["older_sealing_keys"]),
        )
        if data["id"] == keys.id:
            return keys
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, binascii.Error):
        pass  # what is wrong with it might show a part of a key
    raise UserError("the key file is damaged", str(file), "bring it back from its backup")


def _key(text: Any) -> bytes:
    key = base64.b64decode(text, validate=True)
    if len(key) != KEY_BYTES:
        raise ValueError
    return key


def _bytes(keys: ForceKeys) -> bytes:
    def shown(key: bytes) -> str:
        return base64.b64encode(key).decode()

    return json_bytes({
        "force": keys.force,
        "made_at": keys.made_at,
        "id": keys.id,
        "pseudonym_key": shown(keys.pseudonym_key),
        "sealing_key": shown(keys.sealing_key),
        "older_sealing_keys": [shown(k) for k in keys.older_sealing_keys],
    })  # fmt: skip


def add_keys(file: Path, keys: ForceKeys) -> bool:
    """Write a new key file; says whether it was written, since another process may have been quicker.

    Raises:
        UserError: it cannot be written.
    """
    try:
        for folder in (file.parent.parent, file.parent):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        temporary = _written(file, keys)
        try:
            os.link(temporary, file)  # unlike renaming, this never takes the place of a file that is there
        except FileExistsError:
            return False
        finally:
            temporary.unlink()
        fsync_folder(file.parent)
        fsync_folder(file.parent.parent)
    except OSError as error:
        raise UserError(
            f"the key cannot be written ({error.strerror})",
            str(file),
            "name another folder with OPENPEEL_KEYS",
        ) from None
    return True


def replace_keys(file: Path, keys: ForceKeys) -> None:
    """Write a key file in place of the one that is there: the old or the new, whatever happens.

    Raises:
        UserError: it cannot be written.
    """
    try:
        put_made(_written(file, keys), file)
    except OSError as error:
        raise UserError(
            f"the key cannot be written ({error.strerror})", str(file), "see who may write it"
        ) from None


def _written(file: Path, keys: ForceKeys) -> Path:
    temporary = file.with_name(f"{TEMPORARY}{os.getpid()}-{secrets.token_hex(4)}-{file.name}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(_bytes(keys))
        stream.flush()
        os.fsync(stream.fileno())
    return temporary
