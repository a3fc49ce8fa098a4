"""The peer comparison: mean and one standard deviation of the units compared, each counting once."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence

from openpeel.engine.compare.comparison import Band, PeerVersion, SdKind

NOISE = 1e-12
"""Distance, relative to the largest value, within which a value lies on a band's edge (float noise)."""


def peer_version(values: Mapping[str, float], excluded: Sequence[str], sd_used: SdKind) -> PeerVersion:
    """Mean, both SDs and bands of the values, with the excluded units left out of all of them.

    A unit is ``above`` or ``below`` when it lies outside mean ± 1 SD; exactly on the edge is
    ``normal`` (within float noise, ``NOISE``). Where the SD does not exist (no unit, or one and the
    sample SD) or is 0 (all values equal), every band is ``normal``: no band is drawn from nothing.
    With two units every band is ``normal`` too, since both lie on the population SD's edge.

    Args:
        values: unit -> value, in the unit of the measure; units without a value are not in it.
        excluded: units left out by a declared rule, kept as declared whether they have a value or not.
        sd_used: which SD draws the bands, ``sample`` (divisor n - 1) or ``population`` (divisor n).

    Raises:
        ValueError: a value that is not a finite number, or an unknown ``sd_used``.

    Source: docs/statistics.md, "Peers". Which SD the published comparisons use is not known, so both
    are given and the units that depend on the choice are named.
    """
    if sd_used not in ("sample", "population"):
        raise ValueError(f"sd_used is sample or population, not {sd_used!r}")
    left_out = list(dict.fromkeys(excluded))
    kept = {name: _finite(value, name) for name, value in values.items() if name not in left_out}
    numbers = list(kept.values())
    mean = statistics.mean(numbers) if numbers else None
    population = statistics.pstdev(numbers) if numbers else None
    sample = statistics.stdev(numbers) if len(numbers) > 1 else None
    by_sample, by_population = _bands(kept, mean, sample), _bands(kept, mean, population)
    return PeerVersion(
        excluded=left_out,
        n=len(kept),
        mean=mean,
        sd_population=population,
        sd_sample=sample,
        sd_used=sd_used,
        bands=by_sample if sd_used == "sample" else by_population,
        depends_on_sd=[name for name in kept if by_sample[name] != by_population[name]],
    )


def share_outside_by_construction() -> float:
    """Share of normally distributed values that lie outside mean ± 1 SD: about 0.3173.

    The rule puts about this share of units outside whatever their performance.
    """
    return math.erfc(1 / math.sqrt(2))


def _bands(values: Mapping[str, float], mean: float | None, sd: float | None) -> dict[str, Band]:
    if mean is None or not sd:
        return dict.fromkeys(values, "normal")
    noise = NOISE * max(abs(value) for value in values.values())
    return {name: _band(value - mean, sd + noise) for name, value in values.items()}


def _band(distance: float, edge: float) -> Band:
    if distance > edge:
        return "above"
    return "below" if distance < -edge else "normal"


def _finite(value: float, name: str) -> float:
    if not math.isfinite(value):
        raise ValueError(f"the value of {name} is {value}, not a finite number")
    return float(value)
