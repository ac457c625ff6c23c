"""What verdicts, reasons and balances are called."""

from __future__ import annotations

from collections.abc import Mapping

from duoshou.analysts.pricing.advice import Reason, Verdict
from duoshou.analysts.pricing.bands import Balance
from duoshou.model import Text

CANNOT_TELL = Text("不能判断", "cannot tell")
VERDICTS: Mapping[Verdict, Text] = {
    Verdict.BELOW_FLOOR: Text("低于保本价", "below the floor"),
    Verdict.CHANGE: Text("可以改价", "change it"),
    Verdict.TEST: Text("先测再改", "test it first"),
    Verdict.KEEP: Text("维持", "leave it"),
    Verdict.CANNOT_TELL: CANNOT_TELL,
}
REASONS: Mapping[Reason, Text] = {
    Reason.NEVER_MOVED: Text("价格几乎没动过", "the price hardly moved"),
    Reason.SELDOM_SOLD: Text(
        "不是天天有单，没单的日子价格不知道", "sells too seldom: its price between sales is not known"
    ),
    Reason.TOO_WIDE: Text("区间太宽，测 12 周也分不出", "the interval is wide, and a test of 12 weeks would not tell"),
    Reason.MANY_PRICES: Text("同一天按数量或按人卖不同的价", "sold at several prices on one day"),
    Reason.NOT_APART: Text("销量太少，或改价总和活动同时", "too few sales, or moves only along with events"),
    Reason.NO_COSTS: Text("没有成本", "no costs are known"),
    Reason.NOT_SOLD: Text("最近四周没卖", "not sold in four weeks"),
}
BALANCES: Mapping[Balance, Text] = {
    Balance.WANTED: Text("需求大于供给", "wanted more than offered"),
    Balance.CROWDED: Text("供给大于需求", "offered more than wanted"),
    Balance.EVEN: Text("相当", "even"),
    Balance.CANNOT_TELL: CANNOT_TELL,
}
