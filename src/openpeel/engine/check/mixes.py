"""Months in which words of a column have changed places, or one of them is gone, and times that stand in no order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise, permutations
from math import sqrt

import numpy as np

from openpeel.engine.check.doubt import Doubt
from openpeel.engine.check.held import runs, spoken
from openpeel.engine.check.profile import Profile, Tally
from openpeel.engine.check.shares import Rise, rises

#: Words of a column up to which each pair of them is looked at; a column of more is no list of codes.
_CODES = 8
#: By how much the share of one word among two moves at least where they have changed places, and how near it must come.
_MOVED, _NEAR = 0.3, 0.1
#: Known values that a month needs for its words to be looked at, and share of the months in which one mostly stands.
_KNOWN, _MOSTLY = 20, 0.75
#: Times the other words' ordinary records up to which nothing has taken the place of a word that is gone.
_AS_BEFORE = 1.3
#: Share of its force's records from which on a word that is gone says something.
_OFTEN = 0.1


def doubts_of_mixes(profile: Profile, told: Iterable[Doubt], dates: set[tuple[str, int]]) -> list[Doubt]:
    """Doubts about months whose words, or the order of whose times, are unlike the others'.

    ``told`` are the doubts about columns that were found already; ``dates`` the forces and months whose times are
    dates alone.
    """
    before = {(d.force, d.subject, m) for d in told if d.months for m in range(d.months[0], d.months[1] + 1)}
    out = list[Doubt]()
    for d in [*_words(profile), *_order(profile, dates)]:
        if d.months and (d.force, d.subject, d.months[0]) not in before:
            before.add((d.force, d.subject, d.months[0]))
            out.append(d)
    return out


def _words(profile: Profile) -> Iterator[Doubt]:
    leads = {c for r in profile.held.type.references for c in r.columns}
    for name, values, counts in profile.words():
        known = counts.sum(2)
        full = known >= _KNOWN
        if name in leads or "" in values or not full.any():
            continue
        # A word that comes and goes says nothing by being rare, or gone.
        months = full.sum(1)
        here = ((counts > 0) & full[:, :, None]).sum(1)
        steady = np.where((here >= months[:, None] * _MOSTLY)[:, None, :] & full[:, :, None], counts, 0)
        yield from _changed_places(profile, name, values, steady)
        yield from _gone(profile, name, values, steady, np.where(full, known, 0), _begun(counts))


def _moved(counts: np.ndarray) -> list[int]:
    """The words whose share moved somewhere by as much as is told."""
    known = counts.sum(2, keepdims=True)
    share = np.divide(counts, known, out=np.full(counts.shape, np.nan), where=known > 0)
    usual = counts.sum(1, keepdims=True) / np.maximum(1, known.sum(1, keepdims=True))
    return [int(n) for n in np.flatnonzero((np.abs(share - usual) >= _OFTEN).any((0, 1)))]


def _changed_places(profile: Profile, name: str, values: list[str], counts: np.ndarray) -> Iterator[Doubt]:
    """Two words each of which has the share of the other: yes and no, or two codes."""
    if len(values) > _CODES:
        return
    for one, other in permutations(_moved(counts), 2):
        ones, others = counts[:, :, one], counts[:, :, other]
        here = np.asarray((ones > 0).any(1) & (others > 0).any(1))
        both = np.where(here[:, None] & (ones + others >= _KNOWN), ones + others, 0)
        for rise in rises(profile, Tally(name, np.where(both, ones, 0), both), _MOVED, 0.5):
            share, left = rise.hits / rise.of, 1 - rise.usual
            if abs(share - left) > max(_NEAR, 3 * sqrt(rise.usual * left / rise.of)):
                continue
            plain = profile.held.type.column(name).personal in ("none", "special-category")
            which = f"`{values[one]}` and `{values[other]}`" if plain else "two words"
            said = (
                f"{rise.hits} of {rise.of}, where it is on {100 * rise.usual:.0f}% in the force's other months: they "
                "may have changed places. Look at the codes of the export, and at the mapping."
            )
            yield _told(profile, "columns.swapped", name, rise, f"{name} is the first of {which} on {said}")


def _begun(counts: np.ndarray) -> np.ndarray:
    """How many records of a month hold words that the force had in no earlier one: other names, other forms."""
    return np.asarray(np.where(np.cumsum(counts, axis=1) == counts, counts, 0).sum(2))


def _gone(
    profile: Profile, name: str, values: list[str], counts: np.ndarray, known: np.ndarray, begun: np.ndarray
) -> Iterator[Doubt]:
    """A word that stands on many records of the force's other months, and on none of this one.

    ``begun`` says how many records hold words that begin in the month.
    """
    often = counts.sum(1) >= np.maximum(1, known.sum(1, keepdims=True) * _OFTEN)
    gone = often[:, None, :] & (counts == 0) & (known > 0)[:, :, None]
    found: dict[tuple[str, int], list[tuple[str, Rise]]] = defaultdict(list)
    for place in np.flatnonzero(gone.any((0, 1))):
        rest = known - counts[:, :, place]
        usual = _middle(rest, known > 0)
        # Where others stand in its place it has another name, or another form has begun.
        alone = gone[:, :, place] & (rest <= _AS_BEFORE * usual)
        alone &= begun <= (_middle(known, known > 0) - usual) / 2
        without = np.where(alone | (counts[:, :, place] > 0), rest, 0)
        for rise in rises(
            profile, Tally(name, without, np.where(without > 0, known, counts[:, :, place])), _OFTEN, 1.0
        ):
            found[rise.force, rise.month].append((values[place], rise))
    for force in sorted({f for f, _month in found}):
        for span in runs(m for f, m in found if f == force):
            words = [w for m in range(span[0], span[1] + 1) for w in found[force, m]]
            yield _told_gone(profile, name, span, words)


def _told_gone(profile: Profile, name: str, span: tuple[int, int], words: list[tuple[str, Rise]]) -> Doubt:
    """One doubt for months that follow each other, about the word that ordinarily is the commonest."""
    value, rise = min(words, key=lambda w: w[1].usual)
    of = sum(r.of for v, r in words if v == value)
    others = len({v for v, _rise in words}) - 1
    plain = profile.held.type.column(name).personal in ("none", "special-category")
    which = f"`{value}`" if plain else "one of its words"
    more = f", and {others} more on none either" if others else ""
    told = (
        f"In {spoken(span)} of {name} {which} stands on none of {of} records, where it is on "
        f"{100 * (1 - rise.usual):.0f}% in the force's other months{more}. Look whether a part of the records is "
        "missing."
    )
    return profile.held.told_months("columns.gone", "warning", rise.force, span, name, told, of)


def _middle(values: np.ndarray, where: np.ndarray) -> np.ndarray:
    """The median over a force's months; of a force without any, none."""
    held = np.where(where, values, np.nan)
    out = np.full((len(values), 1), np.nan)
    some = where.any(1)
    out[some, 0] = np.nanmedian(held[some], axis=1)
    return out


def _order(profile: Profile, dates: set[tuple[str, int]]) -> Iterator[Doubt]:
    """Times that follow each other in most months, and come before each other, or at once, in one."""
    held, s = profile.held, profile.held.settings
    moments = [c.name for c in held.kept() if c.type == "instant"]
    for first, second in pairwise(moments):
        apart = profile.apart(first, second)
        known = ~np.isnan(apart)
        for what, hits, least in (
            ("before", apart < 0, 0.5),
            ("at the same time as", apart == 0, s.value_share),
        ):
            if what != "before" and first == profile.start:
                continue  # told as a zero of what lies between them
            for rise in rises(profile, profile.tally(second, hits, known), s.value_rise, least):
                if (rise.force, rise.month) in dates:
                    continue
                said = (
                    f"{second} is {what} {first} on {rise.hits} of {rise.of} records, where it is on "
                    f"{100 * rise.usual:.0f}% in the force's other months. Look whether one was written for the other."
                )
                yield _told(profile, "columns.order", f"{first} and {second}", rise, said)


def _told(profile: Profile, check: str, subject: str, rise: Rise, said: str) -> Doubt:
    span = (rise.month, rise.month)
    told = f"In {spoken(span)} {said}"
    return profile.held.told_months(check, "warning", rise.force, span, subject, told, rise.hits)
