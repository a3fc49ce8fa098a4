"""The verbs of casework: their shapes, exit statuses, and one line for every error."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from casework_places import Place, doubt, expected, received
from helpers import run_here
from openpeel.casework.queries.deal import answer
from openpeel.casework.queries.raise_ import raise_queries

QUERY = {
    "id", "state", "severity", "force", "type", "check", "subject", "months", "count", "rows", "text", "owner",
    "collection", "raised_at", "found_at", "no_longer_found_at",
}  # fmt: skip
STANDING = {
    "collection", "force", "months", "due", "state", "received", "days_late", "receipts", "unsettled", "blocking",
    "signed_off_by", "note",
}  # fmt: skip


@pytest.fixture
def root(casework: Place, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace in which Kent has sent its return late, and has two queries."""
    monkeypatch.delenv("OPENPEEL_ACTOR", raising=False)
    expected()
    from datetime import date

    received(day=date(2024, 11, 2))
    raise_queries([doubt(), doubt(subject="b", severity="warning", months=None, rows=())], "anna")
    return casework.root


def asked(root: Path, *args: str) -> Any:
    done = run_here(*args, "--format", "json", cwd=root)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def said(root: Path, *args: str) -> str:
    done = run_here(*args, cwd=root)
    assert done.returncode == 0, done.stderr
    return done.stdout


def refused(root: Path, *args: str) -> str:
    done = run_here(*args, cwd=root)
    assert (done.returncode, done.stdout) == (2, ""), (done.returncode, done.stdout, done.stderr)
    assert done.stderr.startswith("openpeel: ")
    assert done.stderr.count("\n") == 1
    return done.stderr


def test_queries_are_listed(root: Path) -> None:
    first, second = asked(root, "queries")
    assert set(first) == QUERY
    assert (first["id"], first["months"], first["rows"]) == ("Q-0001", "2024-04", ["I-1", "I-2"])
    assert (first["collection"], second["collection"], second["months"]) == ("2024-autumn", None, None)
    assert [q["id"] for q in asked(root, "queries", "--severity", "warning")] == ["Q-0002"]
    assert [q["id"] for q in asked(root, "queries", "--force", "Kent Police", "--state", "open")] == [
        "Q-0001", "Q-0002",
    ]  # fmt: skip
    assert asked(root, "queries", "--force", "essex") == []
    assert [q["id"] for q in asked(root, "queries", "--collection", "2024-autumn")] == ["Q-0001"]


def test_queries_as_a_table_and_as_csv(root: Path) -> None:
    assert "Q-0001" in said(root, "queries")
    rows = list(csv.DictReader(io.StringIO(said(root, "queries", "--format", "csv"))))
    assert [(row["query"], row["months"], row["concerns"]) for row in rows] == [
        ("Q-0001", "2024-04", "2"), ("Q-0002", "all", "2"),
    ]  # fmt: skip


def test_an_empty_list_says_so(empty: Place) -> None:
    for verb in (["queries"], ["log"], ["return", "status"], ["actors"]):
        assert asked(empty.root, *verb) == []
    done = run_here("queries", cwd=empty.root)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "no query has been raised\n")


def test_the_query_loop(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = said(
        root, "queries", "answer", "Q-0001", "--kind", "explained", "--text", "So it is.", "--as", "kay"
    )
    assert told == "Q-0001 answered: explained, by kay\n"
    monkeypatch.setenv("OPENPEEL_ACTOR", "anna")
    assert said(root, "queries", "reopen", "1", "--reason", "How so?") == "Q-0001 reopened by anna\n"
    said(root, "queries", "answer", "1", "--kind", "withdrawn", "--text", "Taken back.", "--as", "kay")
    assert said(root, "queries", "close", "1") == "Q-0001 accepted by anna\n"
    assert said(root, "queries", "hand", "2", "--to", "kay") == "Q-0002 is dealt with by kay\n"
    assert said(root, "queries", "withdraw", "2", "--reason", "Wrong.") == "Q-0002 withdrawn by anna\n"
    shown = asked(root, "queries", "show", "Q-0001")
    assert [a["kind"] for a in shown["answers"]] == ["explained", "withdrawn"]
    assert [e["kind"] for e in shown["events"]] == [
        "query.raised", "query.answered", "query.reopened", "query.answered", "query.accepted",
    ]  # fmt: skip
    words = said(root, "queries", "show", "Q-0001")
    for part in (
        "accepted, blocking",
        "I-1",
        "kay: answered: explained: So it is.",
        "anna: reopened: How so?",
    ):
        assert part in words
    assert said(root, "queries", "show", "1", "--format", "csv") == "query,row\nQ-0001,I-1\nQ-0001,I-2\n"


def test_where_returns_stand(root: Path) -> None:
    essex, kent = asked(root, "return", "status", "2024-autumn", "--on", "2024-11-05")
    assert set(kent) == STANDING
    assert (kent["state"], kent["received"], kent["days_late"]) == ("under query", "2024-11-02", 2)
    assert (kent["blocking"], kent["months"]) == (["Q-0001"], "2024-04..2024-09")
    assert (essex["state"], essex["received"], essex["days_late"]) == ("missing", None, 5)
    assert asked(root, "return", "status", "--on", "2024-10-31")[0]["state"] == "expected"
    done = run_here("return", "status", "--on", "2024-11-05", cwd=root)
    assert "2 returns: 1 missing, 1 under query; 1 came after the due day" in done.stderr
    assert "under query" in done.stdout


def test_returns_that_are_owed(root: Path) -> None:
    told = said(root, "return", "expect", "2024-spring", "--force", "Kent Police", "--as", "ada")
    assert told == "2024-spring: 1 return expected by 2025-04-30\n"
    assert [s["force"] for s in asked(root, "return", "status", "2024-spring")] == ["kent"]
    said(root, "return", "expect", "2024-spring", "--as", "anna")
    assert len(asked(root, "return", "status", "2024-spring")) == 43
    assert "there is no collection" in refused(root, "return", "expect", "2024-winter", "--as", "anna")
    assert "may not say which returns" in refused(root, "return", "expect", "2024-spring", "--as", "kay")


def test_sign_off(root: Path) -> None:
    to_sign = ["return", "sign-off", "kent", "--collection", "2024-autumn", "--as", "anna"]
    assert "blocking queries are not accepted: Q-0001 (open)" in refused(root, *to_sign)
    answer("Q-0001", "explained", "So.", "kay")
    said(root, "queries", "close", "Q-0001", "--as", "anna")
    assert said(root, *to_sign) == "2024-autumn/kent: signed off by anna; covers 1 receipt (i-1)\n"
    assert len(list((root / "ledger" / "anchors").iterdir())) == 1
    back = said(root, *to_sign, "--take-back", "A correction is coming.")
    assert back == "2024-autumn/kent: sign-off taken back by anna\n"


def test_the_log(root: Path, tmp_path: Path) -> None:
    rows = asked(root, "log")
    assert [row["seq"] for row in rows] == list(range(1, len(rows) + 1))
    assert [row["kind"] for row in asked(root, "log", "--about", "Q-0001")] == ["query.raised"]
    assert {row["actor"] for row in asked(root, "log", "--by", "anna")} == {"anna"}
    assert "actor.added" in said(root, "log")
    out = tmp_path / "anchor.json"
    assert said(root, "log", "anchor", "--out", str(out)).startswith(f"anchored {len(rows)} events, head ")
    assert said(root, "log", "check", "--against", str(out)) == (
        f"the log is whole: {len(rows)} events, held against 2 anchors\n"
    )
    said(root, "log", "erase", "2", "--authority", "the law", "--reason", "left", "--as", "ada")
    assert "payload of event 2 erased" in said(root, "log", "check")
    assert asked(root, "log", "check")["erased"][0]["by"] == "ada"
    assert asked(root, "log")[1]["payload"] is None


def test_a_log_that_is_not_whole_ends_with_one(root: Path) -> None:
    from casework_places import unguarded

    unguarded("UPDATE casework_event SET actor = 'ed' WHERE seq = 3")
    done = run_here("log", "check", "--format", "json", cwd=root)
    assert done.returncode == 1
    found = json.loads(done.stdout)
    assert (found["whole"], len(found["problems"])) == (False, 1)
    assert "event 3 (actor.added of ben, by ed) is altered" in done.stderr


def test_actors(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [a["handle"] for a in asked(root, "actors")] == ["ada", "anna", "ben", "ed", "ina", "kay"]
    assert "who adds the actor is not said" in refused(root, "actors", "add", "new", "--role", "analyst")
    monkeypatch.setenv("OPENPEEL_ACTOR", "ada")
    told = said(
        root, "actors", "add", "sue", "--role", "force", "--force", "Surrey Police", "--name", "Sue S"
    )
    assert told == "added sue: force of surrey\n"
    assert "sue" in said(root, "actors", "--format", "csv")


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["queries", "close", "1"], "nobody is named who acts"),
        (["queries", "close", "1", "--as", "anna"], "it needs an answer first"),
        (["queries", "close", "9", "--as", "anna"], "there is no query '9'"),
        (["queries", "answer", "1", "--kind", "no", "--text", "x", "--as", "kay"], "no answer of the kind"),
        (["queries", "answer", "1", "--kind", "explained", "--text", "x", "--as", "ed"], "ed acts for essex"),
        (["queries", "--state", "closed"], "there is no state 'closed'"),
        (["queries", "--force", "narnia"], 'no force called "narnia"'),
        (["queries", "--format", "xml"], "there is no format 'xml'"),
        (["queries", "--force", "kent", "show", "1"], "write them after `show`"),
        (["actors", "--workspace", "elsewhere", "add", "x", "--role", "analyst"], "write them after `add`"),
        (["return", "status", "--on", "tomorrow"], "--on"),
        (["return", "sign-off", "kent", "--collection", "2024-autumn"], "nobody is named who acts"),
        (["return", "sign-off", "surrey", "--collection", "x", "--as", "anna"], "no return of surrey is expected"),
        (["log", "check", "--against", "nothing.json"], "nothing.json: cannot be read"),
        (["log", "erase", "1", "--authority", "x", "--reason", "y", "--as", "anna"], "may not erase"),
        (["actors", "add", "x", "--role", "boss", "--as", "ada"], "there is no role 'boss'"),
        (["queries", "--workspace", "nowhere"], "is not an openpeel workspace"),
    ],
)  # fmt: skip
def test_one_line_for_every_error(args: list[str], told: str, root: Path) -> None:
    assert told in refused(root, *args)
