"""A mapping file: TOML that says how the columns and words of a force's files become those of a record type.

docs/extracts.md shows how to write one.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping as Table
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpeel.engine.declare.find import type_named
from openpeel.engine.declare.records import RecordType
from openpeel.engine.intake.mapping import BLANK_WORDS, Condition, Mapping, Rule, Scope, Zone
from openpeel.engine.intake.read import SEPARATORS
from openpeel.errors import UserError
from openpeel.sources.extract.columns import heading, read_columns, texts

SCOPES: tuple[Scope, ...] = ("complete", "changes")
ZONES: tuple[Zone, ...] = ("local", "UTC", "offset")
ENCODINGS = ("utf-8", "cp1252", "utf-16")
_KEYS = (
    "type", "scope", "zone", "force", "force_column", "sheet", "header_row", "encoding", "separator", "blank",
    "columns", "only", "gone",
)  # fmt: skip


@dataclass(frozen=True)
class Layout:
    """How the files are laid out.

    Attributes:
        sheet: name of the sheet; blank for the only one.
        header_row: number of the row in which the headings stand.
        encoding: how text is written; one of ``ENCODINGS``.
        separator: what stands between fields.
    """

    sheet: str = ""
    header_row: int = 1
    encoding: str = "utf-8"
    separator: str = ","


@dataclass(frozen=True)
class MappingFile:
    """What a mapping file says.

    Attributes:
        mapping: the mapping; where the rows name their force, ``force`` is among its headings.
        layout: how the files are laid out.
        force: whose records the files hold, as written; blank where the rows say it or nothing does.
        file: its name, for errors.
    """

    mapping: Mapping
    layout: Layout
    force: str
    file: str

    def names_forces(self) -> bool:
        """Whether the rows say whose they are."""
        return "force" in self.mapping.headings


def read_mapping(
    file: Path, types: Table[str, RecordType], type_name: str = "", scope: str = ""
) -> MappingFile:
    """Read a mapping file.

    Args:
        file: the file.
        types: every declared record type.
        type_name: the record type as stated beside it, by its id or the end of it.
        scope: as stated beside it; overrides the file's.

    Raises:
        UserError: it cannot be read, or says something that cannot be meant so; file and place are named.
    """
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UserError(f"cannot be read ({error.strerror})", str(file), "check the path") from None
    except UnicodeDecodeError:
        raise UserError("is not UTF-8 text", str(file), "save the mapping as UTF-8") from None
    return parse_mapping(text, str(file), types, type_name, scope)


def parse_mapping(
    text: str, file: str, types: Table[str, RecordType], type_name: str = "", scope: str = ""
) -> MappingFile:
    """As ``read_mapping``, from the text itself; ``file`` names it in errors."""
    try:
        said = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UserError(f"is not TOML ({error})", file, "mend the mapping") from None
    for key in said:
        if key not in _KEYS:
            near = difflib.get_close_matches(key, _KEYS, 1)
            hint = f"did you mean `{near[0]}`?" if near else f"it can say {', '.join(_KEYS)}"
            raise UserError(f"`{key}` is not a part of a mapping", file, hint)
    record_type = _type(said, types, type_name, file)
    return MappingFile(
        _mapping(said, record_type, _scope(said, scope, file), file),
        _layout(said, file),
        _text(said, "force", file),
        file,
    )


def _type(said: Table[str, Any], types: Table[str, RecordType], type_name: str, file: str) -> RecordType:
    written = _text(said, "type", file)
    if not written and not type_name:
        raise UserError(
            "does not say which record type", file, 'add type = "responding.incident", or give --type'
        )
    stated = type_named(types, type_name) if type_name else None
    own = type_named(types, written, file) if written else None
    if stated and own and stated.id != own.id:
        raise UserError(f"is for {own.id}, and --type says {stated.id}", file, "use the mapping of that type")
    found = own or stated
    assert found is not None
    return found


def _scope(said: Table[str, Any], stated: str, file: str) -> Scope:
    text, where = (stated, "--scope") if stated else (_text(said, "scope", file), file)
    if not text:
        raise UserError(
            "does not say what its files replace",
            file,
            'add scope = "complete" (they hold every row of their months) or "changes" (rows are put in or '
            "replaced by key), or give --scope",
        )
    for scope in SCOPES:
        if text == scope:
            return scope
    raise UserError(f"there is no scope `{text}`", where, f"use {' or '.join(SCOPES)}")


def _zone(said: Table[str, Any], file: str) -> Zone:
    text = _text(said, "zone", file) or "offset"
    for zone in ZONES:
        if text.lower() == zone.lower():
            return zone
    raise UserError(f"there is no zone `{text}`", file, f"use {', '.join(ZONES)}")


def _mapping(said: Table[str, Any], record_type: RecordType, scope: Scope, file: str) -> Mapping:
    blanks = texts(said["blank"], "blank", file) if "blank" in said else ()
    unknown = (*BLANK_WORDS, *(b.strip().upper() for b in blanks))
    headings, rules = read_columns(said.get("columns"), record_type, unknown, file)
    if "force_column" in said:
        if "force" in said:
            raise UserError("force and force_column do not go together", file, "leave one of them away")
        headings["force"] = tuple(
            heading(h, f"{file}: force_column") for h in texts(said["force_column"], "force_column", file)
        )
    only = _conditions(said, "only", unknown, file)
    gone = _conditions(said, "gone", unknown, file)
    _check_keys(record_type, scope, headings, rules, bool(gone), file)
    if len(gone) > 1:
        raise UserError("names several headings", f"{file}: [gone]", "name the one that says so")
    zone = _zone(said, file)
    return Mapping(
        record_type, headings, tuple(headings), scope, zone, rules, blanks, only, gone[0] if gone else None
    )


def _check_keys(
    record_type: RecordType,
    scope: Scope,
    headings: Table[str, Any],
    rules: Table[str, Rule],
    gone: bool,
    file: str,
) -> None:
    """Refuse a mapping by which no row could be taken in."""
    if scope == "changes" and not record_type.key:
        raise UserError(
            f"{record_type.id} has no key, so changes cannot say what they replace",
            file,
            'supply whole months, with scope = "complete"',
        )
    if gone and scope == "complete":
        raise UserError("is for changes alone", f"{file}: [gone]", "leave such rows out of a complete supply")
    keyless = record_type.key_may_be_blank and scope == "complete"
    needed = [c.name for c in record_type.columns if c.required]
    needed += [k for k in record_type.key if not keyless and k not in needed]
    filled = {*headings, *(name for name, rule in rules.items() if rule.join or rule.constant is not None)}
    for name in needed:
        if name not in filled:
            what = "part of the key" if name in record_type.key else "required"
            raise UserError(
                f"`{name}` is {what}, and nothing fills it", f"{file}: [columns]", "say where it stands"
            )


def _conditions(
    said: Table[str, Any], part: str, unknown: tuple[str, ...], file: str
) -> tuple[Condition, ...]:
    table, where = said.get(part, {}), f"{file}: [{part}]"
    if not isinstance(table, dict) or (part in said and not table):
        raise UserError("is no table of headings and words", where, 'write "Heading" = ["word", "word"]')
    out = []
    for name, listed in table.items():
        words = texts(listed, name, where)
        for word in words:
            if word.strip().upper() in unknown:
                raise UserError(f"`{word}` means unknown, so no row meets it", where, "leave it away")
        out.append(Condition(heading(name, where), words))
    return tuple(out)


def _layout(said: Table[str, Any], file: str) -> Layout:
    row = said.get("header_row", 1)
    if not isinstance(row, int) or isinstance(row, bool) or row < 1:
        raise UserError(f"header_row is {row!r}", file, "rows are counted from 1")
    encoding = (_text(said, "encoding", file) or "utf-8").lower()
    if encoding not in ENCODINGS:
        raise UserError(f"there is no encoding `{encoding}` here", file, f"use {', '.join(ENCODINGS)}")
    separator = said.get("separator", ",")
    if separator not in SEPARATORS:
        raise UserError(f"separator is {separator!r}", file, 'use ",", ";", "\\t" or "|"')
    return Layout(_text(said, "sheet", file), row, encoding, separator)


def _text(said: Table[str, Any], key: str, file: str) -> str:
    text = said.get(key, "")
    if not isinstance(text, str) or (key in said and not text.strip()):
        raise UserError(f"{key} is {text!r}", file, f'write {key} = "…"')
    return text.strip()


def about(said: MappingFile) -> list[str]:
    """What to say of a mapping: the scope and zone it has, what blanks mean by it, what nothing fills."""
    mapping = said.mapping
    zone = {
        "local": "local times",
        "UTC": "times in UTC",
        "offset": "not readable (state a zone in the mapping if there are any)",
    }[mapping.zone]
    notes = [f"{mapping.type.id}, scope {mapping.scope}; times without an offset are {zone}"]
    if mapping.blanks:
        notes.append(f"by the mapping these mean unknown, too: {', '.join(mapping.blanks)}")
    notes += [
        f"by the mapping a blank in {name} means {_meaning(rule)}"
        for name, rule in mapping.rules.items()
        if rule.blank
    ]
    filled = {*mapping.headings, *(n for n, r in mapping.rules.items() if r.join or r.constant is not None)}
    empty = [c.name for c in mapping.type.columns if c.name not in filled]
    if empty:
        notes.append(f"columns that the mapping does not fill, unknown on every row: {', '.join(empty)}")
    return notes


def _meaning(rule: Rule) -> str:
    if rule.contains:
        return "no" if rule.blank == "no" else "yes"
    plain = {" ".join(k.lower().split()): v for k, v in rule.values.items()}
    return plain.get(" ".join(rule.blank.lower().split()), rule.blank) or "unknown"
