"""Parameters by which forces of the nation differ: declared once, drawn for each force, set for Stonemarsh.

Topic modules declare theirs with `parameter` beside the records they shape. What the source report prints for
its force stands in ``sources/demo/stonemarsh.toml`` alone, under the parameter's name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from openpeel.sources.demo.focus import told_of
from openpeel.sources.demo.stream import Stream


@dataclass(frozen=True)
class Parameter:
    """One number by which forces differ.

    Attributes:
        name: column of the table ``forces``.
        middle, spread: where forces lie: ``middle`` plus or minus about ``spread``.
        low, high: never outside.
    """

    name: str
    middle: float
    spread: float
    low: float
    high: float


PARAMETERS: dict[str, Parameter] = {}


def parameter(name: str, middle: float, spread: float, low: float = 0.0, high: float = 1.0) -> str:
    """Declare a parameter; gives its name, to be used in SQL as a column of ``forces``."""
    assert name not in PARAMETERS, name
    PARAMETERS[name] = Parameter(name, middle, spread, low, high)
    return name


def parameters_of(force: str, stream: Stream) -> dict[str, Any]:
    """Every parameter of a force, by name."""
    drawn = {
        p.name: min(max(p.middle + p.spread * stream.normal(), p.low), p.high)
        for p in sorted(PARAMETERS.values(), key=lambda p: p.name)
    }
    return drawn | told_of(force, "force")
