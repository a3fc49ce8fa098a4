"""Opening: the database's place and rights, tables made once, several processes at once, URLs never shown."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command

from casework_places import Place, in_processes
from helpers import new_workspace
from openpeel.casework.actors import actors, add_actor
from openpeel.casework.place import VARIABLE, database_of
from openpeel.casework.setup import close_casework, open_casework
from openpeel.errors import UserError
from openpeel.workspace import SETTINGS

SECRET = "hunter2"


@pytest.fixture
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A workspace whose casework was never opened."""
    monkeypatch.delenv(VARIABLE, raising=False)
    yield new_workspace(tmp_path / "w")
    close_casework()


def test_the_file_is_its_owners_alone_and_logs_ahead(fresh: Path) -> None:
    open_casework(fresh)
    add_actor("ada", "Ada", "administrator")
    for file in fresh.glob("openpeel.db*"):
        assert file.stat().st_mode & 0o777 == 0o600, file
    with sqlite3.connect(fresh / "openpeel.db") as con:
        assert con.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_opening_again_finds_what_is_there(fresh: Path) -> None:
    open_casework(fresh)
    add_actor("ada", "Ada", "administrator")
    open_casework(fresh)
    assert [actor.handle for actor in actors()] == ["ada"]


def test_sixteen_processes_open_a_new_workspace_at_once(fresh: Path) -> None:
    def work(number: int) -> None:
        open_casework(fresh)
        add_actor(f"a{number}", "A", "analyst")

    assert in_processes(16, work) == [0] * 16
    open_casework(fresh)
    assert len(actors()) == 16


def test_a_database_of_a_newer_openpeel_is_refused(fresh: Path) -> None:
    open_casework(fresh)
    close_casework()
    with sqlite3.connect(fresh / "openpeel.db") as con:
        con.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('casework', '9999_later', '2030')"
        )
    with pytest.raises(UserError, match="of a newer openpeel"):
        open_casework(fresh)


def test_a_file_that_is_no_database_is_one_line(fresh: Path) -> None:
    (fresh / "openpeel.db").write_bytes(b"not a database, but long enough to be looked at as one" * 100)
    with pytest.raises(UserError, match="the casework database cannot be used"):
        open_casework(fresh)


def test_a_folder_that_is_no_workspace_gets_no_database(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is not an openpeel workspace"):
        open_casework(tmp_path)
    assert not list(tmp_path.iterdir())


def test_the_url_comes_from_the_environment_before_the_settings(
    fresh: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert database_of(fresh)["ENGINE"].endswith("sqlite3")
    with (fresh / SETTINGS).open("a") as file:
        file.write(
            '\n[casework]\ndatabase = "postgresql://anna:a%40b@db.example:5433/peel?sslmode=require"\n'
        )
    found = database_of(fresh)
    assert [found[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")] == [
        "peel", "anna", "a@b", "db.example", "5433",
    ]  # fmt: skip
    assert found["OPTIONS"]["sslmode"] == "require"
    monkeypatch.setenv(VARIABLE, "postgresql:///other?host=/run/pg")
    assert (database_of(fresh)["NAME"], database_of(fresh)["HOST"]) == ("other", "/run/pg")


@pytest.mark.parametrize(
    ("url", "told"),
    [
        (f"mysql://u:{SECRET}@h/d", "is not the URL of a PostgreSQL database"),
        (f"postgresql://u:{SECRET}@h", "names no database"),
        (f"postgresql://u:{SECRET}@h:port/d", "is not a database URL"),
        (f"postgresql://u:{SECRET}@h/d?options=-c", "options is no option of the URL"),
        (f"postgresql://u:{SECRET}@127.0.0.1:1/d?connect_timeout=2", "the casework database cannot be used"),
    ],
)
def test_a_url_that_cannot_be_used_is_told_without_its_password(
    url: str, told: str, fresh: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, url)
    with pytest.raises(UserError, match=told) as error:
        open_casework(fresh)
    assert SECRET not in error.value.line()
    assert not list(fresh.glob("openpeel.db*"))


@pytest.mark.parametrize("lines", ["casework = 1", "[casework]\ndatabase = 1"])
def test_settings_that_make_no_sense(lines: str, fresh: Path) -> None:
    file = fresh / SETTINGS
    file.write_text(f"{lines}\n{file.read_text()}" if lines[0] == "c" else f"{file.read_text()}\n{lines}\n")
    with pytest.raises(UserError, match=r"openpeel\.toml"):
        database_of(fresh)


@pytest.mark.usefixtures("empty")
def test_every_model_has_its_migration(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("makemigrations", "casework", "--check", "--dry-run")
    assert "No changes" in capsys.readouterr().out


def test_the_command_line_does_not_import_django_for_its_help() -> None:
    code = (
        "import sys; from openpeel.cli import actors, log, queries, return_; "
        "sys.exit(any(m.split('.')[0] == 'django' for m in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_reading_what_another_wrote(casework: Place) -> None:
    def work(number: int) -> None:
        open_casework(casework.root)
        assert len(actors()) == 6

    assert in_processes(2, work) == [0, 0]
