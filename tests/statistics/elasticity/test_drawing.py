"""Elasticities drawn together, against integration by brute force."""

import numpy as np
import pytest

from duoshou.statistics.elasticity import draw_together, shared_correlation
from duoshou.statistics.elasticity.drawing import BETWEEN, PRIOR_MEAN, PRIOR_SD


@pytest.mark.parametrize("correlation", [0.0, 0.6])
def test_posterior_means_are_those_of_sampling(correlation: float) -> None:
    """Importance sampling of the whole model gives the same means and spread, errors shared or not."""
    y, s = np.array([-1.0, -2.2, -3.5]), np.array([0.3, 0.5, 0.9])
    drawn = draw_together(y, s, np.full(3, 1e9), correlation=correlation)
    noise = np.outer(s, s) * (correlation + (1 - correlation) * np.eye(3))
    rng = np.random.default_rng(1)
    size = 300_000
    mu, tau = rng.normal(PRIOR_MEAN, PRIOR_SD, size), np.abs(rng.normal(0, BETWEEN, size))
    total = noise + tau[:, None, None] ** 2 * np.eye(3)
    inverse, apart = np.linalg.inv(total), y - mu[:, None]
    logs = -0.5 * (np.linalg.slogdet(total)[1] + np.einsum("ni,nij,nj->n", apart, inverse, apart))
    weights = np.exp(logs - logs.max())
    weights /= weights.sum()
    means = mu[:, None] + tau[:, None] ** 2 * np.einsum("nij,nj->ni", inverse, apart)
    within = tau[:, None, None] ** 2 * np.eye(3) - tau[:, None, None] ** 4 * inverse
    theta = means + np.sqrt(np.einsum("nii->ni", within)) * rng.normal(size=(size, 3))
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


def test_shared_errors_are_seen_and_are_not_averaged_away() -> None:
    """Twelve products with one error in common leave the category as unsure as one of them."""
    rng = np.random.default_rng(2)
    common = rng.normal(size=26)
    alike = [common + 0.3 * rng.normal(size=26) for _ in range(12)]
    apart = [rng.normal(size=26) for _ in range(12)]
    assert shared_correlation(alike) > 0.8
    assert shared_correlation(apart) < 0.1
    assert shared_correlation(apart[:1]) == 0
    y, s, degrees = np.full(12, -2.0), np.full(12, 0.5), np.full(12, 30.0)
    free, shared = draw_together(y, s, degrees), draw_together(y, s, degrees, correlation=0.9)
    assert shared.category_high - shared.category_low > 1.8 * (free.category_high - free.category_low)


def test_no_product_at_all_is_the_published_mean() -> None:
    """Without any estimate the category is what was published, held loosely."""
    drawn = draw_together(np.array([np.nan]), np.array([np.nan]), np.array([0.0]))
    assert drawn.mean[0] == pytest.approx(PRIOR_MEAN)
    assert drawn.low[0] < PRIOR_MEAN - PRIOR_SD
