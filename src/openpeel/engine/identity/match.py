"""Matching: which numbers are one person's, told from sealed identities that never come out.

A match is a pair of pseudonyms. There is no score: two identities are equal by a named rule, or they
are not matched. Whoever wants to know more has to look into the systems the numbers came from.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import pyarrow as pa

from openpeel.engine.identity.store import PSEUDONYM, SealedStore
from openpeel.errors import UserError

#: Rule -> the identities that must be known and equal.
RULES: Mapping[str, tuple[str, ...]] = {"exact": ("family_name", "given_name", "birth_on")}
#: So many persons with equal identity are more likely a placeholder (unknown, 1900-01-01) than one person.
MOST_ALIKE = 20

# Letters whose stroke or ligature is not an accent to Unicode, though it is to whoever typed the name.
_LETTERS = str.maketrans({
    "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t",
})  # fmt: skip

#: A pair: force and pseudonym of the one, force and pseudonym of the other.
Pair = tuple[str, str, str, str]


@dataclass(frozen=True)
class Matches:
    """The pairs, and the sizes of groups too large to be one person, of which no pairs are listed."""

    pairs: list[Pair]
    too_many: list[int]


def folded(text: str | None) -> str:
    """A text without case, accents, punctuation and spaces; empty if nothing is left."""
    if not text:
        return ""
    plain = unicodedata.normalize("NFKD", text.casefold()).translate(_LETTERS)
    return "".join(c for c in plain if c.isalnum() or _is_vowel_sign(c))


def _is_vowel_sign(char: str) -> bool:
    """Whether a mark is part of a word, as in Hindi or Arabic, and no accent of a European script."""
    return unicodedata.category(char).startswith("M") and not "\u0300" <= char <= "\u036f"


def matches(store: SealedStore, forces: Iterable[str], rule: str = "exact") -> Matches:
    """Persons with equal identity, within a force and between forces.

    Args:
        store: the sealed identities.
        forces: whose are looked at.
        rule: the name of a rule. A person of whom a part of it is blank is matched with nobody.

    Raises:
        UserError: there is no such rule, a key is not at hand, or a sealed file is damaged.
    """
    if rule not in RULES:
        raise UserError(f"there is no rule {rule!r}", "--rule", f"use {' or '.join(RULES)}")
    alike: dict[tuple[str, ...], set[tuple[str, str]]] = {}
    for force in sorted(set(forces)):
        for identity, pseudonym in _identities(store, force, RULES[rule]):
            alike.setdefault(identity, set()).add((force, pseudonym))
    groups = [sorted(group) for group in alike.values() if len(group) > 1]
    pairs = [(*a, *b) for group in groups if len(group) <= MOST_ALIKE for a, b in combinations(group, 2)]
    return Matches(sorted(set(pairs)), sorted(len(g) for g in groups if len(g) > MOST_ALIKE))


def _identities(
    store: SealedStore, force: str, columns: Sequence[str]
) -> Iterable[tuple[tuple[str, ...], str]]:
    """What the rule compares, and whose it is; of persons of whom all of it is known."""
    rows = store.read(force)
    if not set(columns) <= set(rows.column_names):
        return
    parts = [_folded_column(rows[c]) for c in columns]
    for pseudonym, *identity in zip(rows[PSEUDONYM].to_pylist(), *parts, strict=True):
        if all(identity):
            yield tuple(identity), pseudonym


def _folded_column(values: pa.ChunkedArray) -> list[str]:
    """A column folded; names are shared by many, so each is folded once."""
    known = {value: folded(value) for value in values.unique().to_pylist()}
    return [known[value] for value in values.to_pylist()]
