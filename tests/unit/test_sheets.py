"""Reading spreadsheets: every cell is exact text, its row is set aside with a reason, or the file is refused."""

from __future__ import annotations

import datetime as dt
import subprocess
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openpeel.engine.intake import sheets
from openpeel.engine.intake.sheets import Limits, read_sheet, sheet_names
from openpeel.engine.intake.sheets.values import shown_as
from openpeel.errors import UserError
from sheets import (
    MAIN,
    cells,
    claiming,
    handmade,
    many_rows,
    merged,
    ods,
    ods_cell,
    ods_row,
    parts,
    read,
    rows,
    saved,
    sheet_xml,
    with_zeros,
    written,
    zipped,
)

OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(512)


def refusal(data: bytes, **wishes: object) -> str:
    with pytest.raises(UserError) as caught:
        read(data, **wishes)
    line = str(caught.value)
    assert line.startswith("book.xlsx: ") and caught.value.do and "Traceback" not in line
    return line


def one_row(*row: str, **more: object) -> tuple[str, ...]:
    """The one data row of a hand-made workbook."""
    content = read(handmade([f"h{n}" for n in range(len(row))], row, **more))
    assert not content.malformed
    return rows(content)[0]


def aside(data: bytes, **wishes: object) -> list[tuple[int, str]]:
    return [(m.row, m.reason) for m in read(data, **wishes).malformed]


# What a cell becomes


def test_text_stands_as_it_is() -> None:
    texts = ["=1+1", "+44 20", "-5", "@SUM(A1)", "  two  ", "0012", "a\nb", "é✓", 'a,"b"', "<&>"]
    book = openpyxl.Workbook()
    for column, text in enumerate(texts, 1):
        book.active.cell(1, column, f"h{column}")
        book.active.cell(2, column, text).data_type = "s"
    assert rows(read(saved(book))) == [tuple(texts)]


def test_numbers_stored_as_text_keep_their_digits() -> None:
    assert one_row("0123", "1.0", 's="5" t="inlineStr"|<is><t>00</t></is>') == ("0123", "1.0", "00")


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        ("12", "12"), ("12.0", "12"), ("0.1", "0.1"), ("0.10000000000000001", "0.1"), ("-3.50", "-3.5"),
        ("1E+15", "1000000000000000"), ("1.5E-7", "1.5e-07"), ("-0", "0"), ("007", "7"), ("0", "0"),
        ("123456789012345678", "123456789012345678"), ("1E+300", "1e+300"),
    ],
)  # fmt: skip
def test_numbers_are_exact(stored: str, text: str) -> None:
    assert one_row(f"|<v>{stored}</v>", f't="n"|<v>{stored}</v>') == (text, text)


@pytest.mark.parametrize("stored", ["nan", "inf", "1_0", "twelve", "1e999"])
def test_a_number_that_is_none_refuses_the_file(stored: str) -> None:
    assert "A2 holds" in refusal(handmade(["h"], [f"|<v>{stored}</v>"]))


def test_true_and_false_and_blank() -> None:
    assert one_row('t="b"|<v>1</v>', 't="b"|<v>0</v>', "") == ("true", "false", "")


@pytest.mark.parametrize(
    ("style", "serial", "text"),
    [
        (1, "45355", "2024-03-04"),
        (1, "45355.5", "2024-03-04 12:00:00"),  # hours that the format hides
        (2, "45355", "2024-03-04 00:00:00"),  # midnight, not a day
        (2, "45355.586805555555", "2024-03-04 14:05:00"),
        (2, "45355.58680549999", "2024-03-04 14:04:59.995"),
        (2, "45355.586805555", "2024-03-04 14:05:00"),
        (2, "45355.999999999999", "2024-03-05 00:00:00"),
        (2, "45355.586806979167", "2024-03-04 14:05:00.123"),
        (3, "0.58680555555555558", "14:05:00"),
        (3, "0", "00:00:00"),
        (3, "45355.25", "2024-03-04 06:00:00"),
        (2, "0.25", "06:00:00"),
        (4, "1.2513888888888889", "30:02:00"),
        (4, "0.25", "6:00:00"),
        (4, "-0.5", "-12:00:00"),
        (1, "1", "1900-01-01"),
        (1, "59", "1900-02-28"),
        (1, "61", "1900-03-01"),
        (1, "2958465", "9999-12-31"),
        (5, "45355", "45355"),
        (0, "45355", "45355"),
    ],
)
def test_dates_from_1900(style: int, serial: str, text: str) -> None:
    assert one_row(f's="{style}"|<v>{serial}</v>') == (text,)


@pytest.mark.parametrize(
    ("style", "serial", "text"),
    [
        (1, "0", "1904-01-01"),
        (1, "43893", "2024-03-04"),
        (2, "0.5", "1904-01-01 12:00:00"),
        (3, "0.5", "12:00:00"),
    ],
)
def test_dates_from_1904(style: int, serial: str, text: str) -> None:
    assert one_row(f's="{style}"|<v>{serial}</v>', properties='date1904="1"') == (text,)


@pytest.mark.parametrize(("style", "serial"), [(1, "60"), (1, "0"), (2, "-1"), (3, "-0.5"), (1, "9999999")])
def test_a_date_that_does_not_exist_sets_its_row_aside(style: int, serial: str) -> None:
    content = read(handmade(["h", "i"], ["x", f's="{style}"|<v>{serial}</v>'], ["y", "z"]))
    assert [(m.row, m.reason) for m in content.malformed] == [(1, "a date that does not exist")]
    assert "B2 holds the number " + serial in content.malformed[0].detail
    assert rows(content) == [("y", "z")]


def test_dates_as_openpyxl_writes_them() -> None:
    row = [
        dt.date(2024, 3, 4),
        dt.datetime(2024, 3, 4, 14, 5),
        dt.time(14, 5),
        dt.timedelta(hours=30, minutes=2),
    ]
    assert rows(read(written("abcd", row))) == [("2024-03-04", "2024-03-04 14:05:00", "14:05:00", "30:02:00")]


def test_dates_written_out_in_the_xml() -> None:
    assert one_row('t="d"|<v>2024-03-04T14:05:00Z</v>', 't="d"|<v>2024-03-04</v>') == (
        "2024-03-04 14:05:00", "2024-03-04",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("General", None), ("0.00E+00", None), ("#,##0;[Red]-#,##0", None), ('0 "days"', None), ("0\\d", None),
        ("[$-809]dd mmmm yyyy", "date"), ("mmm", "date"), ("m/d/yy h:mm", "datetime"), ("mm:ss.0", "time"),
        ("[$-F400]h:mm:ss\\ AM/PM", "time"), ("[h]:mm", "duration"), ("[mm]:ss", "duration"), ("@", None),
        ('"[h]"0', None), ("yyyy;@", "date"), ("[Red]0", None), ("_-* #,##0_-", None), ("[Blue][s]", "duration"),
    ],
)  # fmt: skip
def test_what_a_number_format_shows(code: str, shown: str | None) -> None:
    assert shown_as(200, code) == shown


@pytest.mark.parametrize(
    ("number", "shown"), [(0, None), (14, "date"), (21, "time"), (22, "datetime"), (46, "duration")]
)
def test_number_formats_without_a_code(number: int, shown: str | None) -> None:
    assert shown_as(number, None) == shown


def test_shared_texts_with_their_runs_and_without_their_readings() -> None:
    strings = (
        "<si><t>plain </t></si><si><r><t>two</t></r><r><rPr><b/></rPr><t xml:space='preserve'> runs</t></r></si>"
        "<si><t>課</t><rPh><t>カ</t></rPh></si><si><t>a_x000D_b_x005F_x000D_ _xD800_</t></si>"
    )
    cell = 't="s"|<v>{}</v>'.format
    assert one_row(*(cell(n) for n in range(4)), strings=strings) == (
        "plain ", "two runs", "課", "a\rb_x000D_ _xD800_",
    )  # fmt: skip


def test_a_shared_text_that_is_not_there_refuses_the_file() -> None:
    assert "A2 holds '7'" in refusal(handmade(["h"], ['t="s"|<v>7</v>']))


@pytest.mark.parametrize("kind", ["#N/A", "#REF!", "#DIV/0!"])
def test_an_error_sets_its_row_aside_and_is_named(kind: str) -> None:
    content = read(handmade(["h", "i"], ["x", f't="e"|<v>{kind}</v>'], ["#N/A", "z"]))
    assert [(m.row, m.reason, m.detail) for m in content.malformed] == [
        (1, "an error in a cell", f"B2 holds {kind}")
    ]
    assert content.malformed[0].text == f"x,{kind}"
    assert rows(content) == [("#N/A", "z")]  # typed as text, it is text


# Formulas


@pytest.mark.parametrize(
    "cell",
    [
        "|<f>A1</f>", "|<f>A1</f><v/>", "|<f>A1</f><v></v>",
        '|<f t="shared" si="0"/>', '|<f t="shared" si="0"/><v/>',
        's="1"|<f>A1</f>', 't="str"|<f>A1</f>', '|<f aca="false">1&lt;2</f>',
        '|<f t="shared" ref="B2:B3" si="0">A1</f>',
    ],
)  # fmt: skip
def test_a_formula_without_a_value_sets_its_row_aside(cell: str) -> None:
    content = read(handmade(["h", "i"], ["x", cell], ["y", "z"]))
    assert [(m.row, m.reason) for m in content.malformed] == [(1, "a formula without a value")]
    assert content.malformed[0].detail.startswith("B2 holds a formula")
    assert "save it" in content.malformed[0].detail
    assert rows(content) == [("y", "z")]


def test_formulas_with_values_are_taken_by_their_values() -> None:
    row = [
        "|<f>6*7</f><v>42</v>", 't="str"|<f>"a"&amp;"b"</f><v>ab</v>', 't="str"|<f>""</f><v></v>',
        '|<f t="shared" si="0"/><v>1.50</v>', 't="b"|<f>TRUE()</f><v>1</v>', 's="1"|<f>TODAY()</f><v>45355</v>',
    ]  # fmt: skip
    assert one_row(*row) == ("42", "ab", "", "1.5", "true", "2024-03-04")


def test_formulas_as_openpyxl_writes_them_have_no_values() -> None:
    assert aside(written("ab", [1, "=A2"], [2, 3])) == [(1, "a formula without a value")]


def test_an_error_from_a_formula_is_an_error() -> None:
    assert aside(handmade(["h"], ['t="e"|<f>1/0</f><v>#DIV/0!</v>'])) == [(1, "an error in a cell")]


def test_values_marked_as_out_of_date_are_none() -> None:
    data = handmade(["h"], ["|<f>A9</f><v>0</v>"], ["x"], calculation='fullCalcOnLoad="1"')
    assert aside(data) == [(1, "a formula without a value")]


def test_a_formula_over_a_range_sets_all_its_rows_aside() -> None:
    content = read(handmade(["h", "i"], ["x", '|<f t="array" ref="B2:B3">A1:A2</f>'], ["y"], ["z"]))
    assert [(m.row, m.reason) for m in content.malformed] == [
        (n, "a formula without a value") for n in (1, 2)
    ]
    assert rows(content) == [("z", "")]


def test_a_column_filled_with_formulas_for_rows_to_come_is_blank_rows() -> None:
    data = handmade(["h"], ["x"], *[['t="str"|<f>""</f><v></v>']] * 5)
    content = read(data)
    assert rows(content) == [("x",)] and not content.malformed


def test_a_formula_without_a_value_in_the_headings_refuses_the_sheet() -> None:
    assert "A1 holds a formula" in refusal(handmade(["|<f>B1</f>", "x"]))


# Merged cells


def test_rows_under_a_merged_range_are_set_aside() -> None:
    data = handmade(["h", "i"], ["a", "1"], ["b", "2"], ["", "3"], ["c", "4"], after=merged("A3:A4"))
    content = read(data)
    assert [(m.row, m.reason, m.text) for m in content.malformed] == [
        (2, "merged cells", "b,2"), (3, "merged cells", ",3"),
    ]  # fmt: skip
    assert "A3:A4" in content.malformed[0].detail
    assert rows(content) == [("a", "1"), ("c", "4")]


def test_overlapping_and_nested_ranges_cover_what_they_cover() -> None:
    data = handmade(["h", "i"], *[["a", "1"]] * 8, after=merged("A3:B7", "B4:B5", "A9:B9"))
    assert [number for number, _ in aside(data)] == [2, 3, 4, 5, 6, 8]


def test_merged_cells_among_the_headings_refuse_the_sheet() -> None:
    assert "A1:B1" in refusal(handmade(["h", "i"], ["1", "2"], after=merged("A1:B1")))
    assert "A1:A2" in refusal(handmade(["t"], ["h", "i"], ["1", "2"], after=merged("A1:A2")), header_row=2)


def test_merged_cells_above_the_headings_or_beside_the_table_are_passed_over() -> None:
    data = handmade(["A title"], ["h", "i"], ["1", "2"], after=merged("A1:B1", "F3:G3", "A3:A3"))
    assert rows(read(data, header_row=2)) == [("1", "2")]


def test_merged_cells_as_openpyxl_writes_them() -> None:
    book = openpyxl.Workbook()
    for row in (["h", "i"], ["a", 1], ["b", 2]):
        book.active.append(row)
    book.active.merge_cells("A2:A3")
    assert aside(saved(book)) == [(1, "merged cells"), (2, "merged cells")]


# Rows, headings, columns


def test_blank_rows_are_counted_and_are_no_rows() -> None:
    content = read(written(["h"], ["a"], [], [None], ["b"], [], []))
    assert rows(content) == [("a",), ("b",)]
    assert content.rows.to_pylist() == [1, 4]


def test_rows_above_the_headings_are_passed_over() -> None:
    content = read(written(["Title", None, "note"], [], ["h", "i"], ["a", "b"]), header_row=3)
    assert content.headings == ["h", "i"]
    assert rows(content) == [("a", "b")] and content.rows.to_pylist() == [1]


@pytest.mark.parametrize("header_row", [2, 9])
def test_a_row_of_headings_that_is_blank_refuses_the_sheet(header_row: int) -> None:
    assert f"no headings in row {header_row}" in refusal(written(["h"], [], ["a"]), header_row=header_row)


def test_a_row_of_headings_before_the_first_is_refused() -> None:
    assert "row 0 cannot hold the headings" in refusal(written(["h"]), header_row=0)


def test_only_headings_is_a_table_without_rows() -> None:
    content = read(written(["h", "i"]))
    assert content.headings == ["h", "i"] and content.table.num_columns == 2 and content.read() == 0


def test_columns_without_heading_are_kept_only_with_values() -> None:
    content = read(written([None, "h", None, None, "i"], [None, 1, None, "x", 2]))
    assert content.headings == ["h", "", "i"]
    assert rows(content) == [("1", "x", "2")]


def test_values_beyond_the_last_heading_set_their_row_aside() -> None:
    content = read(written(["h"], ["a", None, "b"], ["c"]))
    assert [(m.row, m.reason, m.text) for m in content.malformed] == [(1, "wrong number of fields", "a,,b")]
    assert "C2" in content.malformed[0].detail and rows(content) == [("c",)]


def test_headings_lose_the_blanks_around_them_and_may_be_there_twice() -> None:
    assert read(written([" h ", "h"], [1, 2])).headings == ["h", "h"]


def test_hidden_rows_are_rows() -> None:
    book = openpyxl.Workbook()
    for row in ("h", "a", "b"):
        book.active.append([row])
    book.active.row_dimensions[2].hidden = True
    book.active.auto_filter.ref = "A1:A3"
    assert rows(read(saved(book))) == [("a",), ("b",)]


def test_a_cell_far_away_costs_nothing_and_is_not_lost() -> None:
    data = zipped(
        parts(sheet_xml(cells(["h"], ["a"]) + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'))
    )
    content = read(data)
    assert rows(content) == [("a",)]
    assert [(m.row, m.reason) for m in content.malformed] == [(1_048_575, "wrong number of fields")]
    assert len(content.malformed[0].text) < 20_000


@pytest.mark.parametrize(
    "xml",
    [
        '<row r="2"/><row r="2"><c r="A2"/></row>', '<row r="1048577"><c r="A1048577"><v>1</v></c></row>',
        '<row r="2"><c r="A3"><v>1</v></c></row>', '<row r="2"><c r="XFE2"><v>1</v></c></row>', '<row r="x"/>',
        '<row r="2"><c r="A2"><v>1</v></c><c r="A2"><v>2</v></c></row>',
        '<row r="2"><c r="A2" t="z"><v>1</v></c></row>',
    ],
)  # fmt: skip
def test_rows_and_cells_out_of_place_refuse_the_file(xml: str) -> None:
    refusal(zipped(parts(sheet_xml(cells(["h"]) + xml))))


def test_cells_and_rows_without_their_names_stand_where_they_are_written() -> None:
    data = zipped(parts(sheet_xml("<row><c t='str'><v>h</v></c></row><row><c><v>1</v></c></row>")))
    assert rows(read(data)) == [("1",)]


ODD = [
    lambda xml: xml.replace("<row", "<!-- note --><row"),
    lambda xml: xml.replace("<c ", "\n  <c ").replace("<v>", "\n<v>").replace("</c>", "\n</c>"),
    lambda xml: xml.replace('"', "'"),
    lambda xml: xml.replace("<v>", "<v><![CDATA[").replace("</v>", "]]></v>"),
    lambda xml: xml.replace("<", "<x:").replace("<x:/", "</x:").replace("<x:?", "<?").replace("xmlns=", "xmlns:x="),
    lambda xml: xml.replace("http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                            "http://purl.oclc.org/ooxml/spreadsheetml/main"),
    lambda xml: xml.replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16"),
    lambda xml: xml.replace('encoding="UTF-8"', 'encoding="ISO-8859-1"').encode("latin-1"),
    lambda xml: xml.replace("word", "&#119;ord"),
    lambda xml: xml.replace("</row>", "</row >"),
]  # fmt: skip


@pytest.mark.parametrize("odd", ODD)
def test_however_the_xml_is_written_the_rows_are_the_same(odd: object) -> None:
    plain = sheet_xml(
        cells(["h", "i"], ["word é", "|<v>1.50</v>"], ["|<f>A1</f>", "x"], ['s="1"|<v>45355</v>', "y"])
    )
    expected, content = read(zipped(parts(plain))), read(zipped(parts(odd(plain))))  # type: ignore[operator]
    assert rows(expected) == [("word é", "1.5"), ("2024-03-04", "y")]
    assert content == expected


PIECES = st.sampled_from([
    "", "text", "é <&> \"q\"", " _x000D_ ", "|<v>1</v>", "|<v>1.50</v>", "|<v>7e2</v>", 't="n"|<v>3</v>',
    't="s"|<v>0</v>', 't="s"|<v>1</v>',
    't="b"|<v>1</v>', 't="e"|<v>#N/A</v>', 't="str"|<v>a&amp;b</v>', 't="str"|<v>a\tb\nc</v>',
    's="1"|<v>45355</v>', 's="2"|<v>45355.5</v>', 's="3"|<v>0.25</v>', 's="4"|<v>1.5</v>', 's="1"|<v>60</v>', 's="1"|',
    "|<f>A1</f>", "|<f>A1</f><v>2</v>", "|<f>A1</f><v/>", 't="str"|<f>A1</f><v></v>', '|<f t="shared" si="0"/><v>1</v>',
    't="inlineStr"|<is><t xml:space="preserve"> a </t></is>', 't="inlineStr"|<is><r><t>a</t></r><r><t>b</t></r></is>',
    't="inlineStr"|<is><t></t></is>', 't="inlineStr"|<is><t>a\r\nb</t></is>', "|<v> 4 </v>", "|<v>5</v><extLst/>",
])  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(PIECES, max_size=4), max_size=6))
def test_the_short_cut_reads_what_the_parser_reads(grid: list[list[str]]) -> None:
    inside = cells(["h", "i", "j"], *grid)
    strings = "<si><t>one</t></si><si><t>two</t></si>"
    quick, slow = (
        read(zipped(parts(sheet_xml(before + inside, merged("B3:B4")), strings=strings)))
        for before in ("", "<!-- from here on the parser reads -->")
    )
    assert quick == slow


def test_rows_inside_a_comment_are_none() -> None:
    hidden = cells(["gone"], ["gone"], first=3)
    data = zipped(parts(sheet_xml(cells(["h"], ["a"]) + f"<!--{hidden}-->" + cells(["b"], first=5))))
    content = read(data)
    assert rows(content) == [("a",), ("b",)] and content.rows.to_pylist() == [1, 4]


# Which sheet


def test_the_only_sheet_with_anything_on_it_is_meant() -> None:
    assert rows(read(written(["h"], ["a"], Empty=[]))) == [("a",)]


def test_several_sheets_are_refused_and_named() -> None:
    data = written(["h"], ["a"], More=[["h"], ["b"]])
    assert "'Rows', 'More'" in refusal(data)
    assert rows(read(data, sheet="More")) == [("b",)]
    assert rows(read(data, sheet=" more ")) == [("b",)]


def test_a_renamed_sheet_is_refused_and_the_sheets_there_are_get_named() -> None:
    line = refusal(written(["h"], Other=[["h"]]), sheet="Incidents")
    assert "'Incidents'" in line and "'Rows', 'Other'" in line


def test_hidden_sheets_are_read_only_by_name() -> None:
    hidden, shown = sheet_xml(cells(["h"], ["secret"])), sheet_xml(cells(["h"], ["open"]))
    for state in ("hidden", "veryHidden"):
        data = zipped(parts(hidden, shown, names=["Off", "On"], states=[state, "visible"]))
        assert rows(read(data)) == [("open",)]
        assert rows(read(data, sheet="Off")) == [("secret",)]
    only = zipped(parts(hidden, sheet_xml(""), names=["Off", "On"], states=["hidden", "visible"]))
    assert "hidden sheets, 'Off'" in refusal(only)


def test_a_workbook_without_anything_is_refused() -> None:
    assert "holds no cells" in refusal(written())


# Files that are none, or not meant well


def test_files_that_are_no_workbooks_are_refused() -> None:
    assert "is empty" in refusal(b"")
    assert "not an .xlsx or .ods file" in refusal(b"a,b\n1,2\n")
    assert "not an .xlsx or .ods file" in refusal(zipped({"a.txt": "x"}))
    assert "not an .xlsx or .ods file" in refusal(zipped({"xl/workbook.bin": "x"}))
    assert "old kind (.xls)" in refusal(OLE)
    assert "password" in refusal(OLE + "EncryptedPackage".encode("utf-16-le"))


def test_a_truncated_workbook_is_refused_wherever_it_ends() -> None:
    data = written(["h"], *[[n] for n in range(200)])
    for length in range(4, len(data) - 1, 97):
        assert "cut off or damaged" in refusal(data[:length])


def test_damage_inside_a_workbook_is_refused() -> None:
    data = bytearray(zipped({**parts(sheet_xml(cells(["h"], *[[str(n)] for n in range(5000)]))), "z": "z"}))
    place = data.index(b"xl/worksheets/sheet1.xml") + 400
    data[place] ^= 0xFF
    refusal(bytes(data))


def test_a_sheet_cut_off_inside_its_xml_is_refused() -> None:
    whole = sheet_xml(cells(["h"], ["a"], ["b"]))
    for length in (len(whole) - 1, whole.index("</sheetData>"), whole.index("</row>") + 6, 80):
        assert "cut off or damaged" in refusal(zipped(parts(whole[:length])))


def test_macros_are_refused_whatever_the_file_is_called() -> None:
    data = zipped({**parts(sheet_xml(cells(["h"], ["a"]))), "xl/vbaProject.bin": b"x"})
    assert "holds macros; save it as .xlsx" in refusal(data)
    assert "holds macros" in refusal(ods(ods_row("h"), more={"Basic/Standard/Module1.xml": "x"}))


def test_a_zip_bomb_is_refused_by_what_it_declares() -> None:
    content = parts("")
    del content["xl/worksheets/sheet1.xml"]
    data = with_zeros(content, "xl/worksheets/sheet1.xml", (1 << 30) + (1 << 20))
    assert len(data) < 8 << 20
    assert "zip bomb" in refusal(data)


def test_a_zip_bomb_that_declares_less_is_not_unpacked_further() -> None:
    content = parts("")
    del content["xl/worksheets/sheet1.xml"]
    data = with_zeros(content, "xl/worksheets/sheet1.xml", 64 << 20)
    assert "cut off or damaged" in refusal(claiming(data, "xl/worksheets/sheet1.xml", 1000))


def test_an_entity_that_names_a_file_is_never_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("very secret")
    kind = f'<!DOCTYPE worksheet [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'
    xml = sheet_xml('<row r="1"><c r="A1" t="str"><v>&e;</v></c></row>', before=kind)
    line = refusal(zipped(parts(xml)))
    assert "declares a document type" in line and "very secret" not in line


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml"]
)
def test_entities_within_entities_are_refused_in_every_part(part: str) -> None:
    entities = '<!ENTITY a0 "ha">' + "".join(
        f'<!ENTITY a{n} "' + 10 * f"&a{n - 1};" + '">' for n in range(1, 12)
    )
    content = parts(sheet_xml(cells(["h"], ["a"])))
    bare = content[part].removeprefix('<?xml version="1.0" encoding="UTF-8"?>')
    content[part] = f"<!DOCTYPE x [{entities}]>{bare}"
    assert "declares a document type" in refusal(zipped(content))


def test_two_parts_of_one_name_are_refused() -> None:
    content = parts(sheet_xml(cells(["h"], ["a"])))
    content["xl/worksheets/SHEET1.xml"] = sheet_xml(cells(["h"], ["b"]))
    assert "two parts of one name" in refusal(zipped(content))


def test_an_address_outside_the_workbook_is_not_followed() -> None:
    content = parts(sheet_xml(cells(["h"], ["a"])))
    links = "xl/_rels/workbook.xml.rels"
    content[links] = content[links].replace("worksheets/sheet1.xml", "../../../etc/passwd")
    assert "lacks" in refusal(zipped(content))


# OpenDocument


def test_ods_cells_become_exact_text() -> None:
    row = ods_row(
        "text",
        ods_cell("12", 'office:value-type="float" office:value="12"'),
        ods_cell("10%", 'office:value-type="percentage" office:value="0.1"'),
        ods_cell("4 March", 'office:value-type="date" office:date-value="2024-03-04"'),
        ods_cell("x", 'office:value-type="date" office:date-value="2024-03-04T14:04:59.999999997"'),
        ods_cell("x", 'office:value-type="time" office:time-value="PT14H05M00S"'),
        ods_cell("x", 'office:value-type="time" office:time-value="PT30H02M00.5S"'),
        ods_cell("TRUE", 'office:value-type="boolean" office:boolean-value="true"'),
        ods_cell("a<text:s text:c='2'/>b</text:p><text:p>c<text:line-break/><text:span>d</text:span>"),
        "<table:table-cell office:value-type='string'><office:annotation><text:p>note</text:p></office:annotation>"
        "<text:p>=1+1</text:p></table:table-cell>",
    )
    content = read(ods(ods_row(*"abcdefghij"), row))
    assert rows(content) == [(
        "text", "12", "0.1", "2024-03-04", "2024-03-04 14:05:00", "14:05:00", "30:02:00.500", "true",
        "a  b\nc\nd", "=1+1",
    )]  # fmt: skip


def test_ods_repeated_cells_and_rows() -> None:
    gap = ods_row(
        ods_cell("", 'table:number-columns-repeated="16384"'), attributes='table:number-rows-repeated="3"'
    )
    twice = ods_row(
        ods_cell("x", 'office:value-type="string" table:number-columns-repeated="2"'),
        attributes='table:number-rows-repeated="2"',
    )
    rest = ods_row(ods_cell("", ""), attributes='table:number-rows-repeated="1048000"')
    content = read(ods(ods_row("h", "i"), gap, twice, rest))
    assert rows(content) == [("x", "x")] * 2 and content.rows.to_pylist() == [4, 5]


def test_ods_rows_beyond_what_a_sheet_has_are_refused() -> None:
    endless = ods_row("x", attributes='table:number-rows-repeated="9999999"')
    assert "more than 1048576 rows" in refusal(ods(ods_row("h"), endless))


def test_ods_formulas() -> None:
    formula = 'table:formula="of:=A1"'
    content = read(ods(
        ods_row("h"),
        ods_row(ods_cell("", formula)),
        ods_row(ods_cell("42", f'{formula} office:value-type="float" office:value="42"')),
        ods_row(ods_cell("#N/A", f'{formula} office:value-type="string" calcext:value-type="error"')),
        ods_row(ods_cell("Err:502", f'{formula} office:value-type="string" office:string-value=""')),
    ))  # fmt: skip
    assert [(m.row, m.reason) for m in content.malformed] == [
        (1, "a formula without a value"), (3, "an error in a cell"), (4, "an error in a cell"),
    ]  # fmt: skip
    assert rows(content) == [("42",)]


def test_ods_merged_cells() -> None:
    wide = ods_cell(
        "a", 'office:value-type="string" table:number-columns-spanned="2" table:number-rows-spanned="1"'
    )
    covered = "<table:covered-table-cell/>"
    content = read(ods(ods_row("h", "i"), ods_row(wide, covered), ods_row("b", "c")))
    assert [(m.row, m.reason) for m in content.malformed] == [(1, "merged cells")]
    assert "A2:B2" in content.malformed[0].detail and rows(content) == [("b", "c")]
    assert "A1:B1" in refusal(ods(ods_row(wide, covered), ods_row("b", "c")))


def test_ods_sheets() -> None:
    data = ods(ods_row("h"), ods_row("a"), Off=ods_row("h"), hidden=["Off"])
    assert rows(read(data)) == [("a",)]
    assert "'Rows', 'Off'" in refusal(data, sheet="Gone")
    assert "'Rows', 'On'" in refusal(ods(ods_row("h"), On=ods_row("h")))


def test_an_ods_file_protected_by_a_password_is_refused() -> None:
    manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    xml = f'<m:manifest xmlns:m="{manifest}"><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>'
    assert "password" in refusal(ods(ods_row("h"), more={"META-INF/manifest.xml": xml}))


# The process


def test_a_process_of_its_own_reads_the_same() -> None:
    data = handmade(["h", "i"], ["a", "|<v>1</v>"], ["b", "|<f>A1</f>"], names=["Café"])
    here, there = read(data), read_sheet(data, "book.xlsx", sheet="Café")
    assert there == here and there.rows.to_pylist() == [1] and there.read() == 2
    assert sheet_names(data, "book.xlsx") == ["Café"]


def test_its_errors_are_one_clear_line() -> None:
    with pytest.raises(
        UserError, match=r"^book\.xlsx: holds no sheet 'B'; its sheets are 'Rows'; name one of them$"
    ):
        read_sheet(written(["h"]), "book.xlsx", sheet="B")
    with pytest.raises(UserError, match=r"^book\.xlsx: is cut off or damaged"):
        sheet_names(written(["h"])[:-30], "book.xlsx")


def swollen() -> bytes:
    """A small file that stands for a hundred million cells."""
    attributes = 'office:value-type="string" table:number-columns-repeated="100"'
    endless = ods_row(ods_cell("x", attributes), attributes='table:number-rows-repeated="1000000"')
    return ods(ods_row(*(f"h{n}" for n in range(100))), endless)


@pytest.mark.parametrize("memory", [1 << 20, 64 << 20, 250 << 20])
def test_too_little_memory_is_one_clear_line(memory: int) -> None:
    with pytest.raises(UserError) as caught:
        read_sheet(swollen(), "book.ods", limits=Limits(memory=memory))
    expected = "book.ods: needs more memory than a sheet may; save the sheet as CSV and import that"
    assert str(caught.value) == expected


def test_too_much_work_is_one_clear_line() -> None:
    with pytest.raises(UserError) as caught:
        read_sheet(swollen(), "book.ods", limits=Limits(memory=20 << 30, seconds=1))
    assert str(caught.value).startswith("book.ods: takes ") and caught.value.do.endswith(
        "CSV and import that"
    )


def test_too_much_time_is_one_clear_line() -> None:
    late = subprocess.TimeoutExpired("worker", 600)
    with patch.object(subprocess, "run", side_effect=late), pytest.raises(UserError) as caught:
        read_sheet(written(["h"]), "book.xlsx")
    assert str(caught.value).startswith("book.xlsx: takes longer than 600 seconds to read; save")


def test_an_answer_that_breaks_off_is_no_answer() -> None:
    def cut(*wishes: object) -> SimpleNamespace:
        return SimpleNamespace(returncode=0, stdout=b'{"headings": ["h"]}\n\xff\xff')

    with patch.object(sheets, "_run", cut), pytest.raises(UserError, match="ended without an answer"):
        read_sheet(written(["h"]), "book.xlsx")


def test_modules_that_lie_about_are_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit(9)")
    monkeypatch.chdir(tmp_path)
    assert rows(read_sheet(written(["h"], ["a"]), "book.xlsx")) == [("a",)]
    assert [path.name for path in tmp_path.iterdir()] == ["json.py"]


def _check_many(count: int) -> None:
    content = read_sheet(many_rows(count), "book.xlsx")
    assert content.headings == ["id", "day", "at", "word", "text"]
    assert content.table.num_rows == count - 1 and not content.malformed
    assert content.rows.to_pylist() == list(range(1, count))
    assert content.table["f0"].to_pylist() == [str(n) for n in range(1, count)]
    first = ("1", "2017-09-24", "2017-09-24 02:00:00", "word 2", "text 2")
    assert tuple(content.table.slice(0, 1).to_pylist()[0].values()) == first


def test_many_rows() -> None:
    _check_many(50_000)


@pytest.mark.long
def test_a_full_sheet() -> None:
    _check_many(1_048_576)


def test_main_namespace_is_needed() -> None:
    xml = sheet_xml(cells(["h"], ["a"])).replace(MAIN, "urn:something-else")
    assert "holds no cells" in refusal(zipped(parts(xml)))
