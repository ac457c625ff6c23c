"""What levels and verdicts are called."""

from __future__ import annotations

from collections.abc import Mapping

from duoshou.analysts.advertising.question import Level
from duoshou.analysts.advertising.study import Verdict
from duoshou.model import Text

LEVELS: Mapping[Level, Text] = {
    Level.KEYWORD: Text("关键词", "keywords"),
    Level.PRODUCT: Text("商品", "products"),
    Level.CAMPAIGN: Text("计划", "plans"),
}
VERDICTS: Mapping[Verdict, Text] = {
    Verdict.EARNS: Text("赚", "earns"),
    Verdict.WASTES: Text("亏", "wastes"),
    Verdict.CANNOT_TELL: Text("不能判断", "cannot tell"),
}
