"""How a page writes numbers and days: 元 and 万元, per cent, percentage points, — for unknown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from duoshou.metrics import MetricValue
from duoshou.model import Language
from duoshou.model.numbers import UNKNOWN, Number, count, decimals, point_change, rate, relative_change

WAN = 10_000
SYMBOLS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}


@dataclass(frozen=True, slots=True)
class Pen:
    """Writes in one language, in the currency and time zone of a workspace."""

    language: Language
    currency: str
    timezone: str

    def money(self, value: Number | None, currency: str | None = None) -> str:
        """Return an amount for reading at a glance: `3,999 元`, `12.3 万元`, `¥12,345` in English."""
        if value is None:
            return UNKNOWN
        code = currency or self.currency
        number = Decimal(str(value))
        if self.language == "zh" and code == "CNY":
            return f"{number / WAN:,.2f} 万元" if abs(number) >= WAN else f"{number:,.0f} 元"
        symbol = SYMBOLS.get(code)
        sign = "−" if number < 0 else ""
        return f"{sign}{symbol}{abs(number):,.0f}" if symbol else f"{number:,.0f} {code}"

    def figure(self, value: Number | None, unit: str) -> str:
        """Return the value of a metric in full, as its unit asks."""
        if value is None:
            return UNKNOWN
        if unit == "money":
            return decimals(value)
        if unit == "rate":
            return rate(value)
        return count(value) if isinstance(value, int) else f"{value:,.2f}"

    def glance(self, value: Number | None, unit: str) -> str:
        """Return the value of a metric as short as the first screen wants it."""
        return self.money(value) if unit == "money" else self.figure(value, unit)

    def change(self, value: MetricValue) -> str:
        """Return how much a value changed: rates in percentage points, everything else relatively."""
        return point_change(value.change_pp) if value.unit == "rate" else relative_change(value.change)

    def direction(self, value: MetricValue) -> str:
        """Return `up`, `down` or nothing, for the colour of a change."""
        change = value.change_pp if value.unit == "rate" else value.change
        if not change or self.change(value).strip("+-") in {"0.0%", "0.00pp"}:
            return ""
        return "up" if change > 0 else "down"

    def day(self, day: date | None) -> str:
        """Return a day with its weekday: `11-22 周日`, `22 Nov, Sun`."""
        if day is None:
            return UNKNOWN
        if self.language == "zh":
            return f"{day:%m-%d} 周{'一二三四五六日'[day.weekday()]}"
        return f"{day.day} {day:%b}, {day:%a}"

    def lapse(self, lapse: timedelta) -> str:
        """Return how long something took, in its largest unit: `40 分钟`, `3 小时`, `2 天`."""
        minutes = max(round(lapse.total_seconds() / 60), 0)
        if minutes < 1:
            return "不到 1 分钟" if self.language == "zh" else "less than a minute"
        if minutes < 60:
            return f"{minutes} 分钟" if self.language == "zh" else f"{minutes} min"
        if minutes < 48 * 60:
            return f"{minutes / 60:.0f} 小时" if self.language == "zh" else f"{minutes / 60:.0f} h"
        days = round(minutes / 60 / 24)
        return f"{days} 天" if self.language == "zh" else f"{days} days"

    def moment(self, moment: datetime | None) -> str:
        """Return an instant in the time zone of the workspace; one without a zone is taken as it is."""
        if moment is None:
            return UNKNOWN
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return aware.astimezone(ZoneInfo(self.timezone)).strftime("%Y-%m-%d %H:%M")
