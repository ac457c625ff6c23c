"""A figure that says why there is nothing to see."""

from __future__ import annotations

from duoshou.reports.figures.canvas import TEXT, TITLE, Canvas, Margins, Spec
from duoshou.reports.figures.lettering import fitted
from duoshou.reports.figures.look import Look

_HEIGHT = 72


def blank(look: Look, title: str, message: str) -> Spec:
    """Return a figure with a title, two rules and a message between them."""
    top = 34.0 if look.heading else 0.0
    canvas = Canvas(look, look.room, _HEIGHT, Margins(0, top, 0, 0))
    palette = look.palette
    if look.heading:
        canvas.text(0, 11 - top, fitted(title, TITLE, look.room), colour=palette.ink, size=TITLE, weight=600)
    edges = (0.5, _HEIGHT - 0.5)
    canvas.rules([{"x": 0, "x2": look.room, "y": y, "y2": y, "colour": palette.grid} for y in edges])
    canvas.text(look.room / 2, _HEIGHT / 2, message, colour=palette.muted, size=TEXT, align="center")
    return canvas.spec(title, message)
