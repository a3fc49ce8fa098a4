"""Which database holds a workspace's casework: a file of the workspace, or PostgreSQL by a URL."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from openpeel.errors import UserError
from openpeel.workspace import CASEWORK_FILE, CASEWORK_VARIABLE, SETTINGS, read_settings

FILE, VARIABLE = CASEWORK_FILE, CASEWORK_VARIABLE

#: How long a writer waits for others before it gives up, in seconds. A write takes milliseconds.
PATIENCE = 60
#: What a URL may say after the question mark; anything else is a slip that would go unnoticed.
_OPTIONS = ("host", "sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout")
_EXAMPLE = "write postgresql://USER@HOST/NAME"


def database_of(root: Path) -> dict[str, Any]:
    """The Django settings of a workspace's database.

    ``$OPENPEEL_DATABASE`` comes before ``[casework] database`` of the settings, and that before the file.

    Raises:
        UserError: the URL cannot be used; the error never holds it, since it may hold a password.
    """
    url, where = os.environ.get(VARIABLE, ""), f"${VARIABLE}"
    if not url:
        url, where = _from_settings(root), f"{root / SETTINGS}: casework.database"
    return _postgresql(url, where) if url else _sqlite(root / FILE)


def _from_settings(root: Path) -> str:
    table = read_settings(root).get("casework", {})
    where = str(root / SETTINGS)
    if not isinstance(table, dict):
        raise UserError("casework is not a table", where, "head it with [casework]")
    url = table.get("database", "")
    if not isinstance(url, str):
        raise UserError("casework.database is not a text", where, _EXAMPLE)
    return url


def _sqlite(file: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(file.resolve()),
        # Immediate: a transaction that reads first and writes later cannot be overtaken in between.
        # Erased words are overwritten on disk, not only unlinked.
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": PATIENCE,
            "init_command": "PRAGMA secure_delete=ON; PRAGMA synchronous=FULL;",
        },
    }


def _postgresql(url: str, where: str) -> dict[str, Any]:
    parts = _split(url, where)
    options: dict[str, Any] = {}
    for name, value in parse_qsl(parts.query):
        if name not in _OPTIONS:
            raise UserError(f"{name} is no option of the URL", where, f"use {', '.join(_OPTIONS)}")
        options[name] = value
    # Set, whatever the server's default is: a transaction must see what was written before it got its lock.
    from psycopg import IsolationLevel

    host = options.pop("host", unquote(parts.hostname or ""))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "OPTIONS": {**options, "isolation_level": IsolationLevel.READ_COMMITTED},
    }


def _split(url: str, where: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise UserError("is not a database URL", where, _EXAMPLE) from None
    if parts.scheme not in ("postgresql", "postgres"):
        raise UserError("is not the URL of a PostgreSQL database", where, _EXAMPLE)
    if not parts.path.strip("/"):
        raise UserError("the URL names no database", where, _EXAMPLE)
    return parts
