"""From a template over a filled workbook to records: what a force writes is what is held, cell by cell."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from return_fixture import bring, changed, declare, filled, plan, template, why

from helpers import manifests, new_workspace, set_aside, tree
from openpeel.catalogue import shipped
from openpeel.errors import UserError
from openpeel.register import load_register
from openpeel.sources.returns import grid
from openpeel.sources.returns.bring import import_returns
from openpeel.sources.returns.workbook import write_workbook
from records import supply

CALLS = "responding.returned_calls"


@pytest.fixture
def trial(workspace: Path) -> Path:
    declare(workspace)
    return workspace


def held(root: Path, type_: str) -> list[dict[str, Any]]:
    rows = supply.held(root, shipped().types[type_])
    return sorted(rows, key=lambda r: [str(r[k]) for k in shipped().types[type_].key])


def calls(root: Path) -> dict[tuple[str, str], tuple[Any, ...]]:
    """Month and line -> the numbers, and what does not apply."""
    names = (
        "calls_received",
        "calls_answered",
        "answered_within_10_seconds",
        "calls_abandoned",
        "not_applicable",
    )
    return {(f"{r['month_on']:%Y-%m}", r["line"]): tuple(r[n] for n in names) for r in held(root, CALLS)}


def test_what_is_filled_in_is_what_is_held(trial: Path) -> None:
    cells = {
        "Calls": {"C6": 5200, "D6": 5100, "E6": 4400, "F6": 0, "C7": 900, "E7": "not applicable"},
        "Bail": {"C6": 430, "D6": 12, "C7": 77, "D7": "N/A"},
        "Digital exhibits": {"B6": 1500.0, "C6": " 1,000 "},
        "Finance": {"A6": dt.date(2024, 4, 1), "B6": "F-1", "D6": "Spending", "E6": "no", "J6": 1234.56},
        "Notes": {"A4": "Calls", "B4": "all months", "C4": "101 is counted\nafter the menu"},
    }
    taken = bring(trial, filled(template(trial), cells), supplied=dt.date(2024, 7, 1))
    (one,) = taken.returns
    assert (one.force, one.collection.id, one.size > 10_000, len(one.sha256)) == ("kent", "trial", True, 64)
    assert calls(trial) == {
        ("2024-04", "101"): (900, None, None, None, "answered_within_10_seconds"),
        ("2024-04", "999"): (5200, 5100, 4400, 0, None),
        ("2024-05", "101"): (None, None, None, None, None),
        ("2024-05", "999"): (None, None, None, None, None),
    }, "nought, not known and not applicable are three things"
    bail = [
        (r["release_kind"], r["suspects"], r["past_limit"], r["not_applicable"])
        for r in held(trial, "offenders.returned_bail")
    ]
    assert bail == [
        ("bail before charge", 430, 12, None), ("released under investigation", 77, None, "past_limit"),
    ]  # fmt: skip
    (line,) = held(trial, "leadership.finance_line")
    assert (line["line_id"], line["line_kind"], line["total"], line["budget"]) == (
        "F-1", "spending", False, Decimal("1234.56"),
    )  # fmt: skip
    (waiting,) = held(trial, "investigating.returned_digital_exhibits")
    assert (waiting["exhibits_waiting"], waiting["waiting_over_90_days"]) == (1500, 1000)
    by_sheet = {t.sheet: t for t in one.tables}
    assert (by_sheet["Calls"].read, by_sheet["Calls"].accepted) == (4, 4)
    assert (by_sheet["Calls"].not_known, by_sheet["Calls"].not_applicable) == (10, 1)
    assert [n.line() for n in one.notes] == ["Calls: all months: 101 is counted after the menu"]
    assert one.intakes[CALLS] in {m["intake"] for m in manifests(trial)}
    first = next(m for m in manifests(trial) if m["type"] == CALLS)
    assert first["known_from"] == "2024-07-01" and first["scope"] == "complete"
    assert first["files"][0]["months"] == "2024-04..2024-05" and first["files"][0]["sha256"] == one.sha256
    assert first["files"][0]["notes"] == [
        "the force's note: Calls: all months: 101 is counted after the menu"
    ]


def test_a_table_of_which_no_row_can_be_taken_is_refused_and_the_others_are_kept(trial: Path) -> None:
    taken = bring(
        trial, filled(template(trial), {"Digital exhibits": {"B6": "about 100"}, "Calls": {"C6": 1}})
    )
    (error,) = taken.refused
    assert error.where.endswith("return0.xlsx › Digital exhibits")
    assert "sheet Digital exhibits, cell B6: `about 100` cannot be read; write a whole number" in error.what
    (one,) = taken.returns
    assert [(t.sheet, t.accepted, t.refused is not None) for t in one.tables] == [
        ("Calls", 4, False), ("Bail", 2, False), ("Digital exhibits", 0, True), ("Finance", 0, False),
    ]  # fmt: skip


def test_a_sheet_of_empty_rows_is_not_a_sheet_without_any(trial: Path) -> None:
    line = {"A6": dt.date(2024, 4, 1), "B6": "F-1", "D6": "income"}
    bring(trial, filled(template(trial), {"Finance": line}), supplied=dt.date(2024, 7, 1))
    taken = bring(trial, template(trial), supplied=dt.date(2024, 7, 2))
    assert any("Finance holds no rows: taken as not supplied" in n for n in taken.notes)
    assert len(held(trial, "leadership.finance_line")) == 1


def test_a_corrected_return_replaces_the_one_before_and_the_same_again_is_nothing_new(trial: Path) -> None:
    first, second = (filled(template(trial), {"Calls": {"C6": n, "D7": n}}) for n in (10, 0))
    bring(trial, first, supplied=dt.date(2024, 7, 1))
    bring(trial, second, supplied=dt.date(2024, 8, 1))
    assert calls(trial)["2024-04", "999"][0] == 0
    as_then = supply.held(trial, shipped().types[CALLS], dt.date(2024, 7, 15))
    assert sorted(r["calls_received"] or 0 for r in as_then)[-1] == 10, "as known before"
    before = tree(trial)
    again = bring(trial, second, supplied=dt.date(2024, 8, 1))
    assert again.returns[0].intakes == {} and tree(trial) == before


def test_every_cell_that_is_wrong_is_named(trial: Path) -> None:
    cells = {
        "Calls": {
            "C6": "abc", "D6": 1.5, "C7": -1, "C8": "=1+1", "F8": "#REF!", "C9": "~100", "H9": "stray",
        },
        "Bail": {"C6": "NA", "B7": "on the run"},
        "Finance": {
            "A6": "last April", "B6": "F-1", "D6": "income", "A7": dt.date(2025, 4, 1), "B7": "F-2", "D7": "income",
            "A8": dt.date(2024, 4, 1), "D8": "not applicable", "A9": dt.date(2024, 4, 1), "B9": "F-3", "D9": "income",
            "A10": dt.date(2024, 4, 1), "B10": "F-4", "D10": "income", "A11": dt.date(2024, 4, 1), "B11": "F-4",
            "D11": "saving",
        },
    }  # fmt: skip
    taken = bring(trial, filled(template(trial), cells))
    faults = {t.sheet: list(t.faults) for t in taken.returns[0].tables}
    refused = " ".join(e.line() for e in taken.refused)
    assert "none of its 4 rows can be accepted" in refused and "none of its 2 rows can be accepted" in refused
    assert faults["Calls"] == [
        "sheet Calls, cell C6: `abc` cannot be read; write a whole number without signs or units; "
        "sheet Calls, cell D6: `1.5` cannot be read; write a whole number without signs or units",
        "sheet Calls, cell C7: `-1` is less than 0",
        "sheet Calls, cell C8 holds a formula that was never calculated; open the file in the spreadsheet program, "
        "save it and import it again; sheet Calls, cell F8 holds #REF!; sheet Calls, cell F8: `#REF!` cannot be read; "
        "write a whole number without signs or units",
        "sheet Calls, cell H9: holds a value, and the last heading stands in F5; "
        "sheet Calls, cell C9: `~100` cannot be read; write a whole number without signs or units",
    ]
    assert (
        "cell C6: `NA` cannot be read; leave the cell blank if it is not known, or write" in faults["Bail"][0]
    )
    assert (
        "cell B7: `on the run` cannot be read; choose one from the list: bail before charge"
        in faults["Bail"][1]
    )
    assert faults["Finance"] == [
        "sheet Finance, cell A6: `last April` cannot be read; write a date that the spreadsheet takes as one, as "
        "30/09/2024",
        "sheet Finance, cell A7: 2025-04 is not 2024-04",
        "sheet Finance, cell B8: is blank, and is needed; sheet Finance, cell D8: does not apply, and is needed",
        "sheet Finance, row 10: 2024-04-01 / F-4 stands in rows 10, 11",
        "sheet Finance, row 11: 2024-04-01 / F-4 stands in rows 10, 11",
    ]
    assert [r["line_id"] for r in held(trial, "leadership.finance_line")] == ["F-3"]
    newest = set_aside(trial)
    assert [r["row"] for r in newest] == ["1", "2", "3", "5", "6"] and "cell A7" in newest[1]["detail"]


def test_a_row_that_breaks_a_rule_is_named_by_its_row(trial: Path) -> None:
    (one,) = bring(trial, filled(template(trial), {"Calls": {"C7": 5, "D7": 6}})).returns
    table = one.tables[0]
    assert table.faults == ("sheet Calls, row 7: calls answered are more than calls received",)
    assert table.set_aside == {"calls answered are more than calls received": 1} and table.accepted == 3


def test_rows_that_are_gone_moved_or_added_are_told(trial: Path) -> None:
    def change(book: Any) -> None:
        book["Calls"].delete_rows(7)
        book["Calls"]["A9"], book["Calls"]["B9"], book["Calls"]["C9"] = dt.date(2024, 6, 1), "999", 4
        book["Calls"]["A10"], book["Calls"]["B10"] = dt.date(2024, 4, 1), 999

    (one,) = bring(trial, changed(template(trial), change)).returns
    table = one.tables[0]
    assert table.missing == ("2024-04-01 / 101",)
    assert table.faults == (
        "sheet Calls, cell A9: 2024-06-01 / 999 is no row of this table; fill in the rows laid out, and add none",
        "sheet Calls, row 10: 2024-04-01 / 999 stands in rows 6, 10",
    )
    assert table.set_aside == {"not a row of the template": 1, "the same row again": 1}


def test_merged_cells_set_their_rows_aside(trial: Path) -> None:
    (one,) = bring(trial, changed(template(trial), lambda b: b["Calls"].merge_cells("C7:D8"))).returns
    assert [f.split(" into")[0] for f in one.tables[0].faults] == ["sheet Calls, cell C7:D8 is merged"] * 2


def test_formulas_count_by_the_value_stored_with_them(trial: Path) -> None:
    # openpyxl writes no values with formulas, so the cell's XML is written past it.
    import io
    import zipfile

    source = zipfile.ZipFile(io.BytesIO(filled(template(trial), {"Calls": {"C6": 7654321}})))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            data = source.read(name).replace(b"<v>7654321</v>", b"<f>3+4</f><v>7</v>")
            target.writestr(name, data.replace(b' fullCalcOnLoad="1"', b""))
    bring(trial, out.getvalue())
    assert calls(trial)["2024-04", "999"][0] == 7


def test_several_forces_in_one_command(trial: Path) -> None:
    books = [
        filled(template(trial, force=f), {"Calls": {"C6": n}})
        for n, f in enumerate(("kent", "essex", "dorset"))
    ]
    taken = bring(trial, *books, b"PK nonsense")
    assert [r.force for r in taken.returns] == ["kent", "essex", "dorset"]
    assert len(taken.refused) == 1 and "is cut off or damaged" in taken.refused[0].what
    told = {r["force"]: r["calls_received"] for r in held(trial, CALLS) if r["calls_received"] is not None}
    assert told == {"kent": 0, "essex": 1, "dorset": 2}
    assert len({m["type"] for m in manifests(trial)}) == len(manifests(trial)) == 3, (
        "one intake a table, not a force"
    )


def test_two_of_one_force_and_collection_are_refused_and_both_named(trial: Path) -> None:
    mine = [filled(template(trial), {"Calls": {"C6": n}}) for n in (1, 2)]
    taken = bring(trial, *mine, template(trial, force="essex"), names=["a.xlsx", "b.xlsx", "c.xlsx"])
    said = [e.line() for e in taken.refused]
    assert len(said) == 2 and all("a.xlsx" in s and "b.xlsx" in s and "kent for trial" in s for s in said)
    assert [r.force for r in taken.returns] == ["essex"]


def test_two_collections_of_one_force_in_the_order_of_their_periods(workspace: Path) -> None:
    declare(workspace)
    later = {"id": "later", "months": "2024-08..2024-09", "due": "2024-10-31"}
    lines = [f'{k} = "{v}"' if k != "due" else f"{k} = {v}" for k, v in later.items()]
    declare(workspace, "\n".join([*lines, 'tables = ["Finance"]']), "later")
    line = {"A6": dt.date(2024, 4, 1), "B6": "F-1", "D6": "income"}
    books = [
        filled(template(workspace, c), {"Finance": line | {"J6": n}}) for c, n in (("later", 2), ("trial", 1))
    ]
    taken = bring(workspace, *books)
    assert not taken.refused and len(taken.returns) == 2
    assert [r["budget"] for r in held(workspace, "leadership.finance_line")] == [2]


def test_a_workbook_that_is_written_with_its_answers(trial: Path) -> None:
    answers = {
        "Calls": [{"month_on": "2024-05-01", "line": "999", "calls_received": 7, "calls_abandoned": "not applicable"}],
        "Bail": [{"counted_on": dt.date(2024, 5, 31), "release_kind": "bail before charge", "suspects": 0}],
        "Finance": [
            {"year_starts_on": dt.date(2024, 4, 1), "line_id": "=F-1", "line_kind": "income", "total": False,
             "budget": Decimal("12.34"), "title": None},
        ],
    }  # fmt: skip
    taken = bring(trial, write_workbook(plan(trial), "Kent", answers))
    assert taken.refused == [] and not any(t.faults for t in taken.returns[0].tables)
    assert calls(trial)["2024-05", "999"] == (7, None, None, None, "calls_abandoned")
    assert held(trial, "offenders.returned_bail")[0]["suspects"] == 0
    (line,) = held(trial, "leadership.finance_line")
    assert (line["line_id"], line["total"], line["budget"]) == ("=F-1", False, Decimal("12.34"))
    assert write_workbook(plan(trial), "Kent", {}) == template(trial)


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"Call": []}, "no sheet Call"),
        ({"Calls": [{"month_on": "2024-06-01", "line": "999"}]}, "Calls: no row for 2024-06-01 / 999"),
        ({"Calls": [{"month": "2024-05-01"}]}, "Calls: no column month"),
        ({"Finance": [{}] * 61}, "Finance: no row for None / None"),
    ],
)
def test_answers_that_do_not_fit_are_a_mistake_of_the_program(trial: Path, answers: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        write_workbook(plan(trial), "Kent", answers)


COUNTS = st.one_of(st.none(), st.just("not applicable"), st.integers(0, 10**9))


@settings(max_examples=12, deadline=None)
@given(st.lists(st.tuples(COUNTS, COUNTS), min_size=4, max_size=4))
def test_whatever_numbers_are_written_come_back(numbers: list[tuple[Any, Any]]) -> None:
    with TemporaryDirectory() as folder:
        root = new_workspace(Path(folder) / "w")
        declare(root, TRIAL_OF_CALLS)
        # Received and abandoned: the latter is never more.
        rows = [(a, min(a, b) if isinstance(a, int) and isinstance(b, int) else b) for a, b in numbers]
        cells = {f"{'CF'[c]}{6 + r}": value for r, row in enumerate(rows) for c, value in enumerate(row)}
        taken = bring(
            root, filled(template(root), {"Calls": {k: v for k, v in cells.items() if v is not None}})
        )
        assert taken.refused == [] and taken.returns[0].tables[0].accepted == 4
        order = [("2024-04", "999"), ("2024-04", "101"), ("2024-05", "999"), ("2024-05", "101")]
        found = calls(root)
    for (received, abandoned), key in zip(rows, order, strict=True):
        row = found[key]
        assert (row[0], row[3]) == tuple(v if isinstance(v, int) else None for v in (received, abandoned))
        none = [
            n
            for n, v in (("calls_received", received), ("calls_abandoned", abandoned))
            if v == "not applicable"
        ]
        assert row[4] == (", ".join(none) or None)


TRIAL_OF_CALLS = 'id = "trial"\nmonths = "2024-04..2024-05"\ndue = 2024-06-30\ntables = ["Calls"]\n'


def test_a_whole_return_by_a_process_of_its_own(workspace: Path, tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        for sheet in book.worksheets:
            for row in sheet.iter_rows(min_row=6):
                for cell in row:
                    if not cell.protection.locked and sheet.title not in (
                        "Finance",
                        "Notes",
                        "Investigators",
                    ):
                        cell.value = 0
        for cell, value in {"A6": dt.date(2024, 4, 1), "B6": "F-1", "D6": "income", "J6": 5}.items():
            book["Finance"][cell] = value

    path = tmp_path / "kent.xlsx"
    path.write_bytes(changed(template(workspace, "2024-autumn"), fill))
    taken = import_returns(workspace, load_register("england-and-wales"), shipped().types, [tmp_path])
    (one,) = taken.returns
    assert taken.refused == [] and len(one.tables) == len(one.intakes) == 14
    assert all(t.read == t.accepted > 0 for t in one.tables)
    assert sum(t.not_known for t in one.tables if t.sheet not in ("Finance", "Investigators")) == 0


def test_a_workbook_that_kills_the_reader_does_not_take_the_others_with_it() -> None:
    asked: list[int] = []

    def ask(books: Any, _: object) -> list[dict[str, Any]]:
        asked.append(len(books))
        if any(label == "bad" for label, _ in books):
            raise UserError("needs more memory than a sheet may", "bad", "mend it")
        return [{"sheets": []} for _ in books]

    with patch.object(grid, "_ask", ask):
        found = grid.read_grids([("good", b"PK"), ("empty", b""), ("bad", b"PK"), ("other", b"PK")])
    assert [isinstance(f, UserError) for f in found] == [False, True, True, False]
    assert asked == [3, 1, 1, 1]


def test_a_day_in_the_future_and_another_force_are_refused(trial: Path) -> None:
    with pytest.raises(UserError, match="lies in the future"):
        bring(trial, template(trial), supplied=dt.date(2999, 1, 1))
    assert why(bring(trial, template(trial), force="essex")) == "is the return of kent, not of essex"
