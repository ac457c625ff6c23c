"""Why a metric changed."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.metrics.conftest import Toy

from duoshou.analysts.diagnosis.explain import explain
from duoshou.analysts.diagnosis.explain_drivers import Driver
from duoshou.analysts.diagnosis.explain_errors import NotExplainable
from duoshou.analysts.diagnosis.explain_parts import MOST_PARTS, Part, PartKind, Split
from duoshou.analysts.diagnosis.explanation import Explanation
from duoshou.metrics import NotAnswerable, load_catalogue, query
from duoshou.model import Period
from duoshou.settings import Settings
from duoshou.settings.calendar import load_calendar

NOW, THEN = date(2026, 8, 19), date(2026, 8, 12)
DAY = Period.of_day(NOW)
AS_OF = date(2026, 12, 31)


@pytest.fixture
def toy(tmp_path: Path) -> Iterator[Toy]:
    """Return an empty warehouse."""
    warehouse = Toy(tmp_path / "toy.duckdb", load_catalogue())
    yield warehouse
    warehouse.close()


def why(toy: Toy, metric: str, period: Period = DAY, **asked: Any) -> Explanation:
    """Explain a metric of a toy warehouse and check that everything closes."""
    backend, catalogue = toy.opened()
    found = explain(backend, catalogue, metric, period=period, as_of=AS_OF, **asked)
    assert_closed(found)
    return found


def why_or_code(toy: Toy, metric: str) -> Explanation | str:
    """Explain a metric by product and region, or return the code of the reason why not."""
    try:
        return why(toy, metric, by=["product", "region"])
    except (NotExplainable, NotAnswerable) as error:
        return error.code
    finally:
        toy.close()


def assert_closed(found: Explanation) -> None:
    """Drivers and residual, parts and overlap, and drivers of drivers each sum to their whole, to 1e-9."""
    if found.drivers:
        add_up(found.change, [one.contribution for one in found.drivers], found.residual)
    for driver in found.drivers:
        assert_driver_closed(driver)
    for split in found.splits:
        add_up(found.change, [one.contribution for one in split.parts], split.overlap)
        for part in split.parts:
            if part.mix is not None and part.rate is not None:
                add_up(part.contribution, [part.mix, part.rate], 0.0)


def assert_driver_closed(driver: Driver) -> None:
    """What drives a driver sums to its contribution."""
    if driver.drivers:
        add_up(driver.contribution, [one.contribution for one in driver.drivers], driver.residual)
    for one in driver.drivers:
        assert_driver_closed(one)


def add_up(total: float, parts: Sequence[float], rest: float) -> None:
    """The parts and the rest are the total, to 1e-9 of the largest of them."""
    scale = max(abs(total), abs(rest), *map(abs, parts))
    assert math.fsum([*parts, rest]) == pytest.approx(total, abs=1e-9 * scale)


def contributions(found: Explanation) -> dict[str, float]:
    """Return what each driver did."""
    return {one.key: one.contribution for one in found.drivers}


def parts_of(split: Split) -> dict[str | None, Part]:
    """Return the parts by value, or by kind where they have none."""
    return {one.value or str(one.kind): one for one in split.parts}


def shop_day(day: date, visitors: int, buyers: int, amount: str, **more: Any) -> dict[str, Any]:
    """Return a row of the platform's own figures."""
    return {"period_start": day, "visitors": visitors, "buyers": buyers, "paid_amount": amount, **more}


def line(order: str, day: date, amount: str, **more: Any) -> dict[str, Any]:
    """Return a paid order line."""
    return {
        "order_id": order,
        "created_on": day,
        "paid_on": day,
        "paid_amount": amount,
        "unit_price": amount,
        "buyer_key": f"buyer of {order}",
        "product_id": "p1",
        **more,
    }


# The documented sample day shows 6,479 visitors (+20.97 %), 13 buyers (−61.76 %), a payment of 37,955.84 (−56.57 %), a
# spend per buyer of +13.59 % and a conversion of 0.20 % (−68.25 %). Only 5,356 visitors and 34 buyers give the first
# two; payment and spend per buyer leave a range of 87,388.64 to 87,396.32 for the other day's payment. The change of
# the conversion was computed from the rates as shown, 0.20 ÷ 0.63; unrounded it is −68.39 %.
SAMPLE_PAYMENTS = ("87388.70", "87391.00", "87396.30")


def shown(now: float, then: float) -> float:
    """Return a relative change as the sample shows it."""
    return round((now / then - 1) * 100, 2)


@pytest.mark.parametrize("payment", SAMPLE_PAYMENTS)
def test_the_sample_day_reads_as_conversion(toy: Toy, payment: str) -> None:
    """The reconstructed levels show the documented percentages, decompose exactly, and conversion is the headline."""
    before = float(payment)
    assert [shown(6479, 5356), shown(13, 34)] == [20.97, -61.76]
    assert [shown(37955.84, before), shown(37955.84 / 13, before / 34)] == [-56.57, 13.59]
    assert [round(13 / 6479 * 100, 2), round(34 / 5356 * 100, 2), shown(0.20, 0.63)] == [0.20, 0.63, -68.25]
    toy.add("shop_period", shop_day(THEN, 5356, 34, payment), shop_day(NOW, 6479, 13, "37955.84"))
    found = why(toy, "pay_amount")
    assert found.change == pytest.approx(37955.84 - before)
    mean = (37955.84 - before) / math.log(37955.84 / before)
    spend = math.log((37955.84 / 13) / (before / 34))
    assert contributions(found) == pytest.approx(
        {
            "visitors": mean * math.log(6479 / 5356),
            "pay_conversion_rate": mean * math.log((13 / 6479) / (34 / 5356)),
            "spend_per_buyer": mean * spend,
        }
    )
    assert (found.residual, found.overlap) == (0.0, 0.0)
    assert contributions(found)["pay_conversion_rate"] < found.change < 0 < contributions(found)["visitors"]
    assert found.headline.zh.startswith("支付金额下降主要来自支付转化率（-68.39%")
    assert "访客数（+20.97%）、客单价（+13.59%）抵消了一部分" in found.headline.zh
    assert found.headline.en.startswith("Amount paid fell mainly through Purchase conversion rate (-68.39%")
    assert [caveat.zh for caveat in found.caveats] == ["样本太少，一两单就会大起大落"]


def test_spend_per_buyer_opens_further(toy: Toy) -> None:
    """Orders per buyer times order value are the spend; order value opens into units times price."""
    toy.add(
        "shop_period",
        shop_day(THEN, 1000, 100, "10000", paid_orders=110, paid_units=220),
        shop_day(NOW, 1000, 100, "20000", paid_orders=110, paid_units=440),
    )
    found = why(toy, "pay_amount")
    spend = found.drivers[2]
    assert spend.contribution == pytest.approx(10000)
    assert [one.key for one in spend.drivers] == ["orders_per_buyer", "order_value"]
    assert [one.contribution for one in spend.drivers] == pytest.approx([0, 10000], abs=1e-9)
    value = spend.drivers[1]
    assert {one.key: one.contribution for one in value.drivers} == pytest.approx(
        {"pay_units_per_order": 10000, "average_unit_price": 0}, abs=1e-9
    )


def test_a_day_without_buyers_is_shared_by_shapley(toy: Toy) -> None:
    """No buyer, no spend per buyer: the tree whose factors are known tells, and zero is shared evenly."""
    toy.add("shop_period", shop_day(THEN, 100, 10, "1000"), shop_day(NOW, 200, 0, "0"))
    found = why(toy, "pay_buyers")
    assert contributions(found) == pytest.approx({"visitors": 5, "pay_conversion_rate": -15})
    assert any("Shapley" in caveat.zh for caveat in found.caveats)
    assert why(toy, "pay_amount").change == -1000


def test_without_visitors_the_next_tree_counts(toy: Toy) -> None:
    """A shop of plain invoices has buyers and orders, so these explain; by country, without what nobody knows."""
    toy.add(
        "order_line",
        line("1", THEN, "30", country="FR"),
        line("2", THEN, "50", country="DE"),
        line("3", NOW, "100", country="FR"),
        line("4", NOW, "20", country=None),
    )
    found = why(toy, "pay_amount", by=["country"])
    assert contributions(found) == pytest.approx({"pay_buyers": 0, "spend_per_buyer": 40}, abs=1e-9)
    (split,) = found.splits
    parts = parts_of(split)
    assert {key: part.contribution for key, part in parts.items()} == {"FR": 70, "DE": -50, "unknown": 20}
    assert parts["unknown"].name.zh == "未知"
    assert (split.overlap, parts["FR"].mix, parts["FR"].rate) == (0, None, None)


def test_people_in_several_parts_are_an_overlap(toy: Toy) -> None:
    """One buyer takes two products: the products' buyers less one are the shop's."""
    toy.add(
        "order_line",
        line("1", THEN, "10", product_id="a"),
        line("2", NOW, "10", product_id="a"),
        line("2", NOW, "10", product_id="b", line_no=2),
        line("3", NOW, "10", product_id="b"),
    )
    found = why(toy, "pay_buyers", by=["product"])
    (split,) = found.splits
    assert {key: part.contribution for key, part in parts_of(split).items()} == {"b": 2, "a": 0}
    assert (found.change, split.overlap, found.overlap) == (1, -1, -1)
    orders = why(toy, "pay_orders", by=["product"])
    assert orders.overlap == -1


def test_a_ratio_has_mix_and_rate(toy: Toy) -> None:
    """The dear region shrinks while both keep their price: the mean price falls by mix alone."""
    toy.add(
        "order_line",
        *(line(f"a{number}", THEN, "100", province="A") for number in range(3)),
        line("b", THEN, "20", province="B"),
        line("c", NOW, "100", province="A"),
        *(line(f"d{number}", NOW, "20", province="B") for number in range(3)),
    )
    found = why(toy, "average_unit_price", by=["region"])
    assert found.change == pytest.approx(40 - 80)
    parts = parts_of(found.splits[0])
    assert {key: part.mix for key, part in parts.items()} == pytest.approx({"A": -20, "B": -20})
    assert {key: part.rate for key, part in parts.items()} == pytest.approx({"A": 0, "B": 0}, abs=1e-9)
    assert (parts["A"].before, parts["A"].after) == (100, 100)


def test_a_weighted_mean_is_weighed_by_its_weight(toy: Toy) -> None:
    """Time on a product's page, weighed by its visitors."""
    for day, figures in ((THEN, ((10, 30), (30, 10))), (NOW, ((10, 40), (30, 20)))):
        toy.add(
            "product_period",
            *(
                {"product_id": name, "period_start": day, "visitors": visitors, "dwell_seconds": seconds}
                for name, (visitors, seconds) in zip("ab", figures, strict=True)
            ),
        )
    parts = parts_of(why(toy, "dwell_time", by=["product"]).splits[0])
    assert {key: part.rate for key, part in parts.items()} == pytest.approx({"a": 2.5, "b": 7.5})


def test_many_products_are_folded(toy: Toy) -> None:
    """The largest stay, the rest is one part, and everything still adds up."""
    toy.add("order_line", *(line(f"{n}", THEN, f"{n + 1}", product_id=f"p{n:02}") for n in range(30)))
    toy.add("order_line", *(line(f"n{n}", NOW, f"{3 * n + 2}", product_id=f"p{n:02}") for n in range(30)))
    (split,) = why(toy, "pay_amount", by=["product"]).splits
    assert split.count == 30
    assert [part.value for part in split.parts[:2]] == ["p29", "p28"]
    assert len(split.parts) == MOST_PARTS + 1
    other = split.parts[-1]
    assert (other.kind, other.name.zh) == (PartKind.OTHER, "其他")
    assert other.contribution == sum(2 * n + 1 for n in range(20))
    assert (other.before, other.after) == (sum(range(1, 21)), sum(3 * n + 2 for n in range(20)))


def test_what_another_source_does_not_tell_is_a_part(toy: Toy) -> None:
    """The platform's day says more than the order lines: the difference stands apart, with both sources named."""
    toy.add("shop_period", shop_day(THEN, 100, 10, "100"), shop_day(NOW, 100, 10, "150"))
    toy.add("order_line", line("1", THEN, "90", province="A"), line("2", NOW, "110", province="A"))
    found = why(toy, "pay_amount", by=["region"])
    parts = parts_of(found.splits[0])
    assert {key: part.contribution for key, part in parts.items()} == pytest.approx({"A": 20, "elsewhere": 30})
    (caveat,) = [one.zh for one in found.caveats if "未归入" in one.zh]
    assert "order_line" in caveat
    assert "shop_period" in caveat


def test_a_part_from_another_source_is_derived(toy: Toy) -> None:
    """Net of refunds rests on order lines, so what was paid does too, although the platform's day says otherwise."""
    toy.add("shop_period", shop_day(THEN, 100, 10, "500"), shop_day(NOW, 100, 10, "900"))
    toy.add(
        "order_line",
        line("1", THEN, "100", refund_amount="10", refunded_on=THEN),
        line("2", NOW, "90", refund_amount="30", refunded_on=NOW),
    )
    found = why(toy, "net_pay_amount")
    assert contributions(found) == pytest.approx({"pay_amount": -10, "refund_amount_by_payment": -20})
    assert found.residual == 0
    assert found.drivers[0].pair.after == Decimal(90)
    assert any("推算" in caveat.zh for caveat in found.caveats)


def test_sources_that_disagree_leave_a_residual(toy: Toy) -> None:
    """The week's own row holds 10 and 40 more than its days: people come from the week, the amount from the days."""
    now, then = Period(date(2026, 8, 10), date(2026, 8, 16)), Period(date(2026, 8, 3), date(2026, 8, 9))
    for week, amount, more in ((then, 100, 10), (now, 150, 40)):
        toy.add("shop_period", *(shop_day(day, 100, 10, f"{amount}") for day in week))
        toy.add("shop_period", shop_day(week.start, 600, 60, f"{7 * amount + more}", grain="week"))
    found = why(toy, "pay_amount", now)
    assert found.change == 350
    assert contributions(found) == pytest.approx(
        {"visitors": 0, "pay_conversion_rate": 0, "spend_per_buyer": 380}, abs=1e-9
    )
    assert found.residual == pytest.approx(-30)
    assert any("对不上" in caveat.zh for caveat in found.caveats)


@pytest.mark.parametrize(
    ("metric", "by"),
    [("score_description", ["score"]), ("market_sellers", ["category"]), ("pay_amount_share", ["product"])],
)
def test_what_must_not_be_put_together_is_refused(toy: Toy, metric: str, by: list[str]) -> None:
    """A last value, an index and a share are not split, with the reason."""
    with pytest.raises(NotExplainable) as raised:
        why(toy, metric, by=by)
    assert raised.value.code == "not_divisible"
    assert raised.value.hint is not None


def test_a_last_value_is_told_without_a_split(toy: Toy) -> None:
    """By default nothing is split that must not be."""
    toy.add("service_score", *({"score": "description", "day": day, "value": 4.8} for day in (THEN, NOW)))
    found = why(toy, "score_description")
    assert (found.splits, found.drivers) == ((), ())
    assert "没有变化" in found.headline.zh


def test_an_unknown_side_cannot_be_explained(toy: Toy) -> None:
    """Which of the two periods is unknown is said."""
    toy.add("shop_period", shop_day(NOW, 100, 10, "100"))
    with pytest.raises(NotExplainable, match="2026-08-12"):
        why(toy, "pay_amount")


def test_a_dimension_without_data(toy: Toy) -> None:
    """A split for which there are no rows is refused; one that no source carries too."""
    toy.add("shop_period", shop_day(THEN, 100, 10, "100"), shop_day(NOW, 100, 10, "120"))
    with pytest.raises(NotExplainable, match="by product"):
        why(toy, "pay_amount", by=["product"])
    with pytest.raises(NotAnswerable):
        why(toy, "pay_amount", by=["rating"])


def test_nothing_changed(toy: Toy) -> None:
    """What cancels out is said, and shares of nothing are unknown."""
    toy.add("shop_period", shop_day(THEN, 100, 20, "400"), shop_day(NOW, 200, 20, "400"))
    found = why(toy, "pay_amount")
    assert found.share(1.0) is None
    assert found.headline.zh == "支付金额没有变化：访客数（+100.00%）与支付转化率（-50.00%）相互抵消"
    assert json.loads(json.dumps(found.to_dict()))["drivers"][0]["share"] is None


def test_the_baseline_depends_on_the_length(toy: Toy) -> None:
    """Less than a week: the same weekdays before; a week or more: the period before; a month: the month before."""
    toy.add("shop_period", *(shop_day(date(2026, 7, 1) + timedelta(n), 100, 10, "100") for n in range(62)))
    cases = {
        DAY: Period.of_day(THEN),
        Period(date(2026, 8, 17), date(2026, 8, 22)): Period(date(2026, 8, 10), date(2026, 8, 15)),
        Period(date(2026, 8, 12), date(2026, 8, 21)): Period(date(2026, 8, 2), date(2026, 8, 11)),
        Period(date(2026, 8, 1), date(2026, 8, 31)): Period(date(2026, 7, 1), date(2026, 7, 31)),
    }
    for period, baseline in cases.items():
        found = why(toy, "pay_amount", period)
        assert (found.baseline, found.baseline_reason is None) == (baseline, False)
    chosen = why(toy, "pay_amount", DAY, against=Period(date(2026, 8, 1), date(2026, 8, 3)))
    assert chosen.baseline_reason is None
    assert (chosen.values.before, chosen.values.after) == (Decimal(300), Decimal(100))
    assert any("3 天" in caveat.zh for caveat in chosen.caveats)


def test_missing_days_and_festivals_are_caveats(toy: Toy) -> None:
    """Which period lacks days is said, and which festival only one of them has."""
    toy.add("shop_period", *(shop_day(date(2026, 11, n), 100, 10, "100") for n in range(1, 19) if n != 4))
    calendar = load_calendar(Settings(name="shop"), None)
    period, against = Period(date(2026, 11, 8), date(2026, 11, 14)), Period(date(2026, 11, 1), date(2026, 11, 7))
    found = why(toy, "pay_amount", period, against=against)
    assert found.has_gaps
    assert "2026-11-01 – 2026-11-07 有的日子没有数据" in [caveat.zh for caveat in found.caveats]
    day, later = Period.of_day(date(2026, 11, 11)), Period.of_day(date(2026, 11, 18))
    festival = why(toy, "pay_amount", later, against=day, calendar=calendar)
    assert not festival.has_gaps
    texts = [caveat.zh for caveat in festival.caveats]
    assert any("双11爆发" in text and text.startswith("只有对比期") for text in texts)


def test_periods_that_overlap_are_said(toy: Toy) -> None:
    """A day that is in both periods is no mistake, but is told."""
    toy.add("shop_period", *(shop_day(date(2026, 8, n), 100, 10, "100") for n in range(1, 10)))
    found = why(
        toy,
        "pay_amount",
        Period(date(2026, 8, 3), date(2026, 8, 6)),
        against=Period(date(2026, 8, 1), date(2026, 8, 3)),
    )
    assert any("重叠" in caveat.zh for caveat in found.caveats)


METRICS = (
    "pay_amount",
    "pay_buyers",
    "pay_orders",
    "net_pay_amount",
    "refund_rate",
    "spend_per_buyer",
    "order_value",
    "order_refund_rate",
    "returning_buyer_share",
    "order_discounts",
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32 - 1), size=st.integers(1, 40), metric=st.sampled_from(METRICS))
def test_whatever_the_orders_everything_closes(
    tmp_path_factory: pytest.TempPathFactory, seed: int, size: int, metric: str
) -> None:
    """Random order lines, with unknown products, regions and buyers, refunds and free gifts: all sums close to 1e-9."""
    chance = random.Random(seed)
    warehouse = Toy(tmp_path_factory.mktemp("random") / "toy.duckdb", load_catalogue())
    rows = []
    for number in range(size):
        day = chance.choice((THEN, NOW))
        amount = chance.choice((0, 1, chance.randrange(10**7))) / 100
        refund = round(amount * chance.choice((0, 0, 0.3, 1)), 2)
        rows.append(
            line(
                f"o{chance.randrange(size)}-{day.day}",
                day,
                f"{amount:.2f}",
                line_no=number,
                quantity=chance.randrange(1, 5),
                product_id=chance.choice(("-", *(f"p{n}" for n in range(14)))),
                province=chance.choice((None, "A", "B", "C")),
                buyer_key=chance.choice((None, "x", "y", "z", f"b{number}")),
                refund_amount=f"{refund:.2f}",
                refunded_on=day if refund else None,
                discount_seller=chance.randrange(5),
                discount_platform=chance.randrange(5),
            )
        )
    warehouse.add("order_line", *rows)
    answer = why_or_code(warehouse, metric)
    # A day without orders has no ratio; parts whose weights cancel have none either.
    assert isinstance(answer, Explanation) or answer in {"value_unknown", "cannot_weigh"}


def test_nothing_is_said_of_splits_that_are_not_shown(toy: Toy) -> None:
    """That no order names a country is said to whoever asks for countries, and to nobody else."""
    toy.add(
        "order_line", *(line(f"{day}{place}", day, "10.00", province=place) for day in (THEN, NOW) for place in "ab")
    )
    toy.add("order_line", line("more", NOW, "30.00", province="a"))
    found = why(toy, "pay_amount")
    assert [split.dimension for split in found.splits] == ["region"]
    assert not any("country" in one.en for one in found.caveats)
    toy.close()
    with_country = query(*toy.opened(), ["pay_amount"], period=DAY, as_of=AS_OF, by=["country"])
    assert any("country" in one.en for one in with_country.notes)
