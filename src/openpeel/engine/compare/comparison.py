"""A comparison: one measure across forces, with the inspectorate's rule and a funnel side by side."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from openpeel.engine.measure.figure import Figure

Band = Literal["above", "normal", "below"]
SdKind = Literal["sample", "population"]


@dataclass(frozen=True)
class PeerVersion:
    """Mean, SD and bands of the forces compared, with one set of forces left out.

    Attributes:
        excluded: forces left out of mean, SD and bands by a declared rule; they keep their figures.
        n: number of forces in the mean.
        mean: unweighted mean of the forces' values.
        sd_population: SD with divisor n.
        sd_sample: SD with divisor n - 1; ``None`` when n is 1.
        sd_used: which of the two draws the bands.
        bands: force -> above, normal or below (outside mean ± 1 SD or not).
        depends_on_sd: forces whose band differs between the two SDs.
    """

    excluded: list[str]
    n: int
    mean: float | None
    sd_population: float | None
    sd_sample: float | None
    sd_used: SdKind
    bands: dict[str, Band]
    depends_on_sd: list[str]

    def sd(self) -> float | None:
        """The SD that draws the bands."""
        return self.sd_sample if self.sd_used == "sample" else self.sd_population

    def as_json(self) -> dict[str, Any]:
        """The version in the shape of the command-line contract."""
        return {
            "excluded": self.excluded,
            "n": self.n,
            "mean": self.mean,
            "sd_population": self.sd_population,
            "sd_sample": self.sd_sample,
            "sd_used": self.sd_used,
            "bands": dict(self.bands),
            "depends_on_sd": self.depends_on_sd,
        }


@dataclass(frozen=True)
class FunnelPoint:
    """One force on the funnel. Limits are in the unit of the measure.

    ``plain`` and ``adjusted`` map a level ("0.95", "0.998") to (low, high); the word for where the
    force lies rests on the adjusted limits alone.
    """

    force: str
    value: float
    size: float
    plain: dict[str, tuple[float, float]]
    adjusted: dict[str, tuple[float, float]]
    z: float
    z_adjusted: float
    outside_plain: str | None
    outside_adjusted: str | None

    def as_json(self) -> dict[str, Any]:
        """The point in the shape of the command-line contract."""
        return {
            "force": self.force,
            "value": self.value,
            "size": self.size,
            "plain": {k: list(v) for k, v in self.plain.items()},
            "adjusted": {k: list(v) for k, v in self.adjusted.items()},
            "z": self.z,
            "z_adjusted": self.z_adjusted,
            "outside_plain": self.outside_plain,
            "outside_adjusted": self.outside_adjusted,
        }


@dataclass(frozen=True)
class Funnel:
    """The funnel of one comparison.

    Attributes:
        centre: pooled value of the forces in it (sum of numerators over sum of denominators).
        size_unit: what ``size`` counts ("people", "records").
        dispersion: winsorised over-dispersion φ (1 when the forces differ no more than by chance).
        tau_squared: between-force variance of the additive model, on the scale it is fitted on;
            0 where the model is multiplicative.
        model: ``additive`` or ``multiplicative``.
        points: one per force.
        outside_plain: level -> number of forces outside the plain limits.
        outside_adjusted: level -> number of forces outside the adjusted limits.
        expected_by_chance: level -> number that chance alone would put outside.
        excluded: forces left out by the same declared rule as the mean's.
    """

    centre: float
    size_unit: str
    dispersion: float
    tau_squared: float
    model: Literal["additive", "multiplicative"]
    points: list[FunnelPoint]
    outside_plain: dict[str, int]
    outside_adjusted: dict[str, int]
    expected_by_chance: dict[str, float]
    excluded: list[str]

    def as_json(self) -> dict[str, Any]:
        """The funnel in the shape of the command-line contract."""
        return {
            "centre": self.centre,
            "size_unit": self.size_unit,
            "dispersion": self.dispersion,
            "tau_squared": self.tau_squared,
            "model": self.model,
            "outside_plain": self.outside_plain,
            "outside_adjusted": self.outside_adjusted,
            "expected_by_chance": self.expected_by_chance,
            "excluded": self.excluded,
            "points": [p.as_json() for p in self.points],
        }


@dataclass(frozen=True)
class Comparison:
    """All forces of the register on one measure, period and breakdown.

    ``versions`` holds the version with the declared exclusions first and, where there is one, the
    version without them second; it is empty, and ``funnel`` is ``None``, for a measure that is not
    nationally comparable, and ``reason`` then says why. ``missing`` names the forces whose records are
    not here for the whole period; a force that supplied them and has no value is not among them, its
    figure says why.
    """

    measure: str
    figures: list[Figure]
    versions: list[PeerVersion]
    funnel: Funnel | None
    missing: list[str]
    breakdown: dict[str, str] = field(default_factory=dict)
    reason: str | None = None
    funnel_reason: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The comparison in the shape of the command-line contract."""
        funnel = self.funnel.as_json() if self.funnel else {"reason": self.funnel_reason or self.reason}
        return {
            "measure": self.measure,
            "breakdown": self.breakdown,
            "figures": [f.as_json() for f in self.figures],
            "versions": [v.as_json() for v in self.versions],
            "funnel": funnel,
            "missing": self.missing,
            "reason": self.reason,
        }
