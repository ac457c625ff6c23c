"""Controls of days and of the other products."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from duoshou.statistics.elasticity import day_controls, others_controls


def test_weekdays_and_trend_span_what_they_say() -> None:
    """Any weekly pattern and any straight line lie within the controls and a constant."""
    design = np.column_stack([np.ones(200), day_controls(200, 3)])
    for wanted in (np.tile(np.arange(7.0) ** 2, 29)[:200], np.arange(200.0)):
        found = design @ np.linalg.lstsq(design, wanted, rcond=None)[0]
        assert np.allclose(found, wanted)


def test_others_follow_shared_demand_and_leave_the_own_out() -> None:
    """Demand that doubles for the others doubles the control, whatever the own product does."""
    units = np.full((3, 20), 100.0)
    units[:, 10:] *= 2
    units[0, :] = np.arange(20)
    price = np.full((3, 20), 10.0)
    price[1, 5] = np.nan
    controls = others_controls(units, price)[0]
    assert np.allclose(controls[10:, 0] - controls[0, 0], np.log(2), atol=0.01)
    assert np.allclose(controls[:, 1], 0)


def test_a_product_that_starts_is_no_demand() -> None:
    """When another product comes on sale the control stays where it was."""
    units = np.full((3, 40), 50.0)
    units[2, :20] = np.nan
    controls = others_controls(units, np.full((3, 40), 10.0))[0]
    assert np.allclose(controls[:, 0], controls[0, 0], atol=1e-3)
    assert np.allclose(others_controls(units[:1], np.full((1, 40), 10.0)), 0)


@given(st.integers(0, 2**32 - 1), st.integers(1, 6))
def test_others_are_all_but_the_own(seed: int, products: int) -> None:
    """Each product's controls are those of the table without its row, however few others were sold or priced."""
    rng = np.random.default_rng(seed)
    units = np.asarray(rng.poisson(rng.gamma(0.5, 4), (products, 15)) * 0.37)
    price = np.asarray(np.exp(rng.normal(3, 0.2, (products, 15))), dtype=np.float64)
    units[rng.random(units.shape) < 0.3] = np.nan
    price[rng.random(units.shape) < 0.4] = np.nan
    found = others_controls(units, price)
    for own in range(products):
        sold, known = np.delete(units, own, 0), np.isfinite(np.delete(price, own, 0))
        logs = [np.log(row[np.isfinite(row)]) for row in np.delete(price, own, 0)]
        weights = np.nansum(sold, axis=1)
        for day in range(15) if weights.sum() else ():
            usual = [w / max(np.isfinite(row).sum(), 1) for w, row in zip(weights, sold, strict=True)]
            expected = sum(each for each, row in zip(usual, sold, strict=True) if np.isfinite(row[day]))
            demand = np.log((np.nansum(sold[:, day]) + 0.5) / (max(expected, 1e-9) + 0.5))
            apart = [
                w * (np.log(row[day]) - middle.mean())
                for w, row, middle, is_known in zip(weights, np.delete(price, own, 0), logs, known[:, day], strict=True)
                if is_known
            ]
            mean = sum(apart) / max(weights[known[:, day]].sum(), 1e-9)
            assert np.allclose(found[own, day], [demand, mean], atol=1e-9)
        if not weights.sum():
            assert not found[own].any()
