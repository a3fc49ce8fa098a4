"""The columns of a mapping file: where each column's value comes from, and how it is made.

What could only go wrong later, row by row, is refused here, while the person who wrote the mapping looks on.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping as Table
from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from openpeel.engine.declare.records import Column, RecordType
from openpeel.engine.intake.mapping import FALSE_WORDS, SERIAL, TRUE_WORDS, Rule, normal_heading
from openpeel.errors import UserError

Headings = tuple[str, ...]

_SOURCES = ("from", "join", "value")
#: Part of a column's table -> the types of column it can be used for; blank for all of them.
_PARTS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(_SOURCES, ()),
    "with": (),
    "blank": (),
    "values": (),
    "other": (),
    "contains": ("boolean",),
    "formats": ("date", "instant"),
    "plus_seconds": ("instant",),
    "unit": ("duration",),
}
_MARK = re.compile(r"%-?(.?)")
#: Marks of a format that are read the same everywhere: no locale, no time zone.
_MARKS = "aAbBdmyYjHIpMSf%"


def read_columns(
    said: Any, record_type: RecordType, unknown: Sequence[str], where: str
) -> tuple[dict[str, Headings], dict[str, Rule]]:
    """The table ``[columns]`` of a mapping file.

    Args:
        said: what the file says there.
        record_type: the type whose columns are filled.
        unknown: every wording that means unknown, in capitals.
        where: names the file, for errors.

    Returns:
        column -> the headings it may have; column -> how its value is made, where that is more.

    Raises:
        UserError: the type has no such column, or something cannot be meant so; file and place are named.
    """
    if not isinstance(said, dict) or not said:
        raise UserError("has no table [columns]", where, "say there which column stands under which heading")
    headings: dict[str, Headings] = {}
    rules: dict[str, Rule] = {}
    for name, source in said.items():
        column = _column(record_type, name, where)
        names, rule = _Reader(column, unknown, f"{where}: [columns] {name}").read(source)
        if names:
            headings[name] = names
        if rule != Rule():
            rules[name] = rule
    return headings, rules


def _column(record_type: RecordType, name: str, where: str) -> Column:
    names = [c.name for c in record_type.columns]
    if name in names:
        return record_type.column(name)
    if name == "force":
        raise UserError("`force` stands under [columns]", where, 'write force_column = "…" above [columns]')
    near = difflib.get_close_matches(name, names, 3, 0.6)
    hint = f"did you mean {' or '.join(near)}?" if near else "`docs/records` lists its columns"
    raise UserError(f"{record_type.id} has no column `{name}`", f"{where}: [columns]", hint)


def heading(said: Any, where: str) -> str:
    """A heading as written in a mapping file.

    Raises:
        UserError: it is no text, or nothing of it counts when headings are compared.
    """
    if not isinstance(said, str):
        raise UserError(f"{said!r} is no heading", where, "write a heading in quotation marks")
    if not normal_heading(said):
        raise UserError(
            f"a heading `{said}` cannot be told from others", where, "give the column a name in words"
        )
    return said


def texts(said: Any, part: str, where: str) -> tuple[str, ...]:
    """One text, or a list of some.

    Raises:
        UserError: it is something else, or there is none.
    """
    listed = said if isinstance(said, list) else [said]
    if not listed or not all(isinstance(s, str) and s.strip() for s in listed):
        raise UserError(f"`{part}` is no list of texts", where, f'write {part} = ["…", "…"]')
    return tuple(listed)


class _Reader:
    """Reads the source of one column."""

    def __init__(self, column: Column, unknown: Sequence[str], where: str) -> None:
        self._column, self._unknown, self._where = column, unknown, where

    def read(self, said: Any) -> tuple[Headings, Rule]:
        if isinstance(said, str | list):
            return self._headings(said), Rule()
        if not isinstance(said, dict):
            raise self._error(
                f"{said!r} is no heading", "write a heading in quotation marks, or a table in braces"
            )
        self._check_parts(said)
        if "value" in said:
            return (), Rule(constant=self._constant(said["value"]))
        joined = "join" in said
        headings = self._headings(said["join" if joined else "from"])
        values, blank = self._values(said), ""
        if "blank" in said:
            values, blank = self._blank(said, values)
        rule = Rule(
            join=headings if joined else (),
            glue=self._text(said.get("with", " "), "with"),
            blank=blank,
            contains=texts(said["contains"], "contains", self._where) if "contains" in said else (),
            values=values,
            other="unknown" if self._one_of(said, "other", ("keep", "unknown")) == "unknown" else "keep",
            formats=tuple(map(self._format, texts(said["formats"], "formats", self._where)))
            if "formats" in said
            else (),
            unit="clock" if self._one_of(said, "unit", ("seconds", "clock")) == "clock" else "seconds",
            plus_seconds=heading(said["plus_seconds"], self._where) if "plus_seconds" in said else "",
        )
        return () if joined else headings, rule

    def _error(self, what: str, do: str) -> UserError:
        return UserError(what, self._where, do)

    def _check_parts(self, said: Table[str, Any]) -> None:
        for part in said:
            if part not in _PARTS:
                raise self._error(f"`{part}` is not a part of a column", f"parts: {', '.join(_PARTS)}")
            fits = _PARTS[part]
            if fits and self._column.type not in fits:
                raise self._error(
                    f"`{part}` is for columns of type {' or '.join(fits)}, and this is {self._column.type}",
                    "leave it away",
                )
        sources = [s for s in _SOURCES if s in said]
        if len(sources) != 1:
            what = f"{' and '.join(sources)} do not go together" if sources else "has no source"
            raise self._error(what, "say one of from, join and value")
        if "value" in said and len(said) > 1:
            other = next(p for p in said if p != "value")
            raise self._error(f"value and {other} do not go together", f"leave {other} away")
        for part, needs in (("with", "join"), ("other", "values")):
            if part in said and needs not in said:
                raise self._error(f"`{part}` is there without `{needs}`", "leave it away")
        if "contains" in said and "values" in said:
            raise self._error("contains and values do not go together", "leave one of them away")

    def _headings(self, said: Any) -> Headings:
        listed = said if isinstance(said, list) else [said]
        if not listed:
            raise self._error("names no heading", "name one")
        return tuple(heading(h, self._where) for h in listed)

    def _text(self, said: Any, part: str) -> str:
        if not isinstance(said, str):
            raise self._error(f"`{part}` is {said!r}", f'write {part} = "…"')
        return said

    def _one_of(self, said: Table[str, Any], part: str, words: Sequence[str]) -> str:
        word = said.get(part, words[0])
        if word not in words:
            raise self._error(f"`{part}` is {word!r}", f"use {' or '.join(words)}")
        return str(word)

    def _word(self, said: Any, part: str) -> str:
        """A value in our words, as TOML may write it."""
        if isinstance(said, bool):
            return "yes" if said else "no"
        if isinstance(said, int | float | date):
            return str(said)
        return self._text(said, part)

    def _allowed(self, word: str, part: str) -> str:
        """The word, if the column can hold it."""
        column, plain = self._column, word.strip().lower()
        if column.allowed and plain not in [a.lower() for a in column.allowed]:
            raise self._error(f"`{part}` gives `{word}`", f"use one of {', '.join(column.allowed)}")
        if column.type == "boolean" and plain not in TRUE_WORDS + FALSE_WORDS:
            raise self._error(f"`{part}` gives `{word}`", "use yes or no")
        if column.type in ("integer", "number") and not _is_number(plain):
            raise self._error(f"`{part}` gives `{word}`", "write a number")
        return word

    def _constant(self, said: Any) -> str:
        word = self._word(said, "value")
        if not word.strip():
            raise self._error("`value` is empty", "leave the column out if it is not known")
        return self._allowed(word, "value")

    def _values(self, said: Table[str, Any]) -> dict[str, str]:
        """The file's wordings and ours."""
        if "values" not in said:
            return {}
        table = said["values"]
        if not isinstance(table, dict) or not table:
            raise self._error("`values` is no table of wordings", 'write values = { "theirs" = "ours" }')
        out: dict[str, str] = {}
        for theirs, ours in table.items():
            word = self._word(ours, "values")
            if theirs.strip().upper() in self._unknown:
                raise self._error(
                    f"`{theirs}` means unknown, so it is never translated",
                    "say with blank = … what a blank means",
                )
            if _plain(theirs) in map(_plain, out):
                raise self._error(f"`{theirs}` stands twice in `values`", "remove one of them")
            out[theirs] = self._allowed(word, "values") if word else word
        return out

    def _blank(self, said: Table[str, Any], values: dict[str, str]) -> tuple[dict[str, str], str]:
        """What a blank means, in the file's words or in ours, as the steps after it will take it.

        Returns:
            the wordings to translate, and the text to put in the place of a blank.
        """
        word = self._word(said["blank"], "blank")
        if not word.strip():
            raise self._error("`blank` is empty", "leave it away: a blank is unknown then")
        if "contains" in said:
            yes = self._allowed(word, "blank").strip().lower() in TRUE_WORDS
            held = texts(said["contains"], "contains", self._where)
            if not yes and "no" in map(str.lower, held):
                raise self._error("`contains` holds the word `no`", "use values in its place")
            return values, held[0] if yes else "no"
        if _plain(word) not in map(_plain, values):
            self._allowed(word, "blank")
            if values and said.get("other") == "unknown":
                return values | {word: word}, word
        return values, word

    def _format(self, format_: str) -> str:
        """A format of dates and times, without the minus signs that some write for a missing zero."""
        if format_ == SERIAL:
            return format_
        marks = _MARK.findall(format_)
        odd = [m for m in marks if not m or m not in _MARKS]
        if "z" in odd or "Z" in odd:
            raise self._error(
                f"the format `{format_}` holds a time zone",
                "times with an offset are read as ISO (2024-03-04T14:05:00+00:00), without formats",
            )
        if odd:
            known = " ".join(f"%{m}" for m in _MARKS)
            raise self._error(f"the format `{format_}` holds `%{odd[0]}`", f"use {known}")
        year = {"y", "Y"} & set(marks)
        day = "j" in marks or ("d" in marks and {"m", "b", "B"} & set(marks))
        if not year or not day:
            raise self._error(
                f"the format `{format_}` gives no whole date", "write %d/%m/%Y, or join columns"
            )
        if ("I" in marks) != ("p" in marks):
            raise self._error(f"the format `{format_}` has one of %I and %p", "write %H, or %I with %p")
        return format_.replace("%-", "%")


def _plain(word: str) -> str:
    return " ".join(word.lower().split())


def _is_number(word: str) -> bool:
    try:
        return Decimal(word.replace(",", "")).is_finite()
    except InvalidOperation:
        return False
