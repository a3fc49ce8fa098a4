"""Returns: state is worked out for a day, and sign-off covers what was there and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from casework_places import AUTUMN, Place, doubt, expected, received
from openpeel.casework.log.find import events
from openpeel.casework.models import Receipt
from openpeel.casework.queries.deal import accept, answer, reopen, withdraw
from openpeel.casework.queries.raise_ import Scope, raise_queries
from openpeel.casework.returns.receive import CollectionPeriod, expect_returns, record_receipt
from openpeel.casework.returns.sign_off import sign_off, take_back_sign_off
from openpeel.casework.returns.status import Standing, standings
from openpeel.errors import UserError

pytestmark = pytest.mark.usefixtures("casework")

DUE, AFTER = date(2024, 10, 31), date(2024, 11, 1)


def standing(day: date = AFTER, force: str = "kent") -> Standing:
    return next(s for s in standings(day, "2024-autumn") if s.force == force)


def kinds(about: str = "2024-autumn/kent") -> list[str]:
    return [event.kind for event in events(about)]


def test_a_return_is_missing_only_after_its_due_day() -> None:
    expected()
    assert [s.state for s in standings(DUE)] == ["expected", "expected"]
    assert [(s.state, s.days_late) for s in standings(AFTER)] == [("missing", 1), ("missing", 1)]
    assert [s.state for s in standings(DUE)] == ["expected", "expected"]  # nothing was stored
    assert standings(DUE, "2099-spring") == []


@pytest.mark.parametrize(
    ("day", "state", "late"), [(DUE, "received", 0), (AFTER, "late", 1), (date(2024, 11, 10), "late", 10)]
)
def test_a_return_is_late_if_it_came_after_its_due_day(day: date, state: str, late: int) -> None:
    expected()
    received(day=day)
    assert (standing(date(2025, 1, 1)).state, standing(date(2025, 1, 1)).days_late) == (state, late)


def test_a_correction_after_the_due_day_does_not_make_it_late() -> None:
    received(day=DUE)
    received(day=AFTER, content="2")
    assert (standing().state, standing().receipts, standing().received) == ("received", 2, DUE)


def test_the_same_file_is_the_same_receipt() -> None:
    assert received().number == 1
    assert received().number == 1
    assert received(content="2").number == 2
    assert kinds() == ["return.expected", "return.received", "return.received"]


def test_a_return_nobody_expected_is_expected_from_now_on() -> None:
    received("essex")
    assert standing(force="essex").state == "received"
    assert kinds("2024-autumn/essex") == ["return.expected", "return.received"]


def test_expecting_twice_changes_nothing_and_a_new_due_day_is_told() -> None:
    expected()
    expected()
    assert kinds() == ["return.expected"]
    expect_returns(replace(AUTUMN, due=date(2024, 11, 30)), ["kent"], "anna")
    assert standing().state == "expected"
    assert kinds() == ["return.expected", "return.due-changed"]


def test_a_collection_has_one_period() -> None:
    expected()
    with pytest.raises(UserError, match=r"is expected for 2024-04\.\.2024-09, not 2024-03\.\.2024-09"):
        expect_returns(replace(AUTUMN, first=AUTUMN.first - 1), ["kent"], "anna")


@pytest.mark.parametrize("by", ["kay", "ina"])
def test_who_says_which_returns_are_expected(by: str) -> None:
    with pytest.raises(UserError, match="may not say which returns are expected"):
        expect_returns(AUTUMN, ["kent"], by)


def test_a_force_brings_in_its_own_return_alone() -> None:
    with pytest.raises(UserError, match="may not bring in a return of essex"):
        record_receipt(AUTUMN, "essex", intakes=[], file_hash="1" * 64, received=DUE, by="kay")
    assert not Receipt.objects.exists()
    assert record_receipt(AUTUMN, "kent", intakes=[], file_hash="1" * 64, received=DUE, by="kay").by == "kay"


def test_a_name_that_a_database_would_cut_is_refused() -> None:
    with pytest.raises(UserError, match="61 characters"):
        expect_returns(CollectionPeriod("x" * 61, 1, 2, DUE), ["kent"], "anna")


def test_queries_put_a_return_under_query_but_notes_do_not() -> None:
    received()
    raise_queries([doubt(severity="note")], "anna")
    assert (standing().state, standing().unsettled, standing().blocking) == ("received", ("Q-0001",), ())
    raise_queries([doubt(severity="note"), doubt(severity="warning", subject="b")], "anna")
    assert (standing().state, standing().blocking) == ("under query", ())
    withdraw("Q-0002", "anna", "No doubt.")
    assert standing().state == "received"


def test_sign_off_waits_for_every_blocking_query() -> None:
    received()
    raise_queries([doubt(), doubt(subject="b"), doubt(subject="c", severity="warning")], "anna")
    with pytest.raises(
        UserError, match=r"blocking queries are not accepted: Q-0001 \(open\), Q-0002 \(open\);"
    ):
        sign_off("kent", "2024-autumn", "anna")
    answer("Q-0001", "explained", "So.", "kay")
    withdraw("Q-0002", "anna", "No doubt.")
    with pytest.raises(UserError, match=r"not accepted: Q-0001 \(answered\);"):
        sign_off("kent", "2024-autumn", "anna")
    accept("Q-0001", "anna")
    reopen("Q-0001", "anna", "Not so.")
    with pytest.raises(UserError, match=r"Q-0001 \(reopened\)"):
        sign_off("kent", "2024-autumn", "anna")
    answer("Q-0001", "explained", "Really so.", "kay")
    accept("Q-0001", "anna")
    assert "return.signed-off" not in kinds()
    signed = sign_off("kent", "2024-autumn", "anna")
    assert (signed.intakes, signed.receipts, signed.by) == (["i-1"], 1, "anna")
    assert (standing().state, standing().signed_by) == ("signed off", "anna")


def test_many_blocking_queries_are_counted_past_the_twentieth() -> None:
    received()
    raise_queries([doubt(subject=str(n)) for n in range(23)], "anna")
    with pytest.raises(UserError, match=r"Q-0020 \(open\) and 3 more"):
        sign_off("kent", "2024-autumn", "anna")


def test_another_forces_query_does_not_block() -> None:
    expected()
    received()
    raise_queries([doubt(force="essex")], "anna")
    assert sign_off("kent", "2024-autumn", "anna").receipts == 1


@pytest.mark.parametrize("by", ["kay", "ina", "ada"])
def test_only_an_analyst_signs_off(by: str) -> None:
    received()
    with pytest.raises(UserError, match="may not sign a return off"):
        sign_off("kent", "2024-autumn", by)


def test_nothing_received_is_not_signed_off() -> None:
    expected()
    with pytest.raises(UserError, match="nothing was received of 2024-autumn/kent"):
        sign_off("kent", "2024-autumn", "anna")
    with pytest.raises(UserError, match="no return of surrey is expected"):
        sign_off("surrey", "2024-autumn", "anna")


def test_a_correction_after_the_sign_off_is_not_covered() -> None:
    received()
    sign_off("kent", "2024-autumn", "anna")
    with pytest.raises(UserError, match="is signed off already, by anna"):
        sign_off("kent", "2024-autumn", "ben")
    received(content="2", intake="i-2", day=AFTER)
    assert (standing().state, standing().signed_by) == ("received", "")
    assert "covers 1 of 2 receipts" in standing().note
    signed = sign_off("kent", "2024-autumn", "ben")
    assert signed.intakes == ["i-1", "i-2"]
    assert (standing().state, standing().signed_by) == ("signed off", "ben")
    assert kinds()[-2:] == ["return.sign-off-taken-back", "return.signed-off"]


def test_a_blocking_query_after_the_sign_off_opens_the_return_again() -> None:
    received()
    sign_off("kent", "2024-autumn", "anna")
    raise_queries([doubt()], "anna")
    assert standing().state == "under query"
    assert "Q-0001" in standing().note


def test_a_sign_off_is_taken_back_with_a_reason() -> None:
    received()
    with pytest.raises(UserError, match="is not signed off"):
        take_back_sign_off("kent", "2024-autumn", "anna", "Why not.")
    sign_off("kent", "2024-autumn", "anna")
    with pytest.raises(UserError, match="the reason is blank"):
        take_back_sign_off("kent", "2024-autumn", "anna", " ")
    with pytest.raises(UserError, match="may not take a sign-off back"):
        take_back_sign_off("kent", "2024-autumn", "kay", "It was wrong.")
    taken = take_back_sign_off("kent", "2024-autumn", "ben", "A correction is coming.")
    assert (taken.undone_by, taken.undone_reason) == ("ben", "A correction is coming.")
    assert standing().state == "received"
    assert sign_off("kent", "2024-autumn", "anna").by == "anna"


def test_the_whole_of_a_collection(casework: Place) -> None:
    forces = [f"force-{n}" for n in range(43)]
    expect_returns(AUTUMN, forces, "anna")
    for n, force in enumerate(forces[:41]):
        received(force, date(2024, 11, 3) if n < 3 else DUE, content="abcdef"[n % 6])
    states = [s.state for s in standings(date(2024, 11, 5))]
    assert (states.count("received"), states.count("late"), states.count("missing")) == (38, 3, 2)
    assert casework.root.is_dir()


def test_a_sign_off_says_if_no_check_saw_what_came_in_last() -> None:
    received()
    assert "no check was raised since the last receipt" in sign_off("kent", "2024-autumn", "anna").note
    raise_queries([], "anna", scope=Scope(forces=frozenset({"essex"})))
    raise_queries([], "anna", scope=Scope(types=frozenset({"responding.call"})))
    take_back_sign_off("kent", "2024-autumn", "anna", "Not checked.")
    assert sign_off("kent", "2024-autumn", "anna").note
    take_back_sign_off("kent", "2024-autumn", "anna", "Not checked.")
    raise_queries([], "anna")
    assert sign_off("kent", "2024-autumn", "anna").note == ""
