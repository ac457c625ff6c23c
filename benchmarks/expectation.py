"""What is expected of daily series, and which left it: speed, rivals, power beside an oracle, false alarms, coverage.

    python benchmarks/expectation.py speed                 # 5,000 series × 540 days: seconds and memory
    python benchmarks/expectation.py power                 # power by size of the loss, beside a test that knows all
    python benchmarks/expectation.py alarms                # false alarms per series-year at a threshold
    python benchmarks/expectation.py coverage              # share of held-out sums within their 90 % interval
    python benchmarks/expectation.py rivals [--source made|uci] [--series 60]

`rivals` needs a second environment for Prophet and AutoETS, which are no part of this project:
    python3 -m venv /tmp/bench-venv && /tmp/bench-venv/bin/pip install prophet statsforecast
(another place: --python PATH). Without it only our own figures are printed.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
from expectation_series import Case, make, real, repeat

from duoshou.statistics.expectation import Design, Expectation, Kind, Panel, detect, fit
from duoshou.statistics.expectation.filtering import Season, Walk, run
from duoshou.statistics.expectation.links import Noise
from duoshou.statistics.expectation.predictive import score
from duoshou.statistics.expectation.windows import Template, moments

DATA = Path(os.environ.get("DUOSHOU_SHARED_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
GAP = 3
ECHO = 7
SIZES = (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 14.0, 20.0, 28.0)
RATES = (1e-2, 1e-3, 1e-4)


def design_of(case: Case) -> Design:
    return Design(case.columns, case.groups, case.weekdays)


def counts(case: Case) -> Panel:
    return Panel(case.values, np.full(len(case.values), Kind.COUNT))


def speed(series: int) -> None:
    case = make(series, 540, seed=1, share=0.0)
    wall, cpu = time.perf_counter(), time.process_time()
    fitted = fit(counts(case), design_of(case))
    middle = time.perf_counter()
    detect(fitted, 539)
    print(f"{series} series × 540 days, {case.columns.shape[1]} calendar columns: fit {middle - wall:.1f} s, ", end="")
    print(f"detect {time.perf_counter() - middle:.1f} s, {time.process_time() - cpu:.1f} s of processors, ", end="")
    print(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


def scan(fitted: Expectation, first: int) -> np.ndarray:
    """Return log p float[S, days from `first`]; 0 where nothing was tested."""
    days = fitted.panel.values.shape[1]
    return np.nan_to_num(np.stack([detect(fitted, day).log_p for day in range(first, days)], axis=1))


FORMS = ((1, False), (2, False), (4, False), (7, False), (12, False), (20, False), (28, True))
NAMES = ("1-2 days", "3-20 days", "drift 28")
NAME_OF = np.array([0, 0, 1, 1, 1, 1, 2])


def power(series: int) -> None:
    """Every series has one incident at the end; the last day is judged at the same false rate by three tests.

    Ours scans all windows and forms. The informed test knows start and form, the effects of the calendar, the trend,
    the scatter and the speed of the level, not the level itself. The all-knowing test knows the true mean too. The
    size of an incident is its whole
    loss in daily standard deviations, whatever its length.
    """
    found = {rate: np.full((len(SIZES), len(NAMES), 3), np.nan) for rate in RATES}
    case = make(series, 600, seed=11, test=56, share=0.0)
    random = np.random.default_rng(5)
    for place_of, size in enumerate(SIZES):
        chosen = random.integers(0, len(FORMS), series)
        values, possible = losing(random, case, chosen, size)
        fitted = fit(Panel(values, np.full(series, Kind.COUNT)), design_of(case))
        log_p = detect(fitted, values.shape[1] - 1).log_p
        informed, knowing = oracles(fitted, case, values, chosen)
        for rate in RATES:
            limit = normal_limit(rate)
            hits = (log_p <= np.log(rate), np.abs(informed) >= limit, np.abs(knowing) >= limit)
            for kind in range(len(NAMES)):
                mine = possible & (NAME_OF[chosen] == kind)
                if mine.sum() >= 20:
                    found[rate][place_of, kind] = [hit[mine].mean() for hit in hits]
    for rate, table in found.items():
        print(
            f"\nfalse rate {rate:g} a day; power of ours / informed / all-knowing, by loss in daily standard deviations"
        )
        print("           " + "".join(f"{size:>16g}" for size in SIZES) + "   areas, ours over the others'")
        for kind, name in enumerate(NAMES):
            print(
                f"{name:<11}"
                + "".join("  " + "/".join(f"{x:.2f}" for x in cell) for cell in table[:, kind])
                + areas(table[:, kind])
            )
        print("all forms" + areas(np.nanmean(table, axis=1)))


def areas(table: np.ndarray) -> str:
    total = np.nansum(table, axis=0)
    return f"   {total[0] / total[1]:.2f}, {total[0] / total[2]:.2f}"


def losing(random: np.random.Generator, case: Case, chosen: np.ndarray, size: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the values less a loss of this size in the chosen form, and whether there was so much to lose."""
    template = shapes(case, chosen)
    daily = np.sqrt(np.nanmean(np.where(template > 0, case.variance, np.nan), axis=1))
    depth = size * daily / template.sum(axis=1)
    kept = np.clip(1 - template * depth[:, None] / case.mean, 0, 1)
    return random.binomial(case.values.astype(int), kept).astype(np.float64), depth <= 0.95


def shapes(case: Case, chosen: np.ndarray) -> np.ndarray:
    template = np.zeros_like(case.mean)
    for row, form in enumerate(chosen):
        length, drift = FORMS[form]
        grown = np.arange(1, length + 1) / length if drift else np.ones(length)
        template[row, -length:] = case.mean[row, -length:] * grown
    return template


def oracles(fitted: Expectation, case: Case, values: np.ndarray, chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the scores of the test that knows all but the level, and of the test that knows that too."""
    weight = shapes(case, chosen) / case.variance
    knowing = np.sum(weight * (values - case.mean), axis=1) / np.sqrt(np.sum(weight**2 * case.variance, axis=1))
    model = fitted.models[0]
    kappa = ((case.variance - case.mean) / case.mean**2)[:, 0]
    noise = Noise(np.ones(len(values)), kappa, np.zeros(len(values)))
    walk = Walk(case.steps, np.zeros(len(values)))
    days = values.shape[1]
    season = Season(case.season, np.zeros_like(case.season), np.ones(days, dtype=np.bool_))
    effects = replace(model.effects, noise=noise, covariance=np.zeros_like(model.effects.covariance))
    states, _ = run(model.block, season, noise, walk)
    true = replace(model, effects=effects, season=case.season, walk=walk, states=states)
    informed = np.zeros(len(values))
    for form, (length, drift) in enumerate(FORMS):
        rows = chosen == form
        sums = moments(true, days - 1, Template(length, drift=drift), efficient=True)
        informed[rows] = score(Kind.COUNT, sums, np.ones(len(values)))[rows]
    return informed, knowing


def normal_limit(rate: float) -> float:
    from statistics import NormalDist

    return NormalDist().inv_cdf(1 - rate / 2)


def alarms(series: int) -> None:
    case = make(series, 720, seed=21, test=180, share=0.0)
    log_p = scan(fit(counts(case), design_of(case), train_until=case.test_from), case.test_from)
    years = log_p.size / 365
    print("threshold  nominal alarm days/year  alarm days/year  alarms/year (days merged over 3)")
    for rate in (1e-2, 1e-3, 3e-4, 1e-4, 1e-5):
        hits = log_p <= np.log(rate)
        print(
            f"{rate:9g}  {365 * rate:23.3f}  {hits.sum() / years:15.3f}  "
            f"{sum(len(runs(row)) for row in hits) / years:11.3f}"
        )


def runs(days: np.ndarray) -> list[tuple[int, int]]:
    """Return first and last day of each alarm; days at most GAP apart are one alarm."""
    found: list[tuple[int, int]] = []
    for day in np.flatnonzero(days):
        if found and day - found[-1][1] <= GAP:
            found[-1] = (found[-1][0], int(day))
        else:
            found.append((int(day), int(day)))
    return found


def coverage(series: int) -> None:
    random = np.random.default_rng(31)
    case = make(series, 640, seed=31, test=100, share=0.0)
    kappa = (case.variance - case.mean) / case.mean**2
    orders = random.poisson(case.mean * random.gamma(1 / kappa, kappa))
    trials = random.poisson(case.mean * 20).astype(np.float64)
    logit = np.log(case.mean / case.mean.mean(axis=1, keepdims=True)) * 0.3 - 3.0
    sorts = {
        "Poisson": (random.poisson(case.mean), Kind.COUNT, None),
        "negative binomial": (case.values, Kind.COUNT, None),
        "tenth of it (small)": (random.binomial(case.values.astype(int), 0.05), Kind.COUNT, None),
        "amounts": (random.gamma(2.0 * np.maximum(orders, 1e-9), 40.0), Kind.AMOUNT, None),
        "rates": (random.binomial(trials.astype(int), 1 / (1 + np.exp(-logit))), Kind.RATE, trials),
        "scores": (
            4.8 + np.cumsum(random.normal(0, 0.001, case.mean.shape), axis=1) + random.normal(0, 0.02, case.mean.shape),
            Kind.LEVEL,
            None,
        ),
    }
    for name, (values, kind, exposure) in sorts.items():
        fitted = fit(
            Panel(np.asarray(values, dtype=np.float64), np.full(series, kind), exposure),
            design_of(case),
            train_until=540,
        )
        inside, above, lengths = [], [], ()
        for day in range(568, 640, 3):
            windows = fitted.windows(day)
            lengths, good = windows.lengths, windows.reason == 0
            inside.append(((windows.actual >= windows.low) & (windows.actual <= windows.high))[good].mean(axis=0))
            above.append((windows.actual > windows.high)[good].mean(axis=0))
        if not above[0].size:
            continue
        print(
            f"{name:<20}",
            " ".join(f"{n}d {share:.3f}" for n, share in zip(lengths, np.mean(inside, axis=0), strict=True)),
            end="",
        )
        print(f"   above (1, 7, 28 d): {np.mean(above, axis=0)[[0, 4, 8]].round(3)}")


def judged(case: Case, score: np.ndarray, limit: float) -> tuple[float, float, int]:
    """Return F1 over incidents, F1 over days, and the number of false alarms."""
    hits, first = score >= limit, case.test_from
    own: dict[int, list[tuple[int, int]]] = {}
    for each in case.incidents:
        own.setdefault(each.series, []).append((each.start - first, each.start + each.length - 1 - first))
    truth = np.zeros_like(hits)
    true = missed = false = 0
    for row in range(len(hits)):
        spans = own.get(row, [])
        for start, end in spans:
            truth[row, start : end + 1] = True
            caught = hits[row, start : end + 2].any()
            true, missed = true + caught, missed + (not caught)
        false += sum(not any(a <= end + ECHO and b >= start for start, end in spans) for a, b in runs(hits[row]))
    days = np.sum(hits & truth)
    return 2 * true / max(2 * true + missed + false, 1), 2 * days / max(hits.sum() + truth.sum(), 1), false


def report(name: str, case: Case, score: np.ndarray, nominal: float, seconds: float) -> None:
    limits = np.quantile(score, np.linspace(0.5, 0.9995, 120))
    table = np.array([judged(case, score, limit)[:2] for limit in limits])
    at = judged(case, score, nominal)
    print(
        f"{name:<26} F1 of incidents {at[0]:.3f} (best threshold {table[:, 0].max():.3f}), of days {at[1]:.3f} "
        f"(best {table[:, 1].max():.3f}), false alarms {at[2]}, {1000 * seconds:.1f} ms a series"
    )


def rivals(source: str, series: int, python: Path) -> None:
    case = make(series, 540, seed=41) if source == "made" else real(DATA / "online_retail_uci", seed=41)
    series = len(case.values)
    print(
        f"{source}: {series} series × {case.values.shape[1]} days, {len(case.incidents)} incidents in the last "
        f"{case.values.shape[1] - case.test_from}; thresholds at 1 in 1,000 days"
    )
    begun = time.perf_counter()
    log_p = scan(fit(counts(case), design_of(case), train_until=case.test_from), case.test_from)
    own = (time.perf_counter() - begun) / series
    report("this", case, -log_p, -np.log(1e-3), own)
    if not python.exists():
        print(
            f"{python} is missing: Prophet and AutoETS are skipped (see the head of this file for how to install them)"
        )
        return
    columns, _ = repeat(case.columns, case.groups)
    for method in ("prophet", "auto_ets"):
        with tempfile.TemporaryDirectory() as folder:
            given, taken = Path(folder) / "in.npz", Path(folder) / "out.npz"
            np.savez(given, values=case.values, columns=columns, weekdays=case.weekdays, test_from=case.test_from)
            command = [
                str(python),
                str(Path(__file__).with_name("expectation_rivals.py")),
                method,
                str(given),
                str(taken),
            ]
            subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
            found = np.load(taken)
        score = found["scores"]
        seconds = float(found["seconds"]) / series
        report(method, case, np.abs(score[:, case.test_from :]), normal_limit(1e-3), seconds)
        rolled = np.max([np.abs(rolling(score, n))[:, case.test_from :] for n in (1, 3, 7, 14)], axis=0)
        report(f"{method}, sums of 1-14 days", case, rolled, normal_limit(1e-3), seconds)
        print(
            f"    {seconds / own:.0f} times our time with {float(found['fits']) / series:.0f} fits a series, "
            f"{seconds / own * series / float(found['fits']):.1f} times with one"
        )


def rolling(score: np.ndarray, days: int) -> np.ndarray:
    total = np.cumsum(score, axis=1)
    total[:, days:] -= total[:, :-days].copy()
    return total / np.sqrt(days)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["speed", "power", "alarms", "coverage", "rivals"])
    parser.add_argument("--series", type=int)
    parser.add_argument("--source", choices=["made", "uci"], default="made")
    parser.add_argument("--python", type=Path, default=Path("/tmp/bench-venv/bin/python"))
    given = parser.parse_args()
    if given.what == "rivals":
        rivals(given.source, given.series or 60, given.python)
        return
    usual = {"speed": 5000, "power": 1000, "alarms": 1000, "coverage": 300}
    {"speed": speed, "power": power, "alarms": alarms, "coverage": coverage}[given.what](
        given.series or usual[given.what]
    )


if __name__ == "__main__":
    sys.exit(main())
