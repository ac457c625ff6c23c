"""Any metric, and why it changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from duoshou.access import Right
from duoshou.app import Workbench
from duoshou.assistant.answers import ExplainAnswer, QueryAnswer, Row, Words
from duoshou.assistant.bounds import MOST_LETTERS, letters, part_of
from duoshou.assistant.caller import CALLER
from duoshou.assistant.definitions import definitions, flag_caveats, flag_meanings
from duoshou.assistant.offer import Day, Limit, Offer, Offset, ShopName
from duoshou.assistant.refusal import InputRefused
from duoshou.gate import House
from duoshou.metrics.costs import tells_costs
from duoshou.model import Comparison, Grain, Period, Text

Name = Annotated[str, Field(min_length=1, max_length=200)]
Start = Annotated[Day | None, Field(description="首日（含），和 end 一起写 · first day, counted; goes with `end`")]
End = Annotated[Day | None, Field(description="末日（含） · last day, counted")]
By = Annotated[
    list[Name] | None,
    Field(
        max_length=6,
        description="拆分维度，如 product、channel、region、traffic_source；指标能用的维度见 metrics · "
        "dimensions to split by; `metrics` says which a metric has",
    ),
]
Where = Annotated[
    dict[Name, Annotated[str, Field(max_length=500)]] | None,
    Field(description='条件，维度到值，如 {"channel": "淘宝直播"} · conditions, dimension to value'),
]
FEWEST_PARTS = 5


class NumberTools:
    """Tools that answer with values of metrics."""

    def __init__(self, house: House) -> None:
        self.house = house

    def offers(self) -> list[Offer]:
        """Return them as they are offered."""
        return [
            Offer(
                self.query,
                Text("查询指标", "Query metrics"),
                Text(
                    "任意指标在一段时间的值：可按维度拆、按天周月列、和上期或去年对比。金额是十进制文本，比率是小数"
                    "（0.0231 是 2.31%），null 是不知道。比率和人数不要自己相加或平均，换个问法再查一次。",
                    "Values of any metric over a period: split by dimensions, one row a day, week or month, against "
                    "the previous period or last year. Amounts are decimal text, rates are fractions (0.0231 is "
                    "2.31 %), null is unknown. Never add or average rates or people yourself: query again instead.",
                ),
            ),
            Offer(
                self.explain,
                Text("指标为什么变了", "Why a metric changed"),
                Text(
                    "两段时间之间的变化，精确拆成各个驱动因素和各维度的贡献，加起来正好等于变化。说的是从哪里来，"
                    "不等于因果。",
                    "The change between two periods, exactly decomposed into drivers and dimensions that sum to it. "
                    "It says where a change sits, which is no proof of what caused it.",
                ),
            ),
        ]

    def query(
        self,
        metrics: Annotated[
            list[Name],
            Field(
                min_length=1,
                max_length=12,
                description="指标代号或名称，如 pay_amount、支付转化率 · keys or names of metrics",
            ),
        ],
        by: By = None,
        start: Start = None,
        end: End = None,
        last: Annotated[
            str | None,
            Field(
                max_length=10,
                description="最近 30d、4w、6m，到数据完整的最后一天；默认 30d · the last 30d, 4w or 6m up to "
                "the last complete day; by default 30d",
            ),
        ] = None,
        grain: Annotated[
            Literal["day", "week", "month"] | None, Field(description="按天、周或月一行 · one row a day, week or month")
        ] = None,
        compare: Annotated[
            Literal["previous", "week", "year", "festival"] | None,
            Field(
                description="对比上一等长周期、上周同日、去年同日、按节日对齐的去年 · against the equal period before, "
                "the same weekdays a week before, last year, last year aligned by festival"
            ),
        ] = None,
        where: Where = None,
        shop: ShopName = None,
        offset: Offset = 0,
        limit: Limit = 100,
    ) -> QueryAnswer:
        """Return values of metrics."""
        with self.house.bench() as bench:
            keys = _allowed(bench, metrics)
            result = bench.query(
                keys,
                by=tuple(by or ()),
                period=_period(start, end, last),
                last=last,
                grain=Grain(grain) if grain else None,
                compare=Comparison(compare) if compare else None,
                where=where or {},
                shop=shop,
            )
            described = definitions(bench.catalogue, keys)
        values = [value for row in result.rows for value in row.values.values()]
        flags = {flag.value for value in values for flag in value.flags}
        shape = result.to_dict()
        rows, page = part_of(shape.pop("rows"), offset, limit)
        caveats = flag_caveats(flags, any(value.value is None for value in values))
        if not result.rows:
            caveats.append(Words(zh="这段时间没有数据，不能判断", en="there are no data for this period: cannot tell"))
        return QueryAnswer(
            **shape, rows=rows, page=page, definitions=described, flag_meanings=flag_meanings(flags), caveats=caveats
        )

    def explain(
        self,
        metric: Annotated[Name, Field(description="指标代号或名称 · key or name of a metric")],
        start: Start = None,
        end: End = None,
        against_start: Annotated[
            Day | None,
            Field(description="对比期首日，默认自动选 · first day to hold it against, by default chosen"),
        ] = None,
        against_end: Annotated[Day | None, Field(description="对比期末日 · last day to hold it against")] = None,
        by: By = None,
        where: Where = None,
        shop: ShopName = None,
    ) -> ExplainAnswer:
        """Return why a metric changed."""
        with self.house.bench() as bench:
            (key,) = _allowed(bench, [metric])
            found = bench.explain(
                key,
                period=_period(start, end),
                against=_period(against_start, against_end),
                by=tuple(by or ()),
                where=where,
                shop=shop,
            )
            shape = found.to_dict()
            described = definitions(bench.catalogue, [found.metric.key, *_driver_keys(shape["drivers"])])
        caveats = [*shape.pop("caveats"), *_shorten(shape)]
        return ExplainAnswer(
            **shape, caveats=caveats, definitions=described, flag_meanings=flag_meanings(shape["flags"])
        )


def _allowed(bench: Workbench, names: Iterable[str]) -> list[str]:
    """Return the keys of metrics, each once, which the caller may see.

    Raises:
        UnknownName: If there is no such metric.
        NotAllowed: If one tells costs and the caller may not see those.
    """
    keys = list(dict.fromkeys(bench.catalogue.metric(name).key for name in names))
    if any(tells_costs(bench.catalogue, key) for key in keys):
        CALLER.get().needs(Right.COSTS)
    return keys


def _period(start: date | None, end: date | None, last: str | None = None) -> Period | None:
    """Return the period that was asked for, or None where the default or `last` decides.

    Raises:
        InputRefused: If one of a pair is missing, or both ways to name a period are used.
        InvalidPeriod: If it ends before it begins.
    """
    if start is None and end is None:
        return None
    if start is None or end is None or last is not None:
        raise InputRefused(
            "period_incomplete",
            Text("首日和末日要一起写，也不能再写 last", "first and last day go together, and without `last`"),
            hint=Text("如 start=2026-11-01, end=2026-11-07", "such as start=2026-11-01, end=2026-11-07"),
        )
    return Period(start, end)


def _driver_keys(drivers: Iterable[Mapping[str, Any]]) -> list[str]:
    return [key for one in drivers for key in (one["key"], *_driver_keys(one["drivers"]))]


def _shorten(shape: Row) -> list[Words]:
    """Leave the smaller parts of each dimension out until the answer fits, and return what is said of it."""
    cut = False
    while letters(shape["dimensions"]) > MOST_LETTERS:
        longest = max(shape["dimensions"], key=lambda split: len(split["parts"]))
        if len(longest["parts"]) <= FEWEST_PARTS:
            shape["dimensions"].remove(longest)
        else:
            ranked = sorted(longest["parts"], key=lambda part: -abs(part["contribution"]))
            longest["parts"] = ranked[: len(ranked) // 2]
        cut = True
    said = Words(
        zh="太长，略去了贡献较小的部分；用 by 和 where 缩小范围再问",
        en="smaller parts were left out because the answer was too long; ask again with `by` and `where`",
    )
    return [said] if cut else []
