"""What happens in the demo world."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from openpeel.errors import UserError


@dataclass(frozen=True)
class Story:
    """Something that happens to one force from one month on.

    Attributes:
        text: in one sentence.
        force: to which force; none if nothing happens.
        month: from which month on (0 is the first).
        busier: factor on its searches.
        quieter: added to its share without further action.
    """

    text: str
    force: str = ""
    month: int = 0
    busier: float = 1.0
    quieter: float = 0.0

    def effect(self, force: str, month: int) -> tuple[float, float]:
        """Factor on searches, and what is added to the share without further action."""
        if force == self.force and month >= self.month:
            return self.busier, self.quieter
        return 1.0, 0.0


STORIES: Final = {
    "plain": Story("Nothing happens: months differ by season and chance alone."),
    "surge": Story(
        "From the seventh month on Stonemarsh searches nearly twice as often, and finds less.",
        force="stonemarsh",
        month=6,
        busier=1.8,
        quieter=0.08,
    ),
}


def story_called(name: str) -> Story:
    """The story with this name.

    Raises:
        UserError: there is none; the error lists those there are.
    """
    if name not in STORIES:
        raise UserError(f'no demo story called "{name}"', do=f"there are: {', '.join(STORIES)}")
    return STORIES[name]
