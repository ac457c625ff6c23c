"""The finding that goods should be ordered."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from duoshou.analysts.assortment.demand import FestivalAhead, Reorder
from duoshou.analysts.assortment.question import RangeQuestion
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

if TYPE_CHECKING:
    from duoshou.analysts.assortment.study import Product

REORDER = "assortment.reorder"
MOST_ROWS, MOST_NAMED = 10, 3
COLUMNS = (
    *("product", "title", "stock_units", "inbound_units", "runs_out", "runs_out_low", "runs_out_high"),
    *("lead_days", "urgent_below", "order_units", "lost_units", "too_late_units"),
)


def reorder_finding(
    question: RangeQuestion, products: Sequence[Product], festivals: Sequence[FestivalAhead]
) -> Finding | None:
    """Return what should be ordered now, the dearest first; None where nothing should."""
    wanted = [
        (one, one.demand.reorder)
        for one in products
        if one.demand.reorder is not None and one.demand.reorder.pieces > 0
    ]
    if not wanted:
        return None
    wanted.sort(key=lambda pair: (-pair[1].lost, -pair[1].pieces, pair[0].id))
    money, low, high = (
        sum((getattr(each, name) for _, each in wanted), Decimal(0)) for name in ("lost", "lost_low", "lost_high")
    )
    first = wanted[0][0]
    alone = len(wanted) == 1
    lead, review = _lead([each for _, each in wanted]), question.rules.review_days
    basis = Text(
        f"现在不下单，到下一批货能到（{lead.zh} + {review} 天）之前预计少卖的钱，按近 13 周成交单价",
        f"sales expected to be lost before a later order could arrive ({lead.en} + {review} days), "
        "at what was paid for a piece in 13 weeks",
    )
    return Finding(
        REORDER,
        Subject("product", first.id, first.title) if alone else Subject("shop", "", ""),
        Period.of_month(question.as_of),
        question.as_of,
        _headline(wanted),
        Confidence.LIKELY,
        Impact(money, question.currency, min(low, money), max(high, money), basis),
        evidence=(
            Evidence(
                "reorder",
                EvidenceType.TABLE,
                Text("要补的货", "what to order"),
                COLUMNS,
                tuple(map(_row, wanted[:MOST_ROWS])),
            ),
        ),
        recommendations=(_advice(question, wanted),),
        caveats=tuple(_caveats(wanted, [one for one in products if _waits(one)], festivals)),
    )


def _waits(one: Product) -> bool:
    return one.demand.reorder is not None and one.demand.reorder.waits


def _lead(placed: Sequence[Reorder]) -> Text:
    """Return the lead time of products, from the shortest to the longest."""
    days = sorted({one.lead_days for one in placed})
    told = str(days[0]) if len(days) == 1 else f"{days[0]}–{days[-1]}"
    return Text(told, told)


def when(placed: Reorder) -> Text:
    """Return until when the pieces at hand last."""
    if placed.units == 0:
        return Text("已经卖完", "is sold out")
    if placed.runs_out is not None:
        day = placed.runs_out.isoformat()
        return Text(f"大约 {day} 卖完", f"is likely to run out on {day}")
    if placed.urgent:
        return Text(f"货不够撑过 {placed.lead_days} 天交期", "may not last through the lead time")
    return Text("到下次订货前不够", "does not last until an order of the next time arrives")


def _headline(wanted: Sequence[tuple[Product, Reorder]]) -> Text:
    one, placed = wanted[0]
    how = when(placed)
    if len(wanted) == 1:
        return Text(
            f"「{one.title}」{how.zh}，现在该订 {placed.pieces:,} 件",
            f"“{one.title}” {how.en}: order {placed.pieces:,} pieces now",
        )
    units, urgent = sum(each.pieces for _, each in wanted), sum(each.urgent for _, each in wanted)
    first = Text(
        f"最要紧的「{one.title}」{how.zh}，要订 {placed.pieces:,} 件",
        f"first “{one.title}”, which {how.en}: {placed.pieces:,} pieces",
    )
    return Text(
        f"{len(wanted)} 个商品该补货了（急 {urgent} 个），共 {units:,} 件；{first.zh}",
        f"{len(wanted)} products should be ordered ({urgent} urgent), {units:,} pieces; {first.en}",
    )


def _row(pair: tuple[Product, Reorder]) -> tuple[object, ...]:
    one, placed = pair
    return (
        *(one.id, one.title, placed.units, placed.inbound, placed.runs_out, placed.runs_out_low, placed.runs_out_high),
        *(placed.lead_days, placed.point, placed.pieces, placed.lost_units, placed.too_late_units),
    )


def why_now(placed: Sequence[Reorder]) -> Text:
    """Return what is lost without an order, and whether one of today comes in time."""
    lost, late = sum(one.lost_units for one in placed), sum(one.too_late_units for one in placed)
    if late < 1:
        return Text(
            f"不订预计少卖 {lost:,.0f} 件，现在订还来得及",
            f"without an order {lost:,.0f} pieces would be asked for in vain; one of today comes in time",
        )
    return Text(
        f"预计少卖 {lost:,.0f} 件，其中 {late:,.0f} 件今天下单也来不及，能催货就催",
        f"{lost:,.0f} pieces would be asked for in vain, {late:,.0f} of them before an order of today arrives: press "
        "the supplier where you can",
    )


def _advice(question: RangeQuestion, wanted: Sequence[tuple[Product, Reorder]]) -> Recommendation:
    service, lead = question.rules.service, _lead([each for _, each in wanted])
    return Recommendation(
        Text(
            f"按表里的件数向供应商下单（交期 {lead.zh} 天，保证 {service:.0%} 不断货）",
            f"order the pieces of the table (lead time {lead.en} days, {service:.0%} sure to last)",
        ),
        Role.WAREHOUSE,
        why_now([each for _, each in wanted]),
    )


def _caveats(
    wanted: Sequence[tuple[Product, Reorder]], waiting: Sequence[Product], festivals: Sequence[FestivalAhead]
) -> list[Text]:
    told = [
        Text(
            "供货天数、起订量、装箱数取自成本表或供货表，没写的和订货间隔、服务水平取设置 [replenishment]；"
            "要停售的商品不用补",
            "lead time, minimum and pack are those of the sheet of costs or supply, else lead time, review period and "
            "service of the settings [replenishment]; what is to be delisted needs no order",
        ),
        Text(
            "总金额的区间把各商品的区间相加，偏宽",
            "the interval of the sum adds those of the products, which makes it wide",
        ),
    ]
    if waiting:
        names_zh = "、".join(one.title for one in waiting[:MOST_NAMED])
        names_en = ", ".join(one.title for one in waiting[:MOST_NAMED])
        told.append(
            Text(
                f"{len(waiting)} 个商品缺的还不到起订量，也不急，先不订：{names_zh}",
                f"{len(waiting)} products miss less than the supplier's minimum and can wait: {names_en}",
            )
        )
    if festivals:
        names = tuple(dict.fromkeys((one.festival.zh, one.festival.en) for one in festivals))
        told.append(
            Text(
                f"预测已算进期间的 {'、'.join(zh for zh, _ in names)}",
                f"the forecast counts {', '.join(en for _, en in names)} in",
            )
        )
    if any(one.demand.new_phase for one, _ in wanted):
        told.append(
            Text(
                "有的活动阶段店里还没有经历过，按同类阶段推算，区间更宽",
                "a phase ahead was never lived through: it is taken like others of its sort, with a wider interval",
            )
        )
    return told
