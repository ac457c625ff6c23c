"""The rows behind a number."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.metrics.conftest import Ask, Toy
from tests.metrics.test_values import CASES, MONTHS, PERIOD

from duoshou.engine.reader import DuckDBBackend
from duoshou.metrics import Catalogue, MetricError, NotAnswerable, UnknownName, load_catalogue
from duoshou.metrics.behind import PERSONAL, RowsBehind, rows_behind
from duoshou.metrics.costs import tells_costs
from duoshou.model import Period

AS_OF = date(2026, 12, 31)
MEASURED = {key for key, metric in load_catalogue().metrics.items() if metric.source}
ALONE = [(source, metric) for source, one in CASES.items() for metric in one if metric in MEASURED]
SALES = Period(date(2026, 9, 1), date(2026, 9, 2))


def asked_of(case: Any) -> tuple[Period, dict[str, str]]:
    """Return the period and the filter of a case."""
    told: dict[str, Any] = {"sql": case} if isinstance(case, str) else case
    period = Period.of_day(PERIOD.end) if told.get("day") else MONTHS if told.get("months") else PERIOD
    return period, dict(told.get("where", {}))


@pytest.mark.parametrize(("source", "metric"), ALONE)
def test_the_rows_make_the_value(
    source: str, metric: str, ask: Ask, synthetic: DuckDBBackend, catalogue: Catalogue
) -> None:
    """The rows of a summed metric add up to its value, those of a counted one are as many; none names a customer."""
    period, where = asked_of(CASES[source][metric])
    found = rows_behind(synthetic, catalogue, metric, period=period, as_of=AS_OF, where=where, limit=3)
    assert found is not None
    value = ask(metric, period=period, where=where).rows[0].values[metric].value
    measure = next((one for one in catalogue.metrics[metric].source if one.use in uses_of(catalogue, source)), None)
    assert found.table == source.split("/", maxsplit=1)[0]
    if measure is not None and measure.sum:
        assert found.sums == {metric: value}
    if measure is not None and measure.count:
        assert found.count == value
    assert not {one.name for one in found.columns} & PERSONAL
    assert {"source_file", "source_row"} <= {one.name for one in found.columns}
    assert len(found.rows) == min(3, found.count)
    assert all(len(row) == len(found.columns) for row in found.rows)


def uses_of(catalogue: Catalogue, name: str) -> set[str]:
    """Return the keys of the sources that an answer calls by a name."""
    table, _, detail = name.partition("/")
    found = {key for key, one in catalogue.sources.items() if one.table == table}
    return {
        key for key in found if not catalogue.sources[key].detail or detail.startswith(catalogue.sources[key].detail)
    }


@pytest.fixture
def sales(toy: Toy) -> Toy:
    """Return a shop with five lines of two days, one of them closed and one of another product."""
    lines = [
        ("o1", 1, "a", "10.00", 1, SALES.start),
        ("o1", 2, "b", "20.00", 2, SALES.start),
        ("o2", 1, "a", "5.50", 1, SALES.end),
        ("o3", 1, "a", None, 1, SALES.end),
        ("o4", 1, "a", "99.00", 1, date(2026, 9, 3)),
    ]
    toy.add(
        "order_line",
        *(
            {
                "order_id": order,
                "line_no": number,
                "product_id": product,
                "paid_amount": amount and Decimal(amount),
                "quantity": units,
                "created_on": day,
                "paid_on": day,
                "buyer_key": f"secret {order}",
                "source_file": "orders.csv",
                "source_row": place,
            }
            for place, (order, number, product, amount, units, day) in enumerate(lines, start=2)
        ),
    )
    return toy


def rows(toy: Toy, metric: str = "pay_amount", **asked: Any) -> RowsBehind:
    """Return the rows behind a metric of the two days."""
    backend, catalogue = toy.opened()
    found = rows_behind(backend, catalogue, metric, period=SALES, as_of=AS_OF, **asked)
    assert found is not None
    return found


def cells(found: RowsBehind, name: str) -> list[Any]:
    """Return a column."""
    position = [one.name for one in found.columns].index(name)
    return [row[position] for row in found.rows]


def test_each_row_names_its_file_and_row(sales: Toy) -> None:
    """The rows of the days, in their order, each with the place from which it was read; no buyer among the cells."""
    found = rows(sales)
    assert cells(found, "source_row") == [2, 3, 4, 5]
    assert set(cells(found, "source_file")) == {"orders.csv"}
    assert (found.count, found.sums) == (4, {"pay_amount": Decimal("35.50")})
    assert not any("secret" in str(cell) for row in found.rows for cell in row)


def test_a_filter_holds_for_the_rows_as_for_the_value(sales: Toy) -> None:
    """A filter leaves the rows of its value, and their sum is the filtered value."""
    found = rows(sales, where={"product": "b"})
    assert cells(found, "source_row") == [3]
    assert (
        found.sums["pay_amount"]
        == sales.ask("pay_amount", period=SALES, where={"product": "b"}).rows[0].values["pay_amount"].value
    )


def test_pages_are_cut_and_sorted_by_the_engine(sales: Toy) -> None:
    """Sorted by an amount the unknown stands last either way; a page continues where the one before ended."""
    largest = rows(sales, sort="paid_amount", descending=True)
    assert cells(largest, "paid_amount") == [Decimal("20.00"), Decimal("10.00"), Decimal("5.50"), None]
    smallest = rows(sales, sort="paid_amount")
    assert cells(smallest, "paid_amount") == [Decimal("5.50"), Decimal("10.00"), Decimal("20.00"), None]
    pages = [rows(sales, sort="paid_amount", offset=offset, limit=3) for offset in (0, 3)]
    assert [cell for page in pages for cell in cells(page, "paid_amount")] == cells(smallest, "paid_amount")
    assert {page.count for page in pages} == {4}


def test_what_is_counted_once_shows_the_rows_it_is_counted_from(sales: Toy) -> None:
    """Behind buyers stand the lines that name them, without the key itself."""
    found = rows(sales, "pay_buyers")
    assert found.count == 4
    assert "buyer_key" not in {one.name for one in found.columns}


def test_a_ratio_of_different_rows_is_followed_by_its_parts(sales: Toy) -> None:
    """Where numerator and denominator rest on different rows there is no one list."""
    backend, catalogue = sales.opened()
    sales_of_ads = rows_behind(backend, catalogue, "ad_cost_ratio", period=SALES, as_of=AS_OF)
    assert sales_of_ads is None


def test_days_that_no_source_knows_have_no_rows(sales: Toy) -> None:
    """Nothing is shown for days outside what was imported."""
    backend, catalogue = sales.opened()
    early = Period(date(2020, 1, 1), date(2020, 1, 2))
    assert rows_behind(backend, catalogue, "pay_amount", period=early, as_of=AS_OF) is None


@pytest.mark.parametrize("sort", ["buyer_key", "1; DROP TABLE order_line", "", "x" * 5000])
def test_only_a_column_that_is_shown_sorts(sales: Toy, sort: str) -> None:
    """Any other name to sort by is refused, a hidden column too."""
    with pytest.raises(UnknownName):
        rows(sales, sort=sort)


def test_a_question_that_cannot_be_answered_is_refused_as_by_the_query(sales: Toy) -> None:
    """Unknown metrics and dimensions, and shares without a split, are refused."""
    for metric, where in (("no_such", {}), ("pay_amount", {"no_such": "x"})):
        with pytest.raises(MetricError):
            rows(sales, metric, where=where)
    with pytest.raises(NotAnswerable):
        rows(sales, next(key for key, one in sales.opened()[1].metrics.items() if one.share))


def test_costs_are_told_by_what_is_left_of_a_sale(catalogue: Catalogue) -> None:
    """Margins and fees tell costs, and what is divided by them; sales and advertising do not."""
    assert all(tells_costs(catalogue, key) for key in ("gross_margin", "gross_margin_rate", "goods_cost"))
    assert not any(tells_costs(catalogue, key) for key in ("pay_amount", "visitors", "ad_cost", "refund_rate"))
