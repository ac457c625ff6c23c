"""诊断: what was found, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from duoshou.access import seen_by
from duoshou.analysts.advice_kinds import ADVICE_KINDS
from duoshou.app.discreet import discreet_finding
from duoshou.model import Text, Unjudged, plain
from duoshou.state import day_list
from duoshou.state.browsing import Order, Wanted, browse, kinds_of
from duoshou.state.listing import Past
from duoshou.state.standing import Status

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench

FINDINGS_A_PAGE = 25
GROUPS: dict[str, tuple[Status, ...]] = {
    "open": (Status.NEW, Status.OPEN),
    "watched": (Status.WATCHED,),
    "declined": (Status.DECLINED,),
    "closed": (Status.SOLVED,),
    "all": (),
}
"""What a reader may ask for → where such findings stand."""
STATUS_TITLES = {
    Status.NEW: Text("新", "new"),
    Status.OPEN: Text("未解决", "open"),
    Status.WATCHED: Text("观察中", "watched"),
    Status.DECLINED: Text("已忽略", "declined"),
    Status.SOLVED: Text("已结束", "closed"),
}
KIND_TITLES = {
    "diagnosis": Text("生意", "business"),
    "diagnosis.product": Text("商品", "product"),
    "diagnosis.shop": Text("全店", "whole shop"),
    "diagnosis.agent": Text("客服", "service agent"),
    "diagnosis.region": Text("地区", "province"),
    "diagnosis.campaign": Text("推广计划", "campaign"),
    "diagnosis.keyword": Text("关键词", "keyword"),
    "diagnosis.score": Text("店铺评分", "scores"),
    "data": Text("数据问题", "data"),
    "data.cents": Text("分位对不上", "cents"),
    "data.contradiction": Text("来源互相矛盾", "contradiction"),
    "data.copied_day": Text("日子重复", "copied day"),
    "data.double_import": Text("重复导入", "imported twice"),
    "data.doubled_day": Text("日子翻倍", "doubled day"),
    "data.missing_day": Text("缺天", "missing day"),
    "data.missing_items": Text("缺明细", "missing lines"),
    "data.partial_day": Text("日子不全", "partial day"),
    "data.quantity_mismatch": Text("件数对不上", "quantity mismatch"),
    "data.row_limit": Text("行数到上限", "row limit"),
    "data.stale_source": Text("数据没更新", "stale source"),
    "data.truncated_file": Text("文件被截断", "truncated file"),
    **ADVICE_KINDS,
}


@dataclass(frozen=True, slots=True)
class FindingsAsked:
    """Which findings are wanted.

    Attributes:
        group: Key of `GROUPS`.
        kind: Only this kind or family of kinds.
        first: Only those found on this day or later.
        last: Only those found first on this day or earlier.
        order: By what they are sorted.
        descending: Whether the largest, or the latest, come first.
        page: Number of the page, from 1.
    """

    group: str = "open"
    kind: str | None = None
    first: date | None = None
    last: date | None = None
    order: Order = Order.MONEY
    descending: bool = True
    page: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """A finding of the list.

    Attributes:
        past: Where it stands.
        kind: Name of its kind.
        seen_by: Who saw it, who saw it first first.
    """

    past: Past
    kind: Text
    seen_by: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        past = self.past
        return past.finding.to_dict() | {
            "first_seen": past.first_seen.isoformat(),
            "last_seen": past.last_seen.isoformat(),
            "since": past.since.isoformat(),
            "spells": past.spells,
            "closed_on": plain(past.closed_on),
            "kind_title": plain(self.kind),
            "seen_by": list(self.seen_by),
        }


@dataclass(frozen=True, slots=True)
class FindingsPage:
    """A page of the findings of a shop.

    Attributes:
        shop: Key of the shop.
        asked: What was asked for.
        rows: The findings.
        total: How many there are in all.
        pages: How many pages.
        kinds: Kinds and families there are to filter by, with their names.
        untold: What could not be judged on the last complete day, and why.
    """

    shop: str
    asked: FindingsAsked
    rows: tuple[Row, ...]
    total: int
    pages: int
    kinds: tuple[tuple[str, Text], ...]
    untold: tuple[Unjudged, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        return {
            "shop": self.shop,
            "asked": plain(self.asked),
            "findings": [one.to_dict() for one in self.rows],
            "total": self.total,
            "page": self.asked.page,
            "pages": self.pages,
            "untold": plain(self.untold),
        }


def findings(workbench: Workbench, asked: FindingsAsked, shop: str | None, *, costs: bool) -> FindingsPage:
    """Return a page of what was found.

    Args:
        workbench: The workspace.
        asked: What is wanted.
        shop: Key of the shop; None where there is only one.
        costs: Whether whoever asks may see costs.
    """
    key = workbench.shop_key(shop)
    wanted = Wanted(GROUPS[asked.group], asked.kind, asked.first, asked.last)
    found = browse(
        workbench.state,
        key,
        wanted,
        order=asked.order,
        descending=asked.descending,
        limit=FINDINGS_A_PAGE,
        offset=(asked.page - 1) * FINDINGS_A_PAGE,
    )
    seen = seen_by(workbench.state, key, [one.finding.id for one in found.found])
    told = found.found if costs else [replace(one, finding=discreet_finding(one.finding)) for one in found.found]
    rows = tuple(Row(one, kind_title(one.finding.kind), tuple(seen.get(one.finding.id, ()))) for one in told)
    known = kinds_of(workbench.state, key)
    names = sorted({*known, *(kind.partition(".")[0] for kind in known)})
    kinds = tuple((name, kind_title(name)) for name in names)
    pages = max(1, -(-found.total // FINDINGS_A_PAGE))
    untold = day_list(workbench.state, key, workbench.last_complete_day(shop)).untold
    return FindingsPage(key, asked, rows, found.total, pages, kinds, untold)


def kind_title(kind: str) -> Text:
    """Return the name of a kind of finding, or of a family of kinds."""
    return KIND_TITLES.get(kind) or Text(kind, kind)
