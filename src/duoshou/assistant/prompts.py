"""Ready questions: the morning brief, and why a number changed."""

from __future__ import annotations

from typing import Annotated, Any

from mcp.server.mcpserver import MCPServer
from pydantic import Field

from duoshou.gate import House
from duoshou.model import Text

BRIEF = Text(
    "请为{shop}准备今天的晨会简报，用中文，半页以内。\n"
    "1. 用 shops 看数据完整到哪一天，用 freshness 看缺哪些文件；缺了就先说，并说明哪些结论因此不能下。\n"
    "2. 用 query 查那一天的 pay_amount、visitors、pay_conversion_rate、spend_per_buyer、refund_amount、ad_cost，"
    "compare=week。\n"
    "3. 用 findings 看那一天的发现；数据问题先说，"
    "其余最多说三条：发生了什么、涉及多少钱（连上下限）、可能的原因、谁该做什么。"
    "unjudged 里没能判断的也要说。\n"
    "4. 每个数写清日期和对比的是哪几天；"
    "带标记的数说明标记的意思；null 写“不知道”；不能判断的就写不能判断。不要编原因。",
    "Prepare this morning's brief for {shop}, in English, half a page at most.\n"
    "1. Use `shops` for the last day that the data hold whole and `freshness` for files that are missing; tell these "
    "first, and which conclusions cannot be drawn because of them.\n"
    "2. Use `query` for pay_amount, visitors, pay_conversion_rate, spend_per_buyer, refund_amount and ad_cost of that "
    "day, compare=week.\n"
    "3. Use `findings` for that day: faults of the data first, then at most three others: what happened, the money at "
    "stake with its interval, likely causes, who should do what; and what `unjudged` says could not be judged.\n"
    "4. Give the day of every number and the days it is compared with; explain flags; write null as unknown; where one "
    "cannot tell, say so. Invent no causes.",
)
WHY = Text(
    "{metric} 为什么变了（{period}）？用中文回答。\n"
    "1. 用 metrics 查清 {metric} 是哪个指标和它的口径。\n"
    "2. 用 explain 拆解；说清比的是哪几天、变化多少，"
    "各驱动因素和维度各贡献多少（加起来等于变化），residual 和 overlap 也要说。\n"
    "3. 在贡献最大的地方用 where 再拆一层。\n"
    "4. 用 findings 看这几天有没有数据问题、活动或节日。\n"
    "5. 分清“变化在哪里”和“原因是什么”：拆解不证明原因。caveats 一条不漏；数据不够就说不能判断。",
    "Why did {metric} change ({period})? Answer in English.\n"
    "1. Use `metrics` to make sure which metric {metric} is and how it is defined.\n"
    "2. Use `explain`: say which days are compared, by how much it changed, what each driver and dimension contributes "
    "(they sum to the change), and tell residual and overlap too.\n"
    "3. Split once more, with `where`, where most of it sits.\n"
    "4. Use `findings` for faults of the data, campaigns or festivals on these days.\n"
    "5. Keep apart where the change sits and what caused it: a decomposition proves no cause. Leave no caveat out; "
    "where the data do not carry it, say that one cannot tell.",
)
MOST_LETTERS = 100


def add_prompts(server: MCPServer[Any], house: House) -> None:
    """Let a server offer the ready questions, in the language of the workspace."""

    @server.prompt(
        name="morning_brief",
        title="晨会简报 · Morning brief",
        description="昨天怎么样、哪里要看、谁做什么 · how yesterday went, what to look at, who does what",
    )
    def morning_brief(
        shop: Annotated[str, Field(description="店铺，默认全部 · shop, by default all")] = "",
    ) -> str:
        named = _named(shop) or Text("全部店铺", "all shops").in_language(house.settings.language)
        return BRIEF.in_language(house.settings.language).replace("{shop}", named)

    @server.prompt(
        name="why_changed",
        title="为什么变了 · Why did it change",
        description="拆解一个指标的变化，分清位置与原因 · decompose a change, telling where from why",
    )
    def why_changed(
        metric: Annotated[str, Field(description="指标 · the metric, such as pay_amount, 支付转化率")],
        period: Annotated[str, Field(description="哪几天，默认最近完整的一天 · which days, by default the last")] = "",
    ) -> str:
        language = house.settings.language
        days = _named(period) or Text("最近完整的一天", "the last complete day").in_language(language)
        return WHY.in_language(language).replace("{metric}", _named(metric)).replace("{period}", days)


def _named(name: str) -> str:
    """Return what was given as one short line."""
    return " ".join(name.split())[:MOST_LETTERS]
