"""BG/NBD for a million customers beside `lifetimes`; CDNOW's second 39 weeks foretold, and apparel month by month.

    PYTHONPATH=src python benchmarks/lifetime.py speed [--customers 1000000]
    PYTHONPATH=src python benchmarks/lifetime.py cdnow CDNOW_master.txt
    PYTHONPATH=src python benchmarks/lifetime.py seasons apparel_transactions.csv

With `lifetimes` in the Python that runs it, `speed` fits the same customers with it, by turns; else with a plain
likelihood of one row a customer. The seconds that are told are the processor's, of the fit alone; `process s` is by the
clock and with the making of the customers.
"""

from __future__ import annotations

import argparse
import importlib.util
from pathlib import Path

import numpy as np
from measure import compare, machine, table

AHEAD = 90
ROUNDS = 2
LOTS = 5
MAKE = """
import numpy as np
random = np.random.default_rng(2)
size = {customers}
whole = {whole}
age = random.uniform(1, 128, size)
age = np.floor(age * 7) / 7 if whole else age
rate, leaving = random.gamma(0.6, 1 / 6.0, size), random.beta(0.8, 2.5, size)
number, last, now, there = np.zeros(size), np.zeros(size), np.zeros(size), np.arange(size)
while there.size:  # as the model says: after a purchase some leave
    now[there] += random.exponential(1 / rate[there])
    there = there[now[there] <= age[there]]
    day = np.ceil(now[there] * 7) / 7 if whole else now[there]
    number[there] += 1 if not whole else day > last[there]
    last[there] = day
    there = there[random.random(there.size) >= leaving[there]]
last = np.minimum(last, age)
"""
OWN = """
from duoshou.statistics.lifetime.purchases import fit_purchases, histories
began = time.process_time()
found = fit_purchases(histories(number, last, age))
report(time.process_time() - began, r=found.r, alpha=found.alpha, a=found.a, b=found.b)
"""
LIFETIMES = """
from lifetimes import BetaGeoFitter
began = time.process_time()
found = BetaGeoFitter().fit(number, last, age)
report(time.process_time() - began, **{name: float(value) for name, value in found.params_.items()})
"""
ROWS = """
from scipy.optimize import minimize
from scipy.special import gammaln
def cost(logs):
    r, alpha, a, b = np.exp(logs)
    first = gammaln(r + number) - gammaln(r) + r * np.log(alpha)
    second = gammaln(a + b) + gammaln(b + number) - gammaln(b) - gammaln(a + b + number)
    stays = -(r + number) * np.log(alpha + age)
    gone = np.log(a) - np.log(b + np.maximum(number, 1) - 1) - (r + number) * np.log(alpha + last)
    return -(first + second + np.logaddexp(stays, np.where(number > 0, gone, -np.inf))).mean()
began = time.process_time()
found = minimize(cost, np.zeros(4), method="Nelder-Mead", options={"maxiter": 2000, "xatol": 1e-6, "fatol": 1e-9})
r, alpha, a, b = np.exp(found.x)
report(time.process_time() - began, r=r, alpha=alpha, a=a, b=b)
"""


def speed(customers: int) -> None:
    """Print the time of the fit and of the rival, times in days and in continuous time."""
    rival = ("lifetimes", LIFETIMES) if importlib.util.find_spec("lifetimes") else ("one row a customer", ROWS)
    print(machine(), f"{customers:,} customers")
    for name, whole in (("times in days", True), ("continuous", False)):
        made = MAKE.format(customers=customers, whole=whole)
        print(table(compare({f"duoshou, {name}": made + OWN, f"{rival[0]}, {name}": made + rival[1]}, ROUNDS)))


def cdnow(file: str) -> None:
    """Print how both models foretell the purchases of 23,570 customers in the second 39 weeks."""
    from duoshou.analysts.customers.models import chosen
    from duoshou.analysts.customers.sampling import Sample
    from duoshou.statistics.lifetime.leaving import expected_orders, fit_leaving
    from duoshou.statistics.lifetime.purchases import expected_purchases, fit_purchases, histories

    rows = np.loadtxt(Path(file), usecols=(0, 1), dtype=np.int64, skiprows=1)
    days = np.array([f"{day // 10000}-{day // 100 % 100:02}-{day % 100:02}" for day in rows[:, 1]], "datetime64[D]")
    both = np.unique(np.stack([rows[:, 0], days.astype(np.int64)]), axis=1)
    customer = np.unique(both[0], return_inverse=True)[1]
    cut = np.datetime64("1997-09-30").astype(np.int64)
    before = both[1] <= cut
    number = np.bincount(customer[before])
    ends = np.cumsum(number)
    early = both[1][before]
    first, last = early[ends - number], early[ends - 1]
    x, t, age = number - 1.0, (last - first) / 7, (cut - first) / 7
    actual = np.bincount(customer[~before], minlength=number.size)
    data = histories(x, t, age)
    print(f"{number.size:,} customers, {actual.sum():,} purchases in the 39 weeks ahead")
    for name, expected in (
        ("BG/NBD", expected_purchases(fit_purchases(data), x, t, age, 39.0)),
        ("Pareto/NBD", expected_orders(fit_leaving(data), x, t, age, 39.0)),
        ("as often as before", x / np.maximum(age, 1e-9) * 39),
    ):
        told(name, expected, actual)
    # The study learns from customers by their hashed keys, which are in no order of time.
    for seed in range(LOTS):
        lot = np.random.default_rng(seed).permutation(number.size)
        mixed = np.concatenate([early[ends[one] - number[one] : ends[one]] for one in lot]).astype(np.float64)
        sample = Sample(np.repeat(np.arange(lot.size), number[lot]), mixed, np.ones(mixed.size))
        model, _ = chosen(sample, float(cut), 39 * 7)
        told(f"study: {model.name}", model.orders(x, t, age, 39 * 7), actual)


def seasons(file: str) -> None:
    """Print how purchases of the next 90 days are foretold month by month, with seasons and without."""
    from duoshou.analysts.customers.models import chosen, fit_both
    from duoshou.analysts.customers.outlook import orders_error
    from duoshou.analysts.customers.sampling import Sample

    names, days = np.loadtxt(Path(file), usecols=(0, 1), delimiter=",", skiprows=1, dtype=str).T
    customer = np.unique(names, return_inverse=True)[1]
    day = np.char.strip(days, '"').astype("datetime64[D]").astype(np.int64)
    both = np.unique(np.stack([customer, day]), axis=1)
    sample = Sample(both[0], both[1].astype(np.float64), np.ones(both.shape[1]))
    begin, end = (one.astype("datetime64[D]").astype("datetime64[M]") for one in (day.min(), day.max()))
    rows = []
    for month in np.arange(begin + 25, end - 2):
        cut = float(month.astype("datetime64[D]").astype(np.int64) - 1)
        before, actual = sample.until(cut), sample.bought_between(cut, cut + AHEAD).sum()
        model, tried = chosen(before, cut, AHEAD)
        plain = next(one for one in fit_both(before, cut) if one.name == model.name)
        known = before.summaries(cut)
        errors = [float(np.log(actual / one.orders(*known, AHEAD).sum())) for one in (plain, model)]
        width = orders_error(model, tried, AHEAD)
        rows.append((*errors, model.seasons is not None, abs(errors[1]) <= width, width, 1 / actual))
        print(f"{month} {model.name} {actual:5.0f} bought, log error {errors[0]:+.3f} without, {errors[1]:+.3f} chosen")
    found = np.array(rows, dtype=np.float64)
    without, ours = np.sqrt((found[:, :2] ** 2).mean(axis=0))
    print(
        f"{len(rows)} months, seasons in {found[:, 2].mean():.0%}: root mean square {without:.3f} without, {ours:.3f}"
    )
    held, width, chance = found[:, 3:].mean(axis=0)
    print(f"chance alone {np.sqrt(chance):.3f}; intervals hold {held:.1%}, half their width {width:.2f}")


def told(name: str, expected: np.ndarray, actual: np.ndarray) -> None:
    """Print how far a forecast was off."""
    print(f"{name:20} total {expected.sum() / actual.sum() - 1:+.1%}, MAE {np.abs(expected - actual).mean():.4f}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("speed", "cdnow", "seasons"))
    parser.add_argument("file", nargs="?")
    parser.add_argument("--customers", type=int, default=1_000_000)
    options = parser.parse_args()
    if options.what == "speed":
        speed(options.customers)
    elif options.what == "seasons":
        seasons(options.file)
    else:
        cdnow(options.file)


if __name__ == "__main__":
    main()
