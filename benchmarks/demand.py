"""Demand of four weeks ahead beside last week repeated and the weekday means of four weeks, Prophet and AutoETS.

    python benchmarks/demand.py shop [--seeds 2] [--prices] # the simulated shop around 双11, Chinese New Year and 618
        [--origins 2025-07-07 2025-12-01]          # on these first days instead
    python benchmarks/demand.py made [--seeds 3]   # 40 made products whose means are known: error against the noise;
        [--differ 0.1] [--alike]                   # each time that a phase is held differs by so much for all
    python benchmarks/demand.py oracle [--seeds 3] # the same by one who knows how the products were made
    python benchmarks/demand.py uci                # products of Online Retail, by MASE
    python benchmarks/demand.py rivals --source made|shop|uci [--seeds 1] [--products 20] [--window usual]
        [--range 320]                              # time as well of made shops of so many products

Errors are those of the medians. Coverage is of 90 % intervals. `floor` is the error of one who knows the mean of each
day; for the simulated shop, whose means nobody knows, that of Poisson counts about the means that a fit in hindsight
gives: no forecast can come nearer.

`rivals` needs a second environment for Prophet and statsforecast, which are no part of this project:
    python3 -m venv /tmp/bench-venv && /tmp/bench-venv/bin/pip install prophet statsforecast
(another place: --python PATH). They get the same calendar, and the prices of the simulated shop, those ahead too.
Of the forecast of all products only the first `--products` are compared; times are of the processor, for a product.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from unittest import mock

import numpy as np
from demand_made import EXTRA, PRODUCTS, draw, learnt
from numpy.typing import NDArray
from scipy import stats

from duoshou.analysts.assortment.demand import demand_design
from duoshou.analysts.assortment.prices import NOW_DAYS, discounts
from duoshou.analysts.pricing.answers import answers
from duoshou.analysts.pricing.question import Priced
from duoshou.settings.calendar import Calendar, load_calendar
from duoshou.settings.schema import Settings
from duoshou.statistics.demand import Forecast, Prices, forecast, recurrence
from duoshou.statistics.expectation import Design

Floats = NDArray[np.float64]
DATA = Path(os.environ.get("DUOSHOU_SHARED_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
AHEAD = 28
WINDOWS = (
    ("618", date(2025, 5, 26)),
    ("Double 11", date(2025, 10, 20)),
    ("New Year", date(2026, 2, 1)),
    ("usual", date(2026, 3, 16)),
)
FIRST, LAST = date(2024, 2, 1), date(2026, 4, 20)
LENGTHS = (7, 14, 28)
TURNS = 5
"""Of ours, whose time is short: their mean."""
RIVALS = ("prophet", "prophet_product", "prophet_yearless", "auto_ets", "auto_ets_log", "seasonal_naive")
KEPT: dict[str, list[list[float]]] = {}


@dataclass(frozen=True, slots=True)
class Case:
    """One origin: S products, N known days and `AHEAD` that are forecast.

    Attributes:
        name: What it is called; words from the third on are the window.
        history: float[S, N]; NaN where demand is not known.
        truth: float[S, AHEAD].
        design: Calendar of all days.
        days: All days.
        floor: Sum of the absolute errors of one who knows the means; None: nobody does.
        prices: float[S, N + AHEAD], those ahead as they came to be; None: not known.
        week: Days of a week that are open.
    """

    name: str
    history: Floats
    truth: Floats
    design: Design
    days: NDArray[np.datetime64]
    floor: float | None = None
    prices: Floats | None = None
    week: int = 7


def shop(seeds: int, windows: Sequence[tuple[str, date]] = WINDOWS) -> Iterator[Case]:
    """Yield the 40 best sellers of simulated shops, nothing but their history known."""
    from duoshou.demo.simulation import simulate

    calendar = load_calendar(Settings())
    for seed in range(1, seeds + 1):
        done = simulate(seed, LAST, (LAST - FIRST).days + 1, "none")
        units = done.daily.paid_units.sum(axis=(2, 3)).astype(np.float64).T
        gone, prices = done.daily.stock_out.T, done.daily.price.T.astype(np.float64)
        live = np.cumsum(units, axis=1) > 0
        for name, origin in windows:
            known = (origin - FIRST).days
            rows = _best(units, known)
            history = np.where(gone[rows, :known] | ~live[rows, :known], np.nan, units[rows, :known])
            truth = np.where(gone[rows, known : known + AHEAD], np.nan, units[rows, known : known + AHEAD])
            hindsight = _hindsight(np.where(gone[rows], np.nan, units[rows])[:, : known + AHEAD + 28], calendar, known)
            yield Case(
                *(f"shop {seed} {name:9s}", history, truth, _design(calendar, FIRST, known + AHEAD)),
                *(_days(known + AHEAD), _poisson_floor(hindsight, truth)),
                prices=np.where(prices > 0, prices, np.nan)[rows, : known + AHEAD],
            )


def made(seeds: int, products: int = PRODUCTS, differ: float = 0.0) -> Iterator[Case]:
    """Yield made products on the real calendar whose festivals return, with the error of one who knows the means."""
    calendar = load_calendar(Settings())
    design = _design(calendar, FIRST, (LAST - FIRST).days + 1)
    for seed in range(1, seeds + 1):
        drawn = draw(design, seed, products, differ)
        units = drawn.units
        for name, origin in WINDOWS:
            known = (origin - FIRST).days
            span = slice(known, known + AHEAD)
            floor = np.abs(units[:, span] - _median(drawn.mean[:, span]))
            yield Case(
                *(f"made {seed} {name:9s}", units[:, :known], units[:, span]),
                *(_design(calendar, FIRST, known + AHEAD), _days(known + AHEAD), float(floor.sum())),
            )


def oracle(seeds: int) -> None:
    """Print the errors of ours and of one who knows how the products were made, as multiples of the floor."""
    calendar = load_calendar(Settings())
    design = _design(calendar, FIRST, (LAST - FIRST).days + 1)
    rows: dict[str, list[tuple[float, float]]] = {}
    for seed in range(1, seeds + 1):
        drawn = draw(design, seed)
        for name, origin in WINDOWS:
            known = (origin - FIRST).days
            span = slice(known, known + AHEAD)
            found = forecast(drawn.units[:, :known], _design(calendar, FIRST, known + AHEAD))
            answers = (found.daily.quantile(0.5), _median(np.exp(learnt(drawn, design, known, AHEAD))))
            floor = np.abs(drawn.units[:, span] - _median(drawn.mean[:, span])).sum()
            ours, best = (float(np.abs(drawn.units[:, span] - one).sum() / floor) for one in answers)
            print(f"made {seed} {name:9s} ours × {ours:.3f}  one who knows how they were made × {best:.3f}", flush=True)
            rows.setdefault(name, []).append((ours, best))
    for name, pairs in rows.items():
        print(f"mean {name:9s}", *(f"{one:.3f}" for one in np.mean(pairs, axis=0)))


def _median(mean: Floats) -> Floats:
    return np.asarray(np.round(stats.nbinom.median(1 / EXTRA, 1 / (1 + EXTRA * mean))))


def uci() -> Iterator[Case]:
    """Yield the 60 products of Online Retail that sell on most days; four origins, open days only."""
    import duckdb

    sql = """
        SELECT InvoiceDate::TIMESTAMP::DATE AS day, StockCode AS key, sum(Quantity) AS value FROM read_parquet(?)
        WHERE Quantity > 0 AND UnitPrice > 0 GROUP BY ALL
    """
    found = duckdb.execute(sql, [str(DATA / "online_retail_uci" / "online_retail.parquet")]).fetchnumpy()
    open_days = np.unique(found["day"])
    keys, place = np.unique(found["key"].astype(str), return_inverse=True)
    table = np.zeros((len(keys), len(open_days)))
    table[place, np.searchsorted(open_days, found["day"])] = found["value"]
    units = table[np.argsort(-(table > 0).sum(axis=1), kind="stable")[:60]]
    weekdays = (open_days.astype("datetime64[D]").astype(np.int64) + 3) % 7
    for back in (112, 84, 56, 28):
        known = units.shape[1] - back
        design = Design(np.zeros((known + AHEAD, 0)), (), weekdays[: known + AHEAD])
        days = open_days[: known + AHEAD].astype("datetime64[D]")
        yield Case(
            *(f"uci {open_days[known]!s:.10s}", units[:, :known], units[:, known : known + AHEAD], design, days),
            week=6,
        )


def measure(cases: Iterable[Case], *, priced: bool) -> None:
    """Print WAPE, MASE and coverage of each origin, and their means."""
    for case in cases:
        begun = time.process_time()
        found = forecast(case.history, case.design, answered(case) if priced else None)
        report(case, found, time.process_time() - begun)
    means()


def answered(case: Case) -> Prices | None:
    """Return the prices with the elasticities that the history tells, as the study of prices finds them."""
    if case.prices is None:
        return None
    count, known = case.history.shape
    groups = sorted(set(case.design.groups))
    flags = [case.design.columns[:known, [one == group for one in case.design.groups]].any(axis=1) for group in groups]
    names, all_, price = tuple(map(str, range(count))), np.ones(count, dtype=np.bool_), case.prices[:, :known]
    unknown = np.full(case.history.shape, np.nan)
    first = case.days[0].astype(date)
    priced = Priced(
        *(names, names, (None,) * count, first, case.history, price, unknown, all_, all_),
        np.stack(flags, axis=1).astype(np.float64),
    )
    found = [one.whole for one in answers(priced)[0]]
    elasticity, error = (
        np.array([0.0 if one is None else getattr(one, name) for one in found]) for name in ("value", "sd")
    )
    now = np.nanmedian(price[:, -NOW_DAYS:], axis=1, keepdims=True)
    logs = np.log(case.prices / now)
    return Prices(logs - discounts(logs[:, :known], case.design), elasticity, error)


def report(case: Case, found: Forecast, seconds: float) -> None:
    """Print WAPE, MASE and coverage of one origin, and keep them for the means."""
    told = _told(case, found)
    history, truth = case.history[told], case.truth[told]
    middle = found.daily.quantile(0.5)[told]
    rivals = {
        "ours": middle,
        "ours, mean": found.daily.mean[told],
        "last week": _last_week(history, case.week),
        "weekday means": _weekday_means(history, case.week),
    }
    scale = _scale(history, case.week)
    wape = {key: np.abs(truth - one).sum() / truth.sum() for key, one in rivals.items()}
    mase = {key: float((np.abs(truth - one).mean(axis=1) / scale).mean()) for key, one in rivals.items()}
    low, high = found.daily.quantile(0.05)[told], found.daily.quantile(0.95)[told]
    total = np.cumsum(truth, axis=1)
    inside = (total >= found.total.quantile(0.05)[told]) & (total <= found.total.quantile(0.95)[told])
    below = total <= found.total.quantile(0.95)[told]
    line = "  ".join(f"{key} {wape[key]:.3f} ({mase[key]:.2f})" for key in rivals)
    print(f"{case.name}  {len(truth)} products {seconds:.2f} s  WAPE (MASE): {line}", end="")
    times = np.nan if case.floor is None else float(wape["ours"] * truth.sum() / case.floor)
    if case.floor is not None:
        print(f"  floor {case.floor / truth.sum():.3f} × {times:.3f}", end="")
    print(f"  bias {found.daily.mean[told].sum() / truth.sum():.2f}", end="")
    days = float(((truth >= low) & (truth <= high)).mean())
    print(f"  days inside {days:.3f}", end="")
    sums = [(float(inside[:, length - 1].mean()), float(below[:, length - 1].mean())) for length in LENGTHS]
    told_sums = [f"{length}: {one[0]:.2f}/{one[1]:.2f}" for length, one in zip(LENGTHS, sums, strict=True)]
    strayed = ((total - found.total.mean[told]) / np.sqrt(found.total.variance[told]))[:, LENGTHS[1] - 1]
    shift, scatter = float(strayed.mean()), float(strayed.std())
    print("  sums", *told_sums, f" errors of {LENGTHS[1]} days ÷ deviation: mean {shift:.2f} scatter {scatter:.2f}")
    measured = [each[key] for each in (wape, mase) for key in ("ours", "last week", "weekday means")]
    KEPT.setdefault(" ".join(case.name.split()[2:]), []).append(
        [*measured, times, days, *(e for one in sums for e in one), shift, scatter]
    )


def beside(cases: Iterable[Case], products: int, python: Path) -> None:
    """Print WAPE, MASE, share of days inside and time of ours and of the rivals, by origin and in the mean."""
    kept: dict[tuple[str, str], list[tuple[float, ...]]] = {}
    for case in cases:
        found = forecast(case.history, case.design, answered(case))  # warms up, as the rivals do
        begun = time.process_time()
        for _ in range(TURNS):
            forecast(case.history, case.design, answered(case))
        own = (time.process_time() - begun) / len(case.history) / TURNS
        told = np.flatnonzero(_told(case, found))[:products]
        answers = {"ours": (*(found.daily.quantile(each)[told] for each in (0.5, 0.05, 0.95)), own)}
        answers |= {name: _rival(name, case, told, python) for name in RIVALS}
        truth, scale = case.truth[told], _scale(case.history[told], case.week)
        for name, (middle, low, high, seconds) in answers.items():
            missed = np.abs(truth - middle)
            inside = float(((truth >= low) & (truth <= high)).mean())
            row = (missed.sum() / truth.sum(), float((missed.mean(axis=1) / scale).mean()), inside, 1000 * seconds)
            print(
                f"{case.name}  {name:15s} WAPE {row[0]:.3f}  MASE {row[1]:.3f}  inside {row[2]:.2f}  {row[3]:.1f} ms",
                flush=True,
            )
            kept.setdefault((" ".join(case.name.split()[2:]), name), []).append(row)
    print("\nmeans: WAPE, MASE, days inside, ms a product; WAPE, MASE and time as multiples of ours")
    for (window, name), rows in kept.items():
        mean, ours = np.mean(rows, axis=0), np.mean(kept[window, "ours"], axis=0)
        print(f"{window or 'all':9s} {name:15s}", *(f"{one:.3f}" for one in (*mean, *(mean / ours)[[0, 1, 3]])))


def _rival(name: str, case: Case, told: NDArray[np.int64], python: Path) -> tuple[Floats, Floats, Floats, float]:
    with tempfile.TemporaryDirectory() as folder:
        given, taken = Path(folder) / "in.npz", Path(folder) / "out.npz"
        prices = np.zeros(0) if case.prices is None else case.prices[told]
        live = (case.design.columns[: case.history.shape[1]] != 0).any(axis=0)
        columns = case.design.columns[:, live]
        np.savez(given, values=case.history[told], columns=columns, days=case.days, prices=prices, week=case.week)
        script = Path(__file__).with_name("demand_rivals.py")
        subprocess.run([python, script, name, given, taken], check=True, stderr=subprocess.DEVNULL)
        found = np.load(taken)
        return found["middle"], found["low"], found["high"], float(found["seconds"]) / len(told)


def _told(case: Case, found: Forecast) -> NDArray[np.bool_]:
    return np.asarray((found.reason == 0) & np.isfinite(case.truth).all(axis=1))


def _scale(history: Floats, week: int) -> Floats:
    return np.asarray(np.nanmean(np.abs(history[:, week:] - history[:, :-week]), axis=1))


def means() -> None:
    """Print the means over the shops, by window."""
    print("\nmeans: WAPE ours, last week, weekday means; MASE likewise; × floor; days inside; sums inside, below 95 %;")
    print("errors of 14 days ÷ their deviation, mean and scatter")
    for name, rows in KEPT.items():
        print(f"{name or 'all':9s}", *(f"{each:.3f}" for each in np.mean(rows, axis=0)))


def _best(units: Floats, known: int) -> NDArray[np.int64]:
    return np.argsort(-units[:, max(known - 90, 0) : known].sum(axis=1), kind="stable")[:40]


def _days(days: int) -> NDArray[np.datetime64]:
    return np.arange(np.datetime64(FIRST), np.datetime64(FIRST) + days)


def _design(calendar: Calendar, first: date, days: int) -> Design:
    return demand_design(calendar, [first + timedelta(days=number) for number in range(days)])


def _hindsight(units: Floats, calendar: Calendar, known: int) -> Floats:
    """Return the means of the days after `known` by a regression that has seen them."""
    from duoshou.statistics.expectation import Kind, Panel, fit

    fitted = fit(
        Panel(units, np.full(len(units), Kind.COUNT)),
        _design(calendar, FIRST, units.shape[1]),
        train_until=units.shape[1],
        detectable=False,
    )
    model = fitted.models[0]
    return np.asarray(np.exp(model.effects.level + model.season))[:, known : known + AHEAD]


def _poisson_floor(mean: Floats, truth: Floats) -> float:
    told = np.isfinite(truth).all(axis=1)
    middle = stats.poisson.median(mean[told])
    numbers = np.random.default_rng(0).poisson(mean[told], (200, *mean[told].shape))
    return float(np.abs(numbers - middle).mean(axis=0).sum())


def _last_week(history: Floats, week: int) -> Floats:
    filled = np.nan_to_num(history[:, -week:])
    return np.asarray(filled[:, np.arange(AHEAD) % week])


def _weekday_means(history: Floats, week: int) -> Floats:
    recent = history[:, -4 * week :].reshape(len(history), 4, week)
    usual: Floats = np.nan_to_num(np.nanmean(recent, axis=1))
    return usual[:, np.arange(AHEAD) % week]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("what", choices=["shop", "made", "oracle", "uci", "rivals"])
    parser.add_argument("--source", choices=["shop", "made", "uci"], default="made")
    parser.add_argument("--seeds", type=int)
    parser.add_argument("--prices", action="store_true", help="the prices ahead of the simulated shop are planned")
    parser.add_argument("--origins", nargs="+", type=date.fromisoformat, help="first days ahead of the simulated shop")
    parser.add_argument("--differ", type=float, default=0.0, help="by how much festivals of made products differ")
    parser.add_argument("--alike", action="store_true", help="ours takes festivals to be the same each time")
    parser.add_argument("--products", type=int, default=20)
    parser.add_argument(
        "--range", type=int, default=PRODUCTS, help="products of a made shop, which are fitted together"
    )
    parser.add_argument("--window", choices=[name for name, _ in WINDOWS], help="of the rivals: this one alone")
    parser.add_argument("--python", type=Path, default=Path("/tmp/bench-venv/bin/python"))
    asked = parser.parse_args(arguments)
    if asked.alike:
        mock.patch.object(recurrence, "spread", return_value=0.0).start()
    if asked.what == "oracle":
        oracle(asked.seeds or 3)
        return
    source = asked.source if asked.what == "rivals" else asked.what
    seeds = asked.seeds or {"shop": 2, "made": 3, "uci": 1}[source]
    windows = [(f"{one}", one) for one in asked.origins] if asked.origins else WINDOWS
    made_ = made(seeds, asked.range, asked.differ)
    cases = uci() if source == "uci" else made_ if source == "made" else shop(seeds, windows)
    if asked.what == "rivals":
        cases = (case for case in cases if asked.window is None or case.name.strip().endswith(asked.window))
        beside(cases, asked.products, asked.python)
    else:
        measure(cases, priced=asked.prices)


if __name__ == "__main__":
    main()
