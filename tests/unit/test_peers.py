"""The peer comparison: mean ± 1 SD and its bands."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openpeel.engine.compare.comparison import SdKind
from openpeel.engine.compare.peers import peer_version, share_outside_by_construction

values = st.dictionaries(st.text(max_size=3), st.floats(-1e6, 1e6), min_size=1, max_size=45)


def test_bands_by_hand() -> None:
    # Mean 5; population SD 2, sample SD √(32/7) = 2.138.
    found = peer_version(dict(zip("abcdefgh", [2, 4, 4, 4, 5, 5, 7, 9], strict=True)), [], "population")
    assert (found.n, found.mean, found.sd_population) == (8, 5, 2)
    assert found.sd_sample == pytest.approx(math.sqrt(32 / 7))
    assert found.bands == dict(
        zip("abcdefgh", ["below", *["normal"] * 6, "above"], strict=True)
    )  # g lies exactly on the edge


def test_units_that_depend_on_the_sd_are_named() -> None:
    # Mean 0, sum of squares 362: population SD √72.4 = 8.51, sample SD √90.5 = 9.51; 9 lies between.
    spread = {"a": 10.0, "b": -10.0, "c": 9.0, "d": -9.0, "e": 0.0}
    found = peer_version(spread, [], "sample")
    assert (found.sd_population, found.sd_sample) == (pytest.approx(72.4**0.5), pytest.approx(90.5**0.5))
    assert found.bands == {"a": "above", "b": "below", "c": "normal", "d": "normal", "e": "normal"}
    assert found.depends_on_sd == ["c", "d"]
    by_population = peer_version(spread, [], "population")
    assert (by_population.bands["c"], by_population.bands["d"]) == ("above", "below")
    assert by_population.depends_on_sd == ["c", "d"]


def test_excluded_units_are_in_nothing() -> None:
    found = peer_version({"a": 1.0, "b": 2.0, "c": 3.0, "z": 900.0}, ["z", "z", "not there"], "sample")
    assert (found.n, found.mean, found.sd_sample) == (3, 2.0, 1.0)
    assert found.excluded == ["z", "not there"]
    assert set(found.bands) == {"a", "b", "c"}


@pytest.mark.parametrize("kind", ["sample", "population"])
def test_few_units_get_no_band_from_nothing(kind: SdKind) -> None:
    none = peer_version({"z": 1.0}, ["z"], kind)
    assert (none.n, none.mean, none.sd_population, none.sd_sample, none.bands) == (0, None, None, None, {})
    one = peer_version({"a": 3.0}, [], kind)
    assert (one.n, one.mean, one.sd_population, one.sd_sample) == (1, 3.0, 0.0, None)
    assert one.bands == {"a": "normal"}
    two = peer_version({"a": 0.1, "b": 0.7}, [], kind)
    assert two.bands == {"a": "normal", "b": "normal"}
    assert two.depends_on_sd == []


@settings(deadline=None)
@given(st.floats(-1e9, 1e9), st.integers(1, 50), st.sampled_from(["sample", "population"]))
def test_equal_values_are_all_normal(value: float, n: int, kind: SdKind) -> None:
    found = peer_version({str(i): value for i in range(n)}, [], kind)
    assert set(found.bands.values()) == {"normal"}
    assert found.sd_population == 0
    assert found.depends_on_sd == []


def test_values_equal_but_for_float_noise_are_all_normal() -> None:
    noisy = {"a": 0.1 + 0.2, "b": 0.3, "c": 0.3, "d": 0.3, "e": 0.3}
    assert set(peer_version(noisy, [], "population").bands.values()) == {"normal"}


def test_exactly_on_the_edge_is_normal_in_decimals_too() -> None:
    # Mean 0.2 and sample SD 0.1 in decimals; in binary 0.3 - 0.2 is less than 0.1 by noise.
    for shift in range(50):
        found = peer_version({"a": 0.1 + shift, "b": 0.2 + shift, "c": 0.3 + shift}, [], "sample")
        assert set(found.bands.values()) == {"normal"}


@settings(deadline=None)
@given(values, st.sampled_from(["sample", "population"]))
def test_bands_cover_every_unit_and_depend_only_where_named(peers: dict[str, float], kind: SdKind) -> None:
    found = peer_version(peers, [], kind)
    other = peer_version(peers, [], "population" if kind == "sample" else "sample")
    assert set(found.bands) == set(peers)
    assert found.depends_on_sd == [k for k in peers if found.bands[k] != other.bands[k]]
    assert found.mean is not None and found.sd_population is not None
    if found.sd_sample is not None:
        assert found.sd_sample >= found.sd_population


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_a_value_that_is_not_a_number_is_refused(bad: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        peer_version({"a": bad, "b": 1.0}, [], "sample")


def test_an_unknown_sd_is_refused() -> None:
    with pytest.raises(ValueError, match="sd_used"):
        peer_version({"a": 1.0}, [], "other")  # type: ignore[arg-type]


def test_about_a_third_lie_outside_by_construction() -> None:
    assert share_outside_by_construction() == pytest.approx(0.31731050786291415, abs=1e-15)
