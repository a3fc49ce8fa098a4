"""Reading delimited text: every row is there, set aside with a reason, or the file is refused."""

from __future__ import annotations

import csv
import io
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openpeel.engine.intake.read import Delimited, read_delimited
from openpeel.errors import UserError

BREAK = re.compile("\r\n?")


def read(text: str | bytes) -> Delimited:
    return read_delimited(text if isinstance(text, bytes) else text.encode(), "file.csv")


def rows(content: Delimited) -> list[tuple[str, ...]]:
    return [tuple(row.values()) for row in content.table.to_pylist()]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_kind(end: str) -> None:
    content = read(end.join(["a,b", "1,2", "3,4", ""]))
    assert content.headings == ["a", "b"]
    assert rows(content) == [("1", "2"), ("3", "4")]
    assert content.rows.to_pylist() == [1, 2]


def test_line_ends_mixed_in_one_file() -> None:
    assert rows(read("a,b\n1,2\r3,4\r\n5,6")) == [("1", "2"), ("3", "4"), ("5", "6")]


def test_last_line_without_line_end_is_a_row() -> None:
    assert rows(read("a,b\n1,2")) == [("1", "2")]


def test_byte_order_mark_is_no_part_of_the_first_heading() -> None:
    assert read(b"\xef\xbb\xbfa,b\n1,2\n").headings == ["a", "b"]
    assert read(b'\xef\xbb\xbf"a",b\n1,2\n').headings == ["a", "b"]


def test_line_break_inside_quotation_marks_is_no_row() -> None:
    content = read('a,b,c\n1,"x\ny",2\n3,4,5\n')
    assert rows(content) == [("1", "x\ny", "2"), ("3", "4", "5")]
    assert content.malformed == []


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_break_inside_quotation_marks_is_the_same_whatever_the_files_line_ends(end: str) -> None:
    content = read(end.join(["a,b,c", '1,"x', 'y",2', ""]))
    assert rows(content) == [("1", "x\ny", "2")]


def test_doubled_quotation_marks_and_commas_inside_them() -> None:
    assert rows(read('a,b\n1,"say ""so"", now"\n')) == [("1", 'say "so", now')]


def test_line_and_paragraph_separators_of_unicode_are_no_line_breaks() -> None:
    assert rows(read("a,b\n1,x\u2028y\x85z\n")) == [("1", "x\u2028y\x85z")]


def test_nothing_is_given_a_type_by_what_it_holds() -> None:
    content = read("a,b,c,d\n007,1.0,true,2019-07-01\nNA,NULL,,nan\n")
    assert rows(content) == [("007", "1.0", "true", "2019-07-01"), ("NA", "NULL", "", "nan")]


def test_nothing_is_given_a_type_in_a_wide_table_under_a_broken_heading() -> None:
    content = read('\n"a\nb",' + ",".join(["x"] * 300) + "\n" + ",".join(["007"] * 301) + "\n")
    assert set(rows(content)[0]) == {"007"}


def test_exact_repeats_are_all_there() -> None:
    assert rows(read("a,b\n1,2\n1,2\n1,2\n")) == [("1", "2")] * 3


def test_ragged_rows_are_handed_over_with_their_numbers() -> None:
    content = read("a,b\n1,2\n3\n4,5,6\n7,8\n")
    assert rows(content) == [("1", "2"), ("7", "8")]
    assert content.rows.to_pylist() == [1, 4]
    assert [(m.row, m.text) for m in content.malformed] == [(2, "3"), (3, "4,5,6")]
    assert content.malformed[0].detail == "has 1 fields where the heading has 2"
    assert content.read() == 4


def test_blank_lines_are_no_rows_and_do_not_move_row_numbers() -> None:
    content = read("\n\na,b\n\n1,2\n\n3\n\n\n4,5\n")
    assert content.rows.to_pylist() == [1, 3]
    assert content.malformed[0].row == 2


def test_line_of_spaces_and_end_of_file_mark_of_dos_are_not_lost() -> None:
    assert [m.text for m in read("a,b\n   \n1,2\n\x1a").malformed] == ["   ", "\x1a"]


def test_trailing_comma_on_every_row_sets_every_row_aside() -> None:
    content = read("a,b\n" + "1,2,\n" * 1000)
    assert (content.table.num_rows, len(content.malformed), content.read()) == (0, 1000, 1000)


@pytest.mark.parametrize(
    "text",
    [
        'a,b\n1,"x\n2,y\n3,z\n',
        'a,b\n"1,x\n2,y\n',
        'a,b\n1,x\n2,"',
        'a,b\n1,"x"y\n2,z\n',
        'a,b\n1,"x" \n2,z\n',
        '"a,b\n1,2\n',
        'a,b\r"1,x\r2,y\r',
        'a,b\n1,"x""\n2,"y"\n',
    ],
)
def test_open_quotation_mark_refuses_the_file(text: str) -> None:
    with pytest.raises(UserError, match="quotation mark") as caught:
        read(text)
    assert caught.value.where == "file.csv"


def test_open_quotation_mark_is_named_by_its_line() -> None:
    with pytest.raises(UserError, match="about line 5"):
        read('a,b\n1,"x\nx"\n2,y\n3,"z\n4,w\n')


def test_quotation_mark_in_the_middle_of_a_field_is_a_character() -> None:
    assert rows(read('a,b\n1,5" blade\n2,6" blade\n')) == [("1", '5" blade'), ("2", '6" blade')]


def test_quoted_field_after_a_space_does_not_swallow_rows() -> None:
    content = read('a,b\n1, "x\n2,y\n3,z"\n')
    assert rows(content) == [("1", ' "x'), ("2", "y"), ("3", 'z"')]


@pytest.mark.parametrize(
    "text",
    [
        'a,b,c\nr1,"x,1\nr2,y,1\nr3,z",1\nr4,k,1\n',  # middle column
        'a,b,c\n"r1,x,1\nr2,y,1\nr3",z,1\nr4,k,1\n',  # first column
        'a,b,c\nr1,x,"1\nr2,y,1\nr3,z,1"\nr4,k,1\n',  # last column
        'a,b,c\nr1,"x,1\nr2,y,1\nr3,z,1"\nr4,k,1\n',  # opened in one column, closed in another
        'a,b,c\r\nr1,"x,1\r\nr2,y,1\r\nr3,z",1\r\nr4,k,1\r\n',
    ],
)
def test_two_stray_quotation_marks_do_not_make_rows_vanish(text: str) -> None:
    content = read(text)
    assert rows(content) == [("r4", "k", "1")]
    assert {m.reason for m in content.malformed} == {"rows inside quotation marks"}
    assert len(content.malformed) == 3
    assert content.read() == 4
    assert content.rows.to_pylist() == [2]


def test_rows_swallowed_by_two_fields_of_one_row_are_noticed() -> None:
    content = read('a,b,c,d\nr1,"x,1,2\nr2,y","1,2\nr3,z,1",2\nr4,k,1,2\n')
    assert rows(content) == [("r4", "k", "1", "2")]
    assert [m.text for m in content.malformed] == ["r1,x,1,2", "r2,y,1,2", "r3,z,1,2"]


def test_two_rows_swallowed_in_one_field_are_noticed() -> None:
    content = read('a,b,c\nr1,"x,1\nr2,y",1\nr3,z,1\n')
    assert rows(content) == [("r3", "z", "1")]
    assert [m.text for m in content.malformed] == ["r1,x,1", "r2,y,1"]


def test_free_text_with_commas_and_line_breaks_is_not_taken_for_rows() -> None:
    text = 'a,b,c,d\n1,"seen, then lost\nfound later",x,y\n2,"one\ntwo, three, four\nfive",x,y\n'
    assert read(text).malformed == []


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "is empty"),
        (b"\n \r\n", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        ("a,b\n1,2\n".encode("utf-16"), "UTF-16"),
        ("a,b\n1,2\n".encode("utf-16-be"), "binary"),
        (b"a,b\n1,\x002\n", "binary"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "binary"),
        (b"a,b\n1,2\n\xff,3\n", "not UTF-8 text about line 3"),
        (b"a,b\n1,2\n\xff3\n", "not UTF-8 text about line 3"),
        (b"a,b\xe9\n1,2\n", "not UTF-8 text about line 1"),
        ("a,b\n1,Ynys Môn\n".encode("latin-1"), "not UTF-8 text about line 2"),
        (b"a,b\n1,x\xc3", "not UTF-8 text about line 2"),
        (b"a;b\n1;2\n", "not separated by commas"),
        (b"a\tb\n1\t2\n", "not separated by commas"),
        (b",".join([b"x"] * 2000) + b"\n", "columns"),
    ],
)
def test_what_is_no_csv_is_refused_in_one_line(data: bytes, what: str) -> None:
    with pytest.raises(UserError, match=what) as caught:
        read(data)
    assert "\n" not in caught.value.line()


def test_character_split_between_blocks_is_utf8(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openpeel.engine.intake.read._CHUNK", 3)
    assert rows(read("a,b\n1,Môn ☂\n")) == [("1", "Môn ☂")]


@pytest.mark.parametrize("text", ["a,b\n", "a,b", "a,b\r\n", "a,b\r"])
def test_header_only_file_has_no_rows_and_is_a_file(text: str) -> None:
    content = read(text)
    assert (content.headings, content.read()) == (["a", "b"], 0)


def test_one_column_file() -> None:
    content = read('a\n1\n""\n2\n')
    assert rows(content) == [("1",), ("",), ("2",)]


def test_control_characters_stay_for_the_check_of_rows() -> None:
    assert rows(read("a,b\n1,x\x0by\n")) == [("1", "x\x0by")]


def test_huge_field_is_read_and_quickly() -> None:
    content = read(b'a,b\n1,"' + b'x""' * 3_000_000 + b'"\n2,y\n')
    assert len(rows(content)[0][1]) == 6_000_000
    assert content.read() == 2


PIECES = ['"', '""', ",", "\n", "\r", "\r\n", " ", "x", "é", "\ufeff", "\x1a", "'", "\\", "\t"]
TEXT = 'a,b,c\n1,"x, y",2\n3,"p\nq",4\n5,"say ""so""",6\n7,8,9\n'


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, len(TEXT)), st.sampled_from(PIECES)), max_size=6),
    st.booleans(),
)
def test_damaged_file_is_refused_or_read_as_python_reads_it(hits: list[tuple[int, str]], crlf: bool) -> None:
    text = TEXT
    for place, piece in hits:
        text = text[:place] + piece + text[place:]
    text = text.replace("\n", "\r\n") if crlf else text
    try:
        content = read(text)
    except UserError as error:
        assert "\n" not in error.line()
        return
    lines = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    expected = [tuple(BREAK.sub("\n", field) for field in row) for row in lines if row][1:]
    assert content.read() >= len(expected)
    if all(m.reason == "wrong number of fields" for m in content.malformed):
        assert rows(content) == [row for row in expected if len(row) == len(content.headings)]


def test_file_cut_off_in_the_middle_of_its_last_row_is_refused() -> None:
    with pytest.raises(UserError, match="is cut off: it ends in the middle of a row"):
        read("a,b,c\n1,2,3\n4,5")


def test_short_last_row_with_its_line_end_is_set_aside() -> None:
    assert [m.row for m in read("a,b,c\n1,2,3\n4,5\n").malformed] == [2]
