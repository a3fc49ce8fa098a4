"""What a reconciliation says: ours, theirs, and the parts of the difference between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

#: What is held side by side: ``count``, or ``numerator`` and ``denominator``, or ``value``. Exact numbers.
Amounts = Mapping[str, Fraction]
Verdict = Literal["agrees", "explained", "not-explained", "no-figure"]
Side = Literal["ours", "theirs"]


@dataclass(frozen=True)
class Part:
    """What one rule takes away from ours, or adds to it, on the way to theirs.

    Attributes:
        rule: its id.
        says: the rule in words.
        change: what it changes; amounts that it does not touch are not in it.
        explains: whether it is a rule that explains; a part that only says where the rest lies does not.
        rows: how many rows it is about, where they are known.
    """

    rule: str
    says: str
    change: Amounts
    explains: bool = True
    rows: int | None = None

    def as_json(self) -> dict[str, Any]:
        """The part as the command line prints it."""
        return {
            "rule": self.rule,
            "says": self.says,
            "change": plain(self.change),
            "explains": self.explains,
            "rows": self.rows,
        }


@dataclass(frozen=True)
class Try:
    """What one rule alone makes of our number, and how much of the difference it leaves."""

    rule: str
    says: str
    comes_out: Amounts
    rest: Amounts
    fits: bool

    def as_json(self) -> dict[str, Any]:
        """The try as the command line prints it."""
        out = {"rule": self.rule, "says": self.says, "comes_out": plain(self.comes_out)}
        return out | {"rest": plain(self.rest), "fits": self.fits}


@dataclass(frozen=True)
class Line:
    """One number of theirs beside ours. Ours, the parts that explain and the rest add up to theirs exactly.

    ``rest`` is what no rule explains; it is never forced to zero. A value as they printed it is rounded: a rest
    within that rounding counts as none, and is shown all the same.
    """

    force: str
    period: tuple[str, str]
    breakdown: Mapping[str, str]
    ours: Amounts
    theirs: Amounts
    parts: Sequence[Part]
    verdict: Verdict
    figure_id: str = ""
    reason: str = ""
    tries: Sequence[Try] = ()

    def __post_init__(self) -> None:
        for name, rest in self.rest.items():
            unexplained = [p.change.get(name, Fraction(0)) for p in self.parts if not p.explains]
            if unexplained and sum(unexplained) != rest:
                raise ValueError(f"the parts of {name} do not add up: {unexplained} is not {rest}")

    @property
    def difference(self) -> dict[str, Fraction]:
        """Theirs less ours."""
        return {n: self.theirs[n] - self.ours[n] for n in self.theirs if n in self.ours}

    @property
    def rest(self) -> dict[str, Fraction]:
        """What no rule explains: the difference less the parts that explain."""
        explaining = [p for p in self.parts if p.explains]
        return {
            n: whole - sum((p.change.get(n, Fraction(0)) for p in explaining), Fraction(0))
            for n, whole in self.difference.items()
        }

    def as_json(self) -> dict[str, Any]:
        """The line as the command line prints it."""
        return {
            "force": self.force,
            "period_start": self.period[0],
            "period_end": self.period[1],
            "breakdown": dict(self.breakdown),
            "ours": plain(self.ours),
            "theirs": plain(self.theirs),
            "difference": plain(self.difference),
            "parts": [p.as_json() for p in self.parts],
            "rest": plain(self.rest),
            "verdict": self.verdict,
            "reason": self.reason or None,
            "figure_id": self.figure_id,
            "tries": [t.as_json() for t in self.tries],
        }


@dataclass(frozen=True)
class Row:
    """A row that a rule is about: ours by its ``record_id``, theirs by its line in their file."""

    side: Side
    rule: str
    says: str
    force: str
    month: str = ""
    record_id: str = ""
    their_line: int | None = None


@dataclass(frozen=True)
class Reconciliation:
    """Our figures beside somebody else's.

    Attributes:
        measure: its id.
        against: the name of their file.
        kind: whether their file holds ``figures`` or ``records``.
        lines: theirs beside ours.
        rules: ids of the rules taken together for all the lines; none where nothing had to be or could be explained.
        alternatives: other sets of rules that fit just as many lines.
        tried: how many sets of rules were tried: one of many can fit by chance.
        notes: what the reader must know besides.
        rows: the rows behind the parts.
    """

    measure: str
    against: str
    kind: Literal["figures", "records"]
    lines: Sequence[Line]
    rules: Sequence[str] = ()
    alternatives: Sequence[Sequence[str]] = ()
    tried: int = 0
    notes: Sequence[str] = ()
    rows: Sequence[Row] = field(default=(), repr=False)

    def as_json(self) -> dict[str, Any]:
        """The reconciliation as ``--format json`` prints it; the rows go to a file of their own."""
        return {
            "measure": self.measure,
            "against": self.against,
            "kind": self.kind,
            "rules": list(self.rules),
            "alternatives": [list(a) for a in self.alternatives],
            "tried": self.tried,
            "lines": [line.as_json() for line in self.lines],
            "notes": list(self.notes),
        }


def plain(amounts: Amounts) -> dict[str, int | float]:
    """Amounts as JSON has them: whole numbers whole, others unrounded."""
    return {n: int(a) if a.denominator == 1 else float(a) for n, a in amounts.items()}
