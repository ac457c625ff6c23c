"""Tests with random assignment: errors and power of daily reading, of the check of the split, and of switchbacks.

    python benchmarks/trials.py daily --trials 8000       # 28 looks at a base rate of 5 %, beside naive peeking
    python benchmarks/trials.py ratio --trials 20000      # false alarms of the sample-ratio check, and its power
    python benchmarks/trials.py switchback --trials 1000  # beside before/after and the t-test on alternating days
    python benchmarks/trials.py length --trials 300       # does a planned switchback find what it was planned for
    python benchmarks/trials.py real                      # two published experiments

Set OMP_NUM_THREADS=1. All chances are simulated with fixed seeds.
"""

from __future__ import annotations

import argparse
import math
import os
import time
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pandas as pd

from duoshou.statistics.distributions import student_t_two_sided
from duoshou.statistics.trials import (
    Outcomes,
    design_switchback,
    plan_ab,
    plan_switchback,
    read_ab,
    read_switchback,
    sample_ratio,
)

DATA = Path(os.environ.get("DUOSHOU_SHARED_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
DAYS, BASE = 28, 0.05


def per_day():
    """Return units a day with which a test of 28 days without looks has a power of .966 for +10 %."""
    drift = NormalDist().inv_cdf(0.975) + NormalDist().inv_cdf(0.966)
    changed = 1.1 * BASE
    arm = drift**2 * (BASE * (1 - BASE) + changed * (1 - changed)) / (0.1 * BASE) ** 2
    return round(2 * arm / DAYS)


def naive_stop(units, wins):
    units, wins = np.cumsum(units, axis=0), np.cumsum(wins, axis=0)
    pooled = wins.sum(axis=1) / units.sum(axis=1)
    rates = wins / units
    z = (rates[:, 1] - rates[:, 0]) / np.sqrt(pooled * (1 - pooled) * (1 / units).sum(axis=1))
    crossed = np.abs(z) > 1.959964
    return crossed.any(), crossed[-1]


def daily(trials):
    flow = per_day()
    print(f"{flow} units a day, {DAYS} days, base rate {BASE}")
    for horizon in ("fixed", "open"):
        plan = plan_ab(BASE, 0.1, flow, power=0.966, horizon=horizon)
        plan = type(plan)(**{**plan.__dict__, "units": flow * DAYS, "days": DAYS})
        for lift in (0.0, 0.1, 0.2, -0.1):
            chance = np.random.default_rng(round(1000 * (1 + lift)))
            decided, right, covered, above, ends, peeked, plain, spent, undecided = ([] for _ in range(9))
            count = trials if lift in (0.0, 0.1) else trials // 4
            for _ in range(count):
                units = chance.multinomial(flow, [0.5, 0.5], size=DAYS)
                wins = chance.binomial(units, [BASE, BASE * (1 + lift)])
                began = time.process_time()
                reading = read_ab(Outcomes(units.astype(float), wins.astype(float)), plan)
                spent.append(time.process_time() - began)
                one = reading.comparisons[0]
                decided.append(one.decision in ("a_better", "b_better"))
                right.append(one.decision == ("b_better" if lift > 0 else "a_better"))
                covered.append(one.low <= BASE * lift <= one.high)
                above.append(one.estimate > BASE * lift)
                ends.append(one.decided_on + 1 if decided[-1] else DAYS)
                undecided.append(one.decision == "no_difference")
                naive = naive_stop(units, wins)
                peeked.append(naive[0])
                plain.append(naive[1])
            print(
                f"{horizon:6} {lift:+.2f} of {count}: called different {np.mean(decided):.4f} (right way "
                f"{np.mean(right):.4f}), no difference {np.mean(undecided):.3f}, mean day {np.mean(ends):.1f}, "
                f"intervals cover {np.mean(covered):.4f}, estimate above truth {np.mean(above):.3f}; naive peeking "
                f"{np.mean(peeked):.4f}, fixed end {np.mean(plain):.4f}; {1000 * np.mean(spent):.1f} ms"
            )
    return 0


def revenue(trials):
    """Values of which most are 0 and the rest lognormal, as an order's are."""
    plan = plan_ab(2.0, 0.1, 20_000, kind="mean", deviation=math.sqrt(0.05 * 40**2 * math.e**0.64 - 4))
    print(f"mean: {plan.days} days of {plan.per_day} units")
    for horizon in ("fixed", "open"):
        own = type(plan)(**{**plan.__dict__, "horizon": horizon})
        chance, decided = np.random.default_rng(5), []
        for _ in range(trials):
            units = chance.multinomial(2000, [0.5, 0.5], size=DAYS)
            buyers = chance.binomial(units, 0.05)
            values = np.exp(chance.normal(math.log(40), 0.8, int(buyers.sum())))
            place = np.repeat(np.arange(2 * DAYS), buyers.ravel())
            sums = np.bincount(place, values, 2 * DAYS).reshape(DAYS, 2)
            squares = np.bincount(place, values**2, 2 * DAYS).reshape(DAYS, 2)
            own = type(own)(**{**own.__dict__, "units": 2000 * DAYS})
            reading = read_ab(Outcomes(units.astype(float), sums, squares), own)
            decided.append(reading.decision in ("a_better", "b_better"))
        print(f"{horizon:6} no effect on a mean, {trials}: called different {np.mean(decided):.4f}")
    return 0


def arms(trials):
    """Three arms against one: the error of calling any of those that do not differ different."""
    plan = plan_ab(BASE, 0.15, 8000, shares=(1, 1, 1, 1), power=0.9)
    for name, rates in (("none differs", [BASE] * 4), ("one is 15 % better", [BASE, BASE, BASE, 1.15 * BASE])):
        chance, wrong, found = np.random.default_rng(8), [], []
        for _ in range(trials):
            units = chance.multinomial(8000, [0.25] * 4, size=plan.days)
            wins = chance.binomial(units, rates)
            reading = read_ab(Outcomes(units.astype(float), wins.astype(float)), plan)
            calls = [one.decision in ("a_better", "b_better") for one in reading.comparisons]
            wrong.append(any(call for call, rate in zip(calls, rates[1:], strict=True) if rate == BASE))
            found.append(calls[-1])
        print(
            f"four arms, {plan.days} days, {name}: any false call {np.mean(wrong):.4f}, "
            f"last called {np.mean(found):.4f}"
        )
    return 0


def ratio(trials):
    for looks, flow in ((28, 500), (28, 10_000), (365, 1000)):
        for share in (0.5, 0.51, 0.52):
            chance = np.random.default_rng(round(1000 * share))
            count = trials if share == 0.5 and looks == 28 else trials // 20
            alarms, first = [], []
            for _ in range(count):
                split = sample_ratio(chance.multinomial(flow, [share, 1 - share], size=looks).astype(float), (1, 1))
                alarms.append(split.mismatch)
                first.append(math.nan if split.day is None else split.day + 1)
            print(
                f"{looks} looks of {flow}, share {share}: alarms {np.mean(alarms):.4f} of {count} at level .01, "
                f"mean day {np.nanmean(first) if any(alarms) else math.nan:.1f}"
            )
    return 0


def noise(kind, days, chance):
    """Return log sales of days: weekdays, and what the kind adds."""
    week = 0.15 * np.sin(2 * np.pi * np.arange(days) / 7) + 0.1 * (np.arange(days) % 7 == 5)
    white, shock = chance.normal(0, 1, days), chance.normal(0, 1, days)
    if kind == "white":
        return week + 0.1 * white
    if kind == "autoregressive":
        level = np.zeros(days)
        for day in range(1, days):
            level[day] = 0.8 * level[day - 1] + 0.6 * shock[day]
        return week + 0.07 * white + 0.07 * level
    if kind == "walk":
        return week + 0.08 * white + np.cumsum(0.025 * shock)
    if kind == "heavy":
        return week + 0.07 * chance.standard_t(2.5, days) + np.cumsum(0.01 * shock)
    trend = week + 0.004 * np.arange(days) + np.cumsum(0.01 * shock)
    return np.log(np.maximum(chance.poisson(40 * np.exp(trend)), 0.5))


def lasting(state, carry):
    """Return how much of the effect each day feels: after a switch it grows and fades over the carry-over."""
    padded = np.concatenate([np.repeat(state[:1], carry), state]).astype(float)
    return np.mean([padded[shift : shift + len(state)] for shift in range(carry + 1)], axis=0)


def student(one, other):
    error = math.sqrt(one.var(ddof=1) / len(one) + other.var(ddof=1) / len(other))
    return (
        one.mean() - other.mean(),
        error,
        student_t_two_sided((one.mean() - other.mean()) / error, len(one) + len(other) - 2),
    )


def switchback(trials):
    print("series, carry-over: false, covers, power, error of ours | before/after | alternating days, t-test")
    days, effect = 56, 0.1
    for carry in (0, 1):
        for kind in ("white", "autoregressive", "walk", "heavy", "counts"):
            chance = np.random.default_rng(len(kind) + carry)
            rows = []
            for number in range(trials):
                level = noise(kind, days, chance)
                design = design_switchback(days, carry_over=carry, seed=number)
                unmoved = read_switchback(level, None, design, most_draws=499)
                state = np.maximum(design.assignment, 0)
                moved = read_switchback(level + effect * lasting(state, carry), None, design, most_draws=499)
                after = (np.arange(days) >= days // 2).astype(int)
                turns = np.arange(days) % 2
                row = [
                    unmoved.p_value <= 0.05,
                    moved.low <= effect <= moved.high,
                    moved.p_value <= 0.05,
                    moved.estimate - effect,
                ]
                for plain in (after, turns):
                    row.append(student(level[plain == 1], level[plain == 0])[2] <= 0.05)
                    felt = level + effect * lasting(plain, carry)
                    gap, error, _ = student(felt[plain == 1], felt[plain == 0])
                    row += [abs(gap - effect) <= 2.005 * error, gap - effect]
                rows.append(row)
            table = np.array(rows, dtype=float)
            means, errors = table.mean(axis=0), np.sqrt((table**2).mean(axis=0))
            print(
                f"{kind:15} {carry}: {means[0]:.3f} {means[1]:.3f} {means[2]:.3f} {errors[3]:.4f} | "
                f"{means[4]:.3f} {means[5]:.3f} {errors[6]:.4f} | {means[7]:.3f} {means[8]:.3f} {errors[9]:.4f}"
            )
    return 0


def length(trials):
    """Plan from 26 weeks of the past for an effect; then run the plan."""
    for kind in ("white", "autoregressive", "walk", "heavy", "counts"):
        for carry in (0, 1):
            chance = np.random.default_rng(len(kind) + 10 * carry)
            found, planned, refused = [], [], 0
            for number in range(trials):
                level = noise(kind, 182 + 112, chance)
                plan = plan_switchback(level[:182], 0.08, carry_over=carry, longest=112)
                if plan.days is None:
                    refused += 1
                    continue
                design = design_switchback(plan.days, plan.unit, carry_over=carry, run=plan.run, seed=number)
                state = np.maximum(design.assignment, 0)
                now = level[182 : 182 + plan.days] + 0.08 * lasting(state, carry)
                reading = read_switchback(now, None, design, most_draws=499, history=level[:182])
                found.append(reading.p_value <= 0.05)
                planned.append(plan.days)
            print(
                f"{kind:15} {carry}: power {np.mean(found) if found else math.nan:.3f} (wanted .80), "
                f"{np.mean(planned) if planned else math.nan:.0f} days in the mean, too long for {refused} of {trials}"
            )
    return 0


def tally(frame, arm, value):
    """Return one look at all units: arms in the order of their names, values as sums and squares."""
    grouped = frame.dropna(subset=[value]).groupby(arm)[value]
    sums = [grouped.size(), grouped.sum(), grouped.apply(lambda values: (values**2).sum())]
    units, totals, squares = (np.array([one.to_numpy(dtype=float)]) for one in sums)
    return Outcomes(units, totals, None if set(frame[value].dropna().unique()) <= {0, 1} else squares)


def show(name, outcomes, shares):
    units = outcomes.units.sum()
    deviation = math.sqrt((outcomes.squares.sum() if outcomes.squares is not None else outcomes.totals.sum()) / units)
    plan = plan_ab(
        outcomes.totals[0, 0] / outcomes.units[0, 0], 0.1, units, kind=outcomes.kind, deviation=deviation, shares=shares
    )
    plan = type(plan)(**{**plan.__dict__, "units": int(units), "days": 1})
    reading = read_ab(outcomes, plan)
    for one in reading.comparisons:
        print(
            f"{name}, arm {one.arm}: {one.estimate:+.5f} [{one.low:+.5f}, {one.high:+.5f}] = {one.relative:+.1%}, "
            f"p {one.p_value:.4f}, {one.decision}; split p {reading.sample_ratio.p_value:.3f}"
        )


def real(_trials):
    giving = pd.read_parquet(DATA / "charitable_giving_ab" / "charitable.parquet")
    for value in ("out_gavedum", "out_amountgive"):
        show(f"Karlan and List, {value}", tally(giving, "treatment", value), (1, 2))
    giving["ratio"] = giving["treat_ratio2"] + 2 * giving["treat_ratio3"]
    show(
        "Karlan and List, 2:1 and 3:1 against 1:1",
        tally(giving[giving["treatment"] == 1], "ratio", "out_gavedum"),
        (1, 1, 1),
    )
    mailing = pd.read_csv(DATA / "hillstrom" / "hillstrom.csv")
    mailing["arm"] = mailing["segment"].map({"No E-Mail": 0, "Mens E-Mail": 1, "Womens E-Mail": 2})
    for value in ("visit", "conversion", "spend"):
        show(f"Hillstrom, {value}", tally(mailing, "arm", value), (1, 1, 1))
    return 0


PARTS = {
    "daily": daily, "revenue": revenue, "arms": arms, "ratio": ratio,
    "switchback": switchback, "length": length, "real": real,
}  # fmt: skip


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("part", choices=PARTS)
    arguments.add_argument("--trials", type=int, default=1000)
    chosen = arguments.parse_args()
    raise SystemExit(PARTS[chosen.part](chosen.trials))
