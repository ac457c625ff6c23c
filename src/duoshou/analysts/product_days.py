"""A metric of each product, day by day."""

from __future__ import annotations

from datetime import date
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from duoshou.engine import Backend
from duoshou.metrics import Catalogue, MetricError, daily_panel
from duoshou.model import Period

Floats = NDArray[np.float64]
PRODUCT = "product"


class Asked(Protocol):
    """What every question about products names."""

    @property
    def backend(self) -> Backend:
        """Open engine."""

    @property
    def catalogue(self) -> Catalogue:
        """Definitions of the metrics."""

    @property
    def today(self) -> date:
        """Last day that the clock says is over."""

    @property
    def shop(self) -> str | None:
        """Key of the shop; None: all."""


def product_days(asked: Asked, metric: str, period: Period) -> dict[str, Floats]:
    """Return product → float[days], NaN where unknown; nothing where no file tells the metric by product."""
    try:
        panel = daily_panel(
            asked.backend,
            asked.catalogue,
            [metric],
            period=period,
            as_of=asked.today,
            by=(PRODUCT,),
            shop=asked.shop,
        )
    except MetricError:
        return {}
    if panel.sources[metric] is None:
        return {}
    rows = zip(panel.splits, panel.values[metric], strict=True)
    return {split[0]: row for split, row in rows if split[0] is not None}
