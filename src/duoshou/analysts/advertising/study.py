"""The study of paid promotion: every target with what it earns, and what to stop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from duoshou.analysts.advertising.bid_findings import bid_findings
from duoshou.analysts.advertising.bid_ground import BidGround, bid_ground
from duoshou.analysts.advertising.bid_plan import BidPlan, BidWish
from duoshou.analysts.advertising.bids import plan_bids
from duoshou.analysts.advertising.findings import ad_findings
from duoshou.analysts.advertising.levels import AdLevel, level_of
from duoshou.analysts.advertising.part_findings import part_findings
from duoshou.analysts.advertising.question import AdQuestion, Level, Targets
from duoshou.analysts.advertising.reported import read_reported
from duoshou.analysts.advertising.searches import Words, words_of
from duoshou.analysts.advertising.split_targets import read_targets
from duoshou.analysts.advertising.splits import Coefficient, coefficients_of
from duoshou.analysts.advertising.untold import why_nothing
from duoshou.analysts.advertising.wear import Wear, wear_of
from duoshou.analysts.advertising.windows import NAMED_BY, told_windows
from duoshou.analysts.advertising.words import LEVELS, Verdict
from duoshou.analysts.margin import Margin, margin_of
from duoshou.metrics import MetricError, query
from duoshou.model import Finding, Text, plain


@dataclass(frozen=True, slots=True)
class AdStudy:
    """What is known of paid promotion.

    Attributes:
        as_of: Last day that counts.
        shop: Key of the shop; None: all.
        currency: Of the amounts.
        margin: What a unit of sales leaves; None without any target.
        tacos: Cost of advertising as a part of all that was paid, over the settled days; None where not known.
        levels: Those that a report has. They overlap and are not added.
        bids: Those of the next step; None without enough reports of keywords, as a caveat says.
        words: Plans that bid against each other, searches to buy and to exclude; None without reports.
        creatives: Those that are shown now, the worn ones first; none without a report of creatives.
        splits: Hours, regions and placements with what to bid by; none without reports of them.
        findings: What to do.
        caveats: What cannot be told, and why.
    """

    as_of: date
    shop: str | None
    currency: str
    margin: Margin | None
    tacos: float | None
    levels: tuple[AdLevel, ...]
    bids: BidPlan | None
    words: Words | None
    creatives: tuple[Wear, ...]
    splits: tuple[Coefficient, ...]
    findings: tuple[Finding, ...]
    caveats: tuple[Text, ...]

    @property
    def of_margin(self) -> tuple[Text, ...]:
        """What is to be said of the margin, to those who may see it."""
        return () if self.margin is None else self.margin.caveats

    def without_costs(self) -> AdStudy:
        """Return the study for those who may not see margins: what was spent and sold, and no judgement."""
        nothing = Decimal(0)
        levels = tuple(
            replace(
                level,
                targets=tuple(
                    replace(
                        one,
                        break_even_click=nothing,
                        profit=nothing,
                        profit_low=nothing,
                        profit_high=nothing,
                        verdict=Verdict.CANNOT_TELL,
                        clicks_needed=None,
                    )
                    for one in level.targets
                ),
            )
            for level in self.levels
        )
        # Which searches earn is a judgement by the margin.
        words = None if self.words is None else replace(self.words, to_buy=(), to_exclude=())
        creatives = tuple(replace(one, cost=None) for one in self.creatives)
        splits = tuple(replace(one, gain=None) for one in self.splits)
        return replace(
            self, margin=None, levels=levels, bids=None, words=words, creatives=creatives, splits=splits, findings=()
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape; money as decimal strings, rates as fractions."""
        shape = {name: plain(getattr(self, name)) for name in self.__slots__}
        shape["margin"] = None if self.margin is None else self.margin.to_dict()
        shape["bids"] = None if self.bids is None else self.bids.to_dict()
        return shape | {"findings": [one.to_dict() for one in self.findings]}


@dataclass(frozen=True, slots=True)
class AdGround:
    """What is known of paid promotion whatever is wanted of the bids.

    Attributes:
        study: The study without bids and findings.
        bids: What bids rest on; None where none are proposed.
        of_targets, of_parts: Findings that come before those of the bids, and after them.
    """

    study: AdStudy
    bids: BidGround | None
    of_targets: tuple[Finding, ...] = ()
    of_parts: tuple[Finding, ...] = ()

    @property
    def row_count(self) -> int:
        """How many targets and keywords it holds, by which a memory of answers is bounded."""
        keywords = 0 if self.bids is None else len(self.bids.history.keys)
        return keywords + sum(len(one.targets) for one in self.study.levels)

    def plan(self, wish: BidWish) -> BidPlan | None:
        """Return the bids of the next step as they are wanted."""
        return None if self.bids is None else plan_bids(self.bids, wish)

    def with_bids(self, plan: BidPlan | None) -> AdStudy:
        """Return the whole study with the bids that were planned."""
        proposed = bid_findings(self.study.as_of, self.study.currency, plan)
        return replace(self.study, bids=plan, findings=(*self.of_targets, *proposed, *self.of_parts))


def study_advertising(question: AdQuestion, wish: BidWish | None = None) -> AdStudy:
    """Return what is known of paid promotion; a shop without reports has an empty study that says so.

    Args:
        question: What is asked.
        wish: What is wanted of the bids; None: as much as they cost now, for profit alone.
    """
    ground = ad_ground(question)
    return ground.with_bids(ground.plan(wish or BidWish()))


def ad_ground(question: AdQuestion) -> AdGround:
    """Return what is known of paid promotion whatever is wanted of the bids."""
    found = [one for level in Level if (one := _targets(question, level)) is not None]
    if not found:
        return AdGround(_nothing(question), None)
    margin = margin_of(
        question.backend,
        question.catalogue,
        question.as_of,
        today=question.today,
        shop=question.shop,
        assumed=question.assumed_margin,
    )
    levels = tuple(level_of(question, one, margin) for one in found)
    bids = _bids(question, found, levels, margin)
    names = _campaigns(question, found)
    creatives = wear_of(question, next((one for one in found if one.level is Level.CREATIVE), None), margin, names)
    splits = coefficients_of(found, margin, names)
    study = AdStudy(
        question.as_of,
        question.shop,
        question.currency,
        margin,
        _tacos(question, levels[0]),
        levels,
        None,
        words_of(question, levels),
        creatives,
        splits,
        (),
        (*_caveats(levels), *told_windows(found, question.currency), *((bids,) if isinstance(bids, Text) else ())),
    )
    return AdGround(
        study,
        bids if isinstance(bids, BidGround) else None,
        ad_findings(question, levels),
        part_findings(question, creatives, splits),
    )


def _nothing(question: AdQuestion) -> AdStudy:
    nothing: tuple[()] = ()
    return AdStudy(
        *(question.as_of, question.shop, question.currency, None, None, nothing, None, None),
        *(nothing, nothing, nothing, (why_nothing(question),)),
    )


def _campaigns(question: AdQuestion, found: Sequence[Targets]) -> Mapping[str, str]:
    """Return the names of the plans of levels that are within plans."""
    keys = {key[0] for one in found if one.level in NAMED_BY for key in one.keys}
    return question.names("campaign", sorted(keys)) if keys else {}


def _targets(question: AdQuestion, level: Level) -> Targets | None:
    return read_reported(question, level) if level in NAMED_BY else read_targets(question, level)


def _bids(
    question: AdQuestion, found: Sequence[Targets], levels: Sequence[AdLevel], margin: Margin
) -> BidGround | Text | None:
    """Return what bids rest on or why there are none, where there is a report of keywords."""
    for targets, level in zip(found, levels, strict=True):
        if level.level is Level.KEYWORD:
            wasting = frozenset(one.key for one in level.targets if one.verdict is Verdict.WASTES)
            return bid_ground(question, targets, margin, wasting)
    return None


def _tacos(question: AdQuestion, level: AdLevel) -> float | None:
    """Return the cost of advertising as a part of all that was paid."""
    try:
        rows = query(
            question.backend,
            question.catalogue,
            ["ad_cost_ratio"],
            period=level.period,
            as_of=question.today,
            shop=question.shop,
        ).rows
    except MetricError:
        return None
    value = rows[0].values["ad_cost_ratio"].value if rows else None
    return None if value is None else float(value)


def _caveats(levels: tuple[AdLevel, ...]) -> list[Text]:
    caveats = [
        Text(
            f"只看归因已结束的 {levels[0].period.start} 至 {levels[0].period.end}；成交是平台认领的，不等于增量",
            f"settled days only, {levels[0].period.start} to {levels[0].period.end}; sales are what the platform "
            "claims, which is not what it added",
        )
    ]
    if all(one.level is not Level.KEYWORD for one in levels):
        caveats.append(
            Text("没有关键词报表，浪费只能看到计划和商品", "no keyword report: waste shows by plan and product only")
        )
    parts = (Level.CREATIVE, Level.PLACEMENT, Level.REGION, Level.HOUR)
    missing = [LEVELS[one] for one in parts if all(level.level is not one for level in levels)]
    if missing:
        zh, en = "、".join(one.zh for one in missing), ", ".join(one.en for one in missing)
        caveats.append(
            Text(f"没有带成交的{zh}报表，这些维度不能判断", f"no report of {en} with orders: these cannot be told")
        )
    return caveats
