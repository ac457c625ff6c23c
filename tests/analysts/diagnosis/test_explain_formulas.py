"""The trees of `drivers.toml`."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import pytest

from duoshou.analysts.diagnosis.explain_formulas import Tree, formulas_of, load_drivers
from duoshou.metrics import load_catalogue

TREES = load_drivers().tree
Powers = tuple[Counter[str], Fraction]


def powers(key: str, sign: int = 1) -> Powers:
    """Return a metric as measured metrics with their powers, and its constant factor; sums count as measured."""
    ratio = load_catalogue().metrics[key].ratio
    if ratio is None:
        return Counter({key: sign}), Fraction(1)
    (above, first), (below, second) = powers(ratio.numerator, sign), powers(ratio.denominator, -sign)
    above.update(below)
    return above, first * second * Fraction(ratio.scale) ** sign


@pytest.mark.parametrize("tree", TREES, ids=lambda tree: f"{tree.metric}={'*'.join(tree.factors)}")
def test_each_tree_is_an_identity(tree: Tree) -> None:
    """Written out by the catalogue's definitions, the factors over the divisors cancel to the metric itself."""
    total: Counter[str] = Counter()
    scale = Fraction(1)
    for keys, sign in ((tree.factors, 1), (tree.divisors, -1)):
        for key in keys:
            found, factor = powers(key, sign)
            total.update(found)
            scale *= factor
    expected, factor = powers(tree.metric)
    assert {key: power for key, power in total.items() if power} == {
        key: power for key, power in expected.items() if power
    }
    assert scale == factor


def test_default_dimensions_exist() -> None:
    """Each default dimension is one of the registry, named once."""
    names = load_drivers().default_dimensions
    assert len(set(names)) == len(names)
    assert set(names) <= set(load_catalogue().dimensions)


def test_every_derived_metric_has_a_formula() -> None:
    """A ratio has its two sides, a difference and a total their terms; all else has trees or none."""
    catalogue = load_catalogue()
    with_tree = {tree.metric for tree in TREES}
    for key, metric in catalogue.metrics.items():
        expected = bool(metric.ratio or metric.difference or metric.total) or key in with_tree
        assert bool(formulas_of(catalogue, key)) == expected
        for formula in formulas_of(catalogue, key, within=True):
            assert key in with_tree or not formula.is_product
