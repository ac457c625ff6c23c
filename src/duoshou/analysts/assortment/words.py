"""What stages, roles, quadrants and bases are called."""

from __future__ import annotations

from collections.abc import Mapping

from duoshou.analysts.assortment.focus import Where
from duoshou.analysts.assortment.question import Basis
from duoshou.analysts.assortment.roles import Quadrant, Role
from duoshou.analysts.assortment.stages import Stage
from duoshou.model import Text

CANNOT_TELL = Text("不能判断", "cannot tell")
STAGES: Mapping[Stage, Text] = {
    Stage.LAUNCH: Text("上新期", "launch"),
    Stage.GROWTH: Text("成长期", "growth"),
    Stage.MATURE: Text("成熟期", "mature"),
    Stage.DECLINE: Text("衰退期", "decline"),
    Stage.DEAD: Text("已停滞", "dead"),
    Stage.CANNOT_TELL: CANNOT_TELL,
}
ROLES: Mapping[Role, Text] = {
    Role.TRAFFIC: Text("引流款", "brings traffic"),
    Role.PROFIT: Text("利润款", "brings profit"),
    Role.CAMPAIGN: Text("活动款", "sold in campaigns"),
    Role.IMAGE: Text("形象款", "stands for the brand"),
    Role.NONE: Text("—", "—"),
    Role.CANNOT_TELL: CANNOT_TELL,
}
QUADRANTS: Mapping[Quadrant, Text] = {
    Quadrant.STAR: Text("明星", "star"),
    Quadrant.CASH_COW: Text("现金牛", "cash cow"),
    Quadrant.QUESTION_MARK: Text("问题", "question mark"),
    Quadrant.DOG: Text("瘦狗", "dog"),
    Quadrant.CANNOT_TELL: CANNOT_TELL,
}
BASES: Mapping[Basis, Text] = {
    Basis.CONTRIBUTION: Text("贡献毛利", "contribution"),
    Basis.GROSS_MARGIN: Text("已知成本后的毛利", "margin after the costs that are known"),
    Basis.SALES: Text("支付金额", "sales"),
}
WHERE: Mapping[Where, Text] = {
    Where.FOCUS: Text("给爆款更值", "the hit leaves more"),
    Where.SPREAD: Text("分给后几名更值", "the next ones leave more"),
    Where.CANNOT_TELL: Text("不能判断哪边更值", "cannot tell which leaves more"),
}
