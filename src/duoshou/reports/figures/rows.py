"""Figures of named rows: a name at the left, a bar on a common scale, a number at the right."""

from __future__ import annotations

from dataclasses import dataclass

from duoshou.reports.figures.canvas import SMALL, TEXT, TITLE, Canvas, Margins, Weight
from duoshou.reports.figures.lettering import clean, fitted, room
from duoshou.reports.figures.look import Look

_ROW = 25
_BAR = 10
_HEADING = 32.0
_UNIT = 20.0
_GAP = 14
_NAMES = 0.4
_LEAST_PLOT = 60
_MOST_PLOT = 640


@dataclass(frozen=True, slots=True)
class Row:
    """One row.

    Attributes:
        label: Its name.
        number: Its number as it is written.
        says: The row in words.
        start: Where its bar starts; None draws none.
        end: Where its bar ends.
        colour: Colour of bar and number.
        strong: Whether name and number stand out; its end is then a stroke and no bar.
    """

    label: str
    number: str
    says: str
    start: float | None
    end: float | None
    colour: str
    strong: bool = False


@dataclass(slots=True)
class RowSheet:
    """Lays rows out and draws them.

    Attributes:
        look: How it looks.
        rows: The rows, from the top.
        low: Least value of the scale.
        high: Largest value of the scale.
        title: Title.
        unit: What the numbers are written in.
        numbers: Right end of the numbers, known once the canvas is laid out.
    """

    look: Look
    rows: list[Row]
    low: float
    high: float
    title: str
    unit: str
    numbers: float = 0.0

    def canvas(self) -> Canvas:
        """Return the ground: columns as wide as names and numbers need, the plot between them."""
        names = max(room(clean(row.label), TEXT) for row in self.rows)
        numbers = max(room(row.number, TEXT) for row in self.rows) + 4
        left = min(names, self.look.room * _NAMES) + _GAP
        right = min(numbers + _GAP, self.look.room - left - _LEAST_PLOT)
        top = _HEADING if self.look.heading else _UNIT if self.unit else 2.0
        # On a wide page a bar that went all the way would part its number from its name.
        width = min(_MOST_PLOT, self.look.room - left - right)
        spare = self.look.room - left - right - width
        canvas = Canvas(self.look, width, _ROW * len(self.rows), Margins(left, top, right + spare, 6))
        palette = self.look.palette
        self.numbers = width + right
        canvas.text(self.numbers, 11 - top, self.unit, colour=palette.muted, align="right")
        if self.look.heading:
            most = left + self.numbers - room(self.unit, SMALL) - 16
            canvas.text(-left, 11 - top, fitted(self.title, TITLE, most), colour=palette.ink, size=TITLE, weight=600)
        return canvas

    def x(self, canvas: Canvas, value: float) -> float:
        """Return where a value is."""
        span = (self.high - self.low) or 1.0
        return round((value - self.low) / span * canvas.width, 1)

    def y(self, number: int) -> float:
        """Return the middle of a row."""
        return (number + 0.5) * _ROW

    def draw(self, canvas: Canvas) -> None:
        """Draw names, bars and numbers, and lay a readable strip over each row."""
        palette = self.look.palette
        bars, strokes = [], []
        for number, row in enumerate(self.rows):
            y = self.y(number)
            name = fitted(clean(row.label), TEXT, canvas.margins.left - _GAP)
            weight: Weight = 600 if row.strong else 400
            canvas.text(-canvas.margins.left, y, name, colour=palette.ink, size=TEXT, weight=weight)
            canvas.text(self.numbers, y, row.number, colour=row.colour, size=TEXT, weight=weight, align="right")
            if row.end is None or row.start is None:
                continue
            x, x2 = sorted((self.x(canvas, row.start), self.x(canvas, row.end)))
            if row.strong:
                strokes.append({"x": x2, "x2": x2, "y": y - _BAR * 0.8, "y2": y + _BAR * 0.8, "colour": row.colour})
            else:
                # Half a pixel keeps a change in sight that is too small to be a bar.
                ends = {"x": x, "x2": max(x2, x + 0.5)}
                bars.append(ends | {"y": y - _BAR / 2, "y2": y + _BAR / 2, "colour": row.colour})
        canvas.boxes(bars)
        canvas.rules(strokes, width=3)
        strips = [{"at": self.y(number), "says": row.says} for number, row in enumerate(self.rows)]
        canvas.readable(strips, thickness=_ROW, across=True)
