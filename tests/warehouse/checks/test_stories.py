"""Tests of the wording of data findings."""

from __future__ import annotations

import re
import string
from datetime import date
from typing import Any

import pytest

from duoshou.model import Confidence
from duoshou.settings import Settings
from duoshou.warehouse.checks.signals import Signal
from duoshou.warehouse.checks.stories import stories, tell

FACTS: dict[str, Any] = {
    "other": "products", "count": 3, "file": "a.xlsx", "other_file": "b.xlsx", "rows": 5000, "ratio": 100.0,
    "last": date(2026, 3, 1), "column": "paid_amount",
}  # fmt: skip


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("kind", stories())
def test_both_languages_say_the_same(kind: str) -> None:
    """Every wording names the same facts in Chinese and in English, and no Chinese is left in the English one."""
    story = stories()[kind]
    for words in (story.headline, story.action, story.why, story.caveat, story.title):
        assert _fields(words.zh) == _fields(words.en)
        assert not re.search("[\u4e00-\u9fff]", words.en)


@pytest.mark.parametrize("kind", stories())
@pytest.mark.parametrize("platform", ["taobao", "uci"])
def test_every_kind_can_be_told(kind: str, platform: str) -> None:
    """Headline and advice have all their facts, and name Taobao's menus to shops on Taobao only."""
    days = (date(2026, 3, 2), date(2026, 3, 4))
    signal = Signal(kind, "main", "orders", days, Confidence.LIKELY, FACTS, ("day",), ((days[0],),))
    finding = tell(signal, Settings(), platform, date(2026, 3, 5))
    text = finding.headline.zh + finding.headline.en + finding.recommendations[0].action.zh
    assert "{" not in text
    assert "） 的" not in text
    assert ("千牛" in text) <= (platform == "taobao")
