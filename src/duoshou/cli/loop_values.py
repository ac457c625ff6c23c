"""Kinds of values that the commands of the closed loop take."""

from __future__ import annotations

import math
import re
from typing import Any

import click

from duoshou.cli.failures import UsageFailure
from duoshou.cli.values import OneOf
from duoshou.model import ChangeStanding, Role, TaskState, Text, Verdict

LONGEST_NUMBER = 18


class SubjectName(click.ParamType[tuple[str, str]]):
    """What something concerns: product:1001, campaign:55, or shop alone."""

    name = "subject"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:  # noqa: ARG002
        """Return type and id.

        Raises:
            UsageFailure: If it has no type or no id.
        """
        if isinstance(value, tuple):
            return value
        type_, colon, id_ = str(value).strip().partition(":")
        if type_ == "shop" or (colon and type_.strip() and id_.strip()):
            return type_.strip(), id_.strip()
        raise UsageFailure(
            "usage_subject",
            Text(f"看不懂对象“{value}”", f"{value!r} names no subject"),
            hint=Text("写成 product:123456、campaign:88 或 shop", "write product:123456, campaign:88 or shop"),
        )


class RelativeChange(click.ParamType[float]):
    """A relative change: +10%, -5%."""

    name = "change"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:  # noqa: ARG002
        """Return the change as a fraction.

        Raises:
            UsageFailure: If it is none.
        """
        if isinstance(value, float):
            return value
        match = re.fullmatch(r"\s*([+\-−]?\d{1,6}(?:\.\d{1,6})?)\s*[%％]\s*", str(value), re.ASCII)
        if match is not None:
            found = float(match[1].replace("−", "-")) / 100
            if math.isfinite(found) and found != 0:
                return found
        raise UsageFailure(
            "usage_relative_change",
            Text(f"看不懂变化“{value}”", f"{value!r} is no relative change"),
            hint=Text("写成 +10% 或 -5%", "write +10% or -5%"),
        )


def number_of(word: str) -> int:
    """Return the number that a word of a command line writes.

    Raises:
        UsageFailure: If it writes none.
    """
    if word.isascii() and word.isdigit() and len(word) <= LONGEST_NUMBER:
        return int(word)
    raise UsageFailure(
        "usage_number",
        Text(f"“{word}”不是编号", f"{word!r} is no number"),
        hint=Text("编号是列表里最前面的一列", "the number is the first column of the list"),
    )


def require_words(command: str, action: str, words: tuple[str, ...], form: tuple[str, int, int]) -> None:
    """Make sure that an action of a command got as many words as it takes.

    Args:
        command: Name of the command.
        action: What it is to do.
        words: What follows.
        form: How the words are written, the least number of them, and the most.

    Raises:
        UsageFailure: If it got fewer or more.
    """
    written, least, most = form
    if least <= len(words) <= most:
        return
    shown = f"duoshou {command} {action} {written}".strip()
    raise UsageFailure(
        f"{command}_words",
        Text(f"{command} {action} 的写法不对", f"{command} {action} is written otherwise"),
        hint=Text(f"写成 {shown}", f"write {shown}"),
    )


SUBJECT = SubjectName()
RELATIVE = RelativeChange()
ROLE = OneOf(*(one.value for one in Role))
TASK_STATE = OneOf(*(one.value for one in TaskState))
STANDING = OneOf(*(one.value for one in ChangeStanding))
VERDICT = OneOf(*(one.value for one in Verdict))
