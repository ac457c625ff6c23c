"""Panels with unit effects: against dummies, and the orange-juice panel."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duoshou.statistics.elasticity import fit_panel


def made(seed: int, units: int = 12, weeks: int = 30) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return outcome, features and unit of a panel."""
    rng = np.random.default_rng(seed)
    unit = np.repeat(np.arange(units), weeks)
    features = rng.normal(size=(units * weeks, 3)) + rng.normal(size=units)[unit][:, None]
    outcome = features @ np.array([-2.0, 0.5, 0.1]) + rng.normal(size=units)[unit] + rng.normal(size=units * weeks)
    return outcome, features, unit


def test_estimates_and_errors_are_those_of_a_regression_with_dummies() -> None:
    """The within estimator equals least squares with a dummy for each unit, and so does its sandwich."""
    outcome, features, unit = made(1)
    fit = fit_panel(outcome, features, unit, ("own", "other", "flag"))
    whole = np.column_stack([features, (unit[:, None] == np.unique(unit)[None, :]).astype(float)])
    beta, *_ = np.linalg.lstsq(whole, outcome, rcond=None)
    bread = np.linalg.inv(whole.T @ whole)
    apart = outcome - whole @ beta
    meat = sum(np.outer(s, s) for one in np.unique(unit) for s in [whole[unit == one].T @ apart[unit == one]])
    groups, n, k = 12, len(outcome), 3
    variance = groups / (groups - 1) * (n - 1) / (n - k) * bread @ meat @ bread
    assert np.allclose(fit.estimates, beta[:3])
    assert np.allclose(fit.errors, np.sqrt(np.diag(variance))[:3])


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000), st.floats(-5, 5), st.floats(0.1, 10))
def test_levels_of_units_do_not_matter(seed: int, shift: float, scale: float) -> None:
    """Adding a level to each unit changes nothing; scaling a feature scales its coefficient."""
    outcome, features, unit = made(seed)
    names = ("own", "other", "flag")
    one = fit_panel(outcome, features, unit, names)
    other = fit_panel(outcome + shift * unit, features * np.array([scale, 1, 1]), unit, names)
    assert np.allclose(one.estimates * np.array([1 / scale, 1, 1]), other.estimates)
    assert np.allclose(one.errors * np.array([1 / scale, 1, 1]), other.errors)


def test_what_cannot_be_fitted_is_said() -> None:
    """Few units, collinear features and holes are errors."""
    outcome, features, unit = made(2)
    with pytest.raises(ValueError, match="units"):
        fit_panel(outcome, features, unit * 0, ("a", "b", "c"))
    with pytest.raises(ValueError, match="collinear"):
        fit_panel(outcome, np.column_stack([features[:, :2], features[:, 0]]), unit, ("a", "b", "c"))
    with pytest.raises(ValueError, match="finite"):
        fit_panel(outcome * np.nan, features, unit, ("a", "b", "c"))


@pytest.mark.shared_data
def test_orange_juice_has_the_published_elasticities(shared_data: Path) -> None:
    """Brand 1 answers its price by −2.78 and brand 4 by −3.85, as a regression with dummies of stores says too."""
    import pandas as pd

    table = pd.read_parquet(shared_data / "retail_panels_bayesm" / "orangeJuice_yx.parquet")
    prices = [f"price{brand}" for brand in range(1, 12)]
    for brand, published in ((1, -2.78), (4, -3.85), (11, -1.00)):
        sold = table[table["brand"] == brand]
        features = np.column_stack([np.log(sold[prices].to_numpy()), sold["deal"], sold["feat"]]).astype(float)
        outcome, store = sold["logmove"].to_numpy(float), sold["store"].to_numpy().astype(np.int64)
        fit = fit_panel(outcome, features, store, [*prices, "deal", "feat"])
        dummies = (store[:, None] == np.unique(store)[None, :]).astype(float)
        independent, *_ = np.linalg.lstsq(np.column_stack([features, dummies]), outcome, rcond=None)
        assert fit.estimates[brand - 1] == pytest.approx(published, abs=0.006)
        assert np.allclose(fit.estimates, independent[:13], atol=1e-6)
        assert fit.low[brand - 1] < published < fit.high[brand - 1]
