"""What only PostgreSQL can do wrong. Everything else about casework is tried on both databases in tests/casework.

``python tools/with_postgres.py python -m pytest tests/casework tests/postgres`` runs all of it beside a server
that is thrown away afterwards.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from casework_places import SERVER, doubts, in_processes, people, postgres_database
from helpers import new_workspace, run_here
from openpeel.casework.actors import actors, add_actor
from openpeel.casework.log.verify import verify_log
from openpeel.casework.place import VARIABLE
from openpeel.casework.queries.deal import answer
from openpeel.casework.queries.raise_ import raise_queries
from openpeel.casework.setup import close_casework, open_casework
from openpeel.errors import UserError

pytestmark = pytest.mark.skipif(
    not os.environ.get(SERVER), reason=f"no PostgreSQL: ${SERVER} is not set; tools/with_postgres.py sets it"
)


@pytest.fixture
def url(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A new, empty database, which is the one that workspaces use."""
    with postgres_database() as made:
        monkeypatch.setenv(VARIABLE, made)
        yield made
        close_casework()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return new_workspace(tmp_path / "w")


def sql(url: str, *statements: str) -> None:
    import psycopg

    with psycopg.connect(url, autocommit=True) as con:
        for statement in statements:
            con.execute(statement)


@pytest.mark.usefixtures("url")
def test_sixteen_processes_open_an_empty_database_at_once(root: Path) -> None:
    def work(number: int) -> None:
        open_casework(root)
        add_actor(f"a{number}", "A", "analyst")

    assert in_processes(16, work) == [0] * 16
    open_casework(root)
    assert len(actors()) == 16
    assert verify_log().problems == []
    assert not list(root.glob("openpeel.db"))


def test_the_chain_does_not_fork_whatever_the_servers_default_is(url: str, root: Path) -> None:
    name = urlsplit(url).path.lstrip("/")
    sql(url, f"ALTER DATABASE {name} SET default_transaction_isolation = 'repeatable read'")
    open_casework(root)
    people()
    raise_queries(doubts(32), "anna")

    def work(number: int) -> None:
        open_casework(root)
        for n in (1, 17):
            answer(str(number + n), "explained", "So.", "kay")

    assert in_processes(16, work) == [0] * 16
    open_casework(root)
    state = verify_log()
    assert (state.problems, state.events) == ([], 6 + 32 + 1 + 32)


def test_a_wrong_password_is_one_line_without_it(
    url: str, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = urlsplit(url)
    monkeypatch.setenv(VARIABLE, url.replace(f":{parts.password}@", ":wrong-secret@"))
    with pytest.raises(UserError, match="the casework database cannot be used") as error:
        open_casework(root)
    assert "wrong-secret" not in error.value.line()


@pytest.mark.usefixtures("url")
@pytest.mark.parametrize("table", ["event", "eventpayload", "anchor"])
def test_the_log_cannot_be_emptied_at_one_stroke(table: str, root: Path, url: str) -> None:
    import psycopg

    open_casework(root)
    people()
    with pytest.raises(psycopg.Error, match="rows are never changed"):
        sql(url, f"TRUNCATE casework_{table}")
    assert verify_log().events == 6


def test_a_lost_server_is_one_line(url: str, root: Path) -> None:
    open_casework(root)
    people()
    sql(
        url,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )
    with pytest.raises(UserError, match="the casework database cannot be used"):
        raise_queries(doubts(1), "anna")
    open_casework(root)
    assert len(actors()) == 6


@pytest.mark.usefixtures("url")
def test_the_command_line_works_over_it(root: Path) -> None:
    done = run_here("actors", "add", "anna", "--role", "analyst", cwd=root)
    assert (done.returncode, done.stdout) == (0, "added anna: analyst\n")
    assert run_here("log", "check", cwd=root).returncode == 0
