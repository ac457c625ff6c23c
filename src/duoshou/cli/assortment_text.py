"""The study of a range in words."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from duoshou.cli.session import Session
from duoshou.cli.width import shorten, table
from duoshou.model.numbers import UNKNOWN, count, rate, whole_amount

if TYPE_CHECKING:
    from duoshou.analysts.assortment import RangeStudy
    from duoshou.analysts.assortment.focus import Focus, Left
    from duoshou.analysts.assortment.study import Product

WIDEST = 32
MOST = 15


def range_text(found: RangeStudy, session: Session) -> str:
    """Return what carries the shop, the first products, findings and what cannot be told."""
    from duoshou.cli.finding_text import advice_text

    caveats = "\n".join(f"- {one.in_language(session.language)}" for one in found.caveats)
    parts = [
        _head(found, session),
        _products(found, session),
        _hit(found, session),
        advice_text(found.findings, session),
        caveats,
    ]
    return "\n\n".join(part for part in parts if part)


def _head(found: RangeStudy, session: Session) -> str:
    from duoshou.analysts.assortment.words import BASES, STAGES

    if not found.products:
        return ""
    basis = BASES[found.basis].in_language(session.language)
    lines = [
        session.say(
            f"截至 {found.as_of}，{found.weeks} 周：{len(found.products)} 个商品，"
            f"动销率（最近四周）{rate(found.moving)}；排序按最近 13 周的{basis}",
            f"Up to {found.as_of}, {found.weeks} weeks: {len(found.products)} products, {rate(found.moving)} sold in "
            f"the last four; ranked by {basis} of 13 weeks",
        )
    ]
    if found.spread is not None:
        first, three = found.spread.first, found.spread.first_three
        lines.append(
            session.say(
                f"第一名占 {rate(first.value)}（{rate(first.low)} 至 {rate(first.high)}），前三占 {rate(three.value)}；"
                f"相当于 {found.spread.effective:.1f} 个一样大的商品",
                f"The first brings {rate(first.value)} ({rate(first.low)} to {rate(first.high)}), the first three "
                f"{rate(three.value)}; as concentrated as {found.spread.effective:.1f} products of one size",
            )
        )
    lives = Counter(one.life.stage for one in found.products)
    told = [f"{STAGES[stage].in_language(session.language)} {lives[stage]}" for stage in STAGES if lives[stage]]
    lines.append(session.say("生命周期：", "Lives: ") + session.say("，", ", ").join(told))
    return "\n".join(lines)


def _products(found: RangeStudy, session: Session) -> str:
    if not found.products:
        return ""
    words = (
        *(("商品", "product"), ("级", "class"), ("13 周金额", "13 weeks"), ("阶段", "stage"), ("自", "since")),
        *(
            ("每周", "a week"),
            ("角色", "role"),
            ("够卖天数", "lasts, days"),
            ("28 天需求", "28 days"),
            ("要订", "order"),
        ),
    )
    rows = [_row(one, found.currency, session) for one in found.products[:MOST]]
    numeric = [False, False, True, False, False, True, False, True, True, True]
    written = table([session.say(*one) for one in words], rows, numeric=numeric)
    more = len(found.products) - MOST
    line = session.say(f"另有 {more} 个，见 --csv", f"{more} more, see --csv") if more > 0 else ""
    return f"{written}\n{line}".rstrip()


def _hit(found: RangeStudy, session: Session) -> str:
    """Return what the first product's buyers buy besides, and where further visitors leave more."""
    lines = []
    if found.companions:
        told = session.say("；", "; ").join(
            f"{shorten(one.title, WIDEST)} {rate(one.share)}" for one in found.companions[:3]
        )
        lines.append(
            session.say(f"买爆款的人 30 天内还买：{told}", f"Buyers of the hit also buy within 30 days: {told}")
        )
    if found.focus is not None:
        lines.append(_focus(found.focus, found.currency, session))
    return "\n".join(lines)


def _focus(found: Focus, currency: str, session: Session) -> str:
    from duoshou.analysts.assortment.words import WHERE

    def said(one: Left) -> str:
        middle, low, high = (whole_amount(each, currency, session.language) for each in (one.value, one.low, one.high))
        return session.say(f"{middle}（{low} 至 {high}）", f"{middle} ({low} to {high})")

    hit, others, apart = (said(one) for one in (found.with_hit, found.with_others, found.difference))
    return session.say("集中还是分散：", "Focus or spread: ") + session.say(
        f"再来 1,000 个访客，给爆款留下 {hit}，分给后 {len(found.others)} 名 {others}，差 {apart}："
        f"{WHERE[found.where].zh}",
        f"1,000 more visitors leave {hit} with the hit, {others} with the next {len(found.others)}, "
        f"apart {apart}: {WHERE[found.where].en}",
    )


def _row(one: Product, currency: str, session: Session) -> list[str]:
    from duoshou.analysts.assortment.words import ROLES, STAGES

    slope, ahead, reorder = one.life.slope, one.demand.ahead, one.demand.reorder
    lasting = one.demand.lasting
    return [
        shorten(one.title, WIDEST),
        one.letter,
        whole_amount(one.money, currency, session.language),
        STAGES[one.life.stage].in_language(session.language),
        UNKNOWN if one.life.since is None else f"{one.life.since:%Y-%m-%d}",
        UNKNOWN if slope is None else f"{slope:+.1%}",
        ROLES[one.role].in_language(session.language),
        UNKNOWN if lasting is None or lasting.days is None else count(round(lasting.days)),
        UNKNOWN if not ahead else f"{count(ahead[-1].low)}–{count(ahead[-1].high)}",
        UNKNOWN if reorder is None else count(reorder.pieces),
    ]
