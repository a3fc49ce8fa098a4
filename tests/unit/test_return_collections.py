"""Collections: those by rule, and a workspace's own."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from return_fixture import TRIAL, declare

from openpeel.catalogue import shipped
from openpeel.engine.clock import month_text, parse_months
from openpeel.errors import UserError
from openpeel.sources.returns.collections import collection_named, collections_of


@pytest.mark.parametrize(
    ("name", "months", "due", "financial_year"),
    [
        ("2024-autumn", "2024-04..2024-09", date(2024, 10, 31), "2024-04"),
        ("2024-spring", "2024-10..2025-03", date(2025, 4, 30), "2024-04"),
        ("2025-autumn", "2025-04..2025-09", date(2025, 10, 31), "2025-04"),
    ],
)
def test_the_rule(name: str, months: str, due: date, financial_year: str) -> None:
    found = collection_named(name)
    assert (found.id, (found.first, found.last), found.due) == (name, parse_months(months), due)
    assert "assumption" in found.assumption
    by_sheet = {t.sheet: t for t in found.tables}
    assert found.months_of(by_sheet["Calls"]) == (found.first, found.last)
    assert {month_text(m) for m in found.months_of(by_sheet["Finance"])} == {financial_year}


def test_every_returned_count_is_asked_for_in_every_collection() -> None:
    asked = {t.type for t in collection_named("2024-autumn").tables}
    counted = {t.id for t in shipped().types.values() if t.kind == "returned count"}
    assert counted < asked and asked <= set(shipped().types)
    assert asked - counted == {"leadership.finance_line"}


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("2024-summer", "2024-spring or 2024-autumn"),
        ("autumn", "2024-autumn"),
        ("2031-autum", "2031-autumn"),
        ("trail", "trial"),
        ("", "trial or 2024-autumn or 2024-spring"),
    ],
)
def test_an_unknown_one_is_refused_with_near_ones(workspace: Path, name: str, hint: str) -> None:
    declare(workspace)
    with pytest.raises(UserError) as error:
        collection_named(name, workspace)
    assert error.value.line() == f"--collection: there is no collection `{name}`; did you mean {hint}?"


def test_a_workspaces_own_stand_beside_those_by_rule(workspace: Path) -> None:
    declare(workspace)
    found = collections_of(range(2023, 2025), workspace)
    assert [c.id for c in found] == ["2023-autumn", "2023-spring", "trial", "2024-autumn", "2024-spring"]
    trial = found[2]
    assert trial.period() == "1 April 2024 to 31 May 2024" and trial.assumption == ""
    assert [t.sheet for t in trial.tables] == ["Calls", "Bail", "Digital exhibits", "Finance"]
    assert [c.id for c in collections_of([2024])] == ["2024-autumn", "2024-spring"]


OWN = '[[table]]\nsheet = "Own"\ntype = "local.own"\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id = ", "is not TOML"),
        (TRIAL + "colour = 1", "`colour` is not a part of a collection"),
        (TRIAL.replace('"trial"', '"2024-autumn"'), "`2024-autumn` cannot be its id"),
        (TRIAL.replace('"trial"', '"A trial"'), "`A trial` cannot be its id"),
        (TRIAL.replace('id = "trial"', ""), "does not say `id`"),
        (TRIAL.replace('"trial"', "7"), "`id` is 7"),
        (TRIAL.replace("2024-05", "2024-03"), "runs backwards"),
        (TRIAL.replace("2024-05", "soon"), "`soon` is not a month"),
        (TRIAL.replace("2024-06-30", "2024-05-31"), "it is due 2024-05-31, before 2024-05 has ended"),
        (TRIAL.replace("2024-06-30", '"June"'), "`due` is 'June'"),
        (TRIAL.replace("2024-06-30", "2024-06-30T10:00:00"), "`due` is datetime"),
        (TRIAL.replace('"Bail"', '"Bails"'), "there is no table 'Bails'"),
        (TRIAL.replace('"Bail"', '"Calls"'), "two of its tables have one sheet"),
        (TRIAL.replace('"Calls", "Bail", "Digital exhibits", "Finance"', ""), "asks for no table"),
        (TRIAL + OWN + "colour = 1", "a table is {"),
        (TRIAL + OWN.replace('"Own"', '"a/b"'), "a sheet cannot be called 'a/b'"),
        (TRIAL + OWN + 'rows = "weekly"', "`rows` is 'weekly'"),
        (TRIAL + OWN + 'span = "week"', "`span` is 'week'"),
        (TRIAL + OWN + "lines = 0", "`lines` is 0"),
        (TRIAL + OWN.replace("local.own", "offenders.returned_bail"), "two of its tables are of one record type"),
        ("table = [1]\n" + TRIAL, "a table is 1"),
    ],
)  # fmt: skip
def test_a_wrong_one_is_refused_and_its_file_named(workspace: Path, text: str, said: str) -> None:
    declare(workspace, text)
    with pytest.raises(UserError) as error:
        collections_of([2024], workspace)
    assert said in error.value.what and "trial.toml" in error.value.where and error.value.do


def test_two_of_one_id_are_refused(workspace: Path) -> None:
    declare(workspace)
    declare(workspace, TRIAL, "other")
    with pytest.raises(UserError, match="`trial` is declared twice"):
        collection_named("trial", workspace)
