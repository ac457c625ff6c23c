"""A shop's own `metrics.toml`: what it can say, and how every fault is told with its line."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests.metrics.conftest import Toy

from duoshou.cli import main
from duoshou.metrics import BrokenDefinition, load_catalogue
from duoshou.model import Period

ENTRY = """
[[metric]]
key = "{key}"
title = {{ zh = "{key}标题", en = "{key} title" }}
formula = {{ zh = "公式", en = "formula" }}
unit = "money"
additivity = "{rule}"
date_base = "paid"
refunds = "counted"
purpose = {{ zh = "看", en = "see" }}
caution = {{ zh = "无", en = "none" }}
{form}
"""
RATIO = 'ratio = { numerator = "refund_amount_by_payment", denominator = "pay_orders" }'


def entry(key: str = "mine", form: str = RATIO, rule: str = "ratio") -> str:
    """Return one metric; `form` is its twelfth line."""
    return ENTRY.format(key=key, form=form, rule=rule)


def refused(tmp_path: Path, text: str) -> BrokenDefinition:
    """Return the error that the text gives."""
    own = tmp_path / "metrics.toml"
    own.write_text(text, encoding="utf-8")
    with pytest.raises(BrokenDefinition) as broken:
        load_catalogue(own)
    assert broken.value.place.file == str(own)
    return broken.value


def measured(measure: str) -> str:
    """Return a metric that is measured; the measure is on its twelfth line."""
    return entry(form=f"source = [{{ {measure} }}]", rule="additive")


LINE = 'use = "order_line", '
SHOP = 'use = "shop_period", sum = "visitors", '
CASES = [
    (entry(form=""), 3, "exactly one way", "total"),
    (entry(form=RATIO + '\nshare = { of = "pay_amount" }'), 13, "exactly one way", "total"),
    (entry(form='ratio = { numerator = "refnd_amount", denominator = "pay_orders" }'), 12, "refnd_amount", "refund"),
    (entry(form='ratio = { numerator = "ad_cost" }'), 12, "denominator", "add-a-metric"),
    (entry(form='ratio = { numerator = "mine", denominator = "pay_orders" }'), 12, "itself", "circle"),
    (entry(form='ratio = { numerator = "clicks", denominator = "pay_orders" }'), 12, "no source", "across"),
    (entry(form=RATIO.replace(" }", ", per_day = true }")), 12, "per_day", "across"),
    (measured('use = "order_lines", count = true'), 12, "order_lines", "order_line"),
    (measured(LINE + 'sum = "payd_amount"'), 12, "payd_amount", "paid"),
    (measured(LINE + 'sum = "title"'), 12, "not a number", "count"),
    (measured('use = "order_line"'), 12, "one kind of measure", "sum"),
    (measured(LINE + 'count = true, date = "paid_at"'), 12, "no day", "_on"),
    (measured(LINE + "count = true, negate = true"), 12, "negate", "sum"),
    (measured(LINE + 'count = true, where = [\n{ column = "statuz", equals = "x" }]'), 13, "statuz", "status"),
    (measured(LINE + 'count = true, where = [{ column = "status" }]'), 12, "exactly one test", "none_of"),
    (measured(SHOP + 'within = ["city"]'), 12, "city", "dimension"),
    (measured(SHOP + 'grains = ["year"]'), 12, "year", "month"),
    (entry(rule="additive"), 7, "does not fit", "maturing_ratio"),
    (measured(LINE + 'distinct = "buyer_key"'), 7, "counted once", "distinct"),
    (measured('use = "ad", only = "bid"'), 7, "index", "only"),
    (entry().replace('unit = "money"', 'unit = "euro"'), 6, "euro", "add-a-metric"),
    (entry().replace('unit = "money"', 'unti = "money"'), 6, "unti", "add-a-metric"),
    (entry().replace('caution = { zh = "无", en = "none" }\n', ""), 2, "caution", "add-a-metric"),
    (entry() + "maturity_days = 'a'", 13, "int", "add-a-metric"),
    (entry(key="pay_amount"), 3, "30_trade.toml", "another key"),
    (entry() + entry(), 15, "defined in", "another key"),
    (entry(form=RATIO + '\naliases = ["GMV"]'), 13, "GMV", "alias"),
    (entry().replace("mine title", "Visitors"), 4, "visitors", "alias"),
    (entry(form='sample = "nobody"\n' + RATIO), 12, "nobody", "metric"),
    (entry() + "\nthis is not TOML", 14, "not valid TOML", "add-a-metric"),
    ('[metric]\nkey = "x"', None, "two brackets", "add-a-metric"),
    ("[[metrics]]\nkey = 'x'", None, "[[metric]]", "add-a-metric"),
]


@pytest.mark.parametrize(("text", "row", "said", "hinted"), CASES)
def test_a_mistake_is_told_with_line_and_remedy(
    text: str, row: int | None, said: str, hinted: str, tmp_path: Path
) -> None:
    """Whatever is wrong, the error names the line, what is wrong, and what to write instead."""
    error = refused(tmp_path, text)
    assert said in error.message.en
    assert error.place.row == row
    assert error.hint is not None
    assert hinted in error.hint.en
    assert error.message.zh


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    """Four faulty metrics and a sound one: four problems, in the order of the file, each with its own line."""
    text = (
        entry("one", form="")
        + entry("two", form='ratio = { numerator = "nobody", denominator = "nothing" }')
        + entry("three")
        + entry("four").replace('unit = "money"', 'unit = "euro"')
    )
    error = refused(tmp_path, text)
    assert [problem.place.row for problem in error.problems] == [3, 24, 24, 42]
    assert "4 faults" in error.message.en
    shape = error.to_dict("en")
    assert [problem["row"] for problem in shape["problems"]] == [3, 24, 24, 42]
    assert all(problem["hint"] for problem in shape["problems"])


def test_every_form_can_be_computed(tmp_path: Path, toy: Toy) -> None:
    """A measure, a ratio, a difference and a total of the shop's own give the numbers worked out by hand."""
    own = tmp_path / "metrics.toml"
    own.write_text(
        entry("gifts", 'source = [{ use = "order_line", date = "paid_on", sum = "discount_seller" }]', "additive")
        + entry("gift_rate", 'ratio = { numerator = "gifts", denominator = "pay_amount" }')
        + entry("after_gifts", 'difference = { minuend = "pay_amount", subtrahend = "gifts" }', "additive")
        + entry("given", 'total = { of = ["gifts", "freight", "discount_platform"] }', "additive"),
        encoding="utf-8",
    )
    day = date(2026, 11, 2)
    for number, amount in (("1", 40), ("2", 60)):
        amounts = {"paid_amount": amount, "discount_seller": 5, "discount_platform": 2, "freight": 1}
        toy.add("order_line", {"order_id": number, "created_on": day, "paid_on": day, **amounts})
    warehouse = Toy.__new__(Toy)
    warehouse.__dict__.update({**toy.__dict__, "_catalogue": load_catalogue(own), "_backend": None})
    (row,) = warehouse.ask("gifts", "gift_rate", "after_gifts", "given", period=Period.of_day(day)).rows
    warehouse.close()
    found = {key: value.value for key, value in row.values.items()}
    assert found == {"gifts": 10, "gift_rate": Decimal("0.1"), "after_gifts": 90, "given": 16}


def test_the_commands_know_the_own_metrics(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`metrics KEY` explains it, `query` computes it, and a fault ends with code 2, the word and the line."""
    shop = tmp_path / "shop"
    assert main(["init", str(shop)]) == 0
    own = shop / "metrics.toml"
    own.write_text(entry(), encoding="utf-8")
    place = ["--workspace", str(shop)]
    capsys.readouterr()
    assert main(["metrics", "mine", "--json", *place]) == 0
    assert json.loads(capsys.readouterr().out)["metrics"][0]["title"]["en"] == "mine title"
    assert main(["query", "mine", "--from", "2026-11-01", "--to", "2026-11-02", "--json", *place]) == 0
    assert json.loads(capsys.readouterr().out)["rows"][0]["values"]["mine"]["value"] is None
    own.write_text(entry(form='ratio = { numerator = "nobody", denominator = "pay_orders" }'), encoding="utf-8")
    assert main(["query", "mine", "--last", "7d", "--json", *place]) == 2
    error = json.loads(capsys.readouterr().err)["error"]
    assert (error["row"], "nobody" in error["message"]) == (12, True)
