"""openpeel: the open PEEL inspection system."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openpeel.version import __version__

if TYPE_CHECKING:
    from openpeel.api import Figures, Inspection, open
    from openpeel.errors import UserError

__all__ = ["Figures", "Inspection", "UserError", "__version__", "open"]


def __getattr__(name: str) -> Any:
    # Loaded when it is asked for: `openpeel --help` must not wait for what figures need.
    if name in ("Figures", "Inspection", "open"):
        from openpeel import api

        return getattr(api, name)
    if name == "UserError":
        from openpeel.errors import UserError

        return UserError
    raise AttributeError(f"openpeel has no {name}")
