"""The funnel: limits, over-dispersion, and what is named outside."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openpeel.engine.compare.comparison import Funnel
from openpeel.engine.compare.funnel import LEVELS, proportion_funnel, rate_funnel, winsorised

names = st.text("abcdefgh", min_size=1, max_size=3)
rates = st.dictionaries(
    names, st.tuples(st.integers(0, 5000), st.integers(1, 10**6)), min_size=1, max_size=20
)
parts = st.dictionaries(
    names,
    st.tuples(st.integers(0, 500), st.integers(0, 500))
    .filter(lambda t: sum(t) > 0)
    .map(lambda t: (t[0], sum(t))),
    min_size=1,
    max_size=20,
)


def poisson_tails(x: int, mean: float) -> tuple[float, float]:
    """P(X <= x) and P(X >= x), term by term."""
    terms = [math.exp(-mean + k * math.log(mean) - math.lgamma(k + 1)) for k in range(int(mean * 3) + 60)]
    return math.fsum(terms[: x + 1]), math.fsum(terms[x:])


def binomial_tails(x: int, n: int, share: Fraction) -> tuple[Fraction, Fraction]:
    """P(X <= x) and P(X >= x), exactly."""
    terms = [math.comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(n + 1)]
    return sum(terms[: x + 1], Fraction(0)), sum(terms[x:], Fraction(0))


@pytest.mark.parametrize("mean", [0.01, 0.5, 1, 2.3, 10, 47.7, 200])
def test_plain_limits_of_a_rate_are_exact_poisson_quantiles(mean: float) -> None:
    # A unit so large that it sets the centre, and a small one for which `mean` events are expected.
    size = 10_000
    found = rate_funnel({"big": (round(mean * 10**6), size * 10**6), "small": (0, size)}, per=size)
    assert found.centre == pytest.approx(mean, rel=1e-5)
    for level in LEVELS:
        tail = (1 - float(level)) / 2
        inside = [x for x in range(300) if min(poisson_tails(x, found.centre)) > tail]
        wanted = min(*inside, found.centre), max(*inside, found.centre)
        assert found.points[1].plain[level] == pytest.approx(wanted)


@pytest.mark.parametrize(
    ("x", "n", "size"), [(1, 2, 10), (1, 10, 30), (3, 4, 101), (99, 100, 50), (1, 1000, 7)]
)
def test_plain_limits_of_a_proportion_are_exact_binomial_quantiles(x: int, n: int, size: int) -> None:
    # The same share in both units, as nearly as whole numbers allow: the big one sets the centre.
    found = proportion_funnel({"big": (x * 10**6, n * 10**6), "small": (size * x // n, size)})
    share = Fraction(x * 10**6 + size * x // n, n * 10**6 + size)
    for level in LEVELS:
        tail = (1 - Fraction(level)) / 2
        low, high = found.points[1].plain[level]
        inside = [k for k in range(size + 1) if min(binomial_tails(k, size, share)) > tail]
        assert (low * size, high * size) == (
            pytest.approx(min(*inside, float(share * size))),
            pytest.approx(max(*inside, float(share * size))),
        )


def test_levels_in_words() -> None:
    # 100 expected in each small unit: 95% limits 81 to 120, 99.8% limits 71 to 132.
    counts = {"a": 71, "b": 80, "c": 81, "d": 120, "e": 121, "f": 132, "g": 133, "h": 70}
    points = {name: (count, 1000) for name, count in counts.items()} | {"big": (10**8, 10**9)}
    found = {p.force: p.outside_plain for p in rate_funnel(points).points}
    assert found == {
        "a": "low 0.95",
        "b": "low 0.95",
        "c": None,
        "d": None,
        "e": "high 0.95",
        "f": "high 0.95",
        "g": "high 0.998",
        "h": "low 0.998",
        "big": None,
    }
    assert rate_funnel(points).outside_plain == {"0.95": 6, "0.998": 2}


def test_multiplicative_over_dispersion_by_hand() -> None:
    # Equal sizes, counts 0 100 400 900 1600, mean 600: √ is 0 10 20 30 40, so z = 2(√x - √600).
    points = {str(x): (x, 1000) for x in (0, 100, 400, 900, 1600)}
    found = rate_funnel(points)
    root = math.sqrt(600)
    # The 10% and 90% quantiles (type 7) of 0 10 20 30 40 are 4 and 36.
    phi = sum((2 * (y - root)) ** 2 for y in (4, 10, 20, 30, 36)) / 5
    assert found.dispersion == pytest.approx(phi)
    assert (found.model, found.tau_squared) == ("multiplicative", 0.0)
    reach = 1.959963984540054 * math.sqrt(phi) / 2
    assert found.points[0].adjusted["0.95"] == pytest.approx((max(0, root - reach) ** 2, (root + reach) ** 2))
    assert found.points[0].z == pytest.approx(-2 * root)
    assert found.points[0].z_adjusted == pytest.approx(-2 * root / math.sqrt(phi))


def test_additive_over_dispersion_by_hand() -> None:
    points = {"a": (10, 100), "b": (50, 100), "c": (90, 100), "d": (50, 100), "e": (50, 100)}
    found = proportion_funnel(points)
    assert found.centre == 0.5
    # arcsin √0.9 - π/4 = 0.4636; z = 20 times it. Winsorised: 10% of the way back at either end,
    # position 0.4 of the way from the lowest to the second lowest: 0.6 z.
    z = 20 * (math.asin(math.sqrt(0.9)) - math.pi / 4)
    phi = 2 * (0.6 * z) ** 2 / 5
    assert found.dispersion == pytest.approx(phi)
    tau2 = (5 * phi - 4) / (5 * 400 - 400)
    assert found.tau_squared == pytest.approx(tau2)
    reach = 1.959963984540054 * math.sqrt(1 / 400 + tau2)
    wanted = (math.sin(math.pi / 4 - reach) ** 2, math.sin(math.pi / 4 + reach) ** 2)
    assert found.points[0].adjusted["0.95"] == pytest.approx(wanted)
    assert found.points[2].z_adjusted == pytest.approx(z / 20 / math.sqrt(1 / 400 + tau2))


def test_winsorising_pulls_in_a_tenth_at_either_end() -> None:
    assert winsorised([float(i) for i in range(11)]) == [1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9]
    assert winsorised([5.0, 1.0, 3.0]) == pytest.approx([4.6, 1.4, 3.0])


def test_no_over_dispersion_leaves_the_plain_limits() -> None:
    for found in (
        rate_funnel({str(i): (100 + i, 10_000) for i in range(10)}),
        proportion_funnel({str(i): (100 + i, 1000) for i in range(10)}),
    ):
        assert (found.dispersion, found.tau_squared) == (1.0, 0.0)
        assert all(p.adjusted == p.plain and p.z_adjusted == p.z for p in found.points)


@pytest.mark.parametrize("n", [1, 2])
def test_fewer_than_three_points_have_plain_limits_only(n: int) -> None:
    wild = {str(i): (1 + 900 * i, 1000) for i in range(n)}
    for found in (rate_funnel(wild), proportion_funnel(wild)):
        assert (found.dispersion, found.tau_squared) == (1.0, 0.0)
        assert all(p.adjusted == p.plain for p in found.points)


def check_shape(found: Funnel, names: set[str]) -> None:
    assert {p.force for p in found.points} == names
    assert found.dispersion >= 1 and found.tau_squared >= 0
    for p in found.points:
        mild, strict = p.plain["0.95"], p.plain["0.998"]
        assert 0 <= strict[0] <= mild[0] <= found.centre <= mild[1] <= strict[1]
        for level in LEVELS:
            assert 0 <= p.adjusted[level][0] <= p.plain[level][0]
            assert p.adjusted[level][1] >= p.plain[level][1]
        assert abs(p.z_adjusted) <= abs(p.z)
        if p.outside_adjusted:
            assert p.outside_plain is not None
            assert p.outside_adjusted.split()[0] == p.outside_plain.split()[0]
    for counts, words in (
        (found.outside_plain, [p.outside_plain for p in found.points]),
        (found.outside_adjusted, [p.outside_adjusted for p in found.points]),
    ):
        assert counts["0.95"] == sum(w is not None for w in words)
        assert counts["0.998"] == sum(w is not None and w.endswith("0.998") for w in words)


@settings(deadline=None)
@given(rates)
def test_any_funnel_of_rates(points: dict[str, tuple[int, int]]) -> None:
    check_shape(rate_funnel(points), set(points))


@settings(deadline=None)
@given(parts)
def test_any_funnel_of_proportions(points: dict[str, tuple[int, int]]) -> None:
    found = proportion_funnel(points)
    check_shape(found, set(points))
    assert all(p.adjusted[level][1] <= 1 for p in found.points for level in LEVELS)


@settings(deadline=None)
@given(parts)
def test_the_opposite_proportion_is_the_mirror_image(points: dict[str, tuple[int, int]]) -> None:
    one = proportion_funnel(points)
    other = proportion_funnel({name: (n - x, n) for name, (x, n) in points.items()})
    assert one.tau_squared == pytest.approx(other.tau_squared, abs=1e-9)
    for p, q in zip(one.points, other.points, strict=True):
        assert p.z == pytest.approx(-q.z, abs=1e-6)


def test_nothing_and_everything() -> None:
    none = rate_funnel({"a": (0, 10), "b": (0, 20), "c": (0, 30)})
    assert none.centre == 0 and none.outside_plain == {"0.95": 0, "0.998": 0}
    for x in (0, 1):
        same = proportion_funnel({"a": (10 * x, 10), "b": (20 * x, 20), "c": (30 * x, 30)})
        assert same.centre == x
        assert {p.plain["0.95"] for p in same.points} == {(x, x)}
        assert all(p.outside_adjusted is None for p in same.points)


def test_a_tiny_unit_without_events_is_not_high() -> None:
    found = rate_funnel({"tiny": (0, 1), "big": (10_000, 10**6)})
    assert found.points[0].outside_plain is None
    sure = proportion_funnel({"tiny": (5, 5), "big": (999_000, 10**6)})
    assert sure.points[0].outside_plain is None


def test_excluded_units_are_in_nothing() -> None:
    points = {"a": (10, 1000), "b": (12, 1000), "c": (9, 1000)}
    for funnel in (rate_funnel, proportion_funnel):
        with_z = funnel(points | {"z": (900, 1000)}, excluded=["z", "z"])
        alone = funnel(points)
        assert with_z.points == alone.points
        assert with_z.excluded == ["z"] and alone.excluded == []


def test_expected_by_chance() -> None:
    points = {str(i): (10, 1000) for i in range(40)}
    assert rate_funnel(points).expected_by_chance == {"0.95": 2.0, "0.998": 0.08}


def test_what_size_counts() -> None:
    assert rate_funnel({"a": (1, 10)}).size_unit == "people"
    assert proportion_funnel({"a": (1, 10)}).size_unit == "records"


def test_the_unit_of_a_rate_changes_only_the_unit() -> None:
    points = {"a": (30, 1000), "b": (60, 1000), "c": (90, 1000), "d": (5, 2000)}
    one, thousand = rate_funnel(points, per=1), rate_funnel(points)
    assert thousand.centre == pytest.approx(1000 * one.centre)
    assert thousand.dispersion == one.dispersion
    assert [p.outside_adjusted for p in thousand.points] == [p.outside_adjusted for p in one.points]


@pytest.mark.parametrize(
    "points", [{}, {"a": (1, 0)}, {"a": (-1, 5)}, {"a": (1.5, 5)}, {"a": (1, 5.0)}, {"a": (True, 5)}]
)
def test_bad_points_are_refused(points: dict[str, tuple[int, int]]) -> None:
    for funnel in (rate_funnel, proportion_funnel):
        with pytest.raises(ValueError):
            funnel(points)


def test_a_part_above_its_whole_is_refused_only_for_proportions() -> None:
    with pytest.raises(ValueError, match="above its whole"):
        proportion_funnel({"a": (6, 5)})
    assert rate_funnel({"a": (6, 5)}, per=1).centre == 1.2


@pytest.mark.parametrize("bad", [0, -1, float("nan"), float("inf")])
def test_a_unit_that_is_not_above_0_is_refused(bad: float) -> None:
    with pytest.raises(ValueError, match="per"):
        rate_funnel({"a": (1, 5)}, per=bad)
