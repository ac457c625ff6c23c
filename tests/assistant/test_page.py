"""The page of reference says what is offered."""

from __future__ import annotations

import re
from pathlib import Path

from duoshou.assistant.bounds import MOST_CELL_LETTERS, MOST_LETTERS
from duoshou.assistant.offer import MOST_ROWS
from duoshou.assistant.tools import offers
from duoshou.gate import House

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "assistant.md"


def test_the_page_names_every_tool_its_arguments_and_its_right(shared_house: House) -> None:
    """In the order in which they are offered."""
    text = PAGE.read_text(encoding="utf-8")
    lines = [line.split(" | ") for line in text.splitlines() if re.match(r"\| `\w+` \|.*\|.*\|.*\|$", line)]
    shown = [(line[0].strip("| `"), re.findall(r"`(\w+)`", line[1])) for line in lines]
    offered = offers(shared_house)
    assert shown == [(offer.name, list(offer.tool().parameters["properties"])) for offer in offered]
    for offer, line in zip(offered, lines, strict=True):
        assert f"`{offer.right.value}`" in line[2] or line[2] == "the same", line


def test_the_page_states_the_limits_as_they_are() -> None:
    """Letters of an answer and of a cell, rows."""
    text = PAGE.read_text(encoding="utf-8")
    for number in (MOST_LETTERS, MOST_ROWS, MOST_CELL_LETTERS):
        assert f"{number:,}" in text
