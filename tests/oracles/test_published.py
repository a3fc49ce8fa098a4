"""Published numbers, and numbers of the method notes, worked out again with our functions."""

from __future__ import annotations

import csv
import math
import re
import statistics
from pathlib import Path

import pytest

from openpeel.engine.compare.funnel import rate_funnel
from openpeel.engine.compare.peers import peer_version, share_outside_by_construction
from openpeel.engine.intervals import poisson_rate, rate_ratio, wilson

DATA = Path(__file__).parents[3] / "shared" / "data"
SEARCHES = DATA / "stop-search-2019q3" / "2019-07"
POPULATION = DATA / "population-by-force-census-2011-2021" / "population-by-force-by-ethnicity.csv"
here = pytest.mark.skipif(
    not (SEARCHES.is_dir() and POPULATION.is_file()),
    reason="shared/data beside the repository is not there: the July 2019 searches are not checked",
)


def half_width(x: int, n: int) -> float:
    found = wilson(x, n)
    assert found.high is not None
    return 100 * (found.high - found.low) / 2


def test_wilson_does_not_give_the_published_half_widths_of_the_search_audits() -> None:
    # Published: ± 5.0 for 188 of 235, ± 6.1 for 146 of 194.
    assert round(half_width(188, 235), 2) == 5.10
    assert round(half_width(146, 194), 2) == 6.03


def test_rate_in_the_manual_of_r() -> None:
    # poisson.test(137, 24.19893)
    found = poisson_rate(137, 24.19893, per=1)
    assert (found.low, found.high) == (pytest.approx(4.753125, abs=5e-7), pytest.approx(6.692709, abs=5e-7))


def test_ratio_in_the_manual_of_r() -> None:
    # poisson.test(c(11, 6+8+7), c(800, 1083+1050+878))
    found = rate_ratio(11, 800, 6 + 8 + 7, 1083 + 1050 + 878)
    assert (found.low, found.high) == (pytest.approx(0.8584264, abs=5e-8), pytest.approx(4.2772659, abs=5e-8))


def test_about_32_percent_lie_outside_one_sd() -> None:
    assert round(100 * share_outside_by_construction(), 2) == 31.73


def test_the_two_sds_of_43_units_differ_by_1_2_percent() -> None:
    found = peer_version({str(i): float(i) for i in range(43)}, [], "sample")
    assert found.sd_sample is not None and found.sd_population is not None
    assert round(100 * (found.sd_sample / found.sd_population - 1), 1) == 1.2


def test_chance_of_falling_outside_the_funnel() -> None:
    # Seaton and Manktelow (2012), BMC Med. Res. Methodol. 12, 98, table of the prediction limits:
    # median, lowest and highest chance of an ordinary unit with 1 to 50 events expected (95% limits).
    chances = [chance_outside(expected / 100) for expected in range(100, 5001)]
    below, above = [c[0] for c in chances], [c[1] for c in chances]
    assert [round(f(below), 4) for f in (statistics.median, min, max)] == [0.0186, 0.0, 0.0250]
    assert [round(f(above), 4) for f in (statistics.median, min, max)] == [0.0201, 0.0052, 0.0250]


def chance_outside(expected: float) -> tuple[float, float]:
    """Chances of a Poisson count below and above the plain 95% limits, term by term."""
    from openpeel.engine.compare.funnel import _poisson_limits

    bottom, top = _poisson_limits(expected, 0.025)
    terms = [math.exp(-expected + k * math.log(expected) - math.lgamma(k + 1)) for k in range(top + 1)]
    return math.fsum(terms[:bottom]), 1 - math.fsum(terms)


def july_2019() -> dict[str, tuple[int, int]]:
    """Searches (every row) and residents at Census 2021, by police.uk name; forces with both."""
    people: dict[str, int] = {}
    with POPULATION.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["Census Year"] == "2021":
                name = re.sub("[^a-z]+", "-", row["Police Force Area"].lower())
                name = {"london-city-of": "city-of-london"}.get(name, name)
                people[name] = people.get(name, 0) + int(row["Population"].replace(",", ""))
    found = {}
    for path in sorted(SEARCHES.glob("*-stop-and-search.csv")):
        name = path.name.removeprefix("2019-07-").removesuffix("-stop-and-search.csv")
        if name in people:
            with path.open(encoding="utf-8-sig", newline="") as lines:
                found[name] = (sum(1 for _ in csv.DictReader(lines)), people[name])
    return found


@here
def test_city_of_london_makes_the_mean() -> None:
    rates = {name: 1000 * count / people for name, (count, people) in july_2019().items()}
    assert len(rates) == 38
    everybody = peer_version(rates, [], "sample")
    without = peer_version(rates, ["city-of-london"], "sample")
    assert everybody.mean is not None and everybody.sd_sample is not None
    assert without.mean is not None and without.sd_sample is not None
    assert (round(everybody.mean, 2), round(everybody.sd_sample, 2)) == (0.98, 3.54)
    assert (round(without.mean, 2), round(without.sd_sample, 2)) == (0.41, 0.37)


@here
def test_35_of_37_forces_lie_outside_the_plain_limits() -> None:
    found = rate_funnel(july_2019(), excluded=["city-of-london"])
    assert len(found.points) == 37
    assert found.outside_plain["0.95"] == 35
    assert round(found.dispersion, 1) == 106.5
    named = {p.force: p.outside_adjusted for p in found.points if p.outside_adjusted}
    assert named == {"merseyside": "high 0.998", "wiltshire": "low 0.95"}
