"""Signals of one trouble become one, and none is lost."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from duoshou.analysts.diagnosis.causes import cause_library
from duoshou.analysts.diagnosis.grouping import grouped
from duoshou.analysts.diagnosis.troubles import Trouble

DAY = date(2026, 7, 20)
CAUSES = {one.key: one for one in cause_library()}
TOLD = sorted(key for key, one in CAUSES.items() if not one.silent)


def trouble(cause: str, name: str, days: int = 5) -> Trouble:
    """Return a trouble of the kind of subject in which its cause shows."""
    found = CAUSES[cause]
    return Trouble(found.subject, name, DAY - timedelta(days=days), DAY, ((found, 1.0),), 0.5, 9.0, {}, unseen=False)


def test_a_slow_agent_and_a_slow_desk_are_one() -> None:
    """The shop's signal goes into that of the agent, who is the one to be spoken to."""
    agent, desk = trouble("slow_replies", "小满", 7), trouble("slow_desk", "", 3)
    (group,) = grouped([desk, agent], lambda _: None)
    assert (group.lead, group.members) == (agent, (desk,))


def test_a_shop_that_converts_less_is_the_product_only_if_that_carries_half() -> None:
    """A product that explains a tenth of the shop's loss leaves the shop's trouble standing."""
    shop, product = trouble("shop_converts_less", ""), trouble("page_broken_wireless", "p1")
    money = {shop.type: 1000.0, product.type: 100.0}
    assert len(grouped([shop, product], lambda one: money[one.type])) == 2
    money[product.type] = 700.0
    (group,) = grouped([shop, product], lambda one: money[one.type])
    assert group.lead == product


def test_provinces_with_slow_parcels_are_one_led_by_the_dearest() -> None:
    """Several provinces that slow down together are one trouble."""
    provinces = [trouble("slow_logistics", name) for name in ("甘肃", "青海", "宁夏")]
    money = {"甘肃": 10.0, "青海": 90.0, "宁夏": 40.0}
    (group,) = grouped(provinces, lambda one: money[one.name])
    assert group.lead.name == "青海"
    assert {one.name for one in group.members} == {"甘肃", "宁夏"}


@given(
    st.lists(st.tuples(st.sampled_from(TOLD), st.sampled_from("abcd"), st.integers(0, 9)), max_size=12, unique=True),
    st.integers(0, 5),
)
def test_every_signal_is_in_exactly_one_group(given_: list[tuple[str, str, int]], seed: int) -> None:
    """Whatever comes together, nothing is lost and nothing told twice."""
    troubles = [trouble(cause, name, days) for cause, name, days in given_]
    groups = grouped(troubles, lambda one: float((len(one.name) * 7 + one.days * 13 + seed) % 11))
    told = [one for group in groups for one in (group.lead, *group.members)]
    assert sorted(map(id, told)) == sorted(map(id, troubles))
