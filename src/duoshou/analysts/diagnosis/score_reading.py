"""Service scores, and what stands beside them, as arrays; every number comes from the metrics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from duoshou.engine import Backend
from duoshou.metrics import Catalogue, DailyPanel, MetricError, daily_panel
from duoshou.model import Period

Floats = NDArray[np.float64]

HISTORY = 640
"""Days that are read: a year to learn from, before the falls that still show in a window of half a year."""

LEAST_SHARE = 0.8
"""A score that is known on fewer of the days than this part of the best known one is judged alone."""


@dataclass(frozen=True, slots=True)
class ScoreQuestion:
    """What is asked.

    Attributes:
        backend: Open engine.
        catalogue: Definitions.
        day: The day that is judged.
        shop: Shop; None: the only one.
        as_of: Last day that is over; by default `day`.
        ratings: Score → number of ratings in its window, where somebody knows it.
    """

    backend: Backend
    catalogue: Catalogue
    day: date
    shop: str | None = None
    as_of: date | None = None
    ratings: Mapping[str, int] = field(default_factory=dict)

    @property
    def period(self) -> Period:
        """The days that are read."""
        return Period(self.day - timedelta(days=HISTORY - 1), self.day)

    def panel(self, *metrics: str, by: tuple[str, ...] = (), platform: str | None = None) -> DailyPanel | None:
        """Return metrics by day; None where the shop's files do not tell them."""
        where = {} if platform is None else {"platform": platform}
        try:
            return daily_panel(
                self.backend,
                self.catalogue,
                metrics,
                period=self.period,
                as_of=self.as_of or self.day,
                by=by,
                where=where,
                shop=self.shop,
            )
        except MetricError:
            return None

    def series(self, metric: str, platform: str | None = None) -> Floats | None:
        """Return one metric of the whole shop by day; None where no day of it is known."""
        for place in dict.fromkeys((platform, None)):
            panel = self.panel(metric, platform=place)
            if panel is not None and len(panel.splits) and np.any(np.isfinite(panel.values[metric][0])):
                return np.asarray(panel.values[metric][0])
        return None


@dataclass(frozen=True, slots=True)
class Board:
    """The scores of one platform that are known on the same days.

    Attributes:
        platform: Platform.
        items: Scores.
        places: Positions, within the days read, of the days on which all are known.
        values: Score on these days, items × days.
    """

    platform: str | None
    items: tuple[str, ...]
    places: NDArray[np.int64]
    values: Floats


def read_boards(question: ScoreQuestion) -> list[Board]:
    """Return the scores of every platform, those that are known on too few common days each alone."""
    panel = question.panel("score_value", by=("platform", "score"))
    if panel is None:
        return []
    boards: list[Board] = []
    for platform in dict.fromkeys(split[0] for split in panel.splits):
        rows = [
            (str(split[1]), values)
            for split, values in zip(panel.splits, panel.values["score_value"], strict=True)
            if split[0] == platform and split[1] is not None
        ]
        boards += _boards(platform, sorted(rows, key=lambda row: row[0]))
    return boards


def _boards(platform: str | None, rows: list[tuple[str, Floats]]) -> list[Board]:
    known = {item: int(np.isfinite(values).sum()) for item, values in rows}
    most = max(known.values(), default=0)
    together = [row for row in rows if known[row[0]] >= LEAST_SHARE * most > 0]
    groups = [together, *([row] for row in rows if 0 < known[row[0]] < LEAST_SHARE * most)]
    found = []
    for group in (one for one in groups if one):
        stacked = np.vstack([values for _, values in group])
        places = np.flatnonzero(np.all(np.isfinite(stacked), axis=0))
        items = tuple(item for item, _ in group)
        found.append(Board(platform, items, places, stacked[:, places]))
    return found


def latest(question: ScoreQuestion, metric: str, board: Board) -> dict[str, float]:
    """Return the latest known value of a metric by score, on the platform of a board."""
    panel = question.panel(metric, by=("platform", "score")) if metric in question.catalogue.metrics else None
    if panel is None:
        return {}
    pairs = zip(panel.splits, panel.values[metric], strict=True)
    rows = {str(split[1]): values[np.isfinite(values)] for split, values in pairs if split[0] == board.platform}
    return {item: float(values[-1]) for item, values in rows.items() if len(values)}


@dataclass(frozen=True, slots=True)
class DatedStars:
    """Reviews of each of the last days of a window.

    Attributes:
        counts: Reviews per day, the oldest first.
        stars: Sum of their stars.
    """

    counts: Floats
    stars: Floats

    @property
    def mean(self) -> float:
        """Mean of the stars."""
        return float(self.stars.sum() / self.counts.sum())


def dated_stars(question: ScoreQuestion, platform: str | None, window: int) -> DatedStars | None:
    """Return the stars of the reviews of the window by day; None where they are unknown or there are none."""
    panel = question.panel("reviews", by=("rating",), platform=platform)
    if panel is None:
        return None
    rows = [
        (float(split[0]), values)
        for split, values in zip(panel.splits, panel.values["reviews"], strict=True)
        if split[0] is not None and split[0].replace(".", "", 1).isdigit()
    ]
    if not rows:
        return None
    counts = np.nan_to_num(np.vstack([values for _, values in rows])[:, -window:])
    stars = np.array([star for star, _ in rows])
    if counts.sum() <= 0:
        return None
    return DatedStars(counts.sum(axis=0), stars @ counts)
