"""Sixteen processes at once: nothing is lost, the chain does not fork, one of several wins."""

from __future__ import annotations

from collections import Counter

from casework_places import Place, doubts, in_processes
from openpeel.casework.log.find import events
from openpeel.casework.log.verify import verify_log
from openpeel.casework.models import Event, EventPayload, QueryAnswer
from openpeel.casework.queries.deal import accept, answer
from openpeel.casework.queries.find import queries
from openpeel.casework.queries.raise_ import raise_queries
from openpeel.casework.setup import open_casework
from openpeel.errors import UserError

PROCESSES, EACH = 16, 10


def test_sixteen_processes_answer_queries(casework: Place) -> None:
    raise_queries(doubts(PROCESSES * EACH), "anna")
    before = Event.objects.count()

    def work(number: int) -> None:
        open_casework(casework.root)
        for n in range(EACH):
            id_ = f"Q-{number * EACH + n + 1:04d}"
            answer(id_, "explained", f"Said by process {number}.", "kay")
            if n % 2:
                accept(id_, "anna")

    assert in_processes(PROCESSES, work) == [0] * PROCESSES
    open_casework(casework.root)
    written = PROCESSES * (EACH + EACH // 2)
    assert Event.objects.count() == before + written == EventPayload.objects.count()
    assert QueryAnswer.objects.count() == PROCESSES * EACH
    assert Counter(q.state for q in queries()) == {"answered": 80, "accepted": 80}
    state = verify_log()
    assert (state.problems, state.events) == ([], before + written)
    assert [event.seq for event in events()] == list(range(1, before + written + 1))


def test_of_sixteen_who_answer_the_same_query_one_does(casework: Place) -> None:
    raise_queries(doubts(1), "anna")

    def work(number: int) -> None:
        open_casework(casework.root)
        try:
            answer("Q-0001", "explained", f"Said by process {number}.", "kay")
        except UserError:
            (casework.root / "outputs" / f"refused-{number}").touch()

    assert in_processes(PROCESSES, work) == [0] * PROCESSES
    assert len(list((casework.root / "outputs").glob("refused-*"))) == PROCESSES - 1
    open_casework(casework.root)
    assert QueryAnswer.objects.count() == 1
    assert verify_log().problems == []


def test_sixteen_checks_raise_the_same_doubts_once(casework: Place) -> None:
    def work(number: int) -> None:
        open_casework(casework.root)
        raise_queries(doubts(20), "anna" if number % 2 else "ben")

    assert in_processes(PROCESSES, work) == [0] * PROCESSES
    open_casework(casework.root)
    assert [q.number for q in queries()] == list(range(1, 21))
    assert verify_log().problems == []
