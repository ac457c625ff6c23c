"""The catalogue holds together, speaks both languages, and explains what is wrong with a definition."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.metrics.canonical import table_columns
from tests.metrics.conftest import Toy

from duoshou.metrics import BrokenDefinition, Catalogue, Metric, UnknownName, load_catalogue
from duoshou.metrics.definition import Additivity, Unit
from duoshou.metrics.source import SourceKind

RELIED_ON = {
    "visitors",
    "page_views",
    "impressions",
    "clicks",
    "click_through_rate",
    "favourites",
    "cart_adds",
    "pay_orders",
    "pay_buyers",
    "pay_units",
    "pay_amount",
    "pay_conversion_rate",
    "spend_per_buyer",
    "order_value",
    "value_per_visitor",
    "refund_amount",
    "refund_rate",
    "net_pay_amount",
    "gross_margin",
    "gross_margin_rate",
    "ad_cost",
    "ad_sales",
    "cost_per_click",
    "roas",
    "acos",
    "score_description",
    "score_service",
    "score_logistics",
}
OWN = """
[[metric]]
key = "{key}"
title = {{ zh = "每单退款", en = "Refund per order" }}
formula = {{ zh = "退款 ÷ 订单", en = "refunds ÷ orders" }}
unit = "money"
additivity = "ratio"
date_base = "paid"
refunds = "counted"
purpose = {{ zh = "看", en = "see" }}
caution = {{ zh = "无", en = "none" }}
"""


def test_the_keys_that_other_parts_rely_on_exist(catalogue: Catalogue) -> None:
    """No key of the design's contract is missing, and there are at least 140 metrics."""
    assert not RELIED_ON - set(catalogue.metrics)
    assert len(catalogue.metrics) >= 140


def test_every_text_is_written_in_both_languages(catalogue: Catalogue) -> None:
    """Title, formula, purpose and caution are there in Chinese and in English."""
    for metric in catalogue.metrics.values():
        for text in (metric.title, metric.formula, metric.purpose, metric.caution):
            assert text.zh.strip(), metric.key
            assert text.en.strip(), metric.key


def test_every_name_means_one_metric(catalogue: Catalogue) -> None:
    """No alias, title or key stands for two metrics."""
    seen: dict[str, str] = {}
    for metric in catalogue.metrics.values():
        for name in {
            metric.key,
            metric.title.zh,
            metric.title.en.lower(),
            *(alias.lower() for alias in metric.aliases),
        }:
            assert seen.setdefault(name, metric.key) == metric.key, name


def test_every_column_exists(catalogue: Catalogue) -> None:
    """Sources, dimensions and measures name columns of the canonical tables."""
    tables = table_columns()
    for source in catalogue.sources.values():
        columns = set(tables[source.table]) | set(source.derived_columns())
        named = {source.date, *source.days, *source.fixed, *source.excluded, *source.dimensions.values(), "exported_at"}
        named |= {end for span in source.spans.values() for end in (span.start, span.end)}
        named |= {source.product} if source.product else set()
        named |= {"shop"} if source.shop else set()
        named |= {source.variant} if source.variant else set()
        named |= {*source.variant_of, *((source.parts.column, source.parts.measure) if source.parts else ())}
        named |= {name for name, has in (("currency", source.currency), ("platform", source.platform)) if has}
        named |= {"grain"} if source.kind is SourceKind.STORED and source.grain is None else set()
        assert named <= columns, source.key
        assert set(source.dimensions) <= set(catalogue.dimensions)
        assert set(source.whole) | set(source.distinct_within) | set(source.apart) <= set(source.dimensions)
    for metric in catalogue.metrics.values():
        for measure in metric.source:
            source = catalogue.sources[measure.use]
            columns = set(tables[source.table]) | set(source.derived_columns())
            assert set(measure.named_columns()) <= columns, metric.key


def test_agreements_name_what_exists(catalogue: Catalogue) -> None:
    """Platforms that agree or differ are named for metrics and tables that exist."""
    tables = {source.table for source in catalogue.sources.values()}
    for agreement in catalogue.agreements:
        assert set(agreement.metrics) <= set(catalogue.metrics)
        assert set(agreement.tables) <= tables
        assert set(agreement.basis.values()) <= set(catalogue.bases)


def test_units_and_rules_fit(catalogue: Catalogue) -> None:
    """People are distinct or a stock, money is never distinct, rates are never added."""
    for metric in catalogue.metrics.values():
        if metric.unit is Unit.PEOPLE:
            assert metric.additivity in {Additivity.DISTINCT, Additivity.LAST_VALUE}, metric.key
        if metric.unit is Unit.RATE and metric.additivity is not Additivity.INDEX:
            assert metric.additivity not in {Additivity.ADDITIVE, Additivity.DISTINCT}, metric.key
        if metric.additivity is Additivity.MATURING_RATIO:
            assert metric.maturity_days > 0, metric.key
        if metric.unit is Unit.MONEY:
            assert metric.additivity is not Additivity.DISTINCT, metric.key


def test_a_ratio_of_people_is_known_as_one(catalogue: Catalogue) -> None:
    """A ratio with people above or below is a distinct ratio, which is exact only from one row or from orders."""
    for metric in catalogue.metrics.values():
        if metric.ratio:
            leaves = [catalogue.metrics[leaf] for leaf in catalogue.leaves(metric.key)]
            people = any(leaf.additivity is Additivity.DISTINCT for leaf in leaves)
            assert people == (metric.additivity is Additivity.DISTINCT_RATIO), metric.key


@pytest.mark.parametrize("name", ["roas", "ROAS", "投产比", " roi ", "Return on ad spend", "投入产出比"])
def test_a_metric_answers_to_its_platform_names(name: str, catalogue: Catalogue) -> None:
    """Key, title and platform alias in any case lead to the same metric."""
    assert catalogue.metric(name).key == "roas"


def test_an_unknown_name_is_answered_with_the_nearest(catalogue: Catalogue) -> None:
    """A slip of the finger gets a proposal, a wild guess the way to the list."""
    with pytest.raises(UnknownName) as slip:
        catalogue.metric("pay_amonut")
    assert slip.value.hint is not None
    assert "pay_amount" in slip.value.hint.en
    with pytest.raises(UnknownName) as guess:
        catalogue.metric("xyzzy")
    assert guess.value.hint is not None
    assert "duoshou metrics" in guess.value.hint.en
    with pytest.raises(UnknownName) as dimension:
        catalogue.dimension("provinec")
    assert dimension.value.hint is not None
    assert "region" in dimension.value.hint.en


def test_a_shop_adds_its_own_metric(tmp_path: Path) -> None:
    """A `metrics.toml` of the workspace is read after the shipped files; without one nothing changes."""
    own = tmp_path / "metrics.toml"
    assert load_catalogue(own) is load_catalogue()
    ratio = 'ratio = { numerator = "refund_amount_by_payment", denominator = "pay_orders" }\n'
    own.write_text(OWN.format(key="refund_per_order") + ratio, encoding="utf-8")
    catalogue = load_catalogue(own)
    assert catalogue.metric("每单退款").key == "refund_per_order"
    assert catalogue.sources_of("refund_per_order") == ("order_line", "shop_period", "product_period")
    assert catalogue.files["refund_per_order"] == str(own)


@pytest.mark.parametrize(
    ("key", "rest", "said"),
    [
        ("pay_amount", 'ratio = { numerator = "refund_amount", denominator = "pay_orders" }', "30_trade.toml"),
        ("x", "", "exactly one way"),
        ("x", 'ratio = { numerator = "refund_amount", denominator = "nonsense" }', "nonsense"),
        ("x", 'ratio = { numerator = "x", denominator = "pay_orders" }', "itself"),
        ("x", 'ratio = { numerator = "clicks", denominator = "pay_orders" }', "no source in common"),
        ("x", 'ratio = { numerator = "ad_cost" }', "x"),
        ("x", 'nonsense = "1"', "nonsense"),
        ("x", 'source = [{ use = "nowhere", sum = "a" }]', "nowhere"),
        ("x", 'source = [{ use = "order_line" }]', "exactly one kind"),
        ("x", 'source = [{ use = "order_line", count = true, where = [{ column = "status" }] }]', "exactly one test"),
        ("x", 'source = [{ use = "order_line", sum = "paid_amount" }]', "does not fit"),
        ("x", "this is not TOML", "TOML"),
    ],
)
def test_a_broken_definition_names_file_key_and_remedy(key: str, rest: str, said: str, tmp_path: Path) -> None:
    """Whatever is wrong with a definition, the error says where and what to do."""
    own = tmp_path / "metrics.toml"
    own.write_text(OWN.format(key=key) + rest, encoding="utf-8")
    with pytest.raises(BrokenDefinition) as broken:
        load_catalogue(own)
    assert broken.value.place.file == str(own)
    assert said in broken.value.message.en
    assert broken.value.hint is not None


def test_people_cannot_be_declared_additive(tmp_path: Path) -> None:
    """A count of distinct buyers that calls itself additive is refused."""
    own = tmp_path / "metrics.toml"
    text = OWN.format(key="x").replace('"ratio"', '"additive"').replace('"money"', '"people"')
    own.write_text(text + 'source = [{ use = "order_line", distinct = "buyer_key" }]', encoding="utf-8")
    with pytest.raises(BrokenDefinition, match="counted once"):
        load_catalogue(own)


def test_a_file_in_another_encoding_is_explained(tmp_path: Path) -> None:
    """A file saved as GB18030 is an error message, not a traceback."""
    own = tmp_path / "metrics.toml"
    own.write_text(OWN.format(key="x"), encoding="gb18030")
    with pytest.raises(BrokenDefinition) as broken:
        load_catalogue(own)
    assert broken.value.hint is not None
    assert "UTF-8" in broken.value.hint.en


def test_every_metric_can_be_asked_of_an_empty_warehouse(toy: Toy, catalogue: Catalogue) -> None:
    """Before anything is imported every metric is unknown, and none is an error."""
    from datetime import date

    from duoshou.model import Period

    names = [key for key, metric in catalogue.metrics.items() if not metric.share]
    (row,) = toy.ask(*names, period=Period.of_day(date(2026, 11, 2))).rows
    assert all(one.value is None and one.source is None for one in row.values.values())


def test_the_metric_of_the_glossary_is_complete(catalogue: Catalogue) -> None:
    """What the glossary prints can be had from the metric and the catalogue."""
    metric: Metric = catalogue.metric("pay_conversion_rate")
    assert catalogue.parts(metric.key) == ("pay_buyers", "visitors")
    assert catalogue.sources_of(metric.key)[:3] == ("shop_period", "category_period", "product_period")
    assert {"shop", "platform", "product", "terminal", "category", "traffic_source"} <= set(
        catalogue.dimensions_of(metric.key)
    )
