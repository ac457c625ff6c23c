"""Makes of a converter's SVG one that may stand in a page under a strict content policy.

What stays is a short list of elements and attributes: no script, no style, no link, no font, no image. The whole is one
image with a title and a description; marks keep their label, which a script may read out.
"""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree as ET

from duoshou.reports.figures.look import FONTS, LIGHT

_SVG = "{http://www.w3.org/2000/svg}"
_ELEMENTS = frozenset({"svg", "g", "path", "line", "rect", "circle", "text", "tspan"})
_ATTRIBUTES = frozenset(
    {
        "aria-label", "d", "dx", "dy", "fill", "fill-opacity", "font-size", "font-weight", "height", "opacity", "r",
        "stroke", "stroke-dasharray", "stroke-linejoin", "stroke-miterlimit", "stroke-opacity", "stroke-width",
        "text-anchor", "transform", "viewBox", "width", "x", "x1", "x2", "y", "y1", "y2",
    }
)  # fmt: skip
_INHERITED = (
    "fill", "fill-opacity", "font-size", "font-weight", "stroke", "stroke-dasharray", "stroke-linejoin",
    "stroke-opacity", "stroke-width", "text-anchor",
)  # fmt: skip
_SHAPES = frozenset({"path", "line", "rect", "circle"})
_NUMBER = re.compile(r"-?\d+\.\d{3,}")

ET.register_namespace("", "http://www.w3.org/2000/svg")


def polished(svg: str, meta: dict[str, Any]) -> str:
    """Return the SVG, safe to inline and named.

    Args:
        svg: What the converter made of a spec.
        meta: The spec's `usermeta`: title, description, theme.
    """
    # The document was written by the converter in our own process; it declares no entities.
    root = ET.fromstring(svg)  # noqa: S314
    page = meta["theme"] == "page"
    _strip(root, _variables() if page else {})
    if page and len(root) and root[0].tag == f"{_SVG}rect":
        root.remove(root[0])
    root.attrib |= {"class": "figure", "role": "img", "font-family": FONTS}
    root.insert(0, _named("title", meta["title"]))
    root.insert(1, _named("desc", meta["description"]))
    return ET.tostring(root, encoding="unicode")


def _variables() -> dict[str, str]:
    """Return colour → variable of the page, which falls back to the colour."""
    return {colour: f"var(--figure-{name}, {colour})" for colour, name in LIGHT.named().items()}


def _named(tag: str, text: str) -> ET.Element:
    element = ET.Element(f"{_SVG}{tag}")
    element.text = text
    return element


def _strip(element: ET.Element, variables: dict[str, str]) -> None:
    label = element.get("aria-label") if element.tag.removeprefix(_SVG) in _SHAPES else None
    kept = {name: _shorter(value) for name, value in element.attrib.items() if name in _ATTRIBUTES - {"aria-label"}}
    for name in ("fill", "stroke"):
        if kept.get(name) in variables:
            kept[name] = variables[kept[name]]
    element.attrib.clear()
    element.attrib |= kept | ({"role": "img", "aria-label": label} if label else {})
    for child in list(element):
        if child.tag.removeprefix(_SVG) not in _ELEMENTS or _draws_nothing(child):
            element.remove(child)
            continue
        _strip(child, variables)
        if child.tag == f"{_SVG}g" and not len(child):
            element.remove(child)
    _hoist(element)


def _hoist(group: ET.Element) -> None:
    """Say once, of the group, what all its children say alike."""
    if group.tag != f"{_SVG}g" or len(group) < 2:
        return
    for name in _INHERITED:
        values = {child.get(name) for child in group}
        if len(values) == 1 and None not in values:
            group.set(name, values.pop() or "")
            for child in group:
                del child.attrib[name]


def _draws_nothing(element: ET.Element) -> bool:
    """Return whether it is one of the frames without ink that the converter puts around each group."""
    return element.get("class") in {"background", "foreground"} and not ({"fill", "stroke"} & element.attrib.keys())


def _shorter(value: str) -> str:
    """Return an attribute with numbers of at most two decimals: a hundredth of a pixel is not seen."""
    return _NUMBER.sub(lambda found: f"{float(found.group()):.2f}".rstrip("0").rstrip("."), value)
