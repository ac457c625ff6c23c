"""How often customers buy, whether they still do, and what they spend: against published fits and known truth."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from duoshou.statistics.lifetime.leaving import expected_orders, fit_leaving, probability_staying
from duoshou.statistics.lifetime.purchases import (
    NotFitted,
    PurchaseModel,
    expected_purchases,
    expected_total,
    fit_purchases,
    histories,
    probability_active,
)
from duoshou.statistics.lifetime.searching import axes_near
from duoshou.statistics.lifetime.spending import expected_amount, fit_spending

Floats = NDArray[np.float64]
PUBLISHED = PurchaseModel(0.243, 4.414, 0.793, 2.426, -9582.4, None)


@pytest.fixture(scope="module")
def cdnow(shared_data: Path) -> dict[str, Floats]:
    """The 2,357 customers of the sample that the sources publish."""
    path = shared_data / "cdnow" / "cdnow_customers_summary_with_transactions.csv"
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {name: np.array([float(row[name]) for row in rows]) for name in ("x", "t_x", "T", "zbar")}


@pytest.mark.shared_data
def test_the_published_fit_of_bg_nbd_is_found(cdnow: dict[str, Floats]) -> None:
    """Fader, Hardie and Lee (2005): .243, 4.414, .793, 2.426, log-likelihood −9582.43."""
    model = fit_purchases(histories(cdnow["x"], cdnow["t_x"], cdnow["T"]))
    assert model.parameters == pytest.approx([0.243, 4.414, 0.793, 2.426], abs=6e-4)
    assert model.log_likelihood == pytest.approx(-9582.43, abs=0.01)
    assert model.covariance is not None


@pytest.mark.shared_data
def test_the_published_fit_of_pareto_nbd_is_found(cdnow: dict[str, Floats]) -> None:
    """Fader, Hardie and Lee (2005): .553, 10.578, .606, 11.669, log-likelihood −9595.0."""
    model = fit_leaving(histories(cdnow["x"], cdnow["t_x"], cdnow["T"]))
    assert model.parameters == pytest.approx([0.553, 10.578, 0.606, 11.669], rel=2e-3)
    assert model.log_likelihood == pytest.approx(-9595.0, abs=0.05)


@pytest.mark.shared_data
def test_the_published_fit_of_gamma_gamma_is_found(cdnow: dict[str, Floats]) -> None:
    """Fader and Hardie (2013): 6.25, 3.74, 15.45, a mean of 35.2 over all customers."""
    again = cdnow["x"] > 0
    model = fit_spending(cdnow["x"][again], cdnow["zbar"][again])
    assert [model.p, model.q, model.gamma] == pytest.approx([6.25, 3.74, 15.45], abs=6e-3)
    assert model.mean == pytest.approx(35.2, abs=0.1)
    assert expected_amount(model, 0, 0) == pytest.approx(model.mean)


def test_the_published_expectation_of_one_customer_is_met() -> None:
    """With two repeats, the last after 30.43 of 38.86 weeks: 1.226 purchases in the next 39 weeks."""
    assert expected_purchases(PUBLISHED, 2, 30.43, 38.86, 39) == pytest.approx(1.226, abs=1e-3)


def simulated(model: PurchaseModel, size: int, until: float, later: float) -> tuple[Floats, Floats, Floats, Floats]:
    """Return repeats, last, age and later purchases of customers that the model itself makes."""
    random = np.random.default_rng(20)
    rate = random.gamma(model.r, 1 / model.alpha, size)
    leaves = random.geometric(np.clip(random.beta(model.a, model.b, size), 1e-12, 1))
    age = random.uniform(0.3, 1, size) * until
    found = np.zeros((3, size))
    for one in range(size):
        times = np.cumsum(random.exponential(1 / max(rate[one], 1e-12), min(int(leaves[one]), 400)))
        seen = times[times <= age[one]]
        found[:, one] = (
            len(seen),
            (seen[-1] if len(seen) else 0),
            ((times > age[one]) & (times <= age[one] + later)).sum(),
        )
    return found[0], found[1], age, found[2]


def test_known_truth_is_found_again() -> None:
    """Of customers that the model makes, the parameters lie in their intervals and the later purchases add up."""
    truth = PurchaseModel(0.9, 12.0, 0.8, 2.5, 0.0, None)
    repeats, last, age, later = simulated(truth, 6000, 100.0, 50.0)
    model = fit_purchases(histories(repeats, last, age))
    assert model.covariance is not None
    off = np.log(model.parameters) - np.log(truth.parameters)
    assert (np.abs(off) < 3.5 * np.sqrt(np.diag(model.covariance))).all()
    told = expected_purchases(model, repeats, last, age, 50.0)
    assert told.sum() == pytest.approx(later.sum(), rel=0.06)
    active = probability_active(model, repeats, last, age)
    assert ((active > 0) & (active <= 1)).all()


def test_both_models_foresee_much_the_same() -> None:
    """On the same customers, leaving after purchases or at any time: totals differ by less than a fifth."""
    repeats, last, age, _ = simulated(PurchaseModel(0.9, 12.0, 0.8, 2.5, 0.0, None), 1500, 100.0, 50.0)
    data = histories(repeats, last, age)
    one = expected_purchases(fit_purchases(data), repeats, last, age, 50.0).sum()
    leaving = fit_leaving(data)
    other = expected_orders(leaving, repeats, last, age, 50.0).sum()
    assert other == pytest.approx(one, rel=0.2)
    stays = probability_staying(leaving, repeats, last, age)
    assert ((stays >= 0) & (stays <= 1)).all()


def test_the_unit_of_time_changes_nothing_but_alpha() -> None:
    """Days instead of weeks: the same customers, the same shapes, seven times the rate."""
    repeats, last, age, _ = simulated(PurchaseModel(0.9, 12.0, 0.8, 2.5, 0.0, None), 800, 100.0, 1.0)
    weeks, days = fit_purchases(histories(repeats, last, age)), fit_purchases(histories(repeats, last * 7, age * 7))
    assert days.parameters == pytest.approx(weeks.parameters * [1, 7, 1, 1], rel=2e-3)


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 30),
    st.floats(0.01, 1),
    st.floats(0.5, 300),
    st.floats(0, 400),
    st.floats(0.05, 5),
    st.floats(0.2, 50),
    st.floats(0.05, 5),
    st.floats(0.05, 8),
)
def test_more_time_never_brings_fewer_purchases(
    repeats: int, share: float, age: float, ahead: float, r: float, alpha: float, a: float, b: float
) -> None:
    """The expectation starts at 0, never falls, and never exceeds what an active customer would buy."""
    model = PurchaseModel(r, alpha, a, b, 0.0, None)
    last = age * share if repeats else 0.0
    path = [float(expected_purchases(model, repeats, last, age, ahead * part)) for part in (0, 0.5, 1)]
    assert path[0] == pytest.approx(0, abs=1e-6)
    assert -1e-6 <= path[1] <= path[2] + 1e-6
    assert path[2] <= (r + repeats) / (alpha + age) * ahead * (1 + 1e-6) + 1e-6
    assert float(expected_total(model, ahead)) >= -1e-9


@pytest.mark.parametrize(
    ("repeats", "last", "age"),
    [
        ([1], [5], [4]),
        ([0], [1], [4]),
        ([-1], [0], [4]),
        ([1.5], [1], [4]),
        ([1], [float("nan")], [4]),
        ([1, 2], [1], [4]),
    ],
)
def test_an_impossible_history_is_refused(repeats: list[float], last: list[float], age: list[float]) -> None:
    """A last purchase after the end, none repeated but a last one, half a purchase: not counted as anything."""
    with pytest.raises(ValueError, match=r"."):
        histories(repeats, last, age)


def test_too_few_customers_say_so() -> None:
    """With hardly anybody who came back nothing is fitted; nor with equal amounts."""
    with pytest.raises(NotFitted):
        fit_purchases(histories([0] * 500 + [1] * 5, [0] * 500 + [3] * 5, [10] * 505))
    with pytest.raises(NotFitted):
        fit_leaving(histories([0] * 500, [0] * 500, [10] * 500))
    with pytest.raises(NotFitted):
        fit_spending([2] * 10, [30.0] * 10)
    with pytest.raises(ValueError, match="at least one"):
        fit_spending([0] * 100, [30.0] * 100)


def test_equal_histories_are_counted_together() -> None:
    """Each customer finds their own history again, and the counts add up."""
    data = histories([1, 0, 1, 0], [2.0, 0, 2, 0], [5, 5, 5, 6])
    assert data.customers.sum() == 4
    assert len(data.repeats) == 3
    assert data.age[data.where].tolist() == [5, 5, 5, 6]
    assert data.repeats[data.where].tolist() == [1, 0, 1, 0]


def test_many_histories_are_fitted_as_without_a_first_look_at_some(monkeypatch: pytest.MonkeyPatch) -> None:
    """The search that begins near its end comes to the same parameters and the same uncertainty."""
    data = histories(*simulated(PurchaseModel(0.9, 12.0, 0.8, 2.5, 0.0, None), 4000, 100.0, 0.0)[:3])
    plain = fit_purchases(data)
    monkeypatch.setattr("duoshou.statistics.lifetime.purchases.FEW", 500)
    begun = fit_purchases(data)
    assert begun.log_likelihood == pytest.approx(plain.log_likelihood, rel=1e-9)
    assert begun.parameters == pytest.approx(plain.parameters, rel=1e-3)
    assert plain.covariance is not None
    assert begun.covariance == pytest.approx(plain.covariance, rel=1e-2)


def test_many_histories_of_those_who_leave_at_any_time_are_fitted_as_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same of Pareto/NBD, and the order of the customers changes nothing."""
    x, t, age, _ = simulated(PurchaseModel(0.9, 12.0, 0.8, 2.5, 0.0, None), 4000, 100.0, 0.0)
    plain = fit_leaving(histories(x, t, age))
    monkeypatch.setattr("duoshou.statistics.lifetime.leaving.FEW", 500)
    begun = fit_leaving(histories(x, t, age))
    assert begun.log_likelihood == pytest.approx(plain.log_likelihood, rel=1e-8)
    assert begun.parameters == pytest.approx(plain.parameters, rel=1e-2)
    lot = np.random.default_rng(3).permutation(x.size)
    mixed = fit_leaving(histories(x[lot], t[lot], age[lot]))
    assert mixed.parameters == pytest.approx(begun.parameters, rel=1e-9)


def test_a_parameter_that_is_hardly_known_leads_no_search_astray(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who leaves after purchases alone tells little of leaving at any time: the search still ends where it should."""
    data = histories(*simulated(PurchaseModel(0.6, 10.0, 0.8, 4.0, 0.0, None), 3000, 120.0, 0.0)[:3])
    plain = fit_leaving(data)
    monkeypatch.setattr("duoshou.statistics.lifetime.leaving.FEW", 200)
    begun = fit_leaving(data)
    assert begun.log_likelihood == pytest.approx(plain.log_likelihood, rel=1e-6)
    assert axes_near(np.diag([0.01, 0.01, 0.3, 0.01]), 100.0) is None
    assert axes_near(np.eye(4) * 0.01, 100.0) == pytest.approx(np.eye(4))
    assert axes_near(None, 100.0) is None


def test_expectations_are_there_where_a_and_b_add_up_to_one() -> None:
    """There the series of the published formulas divides by nothing; both sides of it lead to the value."""
    here, *sides = (PurchaseModel(0.7, 3.0, a, 0.3, 0.0, None) for a in (0.7, 0.7 - 1e-6, 0.7 + 1e-6))
    whole = [float(expected_total(one, 5.0)) for one in (here, *sides)]
    assert whole[0] == pytest.approx((whole[1] + whole[2]) / 2, rel=1e-7)
    ahead = [float(expected_purchases(one, 0, 0.0, 9.0, 5.0)) for one in (here, *sides)]
    assert ahead[0] == pytest.approx((ahead[1] + ahead[2]) / 2, rel=1e-7)
    assert whole[0] > ahead[0] > 0
