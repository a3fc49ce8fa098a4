"""One force with few residents decides mean and SD of every rate; leaving it out is a rule that can be undone."""

from __future__ import annotations

import statistics
from pathlib import Path

import pytest

from ask import NFA, RESIDENTS, ask, put, rows, settle

CITY = "city-of-london"
COUNTS = {"kent": 10, "essex": 20, "surrey": 60, CITY: 50}


@pytest.fixture
def forces(workspace: Path) -> Path:
    for force, count in COUNTS.items():
        put(workspace, force, "2019-07", rows(count))
    few = {g: n // 100 for g, n in RESIDENTS.items()}
    settle(workspace, {f: few if f == CITY else RESIDENTS for f in COUNTS})
    return workspace


def test_both_versions_are_shown(forces: Path) -> None:
    found = ask(forces, "compare", "powers.searches_per_1000", "--period", "2019-07")
    without, with_ = found["versions"]
    assert (without["excluded"], with_["excluded"]) == ([CITY], [])
    others = [n / 100 for f, n in COUNTS.items() if f != CITY]
    for version, values in ((without, others), (with_, [*others, 50.0])):
        assert version["mean"] == pytest.approx(statistics.mean(values))
        assert version["sd_sample"] == pytest.approx(statistics.stdev(values))
        assert version["sd_population"] == pytest.approx(statistics.pstdev(values))
    assert CITY not in without["bands"]
    assert without["bands"]["surrey"] == "above"
    assert with_["bands"][CITY] == "above"
    assert found["funnel"]["excluded"] == [CITY]


def test_it_keeps_its_own_figure(forces: Path) -> None:
    found = ask(forces, "compare", "powers.searches_per_1000", "--period", "2019-07")
    own = next(f for f in found["figures"] if f["force"] == CITY)
    assert (own["status"], own["value"]) == ("ok", 50.0)
    assert CITY not in found["missing"]


def test_the_rule_can_be_undone(forces: Path) -> None:
    settings = forces / "openpeel.toml"
    settings.write_text(
        settings.read_text().replace("leave_out_few_residents = true", "leave_out_few_residents = false")
    )
    found = ask(forces, "compare", "powers.searches_per_1000", "--period", "2019-07")
    assert [v["excluded"] for v in found["versions"]] == [[]]
    assert found["versions"][0]["n"] == 4
    assert found["funnel"]["excluded"] == []


def test_it_stays_in_where_residents_do_not_matter(workspace: Path) -> None:
    for force in COUNTS:
        put(workspace, force, "2019-07", rows(5, Outcome="Arrest") + rows(5, Outcome=NFA))
    found = ask(workspace, "compare", "powers.outcome_rate", "--period", "2019-07")
    (version,) = found["versions"]
    assert version["excluded"] == []
    assert CITY in version["bands"]


def test_the_setting_says_which_sd_draws_the_bands(forces: Path) -> None:
    settings = forces / "openpeel.toml"
    settings.write_text(settings.read_text().replace('sd = "sample"', 'sd = "population"'))
    found = ask(forces, "compare", "powers.searches_per_1000", "--period", "2019-07")
    assert found["versions"][0]["sd_used"] == "population"
