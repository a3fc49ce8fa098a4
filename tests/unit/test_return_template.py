"""The workbook that a force gets: complete, locked but for what is to be filled in, and the same every time."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from return_fixture import declare, plan, template

from openpeel.catalogue import shipped
from openpeel.errors import UserError
from openpeel.sources.returns.layout import HEADER_ROW, OTHER_SHEETS
from openpeel.sources.returns.workbook import write_workbook


@pytest.fixture(scope="module")
def book() -> Any:
    return openpyxl.load_workbook(io.BytesIO(write_workbook(plan(None, "2024-autumn"), "Kent")))


def test_one_sheet_a_table_with_every_row_laid_out(book: Any) -> None:
    asked = plan(None, "2024-autumn")
    names = [s.name for s in asked.sheets]
    assert [s for s in book.sheetnames if s not in OTHER_SHEETS] == names and len(names) == 14
    calls = book["Calls"]
    assert [c.value for c in calls[HEADER_ROW]] == [
        "Month", "Line", "Calls received", "Calls answered", "Answered within 10 seconds", "Calls abandoned",
    ]  # fmt: skip
    rows = [(r[0].value, r[1].value, r[2].value) for r in calls.iter_rows(min_row=HEADER_ROW + 1)]
    assert rows == [(dt.datetime(2024, m, 1), line, None) for m in range(4, 10) for line in ("999", "101")]
    bail = [(r[0].value, r[1].value) for r in book["Bail"].iter_rows(min_row=HEADER_ROW + 1)]
    assert bail == [
        (dt.datetime(2024, 9, 30), k) for k in ("bail before charge", "released under investigation")
    ]
    for sheet in asked.sheets:
        told = " ".join(
            str(c.value) for row in book[sheet.name].iter_rows(max_row=HEADER_ROW - 1) for c in row
        )
        for text in (
            sheet.type.title,
            sheet.type.meaning,
            sheet.type.export,
            *(c.meaning for c in sheet.columns),
        ):
            assert text in told


def test_only_what_is_to_be_filled_in_is_unlocked(book: Any) -> None:
    asked = {s.name: s for s in plan(None, "2024-autumn").sheets}
    for sheet in book.worksheets:
        assert sheet.protection.sheet, sheet.title
        loose = {c.coordinate for row in sheet.iter_rows() for c in row if not c.protection.locked}
        if sheet.title not in asked:
            assert bool(loose) == (sheet.title == "Notes")
            continue
        mine = asked[sheet.title]
        keys = len(mine.type.key) if mine.rows else 0
        lines = len(mine.rows) or mine.asked.lines
        assert len(loose) == (len(mine.columns) - keys) * lines
        assert not any(c.value for row in sheet.iter_rows() for c in row if not c.protection.locked)


def test_lists_dates_and_numbers_are_held_by_rules(book: Any) -> None:
    def rules(name: str) -> dict[str, tuple[str, str]]:
        held = book[name].data_validations.dataValidation
        return {str(r.sqref).split(":")[0]: (r.type, r.formula1) for r in held}

    calls = rules("Calls")
    assert set(calls) == {"C6", "D6", "E6", "F6"} and {kind for kind, _ in calls.values()} == {"custom"}
    assert calls["C6"][1] == 'IF(ISNUMBER(C6),AND(C6>=0,C6=INT(C6)),LOWER(C6)="not applicable")'
    assert rules("Workforce")["D6"][1] == 'IF(ISNUMBER(D6),AND(D6>=0),LOWER(D6)="not applicable")'
    finance = rules("Finance")
    assert finance["A6"][0] == "date" and finance["D6"] == (
        "list",
        '"income,spending,saving,reserve,capital"',
    )
    assert finance["E6"] == ("list", '"yes,no"')


def test_long_lists_stand_in_a_sheet_of_their_own(workspace: Path) -> None:
    words = ", ".join(f'"word number {n} of a long list"' for n in range(20))
    (workspace / "local" / "own.toml").write_text(f"""
[[record_type]]
id = "local.own"
title = "Own counts"
kind = "returned count"
anchor = "counted_on"
key = ["counted_on"]
meaning = "One."
export = "All."
columns = [
  {{ name = "counted_on", type = "date", meaning = "Day.", required = true }},
  {{ name = "sort", type = "text", meaning = "Sort.", allowed = [{words}] }},
]
""")
    own = '[[table]]\nsheet = "Own"\ntype = "local.own"\nrows = "at end"\n'
    declare(workspace, f'id = "trial"\nmonths = "2024-04"\ndue = 2024-06-30\n{own}')
    opened = openpyxl.load_workbook(io.BytesIO(template(workspace)))
    (rule,) = opened["Own"].data_validations.dataValidation
    assert (rule.type, rule.formula1) == ("list", "'Lists'!$A$2:$A$21")
    assert opened["Lists"]["A21"].value == "word number 19 of a long list"


def test_totals_stand_out_and_are_not_worked_out(book: Any) -> None:
    rows = list(book["Incidents"].iter_rows(min_row=HEADER_ROW + 1))
    bold = [r[1].value for r in rows if r[1].font.bold]
    assert bold == ["All"] * 6
    assert not any(
        str(c.value).startswith("=") for s in book.worksheets for row in s.iter_rows() for c in row
    )


def test_the_instructions_say_what_when_how_and_to_whom(book: Any) -> None:
    told = {r[0].value: r[1].value for r in book["Read me first"].iter_rows() if r[0].value}
    assert told["Period"] == "1 April 2024 to 30 September 2024" and told["Due"] == "31 October 2024"
    assert "whoever sent you this workbook" in told["Goes back to"]
    assert "assumption" in told["Please note"]
    assert "blank" in told["Not known"] and "0" in told["None"] and "not applicable" in told["Does not apply"]
    assert {s.name for s in plan(None, "2024-autumn").sheets} <= set(told)


def test_the_same_arguments_give_the_same_bytes_and_others_others() -> None:
    asked = plan(None, "2024-autumn")
    one = write_workbook(asked, "Kent")
    assert one == write_workbook(plan(None, "2024-autumn"), "Kent")
    with zipfile.ZipFile(io.BytesIO(one)) as archive:
        assert {i.date_time[:3] for i in archive.infolist()} == {(1980, 1, 1)}
        assert b"2000-01-01T00:00:00Z" in archive.read("docProps/core.xml")
    seals = {
        plan(None, c, f).seal()
        for c in ("2024-autumn", "2024-spring", "2023-autumn")
        for f in ("kent", "essex")
    }
    assert len(seals) == 6


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ('type = "responding.nothing"', "there is no record type `responding.nothing`"),
        ('type = "responding.call"', "a return holds no names or numbers of persons"),
        ('type = "investigating.street_crime"', "investigating.street_crime has no key to tell its rows by"),
        ('type = "leadership.finance_line"', "`line_id` has no list of values to lay out"),
        ('type = "leadership.finance_line"\nrows = "open"\ncolumns = ["nothing"]',
         "leadership.finance_line has no column `nothing`"),
    ],
)  # fmt: skip
def test_a_table_that_cannot_be_laid_out_is_refused(workspace: Path, table: str, said: str) -> None:
    text = 'id = "trial"\nmonths = "2024-04"\ndue = 2024-06-30\n[[table]]\nsheet = "Own"\n'
    declare(workspace, text + table)
    with pytest.raises(UserError) as error:
        template(workspace)
    assert error.value.what == said and error.value.where == "collection trial, table Own"


def test_an_open_table_of_some_columns_has_those_that_are_needed_too(workspace: Path) -> None:
    text = 'id = "trial"\nmonths = "2024-04"\ndue = 2024-06-30\n[[table]]\nsheet = "Own"\nrows = "open"\nlines = 3\n'
    declare(workspace, text + 'type = "leadership.finance_line"\ncolumns = ["budget"]')
    (sheet,) = plan(workspace).sheets
    assert [c.name for c in sheet.columns] == ["year_starts_on", "line_id", "line_kind", "budget"]
    opened = openpyxl.load_workbook(io.BytesIO(template(workspace)))
    assert opened["Own"].max_row == HEADER_ROW + 3
    assert shipped().types["leadership.finance_line"].key == ("year_starts_on", "line_id")
    assert plan(workspace).collection.due == date(2024, 6, 30)
