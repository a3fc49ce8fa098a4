"""Months in which a column is filled in unlike the force's other months: blank, one value, zeros, midnights."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import log, sqrt

import numpy as np

from openpeel.engine.check.chance import binomial_tail, smoothed
from openpeel.engine.check.doubt import Doubt
from openpeel.engine.check.held import Held, runs, spoken
from openpeel.engine.check.profile import Profile, Tally
from openpeel.engine.check.spread import one_a_month, together

#: Records that a month needs before its words can be new ones.
_NEW = 20
#: Times the records that otherwise lead to one record at once.
_TOGETHER = 3


@dataclass(frozen=True)
class Rise:
    """A month in which the share of something rose: how many of how many, against which share elsewhere."""

    force: str
    month: int
    hits: int
    of: int
    usual: float


def rises(profile: Profile, tally: Tally, rise: float, least: float) -> list[Rise]:
    """The months in which a share rose by so much against the force's other months, to so much at least.

    What rose with all other forces in the same month as well is no doubt about one of them.
    """
    hits, of = tally.hits, tally.of
    s = profile.held.settings
    if not ((hits > 0) & (hits >= of * least)).any():
        return []
    others, others_of = hits.sum(1, keepdims=True) - hits, of.sum(1, keepdims=True) - of
    usual = (others + 0.5) / (others_of + 1)
    share = np.divide(hits, of, out=np.zeros(hits.shape), where=of > 0)
    enough = (of > 0).sum(1, keepdims=True) >= s.months_least
    found = (of > 0) & enough & profile.asked[None, :] & (share >= least) & (share - usual >= rise)
    # The tail is at least the chance of all being hits: with a handful of records nothing is impossible enough.
    found &= of * np.log(usual) < log(s.column_p)
    if not found.any():
        return []
    out, at_once = [], max(profile.held.at_once, together(hits, of))
    for row, column in np.argwhere(found):
        many, of_many = round(hits[row, column] / at_once), round(of[row, column] / at_once)
        chance = binomial_tail(many, of_many, float(usual[row, column]))
        if chance >= s.column_p:
            continue
        if share[row, column] - usual[row, column] - _elsewhere(profile, tally, row, column) < rise:
            continue
        if not _still_waiting(profile, share, usual, row, column):
            out.append(
                Rise(
                    profile.forces[row], profile.first + int(column), int(hits[row, column]),
                    int(of[row, column]), float(usual[row, column]),
                )
            )  # fmt: skip
    return out


def _elsewhere(profile: Profile, tally: Tally, row: int, column: int) -> float:
    """By how much at least the share rose in the same month with the other forces together; never below zero."""
    if (tally.of[:, column] > 0).sum() <= profile.held.settings.month_peers:
        return 0.0
    now = int(tally.hits[:, column].sum() - tally.hits[row, column])
    of = int(tally.of[:, column].sum() - tally.of[row, column])
    others, others_of = (
        tally.hits.sum() - tally.hits[row].sum() - now,
        tally.of.sum() - tally.of[row].sum() - of,
    )
    share = smoothed(now, of)
    # What a handful of records of the others does by chance excuses nothing.
    chance = 2 * sqrt(share * (1 - share) / (of + 1))
    return max(0.0, share - chance - smoothed(int(others), int(others_of)))


def _still_waiting(profile: Profile, share: np.ndarray, usual: np.ndarray, row: int, column: int) -> bool:
    """Whether the share only grows towards the newest month, as what is still to come makes it do."""
    months = np.flatnonzero(profile.rows[row] > 0)
    if column not in months[-3:] or len(months) < 2:
        return False
    before = months[months < column]
    if not len(before):
        return bool(share[row, column] < 0.99)
    p, records = usual[row, column], profile.rows[row, before[-1]]
    # What a month before has more of by chance is no growth.
    grows = share[row, before[-1]] - p > max(0.1, 3 * sqrt(p * (1 - p) / records))
    return bool(share[row, column] < 0.99 or grows)


def doubts_of_columns(profile: Profile) -> list[Doubt]:
    """Doubts about months in which a column is filled in unlike the others."""
    found = [*_midnights(profile)]
    # Where times are dates alone, what lies between them is wrong for that reason, and said once.
    dates = {(d.force, m) for d in found if d.months for m in range(d.months[0], d.months[1] + 1)}
    return [
        *_blanks(profile), *found, *_clocks(profile, dates), *_zeros(profile, dates), *_values(profile),
    ]  # fmt: skip


def _told(
    held: Held, check: str, subject: str, found: list[Rise], said: Callable[[int, int, str], str]
) -> Iterator[Doubt]:
    for force in sorted({r.force for r in found}):
        mine = {r.month: r for r in found if r.force == force}
        for span in runs(mine):
            inside = [r for m, r in mine.items() if span[0] <= m <= span[1]]
            hits, of = sum(r.hits for r in inside), sum(r.of for r in inside)
            usual = f"{100 * inside[0].usual:.0f}%"
            told = f"In {spoken(span)} {said(hits, of, usual)}"
            yield held.told_months(check, "warning", force, span, subject, told, hits)


def _blanks(profile: Profile) -> Iterator[Doubt]:
    s = profile.held.settings
    for tally in profile.blanks():
        found = rises(profile, tally, s.fill_rise, s.fill_rise)

        def said(hits: int, of: int, usual: str, name: str = tally.subject) -> str:
            return (
                f"{name} is blank on {hits} of {of} records, where it is on {usual} in the force's other months. "
                "Look whether the export left it out, and supply the months again."
            )

        yield from _told(profile.held, "columns.blank", tally.subject, found, said)


def _midnights(profile: Profile) -> Iterator[Doubt]:
    """One doubt for all columns of times of a month: they were exported by one setting."""
    s, held = profile.held.settings, profile.held
    columns: dict[tuple[str, int], list[Rise]] = defaultdict(list)
    names: dict[tuple[str, int], list[str]] = defaultdict(list)
    for tally in profile.midnights():
        for rise in rises(profile, tally, s.value_rise, s.midnight_share):
            columns[rise.force, rise.month].append(rise)
            names[rise.force, rise.month].append(tally.subject)
        yield from _always_midnight(profile, tally)
    by_names: dict[str, list[Rise]] = defaultdict(list)
    for place, found in columns.items():
        by_names[", ".join(names[place])].append(max(found, key=lambda r: r.of))
    for subject, found in by_names.items():

        def said(hits: int, of: int, usual: str, subject: str = subject) -> str:
            return (
                f"{hits} of {of} times are midnight or lack the time of day, where {usual} do in the force's other "
                f"months: they are dates alone, and no time can be counted from them ({subject}). Export date and "
                "time together."
            )

        yield from _told(held, "times.midnight", subject, found, said)


def _always_midnight(profile: Profile, tally: Tally) -> Iterator[Doubt]:
    """A force whose times are all midnight, where those of the others are not."""
    s, held = profile.held.settings, profile.held
    hits, of = tally.hits.sum(1), tally.of.sum(1)
    if (of > 0).sum() <= s.month_peers:
        return
    for row in np.flatnonzero((of > 0) & (hits >= of * s.midnight_share)):
        usual = smoothed(int(hits.sum() - hits[row]), int(of.sum() - of[row]))
        if (
            usual <= 1 - s.value_rise - 0.3
            and binomial_tail(int(hits[row]), int(of[row]), usual) < s.column_p
        ):
            months = np.flatnonzero(profile.rows[row])
            span = held.store.months or (profile.first + int(months[0]), profile.first + int(months[-1]))
            told = (
                f"{hits[row]} of {of[row]} times in {tally.subject} are midnight or lack the time of day, in every "
                f"month: they are dates alone, where {100 * usual:.0f}% of the other forces' are. Export date and "
                "time together."
            )
            yield held.told_months(
                "times.midnight", "warning", profile.forces[row], span, tally.subject, told, int(hits[row])
            )


def _zeros(profile: Profile, dates: set[tuple[str, int]]) -> Iterator[Doubt]:
    """``dates`` are the forces and months whose times are dates alone."""
    s = profile.held.settings
    for name, values in profile.quantities:
        known = ~np.isnan(values)
        less = dates if _between(name) else set()
        found = rises(profile, profile.tally(name, values == 0, known), s.value_rise, s.value_share)
        found = [r for r in found if (r.force, r.month) not in less]

        def said(hits: int, of: int, usual: str, name: str = name) -> str:
            return (
                f"{name} is zero on {hits} of {of} rows, where it is on {usual} in the force's other months. "
                "If it was not known, leave it blank: zero says that it was counted and there was none."
            )

        yield from _told(profile.held, "columns.zero", name, found, said)
        whole = (values != 0) & (np.mod(values, 60) == 0)
        if _between(name) or _is_duration(profile.held, name):
            minutes = rises(profile, profile.tally(name, whole, known & (values != 0)), 0.5, 0.99)
            minutes = [r for r in minutes if (r.force, r.month) not in less]
            yield from _told(profile.held, "times.minutes", name, minutes, _whole_minutes(name))


def _between(name: str) -> bool:
    """Whether a quantity is what lies between two times of a row."""
    return " to " in name


def _is_duration(held: Held, name: str) -> bool:
    return any(c.name == name and c.type == "duration" for c in held.type.columns)


def _whole_minutes(name: str) -> Callable[[int, int, str], str]:
    def said(hits: int, of: int, usual: str) -> str:
        return (
            f"{hits} of {of} values of {name} are whole minutes, where {usual} are in the force's other months. "
            "Shares within a limit shift by that: export seconds, or say since when minutes are recorded."
        )

    return said


def _clocks(profile: Profile, dates: set[tuple[str, int]]) -> Iterator[Doubt]:
    """Times of a month that have lost their afternoons, or their minutes."""
    s = profile.held.settings
    for morning, hour in profile.clocks():
        for tally, what in (
            (
                morning,
                "lie before one o'clock at noon: the afternoon may have been written without saying so",
            ),
            (hour, "are on the full hour: minutes and seconds were lost"),
        ):
            found = rises(profile, tally, s.value_rise, 0.99)
            found = [r for r in found if (r.force, r.month) not in dates]

            def said(hits: int, of: int, usual: str, name: str = tally.subject, what: str = what) -> str:
                return (
                    f"{hits} of {of} times in {name} {what}; it is {usual} in the force's other months. Export them "
                    "with all of their figures."
                )

            yield from _told(profile.held, "times.clock", tally.subject, found, said)


def _values(profile: Profile) -> Iterator[Doubt]:
    """One value that has taken a column over, and words that stand in one month alone."""
    s = profile.held.settings
    leads = {c for r in profile.held.type.references for c in r.columns}
    for name, values, counts in profile.words():
        known = counts.sum(2)
        if name not in leads:
            yield from _new_words(profile, name, values, counts, known)
        # The rows of one record stand together: there must be far more of them than of any other at once.
        named = [bool(v) for v in values]
        least = _TOGETHER * _second(counts[:, :, named]) if name in leads else 0.0
        plain = profile.held.type.column(name).personal in ("none", "special-category")
        for place in np.flatnonzero((counts >= known[:, :, None] * s.value_share).any((0, 1))):
            tally = Tally(name, counts[:, :, place], known)
            found = rises(profile, tally, s.value_rise, s.value_share) if values[place] else []
            if found:
                habit = one_a_month(counts[:, :, named], known, s.value_share)
                found = [r for r in found if r.hits >= least and not habit[profile.place(r.force, r.month)]]
            said = _one_value(name, f"`{values[place]}`" if plain else "one and the same number")
            yield from _told(profile.held, "columns.one-value", name, found, said)


def _second(counts: np.ndarray) -> float:
    """The largest count but one."""
    return float(np.sort(counts, axis=None)[-2:][0]) if counts.size else 0.0


def _new_words(
    profile: Profile, name: str, values: list[str], counts: np.ndarray, known: np.ndarray
) -> Iterator[Doubt]:
    """Months in which a column of few words holds words that the force has in no other month."""
    if "" in values:
        return
    # What other forces use as well is no foreign code, but something that began.
    used = ((counts > 0).any(1).sum(0) <= profile.held.settings.month_peers)[None, None, :]
    alone = (counts.sum(1, keepdims=True) == counts) & used
    hits = np.where(alone, counts, 0).sum(2)
    # A column of few words: each stands on several records of the force's other months.
    different = (counts > 0).any(1).sum(1, keepdims=True)
    few = (known.sum(1, keepdims=True) - known) >= 5 * different
    tally = Tally(name, np.where(few & (known >= _NEW), hits, 0), known)
    found = rises(profile, tally, 0.5, 0.5)

    def said(hits: int, of: int, _usual: str) -> str:
        return (
            f"{name} holds words on {hits} of {of} records that the force has in no other month: other codes, or "
            "the values of another column. Mend the mapping and supply it again."
        )

    yield from _told(profile.held, "columns.words", name, found, said)


def _one_value(name: str, value: str) -> Callable[[int, int, str], str]:
    def said(hits: int, of: int, usual: str) -> str:
        return (
            f"{name} is {value} on {hits} of {of} records, where it is on {usual} in the force's other months. "
            "Look whether the system filled in one value for all."
        )

    return said
