"""The section `[costs]`."""

from __future__ import annotations

from datetime import date

import pytest

from duoshou.settings import SettingsError, parse_settings, render_template
from duoshou.settings.schema import CostRule, CostSettings, Settings, UnitCost

WHOLE = CostSettings(
    rules=(CostRule(platform_fee_rate=0.05), CostRule(valid_from=date(2026, 3, 1), shop="main", freight_per_order=3.5)),
    units=(UnitCost(sku='A"1', cost=12.5), UnitCost(sku="B", cost=0, valid_from=date(2026, 1, 1), currency="USD")),
)


def problems(text: str) -> list[tuple[str, int | None]]:
    """Return key and line of every problem of `text`."""
    with pytest.raises(SettingsError) as caught:
        parse_settings(text, environment={})
    return [(problem.key, problem.line) for problem in caught.value.problems]


def test_rules_and_units_are_read() -> None:
    """What is not written stays unsaid; 0 is a value."""
    costs = parse_settings(
        "[[costs.rule]]\nvalid_from = 2026-01-01\nfreight_per_order = 0\n[[costs.unit]]\nsku = 'a'\ncost = 3\n",
        environment={},
    )[0].costs
    assert costs.rules == (CostRule(valid_from=date(2026, 1, 1), freight_per_order=0.0),)
    assert costs.rules[0].packaging_per_order is None
    assert costs.units == (UnitCost(sku="a", cost=3.0),)


def test_what_was_written_comes_back() -> None:
    """The template writes rules and units so that they are read again."""
    assert parse_settings(render_template(Settings(costs=WHOLE)), environment={})[0].costs == WHOLE


def test_every_fault_names_its_own_line() -> None:
    """A key that other rules lack is found below the header of its own rule."""
    text = (
        "[[costs.rule]]\n\n[[costs.rule]]\nplatform_fee_rate = 5\n[[costs.rule]]\nplatform_fee_rate = 0.1\n"
        "freight_per_order = -1\nnonsense = 1\n[[costs.unit]]\nsku = 'a'\n[[costs.unit]]\nsku = ''\ncost = inf\n"
    )
    assert problems(text) == [
        ("costs.rule.platform_fee_rate", 4),
        ("costs.rule.freight_per_order", 7),
        ("costs.rule.nonsense", 8),
        ("costs.unit", 9),
        ("costs.unit.sku", 12),
        ("costs.unit.cost", 13),
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[[costs.rule]]\nshop = 'main'\n[[costs.rule]]\nshop = 'nobody'\n", 4),
        ("[[costs.rule]]\nplatform = 'taobao'\n[[costs.rule]]\nplatform = 'TaoBao'\ncurrency = 'CNY'\n", 3),
        ("[[costs.unit]]\nsku = 'a'\ncost = 1\n[[costs.unit]]\nsku = 'a'\ncost = 2\n", 4),
        ("[costs]\nrule = 3\n", 2),
    ],
)
def test_what_cannot_be_meant_is_refused(text: str, line: int) -> None:
    """An unknown shop, two rules or two costs for the same thing and day, a value for a table."""
    assert [place for _, place in problems(text)] == [line]


def test_the_same_code_may_cost_differently_by_day_shop_and_currency() -> None:
    """Only what is the same in every respect contradicts itself."""
    one = "[[costs.unit]]\nsku = 'a'\ncost = 1\n"
    text = one + one + "valid_from = 2026-01-01\n" + one + "shop = 'main'\n" + one + "currency = 'USD'\n"
    assert len(parse_settings(text, environment={})[0].costs.units) == 4
