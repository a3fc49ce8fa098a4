"""Workbooks that are refused whole, each with one line that says why; nothing of them is taken in."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl.workbook import Workbook
from return_fixture import TRIAL, bring, changed, declare, filled, template, why

from helpers import tree


@pytest.fixture
def trial(workspace: Path) -> Path:
    declare(workspace)
    return workspace


def cell(sheet: str, at: str, value: Any) -> Callable[[Any], None]:
    def change(book: Any) -> None:
        book[sheet][at] = value

    return change


def _rename(book: Any) -> None:
    book["Bail"].title = "Bail 2024"


def _swap(book: Any) -> None:
    book["Calls"]["C5"], book["Calls"]["D5"] = "Calls answered", "Calls received"


def _strange(book: Any) -> None:
    book.create_sheet("My workings")["B2"] = 5


CHANGES: dict[str, tuple[Callable[[Any], object], str]] = {
    "missing sheet": (lambda b: b.remove(b["Bail"]), "its layout was changed: the sheet Bail is missing"),
    "renamed sheet": (
        _rename,
        "its layout was changed: the sheet Bail is missing (there is a sheet Bail 2024)",
    ),
    "unknown sheet": (
        _strange,
        "its layout was changed: the sheet My workings does not belong to the return",
    ),
    "renamed column": (
        cell("Calls", "D5", "Answered"),
        "its layout was changed: sheet Calls, cell D5: holds `Answered` where the heading `Calls answered` belongs",
    ),
    "moved columns": (
        _swap,
        "its layout was changed: sheet Calls, cell C5: holds `Calls answered` where the heading `Calls received` "
        "belongs (it stands in D5); sheet Calls, cell D5: holds `Calls received` where the heading `Calls answered` "
        "belongs (it stands in C5)",
    ),
    "removed column": (
        lambda b: b["Bail"].delete_cols(3),
        "its layout was changed: sheet Bail, cell C5: holds `Past limit` where the heading `Suspects` belongs; "
        "sheet Bail, cell D5: holds `Over 180 days` where the heading `Past limit` belongs (it stands in C5); "
        "sheet Bail, cell E5: holds nothing where the heading `Over 180 days` belongs (it stands in D5)",
    ),
    "inserted column": (
        lambda b: b["Digital exhibits"].insert_cols(4),
        "its layout was changed: sheet Digital exhibits, cell D5: holds nothing where the heading `Oldest days` "
        "belongs (it stands in E5); sheet Digital exhibits, cell E5: the heading `Oldest days` does not belong",
    ),
    "added column": (
        cell("Bail", "F5", "Comment"),
        "its layout was changed: sheet Bail, cell F5: the heading `Comment` does not belong",
    ),
    "inserted row": (
        lambda b: b["Calls"].insert_rows(1),
        "its layout was changed: sheet Calls: the headings stand in row 6 and belong in row 5",
    ),
    "formula in a heading": (
        cell("Calls", "C5", '="Calls"&" received"'),
        "its layout was changed: sheet Calls, cell C5 holds a formula that was never calculated; open the file in "
        "the spreadsheet program, save it and import it again in the row of headings",
    ),
    "merged headings": (
        lambda b: b["Calls"].merge_cells("C5:D5"),
        "its layout was changed: sheet Calls, cell C5:D5 is merged into one cell: the value stands in the first, the "
        "others look blank in the row of headings",
    ),
    "no rows left": (
        lambda b: b["Bail"].delete_rows(6, 9),
        "its layout was changed: sheet Bail: none of the rows laid out is there",
    ),
    "no sheet that says what it is": (
        lambda b: b.remove(b["Template"]),
        "is no return: it has no sheet Template",
    ),
    "another template": (
        cell("Template", "B1", "other"),
        "is no return: sheet Template does not begin with 'openpeel return'",
    ),
    "no force": (cell("Template", "B3", None), "sheet Template does not say `Force`"),
    "formula for a force": (
        cell("Template", "B3", "=A1"),
        "is no return: sheet Template, cell B3 holds a formula that was never calculated; open the file in the "
        "spreadsheet program, save it and import it again",
    ),
    "unknown force": (cell("Template", "B3", "ruritania"), 'sheet Template: no force called "ruritania"'),
    "another force": (
        cell("Template", "B3", "essex"),
        "was not made for essex and trial in this layout (sheet Template was changed, or the tables were since)",
    ),
    "unknown collection": (
        cell("Template", "B2", "2024-summer"),
        "sheet Template: there is no collection `2024-summer`",
    ),
    "another edition": (
        cell("Template", "B4", 7),
        "is of edition 7 of the workbook, and trial has edition 1",
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_layout_is_refused_whole(trial: Path, name: str) -> None:
    change, said = CHANGES[name]
    book = filled(template(trial), {"Calls": {"C6": 5}})
    before = tree(trial)
    assert why(bring(trial, changed(book, change))) == said
    assert tree(trial) == before, "nothing is half imported"


def test_of_many_changes_three_are_named(trial: Path) -> None:
    def change(book: Any) -> None:
        for at in "ABCDEF":
            book["Calls"][f"{at}5"] = f"Other {at}"

    assert why(bring(trial, changed(template(trial), change))).endswith("belongs (and 3 more)")


def test_what_is_no_workbook_is_refused(trial: Path, tmp_path: Path) -> None:
    for data, said in {
        b"": "is empty",
        b"force,month\n": "is not an .xlsx or .ods file",
        b"PK\x03\x04cut off": "is cut off or damaged",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old": "is a file of the old kind (.xls)",
    }.items():
        assert said in why(bring(trial, data))
    book = io.BytesIO()
    Workbook().save(book)
    assert why(bring(trial, book.getvalue())) == "is no return: it has no sheet Template"
    (tmp_path / "note.txt").write_text("see attached")
    (tmp_path / "~$kent.xlsx").write_bytes(b"lock")
    assert [e.what for e in bring(trial, tmp_path / "note.txt").refused] == [
        "is not a workbook (.xlsx, .ods)"
    ]


def test_a_workbook_with_macros_or_a_bomb_is_refused(trial: Path) -> None:
    whole = template(trial)
    for name, data, said in (
        ("xl/vbaProject.bin", b"x", "holds macros"),
        ("xl/worksheets/sheet99.xml", b"0" * (40 << 20), "refused as a zip bomb"),
    ):
        out = io.BytesIO(whole)
        with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, data)
        assert said in why(bring(trial, out.getvalue()))


def test_files_beside_the_workbooks_of_a_folder_are_passed_over(trial: Path, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "kent.xlsx").write_bytes(template(trial))
    (folder / "~$kent.xlsx").write_bytes(b"lock")
    (folder / "mail.txt").write_text("see attached")
    taken = bring(trial, folder)
    assert [r.force for r in taken.returns] == ["kent"] and not taken.refused
    assert len(taken.skipped) == 2 and all("not a workbook" in s for s in taken.skipped)


def test_a_period_that_has_not_ended_is_refused(workspace: Path) -> None:
    declare(workspace, TRIAL.replace("2024-04..2024-05", "2998-04..2998-05").replace("2024-06", "2998-06"))
    assert "1 April 2998 to 31 May 2998, and that has not ended" in why(bring(workspace, template(workspace)))


def test_a_table_that_changed_since_the_template_was_made(trial: Path) -> None:
    book = template(trial)
    declare(trial, TRIAL.replace('"Bail", ', ""))
    assert "was not made for kent and trial in this layout" in why(bring(trial, book))


def test_an_empty_sheet_that_a_program_adds_does_no_harm(trial: Path) -> None:
    book = changed(template(trial), lambda b: b.create_sheet("Sheet1"))
    assert bring(trial, book, supplied=dt.date(2024, 7, 1)).refused == []
