"""Creatives that wear out: whose part of clicks falls beyond that of the plan's others, the more they are shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from duoshou.analysts.advertising.bid_plan import Amount
from duoshou.analysts.advertising.question import AdQuestion, Level, Targets
from duoshou.analysts.advertising.reported import reported_rows
from duoshou.analysts.advertising.worth import worth_of
from duoshou.analysts.margin import Margin
from duoshou.model.numbers import cents
from duoshou.statistics.wear import FRESH, Wears, fit_wear, told_worn

Floats = NDArray[np.float64]
DAYS = 120
"""Days of which creatives are looked at."""
LATEST = 7
MONTH = 30
MOST_BESIDE = 120
"""Creatives of a plan that are compared, those with the most impressions: others hardly move its days."""
STAYS = 0.1
"""A creative whose interval lies below this part lost is told to hold."""
DRAWS, SEED = 1_000, 5


class State(StrEnum):
    """Whether a creative wears out.

    WORN: It surely does.
    HOLDS: It has lost hardly anything.
    CANNOT_TELL: Too few days or clicks beside others.
    """

    WORN = "worn"
    HOLDS = "holds"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class Wear:
    """A creative of a plan that was shown in the latest week.

    Attributes:
        campaign: Key of the plan; "-": of the whole account.
        campaign_name: Its name.
        creative: Key of the creative.
        name: Its name.
        since: First day of which a report has it.
        impressions: Since then.
        fresh_rate: Clicks ÷ impressions of its first week; None where it had none.
        rate: Of the latest week.
        lost: Part of its rate that it lost beyond the plan's others; None where it cannot be told.
        lost_low, lost_high: Interval of it, of 90 % or, of those told, wider.
        state: What is told.
        cost: What 30 days of it cost the shop beyond a fresh creative, with a 90 % interval; None unless told.
    """

    campaign: str
    campaign_name: str
    creative: str
    name: str
    since: date
    impressions: int
    fresh_rate: float | None
    rate: float | None
    lost: float | None
    lost_low: float | None
    lost_high: float | None
    state: State
    cost: Amount | None


@dataclass(frozen=True, slots=True)
class _Shown:
    """Creatives day by day; the arrays are float[S, T]."""

    first: date
    keys: tuple[tuple[str, str], ...]
    names: Mapping[tuple[str, str], str]
    impressions: Floats
    clicks: Floats
    cost: Floats


def wear_of(
    question: AdQuestion, settled: Targets | None, margin: Margin, names: Mapping[str, str]
) -> tuple[Wear, ...]:
    """Return the creatives that are shown now, the worn ones first; none without a report of creatives.

    Args:
        question: What is asked.
        settled: The creatives over settled days, which tell what a click is worth; None: no report has their orders.
        margin: What sales leave.
        names: Key of a plan → name.
    """
    shown = _read(question)
    if shown is None:
        return ()
    found = _fitted(shown)
    told = told_worn(found)
    value = _worths(settled, margin)
    creatives = [
        _wear(shown, row, found, (told.lost[row], told.low[row], told.high[row]), bool(told.worn[row]), value, names)
        for row in range(len(shown.keys))
        if shown.impressions[row, -LATEST:].sum() > 0
    ]
    return tuple(sorted(creatives, key=_first))


def _first(one: Wear) -> tuple[int, float, int, str]:
    money = 0.0 if one.cost is None else float(one.cost.value)
    return (list(State).index(one.state), -money, -one.impressions, one.creative)


def _read(question: AdQuestion) -> _Shown | None:
    last = question.as_of
    first = last - timedelta(days=DAYS - 1)
    rows = reported_rows(question, Level.CREATIVE, first, last)
    if rows is None:
        return None
    # Clicks do not depend on the attribution window, so of several the greatest is one of them.
    each = rows.group_by(["campaign", "ad_group", "target", "day"]).agg(
        **{one: rows[one].max().cast("float64") for one in ("impressions", "clicks", "cost")},
        title=rows["target_name"].max(),
    )
    sums = {one: each[one].sum() for one in ("impressions", "clicks", "cost")}
    found = each.group_by(["campaign", "target", "day"]).agg(**sums, title=each["title"].max())
    table: list[dict[str, Any]] = question.backend.execute(found.order_by(["campaign", "target", "day"])).to_pylist()
    table = [row for row in table if row["impressions"]]
    if not table:
        return None
    keys = tuple(dict.fromkeys((str(row["campaign"]), str(row["target"])) for row in table))
    place = {key: number for number, key in enumerate(keys)}
    arrays = {one: np.zeros((len(keys), DAYS)) for one in ("impressions", "clicks", "cost")}
    titles: dict[tuple[str, str], str] = {}
    for row in table:
        key = (str(row["campaign"]), str(row["target"]))
        day = row["day"].date() if isinstance(row["day"], datetime) else row["day"]
        for one, array in arrays.items():
            array[place[key], (day - first).days] = row[one] or 0.0
        if row["title"]:
            titles[key] = str(row["title"])
    return _Shown(first, keys, titles, **arrays)


def _fitted(shown: _Shown) -> Wears:
    """Return the wear of each creative beside those of its plan."""
    plans: dict[str, list[int]] = defaultdict(list)
    for row, key in enumerate(shown.keys):
        plans[key[0]].append(row)
    whole = {name: np.full(len(shown.keys), np.nan) for name in ("slope", "error", "degrees", "shown")}
    for rows in plans.values():
        kept = sorted(rows, key=lambda row: -float(shown.impressions[row].sum()))[:MOST_BESIDE]
        found = fit_wear(shown.impressions[kept], np.minimum(shown.clicks[kept], shown.impressions[kept]))
        for name, array in whole.items():
            array[kept] = getattr(found, name)
    return Wears(**whole)


def _worths(settled: Targets | None, margin: Margin) -> dict[tuple[str, ...], tuple[float, float]]:
    """Return what a click of each creative leaves, and the error of its logarithm."""
    if settled is None or settled.sums["ad_orders"].sum() <= 0:
        return {}
    worth = worth_of(settled, margin)
    return {key: (float(worth.mean[row]), float(worth.whole_scale[row])) for row, key in enumerate(settled.keys)}


def _wear(
    shown: _Shown,
    row: int,
    found: Wears,
    lost: tuple[float, float, float],
    worn: bool,
    value: Mapping[tuple[str, ...], tuple[float, float]],
    names: Mapping[str, str],
) -> Wear:
    key, impressions, clicks = shown.keys[row], shown.impressions[row], shown.clicks[row]
    began = int(np.flatnonzero(impressions > 0)[0])
    known = bool(np.isfinite(lost[0]))
    holds = known and not worn and lost[2] < STAYS
    fresh = slice(began, began + FRESH)
    return Wear(
        campaign=key[0],
        campaign_name=names.get(key[0], key[0]),
        creative=key[1],
        name=shown.names.get(key, key[1]),
        since=shown.first + timedelta(days=began),
        impressions=int(impressions.sum()),
        fresh_rate=_part(clicks[fresh].sum(), impressions[fresh].sum()),
        rate=_part(clicks[-LATEST:].sum(), impressions[-LATEST:].sum()),
        lost=float(lost[0]) if known else None,
        lost_low=float(lost[1]) if known else None,
        lost_high=float(lost[2]) if known else None,
        state=State.WORN if worn else State.HOLDS if holds else State.CANNOT_TELL,
        cost=_cost(shown, row, found, value[key]) if worn and key in value else None,
    )


def _part(hits: float, shown: float) -> float | None:
    return float(hits / shown) if shown > 0 else None


def _cost(shown: _Shown, row: int, found: Wears, value: tuple[float, float]) -> Amount:
    """Return what 30 days of a worn creative leave less than a fresh one at the same impressions.

    The clicks that are missing would be paid as those that come; where a click costs more than it leaves nothing is
    lost by their absence, and that is told as waste.
    """
    random = np.random.default_rng(SEED)
    clicks, cost = (float(one[row, -LATEST:].sum()) / LATEST for one in (shown.clicks, shown.cost))
    slope = found.slope[row] + found.error[row] * random.standard_t(found.degrees[row], DRAWS)
    missing = clicks * np.expm1(np.clip(-slope * found.shown[row], -2.0, 2.0))
    mean, scale = value
    worth = mean * np.exp(scale * random.standard_normal(DRAWS) - scale**2 / 2)
    price = cost / clicks if clicks > 0 else 0.0
    lost = MONTH * missing * np.maximum(worth - price, 0.0)
    low, high = np.quantile(lost, (0.05, 0.95))
    return Amount(cents(float(lost.mean())), cents(float(min(low, lost.mean()))), cents(float(high)))
