"""Numbers put into words: what stands in sentences and table cells, every number tied to its figure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from markupsafe import Markup, escape

from openpeel.engine.measure.figure import Figure
from openpeel.report.numbers import Style, has, level_text, style_of, unit_text
from openpeel.report.tokens import figure_token
from openpeel.words import _

_PLACE = re.compile(r"\{(\w+)\}")
_PARTS = {"value": "value", "x": "numerator", "y": "denominator"}


def say(template: str, **values: object) -> Markup:
    """A sentence with its named places filled; the values are escaped, numbers keep their ties."""
    return escape(template) % values


def sentence(template: str, figure: Figure, words: Mapping[str, str]) -> Markup:
    """A measure's sentence with the figure in it.

    ``{value}``, ``{x}`` and ``{y}`` are numbers of the figure; other places are looked up in
    ``words`` and in the figure's breakdown. A figure without what the sentence needs is named with
    its status instead.
    """
    places = _PLACE.findall(template)
    needed = [_PARTS[p] for p in places if p in _PARTS]
    if needed and (figure.status != "ok" or not all(has(figure, part) for part in needed)):
        token = figure_token(figure)
        name = " ".join(figure.breakdown.values()) or words["force"]
        return say(_("%(name)s, %(period)s: %(value)s."), name=name, period=words["period"], value=token)
    return Markup("").join(
        escape(piece) if index % 2 == 0 else _place(piece, figure, words)
        for index, piece in enumerate(_PLACE.split(template))
    )


def _place(name: str, figure: Figure, words: Mapping[str, str]) -> Markup:
    if name in _PARTS:
        return figure_token(figure, _PARTS[name])
    known = {**figure.breakdown, **words}
    if name not in known:
        raise ValueError(f"{figure.measure}: the sentence has a place {{{name}}} and nothing to fill it with")
    return escape(known[name])


def value_in_words(figure: Figure) -> Markup:
    """The value with its unit: "23.4% of searches"; a status in words stands alone."""
    if figure.status != "ok":
        return figure_token(figure)
    return say(_("%(value)s %(unit)s"), value=figure_token(figure), unit=unit_text(figure.unit))


def counts(figure: Figure) -> Markup:
    """The counts behind a figure: "x of y", "x among y residents", "x against y"; a count has none."""
    if style_of(figure.unit) is Style.COUNT or not has(figure, "numerator"):
        return Markup("")
    x = figure_token(figure, "numerator")
    if style_of(figure.unit) is Style.RATE and has(figure, "population"):
        return say(_("%(x)s among %(y)s residents"), x=x, y=figure_token(figure, "population"))
    if not has(figure, "denominator"):
        return x
    y = figure_token(figure, "denominator")
    if style_of(figure.unit) is Style.RATIO:
        return say(_("%(x)s against %(y)s"), x=x, y=y)
    return say(_("%(x)s of %(y)s"), x=x, y=y)


def span(figure: Figure, part: str) -> Markup:
    """``interval``, ``inflated`` or ``bounds`` of a figure: "21.5% to 25.4%"; empty where there is none."""
    return figure_token(figure, part) if has(figure, part) else Markup("")


def interval_name(figure: Figure) -> str:
    """What an interval is called: "95% interval"."""
    level = figure.interval.level if figure.interval else 0.95
    return _("%(level)s interval") % {"level": level_text(level)}


def interval_in_words(figure: Figure) -> Markup:
    """The interval as it stands in a sentence: "95% interval 21.5% to 25.4%"."""
    return say("%(name)s %(span)s", name=interval_name(figure), span=span(figure, "interval"))


def unknowns(figure: Figure) -> Markup:
    """How many records could not be counted, for either reason; empty where that is not said."""
    parts = []
    if has(figure, "unknown"):
        parts.append(say(_("%(n)s with the answer not known"), n=figure_token(figure, "unknown")))
    if has(figure, "unknown_eligibility") and figure.unknown_eligibility:
        n = figure_token(figure, "unknown_eligibility")
        parts.append(say(_("%(n)s of which it is not known whether they belong here"), n=n))
    return Markup("; ").join(parts)


def as_sentence(text: str) -> str:
    """A clause as a sentence: a capital first, a full stop last."""
    ended = text if text.endswith((".", "!", "?")) else f"{text}."
    return ended[:1].upper() + ended[1:]
