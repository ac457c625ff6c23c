"""Elasticities drawn together, against integration by brute force."""

import numpy as np
import pytest

from duoshou.statistics.elasticity import draw_together
from duoshou.statistics.elasticity.drawing import BETWEEN, PRIOR_MEAN, PRIOR_SD


def test_posterior_means_are_those_of_sampling() -> None:
    """Importance sampling of the whole model gives the same means and spread."""
    y, s = np.array([-1.0, -2.2, -3.5]), np.array([0.3, 0.5, 0.9])
    drawn = draw_together(y, s, np.full(3, 1e9))
    rng = np.random.default_rng(1)
    size = 400_000
    mu, tau = rng.normal(PRIOR_MEAN, PRIOR_SD, size), np.abs(rng.normal(0, BETWEEN, size))
    total = s**2 + tau[:, None] ** 2
    logs = -0.5 * (np.log(total) + (y - mu[:, None]) ** 2 / total).sum(axis=1)
    weights = np.exp(logs - logs.max())
    weights /= weights.sum()
    own = tau[:, None] ** 2 / total
    theta = own * y + (1 - own) * mu[:, None] + np.sqrt(own) * s * rng.normal(size=(size, 3))
    assert np.allclose(drawn.mean, weights @ theta, atol=0.02)
    spread = np.sqrt(weights @ (theta - weights @ theta) ** 2)
    assert np.allclose(drawn.sd, spread, atol=0.02)
    assert drawn.category_mean == pytest.approx(float(weights @ mu), abs=0.02)


def test_a_product_without_an_own_estimate_has_the_categorys() -> None:
    """It has the category's mean, and a wider interval than any product that was measured."""
    drawn = draw_together(np.array([-1.5, -1.7, np.nan]), np.array([0.2, 0.3, np.nan]), np.array([9.0, 9.0, 0.0]))
    assert drawn.mean[2] == pytest.approx(drawn.category_mean)
    assert drawn.own_weight[2] == 0
    widths = drawn.high - drawn.low
    assert widths[2] > widths[:2].max()
    assert (drawn.low < drawn.mean).all()
    assert (drawn.mean < drawn.high).all()


def test_sure_products_keep_their_own_and_unsure_ones_move() -> None:
    """The larger the error, the nearer to the category; few degrees count as a larger error."""
    y = np.array([-1.0, -3.0, -5.0])
    drawn = draw_together(y, np.array([0.05, 0.05, 1.5]), np.array([50.0, 50.0, 50.0]))
    assert abs(drawn.mean[0] + 1) < 0.02
    assert drawn.own_weight[2] < drawn.own_weight[0]
    fewer = draw_together(y, np.array([0.05, 0.05, 1.5]), np.array([50.0, 50.0, 3.0]))
    assert fewer.own_weight[2] < drawn.own_weight[2]
