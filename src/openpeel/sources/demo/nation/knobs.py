"""The five knobs of the nation."""

from __future__ import annotations

from dataclasses import dataclass

from openpeel.errors import UserError
from openpeel.register import load_register
from openpeel.sources.demo.focus import FOCUS
from openpeel.sources.demo.stories import story_called

#: Residents and records of a demo nation against a real one. Stonemarsh, whose figures are looked at closely, is
#: made at twenty times the size of the others, so that its shares are not lost in chance.
DEMO_SCALE, NATIONAL_SCALE, CLOSER = 0.004, 2.5, 20.0
#: Two and a half times the residents of England and Wales: thirty months of it hold 50 million incidents.
NATIONAL_MONTHS = 30


@dataclass(frozen=True)
class Knobs:
    """Everything that decides what a nation holds: the same knobs give the same bytes.

    Attributes:
        forces: how many, Stonemarsh and the City of Kingsquay first.
        months: how many, from April 2024 on.
        scale: residents and records against a real nation.
        seed: which nation.
        story: what happens in it.
    """

    forces: int = 43
    months: int = 12
    scale: float = DEMO_SCALE
    seed: int = 1
    story: str = "plain"

    def __post_init__(self) -> None:
        all_forces = len(load_register("demo").forces)
        if not 1 <= self.forces <= all_forces:
            raise UserError(f"a demo nation has from 1 to {all_forces} forces, not {self.forces}", "forces")
        if not 1 <= self.months <= 60:
            raise UserError(f"a demo nation has from 1 to 60 months, not {self.months}", "months")
        if not 0 < self.scale <= 10:
            raise UserError(f"the scale is above 0 and up to 10, not {self.scale}", "scale")
        story_called(self.story)

    def scale_of(self, force: str) -> float:
        """How large a force is made; below national scale Stonemarsh is made larger than the others."""
        return min(1.0, self.scale * CLOSER) if force == FOCUS and self.scale < 1 else self.scale
