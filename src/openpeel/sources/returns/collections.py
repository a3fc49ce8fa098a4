"""Collections: what forces are asked for, of which months and by when; those by rule, and a workspace's own."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, get_args

from openpeel.engine.clock import first_day, last_day, month_number, month_text, parse_months
from openpeel.errors import UserError

Rows = Literal["monthly", "at end", "open"]
Span = Literal["period", "financial year"]

_SEASONAL = re.compile(r"([12][0-9]{3})-([a-z]+)")
_ID = re.compile(r"[a-z0-9][a-z0-9-]*")
#: Signs that a spreadsheet does not take in the name of a sheet.
_NO_SHEET = re.compile(r"[\[\]:*?/\\]|^'|'$")
_OWN_PARTS = ("id", "title", "months", "due", "edition", "return_to", "tables", "table")


@dataclass(frozen=True)
class AskedTable:
    """A table of a collection: one sheet of the workbook, one record type.

    Attributes:
        sheet: name of the sheet.
        type: id of the record type.
        rows: which rows are laid out: for each month, for the last day of the period, or empty ones.
        lines: how many empty rows there are.
        span: the months for which the table is complete, so that an import replaces them.
        columns: the columns that are asked for; none for all.
    """

    sheet: str
    type: str
    rows: Rows = "monthly"
    lines: int = 40
    span: Span = "period"
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Collection:
    """One collection.

    Attributes:
        id: ``2024-autumn``, or a name of a workspace's own.
        title: its name in words.
        first, last: first and last month of its period.
        due: day by which a return is due.
        tables: what is asked for.
        edition: edition of the workbook's layout.
        return_to: to whom the workbook goes back.
        assumption: what of it rests on no document; blank if all does.
    """

    id: str
    title: str
    first: int
    last: int
    due: date
    tables: tuple[AskedTable, ...]
    edition: int = 1
    return_to: str = ""
    assumption: str = ""

    def months_of(self, table: AskedTable) -> tuple[int, int]:
        """The months for which a table of it is complete."""
        if table.span == "period":
            return self.first, self.last
        # A financial year is known by its first month, April.
        year, month = divmod(self.last, 12)
        april = month_number(year if month >= 3 else year - 1, 4)
        return april, april

    def period(self) -> str:
        """Its period in words, such as ``1 April 2024 to 30 September 2024``."""
        return f"{day_text(first_day(self.first))} to {day_text(last_day(self.last))}"


def day_text(day: date) -> str:
    """A day in words, such as ``30 April 2025``."""
    return f"{day.day} {day:%B %Y}"


def collection_named(name: str, root: Path | None = None) -> Collection:
    """The collection of that id.

    Args:
        name: its id.
        root: a workspace, whose own collections count, too.

    Raises:
        UserError: there is none, or a file of the workspace is wrong.
    """
    own = _own(root)
    if name in own:
        return own[name]
    found = _SEASONAL.fullmatch(name)
    seasons = {s["name"]: s for s in _rule()["season"]}
    if found and found[2] in seasons:
        return _seasonal(int(found[1]), seasons[found[2]])
    year = found[1] if found else "2024"
    known = [*own, *(f"{year}-{season}" for season in seasons)]
    near = difflib.get_close_matches(name, known, 2, 0.5) or known
    raise UserError(f"there is no collection `{name}`", "--collection", f"did you mean {' or '.join(near)}?")


def collections_of(years: Sequence[int], root: Path | None = None) -> list[Collection]:
    """The collections whose period begins in some years, and all of a workspace's own, in the order of their due dates.

    Raises:
        UserError: a file of the workspace is wrong.
    """
    by_rule = [_seasonal(year, season) for year in years for season in _rule()["season"]]
    return sorted([*by_rule, *_own(root).values()], key=lambda c: (c.due, c.id))


@cache
def _rule() -> dict[str, Any]:
    text = files("openpeel").joinpath("sources", "returns", "collections.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def _shipped_tables() -> dict[str, AskedTable]:
    tables = [_table(t, "collections.toml") for t in _rule()["table"]]
    return {t.sheet: t for t in tables}


def _seasonal(year: int, season: Mapping[str, Any]) -> Collection:
    first = month_number(year, season["first_month"])
    last = first + season["months"] - 1
    ends = last_day(last)
    due = date(ends.year, season["due_month"], season["due_day"])
    if due <= ends:
        due = due.replace(year=due.year + 1)
    rule = _rule()
    return Collection(
        f"{year}-{season['name']}",
        f"Collection of {season['name']} {due.year}",
        first,
        last,
        due,
        tuple(_shipped_tables().values()),
        rule["edition"],
        rule["return_to"],
        rule["assumption"],
    )


def _own(root: Path | None) -> dict[str, Collection]:
    out: dict[str, Collection] = {}
    for file in sorted((root / "collections").glob("*.toml")) if root else []:
        collection = _read(file)
        if collection.id in out:
            raise UserError(f"`{collection.id}` is declared twice", str(file), "rename one of them")
        out[collection.id] = collection
    return out


def _read(file: Path) -> Collection:
    where = str(file)
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UserError(f"is not TOML ({error})", where, "mend it") from None
    for name in data:
        if name not in _OWN_PARTS:
            raise UserError(
                f"`{name}` is not a part of a collection", where, f"parts: {', '.join(_OWN_PARTS)}"
            )
    id_ = _wanted(data, "id", str, where, "a text, as autumn-check")
    if not _ID.fullmatch(id_) or _SEASONAL.fullmatch(id_):
        raise UserError(
            f"`{id_}` cannot be its id", where, "use small letters, digits and -, and no year with a season"
        )
    try:
        first, last = parse_months(_wanted(data, "months", str, where, "a text, as 2024-04..2024-09"))
    except UserError as error:
        raise UserError(error.what, where, error.do) from None
    due = _wanted(data, "due", date, where, "a date, as 2024-10-31")
    if due <= last_day(last):
        raise UserError(f"it is due {due}, before {month_text(last)} has ended", where, "mend `due`")
    return Collection(
        id_,
        _wanted(data, "title", str, where, "a text", id_),
        first,
        last,
        due,
        _tables(data, where),
        _wanted(data, "edition", int, where, "a whole number", 1),
        _wanted(data, "return_to", str, where, "a text", _rule()["return_to"]),
    )


def _wanted(
    data: Mapping[str, Any], name: str, kind: type[Any], where: str, write: str, other: Any = None
) -> Any:
    value = data.get(name, other)
    if not isinstance(value, kind) or isinstance(value, bool | datetime) or value == "":
        what = f"`{name}` is {value!r}" if name in data else f"does not say `{name}`"
        raise UserError(what, where, f"write {write}")
    return value


def _tables(data: Mapping[str, Any], where: str) -> tuple[AskedTable, ...]:
    shipped = _shipped_tables()
    named = _wanted(data, "tables", list, where, "a list of sheets", [])
    for name in named:
        if name not in shipped:
            raise UserError(f"there is no table {name!r}", where, f"there are: {', '.join(shipped)}")
    own = _wanted(data, "table", list, where, "[[table]]", [])
    tables = (*(shipped[n] for n in named), *(_table(t, where) for t in own))
    sheets = [t.sheet.casefold() for t in tables]
    if not tables:
        raise UserError("asks for no table", where, "name some in `tables`, or declare [[table]]")
    if len(set(sheets)) < len(sheets):
        raise UserError("two of its tables have one sheet", where, "rename one of them")
    types = [t.type for t in tables]
    if len(set(types)) < len(types):
        raise UserError("two of its tables are of one record type", where, "take one of them out")
    return tables


def _table(data: Any, where: str) -> AskedTable:
    known = {f.name for f in fields(AskedTable)}
    if not isinstance(data, dict) or set(data) - known:
        raise UserError(f"a table is {str(data)[:60]}", where, f"its parts are {', '.join(sorted(known))}")
    sheet = _wanted(data, "sheet", str, where, "a text")
    if len(sheet) > 31 or _NO_SHEET.search(sheet):
        raise UserError(
            f"a sheet cannot be called {sheet!r}", where, "use up to 31 letters, digits and spaces"
        )
    for name, values in (("rows", get_args(Rows)), ("span", get_args(Span))):
        if name in data and data[name] not in values:
            raise UserError(f"`{name}` is {data[name]!r}", f"{where}: {sheet}", f"use {' or '.join(values)}")
    columns = _wanted(data, "columns", list, where, "a list of columns", [])
    lines = _wanted(data, "lines", int, where, "a whole number", 40)
    if not 1 <= lines <= 2000:
        raise UserError(f"`lines` is {lines}", f"{where}: {sheet}", "write a number from 1 to 2000")
    return AskedTable(
        sheet,
        _wanted(data, "type", str, where, "the id of a record type"),
        data.get("rows", "monthly"),
        lines,
        data.get("span", "period"),
        tuple(map(str, columns)),
    )
