"""Stonemarsh, the force that is looked at closely: what is set for it instead of drawn.

What the source report prints of its force stands in ``stonemarsh.toml`` and nowhere else in the code.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Final

FOCUS: Final = "stonemarsh"


@cache
def told() -> dict[str, Any]:
    """Everything that is set for it."""
    return tomllib.loads(files(__package__).joinpath("stonemarsh.toml").read_text(encoding="utf-8"))


def told_of(force: str, part: str = "profile") -> dict[str, Any]:
    """What is set for a force in one part of the file; nothing for any other force."""
    found: dict[str, Any] = told()[part] if force == FOCUS else {}
    return found
