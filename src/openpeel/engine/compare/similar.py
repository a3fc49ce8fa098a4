"""Most similar groups: forces set beside those that somebody has found alike, by a dated list with its source.

The list is the user's. There is no default and none is shipped; all peers stay the comparison that is made unless
a group is asked for.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

from openpeel.engine.compare.comparison import Comparison
from openpeel.engine.measure.period import Period
from openpeel.errors import UserError

#: Where a workspace keeps its list.
FILES = ("similar-groups.toml", "similar-groups.csv")

_KEYS = {"name", "of", "forces", "valid_from", "valid_to", "source"}
_HEADINGS = ("group", "of", "force", "valid_from", "valid_to", "source")


@dataclass(frozen=True)
class Group:
    """Forces that are alike by somebody's list.

    Attributes:
        name: what the list calls the group.
        of: the force whose group it is; blank where it is that of all its forces.
        forces: the forces, that one among them.
        valid_from, valid_to: first and last day on which it holds; ``None``: it still does.
        source: who says so.
    """

    name: str
    of: str
    forces: tuple[str, ...]
    valid_from: date
    valid_to: date | None
    source: str

    def holds(self, period: Period) -> bool:
        """Whether the whole of a period lies within its validity."""
        return self.valid_from <= period.start() and (self.valid_to is None or period.end() <= self.valid_to)

    def is_of(self, force: str) -> bool:
        """Whether it is a force's group."""
        return self.of == force or (not self.of and force in self.forces)

    def validity(self) -> str:
        """Its validity in words."""
        begins = f"{self.valid_from.day} {self.valid_from:%B %Y}"
        if self.valid_to is None:
            return f"from {begins} on"
        return f"{begins} to {self.valid_to.day} {self.valid_to:%B %Y}"

    def as_json(self) -> dict[str, Any]:
        """The group as ``--format json`` prints it."""
        return {
            "name": self.name,
            "of": self.of or None,
            "forces": list(self.forces),
            "valid_from": self.valid_from.isoformat(),
            "valid_to": self.valid_to.isoformat() if self.valid_to else None,
            "source": self.source,
        }


@dataclass(frozen=True)
class GroupComparison(Comparison):
    """A comparison within a most similar group, which it names."""

    similar_to: str = ""
    group: Group | None = None

    def as_json(self) -> dict[str, Any]:
        """The comparison in the shape of the command-line contract, with its group."""
        group = self.group.as_json() if self.group else None
        return super().as_json() | {"similar_to": self.similar_to, "group": group}


def within_group(comparison: Comparison, similar_to: str, group: Group) -> GroupComparison:
    """A comparison of a group's forces, with the group that they are."""
    held = {f.name: getattr(comparison, f.name) for f in fields(Comparison)}
    return GroupComparison(**held, similar_to=similar_to, group=group)


def find_file(root: Path, given: Path | None) -> Path:
    """The list of groups: the one given, else the workspace's.

    Raises:
        UserError: there is none, or the workspace has two.
    """
    if given is not None:
        return given
    found = [root / name for name in FILES if (root / name).is_file()]
    if len(found) != 1:
        what = "there is no list of most similar groups" if not found else "there are two lists of groups"
        do = f"write {' or '.join(FILES)}, or name a file with --groups" if not found else "keep one of them"
        raise UserError(what, str(root), do)
    return found[0]


def load_groups(file: Path, resolve: Callable[[str], str]) -> list[Group]:
    """Read a list of groups, TOML or CSV.

    Args:
        file: the list.
        resolve: gives the id of a force that is compared, by any spelling; raises ``UserError`` for others.

    Raises:
        UserError: it cannot be read, a group lacks a part or names a force that is none, or two groups of one
            force hold on the same day.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UserError(f"cannot be read ({reason})", str(file), "give a TOML or CSV file") from None
    plain = _from_csv(text, file) if file.suffix.lower() == ".csv" else _from_toml(text, file)
    if not plain:
        raise UserError("lists no group", str(file), "write a [[group]] for each, or a line for each force")
    groups = [_group(one, f"{file}, group {n}", resolve) for n, one in enumerate(plain, 1)]
    _refuse_overlap(groups, file)
    return groups


def group_of(groups: Sequence[Group], force: str, period: Period) -> Group:
    """The group of a force that holds for the whole of a period.

    Raises:
        UserError: the force has no group, or the period does not lie within the validity of one.
    """
    mine = [g for g in groups if g.is_of(force)]
    if not mine:
        raise UserError(f"no group is that of {force}", "--similar-to", "add it to the list of groups")
    found = [g for g in mine if g.holds(period)]
    if not found:
        valid = "; ".join(g.validity() for g in mine)
        raise UserError(
            f"{period.start()} to {period.end()} does not lie within one validity of the group of {force}",
            "--similar-to", f"it is valid {valid}: choose a period within",
        )  # fmt: skip
    return next((g for g in found if g.of), found[0])


def _from_toml(text: str, file: Path) -> list[dict[str, Any]]:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"cannot be read ({error})", str(file), "mend it") from None
    groups, rest = data.pop("group", []), set(data) - {"source"}
    if rest or not isinstance(groups, list) or not all(isinstance(g, dict) for g in groups):
        named = f"`{min(rest)}` is not known" if rest else "group is no list of tables"
        raise UserError(
            named, str(file), "write [[group]] for each group, and one source above them if you like"
        )
    for group in groups:
        if unknown := set(group) - _KEYS:
            raise UserError(
                f"`{min(unknown)}` is not known", str(file), f"a group has {', '.join(sorted(_KEYS))}"
            )
    return [{"source": data.get("source", ""), **g} for g in groups]


def _from_csv(text: str, file: Path) -> list[dict[str, Any]]:
    """Lines of the same group, force and validity are one group."""
    reader = csv.DictReader(text.splitlines())
    lacking = [h for h in _HEADINGS if h not in (reader.fieldnames or [])]
    if lacking:
        raise UserError(f"has no column `{lacking[0]}`", str(file), f"its columns are {', '.join(_HEADINGS)}")
    out: dict[tuple[str, ...], dict[str, Any]] = {}
    for row in reader:
        said = {h: (row[h] or "").strip() for h in _HEADINGS}
        about = tuple(said[h] for h in _HEADINGS if h != "force")
        name, of, begins, ends, source = about
        one: dict[str, Any] = {
            "name": name,
            "of": of,
            "valid_from": begins,
            "valid_to": ends,
            "source": source,
            "forces": [],
        }
        out.setdefault(about, one)["forces"].append(said["force"])
    return list(out.values())


def _group(plain: Mapping[str, Any], where: str, resolve: Callable[[str], str]) -> Group:
    name = str(plain.get("name") or "")
    where = f"{where} ({name})" if name else where
    source, listed = str(plain.get("source") or "").strip(), plain.get("forces")
    if not source:
        raise UserError("has no source", where, "say who found these forces alike, and where it is published")
    if not isinstance(listed, list) or not all(isinstance(f, str) for f in listed) or len(listed) < 2:
        raise UserError("has no list of at least two forces", where, 'write forces = ["kent", "essex"]')
    forces = tuple(_force(f, where, resolve) for f in listed)
    twice = next((f for f in forces if forces.count(f) > 1), "")
    if twice:
        raise UserError(f"has {twice} twice", where, "name each force once")
    of = _force(str(plain["of"]), where, resolve) if plain.get("of") else ""
    if of and of not in forces:
        raise UserError(f"is the group of {of} and does not have it among its forces", where, f"add {of}")
    begins, ends = _day(plain, "valid_from", where), _day(plain, "valid_to", where)
    if begins is None:
        raise UserError("has no valid_from", where, "write the first day on which it holds: 2023-04-01")
    if ends is not None and ends < begins:
        raise UserError("ends before it begins", where, "mend valid_from or valid_to")
    return Group(name or f"group of {of or forces[0]}", of, forces, begins, ends, source)


def _force(text: str, where: str, resolve: Callable[[str], str]) -> str:
    try:
        return resolve(text)
    except UserError as error:
        raise UserError(error.what, where, error.do) from None


def _day(plain: Mapping[str, Any], key: str, where: str) -> date | None:
    said = plain.get(key) or None
    if said is None or type(said) is date:
        return said
    try:
        return date.fromisoformat(str(said))
    except ValueError:
        raise UserError(f"{key} is `{said}`, no day", where, "write it as 2023-04-01") from None


def _refuse_overlap(groups: Sequence[Group], file: Path) -> None:
    """Two groups of one force on one day would leave it to chance which is meant."""
    for place, one in enumerate(groups):
        for other in groups[:place]:
            same = one.of == other.of if one.of or other.of else bool(set(one.forces) & set(other.forces))
            if same and _together(one, other):
                who = one.of or min(set(one.forces) & set(other.forces))
                raise UserError(
                    f"{who} has two groups on one day: {other.name}, {other.validity()}, and {one.name}, "
                    f"{one.validity()}",
                    str(file), "end the one before the other begins",
                )  # fmt: skip


def _together(one: Group, other: Group) -> bool:
    return one.valid_from <= (other.valid_to or date.max) and other.valid_from <= (one.valid_to or date.max)
