"""What rates, verdicts and paces are called."""

from __future__ import annotations

from collections.abc import Mapping

from duoshou.analysts.launches.rates import Rate
from duoshou.model import Text
from duoshou.statistics.launches import Pace, Verdict

RATES: Mapping[Rate, Text] = {
    Rate.CLICKS: Text("点击率", "click rate"),
    Rate.INTEREST: Text("收藏加购率", "favourite and cart rate"),
    Rate.SEARCH: Text("搜索访客占比", "search share"),
    Rate.BUYERS: Text("转化率", "conversion"),
    Rate.MONEY: Text("每访客价值", "money per visitor"),
}
VERDICTS: Mapping[Verdict, Text] = {
    Verdict.PASSED: Text("通过", "pass"),
    Verdict.FAILED: Text("不过", "fail"),
    Verdict.NOT_ENOUGH: Text("数据不够", "not enough data"),
}
EARLY: Mapping[Verdict, Text] = {
    Verdict.PASSED: Text("前期看好", "good early signs"),
    Verdict.FAILED: Text("前期看弱", "weak early signs"),
    Verdict.NOT_ENOUGH: Text("—", "—"),
}
PACES: Mapping[Pace, Text] = {
    Pace.BURSTS: Text("扎堆上新", "in bursts"),
    Pace.STEADY: Text("匀速上新", "steady"),
    Pace.LIKE_CHANCE: Text("时多时少，和随机差不多", "like chance, neither steady nor in bursts"),
    Pace.CANNOT_TELL: Text("不能判断", "cannot tell"),
}
