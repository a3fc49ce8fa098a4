"""The numbers a comparison prints: means, lines, limits, counts; named so that ``verify`` finds them."""

from __future__ import annotations

from collections.abc import Iterator

from openpeel.engine.compare.comparison import Comparison, Funnel, FunnelPoint, PeerVersion
from openpeel.report.numbers import (
    Printed,
    Style,
    fixed,
    range_text,
    ratio_text,
    rounded,
    style_of,
    value_text,
)
from openpeel.words import _

LEVELS = ("0.95", "0.998")
Named = Iterator[tuple[str, Printed]]


def comparison_key(comparison: Comparison) -> str:
    """Measure and breakdown of a comparison in one string: ``powers.x|object=Drugs``."""
    pairs = sorted(comparison.breakdown.items())
    return f"{comparison.measure}|{';'.join(f'{_plain(k)}={_plain(v)}' for k, v in pairs)}"


def _plain(text: str) -> str:
    for mark in "%|;=":
        text = text.replace(mark, f"%{ord(mark):02X}")
    return text


def comparison_unit(comparison: Comparison) -> str:
    """The unit the comparison is in: its figures'."""
    return comparison.figures[0].unit if comparison.figures else ""


def comparison_numbers(comparison: Comparison) -> dict[str, Printed]:
    """Every number the page prints of a comparison, beside the figures themselves.

    Names: ``version.0.mean``, ``.sd_sample``, ``.sd_population``, ``.line_low``, ``.line_high``,
    ``.n``, ``.above``, ``.normal``, ``.below``, ``.outside``; ``funnel.centre``, ``.dispersion``,
    ``.n``, ``funnel.expected.0.95``, ``funnel.outside_plain.0.95``, ``funnel.outside_adjusted.0.95``;
    ``point.FORCE.size``, ``point.FORCE.plain.0.95`` (raw: the two ends with a blank between).
    """
    unit = comparison_unit(comparison)
    numbers: dict[str, Printed] = {}
    for index, version in enumerate(comparison.versions):
        numbers.update((f"version.{index}.{name}", p) for name, p in _of_version(version, unit))
    if comparison.funnel is not None:
        numbers.update((f"funnel.{name}", p) for name, p in _of_funnel(comparison.funnel, unit))
        for point in comparison.funnel.points:
            numbers.update((f"point.{point.force}.{name}", p) for name, p in _of_point(point, unit))
    return numbers


def lines(version: PeerVersion) -> tuple[float, float] | None:
    """Where the two lines of mean ± 1 SD lie."""
    sd = version.sd()
    if version.mean is None or sd is None:
        return None
    return version.mean - sd, version.mean + sd


def in_band(version: PeerVersion, band: str) -> int:
    """Number of forces in a band."""
    return sum(1 for b in version.bands.values() if b == band)


def spread_text(sd: float, unit: str) -> str:
    """A standard deviation: as a value, for shares in percentage points."""
    if style_of(unit) is Style.PERCENT:
        return _("%(points)s points") % {"points": fixed(float(rounded(sd * 100, 1)), 1)}
    return value_text(sd, unit)


def _count(count: int) -> Printed:
    return Printed(repr(count), fixed(count, 0))


def _of_version(version: PeerVersion, unit: str) -> Named:
    yield "n", _count(version.n)
    for band in ("above", "normal", "below"):
        yield band, _count(in_band(version, band))
    yield "outside", _count(in_band(version, "above") + in_band(version, "below"))
    if version.mean is not None:
        yield "mean", Printed(repr(version.mean), value_text(version.mean, unit))
    for name, sd in (("sd_sample", version.sd_sample), ("sd_population", version.sd_population)):
        if sd is not None:
            yield name, Printed(repr(sd), spread_text(sd, unit))
    for name, line in zip(("line_low", "line_high"), lines(version) or (), strict=False):
        yield name, Printed(repr(line), value_text(line, unit))


def _of_funnel(funnel: Funnel, unit: str) -> Named:
    yield "centre", Printed(repr(funnel.centre), value_text(funnel.centre, unit))
    yield "dispersion", Printed(repr(funnel.dispersion), ratio_text(funnel.dispersion))
    yield "n", _count(sum(1 for p in funnel.points if p.force not in funnel.excluded))
    for level, expected in funnel.expected_by_chance.items():
        yield f"expected.{level}", Printed(repr(expected), fixed(expected, 1))
    for name in ("outside_plain", "outside_adjusted"):
        for level, count in getattr(funnel, name).items():
            yield f"{name}.{level}", _count(count)


def _of_point(point: FunnelPoint, unit: str) -> Named:
    yield "size", Printed(repr(point.size), fixed(point.size, 0))
    for name in ("plain", "adjusted"):
        for level, (low, high) in getattr(point, name).items():
            text = range_text(value_text(low, unit), value_text(high, unit))
            yield f"{name}.{level}", Printed(f"{low!r} {high!r}", text)
