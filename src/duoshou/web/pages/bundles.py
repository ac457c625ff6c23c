"""商品 → 搭配: what is bought together, and bundles."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import HTMLResponse, Response

from duoshou.access import Right
from duoshou.analysts.basket.bundles import BundleVerdict
from duoshou.app.baskets import baskets_csv
from duoshou.app.pages.bundles import DAYS, BundlesPage, bundles_page
from duoshou.gate import Visitor, needs
from duoshou.gate.downloads import CSV, download
from duoshou.model import Text
from duoshou.model.numbers import count, rate, whole_amount
from duoshou.web.rendering import render

router = APIRouter(prefix="/products/bundles")
SMALLEST = 0.0001
VERDICTS = {
    BundleVerdict.TEST: Text("值得测", "worth a test"),
    BundleVerdict.GIVES_AWAY: Text("白送折扣", "gives the discount away"),
    BundleVerdict.NO_MARGIN: Text("利润不够折扣", "no margin for the discount"),
    BundleVerdict.CANNOT_TELL: Text("不能判断（缺成本）", "cannot tell (no costs)"),
}


@router.get("")
def page(visitor: Annotated[Visitor, Depends(needs(Right.READ))]) -> HTMLResponse:
    """Show pairs, bundles, what follows and what replaces what."""
    found = _asked(visitor)
    currency = found.answer.report.currency
    return render(
        visitor,
        "bundles.html",
        found,
        costs=found.answer.costs,
        exports=visitor.may(Right.EXPORT),
        spans=DAYS,
        verdicts=VERDICTS,
        money=lambda value: whole_amount(value, currency, visitor.language),
        count=count,
        rate=rate,
        false_rate=lambda value: f"< {rate(SMALLEST)}" if value < SMALLEST else rate(value),
    )


@router.get("/list.csv")
def rows(visitor: Annotated[Visitor, Depends(needs(Right.EXPORT))]) -> Response:
    """Send every pair that the page lists."""
    return download(baskets_csv(_asked(visitor).answer.report).encode(), CSV, "搭配.csv", "bundles.csv")


def _asked(visitor: Visitor) -> BundlesPage:
    days = visitor.number("days", DAYS[1], least=7, most=730)
    discount = visitor.number("discount", 10, least=0, most=90) / 100
    costs = visitor.may(Right.COSTS)
    with visitor.house.bench() as bench:
        return bundles_page(bench, visitor.day(), visitor.only_shop, days, discount, costs=costs)
