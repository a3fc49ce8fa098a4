"""The words of headings: taken apart, brought to one form, and what forces call the columns of records.

A heading is compared with a column by its words, not by its letters: `DateOfCall`, `Call date` and
`CALL_DT` are the same two words.
"""

from __future__ import annotations

import re
from functools import cache

from openpeel.sources.extract.propose_called import CALLED, WRITTEN

_SAME = {other: word for word, others in WRITTEN.items() for other in others.split()}
#: Words that tell little, and those that tell nothing.
_WEAK = {
    "id", "when", "flag", "code", "type", "kind", "text", "name", "category", "group", "first", "latest", "status",
}  # fmt: skip
_NOTHING = {"of", "the", "by", "a", "an", "to", "in", "and", "or", "for", "is", "was", "s", "m", "with"}
_ENDINGS = ("ings", "ing", "ies", "ied", "ed", "es", "s", "e", "y", "d")

#: Words beside `name` that make a heading that of somebody's name.
_SOMEBODY = {
    "family", "given", "first", "last", "full", "middle", "maiden", "alias", "known", "person", "victim", "suspect",
    "offender", "officer", "caller", "witness", "informant", "complainant", "subject", "nominal", "member",
    "supervisor", "owner", "holder", "employee", "staff", "manager", "child", "parent", "aggrieved", "reporter",
    "contact", "detainee", "patient", "operator", "handler", "charge", "ip", "party", "guardian",
}  # fmt: skip
#: Words that by themselves say that it is about somebody.
_PERSONAL = {"birth", "address", "postcode", "phone", "email", "mail", "passport", "nino", "alias"}


@cache
def words_of(text: str) -> tuple[str, ...]:
    """The words of a heading or of a column's name in the form in which they are compared."""
    split = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", text)
    split = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1 \2", split)
    parts = re.findall(r"[a-z]+|[0-9]+", split.lower().replace("'", ""))
    out: dict[str, None] = {}
    for part in parts:
        for word in _SAME.get(part, _SAME.get(part.removesuffix("s"), part)).split():
            stem = _SAME.get(word, word) if " " not in _SAME.get(word, word) else word
            if stem not in _NOTHING:
                out[_stem(stem)] = None
    return tuple(out)


def _stem(word: str) -> str:
    """A word without its ending, so that `arriving` and `arrived` are the same."""
    if word in ("id", "when") or len(word) < 5:
        return word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def weight(word: str) -> float:
    """How much a word tells."""
    return 0.4 if word in _WEAK_STEMS else 1.0


_WEAK_STEMS = {_stem(w) for w in _WEAK}


def likeness(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """How alike two lists of words are: 1 for the same words, 0 where they share none."""
    both = sum(weight(w) for w in set(one) & set(other))
    total = sum(map(weight, one)) + sum(map(weight, other))
    return 2 * both / total if total else 0.0


@cache
def names_of(column: str) -> tuple[tuple[str, ...], ...]:
    """The lists of words that a column goes by, its own name first."""
    return (words_of(column), *(words_of(c) for c in CALLED.get(column, "").split("; ") if c))


def of_somebody(heading: str) -> bool:
    """Whether a heading looks like that of a name, a birth date, an address or a way to reach somebody."""
    said = set(words_of(heading))
    named = "name" in said and (len(said) == 1 or bool(said & {_stem(w) for w in _SOMEBODY}))
    return named or bool(said & {_stem(w) for w in _PERSONAL}) or {"post", "code"} <= said


def elapsed(heading: str) -> bool:
    """Whether a heading speaks of time that passed, and not in minutes."""
    said = set(words_of(heading))
    return bool(said & _ELAPSED) and not said & _MINUTES


_ELAPSED = set(words_of("time seconds attendance response elapsed duration"))
_MINUTES = set(words_of("minutes"))
