"""What keywords and searches tell, in a line each."""

from __future__ import annotations

from collections.abc import Sequence

from duoshou.analysts.advertising.searches import Clash, Search, Words
from duoshou.model import Text
from duoshou.model.numbers import whole_amount

MOST = 8


def words_text(words: Words, currency: str) -> tuple[Text, ...]:
    """Return the clashes, the searches to buy and those to exclude."""
    found = []
    if words.clashes:
        names = [_clash(one) for one in words.clashes[:MOST]]
        found.append(
            Text(
                f"{len(words.clashes)} 个词几个计划都在买，自己抬自己的价，留点击便宜的那个：" + "；".join(names),
                f"{len(words.clashes)} keywords are bought by several plans, which bid against each other; keep the "
                "one with the cheaper clicks: " + "; ".join(names),
            )
        )
    if words.to_buy:
        found.append(
            _searches(
                words.to_buy,
                currency,
                Text("赚钱还没买的搜索词，加成精准词", "searches that earn and are not bought exactly"),
            )
        )
    if words.to_exclude:
        found.append(_searches(words.to_exclude, currency, Text("该否定的搜索词", "searches to exclude")))
    return tuple(found)


def _clash(one: Clash) -> str:
    prices = " / ".join(f"{plan.campaign_name} {plan.cost_per_click or '-'}" for plan in one.plans)
    return f"{one.plans[0].keyword}（{prices}）"


def _searches(found: Sequence[Search], currency: str, title: Text) -> Text:
    shown = found[:MOST]
    zh, en = (
        ", ".join(f"{one.search} {whole_amount(one.cost, currency, language)}" for one in shown)
        for language in ("zh", "en")
    )
    return Text(f"{title.zh} {len(found)} 个：{zh}", f"{title.en}, {len(found)}: {en}")
