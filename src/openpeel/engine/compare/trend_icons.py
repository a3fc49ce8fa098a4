"""The pair of icons of a series as plain data: variation, and assurance against a standard.

Each has a code for programs, a word to stand on it and a sentence in its place for those who do not see
it; no meaning hangs on a colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from openpeel.engine.compare.trend_rules import Signal
from openpeel.engine.declare.measures import Better
from openpeel.words import _

VariationCode = Literal[
    "improving", "worsening", "common-cause", "not-enough-points", "no-direction", "cannot-say"
]
AssuranceCode = Literal[
    "meets", "misses", "varies", "no-standard", "not-enough-points", "no-direction", "cannot-say"
]


@dataclass(frozen=True)
class Icon:
    """One icon.

    Attributes:
        code: for programs.
        word: to stand on it.
        text: the alternative in words.
    """

    code: VariationCode | AssuranceCode
    word: str
    text: str

    def as_json(self) -> dict[str, str]:
        """The icon as plain data."""
        return {"code": self.code, "word": self.word, "text": self.text}


def variation(found: Sequence[Signal], better: Better) -> Icon:
    """Whether the newest month stands out, and whether that is for the better.

    Where rules point in two directions (high, and falling), those about the level decide, not the one
    about six months in a row [our assumption]; the text holds all of them.

    Args:
        found: the signals at the newest month.
        better: which direction is better for the public.
    """
    if not found:
        return Icon("common-cause", _("usual variation"), _("No signal: the newest month varies as usual."))
    said = "; ".join(s.words for s in found)
    level = next((s for s in found if s.rule != "trend"), found[0])
    if better == "neutral":
        text = _("Signal: %(said)s. Neither direction is declared to be the better one.")
        return Icon("no-direction", _("unusual"), text % {"said": said})
    if (level.direction == "high") == (better == "higher"):
        text = _("Signal of improvement: %(said)s.")
        return Icon("improving", _("improving"), text % {"said": said})
    return Icon("worsening", _("worsening"), _("Signal of worsening: %(said)s.") % {"said": said})


def assurance(limits: tuple[float, float], better: Better, standard: float | None) -> Icon:
    """Whether a process that varies within its limits can be relied on to meet the standard.

    Args:
        limits: low and high limit of the newest month against the newest baseline.
        better: which direction is better; a limit that is equal to the standard meets it.
        standard: in the unit of the limits; ``None``: there is none.
    """
    if standard is None:
        return Icon("no-standard", _("no standard"), _("There is no standard to hold it against."))
    if better == "neutral":
        text = _("There is a standard, and no direction is declared to be the better one.")
        return Icon("no-direction", _("no direction"), text)
    low, high = limits if better == "higher" else (-limits[1], -limits[0])
    line = standard if better == "higher" else -standard
    if low >= line:
        return Icon("meets", _("meets it"), _("The limits lie wholly on the right side of the standard."))
    if high < line:
        return Icon("misses", _("misses it"), _("The limits lie wholly on the wrong side of the standard."))
    text = _("The limits lie across the standard: it is met in some months and missed in others.")
    return Icon("varies", _("met or missed"), text)


def undecided(few: bool, reason: str) -> Icon:
    """The icon, of either kind, where there is no chart; ``few``: because more months are needed."""
    text = _("Cannot be said: %(reason)s.") % {"reason": reason}
    if few:
        return Icon("not-enough-points", _("too few months"), text)
    return Icon("cannot-say", _("cannot say"), text)
