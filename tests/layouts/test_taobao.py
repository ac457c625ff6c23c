"""Files of Taobao that tell of the same thing complete each other, whatever the order in which they come."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import pytest
from tests.layouts.files import put
from tests.layouts.sample import Sample
from tests.layouts.samples import taobao_ads, taobao_affiliate, taobao_service, taobao_sycm

from duoshou.app import create_workspace, open_workbench

_SERVICE = ("inquiries", "reception", "sales", "ratings")


def _samples(found: Iterable[Sample], *labels: str) -> list[Sample]:
    by_label = {sample.label: sample for sample in found}
    return [by_label[label] for label in labels]


def _row(folder: Path, samples: Iterable[Sample], question: str) -> tuple[object, ...]:
    create_workspace(folder / "shop", name="shop", currency="CNY", timezone="Asia/Shanghai", language="en")
    workbench = open_workbench(folder / "shop")
    for number, sample in enumerate(samples):
        workbench.import_files([put(folder / str(number), sample.file, sample.data)])
    with workbench.reader() as connection:
        [row] = connection.execute(question).fetchall()
    return tuple(row)


@pytest.mark.parametrize("step", [1, -1])
def test_four_reports_of_the_service_desk_make_one_row(tmp_path: Path, step: int) -> None:
    """Each report fills its own columns of the shop's day."""
    labels = [f"qianniu_service_{name}" for name in _SERVICE][::step]
    row = _row(
        tmp_path,
        _samples(taobao_service.SAMPLES, *labels),
        "SELECT agent, inquirers, consulters, received, sales_amount, ratings FROM inquiry_period",
    )
    assert row == ("-", 120, 340, 320, Decimal("6400.00"), 81)


@pytest.mark.parametrize("step", [1, -1])
def test_a_refund_joins_its_affiliate_order(tmp_path: Path, step: int) -> None:
    """The refunded line keeps its commission and status, and has the refund."""
    labels = ["taobao_affiliate_orders-settled", "taobao_affiliate_refunds"][::step]
    row = _row(
        tmp_path,
        _samples(taobao_affiliate.SAMPLES, *labels),
        "SELECT line_id, status, commission, refund_amount, title FROM affiliate_order",
    )
    assert row == ("2930000000000011", "settled", Decimal("54.05"), Decimal("1540.50"), "春秋连衣裙")


@pytest.mark.parametrize("step", [1, -1])
def test_two_item_reports_are_not_added(tmp_path: Path, step: int) -> None:
    """Wanxiangtai and Sycm both tell what the promotion of an item cost: one row, one cost."""
    samples = [
        *_samples(taobao_ads.SAMPLES, "alimama_item-68_columns"),
        *_samples(taobao_sycm.SAMPLES, "sycm_item_promotion"),
    ][::step]
    question = "SELECT count(*), sum(cost) FROM ad_period WHERE report_level = 'item' AND target = '612345678901'"
    assert _row(tmp_path, samples, question) == (1, Decimal("512.25"))
