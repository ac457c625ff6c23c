"""Numbers as a shop writes them: thousands apart, 元, %, percentage points, — for unknown."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from duoshou.model import Language

CENT = Decimal("0.01")
UNKNOWN = "—"
Number = Decimal | int | float


def amount(value: Number | None, currency: str, language: Language) -> str:
    """Return money with two decimals and its currency, such as `12,345.60 元`."""
    return UNKNOWN if value is None else _with_unit(decimals(value), currency, language)


def whole_amount(value: Number | None, currency: str, language: Language) -> str:
    """Return money in whole units with its currency, such as `12,346 元`."""
    return UNKNOWN if value is None else _with_unit(_rounded(value, 0), currency, language)


def cents(value: float | Decimal) -> Decimal:
    """Return money rounded to a hundredth, as it is stored and told."""
    return Decimal(str(value)).quantize(CENT, ROUND_HALF_UP)


def decimals(value: Number | None) -> str:
    """Return a number with two decimals, such as `12,345.60`."""
    return UNKNOWN if value is None else _rounded(value, 2)


def count(value: Number | None) -> str:
    """Return a whole number, such as `12,345`; a fraction keeps two decimals."""
    if value is None:
        return UNKNOWN
    return f"{value:,}" if isinstance(value, int) else _rounded(value, 2)


def rate(value: Number | None) -> str:
    """Return a share as per cent with two decimals, such as `2.31%`."""
    return UNKNOWN if value is None else f"{_rounded(Decimal(str(value)) * 100, 2)}%"


def relative_change(value: float | None) -> str:
    """Return a relative change with its sign, such as `+12.3%`."""
    return UNKNOWN if value is None else f"{_signed(Decimal(str(value)) * 100, 1)}%"


def point_change(value: float | None) -> str:
    """Return a change in percentage points with its sign, such as `-0.31pp`."""
    return UNKNOWN if value is None else f"{_signed(Decimal(str(value)), 2)}pp"


def runs(rows: Sequence[int]) -> list[str]:
    """Return ascending whole numbers as runs: `2–4`, `9`."""
    found: list[list[int]] = []
    for row in rows:
        if found and row == found[-1][1] + 1:
            found[-1][1] = row
        else:
            found.append([row, row])
    return [str(first) if first == last else f"{first}–{last}" for first, last in found]


def _with_unit(number: str, currency: str, language: Language) -> str:
    unit = "元" if currency == "CNY" and language == "zh" else currency
    return f"{number} {unit}".rstrip()


def _rounded(value: Number, places: int) -> str:
    quantum = Decimal(1).scaleb(-places)
    # Adding 0 makes 0 of -0.
    return f"{Decimal(str(value)).quantize(quantum, ROUND_HALF_UP) + 0:,}"


def _signed(value: Decimal, places: int) -> str:
    rounded = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    # Rounded to nothing there is no direction.
    return f"{rounded:+,}" if rounded else f"{abs(rounded):,}"
