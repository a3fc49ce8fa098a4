"""Translation of the strings that users see (reports and screens), through ``gettext``."""

from __future__ import annotations

import gettext
import os
from pathlib import Path

_LOCALES = Path(__file__).parent / "locales"
_language = os.environ.get("OPENPEEL_LANGUAGE", "en")
_catalogue = gettext.translation("openpeel", localedir=_LOCALES, languages=[_language], fallback=True)


def _(text: str) -> str:
    """The text in the user's language (English where no translation exists)."""
    return _catalogue.gettext(text)


def ngettext(one: str, many: str, count: int) -> str:
    """The form of a text that fits the count."""
    return _catalogue.ngettext(one, many, count)


#: The areas of an inspection in the order of the pages, with their names; ids of types and measures begin with one.
AREAS = {
    "victims": "What victims are owed",
    "powers": "Police powers and treating the public fairly and respectfully",
    "prevention": "Preventing crime",
    "responding": "Responding to the public",
    "investigating": "Investigating crime",
    "vulnerable": "Protecting vulnerable people",
    "offenders": "Managing offenders and suspects",
    "workforce": "The workforce",
    "leadership": "Leadership and force management",
    "shared": "What every area shares",
}
