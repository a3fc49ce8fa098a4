"""Reading the log."""

from __future__ import annotations

from openpeel.casework.models import Event
from openpeel.casework.work import look


def events(about: str = "", by: str = "") -> list[Event]:
    """Events, oldest first.

    Args:
        about: id of what they are about, such as ``Q-0042`` or ``2024-autumn/kent``; blank for all.
        by: handle of who did it; blank for all.
    """
    with look():
        found = Event.objects.all()
        if about:
            found = found.filter(subject_id=about)
        if by:
            found = found.filter(actor=by)
        return list(found)
