"""A person who did not state an ethnicity is in no group, and could be in any: that is what the bounds are for."""

from __future__ import annotations

from pathlib import Path

import pytest

from ask import BLACK, NOT_STATED, RESIDENTS, WHITE, figures, of_group, put, settle


@pytest.mark.parametrize("unstated", [NOT_STATED, "Not Stated (NS)", "", "A wording of tomorrow"])
def test_not_stated_widens_the_bounds(workspace: Path, unstated: str) -> None:
    searches = [{"Self-defined ethnicity": e} for e in [WHITE] * 40 + [BLACK] * 10 + [unstated] * 5]
    put(workspace, "kent", "2019-07", searches)
    settle(workspace, {"kent": RESIDENTS})
    figure = of_group(workspace, "Black", "--force", "kent")
    assert (figure["numerator"], figure["denominator"], figure["unknown"]) == (10, 40, 5)
    scale = 90_000 / 2_000
    assert figure["value"] == pytest.approx(10 / 40 * scale)
    assert figure["bounds"]["low"] == pytest.approx(10 / 45 * scale)
    assert figure["bounds"]["high"] == pytest.approx(15 / 40 * scale)
    groups = figures(workspace, "powers.disproportionality", "--force", "kent")
    assert sum(f["numerator"] for f in groups) + figure["denominator"] + figure["unknown"] == 55
