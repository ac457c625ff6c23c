"""The study of paid promotion in words."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from duoshou.cli.session import Session
from duoshou.cli.width import shorten, table
from duoshou.model.numbers import UNKNOWN, count, rate, whole_amount

if TYPE_CHECKING:
    from duoshou.analysts.advertising import AdStudy
    from duoshou.analysts.advertising.levels import AdLevel, Target

WIDEST = 28
MOST = 10


def advertising_text(found: AdStudy, session: Session) -> str:
    """Return the break-even, the dearest targets of each level, what to do and what cannot be told."""
    from duoshou.cli.finding_text import advice_text

    caveats = "\n".join(f"- {one.in_language(session.language)}" for one in (*found.caveats, *found.of_margin))
    parts = [_head(found, session), *(_level(one, found.currency, session) for one in found.levels)]
    if found.creatives or found.splits:
        from duoshou.cli.ad_part_text import creatives_text, splits_text

        parts += [
            creatives_text(found.creatives, found.currency, session),
            splits_text(found.splits, found.currency, session),
        ]
    if found.bids is not None:
        from duoshou.cli.bid_text import bid_text

        parts.append(bid_text(found.bids, found.currency, session))
    if found.words is not None:
        from duoshou.analysts.advertising.search_words import words_text

        told = words_text(found.words, found.currency)
        parts.append("\n".join(f"- {one.in_language(session.language)}" for one in told))
    return "\n\n".join(part for part in (*parts, advice_text(found.findings, session), caveats) if part)


def _head(found: AdStudy, session: Session) -> str:
    from duoshou.analysts.margin import BASES

    if found.margin is None:
        return ""
    basis = BASES[found.margin.basis].in_language(session.language)
    head = session.say(
        f"保本投产比 {found.margin.break_even:.2f}（{basis} {rate(found.margin.rate)}，已扣退款 "
        f"{rate(found.margin.refunded)}）",
        f"Break-even ROAS {found.margin.break_even:.2f} ({basis} {rate(found.margin.rate)}, refunds of "
        f"{rate(found.margin.refunded)} taken off)",
    )
    if found.tacos is None:
        return head
    return head + session.say(
        f"，推广费占支付金额 {rate(found.tacos)}", f", TACOS {rate(found.tacos)} of all that was paid"
    )


def _level(level: AdLevel, currency: str, session: Session) -> str:
    from duoshou.analysts.advertising.words import LEVELS, VERDICTS

    number = Counter(one.verdict for one in level.targets)
    told = [f"{title.in_language(session.language)} {number[key]}" for key, title in VERDICTS.items() if number[key]]
    title = LEVELS[level.level].in_language(session.language)
    head = f"{title} {len(level.targets)}{session.say('：', ': ')}{session.say('，', ', ').join(told)}"
    words = (
        *(("对象", "target"), ("花费", "cost"), ("点击", "clicks"), ("转化率", "conversion"), ("投产比", "ROAS")),
        *(("95% 区间", "95% interval"), ("点击价", "a click"), ("保本价", "break-even"), ("判断", "verdict")),
        ("还差点击", "clicks missing"),
    )
    rows = [_row(one, currency, session) for one in level.targets[:MOST]]
    numeric = [False, *[True] * 7, False, True]
    return f"{head}\n{table([session.say(*one) for one in words], rows, numeric=numeric)}"


def _row(one: Target, currency: str, session: Session) -> list[str]:
    from duoshou.analysts.advertising.words import VERDICTS

    interval = UNKNOWN if one.roas_low is None else f"{one.roas_low:.2f}–{one.roas_high:.2f}"
    return [
        shorten(one.name, WIDEST),
        whole_amount(one.cost, currency, session.language),
        count(one.clicks),
        rate(one.conversion),
        UNKNOWN if one.expected_roas is None else f"{one.expected_roas:.2f}",
        interval,
        UNKNOWN if one.cost_per_click is None else f"{one.cost_per_click}",
        f"{one.break_even_click}",
        VERDICTS[one.verdict].in_language(session.language),
        UNKNOWN if one.clicks_needed is None else count(one.clicks_needed),
    ]
