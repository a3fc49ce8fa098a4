"""The ties between a page and the records: every number on it names the figure or comparison it shows.

``figure_token`` and ``comparison_token`` write the ties, ``page_tokens`` reads them back from a
finished page, in texts, tables and charts alike. Both sides print through ``numbers.printed`` and
``comparison_numbers``, so that ``verify`` can work every number out again and compare.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser

from markupsafe import Markup

from openpeel.engine.measure.figure import Figure
from openpeel.report.numbers import Printed, printed


@dataclass(frozen=True)
class Token:
    """One number found on a page.

    Attributes:
        figure_id: the figure it belongs to; empty for a number of a comparison.
        raw: the unrounded value behind it; empty for a status in words.
        text: the text people read.
        part: which number of the figure: ``value``, or a part as ``numbers.printed`` names them.
        comparison: ``MEASURE|breakdown|what`` for a number of a comparison, otherwise empty.
    """

    figure_id: str
    raw: str
    text: str
    part: str = "value"
    comparison: str = ""


def figure_token(figure: Figure, part: str = "value") -> Markup:
    """A number of a figure as it stands in the page."""
    number = printed(figure, part)
    kind = "" if part == "value" else Markup(' data-part="{}"').format(part)
    return Markup('<data class="figure" data-figure="{}"{} value="{}">{}</data>').format(
        figure.figure_id, kind, number.raw, number.text
    )


def comparison_token(key: str, numbers: Mapping[str, Printed], what: str) -> Markup:
    """A number of a comparison as it stands in the page.

    ``key`` is what ``comparison_key`` gives; it is empty inside an element whose ``data-of`` is the
    key for all numbers in it (a table with hundreds of them).
    """
    number = numbers[what]
    return Markup('<data class="comparison" data-comparison="{}" value="{}">{}</data>').format(
        f"{key}|{what}" if key else what, number.raw, number.text
    )


def page_tokens(html: str) -> list[Token]:
    """Every number of a page that is tied to a figure or a comparison, in the order of the page."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.tokens


class _Reader(HTMLParser):
    """Collects ``<data>`` elements of texts and tables, and the tied ``<text>`` elements of charts."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tokens: list[Token] = []
        self._open: dict[str, str] | None = None
        self._text: list[str] = []
        self._of = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "table":
            self._of = found.get("data-of", "")
        if self._of and "data-comparison" in found:
            found["data-comparison"] = f"{self._of}|{found['data-comparison']}"
        if tag in ("data", "text") and ("data-figure" in found or "data-comparison" in found):
            self._open, self._text = found, []

    def handle_data(self, data: str) -> None:
        if self._open is not None:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self._of = ""
        if self._open is not None and tag in ("data", "text"):
            self.tokens.append(_token(self._open, "".join(self._text)))
            self._open = None


def _token(attributes: Mapping[str, str], text: str) -> Token:
    return Token(
        figure_id=attributes.get("data-figure", ""),
        raw=attributes.get("value", attributes.get("data-value", "")),
        text=text,
        part=attributes.get("data-part", "value" if "data-figure" in attributes else ""),
        comparison=attributes.get("data-comparison", ""),
    )
