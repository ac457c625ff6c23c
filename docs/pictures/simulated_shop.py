"""Draw the three pictures of docs/explanation/simulated-shop.md: `.venv/bin/python docs/pictures/simulated_shop.py`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from duoshou.demo.simulation import Simulation, simulate

HERE = Path(__file__).resolve().parent
SEED, UNTIL, DAYS = 7, date(2025, 12, 3), 548
WIDTH, HEIGHT = 860, 300
LEFT, RIGHT, TOP, BOTTOM = 58, 14, 44, 30
INK, GRID, LINE = "#444", "#ddd", "#2a6fb0"
COLOURS = ("#2a6fb0", "#5fa3d9", "#d9822b", "#efb266", "#7a5ea8", "#b39ddb", "#3c9d6b", "#c0392b")
MARKED = (
    ("2024-06-18", "618"),
    ("2024-11-11", "双11"),
    ("2025-01-28", "除夕"),
    ("2025-06-18", "618"),
    ("2025-11-11", "双11"),
)


class Picture:
    """A picture over the days of the shop: a frame, its lines or areas, its labels."""

    def __init__(self, dates: Any, title: str, highest: float, ticks: Sequence[tuple[float, str]]) -> None:
        self._dates = dates
        self._highest = highest
        self._parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}">',
            f'<g font-family="sans-serif" font-size="12" fill="{INK}">',
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
            f'<text x="{LEFT}" y="18" font-size="14" font-weight="bold">{title}</text>',
        ]
        for value, label in ticks:
            y = self.y(value)
            self._parts.append(f'<path d="M{LEFT} {y}H{WIDTH - RIGHT}" stroke="{GRID}"/>')
            self._parts.append(f'<text x="{LEFT - 6}" y="{y + 4}" text-anchor="end">{label}</text>')
        for place, day in enumerate(dates):
            month = day.astype("datetime64[M]")
            if day == month.astype("datetime64[D]") and month.astype(int) % 3 == 0:
                self._parts.append(f'<text x="{self.x(place)}" y="{HEIGHT - 10}" text-anchor="middle">{month}</text>')

    def x(self, place: float) -> float:
        """Return where a day stands."""
        return round(LEFT + (WIDTH - LEFT - RIGHT) * place / (len(self._dates) - 1), 1)

    def y(self, value: float) -> float:
        """Return how high a value stands."""
        return round(TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / self._highest), 1)

    def mark_festivals(self, values: Any) -> None:
        """Name the days that everybody knows above their values."""
        for day, word in MARKED:
            place = int((np.datetime64(day) - self._dates[0]).astype(int))
            top = self.y(values[max(place - 3, 0) : place + 4].max())
            self._parts.append(
                f'<text x="{self.x(place)}" y="{max(top - 6, TOP - 8)}" text-anchor="middle">{word}</text>'
            )

    def line(self, values: Any, colour: str = LINE, width: float = 1.2) -> None:
        """Draw a line over all days."""
        points = " ".join(f"{self.x(place)},{self.y(value)}" for place, value in enumerate(values))
        self._parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="{width}"/>')

    def area(self, places: Any, low: Any, high: Any, colour: str) -> None:
        """Fill what lies between two series."""
        upper = [f"{self.x(place)},{self.y(value)}" for place, value in zip(places, high, strict=True)]
        lower = [f"{self.x(place)},{self.y(value)}" for place, value in zip(places, low, strict=True)]
        self._parts.append(f'<polygon points="{" ".join(upper + lower[::-1])}" fill="{colour}"/>')

    def legend(self, names: Sequence[str], colours: Sequence[str]) -> None:
        """Write what each colour means, in one line under the title."""
        x = float(LEFT)
        for name, colour in zip(names, colours, strict=True):
            self._parts.append(f'<rect x="{x}" y="26" width="10" height="10" fill="{colour}"/>')
            self._parts.append(f'<text x="{x + 14}" y="35">{name}</text>')
            x += 26 + 12 * len(name)

    def write(self, name: str) -> None:
        """Write the picture beside this program."""
        (HERE / name).write_text("\n".join([*self._parts, "</g></svg>\n"]), encoding="utf-8")


def draw_visitors(shop: Simulation) -> None:
    """Draw the shop's visitors by day."""
    visitors = shop.daily.shop_visitors.sum(axis=1)
    step = 5_000
    highest = visitors.max() * 1.08
    ticks = [(float(value), f"{value:,}") for value in range(0, int(highest) + 1, step)]
    picture = Picture(shop.world.dates, "每日访客 · visitors by day", highest, ticks)
    picture.line(visitors)
    picture.mark_festivals(visitors)
    picture.write("simulated-visitors.svg")


def draw_conversion(shop: Simulation) -> None:
    """Draw the part of the shop's visitors who paid, by day, and its mean over a week."""
    rate = shop.daily.shop_paid_buyers / shop.daily.shop_visitors.sum(axis=1)
    highest = float(rate.max()) * 1.12
    ticks = [(value / 100, f"{value}%") for value in range(0, int(highest * 100) + 1, 2)]
    picture = Picture(shop.world.dates, "支付转化率 · paying buyers of the visitors, by day", highest, ticks)
    picture.line(rate, "#a9c6e2", 1.0)
    kernel = np.ones(7) / 7
    edge = np.pad(rate, 3, mode="edge")
    picture.line(np.convolve(edge, kernel, mode="valid"), LINE, 1.6)
    picture.mark_festivals(rate)
    picture.write("simulated-conversion.svg")


def draw_revenue(shop: Simulation) -> None:
    """Draw what buyers paid by week, stacked by the source that brought them."""
    revenue = shop.daily.paid_amount.sum(axis=(1, 3), dtype=np.int64) / 100
    begin = np.arange(0, shop.world.days - 6, 7)
    weeks = np.add.reduceat(revenue[: begin[-1] + 7], begin, axis=0) / 7
    upto = np.cumsum(weeks, axis=1)
    highest = float(upto.max()) * 1.05
    step = 20_000 if highest > 60_000 else 10_000
    ticks = [(float(value), f"{value / 10_000:g} 万") for value in range(0, int(highest) + 1, step)]
    title = "每日支付金额，按来源，周均（元） · yuan paid a day by source, means of weeks"
    picture = Picture(shop.world.dates, title, highest, ticks)
    for place in range(upto.shape[1] - 1, -1, -1):
        low = upto[:, place - 1] if place else np.zeros(len(upto))
        picture.area(begin + 3, low, upto[:, place], COLOURS[place])
    picture.legend(shop.world.source_names, COLOURS)
    picture.write("simulated-revenue.svg")


def main() -> None:
    """Draw all of them."""
    shop = simulate(SEED, UNTIL, DAYS)
    draw_visitors(shop)
    draw_conversion(shop)
    draw_revenue(shop)


if __name__ == "__main__":
    main()
