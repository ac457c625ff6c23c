"""What files can tell, what is there, and what a judgement lacks."""

from __future__ import annotations

from contextlib import closing
from datetime import date

import duckdb
import pytest
from tests.app import conftest as shops

from duoshou.app import Workbench
from duoshou.metrics.availability import Offers, contents, requirement
from duoshou.model import Period
from duoshou.sources import load_layouts, parse_layout
from duoshou.sources.registry import Layouts
from duoshou.warehouse import load_tables

two_shops = shops.two_shops

LAYOUT = """
key = "partial"
platform = "testmall"
title = { zh = "评分", en = "scores" }
[recognise]
required = ["日期"]
[[field]]
name = "day"
header = ["日期"]
type = "day"
[[table]]
name = "service_score"
[table.columns]
score = "'logistics'"
day = "day"
value = "4.8"
peers_mean = "NULL"
[[table]]
name = "order_header"
[table.columns]
order_id = "'1'"
paid_at = "day"
paid_amount = "1"
"""


def partial() -> Offers:
    """Return the offers of one layout: scores of logistics, and orders without items."""
    return Offers(Layouts({"partial": parse_layout(LAYOUT, file="partial.toml")}))


def test_a_column_is_offered_by_the_layouts_that_give_it_a_value() -> None:
    """A column set to NULL is not offered; an instant brings its day; order lines follow from orders."""
    columns = partial().columns
    assert columns["service_score"] == dict.fromkeys(("score", "day", "value"), ("partial",))
    assert {"paid_at", "paid_on", "paid_amount"} <= columns["order_header"].keys()
    assert {"paid_at", "paid_on", "paid_amount", "first_paid_amount"} <= columns["order_line"].keys()
    assert columns["shop_period"] == {}


def test_every_shipped_layout_offers_what_its_text_says() -> None:
    """Each column of each shipped mapping is offered by its layout, read from the layouts themselves."""
    layouts = load_layouts()
    offers = Offers(layouts)
    for key, layout in layouts.items():
        for mapping in layout.table:
            for column, expression in mapping.columns.items():
                assert (key in offers.columns[mapping.name].get(column, ())) == (expression.strip() != "NULL")


def test_a_constant_decides_which_metric_a_file_answers(two_shops: Workbench) -> None:
    """A file of logistics scores answers that score and no other; a plan report answers costs, not visitors."""
    scores = {"score_logistics", "score_service", "score_description"}
    assert partial().measurable("partial", two_shops.catalogue) & {*scores, "visitors"} == {"score_logistics"}
    plans = Offers(two_shops.layouts).measurable("alimama_plan", two_shops.catalogue)
    assert {"ad_cost", "clicks"} <= plans
    assert "visitors" not in plans


def test_contents_are_what_sql_says(two_shops: Workbench) -> None:
    """Rows, days and known columns of each shop equal those of plain statements."""
    with closing(two_shops.reader()) as connection:
        for table in load_tables():
            for one in contents(connection, table):
                where = f"FROM {table} WHERE shop = '{one.shop}'"
                assert connection.execute(f"SELECT count(*) {where}").fetchone() == (one.rows,)
                for column in set(one.known) - set(load_tables()[table].key):
                    counted = connection.execute(f'SELECT count("{column}") {where}').fetchone()
                    assert counted == (one.known[column],)
        held = {one.shop: one for one in contents(connection, "shop_period")}
    assert set(held) == {"tb", "tm"}
    assert (held["tb"].first, held["tb"].last) == (date(2026, 10, 26), shops.LAST)
    assert (held["tb"].known["visitors"], held["tb"].known["refund_amount"]) == (24, 0)


def test_an_older_snapshot_lacks_tables_and_columns() -> None:
    """A table or a column that a snapshot does not have yet is not there, without an error."""
    connection = duckdb.connect()
    assert contents(connection, "shop_period") == []
    connection.execute("CREATE TABLE target (shop VARCHAR, month DATE, value DECIMAL(18,4))")
    connection.execute("INSERT INTO target VALUES ('main', DATE '2026-02-01', 5)")
    (held,) = contents(connection, "target")
    assert (held.first, held.last) == (date(2026, 2, 1), date(2026, 2, 28))
    assert set(held.known) == {"shop", "month", "value"}


def test_what_is_there_is_present(two_shops: Workbench) -> None:
    """Columns that rows of the shop know are present; those of another shop do not help."""
    with closing(two_shops.reader()) as connection:
        assert requirement(connection, two_shops.layouts, "ad_period", ["cost"], shop="tb").present
        lacking = requirement(connection, two_shops.layouts, "ad_period", ["cost"], shop="tm")
    assert lacking.missing == ("cost",)
    assert lacking.cannot_tell is not None
    assert lacking.cannot_tell.zh.startswith("不能判断：缺 花费，请从 ")
    assert "万相台" in lacking.cannot_tell.zh
    assert lacking.cannot_tell.en.startswith("cannot tell: needs Spend, export it from ")


def test_only_the_window_counts(two_shops: Workbench) -> None:
    """Figures of other days are no help; the answer names the days to export."""
    with closing(two_shops.reader()) as connection:
        ask = (connection, two_shops.layouts, "shop_period", ["visitors", "refund_amount"])
        late = requirement(*ask, shop="tb", period=Period(date(2026, 12, 1), date(2026, 12, 2)))
        inside = requirement(*ask, shop="tb", period=Period(shops.LAST, date(2026, 12, 2)))
    assert late.missing == ("visitors", "refund_amount")
    assert inside.missing == ("refund_amount",)
    assert late.cannot_tell is not None
    assert late.cannot_tell.zh.endswith("导出 2026-12-01 至 2026-12-02")


@pytest.mark.parametrize(("platforms", "word"), [(["nowhere"], "nowhere"), (["taobao"], "taobao")])
def test_what_no_file_has_is_said_so(two_shops: Workbench, platforms: list[str], word: str) -> None:
    """Where no export of the platforms has a column, the way is a table of one's own."""
    with closing(two_shops.reader()) as connection:
        lacking = requirement(connection, two_shops.layouts, "lead", ["staff"], shop="tb", platforms=platforms)
    assert lacking.cannot_tell is not None
    assert word in lacking.cannot_tell.zh
    assert "duoshou map" in lacking.cannot_tell.en


def test_what_a_shop_keeps_itself_is_proposed_to_every_shop(two_shops: Workbench) -> None:
    """Costs come from no platform: the sheet of one's own has them, and margins with them."""
    with closing(two_shops.reader()) as connection:
        lacking = requirement(connection, two_shops.layouts, "cost", ["unit_cost"], shop="tb")
    assert lacking.cannot_tell is not None
    assert "成本" in lacking.cannot_tell.zh
    assert "duoshou map" not in lacking.cannot_tell.zh


def test_a_file_helps_together_with_what_is_there(two_shops: Workbench) -> None:
    """The cost of goods needs order lines and unit costs: neither file answers it alone, either one completes it."""
    offers, catalogue = Offers(two_shops.layouts), two_shops.catalogue
    lines = frozenset(load_tables()["order_line"].facts)
    assert "goods_cost" not in offers.measurable("shop_costs", catalogue)
    assert "goods_cost" in offers.measurable("shop_costs", catalogue, {"order_line": lines})
    assert "goods_cost" not in offers.measurable("shop_leads", catalogue, {"order_line": lines})
    assert "goods_cost" not in offers.measurable("uci_online_retail", catalogue)
    costs = {"cost": frozenset({"unit_cost"})}
    assert "goods_cost" in offers.measurable("uci_online_retail", catalogue, costs)


def test_what_a_derived_column_needs_exists() -> None:
    """A column of a derived table names columns that a file can bring."""
    tables = load_tables()
    pairs = [(table, column, pair) for table in tables.values() for column in table.columns for pair in column.needs]
    assert pairs
    for table, _, pair in pairs:
        needed, _, name = pair.partition(".")
        assert table.derived
        assert tables[needed].column(name) is not None, pair
