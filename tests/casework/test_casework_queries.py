"""Queries: the same doubt is the same query, and each step has its rule."""

from __future__ import annotations

from dataclasses import replace

import pytest

from casework_places import APRIL, AUTUMN, SEPTEMBER, Place, doubt, doubts, expected
from openpeel.casework.log.find import events
from openpeel.casework.queries.deal import accept, answer, hand_to, reopen, withdraw
from openpeel.casework.queries.find import history, queries, query_named
from openpeel.casework.queries.raise_ import Scope, raise_queries
from openpeel.casework.returns.receive import expect_returns
from openpeel.casework.shown import events_plain
from openpeel.errors import UserError

pytestmark = pytest.mark.usefixtures("casework")

OTHER_ROWS = doubt(rows=("I-2", "I-3", "I-4"), count=3)


def kinds(about: str = "Q-0001") -> list[str]:
    return [event.kind.partition(".")[2] for event in events(about)]


def settled() -> None:
    """A query that was raised, answered and accepted."""
    raise_queries([doubt()], "anna")
    answer("Q-0001", "explained", "The clock was wrong.", "kay")
    accept("Q-0001", "anna")


def test_each_doubt_is_a_query() -> None:
    raised = raise_queries(doubts(3), "anna")
    assert raised.new == ["Q-0001", "Q-0002", "Q-0003"]
    query = query_named("Q-0001")
    assert (query.state, query.severity, query.force, query.type) == (
        "open", "blocking", "kent", "responding.incident",
    )  # fmt: skip
    assert (query.rows, query.count, query.check_id) == (["I-1", "I-2"], 2, "rules.broken")
    assert kinds() == ["raised"]
    (event,) = events_plain(events("Q-0001"))
    assert event["payload"]["rows"] == ["I-1", "I-2"]


def test_the_same_doubt_is_the_same_query() -> None:
    raise_queries([doubt()], "anna")
    again = raise_queries([doubt()], "anna")
    assert (again.new, again.same) == ([], ["Q-0001"])
    assert kinds() == ["raised"]
    assert len(queries()) == 1


def test_a_doubt_given_twice_is_one_query() -> None:
    assert raise_queries([doubt(), doubt()], "anna").new == ["Q-0001"]


def test_rows_in_another_order_are_the_same_rows() -> None:
    raise_queries([doubt()], "anna")
    assert raise_queries([doubt(rows=("I-2", "I-1"))], "anna").same == ["Q-0001"]


def test_other_rows_change_the_query_and_tell_which() -> None:
    raise_queries([doubt()], "anna")
    assert raise_queries([OTHER_ROWS], "ben").changed == ["Q-0001"]
    query = query_named("Q-0001")
    assert (query.rows, query.count, query.state) == (["I-2", "I-3", "I-4"], 3, "open")
    told = events_plain(events("Q-0001"))[-1]
    assert (told["actor"], told["kind"]) == ("ben", "query.rows-changed")
    assert told["payload"]["rows_new"] == ["I-3", "I-4"]
    assert told["payload"]["rows_gone"] == ["I-1"]


def test_other_words_or_severity_change_the_query() -> None:
    raise_queries([doubt()], "anna")
    assert raise_queries([doubt(severity="note", text="Look again.")], "anna").changed == ["Q-0001"]
    query = query_named("Q-0001")
    assert (query.severity, query.text) == ("note", "Look again.")


def test_what_is_no_longer_found_is_noted_and_stays_open() -> None:
    raise_queries(doubts(2), "anna")
    assert raise_queries(doubts(1), "anna").gone == ["Q-0002"]
    query = query_named("Q-0002")
    assert (query.state, bool(query.gone_at)) == ("open", True)
    assert kinds("Q-0002") == ["raised", "no-longer-found"]
    assert raise_queries(doubts(1), "anna").gone == []  # said once
    found = raise_queries(doubts(2), "anna")
    assert found.same == ["Q-0001", "Q-0002"]
    assert query_named("Q-0002").gone_at == ""
    assert kinds("Q-0002")[-1] == "found-again"


@pytest.mark.parametrize(
    ("scope", "gone"),
    [
        (Scope(), True),
        (Scope(forces=frozenset({"kent"})), True),
        (Scope(forces=frozenset({"essex"})), False),
        (Scope(types=frozenset({"responding.call"})), False),
        (Scope(checks=frozenset({"months.missing"})), False),
        (Scope(months=(APRIL, SEPTEMBER)), True),
        (Scope(months=(APRIL + 1, SEPTEMBER)), False),
    ],
)
def test_a_check_says_nothing_about_what_it_did_not_look_at(scope: Scope, gone: bool) -> None:
    raise_queries([doubt()], "anna")
    assert bool(raise_queries([], "anna", scope=scope).gone) == gone


def test_a_doubt_of_all_months_lies_outside_some_months() -> None:
    raise_queries([doubt(months=None)], "anna")
    assert raise_queries([], "anna", scope=Scope(months=(APRIL, SEPTEMBER))).gone == []


def test_the_way_of_a_query() -> None:
    settled()
    assert query_named("1").state == "accepted"
    assert kinds() == ["raised", "answered", "accepted"]
    (given,), _ = history(query_named("q-1"))
    assert (given.kind, given.text, given.by) == ("explained", "The clock was wrong.", "kay")


def test_a_settled_query_found_again_with_its_rows_stays_settled() -> None:
    settled()
    assert raise_queries([doubt()], "anna").same == ["Q-0001"]
    assert query_named("Q-0001").state == "accepted"


def test_a_settled_query_found_again_with_other_rows_is_reopened() -> None:
    settled()
    raised = raise_queries([OTHER_ROWS], "anna")
    assert (raised.changed, raised.reopened) == (["Q-0001"], ["Q-0001"])
    assert query_named("Q-0001").state == "reopened"
    assert kinds()[-2:] == ["rows-changed", "reopened"]


@pytest.mark.parametrize("kind", ["explained", "corrected", "withdrawn"])
@pytest.mark.parametrize("accepted_first", [True, False])
def test_what_was_mended_and_comes_back_is_reopened(kind: str, accepted_first: bool) -> None:
    raise_queries([doubt()], "anna")
    answer("Q-0001", kind, "So.", "kay")
    if accepted_first:
        accept("Q-0001", "anna")
    assert raise_queries([], "anna").gone == ["Q-0001"]
    if not accepted_first:
        accept("Q-0001", "anna")
    assert raise_queries([doubt()], "anna").reopened == ([] if kind == "explained" else ["Q-0001"])
    assert query_named("Q-0001").state == ("accepted" if kind == "explained" else "reopened")


def test_corrected_and_still_found_when_accepted_stays_settled() -> None:
    raise_queries([doubt()], "anna")
    answer("Q-0001", "corrected", "So.", "kay")
    raise_queries([doubt()], "anna")
    accept("Q-0001", "anna")
    assert raise_queries([doubt()], "anna").reopened == []


def test_other_words_alone_reopen_nothing() -> None:
    settled()
    assert raise_queries([doubt(text="In other words.")], "anna").reopened == []
    assert query_named("Q-0001").state == "accepted"


def test_a_reopened_query_is_answered_anew() -> None:
    settled()
    reopen("Q-0001", "ben", "Which clock?")
    assert answer("Q-0001", "corrected", "Corrected.", "kay").kind == "corrected"
    accept("Q-0001", "ben")
    answers, _ = history(query_named("Q-0001"))
    assert [a.kind for a in answers] == ["explained", "corrected"]


def test_a_withdrawn_query_comes_back_with_other_rows_alone() -> None:
    raise_queries([doubt()], "anna")
    withdraw("Q-0001", "anna", "The rule was wrong.")
    assert raise_queries([doubt()], "anna").reopened == []
    assert raise_queries([OTHER_ROWS], "anna").reopened == ["Q-0001"]


def test_an_analyst_who_answered_does_not_accept() -> None:
    raise_queries([doubt()], "anna")
    answer("Q-0001", "explained", "They said so by telephone.", "anna")
    with pytest.raises(UserError, match="anna answered Q-0001 and may not accept it"):
        accept("Q-0001", "anna")
    assert accept("Q-0001", "ben").state == "accepted"


@pytest.mark.parametrize("by", ["kay", "ina", "ada"])
def test_only_an_analyst_accepts_reopens_and_withdraws(by: str) -> None:
    raise_queries([doubt()], "anna")
    with pytest.raises(UserError, match="may not withdraw a query"):
        withdraw("Q-0001", by, "No.")
    answer("Q-0001", "explained", "So.", "kay")
    with pytest.raises(UserError, match="may not accept a query"):
        accept("Q-0001", by)
    with pytest.raises(UserError, match="may not reopen a query"):
        reopen("Q-0001", by, "No.")
    assert kinds() == ["raised", "answered"]


def test_steps_that_do_not_go() -> None:
    raise_queries([doubt()], "anna")
    with pytest.raises(UserError, match="Q-0001 is open, so one cannot accept it; it needs an answer first"):
        accept("Q-0001", "anna")
    with pytest.raises(UserError, match="Q-0001 is open, so one cannot reopen it"):
        reopen("Q-0001", "anna", "Why?")
    answer("Q-0001", "explained", "So.", "kay")
    with pytest.raises(UserError, match="Q-0001 is answered, so one cannot answer it"):
        answer("Q-0001", "explained", "So.", "kay")
    accept("Q-0001", "anna")
    with pytest.raises(UserError, match="an analyst can reopen it, with a reason"):
        answer("Q-0001", "explained", "So.", "kay")
    with pytest.raises(UserError, match="Q-0001 is accepted, so one cannot withdraw it"):
        withdraw("Q-0001", "anna", "No.")
    assert kinds() == ["raised", "answered", "accepted"]


@pytest.mark.parametrize(
    ("kind", "text", "intake", "told"),
    [
        ("maybe", "So.", "", "there is no answer of the kind 'maybe'"),
        ("explained", " \n", "", "the answer is blank"),
        ("explained", "a\0b", "", "characters that are no text"),
        ("explained", "\udc80", "", "characters that are no text"),
        ("explained", "x" * 10_001, "", "10001 characters"),
        ("explained", "So.", "i-1", "names no intake"),
        ("corrected", "So.", "../i-1", "there is no intake"),
    ],
)
def test_what_is_no_answer(kind: str, text: str, intake: str, told: str) -> None:
    raise_queries([doubt()], "anna")
    with pytest.raises(UserError, match=told):
        answer("Q-0001", kind, text, "kay", intake)
    assert query_named("Q-0001").state == "open"


def test_a_correction_names_its_intake(casework: Place) -> None:
    (casework.root / "intake" / "20241101-1").mkdir()
    raise_queries([doubt()], "anna")
    assert answer("Q-0001", "corrected", "Sent again.", "kay", "20241101-1").intake == "20241101-1"


@pytest.mark.parametrize("id_", ["Q-0002", "Q-", "", "kent", "-1", "Q-0001.5"])
def test_a_query_that_is_not_there(id_: str) -> None:
    raise_queries([doubt()], "anna")
    with pytest.raises(UserError, match="there is no query"):
        query_named(id_)


def test_a_query_is_handed_to_somebody() -> None:
    raise_queries([doubt()], "anna")
    assert hand_to("Q-0001", "kay", "anna").owner == "kay"
    with pytest.raises(UserError, match="ed cannot deal with a query of kent"):
        hand_to("Q-0001", "ed", "anna")
    with pytest.raises(UserError, match="ina cannot deal"):
        hand_to("Q-0001", "ina", "anna")
    assert query_named("Q-0001").owner == "kay"


def test_queries_are_found_by_what_they_are() -> None:
    expected("kent")
    raise_queries([doubt(), doubt(force="essex", severity="warning"), doubt(months=None)], "anna")
    answer("Q-0001", "explained", "So.", "kay")
    accept("Q-0001", "anna")
    assert [q.id_ for q in queries(force="essex")] == ["Q-0002"]
    assert [q.id_ for q in queries(state="accepted")] == ["Q-0001"]
    assert [q.id_ for q in queries(state="unsettled")] == ["Q-0002", "Q-0003"]
    assert [q.id_ for q in queries(severity="warning")] == ["Q-0002"]
    assert [q.id_ for q in queries(collection="2024-autumn")] == ["Q-0001"]
    with pytest.raises(UserError, match="there is no state 'closed'"):
        queries(state="closed")
    with pytest.raises(UserError, match="there is no severity 'high'"):
        queries(severity="high")


def test_a_query_belongs_to_the_return_its_months_touch() -> None:
    spring = replace(AUTUMN, id="2025-spring", first=SEPTEMBER + 1, last=SEPTEMBER + 6)
    expect_returns(AUTUMN, ["kent"], "anna")
    expect_returns(spring, ["kent"], "anna")
    raise_queries([doubt(), doubt(months=(SEPTEMBER + 2,) * 2), doubt(months=None)], "anna")
    assert [q.of.collection if q.of else None for q in queries()] == ["2024-autumn", "2025-spring", None]


def test_a_check_of_a_collection_raises_queries_of_it() -> None:
    expected("kent")
    long_ago = doubt(months=(APRIL - 24, APRIL - 24))
    raise_queries([doubt(months=None), doubt(force="essex"), long_ago], "anna", collection="2024-autumn")
    assert [q.of.force if q.of else None for q in queries()] == ["kent", None, None]


def test_a_query_raised_before_its_return_was_expected_joins_it() -> None:
    raise_queries([doubt()], "anna")
    expected("kent")
    assert [q.id_ for q in queries(collection="2024-autumn")] == ["Q-0001"]
    assert kinds() == ["raised", "joined-return"]


def test_a_query_of_all_months_joins_the_return_of_a_collections_check() -> None:
    raise_queries([doubt(months=None)], "anna")
    expected("kent")
    raise_queries([doubt(months=None)], "anna", collection="2024-autumn")
    assert [q.id_ for q in queries(collection="2024-autumn")] == ["Q-0001"]


def test_rows_that_no_text_column_takes_come_back_as_they_were() -> None:
    odd = ("a\0b", "\udc80", 'q"uote', "Ł", "")
    raise_queries([doubt(rows=odd, text="Odd\0text")], "anna")
    query = query_named("Q-0001")
    assert tuple(query.rows) == odd
    assert query.text == "Odd\ufffdtext"
    assert raise_queries([doubt(rows=odd, text="Odd\0text")], "anna").same == ["Q-0001"]
