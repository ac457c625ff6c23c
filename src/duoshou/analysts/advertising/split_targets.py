"""Targets of levels that metrics are split by: keywords, products and plans, over their settled days."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from duoshou.analysts.advertising.question import MATURING, METRICS, SPLITS, AdQuestion, Level, Targets
from duoshou.analysts.advertising.windows import windows_of
from duoshou.metrics import DailyPanel, MetricError, daily_panel
from duoshou.model import Period


def read_targets(question: AdQuestion, level: Level) -> Targets | None:
    """Return the targets of a level; None where no report has it.

    Days whose orders may still come in are left out: their cost is known and their sales are not.
    """
    last = question.as_of
    period = Period(last - timedelta(days=question.days + MATURING - 1), last)
    try:
        panel = daily_panel(
            question.backend,
            question.catalogue,
            METRICS,
            period=period,
            as_of=question.as_of,
            by=SPLITS[level],
            shop=question.shop,
        )
    except MetricError:
        return None
    if not panel.splits or panel.sources["ad_cost"] is None or panel.sources["ad_orders"] is None:
        return None
    chosen = _settled(panel, question.days)
    if not chosen:
        return None
    rows = [row for row, split in enumerate(panel.splits) if all(one is not None for one in split)]
    cells = {key: panel.values[key][rows][:, chosen] for key in METRICS}
    windows = windows_of(question, level, period)
    # Where several windows meet within a target no orders are told: unknown is not none.
    told = np.isfinite(cells["ad_orders"]) | (len(windows.read) < 2)
    sums = {key: np.nansum(np.where(told, values, 0.0), axis=1) for key, values in cells.items()}
    keys = tuple(tuple(str(one) for one in panel.splits[row]) for row in rows)
    days = panel.days
    unjudged = float(np.nansum(np.where(told, 0.0, cells["ad_cost"])))
    return Targets(level, Period(days[chosen[0]], days[chosen[-1]]), keys, sums, {}, windows.of, unjudged)


def _settled(panel: DailyPanel, days: int) -> list[int]:
    """Return the places of the latest days whose orders are settled, none before the first that a report tells of."""
    open_ = {day for key in METRICS for day in panel.unsettled.get(key, frozenset())}
    told = np.flatnonzero(np.isfinite(panel.values["ad_cost"]).any(axis=0))
    first = int(told[0]) if len(told) else len(panel.days)
    return [place for place, day in enumerate(panel.days) if place >= first and day not in open_][-days:]
