"""`line_contribution` against an independent model, to the cent, in whichever order things become known."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import astuple, replace
from datetime import date
from decimal import Decimal

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.warehouse.contribution_model import Booking, Cost, Line, Rule, contributions

from duoshou.settings import parse_settings
from duoshou.warehouse.contribution import CostBasis, cost_basis, derive_contribution
from duoshou.warehouse.ledger import create_tables
from duoshou.warehouse.schema import load_tables

COLUMNS = (
    "kept_amount, platform_subsidy, income, goods_cost, platform_fees, freight_cost, packaging_cost, gross_margin, "
    "contribution, cost_known, fee_basis, costed_amount, contributing_amount"
)
DAYS = st.sampled_from([date(2026, 1, day) for day in (5, 10, 20)])
FIRST_DAYS = st.sampled_from([date.min, date(2026, 1, 8), date(2026, 1, 10), date(2026, 1, 15)])


def amounts(low: int = 0, high: int = 30_000) -> st.SearchStrategy[Decimal]:
    """Draw an amount with two digits."""
    return st.integers(low, high).map(lambda cents: Decimal(cents) / 100)


def maybe(strategy: st.SearchStrategy[Decimal]) -> st.SearchStrategy[Decimal | None]:
    """Draw a value or nothing."""
    return st.one_of(st.none(), strategy)


CODES = st.sampled_from(["a", "b", "p", "-", None])
PRICES = st.integers(0, 999_999).map(lambda number: Decimal(number) / 10_000)


@st.composite
def orders(draw: st.DrawFn) -> list[Line]:
    """Draw the lines of a few orders, refunded, closed, unpaid or cancelled in every way."""
    lines = []
    for order in "123":
        status = draw(st.sampled_from(["created", "paid", "shipped", "finished", "closed", None]))
        platform = draw(st.sampled_from(["taobao", "pdd"]))
        days = (draw(st.one_of(st.none(), DAYS)), draw(st.one_of(st.none(), DAYS)))
        for number in range(1, draw(st.integers(1, 4)) + 1):
            paid = draw(maybe(amounts()))
            refund = draw(st.one_of(st.none(), st.just(paid), amounts(high=4_000)))
            discount = draw(st.one_of(st.none(), amounts(high=500)))
            quantity = draw(st.sampled_from([1, 2, 3, 0, -2, None]))
            first = draw(st.sampled_from([None, paid, Decimal("12.34")]))
            code, product = draw(CODES), draw(CODES)
            line = Line(order, number, code, product, quantity, paid, first, refund, status, platform, discount, *days)
            lines.append(replace(line, freight=draw(st.sampled_from([None, Decimal(0), Decimal(10)]))))
    return lines


@st.composite
def costs(draw: st.DrawFn) -> list[Cost]:
    """Draw costs of the sheet and of the settings; those of the settings name no freight."""
    keys = st.tuples(st.sampled_from(["a", "b", "p", "-"]), FIRST_DAYS, st.booleans())
    found = []
    for sku, day, is_given in draw(st.lists(keys, max_size=8, unique=True)):
        if is_given:
            found.append(Cost(sku, day, draw(PRICES), given=True))
        else:
            found.append(Cost(sku, day, draw(maybe(PRICES)), draw(maybe(PRICES)), draw(maybe(PRICES))))
    return found


BOOKINGS = st.lists(
    st.builds(
        Booking,
        st.sampled_from(["1", "2", "3", "9", None]),
        st.sampled_from(["sales", "commission", "affiliate_fee", "insurance", "platform_subsidy", "refund", "tax"]),
        maybe(amounts(-3_000, 3_000)),
        st.sampled_from(["settled", "settled", "pending", None]),
        currency=st.sampled_from(["CNY", "CNY", "USD"]),
    ),
    max_size=8,
)
RATES = st.integers(0, 200_000).map(lambda number: Decimal(number) / 1_000_000)
RULES = st.lists(
    st.builds(
        Rule,
        FIRST_DAYS,
        st.sampled_from([None, "main", "other"]),
        st.sampled_from([None, "taobao", "pdd"]),
        maybe(RATES),
        maybe(amounts(high=900)),
        maybe(amounts(high=300)),
    ),
    max_size=5,
    unique_by=lambda rule: (rule.valid_from, rule.shop, rule.platform),
)


@pytest.fixture
def warehouse() -> duckdb.DuckDBPyConnection:
    """Return empty tables in memory."""
    connection = duckdb.connect(config={"threads": 1})
    create_tables(connection)
    return connection


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=orders(),
    shipped=st.sets(st.sampled_from("123")),
    dated=costs(),
    bookings=BOOKINGS,
    rules=RULES,
    dice=st.randoms(use_true_random=False),
)
def test_equals_the_model_and_adds_up(
    warehouse: duckdb.DuckDBPyConnection,
    lines: list[Line],
    shipped: set[str],
    dated: list[Cost],
    bookings: list[Booking],
    rules: list[Rule],
    dice: random.Random,
) -> None:
    """Every value is the model's; what belongs to an order is shared without losing a cent."""
    expected = contributions(lines, shipped, dated, bookings, rules)
    dice.shuffle(lines)
    dice.shuffle(bookings)
    fill(warehouse, lines, shipped, dated, bookings)
    derive_contribution(warehouse, basis_of(dated, rules), None)
    found = rows(warehouse)
    assert found == {key: tuple(values.values()) for key, values in ordered(expected).items()}
    shape = {name: type_ for _, name, type_, *_ in warehouse.execute("PRAGMA table_info(line_contribution)").fetchall()}
    assert shape == dict(load_tables()["line_contribution"].physical)
    sums = warehouse.execute(
        "SELECT order_id, sum(platform_fees) FROM line_contribution WHERE fee_basis = 'actual' GROUP BY 1"
    ).fetchall()
    fees = {"commission", "affiliate_fee", "insurance", "tax"}
    for order, total in sums:
        settled = [one for one in bookings if one.order == order and one.currency == "CNY" and one.status != "pending"]
        assert total == -sum(one.amount or 0 for one in settled if one.kind in fees)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=orders(), after=orders(), dated=costs(), early=BOOKINGS, late=BOOKINGS, rules=RULES)
def test_some_orders_as_all(
    warehouse: duckdb.DuckDBPyConnection,
    before: list[Line],
    after: list[Line],
    dated: list[Cost],
    early: list[Booking],
    late: list[Booking],
    rules: list[Rule],
) -> None:
    """Deriving the touched orders again gives what deriving all gives."""
    basis = basis_of(dated, rules)
    fill(warehouse, before, set(), dated, early)
    derive_contribution(warehouse, basis, None)
    changed = [line for line in after if line.order != "1"] + [line for line in before if line.order == "1"]
    bookings = [one for one in late if one.order != "1"] + [one for one in early if one.order == "1"]
    fill(warehouse, changed, {"2"}, dated, bookings)
    warehouse.execute("CREATE OR REPLACE TEMP TABLE touched AS SELECT 'main' AS shop, unnest(['2', '3']) AS order_id")
    derive_contribution(warehouse, basis, "touched")
    some = rows(warehouse)
    derive_contribution(warehouse, basis, None)
    assert some == rows(warehouse)


def test_what_a_refund_costs(warehouse: duckdb.DuckDBPyConnection) -> None:
    """A line refunded in full costs no goods, and freight only if it was shipped; one refunded in part costs all."""
    paid, cost = Decimal("100.00"), [Cost("a", unit=Decimal(30), freight=Decimal(4), packaging=Decimal(1))]
    lines = [
        Line("kept", 1, "a", quantity=2, paid=paid),
        Line("part", 1, "a", quantity=2, paid=paid, refund=Decimal("20.00"), status="finished"),
        Line("before", 1, "a", quantity=2, paid=paid, refund=paid, status="closed"),
        Line("after", 1, "a", quantity=2, paid=paid, refund=paid, status="closed"),
        Line("freight", 1, "a", quantity=2, paid=paid, refund=Decimal("90.00"), status="closed", freight=Decimal(10)),
        Line("untold", 1, "a", quantity=2, paid=paid, status="closed"),
        Line("cancelled", 1, "a", quantity=-2, paid=Decimal(0), refund=paid, status="finished"),
    ]
    fill(warehouse, lines, {"after"}, cost, [])
    derive_contribution(warehouse, basis_of([], [Rule(fee=Decimal("0.05"))]), None)
    found = warehouse.execute(
        "SELECT order_id, kept_amount, goods_cost, freight_cost, platform_fees, contribution FROM line_contribution"
    ).fetchall()
    assert {row[0]: tuple(map(float, row[1:])) for row in found} == {
        "kept": (100, 60, 8, 5, 25),
        "part": (80, 60, 8, 4, 6),
        "before": (0, 0, 0, 0, 0),
        "after": (0, 0, 8, 0, -10),
        "freight": (10, 0, 0, 0.5, 9.5),
        "untold": (0, 0, 0, 0, 0),
        "cancelled": (-100, -60, 0, -5, -35),
    }


def test_cases_tell_the_refunds_that_orders_do_not(warehouse: duckdb.DuckDBPyConnection) -> None:
    """What an order export says wins; else cases that succeeded count for their line, up to what was paid."""
    paid = Decimal("100.00")
    lines = [
        Line("kept", 1, "a", quantity=2, paid=paid),
        Line("whole", 1, "a", quantity=2, paid=paid, status="finished"),
        Line("twice", 1, "a", quantity=2, paid=paid, status="finished"),
        Line("told", 1, "a", quantity=2, paid=paid, refund=Decimal("20.00")),
        Line("second", 1, "a", quantity=2, paid=paid),
        Line("second", 2, "a", quantity=2, paid=paid),
        Line("unknown", 1, "a", quantity=2, paid=paid),
        Line("unknown", 2, "a", quantity=2, paid=paid),
    ]
    fill(warehouse, lines, set(), [Cost("a", unit=Decimal(30))], [])
    for line in lines:
        warehouse.execute(
            "INSERT INTO order_item (shop, order_id, line_no, line_id) VALUES ('main', ?, ?, ?)",
            [line.order, line.number, f"{line.order}-{line.number}"],
        )
    cases = [
        ("whole", "whole-1", 100, "succeeded"),
        ("twice", None, 70, "succeeded"),
        ("twice", "twice-1", 70, "succeeded"),
        ("kept", "kept-1", 50, "closed"),
        ("told", "told-1", 90, "succeeded"),
        ("second", "second-2", 40, "succeeded"),
        ("unknown", None, 100, "succeeded"),
    ]
    for number, case in enumerate(cases):
        warehouse.execute(
            "INSERT INTO refund (shop, refund_id, order_id, line_id, amount, status) VALUES ('main', ?, ?, ?, ?, ?)",
            [str(number), *case],
        )
    derive_contribution(warehouse, basis_of([], []), None)
    found = warehouse.execute("SELECT order_id, line_no, kept_amount, goods_cost FROM line_contribution").fetchall()
    assert {row[:2]: tuple(map(float, row[2:])) for row in found} == {
        ("kept", 1): (100, 60),
        ("whole", 1): (0, 0),
        ("twice", 1): (0, 0),
        ("told", 1): (80, 60),
        ("second", 1): (100, 60),
        ("second", 2): (60, 60),
        ("unknown", 1): (100, 60),
        ("unknown", 2): (100, 60),
    }


def test_money_that_two_statements_tell_counts_once(warehouse: duckdb.DuckDBPyConnection) -> None:
    """Of an order in the settlement bill the bill's fees count; the statement of funds answers for the others."""
    lines = [Line(order, 1, "a", paid=Decimal("100.00"), platform="douyin") for order in ("both", "fund")]
    fill(warehouse, lines, set(), [], [])
    told = [
        ("both1|20260105000000|x", "both", "sales", "100.00", "douyin"),
        ("both1|20260105000000|x", "both", "service_fee", "-5.00", "douyin"),
        ("880001", "both", "sales", "100.00", "douyin"),
        ("880001", "both", "service_fee", "-5.00", "douyin"),
        ("880002", "fund", "sales", "100.00", "douyin"),
        ("880002", "fund", "service_fee", "-4.00", "douyin"),
        ("880003", "fund", "insurance", "-0.50", "douyin"),
    ]
    for booking in told:
        warehouse.execute(
            "INSERT INTO settlement (statement_id, line, order_id, kind, amount, platform, shop, currency) "
            "VALUES ($1, $3, $2, $3, $4, $5, 'main', 'CNY')",
            list(booking),
        )
    derive_contribution(warehouse, CostBasis(), None)
    found = warehouse.execute("SELECT order_id, platform_fees, fee_basis FROM line_contribution ORDER BY 1").fetchall()
    assert found == [("both", Decimal("5.00"), "actual"), ("fund", Decimal("4.50"), "actual")]


def test_nothing_is_guessed(warehouse: duckdb.DuckDBPyConnection) -> None:
    """Without costs and rules there are no margins, and 0 is told from unknown."""
    line = Line("1", 1, "a", paid=Decimal("10.00"))
    fill(warehouse, [line], set(), [], [])
    derive_contribution(warehouse, CostBasis(), None)
    columns = "goods_cost, platform_fees, freight_cost, gross_margin, contribution, cost_known, fee_basis"
    assert warehouse.execute(f"SELECT {columns} FROM line_contribution").fetchall() == [
        (None, None, None, None, None, 0, "none")
    ]
    nothing = Rule(fee=Decimal(0), freight=Decimal(0), packaging=Decimal(0))
    derive_contribution(warehouse, basis_of([Cost("a", unit=Decimal(4), given=True)], [nothing]), None)
    assert warehouse.execute(f"SELECT {columns} FROM line_contribution").fetchall() == [
        (Decimal("4.00"), Decimal("0.00"), Decimal("0.00"), Decimal("6.00"), Decimal("6.00"), 1, "estimated")
    ]


def basis_of(dated: Sequence[Cost], rules: Sequence[Rule]) -> CostBasis:
    """Return the basis as `duoshou.toml` gives it."""
    text = '[[shop]]\nkey = "main"\n[[shop]]\nkey = "other"\n'
    for rule in rules:
        named = {"shop": rule.shop, "platform": rule.platform}
        numbers = {
            "platform_fee_rate": rule.fee,
            "freight_per_order": rule.freight,
            "packaging_per_order": rule.packaging,
        }
        text += f"[[costs.rule]]\nvalid_from = {rule.valid_from.isoformat()}\n"
        text += "".join(f'{name} = "{value}"\n' for name, value in named.items() if value is not None)
        text += "".join(f"{name} = {value:f}\n" for name, value in numbers.items() if value is not None)
    for cost in dated:
        if cost.given:
            text += f'[[costs.unit]]\nsku = "{cost.sku}"\nvalid_from = {cost.valid_from.isoformat()}\n'
            text += f"cost = {cost.unit:f}\n"
    return cost_basis(parse_settings(text, environment={})[0])


def fill(
    connection: duckdb.DuckDBPyConnection,
    lines: Sequence[Line],
    shipped: set[str],
    dated: Sequence[Cost],
    bookings: Sequence[Booking],
) -> None:
    """Put rows in the place of whatever the tables held."""
    for table in ("order_line", "order_header", "cost", "settlement"):
        connection.execute(f"DELETE FROM {table}")
    for line in lines:
        connection.execute(
            "INSERT INTO order_line (order_id, line_no, sku, product_id, quantity, paid_amount, first_paid_amount, "
            "refund_amount, status, platform, discount_platform, paid_on, created_on, shop, currency, freight) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            list(astuple(line)),
        )
    for order in {line.order for line in lines}:
        day = date(2026, 1, 21) if order in shipped else None
        connection.execute("INSERT INTO order_header (shop, order_id, shipped_on) VALUES ('main', ?, ?)", [order, day])
    for cost in dated:
        if not cost.given:
            values = list(astuple(replace(cost, given=False)))
            del values[5]
            connection.execute(
                "INSERT INTO cost (sku, valid_from, unit_cost, freight, packaging, shop, currency) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                values,
            )
    for number, booking in enumerate(bookings):
        connection.execute(
            "INSERT INTO settlement (statement_id, line, order_id, kind, amount, status, shop, currency, platform) "
            "VALUES ('s', ?, ?, ?, ?, ?, ?, ?, 'any')",
            [str(number), *astuple(booking)],
        )


def rows(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str, int], tuple[object, ...]]:
    """Return the values of the table by key."""
    found = connection.execute(f"SELECT shop, order_id, line_no, {COLUMNS} FROM line_contribution").fetchall()
    return {row[:3]: row[3:] for row in found}


def ordered(expected: dict[tuple[str, str, int], dict[str, object]]) -> dict[tuple[str, str, int], dict[str, object]]:
    """Return the model's values in the order of the columns."""
    names = COLUMNS.split(", ")
    return {key: {name: values[name] for name in names} for key, values in expected.items()}
