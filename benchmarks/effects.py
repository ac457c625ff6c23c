"""Effects of changes against their truth, beside plain comparisons and libraries.

    OMP_NUM_THREADS=1 python benchmarks/effects.py regions --cases 1000
    OMP_NUM_THREADS=1 python benchmarks/effects.py shop --cases 1000 --rivals PYTHON
    OMP_NUM_THREADS=1 python benchmarks/effects.py reversion --cases 400
    OMP_NUM_THREADS=1 python benchmarks/effects.py labelled FOLDER
    OMP_NUM_THREADS=1 python benchmarks/effects.py placebo online_retail.parquet --cases 400

PYTHON is that of an environment with the packages that `effects_rivals.py` names.
"""

from __future__ import annotations

import argparse
import csv
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from effects_cases import Case, Floats, chosen, product, regions

from duoshou.statistics.effects import (
    Effect,
    Panel,
    effect_of_change,
    interrupted_series,
    synthetic_difference_in_differences,
)

RIVALS = ("causal_impact", "augsynth")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("regions", "shop", "reversion", "labelled", "placebo"))
    parser.add_argument("source", nargs="?", type=Path)
    parser.add_argument("--cases", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rivals")
    options = parser.parse_args()
    if options.what == "regions":
        measure_regions(options.cases, options.seed)
    elif options.what == "shop":
        measure_shop(options.cases, options.seed, options.rivals)
    elif options.what == "reversion":
        measure_reversion(options.cases, options.seed)
    elif options.what == "labelled":
        measure_labelled(options.source)
    else:
        measure_placebo(options.source, options.cases, options.seed)


# One treated of 31 regions, 98 days, +8 %


def measure_regions(count: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    found, plain, paper, seconds = [], [], [], []
    for _ in range(count):
        panel = regions(random).panel
        began = time.process_time()
        effect = effect_of_change(panel)
        seconds.append(time.process_time() - began)
        found.append((effect.relative, effect.relative_low, effect.relative_high))
        logs = np.log(np.maximum(panel.outcome, 0.5))
        change = logs[:, panel.start :].mean(axis=1) - logs[:, : panel.start].mean(axis=1)
        plain.append(np.expm1(change[0] - change[1:].mean()))
        treated = np.arange(len(logs)) == 0
        paper.append(np.expm1(synthetic_difference_in_differences(logs, treated, panel.start).estimate))
    table = np.array(found)
    covered = np.mean((table[:, 1] <= 0.08) & (table[:, 2] >= 0.08))
    print(f"{count} cases: RMSE {rms(table[:, 0] - 0.08):.4f} coverage of 90 % {covered:.3f}", end=" ")
    print(
        f"power {np.mean(table[:, 1] > 0):.3f}; the paper's estimator on logarithms {rms(np.array(paper) - 0.08):.4f}",
        end=" ",
    )
    print(f"difference-in-differences {rms(np.array(plain) - 0.08):.4f}")
    print(f"CPU ms: least {1e3 * min(seconds):.1f} median {1e3 * float(np.median(seconds)):.1f}")


# Products of shops


def measure_shop(count: int, seed: int, rivals: str | None) -> None:
    random = np.random.default_rng(seed)
    cases = [product(random) for _ in range(count)]
    began = time.process_time()
    effects = [effect_of_change(case.panel, level=0.95) for case in cases]
    milliseconds = 1e3 * (time.process_time() - began) / count
    alone = [interrupted_series(case.panel, level=0.95) for case in cases]
    error = {
        "Duoshou": relative_errors(cases, effects),
        "Duoshou without donors": relative_errors(cases, alone),
        "before and after": np.array([before_and_after(case) for case in cases]),
        "difference-in-differences": np.array([in_differences(case) for case in cases]),
        "the paper's estimator": np.array([as_published(case) for case in cases]),
    }
    for name in RIVALS if rivals else ():
        found, cost = run_rival(str(rivals), name, cases)
        error[name] = (found[:, 0] - [case.truth for case in cases]) / [case.base for case in cases]
        print(f"{name}: {cost:.0f} ms; coverage {interval_coverage(cases, found):.3f}")
    print(f"Duoshou: {milliseconds:.0f} ms; could not tell {sum(one.method == 'cannot_tell' for one in effects)}")
    groups: dict[str, Callable[[Case], bool]] = {
        "all": lambda _: True,
        "no donors": lambda case: len(case.panel.outcome) == 1,
        "weak donors": lambda case: case.kind == "weak donors",
        "strong donors": lambda case: case.kind == "strong donors",
        "4 to 15 donors": lambda case: 4 < len(case.panel.outcome) <= 16,
        "25 donors": lambda case: len(case.panel.outcome) == 26,
        "28 or 42 days before": lambda case: case.panel.start <= 42,
        "fewer than 10 a day": lambda case: case.base / (case.panel.end - case.panel.start) < 10,
    }
    print("group, cases, coverage of 95 %, then median absolute error relative to what was expected, RMSE in brackets")
    for label, belongs in groups.items():
        chosen_ = np.array([belongs(case) for case in cases])
        cover = np.mean(
            [
                effect.total_low <= case.truth <= effect.total_high
                for case, effect, one in zip(cases, effects, chosen_, strict=True)
                if one and effect.method != "cannot_tell"
            ]
        )
        print(f"{label}, {chosen_.sum()}, {cover:.3f}", end="")
        for name, values in error.items():
            own, theirs = error["Duoshou"][chosen_], values[chosen_]
            both = np.isfinite(theirs) & np.isfinite(own)
            if not both.any():
                continue
            print(f"; {name} {np.median(np.abs(theirs[both])):.3f} ({rms(theirs[both]):.3f})", end="")
            if both.sum() < np.isfinite(own).sum():
                print(f" against {np.median(np.abs(own[both])):.3f} ({rms(own[both]):.3f}) of {both.sum()}", end="")
        print(flush=True)


def relative_errors(cases: Sequence[Case], effects: Sequence[Effect]) -> Floats:
    return np.array([(effect.total - case.truth) / case.base for case, effect in zip(cases, effects, strict=True)])


def before_and_after(case: Case) -> float:
    """Return the error of the mean after less the mean of as many days before."""
    own, start, length = case.panel.outcome[0], case.panel.start, case.panel.end - case.panel.start
    return float((own[start:].sum() - own[max(start - length, 0) : start].mean() * length - case.truth) / case.base)


def in_differences(case: Case) -> float:
    panel = case.panel
    if len(panel.outcome) == 1:
        return float("nan")
    before, after = panel.outcome[:, : panel.start].mean(axis=1), panel.outcome[:, panel.start :].mean(axis=1)
    expected = before[0] * after[1:].sum() / before[1:].sum() * (panel.end - panel.start)
    return float((panel.outcome[0, panel.start :].sum() - expected - case.truth) / case.base)


def as_published(case: Case) -> float:
    """Return the error of synthetic difference-in-differences to the letter, each unit relative to its mean before."""
    panel = case.panel
    if len(panel.outcome) <= 2:
        return float("nan")
    before = np.maximum(panel.outcome[:, : panel.start].mean(axis=1), 1e-9)
    found = synthetic_difference_in_differences(
        panel.outcome / before[:, None], np.arange(len(before)) == 0, panel.start
    )
    return float((found.estimate * before[0] * (panel.end - panel.start) - case.truth) / case.base)


def run_rival(python: str, name: str, cases: Sequence[Case]) -> tuple[Floats, float]:
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "in.npz", Path(folder) / "out.npz"
        arrays: dict[str, Floats] = {"cases": np.array(len(cases)), "level": np.array(0.95)}
        for number, case in enumerate(cases):
            assert case.panel.regressors is not None
            arrays[f"outcome{number}"] = case.panel.outcome
            arrays[f"start{number}"] = np.array(case.panel.start)
            arrays[f"festival{number}"] = case.panel.regressors[:, 0]
        np.savez(source, **arrays)
        script = Path(__file__).with_name("effects_rivals.py")
        subprocess.run([python, str(script), name, str(source), str(target)], check=True)
        found = np.load(target)
        return np.asarray(found["found"]), 1e3 * float(found["seconds"]) / len(cases)


def interval_coverage(cases: Sequence[Case], found: Floats) -> float:
    truth = np.array([case.truth for case in cases])
    known = np.isfinite(found[:, 1])
    if not known.any():
        return float("nan")
    return float(np.mean((found[known, 1] <= truth[known]) & (truth[known] <= found[known, 2])))


# Actions without effect after an extreme


def measure_reversion(count: int, seed: int) -> None:
    print(
        "worst of, keeps, wander, window, donors: worked (90 % interval), harmed; plain against the window, the 14 days"
    )
    for subjects, keep, wander, window, donors in (
        (20, 0.0, 0.0, 1, 0),
        (20, 0.5, 0.0, 1, 0),
        (20, 0.8, 0.0, 3, 0),
        (20, 0.8, 0.0, 7, 0),
        (100, 0.8, 0.0, 3, 0),
        (20, 0.3, 0.02, 7, 0),
        (20, 0.5, 0.0, 3, 8),
        (40, 0.5, 0.0, 3, 25),
    ):
        random = np.random.default_rng(seed)
        told = np.zeros(4)
        for _ in range(count):
            case = chosen(random, subjects, keep, wander, window, donors)
            effect = effect_of_change(case.panel)
            own, start = case.panel.outcome[0], case.panel.start
            told += (effect.total_low > 0, effect.total_high < 0, better(own, start, window), better(own, start, 14))
        print(subjects, keep, wander, window, donors, *(f"{one:.3f}" for one in told / count), flush=True)


def better(own: Floats, start: int, window: int) -> bool:
    """Return whether Welch's test calls the days after better than the window before, one-sided at 5 %."""
    after, before = own[start:], own[start - window : start]
    if window == 1:
        return bool(after.mean() - before[0] > 1.645 * after.std(ddof=1))
    error = np.sqrt(after.var(ddof=1) / len(after) + before.var(ddof=1) / window)
    return bool(after.mean() - before.mean() > 1.645 * error)


# Sets with published or known effects


def measure_labelled(folder: Path) -> None:
    years, names, states = wide(folder / "causalpy" / "california_prop99.csv")
    treated = np.array([name == "California" for name in names])
    found = synthetic_difference_in_differences(states, treated, years.index("1989"))
    print(f"Proposition 99: {found.estimate:.4f} (published −15.604)")

    days, cities, conversions = tall(folder / "geolift" / "GeoLift_Test.csv", "location", "date", "Y")
    own = [place for place, city in enumerate(cities) if city in ("chicago", "portland")]
    said("GeoLift, conversions of two cities (published 4,667)", summed(conversions, own, days.index("2021-04-01")))

    zips = folder / "causalpy" / "zipcodes_data.csv"
    days, codes, orders = tall(zips, "zipcode", "date", "orders")
    _, _, truth = tall(zips, "zipcode", "date", "orders_no_treatment")
    with zips.open(encoding="utf-8") as lines:
        treated_codes = {row["zipcode"] for row in csv.DictReader(lines) if row["variant"] == "treatment"}
    own = [place for place, code in enumerate(codes) if code in treated_codes]
    start = days.index("2022-07-01")
    gained = (orders - truth)[own][:, start:].sum()
    label = f"zip codes, orders of {len(own)} (noisy truth of the simulation {gained:,.0f})"
    said(label, summed(orders, own, start))

    days, geos, sales = tall(folder / "google_geoexperiments" / "salesandcost.csv", "geo", "date", "sales")
    with (folder / "google_geoexperiments" / "geoassignment.csv").open(encoding="utf-8") as lines:
        group = {row["geo"]: row["geo.group"] for row in csv.DictReader(lines)}
    with (folder / "google_geoexperiments" / "salesandcost.csv").open(encoding="utf-8") as lines:
        spent = {row["geo"] for row in csv.DictReader(lines) if float(row["cost"]) > 0}
    own = [place for place, geo in enumerate(geos) if geo in spent]
    assert len({group[geo] for geo in spent}) == 1
    panel = summed(sales, own, days.index("2015-02-16"), days.index("2015-03-15") + 1, kind="amount")
    said("Google geo experiment, sales (published 153,300, 90 % from 142,200 to 164,400)", panel)


def said(label: str, panel: Panel) -> None:
    effect = effect_of_change(panel)
    print(f"{label}: {effect.total:,.0f}, 90 % {effect.total_low:,.0f} to {effect.total_high:,.0f}", end=" ")
    print(f"({effect.relative:+.1%}), p {effect.p_value:.4f}, {effect.donors} donors {effect.caveats}")


def summed(table: Floats, own: Sequence[int], start: int, end: int | None = None, *, kind: str = "count") -> Panel:
    rest = [place for place in range(len(table)) if place not in own]
    # Geos without a row on a day sold nothing there.
    outcome = np.nan_to_num(np.vstack([np.nansum(table[list(own)], axis=0), table[rest]]))
    return Panel(outcome, start, end or outcome.shape[1], kind="amount" if kind == "amount" else "count")


def wide(path: Path) -> tuple[list[str], list[str], Floats]:
    with path.open(encoding="utf-8") as lines:
        rows = list(csv.reader(lines))
    return [row[0] for row in rows[1:]], rows[0][1:], np.array([[float(x) for x in row[1:]] for row in rows[1:]]).T


def tall(path: Path, unit: str, day: str, value: str) -> tuple[list[str], list[str], Floats]:
    with path.open(encoding="utf-8") as lines:
        rows = [(row[unit], row[day], float(row[value])) for row in csv.DictReader(lines)]
    units, days = sorted({row[0] for row in rows}), sorted({row[1] for row in rows})
    places, columns = ({name: place for place, name in enumerate(names)} for names in (units, days))
    table = np.full((len(units), len(days)), np.nan)
    for name, date, number in rows:
        table[places[name], columns[date]] = number
    return days, units, table


# Changes that nobody made, in a real shop


def measure_placebo(source: Path, count: int, seed: int) -> None:
    lines, weekday = product_days(source)
    known = lines.sum(axis=0) > 0
    print("donors, before, after: rises and falls that were told at 95 % (each 2.5 % if nothing happened), half width")
    for donors, before, after in ((0, 56, 14), (8, 56, 14), (25, 56, 14), (0, 28, 7), (8, 28, 7), (25, 91, 28)):
        random = np.random.default_rng(seed)
        told = np.zeros(2)
        widths: list[float] = []
        while len(widths) < count:
            start = int(random.integers(before, lines.shape[1] - after))
            part = slice(start - before, start + after)
            rows = random.choice(len(lines), donors + 1, replace=False)
            outcome = np.where(known, lines[rows], np.nan)[:, part]
            if np.nansum(outcome[0, :before] > 0) < 0.3 * before:
                continue
            panel = Panel(outcome, before, before + after, weekday=(weekday + start - before) % 7, kind="count")
            effect = effect_of_change(panel, level=0.95)
            told += (effect.total_low > 0, effect.total_high < 0)
            widths.append(
                (effect.total_high - effect.total_low)
                / max(effect.observed[np.isfinite(effect.observed)].sum() - effect.total, 1e-9)
                / 2
            )
        print(donors, before, after, *(f"{one:.3f}" for one in told / count), f"{np.median(widths):.2f}", flush=True)


def product_days(source: Path) -> tuple[Floats, int]:
    """Return order lines a day of the 120 products with most of them, and the weekday of the first day."""
    import duckdb

    query = """
        SELECT "StockCode", CAST("InvoiceDate" AS DATE), count(*) FROM read_parquet(?)
        WHERE "Quantity" > 0 AND "UnitPrice" > 0 GROUP BY ALL
    """
    rows = duckdb.connect().execute(query, [str(source)]).fetchall()
    first, last = min(row[1] for row in rows), max(row[1] for row in rows)
    totals: dict[str, int] = {}
    for code, _, number in rows:
        totals[code] = totals.get(code, 0) + number
    places = {code: place for place, code in enumerate(sorted(totals, key=lambda code: -totals[code])[:120])}
    table = np.zeros((len(places), (last - first).days + 1))
    for code, day, number in rows:
        if code in places:
            table[places[code], (day - first).days] += number
    return table, first.weekday()


def rms(values: Floats) -> float:
    return float(np.sqrt(np.nanmean(np.square(values))))


if __name__ == "__main__":
    main()
