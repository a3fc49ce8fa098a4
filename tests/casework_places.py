"""Workspaces with casework for tests: on SQLite always, on PostgreSQL where a test server is given."""

from __future__ import annotations

import atexit
import contextlib
import functools
import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest

from helpers import new_workspace
from openpeel.casework.actors import add_actor
from openpeel.casework.place import VARIABLE
from openpeel.casework.returns.receive import CollectionPeriod, expect_returns, record_receipt
from openpeel.casework.setup import close_casework, open_casework
from openpeel.engine.check.doubt import Doubt
from openpeel.engine.clock import month_number

SERVER = "OPENPEEL_TEST_POSTGRES"
DATABASES = ["sqlite", *(["postgresql"] if os.environ.get(SERVER) else [])]

APRIL, SEPTEMBER = month_number(2024, 4), month_number(2024, 9)
AUTUMN = CollectionPeriod("2024-autumn", APRIL, SEPTEMBER, date(2024, 10, 31))
DOUBT = Doubt(
    check="rules.broken",
    force="kent",
    type="responding.incident",
    months=(APRIL, APRIL),
    severity="blocking",
    subject="closed_at",
    count=2,
    rows=("I-1", "I-2"),
    text="Two incidents were closed before they were opened; supply the right times.",
)

_PEOPLED = ("casework_actor", "casework_event", "casework_eventpayload", "casework_anchor")

_numbers = itertools.count()
_kept = contextlib.ExitStack()
atexit.register(_kept.close)


@dataclass(frozen=True)
class Place:
    """A workspace whose casework is open.

    Attributes:
        root: the workspace.
        url: of its PostgreSQL database; blank on SQLite.
    """

    root: Path
    url: str = ""


def doubt(**changes: Any) -> Doubt:
    """The usual doubt, but for what is said."""
    return replace(DOUBT, **changes)


def doubts(count: int) -> list[Doubt]:
    """So many doubts about one force."""
    return [doubt(subject=f"column_{n}") for n in range(count)]


def people() -> None:
    """Everybody the tests speak of: ada (administrator), anna and ben (analysts), ina, kay of Kent, ed of Essex."""
    add_actor("ada", "Ada A", "administrator")
    for handle, role, force in (
        ("anna", "analyst", ""),
        ("ben", "analyst", ""),
        ("ina", "inspector", ""),
        ("kay", "force", "kent"),
        ("ed", "force", "essex"),
    ):
        add_actor(handle, f"{handle.title()} of the tests", role, force, by="ada")


def received(
    force: str = "kent", day: date = date(2024, 10, 20), content: str = "1", intake: str = "i-1"
) -> Any:
    """A return of the autumn collection that came in."""
    return record_receipt(
        AUTUMN, force, intakes=[intake], file_hash=content * 64, received=day, by="anna", file=f"{force}.xlsx"
    )


def expected(*forces: str) -> None:
    """Returns of the autumn collection that are owed."""
    expect_returns(AUTUMN, forces or ("kent", "essex"), by="anna")


@contextlib.contextmanager
def place(folder: Path, database: str, *, peopled: bool = False) -> Iterator[Place]:
    """A new workspace, its casework open in a database of that kind; both are gone afterwards.

    Args:
        folder: where to make it.
        database: sqlite or postgresql.
        peopled: whether everybody is in it already; see `people`.
    """
    root = new_workspace(folder / "workspace")
    with pytest.MonkeyPatch.context() as patch, contextlib.ExitStack() as stack:
        if database == "postgresql":
            url = _database()
            _reset(url, peopled)
        else:
            url = ""
            shutil.copy(_template_file(peopled), root / "openpeel.db")
        patch.setenv(VARIABLE, url)
        open_casework(root)
        stack.callback(close_casework)
        yield Place(root, url)


@functools.cache
def _template_file(peopled: bool) -> Path:
    """A database file made once, since making the tables takes longer than most tests."""
    folder = Path(tempfile.mkdtemp(prefix="openpeel-casework-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    _fill(new_workspace(folder / "w"), "", peopled)
    return folder / "w" / "openpeel.db"


@functools.cache
def _database() -> str:
    """The URL of this process's PostgreSQL database, with everybody put by for `_reset`."""
    url = _kept.enter_context(postgres_database())
    with tempfile.TemporaryDirectory() as folder:
        _fill(new_workspace(Path(folder) / "w"), url, peopled=True)
    with _as_owner(url) as con:
        for table in _PEOPLED:
            con.execute(f"CREATE TABLE kept_{table} AS TABLE {table}")
    return url


def _reset(url: str, peopled: bool) -> None:
    """As new: emptying takes milliseconds where making a database takes half a second."""
    with _as_owner(url) as con:
        found = con.execute("SELECT tablename FROM pg_tables WHERE tablename LIKE 'casework%'").fetchall()
        con.execute("SET session_replication_role = replica")  # no guard stands in the way
        con.execute(f"TRUNCATE {', '.join(name for (name,) in found)}")
        for table in _PEOPLED:
            con.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            if peopled:
                con.execute(f"INSERT INTO {table} SELECT * FROM kept_{table}")


def _as_owner(url: str) -> Any:
    import psycopg

    return psycopg.connect(url)


def _fill(root: Path, url: str, peopled: bool) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, url)
        open_casework(root)
        if peopled:
            people()
        close_casework()


@contextlib.contextmanager
def postgres_database() -> Iterator[str]:
    """The URL of a new, empty database on the test server."""
    import psycopg

    name = f"t_{os.getpid()}_{next(_numbers)}"
    server = os.environ[SERVER]
    with psycopg.connect(server, autocommit=True) as con:
        con.execute(f"CREATE DATABASE {name}")
        try:
            yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        finally:
            con.execute(f"DROP DATABASE {name} WITH (FORCE)")


def unguarded(*statements: str) -> None:
    """Run SQL as an intruder would who has taken the guards away."""
    from django.db import connection

    with connection.cursor() as cursor:
        for statement in (*_take_guards_away(cursor), *statements):
            cursor.execute(statement)


def _take_guards_away(cursor: Any) -> list[str]:
    from django.db import connection

    if connection.vendor == "postgresql":
        tables = ("event", "eventpayload", "anchor")
        return [f"ALTER TABLE casework_{table} DISABLE TRIGGER USER" for table in tables]
    cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    return [f"DROP TRIGGER {name}" for (name,) in cursor.fetchall()]


def in_processes(count: int, work: Callable[[int], None]) -> list[int]:
    """Do some work in so many processes at once; gives their exit statuses.

    They are forks, which take milliseconds where sixteen new Pythons take seconds. Each has to open the
    casework anew: connections do not survive a fork.
    """
    close_casework()
    pids = [pid for n in range(count) if (pid := _fork(work, n))]
    return [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids]


def _fork(work: Callable[[int], None], number: int) -> int:
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        work(number)
        status = 0
    except BaseException as error:
        print(f"process {number}: {error!r}", flush=True)
    finally:
        os._exit(status)
