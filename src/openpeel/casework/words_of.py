"""What people write, before it is kept."""

from __future__ import annotations

import unicodedata

from openpeel.errors import UserError

#: More than anybody writes by hand; a pasted file belongs elsewhere.
MOST = 10_000


def checked(text: str, what: str, most: int = MOST) -> str:
    """A text as it is kept: trimmed, not blank, and storable in either database.

    Raises:
        UserError: it is blank, too long, or holds characters that no text has.
    """
    kept = text.replace("\r\n", "\n").strip()
    if not kept:
        raise UserError(f"{what} is blank", do="say it in a sentence")
    if len(kept) > most:
        raise UserError(f"{what} has {len(kept)} characters", do=f"keep it under {most}")
    # Control characters could make a screen show what nobody wrote; of surrogates a database makes nothing.
    if any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t" for c in kept):
        raise UserError(f"{what} holds characters that are no text", do="write it anew")
    return kept
