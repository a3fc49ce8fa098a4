"""A process killed between any two statements leaves state and event together, or neither."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from casework_places import Place, doubt, doubts, in_processes, people, received
from helpers import new_workspace
from openpeel.casework.log.erase import erase_payload
from openpeel.casework.log.find import events
from openpeel.casework.log.verify import verify_log
from openpeel.casework.models import EventPayload, Query, QueryAnswer, Receipt, Return, SignOff
from openpeel.casework.place import VARIABLE
from openpeel.casework.queries.deal import accept, answer
from openpeel.casework.queries.raise_ import raise_queries
from openpeel.casework.returns.sign_off import sign_off
from openpeel.casework.setup import close_casework, open_casework

#: What is done -> how.
ACTS: dict[str, Callable[[], Any]] = {
    "answer": lambda: answer("Q-0001", "explained", "So.", "kay"),
    "raise": lambda: raise_queries([doubt(rows=("I-9",), subject="column_0"), doubt(subject="new")], "anna"),
    "receive": lambda: received("essex"),
    "erase": lambda: erase_payload(2, "ada", "the law", "asked"),
    "sign off": lambda: sign_off("kent", "2024-autumn", "anna"),
}


class Reaper:
    """Kills its process before the statement, or the end of a transaction, with a number."""

    def __init__(self, number: int) -> None:
        self._left = number

    def count(self) -> None:
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, of: Any, name: str) -> None:
        """Count before and after every call of a method; for good, since the process is about to end."""
        method = getattr(of, name)

        def counted(*args: Any, **named: Any) -> Any:
            self.count()
            done = method(*args, **named)
            self.count()
            return done

        setattr(of, name, counted)


def stands() -> list[Any]:
    """Everything that stands, but for times and salts."""
    return [
        [(e.seq, e.kind, e.subject_id) for e in events()],
        sorted(EventPayload.objects.values_list("seq", flat=True)),
        list(Query.objects.values_list("number", "state", "rows_json", "rows_event")),
        list(QueryAnswer.objects.values_list("query", "kind", "event")),
        list(Return.objects.values_list("collection", "force")),
        list(Receipt.objects.values_list("of__force", "number", "event")),
        list(SignOff.objects.values_list("of__force", "event")),
    ]


@pytest.mark.parametrize("what", ACTS)
def test_killed_anywhere_all_of_it_or_nothing(what: str, casework: Place) -> None:
    received()
    raise_queries(doubts(2), "anna")
    if what == "sign off":
        for id_ in ("Q-0001", "Q-0002"):
            answer(id_, "explained", "So.", "kay")
            accept(id_, "anna")
    before, number, status = stands(), 0, -9
    while status:
        number += 1
        (status,) = in_processes(1, partial(killed_at, casework, what, number))
        assert status in (0, -9)
        open_casework(casework.root)
        assert verify_log().problems == []
        after = stands()
        if after != before:
            break
    assert number > 5  # it was killed at that many places, and nothing had happened yet
    if status:  # killed after all was kept: nothing is missing
        assert len(after[0]) > len(before[0])


@pytest.mark.parametrize("start", [1, 2])
def test_killed_while_tables_are_made(start: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "")
    number, status = start, -9
    while status:
        root = new_workspace(tmp_path / f"w{number}")
        (status,) = in_processes(1, partial(opening_killed_at, root, number))
        assert status in (0, -9)
        open_casework(root)
        people()
        assert verify_log().problems == []
        close_casework()
        number += 7
    assert number > 60


def killed_at(casework: Place, what: str, number: int, _process: int) -> None:
    open_casework(casework.root)
    reap(number)
    ACTS[what]()


def opening_killed_at(root: Path, number: int, _process: int) -> None:
    reap(number)
    open_casework(root)


def reap(number: int) -> None:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.backends.utils import CursorWrapper

    reaper = Reaper(number)
    reaper.around(CursorWrapper, "execute")
    reaper.around(CursorWrapper, "executemany")
    reaper.around(BaseDatabaseWrapper, "_commit")
