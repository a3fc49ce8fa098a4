"""How the street crimes and the outcomes that a workspace holds join, force by force and month by month."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from openpeel.areas.investigating.published import STREET_CRIME, STREET_OUTCOME
from openpeel.engine.intake.held import Place, held_by_place
from openpeel.sources.police_uk.street import Joined, join, on_several_rows


@dataclass(frozen=True)
class MonthJoined:
    """The join of one force and month: outcomes of the month with crimes of the same month's file.

    Attributes:
        force, month: whose, and the month's number.
        joined: how they join.
        crime_ids, outcome_ids: crime ids that stand on more than one row of crimes, of outcomes.
    """

    force: str
    month: int
    joined: Joined
    crime_ids: int
    outcome_ids: int


def joins_of(root: Path, places: Collection[Place]) -> Iterator[MonthJoined]:
    """The joins of the forces and months for which both crimes and outcomes are in the workspace.

    Args:
        root: the workspace.
        places: the forces and months asked for.

    Raises:
        UserError: the workspace cannot be read.
    """
    for (force, month), (crimes, outcomes) in held_by_place(
        root, (STREET_CRIME, STREET_OUTCOME), "crime_id", places
    ):
        yield MonthJoined(
            force, month, join(crimes, outcomes), on_several_rows(crimes), on_several_rows(outcomes)
        )
