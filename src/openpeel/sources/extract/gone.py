"""A list of records that are gone, given beside an extract: a CSV file of their keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from openpeel.engine.declare.records import Column
from openpeel.engine.intake.containers import Member, find
from openpeel.engine.intake.mapping import HEADING, Mapping, Rule
from openpeel.engine.intake.supply import Deletion
from openpeel.errors import UserError
from openpeel.register import Register
from openpeel.sources.extract.files import places_of
from openpeel.sources.extract.mapping_file import MappingFile
from openpeel.sources.extract.text import read_text
from openpeel.sources.members import is_csv

_SPACES = " \t\n\r\u00a0\ufeff"
_INSTEAD = "name the rows in the extract with [gone] instead"
#: What deletions can be named by as they are written.
_TYPES = ("text", "integer", "date")


def read_gone(file: Path, said: MappingFile, force: str, register: Register) -> list[Deletion]:
    """The records that a list names.

    Its headings are those that the mapping gives for the columns of the key, and for the force where the
    mapping takes it from the rows.

    Args:
        file: the list, as CSV.
        said: the mapping file.
        force: whose records they are; blank where the rows say it.
        register: the forces.

    Raises:
        UserError: the list cannot be read whole; a row of it that is passed over would be a record kept.
    """
    if said.mapping.scope != "changes":
        raise UserError("is for changes alone", "--gone", "leave such records out of a complete supply")
    mapping = _keys_alone(said.mapping)
    (member,) = find([file])
    if isinstance(member, UserError):
        raise member
    if not is_csv(member.name):
        raise UserError("is not a CSV file", member.label, "give the list of keys as CSV")
    return [Deletion(owner, key) for owner, key in _rows(member, mapping, said, force, register)]


def _keys_alone(mapping: Mapping) -> Mapping:
    """The mapping of the key's columns and the force.

    Raises:
        UserError: the key is made in a way that a list cannot follow.
    """
    of = mapping.type
    for name in of.key:
        column, rule = of.column(name), mapping.rule(name)
        if column.personal == "pseudonym":
            raise UserError(f"`{name}` of {of.id} is a pseudonym, which no list can name", "--gone", _INSTEAD)
        plain = Rule(rule.join, rule.glue, rule.constant, values=rule.values, other=rule.other)
        if column.type not in _TYPES or rule != plain:
            raise UserError(f"`{name}` of {of.id} cannot be read from a list", "--gone", _INSTEAD)
    headings = {c: names for c, names in mapping.headings.items() if c in (*of.key, "force")}
    rules = {c: rule for c, rule in mapping.rules.items() if c in of.key}
    return Mapping(of, headings, tuple(headings), "changes", mapping.zone, rules, mapping.blanks)


def _rows(
    member: Member, mapping: Mapping, said: MappingFile, force: str, register: Register
) -> Iterator[tuple[str, tuple[str, ...]]]:
    content = read_text(member.read(), member.label, said.layout)
    places, _ = places_of(mapping, content.headings, member.label)
    for wrong in content.malformed:
        raise UserError(f"row {wrong.row} {wrong.detail}", member.label, "mend the list")
    table = content.table.select(list(places.values())).rename_columns(list(places))
    for number, row in zip(content.rows.to_pylist(), table.to_pylist(), strict=True):
        if not any(v.strip(_SPACES) for v in row.values()):
            continue
        where = f"{member.label}: row {number}"
        owner = force
        if "force" in row:
            found = register.find(row["force"])
            if found is None:
                raise UserError("the force is not known", where, "mend the list")
            owner = found.id
        yield owner, tuple(_key(mapping, name, row, where) for name in mapping.type.key)


def _key(mapping: Mapping, name: str, row: dict[str, str], where: str) -> str:
    """One part of a key, made as the intake makes it."""
    rule = mapping.rule(name)
    if rule.constant is not None:
        text: str | None = rule.constant
    elif rule.join:
        known = [_known(row[HEADING + h], mapping) for h in rule.join]
        text = rule.glue.join(k for k in known if k is not None) or None
    else:
        text = _known(row[name], mapping)
    text = _translated(text, rule) if text is not None else None
    if text is None:
        raise UserError(f"`{name}` is blank", where, "give every part of the key")
    return _as_allowed(text, mapping.type.column(name), where)


def _known(text: str, mapping: Mapping) -> str | None:
    plain = text.strip(_SPACES)
    return None if plain.upper() in mapping.blank_words() else plain


def _translated(text: str, rule: Rule) -> str | None:
    plain = {" ".join(k.lower().split()): v for k, v in rule.values.items()}
    said = plain.get(" ".join(text.lower().split()))
    if said is None:
        return text if rule.other == "keep" or not rule.values else None
    return said or None


def _as_allowed(text: str, column: Column, where: str) -> str:
    if not column.allowed:
        return text
    for word in column.allowed:
        if word.lower() == text.lower():
            return word
    raise UserError(f"`{column.name}` reads `{text}`", where, f"use one of {', '.join(column.allowed)}")
