"""A declaration in a workspace must never stand in for a shipped one of the same name.

If it could, `powers.arrest_rate` would mean one thing here and another in 42 other forces, under one id.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers import run_here
from openpeel.catalogue import load_catalogue, shipped
from openpeel.engine.declare.local import load_local
from openpeel.errors import UserError

COUNT = """\
[[measure]]
kind = "Count"
id = "{id}"
title = "Another meaning"
sentence = "{{value}}"
of = "powers.stop_search"
unit = "searches"
reviewed = 2026-11-22
"""
TYPE = """\
[[record_type]]
id = "{id}"
title = "Another shape"
kind = "event"
anchor = "on_day"
columns = [{{ name = "on_day", type = "date", meaning = "Day", required = true }}]
"""


@pytest.mark.parametrize("id_", sorted(shipped().measures))
def test_no_shipped_measure_can_be_declared_again(workspace: Path, id_: str) -> None:
    (workspace / "local" / "own.toml").write_text(COUNT.format(id=id_))
    with pytest.raises(UserError, match="does not begin with `local"):
        load_catalogue(workspace)


@pytest.mark.parametrize("id_", sorted(shipped().types))
def test_no_shipped_type_can_be_declared_again(workspace: Path, id_: str) -> None:
    (workspace / "local" / "own.toml").write_text(TYPE.format(id=id_))
    with pytest.raises(UserError, match="does not begin with `local"):
        load_catalogue(workspace)
    assert run_here("measures", cwd=workspace).returncode == 2


def test_not_even_one_shipped_under_the_prefix(tmp_path: Path) -> None:
    """Should openpeel ever ship a `local.` id, a workspace's own still does not replace it."""
    (tmp_path / "own.toml").write_text(COUNT.format(id="local.x"))
    held = {"local.x": shipped().measures["powers.searches"]}
    with pytest.raises(UserError, match="is declared twice"):
        load_local(tmp_path, shipped().types, held)


def test_shipped_declarations_are_the_same_beside_local_ones(workspace: Path) -> None:
    (workspace / "local" / "own.toml").write_text(COUNT.format(id="local.x"))
    loaded = load_catalogue(workspace)
    assert {i: m for i, m in loaded.measures.items() if i != "local.x"} == shipped().measures
    assert loaded.types == shipped().types
