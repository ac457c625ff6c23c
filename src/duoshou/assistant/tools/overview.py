"""What there is: shops, how fresh the data are, the glossary."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from duoshou.app.checklist import MOST_METRICS, RULES, Item, State
from duoshou.app.days import yesterday
from duoshou.assistant.answers import FreshnessAnswer, GlossaryAnswer, ShopEntry, ShopsAnswer, words
from duoshou.assistant.bounds import part_of
from duoshou.assistant.caller import CALLER
from duoshou.assistant.definitions import found_metrics, full_definition, short_definition
from duoshou.assistant.offer import Day, Limit, Offer, Offset, ShopName
from duoshou.gate import House
from duoshou.model import Text


class OverviewTools:
    """Tools that say what can be asked."""

    def __init__(self, house: House) -> None:
        self.house = house

    def offers(self) -> list[Offer]:
        """Return them as they are offered."""
        return [
            Offer(
                self.shops,
                Text("店铺", "Shops"),
                Text(
                    "先用它：有哪些店铺、各有哪些平台的数据、数据完整到哪一天、币种和时区。",
                    "Start here: which shops there are, which platforms' data each has, the last day that the data "
                    "hold whole, currency and time zone.",
                ),
            ),
            Offer(
                self.freshness,
                Text("数据新鲜度与下载清单", "Freshness and what to fetch"),
                Text(
                    "每种文件覆盖到哪一天，今天还要从哪个后台菜单下载什么。数据没有覆盖到的日子，不能下结论。",
                    "How far each kind of file reaches, and what to fetch today from which menu of the platform. "
                    "Nothing can be concluded about days that the data do not reach.",
                ),
            ),
            Offer(
                self.metrics,
                Text("指标词典", "Glossary of metrics"),
                Text(
                    "查指标：名称、公式、单位、口径、能按哪些维度拆。写 search 给完整定义，不写只列清单。"
                    "用 query 和 explain 之前先查指标的代号。",
                    "Find metrics: name, formula, unit, rules, the dimensions that can split them. With `search` the "
                    "definitions are complete, without it there is only a list. Look keys up before `query` and "
                    "`explain`.",
                ),
            ),
        ]

    def shops(self) -> ShopsAnswer:
        """Return the shops."""
        with self.house.bench() as bench:
            settings = bench.settings
            seen = bench.checklist().seen
            reached = {shop.key: bench.last_complete_day(shop.key) for shop in settings.shops if shop.key in seen.shops}
        over = yesterday(settings.timezone)
        entries = [
            ShopEntry(
                key=shop.key,
                name=shop.title,
                aliases=list(shop.aliases),
                has_data=shop.key in reached,
                platforms=list(seen.platforms.get(shop.key, ())),
                last_complete_day=reached[shop.key].isoformat() if shop.key in reached else None,
                days_behind=(over - reached[shop.key]).days if shop.key in reached else None,
            )
            for shop in settings.shops
        ]
        return ShopsAnswer(
            workspace=settings.name,
            currency=settings.currency,
            timezone=settings.timezone,
            yesterday=over.isoformat(),
            default_shop=settings.default_shop.key,
            shops=entries,
            rights=sorted(right.value for right in CALLER.get().rights),
        )

    def freshness(
        self,
        day: Annotated[
            Day | None, Field(description="在哪一天看，默认今天 · the day of fetching, by default today")
        ] = None,
        shop: ShopName = None,
        platform: Annotated[str | None, Field(max_length=100, description="只看一个平台 · only this platform")] = None,
        optional: Annotated[
            bool, Field(description="也列出从未导入过的文件 · also files that were never imported")
        ] = False,
        offset: Offset = 0,
        limit: Limit = 100,
    ) -> FreshnessAnswer:
        """Return which files to fetch."""
        with self.house.bench() as bench:
            found = bench.checklist(day, shop=shop, platform=platform)
        wanted = [item for item in found.items if optional or item.state is not State.OPTIONAL]
        files, page = part_of([_file(item) for item in wanted], offset, limit)
        return FreshnessAnswer(
            date=found.day.isoformat(),
            rules=words(RULES),
            files=files,
            optional_left_out=len(found.items) - len(wanted),
            page=page,
        )

    def metrics(
        self,
        search: Annotated[
            str,
            Field(
                max_length=200,
                description="代号、名称、平台上的叫法或说明里的词，中英文都行，如 转化、GMV、pay_amount · words of "
                "key, name, platform's name or description, Chinese or English",
            ),
        ] = "",
        offset: Offset = 0,
        limit: Limit = 300,
    ) -> GlossaryAnswer:
        """Return metrics."""
        with self.house.bench() as bench:
            catalogue = bench.catalogue
        found = found_metrics(catalogue, search)
        shape = full_definition if search.strip() else short_definition
        metrics, page = part_of([shape(catalogue, metric) for metric in found], offset, limit)
        return GlossaryAnswer(metrics=metrics, page=page)


def _file(item: Item) -> dict[str, Any]:
    """Return the JSON of the command `checklist` for one file, in both languages, naming a few of its metrics."""
    shape = item.to_dict("zh")
    shape["title"] = {"zh": item.title.zh, "en": item.title.en}
    shape["metrics_in_all"] = len(item.metrics)
    shape["metrics"] = shape["metrics"][:MOST_METRICS]
    shape["menu"] = None if item.menu is None else {"zh": item.menu.zh, "en": item.menu.en}
    return shape
