"""Controls of days and of the other products."""

import numpy as np

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
    controls = others_controls(units, price, 0)
    assert np.allclose(controls[10:, 0] - controls[0, 0], np.log(2), atol=0.01)
    assert np.allclose(controls[:, 1], 0)


def test_a_product_that_starts_is_no_demand() -> None:
    """When another product comes on sale the control stays where it was."""
    units = np.full((3, 40), 50.0)
    units[2, :20] = np.nan
    controls = others_controls(units, np.full((3, 40), 10.0), 0)
    assert np.allclose(controls[:, 0], controls[0, 0], atol=1e-3)
    assert np.allclose(others_controls(units[:1], np.full((1, 40), 10.0), 0), 0)
