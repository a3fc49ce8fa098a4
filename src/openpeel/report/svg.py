"""A Vega-Lite specification drawn to an accessible, compact and repeatable SVG.

vl-convert draws; what it drops or leaves to chance is put right here: a name and a description for
people who do not see the picture, a size that follows the page, ids that are the same every time,
and no attribute that the page does not need. Text drawn with a ``tag`` as its description keeps the
figure it stands for, so that ``verify`` reads the numbers in the picture too.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

ASSETS = Path(__file__).parent / "assets"
FONT = "Openpeel Sans"
FONT_FILE = "OpenpeelSans"
FONT_SIZE = 12
_SVG = "http://www.w3.org/2000/svg"
_LONG_NUMBER = re.compile(r"-?\d+\.\d+")
_SHIFT = re.compile(r"translate\(([-\d.]+),([-\d.]+)\)")
_IDLE = {
    "opacity": "1",
    "transform": "translate(0,0)",
    "font-family": FONT,
    "font-size": f"{FONT_SIZE}px",
    "font-weight": "normal",
    "text-anchor": "start",
    "stroke-width": "1",
    "stroke-miterlimit": "10",
}
_SHARED = (
    "fill",
    "stroke",
    "stroke-width",
    "stroke-dasharray",
    "stroke-linecap",
    "text-anchor",
    "font-size",
    "font-weight",
)


def tag(kind: str, key: str, raw: str) -> str:
    """A description for a drawn text that ties it to a figure or a comparison."""
    return json.dumps({f"data-{kind}": key, "data-value": raw})


def draw(spec: dict[str, Any], chart_id: str, title: str, description: str) -> str:
    """The specification as an SVG element to stand in a page, named and described."""
    root = ET.fromstring(_vega(spec))  # noqa: S314 - our own renderer's output
    _tidy(root)
    _share(root)
    _unwrap(root)
    _scope_ids(root, chart_id)
    _announce(root, chart_id, title, description)
    return ET.tostring(root, encoding="unicode").replace(" />", "/>")


@cache
def _register_font() -> None:
    import vl_convert

    vl_convert.register_font_directory(str(ASSETS))


def _vega(spec: dict[str, Any]) -> str:
    import vl_convert

    _register_font()
    svg: str = vl_convert.vegalite_to_svg(spec, vl_version="6.4", allowed_base_urls=[])
    return svg


def _tidy(element: ET.Element) -> None:
    """Drop what does not show, round what is finer than a tenth of a pixel, read the tags."""
    element.tag = element.tag.removeprefix(f"{{{_SVG}}}")
    element.attrib = _kept(element.attrib)
    if element.tag == "text":
        _place(element)
    for child in list(element):
        _tidy(child)
        if _is_empty(child):
            element.remove(child)


def _kept(attributes: dict[str, str]) -> dict[str, str]:
    kept = {}
    for name, value in attributes.items():
        if name == "aria-label" and value.startswith("{"):
            kept.update(json.loads(value))
        elif name not in ("class", "role", "pointer-events") and not name.startswith("aria-"):
            short = value if name in ("font-family", "id") else _LONG_NUMBER.sub(_tenth, value)
            if _IDLE.get(name) != short:
                kept[name] = short
    return kept


def _place(text: ET.Element) -> None:
    """A text's place as x and y instead of a shift: shorter, and there are thousands on a page."""
    if shift := _SHIFT.fullmatch(text.get("transform", "")):
        del text.attrib["transform"]
        text.attrib.update({name: at for name, at in zip("xy", shift.groups(), strict=True) if at != "0"})


def _tenth(number: re.Match[str]) -> str:
    shown = f"{float(number.group()):.1f}".removesuffix(".0")
    return "0" if shown == "-0" else shown


def _is_empty(element: ET.Element) -> bool:
    if element.tag == "path":
        return element.get("d", "") in ("", "M0,0h0v0h0Z") or set(element.attrib) == {"d"}
    return element.tag == "g" and len(element) == 0


def _unwrap(element: ET.Element) -> None:
    """Put the children of a group that says nothing in the group's place."""
    children: list[ET.Element] = []
    for child in element:
        _unwrap(child)
        children.extend(child if child.tag == "g" and not child.attrib else [child])
    element[:] = children


def _share(element: ET.Element) -> None:
    """Move what all children of a group say alike up to the group."""
    for child in element:
        _share(child)
    if element.tag != "g" or len(element) < 2:
        return
    for name in _SHARED:
        values = {child.get(name) for child in element}
        if len(values) == 1 and (value := values.pop()) is not None:
            element.set(name, value)
            for child in element:
                del child.attrib[name]


def _scope_ids(root: ET.Element, chart_id: str) -> None:
    """Name the clip paths after the chart: vl-convert numbers them on from drawing to drawing."""
    known = [e for e in root.iter() if e.get("id")]
    new = {f"url(#{e.get('id')})": f"{chart_id}-clip{n}" for n, e in enumerate(known)}
    for element in known:
        element.set("id", new[f"url(#{element.get('id')})"])
    for element in root.iter():
        if (old := element.get("clip-path")) is not None:
            element.set("clip-path", f"url(#{new[old]})")


def _announce(root: ET.Element, chart_id: str, title: str, description: str) -> None:
    """Make the drawing one image with a name and a description, as wide as the page allows."""
    background = root.find("rect")
    if background is not None and background.get("fill") == "white":
        root.remove(background)
    view_box = root.get("viewBox", "")
    root.attrib = {
        "xmlns": _SVG,
        "class": "chart",
        "role": "img",
        "viewBox": view_box,
        "width": "100%",
        "font-family": f"{FONT}, sans-serif",
        "font-size": f"{FONT_SIZE}px",
        "paint-order": "stroke",
        "aria-labelledby": f"{chart_id}-title",
        "aria-describedby": f"{chart_id}-desc",
    }
    name, words = ET.Element("title", id=f"{chart_id}-title"), ET.Element("desc", id=f"{chart_id}-desc")
    name.text, words.text = title, description
    root[:0] = [name, words]
