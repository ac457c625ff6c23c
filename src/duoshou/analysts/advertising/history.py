"""What was bid on each keyword and what it got, day by day."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from math import fsum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from duoshou.analysts.advertising.named import OfKeyword
from duoshou.analysts.advertising.question import SPLITS, AdQuestion, Level
from duoshou.metrics import MetricError, daily_panel
from duoshou.model import Period

Floats = NDArray[np.float64]
ADS = "ad_period"
DAYS = 60
ACTIVE = 28
"""Latest days in which a keyword must have cost something, or a report told its bid, to be bid on."""
PAID_SHARE = 0.75
"""Price of a click as a part of the bid where no report tells the bid: what is paid is the next rival's."""


@dataclass(frozen=True, slots=True)
class History:
    """The keywords that are bought now; arrays are float[S, T] or of S.

    Attributes:
        period: The days.
        reported: bool[T], days of which a report has a row of any keyword; of the others nothing is known.
        keys: Campaign and keyword.
        clicks, cost: Of each day; costs are known at once, orders are not needed here.
        bids: Of each reported day; where no report tells them, the mean price of a click ÷ `PAID_SHARE`, all alike.
        known: Whether a report tells the bid.
        quality: Latest quality score; NaN where no report tells it.
        now: Bid of today.
    """

    period: Period
    reported: NDArray[np.bool_]
    keys: tuple[tuple[str, str], ...]
    clicks: Floats
    cost: Floats
    bids: Floats
    known: NDArray[np.bool_]
    quality: Floats
    now: Floats

    @property
    def latest(self) -> int:
        """Number of reported days among the latest `ACTIVE`."""
        return int(self.reported[-ACTIVE:].sum())

    @property
    def spent(self) -> Floats:
        """Cost of all keywords on each reported day; a keyword without a row in a report cost nothing."""
        return np.asarray(np.nansum(self.cost[:, self.reported], axis=0))

    @property
    def clicked(self) -> Floats:
        """Clicks of all keywords on each reported day."""
        return np.asarray(np.nansum(self.clicks[:, self.reported], axis=0))

    @property
    def clicks_of_week(self) -> Floats:
        """Mean clicks of a day of each keyword over the latest seven reported days."""
        latest = self.clicks[:, self.reported][:, -7:]
        return np.asarray(np.nansum(latest, axis=1) / max(latest.shape[1], 1))

    def clicks_after(self, day: date) -> Floats:
        """Return the clicks of each keyword on the days after a day: their orders are not settled."""
        first = max((day - self.period.start).days + 1, 0)
        return np.asarray(np.nansum(self.clicks[:, first:], axis=1))

    def with_current(self, current: OfKeyword[float], names: Mapping[str, str]) -> History:
        """Return the history with the bids of today that a sheet states; they go before those of reports.

        Args:
            current: Bids of today by key or name of a plan, and keyword.
            names: Key of a plan → its name.
        """
        common = {name for name, plans in Counter(names.values()).items() if plans > 1}
        told = []
        for plan, keyword in self.keys:
            name = names.get(plan, plan)
            bid = current.find(plan, keyword)
            # Of two plans of one name a sheet without ids does not say which is meant.
            told.append(current.find(name, keyword) if bid is None and name not in common else bid)
        given = np.array([np.nan if one is None else one for one in told], dtype=np.float64)
        now = np.where(np.isfinite(given), given, self.now)
        # A bid that was only stated for today is taken to have stood: that tells its height and nothing of a slope.
        bids = np.where(self.known[:, None], self.bids, np.where(self.reported, now[:, None], np.nan))
        return replace(self, bids=bids, known=self.known | np.isfinite(given), now=now)


def stated(current: Iterable[tuple[str, str, float]]) -> OfKeyword[float]:
    """Return bids of today by plan and keyword; of several ad groups the mean, in whatever order they come."""
    sums: dict[tuple[str, str], list[float]] = defaultdict(list)
    for plan, keyword, bid in current:
        sums[plan, keyword].append(bid)
    return OfKeyword((*key, fsum(bids) / len(bids)) for key, bids in sums.items())


def read_history(question: AdQuestion) -> History | None:
    """Return the keywords that are bought now, with their bids as reports tell them; None where none has keywords."""
    period = Period(question.as_of - timedelta(days=DAYS - 1), question.as_of)
    try:
        panel = daily_panel(
            question.backend,
            question.catalogue,
            ("clicks", "ad_cost"),
            period=period,
            as_of=question.today,
            by=SPLITS[Level.KEYWORD],
            shop=question.shop,
        )
    except MetricError:
        return None
    if not panel.splits or panel.sources["ad_cost"] is None or panel.sources["clicks"] is None:
        return None
    named = [row for row, split in enumerate(panel.splits) if all(one is not None for one in split)]
    keys = [(str(panel.splits[row][0]), str(panel.splits[row][1])) for row in named]
    clicks, cost = panel.values["clicks"][named], panel.values["ad_cost"][named]
    told, quality = _told(question, period, keys)
    # A keyword whose bid lies below every rival costs nothing, and is bid on all the same.
    bought = (np.nansum(cost[:, -ACTIVE:], axis=1) > 0) | np.isfinite(told[:, -ACTIVE:]).any(axis=1)
    if not (np.nansum(cost[:, -ACTIVE:]) > 0):
        return None
    kept = tuple(key for key, is_bought in zip(keys, bought, strict=True) if is_bought)
    reported: NDArray[np.bool_] = np.asarray(np.isfinite(panel.values["ad_cost"]).any(axis=0))
    return _history(period, reported, kept, clicks[bought], cost[bought], told[bought], quality[bought])


def _history(
    period: Period,
    reported: NDArray[np.bool_],
    keys: tuple[tuple[str, str], ...],
    clicks: Floats,
    cost: Floats,
    told: Floats,
    quality: Floats,
) -> History:
    known: NDArray[np.bool_] = np.asarray(np.isfinite(told).any(axis=1))
    paid = np.nansum(cost, axis=1) / np.maximum(np.nansum(clicks, axis=1), 1.0)
    latest = np.array([row[np.isfinite(row)][-1] if np.isfinite(row).any() else np.nan for row in told])
    now = np.where(known, latest, np.maximum(paid, 0.01) / PAID_SHARE)
    bids = np.where(known[:, None], told, np.where(reported, now[:, None], np.nan))
    return History(period, reported, keys, clicks, cost, bids, known, quality, now)


def _told(question: AdQuestion, period: Period, keys: Sequence[tuple[str, str]]) -> tuple[Floats, Floats]:
    """Return the bids of each day, and the latest quality score, as far as reports tell them."""
    bids, quality = np.full((len(keys), period.days), np.nan), np.full(len(keys), np.nan)
    if not question.backend.has_table(ADS):
        return bids, quality
    rows: Any = question.backend.table(ADS)
    wanted = [rows["report_level"] == Level.KEYWORD.value, rows["bid"] > 0]
    wanted += [rows["day"] >= period.start, rows["day"] <= period.end]
    if question.shop is not None:
        wanted.append(rows["shop"] == question.shop)
    grouped = rows.filter(*wanted).group_by(["campaign", "keyword", "day"])
    found = grouped.agg(bid=rows["bid"].max().cast("float64"), quality=rows["quality_score"].max().cast("float64"))
    places = {key: place for place, key in enumerate(keys)}
    for row in question.backend.execute(found.order_by("day")).to_pylist():
        place = places.get((row["campaign"], row["keyword"]))
        if place is None:
            continue
        bids[place, (_day(row["day"]) - period.start).days] = row["bid"]
        if row["quality"] is not None:
            quality[place] = row["quality"]
    return bids, quality


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value
