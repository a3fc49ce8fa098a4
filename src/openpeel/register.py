"""Force registers: which police forces are compared, and every spelling they go by.

A register is one file of ``areas/shared/registers``. Its *forces* are in scope; its *bodies* (British
Transport Police, Action Fraud ...) stand among forces in published tables, are recognised and kept, and are
out of scope.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from openpeel.errors import UserError

_SUFFIX = re.compile(r"(?<=\S)( police force| police service| police| constabulary| service)+$")
_FOOTNOTE = re.compile(r"(?<=[^\W\d_])\d{1,2}$|\([A-Za-z]\)$")  # "Wiltshire3", "Hampshire (R)"
_NEAR = 0.7  # how alike a spelling must be to be suggested: 1 is the same
_AS_NEAR = 0.1  # and how much less alike than the nearest one


@dataclass(frozen=True)
class Force:
    """A territorial police force, in scope of comparison.

    Attributes:
        id: the name in data.police.uk files, such as ``devon-and-cornwall``.
        name: the name in words, for pages.
        code: the ONS police force area code.
        also: other spellings in use.
        resident_rates: whether rates per resident are compared for it.
        why: why they are not.
    """

    id: str
    name: str
    code: str
    also: tuple[str, ...] = ()
    resident_rates: bool = True
    why: str = ""

    def spellings(self) -> tuple[str, ...]:
        """Everything it may be called."""
        return (self.id, self.name, self.code, *self.also)


@dataclass(frozen=True)
class Body:
    """An organisation that stands among forces in published tables; kept, out of scope."""

    id: str
    name: str
    also: tuple[str, ...] = ()

    def spellings(self) -> tuple[str, ...]:
        """Everything it may be called."""
        return (self.id, self.name, *self.also)


@dataclass(frozen=True)
class Register:
    """The forces that are compared with one another, and the bodies found among them.

    Raises:
        ValueError: two entries share a spelling; a mistake in the file, which its test finds first.
    """

    id: str
    title: str
    synthetic: bool
    forces: tuple[Force, ...]
    bodies: tuple[Body, ...]
    _by_spelling: Mapping[str, Force | Body] = field(init=False, repr=False, compare=False)
    _by_id: Mapping[str, Force | Body] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        entries: tuple[Force | Body, ...] = (*self.forces, *self.bodies)
        object.__setattr__(self, "_by_id", {entry.id: entry for entry in entries})
        object.__setattr__(self, "_by_spelling", _by_spelling(entries))

    def find(self, text: str) -> Force | Body | None:
        """The one entry with this id, code, name or spelling, or nothing.

        Case, punctuation, "&" against "and", and a trailing Police, Constabulary or Service do not matter.
        A footnote mark at the end ("Wiltshire3", "Hampshire (R)") is left off if nothing matches with it.
        """
        found = self._by_spelling.get(_plain(text))
        if found is None:
            found = self._by_spelling.get(_plain(_FOOTNOTE.sub("", text.strip())))
        return found

    def resolve(self, text: str) -> Force | Body:
        """As `find`, but a text that matches nothing is the user's error, with near matches.

        Raises:
            UserError: nothing of this register is called that.
        """
        found = self.find(text)
        if found is None:
            raise UserError(f'no force called "{text}"', do=self._suggestion(text))
        return found

    def ids(self) -> tuple[str, ...]:
        """The ids of the forces in scope, in the register's order."""
        return tuple(force.id for force in self.forces)

    def few_residents(self) -> tuple[str, ...]:
        """The forces of which no rate per resident is compared."""
        return tuple(force.id for force in self.forces if not force.resident_rates)

    def in_scope(self, id: str) -> bool:
        """Whether this is the id of one of the forces."""
        return isinstance(self._by_id.get(id), Force)

    def name_of(self, id: str) -> str:
        """The name in words of the force or body with this id.

        Raises:
            UserError: nothing of this register has that id.
        """
        entry = self._by_id.get(id)
        return entry.name if entry else self.resolve(id).name

    def _suggestion(self, text: str) -> str:
        plain = _plain(text)
        close = difflib.get_close_matches(plain, self._by_spelling, n=6, cutoff=_NEAR)
        near = [other for other in close if _alike(other, plain) > _alike(close[0], plain) - _AS_NEAR]
        ids = list(dict.fromkeys(self._by_spelling[other].id for other in near))[:3]
        if ids:
            return f"did you mean {' or '.join(ids)}?"
        return f"use an id of the register {self.id}, such as {self.forces[0].id}, or a force's name or code"


@cache
def load_register(id: str) -> Register:
    """The register with this id.

    Raises:
        UserError: there is none; the error lists those there are.
    """
    known = {file.name.removesuffix(".toml"): file for file in _folder().iterdir()}
    if id not in known:
        raise UserError(f'no force register called "{id}"', do=f"there are: {', '.join(sorted(known))}")
    return _read(tomllib.loads(known[id].read_text(encoding="utf-8")))


def _folder() -> Traversable:
    return files("openpeel").joinpath("areas", "shared", "registers")


def _read(data: Mapping[str, Any]) -> Register:
    return Register(
        id=data["id"],
        title=data["title"],
        synthetic=data["synthetic"],
        forces=tuple(Force(**_entry(item)) for item in data["force"]),
        bodies=tuple(Body(**_entry(item)) for item in data["body"]),
    )


def _entry(item: Mapping[str, Any]) -> dict[str, Any]:
    return {**item, "also": tuple(item["also"])}


def _by_spelling(entries: Iterable[Force | Body]) -> dict[str, Force | Body]:
    found: dict[str, Force | Body] = {}
    for entry in entries:
        for spelling in entry.spellings():
            other = found.setdefault(_plain(spelling), entry)
            if other is not entry:
                raise ValueError(f'"{spelling}" is both {other.id} and {entry.id}')
    return found


def _alike(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one, other).ratio()


def _plain(text: str) -> str:
    """What is left of a spelling when case, punctuation and suffix are taken away."""
    words = " ".join(re.findall(r"[^\W_]+", text.casefold().replace("&", " and ").replace("'", "")))
    return _SUFFIX.sub("", words.removeprefix("the ")).replace(" ", "")
