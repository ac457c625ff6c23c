"""The ground of every figure: furniture in pixels, data on scales, put together as one Vega-Lite spec.

Sizes are fixed here and nothing is left to automatic layout, so that a figure is as wide as it was asked to be and
every label is where the room for it was measured.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from duoshou.reports.figures.look import Look

if TYPE_CHECKING:
    import altair as alt

Align = Literal["left", "center", "right"]
Weight = Literal[400, 600]
Spec = dict[str, Any]

TEXT = 12
SMALL = 11
TITLE = 14


@dataclass(frozen=True, slots=True)
class Margins:
    """Room around the plot, in pixels."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(slots=True)
class Canvas:
    """Collects what is drawn, back to front.

    Furniture (texts, rules, boxes) is given in pixels from the upper left corner of the plot.

    Attributes:
        look: How it looks.
        width: Width of the plot.
        height: Height of the plot.
        margins: Room around the plot.
    """

    look: Look
    width: float
    height: float
    margins: Margins
    _layers: list[Any] = field(default_factory=list)
    _rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    _texts: dict[tuple[Align, int, Weight], list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        colour: str,
        size: int = SMALL,
        weight: Weight = 400,
        align: Align = "left",
    ) -> None:
        """Write a text, its middle at the height `y`; texts come last, on top of everything."""
        if text:
            row = {"x": round(x, 1), "y": round(y, 1), "text": text, "colour": colour}
            self._texts[align, size, weight].append(row)

    def rules(self, rows: list[dict[str, Any]], *, width: float = 1, dash: tuple[float, ...] = ()) -> None:
        """Draw straight lines: rows of x, y, x2, y2, colour."""
        if rows:
            mark: dict[str, Any] = {"strokeWidth": width, "aria": False} | ({"strokeDash": list(dash)} if dash else {})
            self.add(self.rows(rows).mark_rule(**mark).encode(**self._ends(), stroke=_colour("stroke")))

    def boxes(self, rows: list[dict[str, Any]]) -> None:
        """Fill rectangles: rows of x, y, x2, y2, colour."""
        if rows:
            self.add(self.rows(rows).mark_rect(aria=False).encode(**self._ends(), fill=_colour("fill")))

    def dots(self, rows: list[dict[str, Any]], *, hollow: bool = False, size: float = 30) -> None:
        """Draw points: rows of x, y, colour."""
        import altair as alt

        if rows:
            ground = self.look.palette.paper
            mark: dict[str, Any] = {"size": size, "aria": False, "shape": "circle", "opacity": 1}
            colours = (
                {"stroke": _colour("stroke"), "fill": alt.FillValue(ground)} if hollow else {"fill": _colour("fill")}
            )
            points = self.rows(rows).mark_point(**mark, strokeWidth=1.5 if hollow else 0)
            self.add(points.encode(x=_pixel("x"), y=_pixel("y"), **colours))

    def readable(self, rows: list[dict[str, Any]], *, thickness: float, across: bool = False) -> None:
        """Lay unseen strips over the plot that carry a description each, for pointer and keyboard.

        Rows hold `at` (the middle of the strip, in pixels) and `says`; `across` lays them from left to right.
        """
        import altair as alt

        if not rows:
            return
        width, height = self.width + (self.margins.right if across else 0), self.height
        start = -self.margins.left if across else 0
        strips = [
            {"x": start, "x2": width, "y": row["at"], "y2": row["at"], "says": row["says"]}
            if across
            else {"x": row["at"], "x2": row["at"], "y": 0, "y2": height, "says": row["says"]}
            for row in rows
        ]
        mark = self.rows(strips).mark_rule(
            strokeOpacity=0, strokeWidth=round(thickness, 2), stroke=self.look.palette.ink
        )
        self.add(mark.encode(**self._ends(), description=alt.Description("says:N")))

    def add(self, layer: Any) -> None:
        """Draw a layer on top of those before."""
        self._layers.append(layer)

    def rows(self, rows: list[dict[str, Any]]) -> alt.Chart:
        """Return a chart of rows, without a mark yet."""
        import altair as alt

        name = f"rows{len(self._rows)}"
        self._rows[name] = rows
        return alt.Chart(alt.NamedData(name=name))

    def spec(self, title: str, description: str) -> Spec:
        """Return the figure as a Vega-Lite spec; title and description travel in `usermeta`."""
        import altair as alt

        for (align, size, weight), rows in self._texts.items():
            mark = self.rows(rows).mark_text(
                align=align, baseline="middle", fontSize=size, fontWeight=weight, aria=False, limit=0
            )
            self._layers.append(
                mark.encode(x=_pixel("x"), y=_pixel("y"), text=alt.Text("text:N"), fill=_colour("fill"))
            )
        if not self._layers:
            self._layers.append(self.rows([{}]).mark_point(opacity=0, aria=False))
        margins = {
            name: round(getattr(self.margins, name) + self.look.inset, 1) for name in ("left", "top", "right", "bottom")
        }
        chart = alt.layer(
            *self._layers,
            width=round(self.width, 1),
            height=round(self.height, 1),
            autosize=alt.AutoSizeParams(type="none"),
            padding=margins,
            background=self.look.palette.paper,
            description=description,
            usermeta={"title": title, "description": description, "theme": self.look.theme},
            # No font: nothing depends on how wide the converter thinks a text is, and its search for fonts takes time.
            config=alt.Config(view=alt.ViewConfig(stroke=None)),
        )
        # The rows are put in last: Altair copies a chart with each step, and its rows with it.
        return chart.to_dict(validate=False) | {"datasets": self._rows}

    def _ends(self) -> dict[str, Any]:
        return {name: _pixel(name) for name in ("x", "y", "x2", "y2")}


def _colour(channel: str) -> Any:
    """Return the encoding of a channel that takes its colour from the field `colour`, as it is."""
    import altair as alt

    kind = alt.Fill if channel == "fill" else alt.Stroke
    return kind("colour:N", scale=None, legend=None)


def _pixel(channel: str) -> Any:
    """Return the encoding of a channel that takes its pixels from the field of the same name, as they are."""
    import altair as alt

    if channel in {"x2", "y2"}:
        return (alt.X2 if channel == "x2" else alt.Y2)(channel)
    return (alt.X if channel == "x" else alt.Y)(f"{channel}:Q", scale=None, axis=None)


def box(left: float, top: float, right: float, bottom: float, colour: str) -> dict[str, Any]:
    """Return the row of a filled rectangle."""
    return {"x": round(left, 1), "y": round(top, 1), "x2": round(right, 1), "y2": round(bottom, 1), "colour": colour}
