"""What levels and verdicts are called."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from duoshou.analysts.advertising.question import Level
from duoshou.analysts.advertising.wear import State
from duoshou.model import Text


class Verdict(StrEnum):
    """What a target does.

    EARNS: Its sales surely exceed the break-even.
    WASTES: They surely do not.
    CANNOT_TELL: Too few clicks.
    """

    EARNS = "earns"
    WASTES = "wastes"
    CANNOT_TELL = "cannot_tell"


LEVELS: Mapping[Level, Text] = {
    Level.KEYWORD: Text("关键词", "keywords"),
    Level.SEARCH: Text("搜索词", "searches"),
    Level.PRODUCT: Text("商品", "products"),
    Level.CAMPAIGN: Text("计划", "plans"),
    Level.AUDIENCE: Text("人群", "audiences"),
    Level.CREATIVE: Text("创意", "creatives"),
    Level.PLACEMENT: Text("资源位", "placements"),
    Level.REGION: Text("地域", "regions"),
    Level.HOUR: Text("时段", "hours"),
}
STATES: Mapping[State, Text] = {
    State.WORN: Text("看腻了", "worn"),
    State.HOLDS: Text("还新鲜", "holds"),
    State.CANNOT_TELL: Text("不能判断", "cannot tell"),
}
VERDICTS: Mapping[Verdict, Text] = {
    Verdict.EARNS: Text("赚", "earns"),
    Verdict.WASTES: Text("亏", "wastes"),
    Verdict.CANNOT_TELL: Text("不能判断", "cannot tell"),
}
