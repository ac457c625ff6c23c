"""Numbers as a reader of figures meets them: 元 and 万元, percent and percentage points, signs that are signs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from duoshou.metrics import Unit
from duoshou.model import Language
from duoshou.model.numbers import UNKNOWN

_MINUS = "\N{MINUS SIGN}"
_LARGE = 10_000
# Divisor and word, the largest first; one takes the first that the number reaches.
_STEPS: dict[str, tuple[tuple[float, float, str], ...]] = {
    "zh": ((1e8, 1e8, "亿"), (1e4, 1e4, "万")),
    "en": ((1e9, 1e9, "billion"), (1e6, 1e6, "million"), (_LARGE, 1e3, "thousand")),
}
_NOUNS = {
    Unit.PEOPLE: {"zh": "人", "en": "people"},
    Unit.SECONDS: {"zh": "秒", "en": "seconds"},
    Unit.SCORE: {"zh": "分", "en": "points"},
}
_DECIMALS = {Unit.MONEY: 2, Unit.COUNT: 0, Unit.PEOPLE: 0, Unit.RATIO: 2, Unit.SECONDS: 1, Unit.SCORE: 2}
_COUNTED = (Unit.MONEY, Unit.COUNT, Unit.PEOPLE)


@dataclass(frozen=True, slots=True)
class Scale:
    """What an axis is written in.

    Attributes:
        divisor: What a value is divided by before it is written.
        label: The unit in words: 万元, %, thousand CNY; empty for a plain number.
    """

    divisor: float
    label: str


@dataclass(frozen=True, slots=True)
class Amounts:
    """Writes the numbers of one unit.

    Attributes:
        unit: What the numbers count in; a rate is a fraction (0.0231).
        language: Language of the units.
        currency: Code of the currency of money.
    """

    unit: Unit
    language: Language
    currency: str

    def scale(self, largest: float) -> Scale:
        """Return what to write values in whose largest amount is `largest`."""
        if self.unit is Unit.RATE:
            return Scale(0.01, "%")
        noun = self._noun()
        if self.unit in _COUNTED:
            for reached, divisor, word in _STEPS[self.language]:
                if largest >= reached:
                    close = self.language == "zh" and not noun.isascii()
                    return Scale(divisor, f"{word}{noun}" if close else f"{word} {noun}".strip())
        return Scale(1.0, noun)

    def full(self, value: float | None) -> str:
        """Return a value to the last figure, with its unit: 12,345.67 元, 2.31%."""
        if value is None:
            return UNKNOWN
        if self.unit is Unit.RATE:
            return f"{signless(float(Decimal(str(value)) * 100), 2)}%"
        noun = self._noun()
        return f"{signless(value, _DECIMALS[self.unit])} {noun}".strip()

    def full_change(self, change: float | None) -> str:
        """Return a change with its sign and its unit; rates change in percentage points."""
        if change is None:
            return UNKNOWN
        if self.unit is Unit.RATE:
            return f"{signed(float(Decimal(str(change)) * 100), 2)} {'个百分点' if self.language == 'zh' else 'pp'}"
        return f"{signed(change, _DECIMALS[self.unit])} {self._noun()}".strip()

    def change_label(self, scale: Scale) -> str:
        """Return the unit of changes that are written in a scale."""
        if self.unit is Unit.RATE:
            return "百分点" if self.language == "zh" else "pp"
        return scale.label

    def _noun(self) -> str:
        if self.unit is Unit.MONEY:
            return "元" if self.language == "zh" and self.currency == "CNY" else self.currency
        return _NOUNS.get(self.unit, {}).get(self.language, "")


def three_figures(largest: float) -> int:
    """Return how many decimals, at most two, write a number of this size with three figures."""
    return min(2, max(0, 2 - math.floor(math.log10(largest)))) if largest > 0 else 0


def signless(value: float, decimals: int) -> str:
    """Return a number with a true minus sign if it is below zero; nothing has none, halves go away from it."""
    rounded = _rounded(value, decimals)
    return f"{_MINUS if rounded < 0 else ''}{abs(rounded):,}"


def signed(value: float, decimals: int) -> str:
    """Return a number with its sign, + or −; nothing has none."""
    rounded = _rounded(value, decimals)
    return f"+{rounded:,}" if rounded > 0 else signless(value, decimals)


def _rounded(value: float, decimals: int) -> Decimal:
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
