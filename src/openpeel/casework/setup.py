"""Opening the casework of a workspace: its database is made, brought up to date, and connected to."""

from __future__ import annotations

import fcntl
import os
import pkgutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.db import Error, connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from openpeel.casework import migrations
from openpeel.casework.place import PATIENCE, database_of
from openpeel.errors import UserError
from openpeel.workspace import open_workspace

_LOCK = "openpeel.db.lock"
#: Number of the PostgreSQL lock under which tables are made; any number that nothing else uses.
_MAKING = 7_315_001

_opened: list[Path] = []


def open_casework(root: Path) -> None:
    """Open a workspace's casework; what was open before is closed.

    Tables are made or brought up to date first, under a lock, so that two processes may open at once.

    Raises:
        UserError: there is no workspace, the database cannot be reached, or a newer openpeel made it.
    """
    place = open_workspace(root).root.resolve()
    settings = database_of(place)
    close_casework()
    _connect_to(settings)
    try:
        with _reachable():
            if "sqlite" in settings["ENGINE"]:
                _make_file(place, Path(settings["NAME"]))
            if _outstanding():
                with _making(place):
                    _bring_up_to_date()
    except BaseException:
        close_casework()
        raise
    _opened[:] = [place]


def opened_root() -> Path:
    """The workspace whose casework is open.

    Raises:
        UserError: none is.
    """
    if not _opened:
        raise UserError("no workspace's casework is open", do="open it first")
    return _opened[0]


def close_casework() -> None:
    """Close what is open, if anything is."""
    connections.close_all()
    _opened.clear()


@contextmanager
def _reachable() -> Iterator[None]:
    try:
        yield
    except Error as error:
        raise database_error(error) from None


def database_error(error: Exception) -> UserError:
    """A database's error as one line, without the password should it be in there."""
    told = " ".join(str(error).split()) or type(error).__name__
    password = connection.settings_dict.get("PASSWORD")
    if password:
        told = told.replace(str(password), "***")
    return UserError(
        f"the casework database cannot be used ({told[:300]})", do="see that it is there and open to you"
    )


def _connect_to(settings: dict[str, Any]) -> None:
    """Point Django's one connection at a database; it connects when it is first used."""
    handler: Any = connections
    handler.settings = handler.configure_settings({"default": settings})
    if hasattr(handler._connections, "default"):
        del handler["default"]


def _make_file(root: Path, file: Path) -> None:
    """The SQLite file, for its owner's eyes alone, with write-ahead logging, which stays with the file."""
    if file.exists() and file.stat().st_size:
        return
    with _file_lock(root):
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
        with closing(sqlite3.connect(file, timeout=PATIENCE)) as con:
            con.execute("PRAGMA journal_mode=WAL")


def _outstanding() -> bool:
    """Whether tables have to be made or changed.

    Raises:
        UserError: the database is of a newer openpeel.
    """
    # By their names: Django's own way to tell reads every step, at each opening.
    known = {module.name for module in pkgutil.iter_modules(migrations.__path__)}
    done = {name for app, name in MigrationRecorder(connection).applied_migrations() if app == "casework"}
    newer = done - known
    if newer:
        raise UserError(
            f"the casework database is of a newer openpeel ({max(newer)})", do="install a newer openpeel"
        )
    return done != known


def _bring_up_to_date() -> None:
    """All steps in one transaction: Django's own leave a moment in which a step is done and not on record."""
    connection.disable_constraint_checking()  # SQLite changes tables in a transaction under no other condition
    try:
        with transaction.atomic():
            executor = MigrationExecutor(connection)
            targets = executor.loader.graph.leaf_nodes()
            executor.migrate(targets, executor.migration_plan(targets))
    finally:
        connection.enable_constraint_checking()


@contextmanager
def _making(root: Path) -> Iterator[None]:
    if connection.vendor != "postgresql":
        with _file_lock(root):
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_MAKING])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_MAKING])


@contextmanager
def _file_lock(root: Path) -> Iterator[None]:
    handle = os.open(root / _LOCK, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)  # which gives the lock back
