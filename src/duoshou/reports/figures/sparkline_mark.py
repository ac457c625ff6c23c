"""A line as small as a word, to stand beside a number."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from duoshou.reports.figures.lettering import clean
from duoshou.reports.figures.look import LIGHT

_MOST_POINTS = 60
_EDGE = 2.5


def sparkline(values: Sequence[float | None], title: str, *, width: int = 96, height: int = 22) -> str:
    """Return an SVG of at most about 2 kB: the line, its gaps, and a dot on the last known value.

    The line has the colour of the text around it; the dot has the variable `--figure-accent`. There is no scale: the
    least value is at the bottom, the largest at the top. Of more values than it has room for, the least and the largest
    of each stretch stay, in their order, so that no peak is lost (as M4 of Jugel et al., VLDB 2014).

    Args:
        values: Values in the order of time; None is a gap.
        title: What it shows, in words, for those who do not see it.
        width: Width in pixels.
        height: Height in pixels.
    """
    points = _thinned([None if value is None or value != value else float(value) for value in values])  # noqa: PLR0124
    known = [value for _, value in points if value is not None]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="spark" role="img" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}"><title>{escape(clean(title)[:200])}</title>'
    )
    if not known:
        return f"{head}</svg>"
    low, span = min(known), (max(known) - min(known))
    last = max(len(values) - 1, 1)

    def place(position: int, value: float) -> tuple[float, float]:
        x = _EDGE + position / last * (width - 2 * _EDGE)
        y = height - _EDGE - ((value - low) / span if span else 0.5) * (height - 2 * _EDGE)
        return round(x, 1), round(y, 1)

    path, pen, end = [], "M", (0.0, 0.0)
    for number, (position, value) in enumerate(points):
        if value is None:
            pen = "M"
            continue
        end = place(position, value)
        alone = pen == "M" and (number + 1 == len(points) or points[number + 1][1] is None)
        path.append(f"{pen}{end[0]:g} {end[1]:g}" + ("h0" if alone else ""))
        pen = "L"
    return (
        f'{head}<path d="{"".join(path)}" fill="none" stroke="currentColor" stroke-width="1.2" stroke-linejoin="round" '
        f'stroke-linecap="round"/><circle cx="{end[0]:g}" cy="{end[1]:g}" r="2" '
        f'fill="var(--figure-accent, {LIGHT.accent})"/></svg>'
    )


def _thinned(values: list[float | None]) -> list[tuple[int, float | None]]:
    """Return (position, value) of few enough values: of each stretch its first gap, its least and its largest value."""
    if len(values) <= _MOST_POINTS:
        return list(enumerate(values))
    stretches = _MOST_POINTS // 2
    kept: set[int] = {max((number for number, value in enumerate(values) if value is not None), default=0)}
    for stretch in range(stretches):
        part = range(stretch * len(values) // stretches, (stretch + 1) * len(values) // stretches)
        known = [number for number in part if values[number] is not None]
        kept |= {number for number in part if values[number] is None and number - 1 not in kept}
        if known:
            kept |= {min(known, key=lambda n: values[n] or 0.0), max(known, key=lambda n: values[n] or 0.0)}
    return [(number, values[number]) for number in sorted(kept)]
