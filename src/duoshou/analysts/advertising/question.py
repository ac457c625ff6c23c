"""What is asked of paid promotion, and its targets; every number comes from the metrics."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from duoshou.engine import Backend
from duoshou.metrics import Catalogue
from duoshou.model import Period

Floats = NDArray[np.float64]
METRICS = ("impressions", "clicks", "ad_cost", "ad_orders", "ad_sales")
DAYS = 60
"""Settled days that are looked at."""
MATURING = 31
"""Most days after a click in which platforms still count its orders."""


class Level(StrEnum):
    """What a target is; the levels of a report overlap and are never added."""

    KEYWORD = "keyword"
    SEARCH = "search"
    PRODUCT = "product"
    CAMPAIGN = "campaign"
    AUDIENCE = "audience"
    CREATIVE = "creative"
    PLACEMENT = "placement"
    REGION = "region"
    HOUR = "hour"


SPLITS: Mapping[Level, tuple[str, ...]] = {
    Level.KEYWORD: ("campaign", "keyword"),
    Level.PRODUCT: ("product",),
    Level.CAMPAIGN: ("campaign",),
}


@dataclass(frozen=True, slots=True)
class AdQuestion:
    """What is asked.

    Attributes:
        backend: Open engine.
        catalogue: Definitions of the metrics.
        as_of: Last day that counts.
        today: Last day that the clock says is over.
        shop: Key of the shop; None: all.
        currency: Of the shop.
        names: From a dimension and its values to readable names.
        assumed_margin: Contribution as part of sales where costs are unknown.
        days: Settled days that are looked at.
    """

    backend: Backend
    catalogue: Catalogue
    as_of: date
    today: date
    shop: str | None
    currency: str
    names: Callable[[str, Sequence[str]], Mapping[str, str]]
    assumed_margin: float
    days: int = DAYS


@dataclass(frozen=True, slots=True)
class Targets:
    """The targets of a level over the settled days; the arrays are float[S].

    Attributes:
        level: What they are.
        period: The days.
        keys: Values of the dimensions of the level.
        sums: Metric → sums; 0 where nothing is known.
        names: Key → readable name, where a report tells one that no other table has.
        windows: Key → its attribution windows, where targets have different ones.
        unjudged: Cost of days on which several windows meet in a target, so that no orders are told; not in the sums.
    """

    level: Level
    period: Period
    keys: tuple[tuple[str, ...], ...]
    sums: Mapping[str, Floats]
    names: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    windows: Mapping[tuple[str, ...], tuple[int, ...]] = field(default_factory=dict)
    unjudged: float = 0.0
