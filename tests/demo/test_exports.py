"""The simulated shop's files are recognised, import cleanly, agree as a platform's do, and hide people."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import openpyxl
import pytest

from duoshou.app import create_workspace, open_workbench
from duoshou.demo.exports import write_exports
from duoshou.demo.simulation import Scenario, Simulation, simulate

_LAYOUTS = {
    "ExportOrderList": "qianniu_orders_2021",
    "ExportOrderDetailList": "qianniu_suborders",
    "ExportRefundList": "qianniu_refunds",
    "商品导出": "qianniu_products",
    "DSR": "qianniu_dsr",
    "客服绩效": "qianniu_service_agents",
    "业绩询单": "qianniu_service_inquiries",
    "自助取数": "sycm_shop_day",
    "【生意参谋平台】商品": "sycm_item",
    "【生意参谋平台】选词": "sycm_search_terms",
    "流量来源": "sycm_traffic_sources",
    "商品流量来源": "sycm_traffic_sources",
    "品类": "sycm_categories",
    "计划报表": "alimama_plan",
    "商品报表": "alimama_item",
    "关键词报表": "alimama_keyword",
    "推广概览": "taobao_affiliate_overview",
    "订单明细": "taobao_affiliate_orders",
    "多平台评价": "reviews_multi",
    "每日库存": "shop_stock",
    "商品成本": "shop_costs",
    "经营目标": "shop_targets",
    "经营事件": "shop_events",
    "咨询线索": "shop_leads",
    "市场数据": "shop_market",
}
_SCENARIO = Scenario(
    "two",
    (
        {"kind": "price_rise", "start": 12, "end": 30, "place": {"product": 3}, "size": 0.2},
        {"kind": "bad_batch", "start": 5, "end": 25, "place": {"product": 0}, "size": 2.0},
    ),
)


@pytest.fixture(scope="module")
def simulation() -> Simulation:
    """Return a shop of 33 days over two months, with a price rise and a bad batch, and faultless files."""
    return simulate(seed=11, until=date(2026, 4, 2), days=33, scenario=_SCENARIO)


@pytest.fixture(scope="module")
def shop(simulation: Simulation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """Return the files of the shop, imported into an empty workspace."""
    folder = tmp_path_factory.mktemp("simulated")
    files = write_exports(simulation, folder / "inbox")
    create_workspace(folder / "shop", name="shop", currency="CNY", timezone="Asia/Shanghai", language="en")
    workbench = open_workbench(folder / "shop")
    report = workbench.import_files(files)
    with workbench.reader() as connection:
        yield SimpleNamespace(
            files=files, report=report, folder=folder / "shop", ask=lambda sql: connection.execute(sql).fetchall()
        )


def _fen(amount: Any) -> int:
    return int(Decimal(amount) * 100)


def _by_day(shop: SimpleNamespace, sql: str, days: int, first: date) -> list[int]:
    found = [0] * days
    for day, value in shop.ask(sql):
        found[(day - first).days] = _fen(value)
    return found


def test_every_file_is_recognised_and_imports_without_a_problem(shop: SimpleNamespace) -> None:
    """Each kind of file is there, is taken for what it is, and no row of it is refused or doubted."""
    results = shop.report.files
    wanted = {key: layout for key, layout in _LAYOUTS.items() if any(path.name.startswith(key) for path in shop.files)}
    assert wanted.keys() == _LAYOUTS.keys()
    expected = {
        path.name: _LAYOUTS[max((k for k in _LAYOUTS if path.name.startswith(k)), key=len)] for path in shop.files
    }
    assert [result.error for result in results] == [None] * len(shop.files)
    assert sorted(result.layout for result in results) == sorted(expected.values())
    assert {code for result in results for code in result.problems.totals} == set()
    assert sum(result.main.rejected for result in results) == 0


def test_orders_and_lines_sum_to_the_simulation(shop: SimpleNamespace, simulation: Simulation) -> None:
    """Number, money, freight, units and status of orders and lines are those of the model."""
    orders = simulation.orders()
    ((count, paid, freight, refunded, wireless),) = shop.ask(
        "SELECT count(*), sum(paid_amount), sum(freight), sum(refund_amount), count(*) FILTER (device = 'wireless') "
        "FROM order_header"
    )
    done = orders.line_refund_status == 2
    assert (count, _fen(paid), _fen(freight)) == (len(orders.ids), orders.paid.sum(), orders.freight.sum())
    assert _fen(refunded) == orders.line_refund_amount[done].sum()
    assert wireless == (orders.device == simulation.world.devices.index("wireless")).sum()
    ((lines, units, line_paid, amount),) = shop.ask(
        "SELECT count(*), sum(quantity), sum(paid_amount), sum(amount) FROM order_item"
    )
    assert (lines, units) == (len(orders.line_order), orders.line_units.sum())
    assert (_fen(line_paid), _fen(amount)) == (orders.line_paid.sum(), orders.line_payable.sum())
    statuses = dict(shop.ask("SELECT status, count(*) FROM order_header GROUP BY 1"))
    names = ("created", "paid", "shipped", "finished", "closed")
    assert statuses == {name: n for name, n in zip(names, np.bincount(orders.status, minlength=5), strict=True) if n}
    assert shop.ask("SELECT count(DISTINCT buyer_key) FROM order_header") == [(len(np.unique(orders.buyer)),)]
    assert shop.ask("SELECT count(*) FROM order_header WHERE province IS NULL OR city IS NULL") == [(0,)]


def test_the_shop_day_equals_the_orders_and_the_model(shop: SimpleNamespace, simulation: Simulation) -> None:
    """The platform's day has the orders' payments, freight included, and the model's people."""
    world, daily = simulation.world, simulation.daily
    by_orders = "SELECT paid_on, sum(paid_amount) FROM order_header WHERE paid_on IS NOT NULL GROUP BY 1"
    by_day = "SELECT period_start, sum(paid_amount) FROM shop_period GROUP BY 1"
    told = _by_day(shop, by_day, world.days, world.first)
    assert told == _by_day(shop, by_orders, world.days, world.first)
    orders = simulation.orders()
    truth = np.zeros(world.days, dtype=np.int64)
    for moment, paid in zip(orders.paid_at, orders.paid, strict=True):
        if not np.isnat(moment):
            truth[(moment.astype("datetime64[D]") - np.datetime64(world.first)).astype(int)] += paid
    assert told == truth.tolist()
    people = shop.ask(
        "SELECT visitors, buyers, new_buyers, paid_orders, paid_units FROM shop_period ORDER BY period_start"
    )
    columns = [
        daily.shop_visitors.sum(axis=1),
        daily.shop_paid_buyers,
        daily.shop_paid_buyers_first,
        daily.shop_paid_orders,
        daily.paid_units.sum(axis=(1, 2, 3)),
    ]
    assert people == list(zip(*(column.tolist() for column in columns), strict=True))


def test_products_sum_to_the_shop_without_freight_and_people_do_not(
    shop: SimpleNamespace, simulation: Simulation
) -> None:
    """Money of the products is the shop's less freight; visitors of the products are more than those of the shop."""
    paid = _fen(shop.ask("SELECT sum(paid_amount) FROM product_period")[0][0])
    assert paid == simulation.daily.paid_amount.sum()
    freight = _fen(shop.ask("SELECT sum(freight) FROM order_header WHERE paid_on IS NOT NULL")[0][0])
    assert paid + freight == _fen(shop.ask("SELECT sum(paid_amount) FROM shop_period")[0][0])
    more = shop.ask(
        "SELECT bool_and(p.visitors > s.visitors) FROM (SELECT period_start, sum(visitors) AS visitors "
        "FROM product_period GROUP BY 1) p JOIN shop_period s USING (period_start)"
    )
    assert more == [(True,)]
    rows = shop.ask("SELECT product_id, sum(visitors), sum(cart_buyers), sum(buyers) FROM product_period GROUP BY 1")
    for product_id, visitors, carts, buyers in rows:
        at = simulation.world.products.ids.tolist().index(int(product_id))
        daily = simulation.daily
        assert (visitors, carts, buyers) == tuple(
            int(values[:, at].sum()) for values in (daily.visitors, daily.carts, daily.paid_buyers)
        )


def test_sources_form_a_tree_whose_people_are_not_additive(shop: SimpleNamespace, simulation: Simulation) -> None:
    """Money of the leaves is that of the products; a group has fewer people than its leaves together."""
    leaves = "traffic_source_period WHERE product_id = '-' AND source_level = 2"
    paid = _fen(shop.ask(f"SELECT sum(paid_amount) FROM {leaves}")[0][0])
    assert paid == simulation.daily.paid_amount.sum()
    assert shop.ask(f"SELECT sum(visitors) FROM {leaves}") == [(simulation.daily.shop_visitors_by_source.sum(),)]
    bad = shop.ask(
        "SELECT count(*) FROM (SELECT period_start, parent_name, sum(visitors) AS total, max(visitors) AS most "
        f"FROM {leaves} GROUP BY ALL) l JOIN traffic_source_period g ON g.source_name = l.parent_name "
        "AND g.product_id = '-' AND g.period_start = l.period_start "
        "WHERE g.source_level = 1 AND NOT g.visitors BETWEEN l.most AND l.total"
    )
    assert bad == [(0,)]
    per_item = shop.ask("SELECT sum(visitors), sum(buyers) FROM traffic_source_period WHERE product_id <> '-'")
    assert per_item == [(simulation.daily.visitors.sum(), simulation.daily.paid_buyers.sum())]


def test_refunds_are_those_of_the_model(shop: SimpleNamespace, simulation: Simulation) -> None:
    """Every request is a case, and the money of a day is what the shop's day says."""
    orders, world = simulation.orders(), simulation.world
    asked = (orders.line_refund_kind > 0).sum()
    assert shop.ask("SELECT count(*), count(DISTINCT refund_id) FROM refund") == [(asked, asked)]
    sql = "SELECT finished_on, sum(amount) FROM refund WHERE status = 'succeeded' GROUP BY 1"
    truth = simulation.daily.refunded_amount.sum(axis=1).tolist()
    assert _by_day(shop, sql, world.days, world.first) == truth
    kinds = dict(shop.ask("SELECT kind, count(*) FROM refund GROUP BY 1"))
    assert kinds["return"] == (orders.line_refund_kind == 3).sum()
    reasons = {reason for (reason,) in shop.ask("SELECT DISTINCT reason FROM refund")}
    assert reasons <= {*world.refund_reasons}


def test_promotion_agrees_over_its_reports(shop: SimpleNamespace, simulation: Simulation) -> None:
    """Campaigns, products and keywords tell the same cost and sales, as do the two affiliate reports."""
    ads = simulation.ads
    levels = {level: (_fen(cost), _fen(sales)) for level, cost, sales in shop.ask(
        "SELECT report_level, sum(cost), sum(sales_amount) FROM ad_period GROUP BY 1"
    )}  # fmt: skip
    words = ads.keyword_cost.sum(), (ads.keyword_direct_amount + ads.keyword_indirect_amount).sum()
    both = words[0] + ads.display_cost.sum(), words[1] + ads.display_amount.sum()
    assert levels == {"plan": both, "item": both, "keyword": words}
    overview = shop.ask("SELECT period_start, paid_amount FROM affiliate_period WHERE paid_amount > 0 ORDER BY 1")
    lines = "SELECT paid_on, sum(paid_amount) FROM affiliate_order GROUP BY 1 HAVING sum(paid_amount) > 0 ORDER BY 1"
    assert overview == shop.ask(lines)


def test_reviews_service_stock_and_leads_are_those_of_the_model(shop: SimpleNamespace, simulation: Simulation) -> None:
    """Counts and sums of what stands beside the orders."""
    orders, service, daily = simulation.orders(), simulation.service, simulation.daily
    rated = orders.line_rating > 0
    ((reviews, stars),) = shop.ask("SELECT count(*), sum(rating) FROM review WHERE text IS NOT NULL")
    assert reviews == rated.sum()
    assert stars == orders.line_rating[rated].sum()
    agents = shop.ask("SELECT sum(inquirers), sum(buyers), sum(paid_amount) FROM inquiry_period WHERE agent <> '-'")
    on_duty = service.chats > 0
    assert agents[0][:2] == (service.asked[on_duty].sum(), service.buyers[on_duty].sum())
    last = shop.ask("SELECT sum(stock_units) FROM stock_day WHERE day = (SELECT max(day) FROM stock_day)")
    assert last == [(daily.stock[-1].sum(),)]
    won = shop.ask("SELECT count(*), count(*) FILTER (outcome = 'won') FROM lead")
    assert won == [(len(service.lead_created), (service.lead_status == 3).sum())]
    ((events, before, after),) = shop.ask("SELECT count(*), max(before), max(after) FROM event")
    base = simulation.world.products.base_price[3]
    assert (events, before, after) == (1, f"{base / 100:.2f}", f"{base * 1.2 / 100:.2f}")


def test_files_carry_nothing_that_the_platform_does_not_give(shop: SimpleNamespace) -> None:
    """No source and no agent on orders, no impressions on the shop's days and products, no quality score."""
    silent = {
        "ExportOrder": ("曝光", "展现", "客服", "旺旺", "来源", "渠道", "类目"),
        "自助取数": ("曝光", "展现"),
        "【生意参谋平台】商品": ("曝光", "展现", "来源", "地域", "人群"),
        "流量来源": ("曝光", "展现", "地域", "人群"),
        "关键词报表": ("质量", "排名"),
        "计划报表": ("质量", "预算"),
    }
    for key, unknown in silent.items():
        for path in shop.files:
            if path.name.startswith(key):
                text = "|".join(_header(path))
                assert not [word for word in unknown if word in text], path.name


def test_nothing_personal_reaches_the_archive(shop: SimpleNamespace) -> None:
    """Account, masked name and phone, message and parcel number of the orders stand nowhere in what is kept."""
    path = next(path for path in shop.files if path.name.startswith("ExportOrderList"))
    rows = list(csv.DictReader(io.StringIO(path.read_bytes().decode("gb18030"))))
    people = {
        row[name] for row in rows[:400] for name in ("买家会员名", "买家支付宝账号", "联系手机", "运单号", "支付单号")
    }
    people |= {row["买家留言"] for row in rows} | {"周掌柜", "仓前街道"}
    people = {text.strip("'") for text in people if len(text) > 3}
    assert len(people) > 1000
    kept = [path for path in shop.folder.rglob("*.parquet") if "archive" in path.parts]
    assert len(kept) >= len(shop.files)
    found = set()
    for archived in kept:
        for row in shop.ask(f"SELECT * FROM read_parquet('{archived}')"):
            found |= people.intersection(str(cell) for cell in row)
    assert found == set()


def _header(path: Path) -> list[str]:
    if path.suffix == ".xlsx":
        sheet = openpyxl.load_workbook(path, read_only=True).worksheets[0]
        return max(([str(cell or "") for cell in row] for row in sheet.iter_rows(max_row=6, values_only=True)), key=len)
    data = path.read_bytes()
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            data = archive.read(archive.namelist()[0])
        return data.decode("utf-8").split("\r\n")[0].split(",")
    return data.decode("gb18030").split("\r\n")[0].split(",")
