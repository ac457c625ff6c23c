"""The picture of a digest: what was paid in the last four weeks, beside the four weeks before."""

from __future__ import annotations

import logging
from datetime import date, timedelta
from typing import TYPE_CHECKING, Self

from duoshou.metrics import MetricError
from duoshou.metrics.result import Flag
from duoshou.model import Grain, Language, Period, Text
from duoshou.reports.figures import NARROW, FigureError, Gallery, Look, Trend

if TYPE_CHECKING:
    from duoshou.app.digest import DayOfShop
    from duoshou.app.workbench import Workbench
    from duoshou.metrics import MetricValue

METRIC = "pay_amount"
DAYS = 28
LEAST_DAYS = 7
"""Days with a value below which a line shows nothing."""
SCALE = 2.0

log = logging.getLogger("duoshou.push")


class DigestPicture:
    """Draws the day of a shop. The process that draws starts with the first picture."""

    def __init__(self, workbench: Workbench, gallery: Gallery | None = None) -> None:
        """Draw from a workspace."""
        self._workbench = workbench
        self._gallery = gallery or Gallery()

    def __call__(self, day: DayOfShop, language: Language) -> bytes | None:
        """Return a PNG; None where too few days are known, or it cannot be drawn: the text goes without it."""
        trend = self._trend(day, language)
        if trend is None:
            return None
        try:
            return self._gallery.png(trend, Look(width=NARROW, language=language, currency=day.currency), SCALE)
        except FigureError as error:
            log.warning("a digest goes without its picture: %s", error.message.en)
            return None

    def close(self) -> None:
        """End the process that draws."""
        self._gallery.press.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _trend(self, day: DayOfShop, language: Language) -> Trend | None:
        period = Period(day.day - timedelta(days=DAYS - 1), day.day)
        before = Period(period.start - timedelta(days=DAYS), period.end - timedelta(days=DAYS))
        now, then = self._values(day, period), self._values(day, before)
        actual = tuple(_number(now.get(one)) for one in period)
        if sum(one is not None for one in actual) < LEAST_DAYS:
            return None
        compared = tuple(_number(then.get(one)) for one in before)
        metric = self._workbench.catalogue.metrics[METRIC]
        return Trend(
            title=f"{day.title} · {metric.title.in_language(language)}",
            unit=metric.unit,
            days=tuple(period),
            actual=actual,
            provisional=frozenset(one for one, value in now.items() if Flag.PROVISIONAL in value.flags),
            comparison=compared if any(one is not None for one in compared) else (),
            comparison_label=Text("前 28 天", "28 days before").in_language(language),
        )

    def _values(self, day: DayOfShop, period: Period) -> dict[date, MetricValue]:
        several = len(self._workbench.settings.shops) > 1
        try:
            result = self._workbench.query([METRIC], period=period, grain=Grain.DAY, shop=day.key if several else None)
        except MetricError:
            return {}
        return {date.fromisoformat(row.dimensions["period"] or ""): row.values[METRIC] for row in result.rows}


def _number(value: MetricValue | None) -> float | None:
    return None if value is None or value.value is None else float(value.value)
