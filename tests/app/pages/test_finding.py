"""Which numbers a finding is about."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests import business

from duoshou.app.pages.finding import affected
from duoshou.metrics import load_catalogue
from duoshou.model import Finding, Subject

CATALOGUE = load_catalogue()


def moved(zh: str, score: float = -6.0) -> Finding:
    """Return a trouble of an agent of whom one figure moved farthest."""
    rows = ((zh, "figure", -0.4, score), ("询单转化率", "inquiry conversion", -0.1, 1.0))
    return business.finding("agent", impact=None, evidence=(business.moved(rows),))


def test_money_at_stake_is_explained_by_the_sales_of_the_subject() -> None:
    """The sales of the product alone are taken apart."""
    found = affected(CATALOGUE, business.finding("product"))
    assert (found.explained, dict(found.where)) == ("pay_amount", {"product": "product-1"})
    assert affected(CATALOGUE, business.finding("campaign")).explained == "ad_sales"


def test_without_money_what_moved_farthest_is_explained_and_drawn() -> None:
    """A level is its metric; a rate the catalogued ratio of the same two metrics."""
    slow = affected(CATALOGUE, moved("平均响应时长", 33.9))
    assert (slow.explained, slow.drawn, dict(slow.where)) == ("response_time", "response_time", {"agent": "agent-1"})
    rate = affected(CATALOGUE, moved("询单转化率"))
    assert (rate.explained, rate.drawn) == ("inquiry_conversion_rate", "inquiry_conversion_rate")


def test_a_figure_that_no_metric_is_leaves_the_sales() -> None:
    """Orders by device over all visitors are no metric of the catalogue: the sales are drawn."""
    rows = (("无线端成交率", "orders per visitor on phones", -0.4, -6.0),)
    found = affected(CATALOGUE, business.finding("product", evidence=(business.moved(rows),)))
    assert found.drawn == "pay_amount"


def test_the_whole_shop_has_no_filter() -> None:
    """A trouble of the shop is about all of it."""
    assert dict(affected(CATALOGUE, business.finding("shop")).where) == {}


def test_a_score_is_drawn_and_not_explained() -> None:
    """A score's parts do not add up, so there is nothing to take apart."""
    found = affected(CATALOGUE, business.score())
    assert found.explained is None
    assert found.drawn == "score_description"
    whole = replace(business.score(), subject=Subject("score", "scores", "评分"))
    assert affected(CATALOGUE, whole).drawn == "score_description"


@pytest.mark.parametrize("kind", ["data.missing_day", "diagnosis.something_else"])
def test_what_is_about_no_number_has_none(kind: str) -> None:
    """Faults of data, and subjects that nobody watches, have no metric."""
    found = affected(CATALOGUE, business.finding("data", kind=kind))
    assert (found.explained, found.drawn) == (None, None)
