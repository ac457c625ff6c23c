"""What to do about worn creatives, and about hours, regions and placements, in the frame that all findings share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from duoshou.analysts.advertising.bid_plan import Amount
from duoshou.analysts.advertising.question import AdQuestion
from duoshou.analysts.advertising.splits import Coefficient
from duoshou.analysts.advertising.wear import State, Wear
from duoshou.analysts.advertising.words import LEVELS
from duoshou.model import (
    Confidence,
    Evidence,
    EvidenceType,
    Finding,
    Impact,
    Period,
    Recommendation,
    Role,
    Subject,
    Text,
)
from duoshou.model.numbers import rate

FATIGUE = "advertising.fatigue"
SPLITS = "advertising.splits"
MOST_ROWS = 15


def part_findings(
    question: AdQuestion, creatives: Sequence[Wear], splits: Sequence[Coefficient]
) -> tuple[Finding, ...]:
    """Return the worn creatives and the coefficients to set; findings are read by all, so they name no margin."""
    worn = [one for one in creatives if one.state is State.WORN and one.cost is not None and one.cost.low > 0]
    changed = [one for one in splits if one.gain is not None and one.gain.value > 0]
    return (
        *([_fatigue(question, worn)] if worn else []),
        *([_splits(question, changed)] if changed and _sum([one.gain for one in changed], "low") > 0 else []),
    )


def _sum(amounts: Sequence[Amount | None], end: str) -> Decimal:
    return sum((getattr(one, end) for one in amounts if one is not None), Decimal(0))


def _impact(question: AdQuestion, amounts: Sequence[Amount | None], basis: Text) -> Impact:
    return Impact(_sum(amounts, "value"), question.currency, _sum(amounts, "low"), _sum(amounts, "high"), basis)


def _fatigue(question: AdQuestion, worn: Sequence[Wear]) -> Finding:
    most = max(one.lost or 0.0 for one in worn)
    rows = tuple(
        (
            *(one.name, one.campaign_name, str(one.since), one.impressions),
            *(rate(value) for value in (one.fresh_rate, one.rate, one.lost, one.lost_low)),
        )
        for one in worn[:MOST_ROWS]
    )
    return Finding(
        FATIGUE,
        Subject("shop", "", ""),
        Period.of_month(question.as_of),
        question.as_of,
        Text(
            f"{len(worn)} 个创意被看腻：点击率比同计划的其他创意多掉了最多 {most:.0%}",
            f"{len(worn)} creatives wear out: their click rate fell by up to {most:.0%} beyond others of the plan",
        ),
        Confidence.LIKELY,
        _impact(
            question,
            [one.cost for one in worn],
            Text(
                "30 天里同样的展现少来的点击，按每次点击留下的钱减点击价算；90% 区间为各自之和",
                "clicks that the same impressions of 30 days bring less, at what a click leaves beyond its price; the "
                "90 % interval adds up those of each",
            ),
        ),
        evidence=(
            Evidence(
                "creatives",
                EvidenceType.TABLE,
                Text("被看腻的创意，损失大的在前", "worn creatives, the dearest first"),
                ("creative", "campaign", "since", "impressions", "fresh_rate", "click_rate", "lost", "lost_low"),
                rows,
            ),
        ),
        recommendations=(
            Recommendation(
                Text(
                    "给这些计划换新图或新视频，旧创意先留着作对照，一周后看点击率",
                    "give these plans a new picture or film, keep the old one beside it for a week and compare",
                ),
                Role.DESIGNER,
                Text(
                    "同一天同一计划里别的创意没有这样掉，不是季节；误报预计不超过 5%",
                    "others of the plan did not fall so on the same days, so it is no season; 5 % may be wrong",
                ),
            ),
        ),
        caveats=(
            Text(
                "平台常把老创意推给更不感兴趣的人，换了人群也会显得看腻",
                "platforms show old creatives to people who care less; another audience looks like wear, too",
            ),
        ),
    )


def _splits(question: AdQuestion, changed: Sequence[Coefficient]) -> Finding:
    number = Counter(one.level for one in changed)
    zh = "、".join(f"{count} 个{LEVELS[level].zh}" for level, count in number.items())
    en = ", ".join(f"{count} {LEVELS[level].en}" for level, count in number.items())
    rows = tuple(
        (
            *(LEVELS[one.level].zh, LEVELS[one.level].en, one.name, one.campaign_name, one.clicks),
            *(one.ratio, one.ratio_low, one.ratio_high, one.coefficient),
        )
        for one in changed[:MOST_ROWS]
    )
    return Finding(
        SPLITS,
        Subject("shop", "", ""),
        Period.of_month(question.as_of),
        question.as_of,
        Text(f"{zh}的点击值不一样多，该调出价系数", f"clicks of {en} are not worth the same: set their coefficients"),
        Confidence.POSSIBLE,
        _impact(
            question,
            [one.gain for one in changed],
            Text(
                "30 天；以计划整体出价合适、点击随出价的弹性约 1 为前提；90% 区间为各自之和",
                "30 days; given that the plan's bid is right on the whole and clicks go with the bid at an elasticity "
                "of about 1; the 90 % interval adds up those of each",
            ),
        ),
        evidence=(
            Evidence(
                "splits",
                EvidenceType.TABLE,
                Text("要调的系数，值得多的在前", "coefficients to set, what is worth most first"),
                (
                    *("split_zh", "split_en", "target", "campaign", "clicks"),
                    *("worth_ratio", "worth_ratio_low", "worth_ratio_high", "coefficient"),
                ),
                rows,
            ),
        ),
        recommendations=(
            Recommendation(
                Text(
                    "按表设分时、地域、资源位系数，一次不超过三成，两周后再看",
                    "set the coefficients by the table, three tenths at most at once, and look again after two weeks",
                ),
                Role.PROMOTION,
                Text(
                    "只列确实和计划平均不同的；误报预计不超过 3%",
                    "only what surely differs from the plan's mean is listed; 3 % may be wrong",
                ),
            ),
        ),
    )
