"""Few subjects in a great sale are held against the sales that the shop lived through before."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.analysts.diagnosis.planted import DAYS, FIRST, PLANTED, few, products, scanner

from duoshou.analysts.diagnosis.reading import SubjectSeries
from duoshou.analysts.diagnosis.troubles import find_troubles

LAST = FIRST + timedelta(days=DAYS - 1)
LEAST = 5.0
VISITS = ("search", "recommendation", "other")


def held(*spans: tuple[int, int]) -> NDArray[np.bool_]:
    """Return the days of sales: the last four, and others."""
    days = np.zeros(DAYS, dtype=np.bool_)
    days[-4:] = True
    for first, end in spans:
        days[first:end] = True
    return days


def in_sales(series: SubjectSeries, sales: NDArray[np.bool_], scatter: float) -> SubjectSeries:
    """Return few subjects who all have more or fewer visitors on the days of sales, as nobody foresees."""
    series = few(series)
    factor = np.where(sales, np.exp(np.random.default_rng(5).normal(0, scatter, DAYS)), 1.0)
    for one in series.features:
        if one.feature.key in VISITS:
            one.values[:] = np.round(one.values * factor)
    return series


BEFORE = held((60, 75), (100, 115), (150, 165))


@pytest.mark.parametrize(("sales", "told"), [(BEFORE, True), (held(), False)])
def test_a_trouble_in_a_sale_is_told_where_the_shop_knows_sales(sales: NDArray[np.bool_], told: bool) -> None:
    """Three quarters of the search visitors are gone: with sales before it is told, in the first sale nothing is."""
    scan = scanner(in_sales(products(1, search=(3, -1.4)), sales, 0.15), sales).at(DAYS - 1)
    troubles = find_troubles(scan, LAST, (), LEAST)
    assert [one.name for one in troubles] == [f"p{PLANTED}"] * told
    assert bool(scan.left_out.all()) is not told


def test_what_sales_always_do_is_no_trouble() -> None:
    """Where past sales scattered by two thirds, this one is held against that and not against quiet days."""
    calm, wild = (scanner(in_sales(products(1), BEFORE, one), BEFORE).at(DAYS - 1) for one in (0.02, 0.6))
    window = wild.lengths.index(1)
    column = [one.feature.key for one in wild.series.features].index("search")
    assert (wild.deviations[:, window, column] > 3 * calm.deviations[:, window, column]).all()
    assert find_troubles(wild, LAST, (), LEAST) == []


def test_many_subjects_are_judged_beside_one_another() -> None:
    """Thirty products tell by themselves what a sale does to all of them: nothing is left out, known sales or not."""
    scan = scanner(products(1, search=(3, -1.4)), held()).at(DAYS - 1)
    assert not scan.left_out.any()
    assert [one.name for one in find_troubles(scan, LAST, (), LEAST)] == [f"p{PLANTED}"]
