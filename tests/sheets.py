"""Makers of workbooks, awkward ones among them: by openpyxl, or part by part where it would not write them."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from unittest.mock import patch
from xml.sax.saxutils import escape

import openpyxl

from openpeel.engine.intake import sheets
from openpeel.engine.intake.read import Delimited
from openpeel.engine.intake.sheets import worker

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
#: Formats of the hand-made workbooks: ``s="1"`` a date, 2 date and time, 3 time, 4 duration, 5 text.
FORMATS = ("dd/mm/yyyy", "yyyy\\-mm\\-dd\\ hh:mm:ss", "h:mm", "[h]:mm:ss", "@")


def written(
    *rows: Sequence[Any], formats: Mapping[str, str] = {}, **others: Sequence[Sequence[Any]]
) -> bytes:
    """A workbook by openpyxl: a sheet ``Rows``, and further ones by name."""
    book = openpyxl.Workbook()
    book.active.title = "Rows"
    for name, content in {"Rows": rows, **others}.items():
        sheet = book[name] if name in book.sheetnames else book.create_sheet(name)
        for row in content:
            sheet.append(list(row))
    for cell, code in formats.items():
        book["Rows"][cell].number_format = code
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    """A workbook of openpyxl as bytes."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def sheet_xml(rows: str, after: str = "", before: str = "") -> str:
    """A sheet's XML around its rows."""
    start = f'<?xml version="1.0" encoding="UTF-8"?>{before}<worksheet xmlns="{MAIN}"><sheetData>'
    return f"{start}{rows}</sheetData>{after}</worksheet>"


def cells(*rows: Sequence[str], first: int = 1) -> str:
    """Rows of hand-made cells: each is the inside of ``<c>``, or its attributes, a bar, and the inside."""
    out = []
    for number, row in enumerate(rows, first):
        inside = ""
        for column, cell in enumerate(row):
            attributes, bar, content = cell.partition("|")
            name = f"{chr(65 + column)}{number}"
            if bar:
                inside += f'<c r="{name}" {attributes}>{content}</c>'
            elif cell:
                inside += f'<c r="{name}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
        out.append(f'<row r="{number}">{inside}</row>')
    return "".join(out)


def parts(
    *sheet_parts: str,
    names: Sequence[str] = (),
    states: Sequence[str] = (),
    strings: str = "",
    properties: str = "",
    calculation: str = "",
) -> dict[str, str]:
    """The parts of a hand-made .xlsx, by name; its sheets are given as XML."""
    names = names or [f"Sheet{n + 1}" for n in range(len(sheet_parts))]
    states = states or ["visible"] * len(sheet_parts)
    listed = "".join(
        f'<sheet name="{name}" sheetId="{n}" r:id="r{n}" state="{state}"/>'
        for n, (name, state) in enumerate(zip(names, states, strict=True), 1)
    )
    links = "".join(
        f'<Relationship Id="r{n + 1}" Type="{DOCUMENT}/worksheet" Target="worksheets/sheet{n + 1}.xml"/>'
        for n in range(len(sheet_parts))
    )
    links += f'<Relationship Id="styles" Type="{DOCUMENT}/styles" Target="styles.xml"/>'
    links += f'<Relationship Id="strings" Type="{DOCUMENT}/sharedStrings" Target="/xl/sharedStrings.xml"/>'
    codes = "".join(f'<numFmt numFmtId="{170 + n}" formatCode="{c}"/>' for n, c in enumerate(FORMATS))
    styles = "".join(f'<xf numFmtId="{170 + n}"/>' for n in range(len(FORMATS)))
    return {
        "[Content_Types].xml": f'<Types xmlns="{TYPES}"><Default Extension="xml" ContentType="application/xml"/>'
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{DOCUMENT}/officeDocument"'
        f' Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{DOCUMENT}"><workbookPr {properties}/>'
        f"<sheets>{listed}</sheets><calcPr {calculation}/></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">{links}</Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><numFmts>{codes}</numFmts>'
        f'<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>{styles}</cellXfs></styleSheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{strings}</sst>',
        **{f"xl/worksheets/sheet{n}.xml": xml for n, xml in enumerate(sheet_parts, 1)},
    }


def zipped(content: Mapping[str, str | bytes]) -> bytes:
    """Parts as a zip archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in content.items():
            archive.writestr(name, part)
    return out.getvalue()


def handmade(*rows: Sequence[str], after: str = "", **more: Any) -> bytes:
    """A hand-made .xlsx of one sheet."""
    return zipped(parts(sheet_xml(cells(*rows), after), **more))


def merged(*ranges: str) -> str:
    """The XML that says which cells are merged."""
    inside = "".join(f'<mergeCell ref="{r}"/>' for r in ranges)
    return f"<mergeCells>{inside}</mergeCells>"


def with_zeros(content: Mapping[str, str], name: str, size: int) -> bytes:
    """Parts as a zip archive, and one more that unpacks to a great many zero bytes: never in memory at once."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for part, xml in content.items():
            archive.writestr(part, xml)
        with archive.open(name, "w", force_zip64=True) as stream:
            for _ in range(size >> 20):
                stream.write(bytes(1 << 20))
    return out.getvalue()


def claiming(data: bytes, name: str, size: int) -> bytes:
    """An archive whose directory gives a false unpacked size for one part."""
    entry = data.rindex(name.encode()) - 46
    return data[: entry + 24] + struct.pack("<I", size) + data[entry + 28 :]


def many_rows(count: int) -> bytes:
    """A hand-made workbook of five columns and many rows: number, date, date and time, shared text, text."""
    out = io.BytesIO()
    strings = "".join(f"<si><t>word {n}</t></si>" for n in range(100))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for part, xml in parts("", strings=strings).items():
            if part != "xl/worksheets/sheet1.xml":
                archive.writestr(part, xml)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as stream:
            start, end = sheet_xml("|").split("|")
            stream.write((start + cells(["id", "day", "at", "word", "text"])).encode())
            for first in range(2, count + 1, 10_000):
                numbers = range(first, min(first + 10_000, count + 1))
                stream.write("".join(map(_row, numbers)).encode())
            stream.write(end.encode())
    return out.getvalue()


def _row(n: int) -> str:
    return (
        f'<row r="{n}"><c r="A{n}"><v>{n - 1}</v></c><c r="B{n}" s="1"><v>{43000 + n % 2000}</v></c>'
        f'<c r="C{n}" s="2"><v>{43000 + n % 2000 + n % 24 / 24}</v></c><c r="D{n}" t="s"><v>{n % 100}</v></c>'
        f'<c r="E{n}" t="inlineStr"><is><t>text {n}</t></is></c></row>'
    )


ODS = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
    "calcext": "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0",
}


def ods_cell(text: str = "", attributes: str = 'office:value-type="string"') -> str:
    """A cell of an .ods sheet."""
    inside = f"<text:p>{text}</text:p>" if text else ""
    return f"<table:table-cell {attributes}>{inside}</table:table-cell>"


def ods_row(*row: str, attributes: str = "") -> str:
    """A row of an .ods sheet; what is not a cell already becomes one of text."""
    inside = "".join(cell if cell.startswith("<") else ods_cell(cell) for cell in row)
    return f"<table:table-row {attributes}>{inside}</table:table-row>"


def ods(*rows: str, hidden: Iterable[str] = (), more: Mapping[str, str] = {}, **others: str) -> bytes:
    """An .ods workbook: a sheet ``Rows`` and others, each given as the XML of its rows."""
    spaces = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in ODS.items())
    tables = "".join(
        f'<table:table table:name="{name}" table:style-name="{name in hidden}">{xml}</table:table>'
        for name, xml in {"Rows": "".join(rows), **others}.items()
    )
    styles = "".join(
        f'<style:style style:name="{name}"><style:table-properties table:display="{shown}"/></style:style>'
        for name, shown in {False: "true", True: "false"}.items()
    )
    content = (
        f"<office:document-content {spaces}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    return zipped({"content.xml": content, **more})


def read(data: bytes, **wishes: Any) -> Delimited:
    """Read a sheet without a process of its own, which takes half a second to start."""
    with patch.object(sheets, "_run", _here):
        return sheets.read_sheet(data, "book.xlsx", **wishes)


class _Done:
    returncode = 0

    def __init__(self, stdout: bytes) -> None:
        self.stdout = stdout


def _here(data: bytes, _: str, wish: dict[str, Any], __: int) -> _Done:
    return _Done(b"".join(worker.respond(wish, data)))


def rows(content: Delimited) -> list[tuple[str, ...]]:
    """The rows of a table."""
    return [tuple(row.values()) for row in content.table.to_pylist()]
