"""One figure of theirs beside ours, and what ours would be if it were counted by other rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from openpeel.engine.declare.measures import Count, Rate
from openpeel.engine.measure.figure import Figure
from openpeel.engine.reconcile.flags import Held
from openpeel.engine.reconcile.rules import Asked, Rule, Seen, counts
from openpeel.engine.reconcile.theirs import TheirFigure

#: Rules that are taken together, in the order in which they are taken.
Set = tuple[Rule, ...]


@dataclass
class Beside:
    """One figure of theirs, ours beside it, and the records that ours is counted from.

    Attributes:
        cells: date by which a period is taken -> what is seen, by that date -> how many records are alike in it.
        people: an estimate's source -> residents; blank: those that our figure rests on.
    """

    theirs: TheirFigure
    figure: Figure
    asked: Asked
    cells: Mapping[str, Mapping[Seen, int]]
    measure: Held
    people: Mapping[str, int]
    known: dict[frozenset[str], dict[str, Fraction]] = field(default_factory=dict)

    def comes_out(self, rules: Set) -> dict[str, Fraction]:
        """Our number, counted by some rules."""
        at = frozenset(r.id for r in rules)
        if at not in self.known:
            self.known[at] = self._count(rules)
        return self.known[at]

    def _count(self, rules: Set) -> dict[str, Fraction]:
        numerator = denominator = 0
        for seen, n in self.cells[dated_by(rules)].items():
            x, y = counts(seen, self.asked, rules)
            numerator, denominator = numerator + x * n, denominator + y * n
        out = {"count": Fraction(numerator), "numerator": Fraction(numerator)}
        if isinstance(self.measure, Rate):
            chosen = next((str(r.key) for r in rules if r.group == "population"), "")
            people = self.people.get(chosen)
            if people:
                out |= {
                    "denominator": Fraction(people),
                    "value": Fraction(numerator * self.measure.per, people),
                }
        else:
            out["denominator"] = Fraction(denominator)
            if isinstance(self.measure, Count):
                out["value"] = Fraction(numerator)
            elif denominator:
                out["value"] = Fraction(numerator, denominator)
        return {n: out[n] for n in self.theirs.amounts if n in out}

    def rest(self, rules: Set) -> dict[str, Fraction]:
        """What is left of the difference."""
        return {n: self.theirs.amounts[n] - ours for n, ours in self.comes_out(rules).items()}

    def fits(self, rules: Set) -> bool:
        """Whether their number comes out, but for their rounding."""
        rest = self.rest(rules)
        return len(rest) == len(self.comes_out(())) and all(
            abs(left) <= self.theirs.rounded.get(n, 0) for n, left in rest.items()
        )

    def far(self, rules: Set) -> Fraction:
        """How far the number is from theirs, as a part of theirs, so that amounts can be added."""
        rest, theirs = self.rest(rules), self.theirs.amounts
        if len(rest) < len(self.comes_out(())):  # a number that does not come out at all is no nearer
            return self.far(())
        return sum(
            (abs(left) / max(abs(theirs[n]), Fraction(1, 10**6)) for n, left in rest.items()), Fraction(0)
        )

    def nearer(self, rules: Set, most: Fraction) -> bool:
        """Whether of no amount more than a part of the difference is left."""
        rest, before = self.rest(rules), self.rest(())
        return len(rest) == len(before) and all(abs(rest[n]) <= most * abs(d) for n, d in before.items())

    def used(self, chosen: Set) -> Set:
        """The rules of the whole file, but where ours is theirs already and they would undo it."""
        return chosen if self.fits(chosen) or not self.fits(()) else ()


def dated_by(rules: Set) -> str:
    """The date by which the rules take the period; blank: the anchor date."""
    return next((str(r.key) for r in rules if r.group == "period"), "")


def near(cells: Mapping[Seen, int], asked: Asked) -> dict[Seen, int]:
    """The records that fall into the months by any date that is seen of them."""
    return {
        s: n
        for s, n in cells.items()
        if any(m is not None and asked.first <= m <= asked.last for m in s.months.values())
    }
