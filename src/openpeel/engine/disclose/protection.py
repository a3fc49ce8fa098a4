"""What counts as protected, and how much work an audit may be."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Protection:
    """Settings of an audit. The first two are [our assumption].

    Attributes:
        small: true counts from 1 to this are sensitive, besides every suppressed one.
        width: a sensitive count is disclosed if its highest less its lowest possible value is less
            than this. 2 is what rounding to 5 leaves of a count that is shown as 0 (0 to 2).
        programs: counts for which programs are solved; those beyond stay undecided, and are said to be.
        nodes: steps of a search in whole numbers.
        traced: disclosed counts for which the tables that give them away are looked for.
        tables: most tables among which they are looked for.
    """

    small: int = 4
    width: int = 2
    programs: int = 100
    nodes: int = 500
    traced: int = 50
    tables: int = 12

    def __post_init__(self) -> None:
        if self.small < 1 or self.width < 1:
            raise ValueError("small and width are whole numbers of 1 or more")
