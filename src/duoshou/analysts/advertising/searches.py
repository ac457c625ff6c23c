"""What the words tell beside their bids: plans that bid against each other, searches to buy, searches to exclude."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from duoshou.analysts.advertising.question import AdQuestion, Level

if TYPE_CHECKING:
    from duoshou.analysts.advertising.levels import AdLevel, Target

ADS = "ad_period"


@dataclass(frozen=True, slots=True)
class Bought:
    """A keyword in one plan."""

    campaign: str
    campaign_name: str
    keyword: str
    cost: Decimal
    cost_per_click: Decimal | None
    conversion: float


@dataclass(frozen=True, slots=True)
class Clash:
    """A keyword that several plans buy, so that the shop bids against itself.

    Attributes:
        word: The keyword without differences of width, case and spaces.
        plans: Who buys it, the cheaper clicks first: the last is the one to leave it.
    """

    word: str
    plans: tuple[Bought, ...]


@dataclass(frozen=True, slots=True)
class Search:
    """A search of buyers and what it brought over the settled days."""

    campaign: str
    campaign_name: str
    search: str
    clicks: int
    orders: float
    cost: Decimal
    sales: Decimal


@dataclass(frozen=True, slots=True)
class Words:
    """What the words tell.

    Attributes:
        clashes: Keywords that several plans buy, the dearest first.
        to_buy: Searches that surely earn and that no plan has as a keyword.
        to_exclude: Searches that surely waste: negative keywords.
    """

    clashes: tuple[Clash, ...]
    to_buy: tuple[Search, ...]
    to_exclude: tuple[Search, ...]


def words_of(question: AdQuestion, levels: Sequence[AdLevel]) -> Words:
    """Return what the keywords and searches of the levels tell."""
    by = {one.level: one.targets for one in levels}
    keywords, searches = by.get(Level.KEYWORD, ()), by.get(Level.SEARCH, ())
    campaigns = sorted({one.key[0] for one in (*keywords, *searches)})
    names = question.names("campaign", campaigns) if campaigns else {}
    bought = {normal(one.key[-1]) for one in keywords} | _exact(question)
    earning = [one for one in searches if one.verdict.value == "earns" and normal(one.name) not in bought]
    wasting = [one for one in searches if one.verdict.value == "wastes"]
    return Words(
        _clashes(keywords, names),
        tuple(_search(one, names) for one in earning),
        tuple(_search(one, names) for one in wasting),
    )


def normal(word: str) -> str:
    """Return a keyword as platforms match it exactly: one width, small letters, single spaces."""
    plain = " ".join(unicodedata.normalize("NFKC", word).casefold().split())
    return plain if plain.isascii() else plain.replace(" ", "")


def _clashes(keywords: Sequence[Target], names: Mapping[str, str]) -> tuple[Clash, ...]:
    of: dict[str, list[Target]] = defaultdict(list)
    for one in keywords:
        of[normal(one.key[-1])].append(one)
    clashes = []
    for word, found in of.items():
        if len({one.key[0] for one in found}) < 2:
            continue
        ordered = sorted(found, key=lambda one: (one.cost_per_click or Decimal(0), one.key))
        plans = tuple(
            Bought(
                *(one.key[0], names.get(one.key[0], one.key[0]), one.key[-1], one.cost),
                cost_per_click=one.cost_per_click,
                conversion=one.conversion,
            )
            for one in ordered
        )
        clashes.append(Clash(word, plans))
    return tuple(sorted(clashes, key=lambda one: (-sum(plan.cost for plan in one.plans), one.word)))


def _search(one: Target, names: Mapping[str, str]) -> Search:
    campaign = one.key[0]
    return Search(campaign, names.get(campaign, campaign), one.name, one.clicks, one.orders, one.cost, one.sales)


def _exact(question: AdQuestion) -> set[str]:
    """Return the keywords that reports of searches name as bought exactly."""
    if not question.backend.has_table(ADS):
        return set()
    rows: Any = question.backend.table(ADS)
    kind = rows["match_type"].lower()
    wanted = [rows["keyword"].notnull(), kind.contains("exact") | kind.contains("精")]
    if question.shop is not None:
        wanted.append(rows["shop"] == question.shop)
    found = question.backend.execute(rows.filter(*wanted).select("keyword").distinct())
    return {normal(row["keyword"]) for row in found.to_pylist()}
