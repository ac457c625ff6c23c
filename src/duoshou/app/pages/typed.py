"""Numbers, rates and days as people type them into the forms of 设置."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation

from duoshou.model import Text
from duoshou.settings import SettingsError

LARGEST = Decimal(10) ** 15


def number(title: Text, text: str) -> Decimal:
    """Return the number that a person typed; separators of thousands are allowed.

    Raises:
        SettingsError: If it is none.
    """
    try:
        found = Decimal(text.replace(",", "").replace("，", ""))
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or abs(found) >= LARGEST:
        raise refused(title, Text("应为数字", "it should be a number"))
    return found


def amount(title: Text, text: str) -> float | None:
    """Return an amount; None for nothing.

    Raises:
        SettingsError: If it is no number.
    """
    return float(number(title, text.lstrip("¥￥$ "))) if text else None


def percent(title: Text, text: str) -> float | None:
    """Return the rate that `12.5` or `12.5%` stands for; None for nothing.

    Raises:
        SettingsError: If it is no number.
    """
    return float(number(title, text.rstrip("%％ ")) / 100) if text else None


def whole(title: Text, text: str) -> int:
    """Return a whole number.

    Raises:
        SettingsError: If it is none.
    """
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise refused(title, Text("应为整数", "it should be a whole number"))
    return int(text)


def day(title: Text, text: str) -> date | None:
    """Return a day; None for nothing.

    Raises:
        SettingsError: If it is none.
    """
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise refused(title, Text("应为日期，如 2026-11-22", "it should be a day such as 2026-11-22")) from None


def refused(what: Text | str, why: Text) -> SettingsError:
    """Return the refusal of a field.

    Args:
        what: Its title, or the key of a setting.
        why: What is wrong.
    """
    named = what if isinstance(what, Text) else Text(what[:60], what[:60])
    return SettingsError("settings_refused", Text(f"{named.zh}：{why.zh}", f"{named.en}: {why.en}"))
