"""Kinds of values on the command line, with messages in both languages."""

from __future__ import annotations

import contextlib
import math
import re
from datetime import date
from typing import Any

import click

from duoshou.cli.failures import UsageFailure
from duoshou.cli.width import nearest
from duoshou.model import EARLIEST, LATEST, Text


class Day(click.ParamType[date]):
    """A day: 2026-11-22, 2026/11/22 or 20261122."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:  # noqa: ARG002
        """Return the day that `value` names.

        Raises:
            UsageFailure: If it names none.
        """
        if isinstance(value, date):
            return value
        match = re.fullmatch(r"(\d{4})[-/.]?(\d{1,2})[-/.]?(\d{1,2})", value.strip(), re.ASCII)
        if match is not None:
            with contextlib.suppress(ValueError):
                day = date(int(match[1]), int(match[2]), int(match[3]))
                if EARLIEST <= day <= LATEST:
                    return day
        raise UsageFailure(
            "usage_date",
            Text(f"{_name(param)}：没有“{value}”这一天", f"{_name(param)}: {value!r} is no day"),
            hint=Text("日期写成 2026-11-22", "write a day as 2026-11-22"),
        )


class Month(click.ParamType[date]):
    """A month: 2026-11, 2026/11 or 202611."""

    name = "month"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:  # noqa: ARG002
        """Return the first day of the month that `value` names.

        Raises:
            UsageFailure: If it names none.
        """
        if isinstance(value, date):
            return value
        match = re.fullmatch(r"(\d{4})[-/.]?(\d{1,2})", value.strip(), re.ASCII)
        if match is not None:
            with contextlib.suppress(ValueError):
                return date(int(match[1]), int(match[2]), 1)
        raise UsageFailure(
            "usage_month",
            Text(f"{_name(param)}：没有“{value}”这个月", f"{_name(param)}: {value!r} is no month"),
            hint=Text("月份写成 2026-11", "write a month as 2026-11"),
        )


class OneOf(click.ParamType[str]):
    """One of a few words."""

    name = "choice"

    def __init__(self, *words: str) -> None:
        self.words = words

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002 - click's signature
        """Return the words as the help shows them."""
        return "|".join(self.words)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ARG002
        """Return the word, however it was capitalised.

        Raises:
            UsageFailure: If it is none of them.
        """
        word = str(value).lower()
        if word not in self.words:
            close = nearest(word, self.words)
            raise UsageFailure(
                "usage_choice",
                Text(f"{_name(param)} 不能是“{value}”", f"{_name(param)} cannot be {value!r}"),
                hint=Text(
                    f"可选：{'、'.join(self.words)}" + (f"；是不是 {close}？" if close else ""),
                    f"choose from {', '.join(self.words)}" + (f"; did you mean {close}?" if close else ""),
                ),
            )
        return word


class Number(click.FloatRange):
    """A number between two bounds; unlike click's it is neither endless nor none at all (`inf`, `nan`)."""

    name = "number"

    def __init__(self, least: float, most: float, *, positive: bool = False, below: bool = False) -> None:
        """Take numbers from `least` to `most`; `positive` leaves `least` out, `below` leaves `most` out."""
        super().__init__(least, most, min_open=positive, max_open=below)
        least_open, most_open = ("（不含）" if one else "" for one in (positive, below))
        ends = [f"{one:,.0f}" if one == int(one) else str(one) for one in (least, most)]
        self._bounds = Text(
            f"{ends[0]}{least_open} 到 {ends[1]}{most_open}",
            f"{'above' if positive else 'from'} {ends[0]} to {'less than ' if below else ''}{ends[1]}",
        )

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return the number.

        Raises:
            UsageFailure: If it is none, or out of bounds.
        """
        with contextlib.suppress(ValueError, click.BadParameter):
            if math.isfinite(float(value)):
                return float(super().convert(value, param, ctx))
        raise UsageFailure(
            "usage_number",
            Text(f"{_name(param)} 不能是“{value}”", f"{_name(param)} cannot be {value!r}"),
            hint=Text(f"写一个数：{self._bounds.zh}", f"write a number {self._bounds.en}"),
        )


class Condition(click.ParamType[tuple[str, str]]):
    """A condition DIM=VALUE."""

    name = "condition"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:  # noqa: ARG002
        """Return dimension and value.

        Raises:
            UsageFailure: If there is no = or no dimension.
        """
        if isinstance(value, tuple):
            return value
        dimension, equals, wanted = str(value).partition("=")
        if not (equals and dimension.strip()):
            raise UsageFailure(
                "usage_condition",
                Text(f"{_name(param)}：看不懂条件“{value}”", f"{_name(param)}: {value!r} is no condition"),
                hint=Text("写成 维度=值，如 --where country=France", "write DIM=VALUE, such as --where country=France"),
            )
        return dimension.strip(), wanted.strip()


def _name(param: click.Parameter | None) -> str:
    return max(param.opts, key=len) if param is not None and param.opts else "?"


DAY = Day()
MONTH = Month()
CONDITION = Condition()
