"""How far the best possible estimate errs on the cases of `loop_effects.py`: the chance of the judged days alone.

Each shop is run again without one action, on other random numbers from the first day of the action on. The mean of
these runs is what somebody expects who knows the simulation, its parameters, the state of the shop on that morning and
everything that is planned; the error that is left is the chance of single visitors and orders (`all`), and of the slow
moves of demand to come (`state`).

    nice -n 15 python benchmarks/loop_effects_floor.py --seeds 300 304 308 --runs 8
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from loop_effects import DAYS, UNTIL, Action, Books, Floats, alone, chosen, days_of, incident

from duoshou.demo.simulation import Incident, Scenario, Simulation, simulate
from duoshou.demo.simulation.engine import Run, run_day
from duoshou.demo.simulation.state import State
from duoshou.demo.simulation.streams import Streams

BEFORE = 7


def floors(seed: int, runs: int) -> Iterator[tuple[float, float, float]]:
    """Yield of each action the relative error of who knows all but chance, of who knows the state, of a plain week."""
    until = UNTIL[seed % len(UNTIL)]
    quiet = simulate(seed, until, DAYS, "none")
    cost = np.asarray(quiet.world.products.unit_cost + quiet.world.products.freight, dtype=np.float64) / 100
    actions = [one for one in chosen(seed, Books.of(quiet.daily, cost)) if not one.is_null]
    shop = simulate(seed, until, DAYS, Scenario("actions", tuple(incident(one) for one in actions)))
    seen = Books.of(shop.daily, cost)
    for action in actions:
        last = action.end if action.kind == "promotion" else action.start + days_of(action.kind) - 1
        days = slice(action.start, min(last + 1, DAYS))
        without = mean(Books.of(alone(shop, action), cost), action, days)
        truth = mean(seen, action, days)
        known, state = (
            np.mean([mean(Books.of(rerun(shop, action, days.stop, seed * 1000 + run, noise).daily, cost), action, days)
                     for run in range(runs)])
            for noise in (False, True)
        )  # fmt: skip
        before = mean(seen, action, slice(action.start - BEFORE, action.start))
        if without > 0 and before > 0:
            yield tuple(abs(truth / one - truth / without) for one in (known, state, before))  # type: ignore[misc]


def mean(books: Books, action: Action, days: slice) -> float:
    """Return the mean of the metric of an action over days; of a rate the ratio of sums."""
    values, trials, _ = books.metric(action.metric)
    total = float(values[days, action.product].sum())
    size = float(days.stop - days.start) if trials is None else float(trials[days, action.product].sum())
    return total / max(size, 1.0)


def rerun(shop: Simulation, action: Action, until: int, seed: int, fresh: bool) -> State:
    """Return the shop without an action on other random numbers from its first day on."""
    others: Sequence[Incident] = [one for one in shop.world.incidents if one.key != str(action.number)]
    plan = replace(shop.plan, streams=Streams(10**6 + seed))
    if fresh:
        plan = replace(plan, noise=slow(shop, action.start, seed))
    run = Run(plan, others, shop.run.starts[str(action.number)].twin())
    while run.state.day < until:
        run_day(plan, run.state, others)
    return run.state


def slow(shop: Simulation, start: int, seed: int) -> Floats:
    """Return the slow noise of the shop, drawn anew from a day on."""
    rules, noise = shop.plan.settings["shop"], shop.plan.noise.copy()
    random = np.random.default_rng(seed)
    for day in range(start, len(noise)):
        shocks = random.normal(0, rules["noise_shop"]) + random.normal(0, rules["noise_product"], noise.shape[1])
        noise[day] = rules["noise_memory"] * noise[day - 1] + shocks
    return np.asarray(noise)


def main() -> None:
    """Print the floors beside a plain before and after."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", required=True)
    parser.add_argument("--runs", type=int, default=8)
    asked = parser.parse_args()
    table = np.array([one for seed in asked.seeds for one in floors(seed, asked.runs)])
    known, state, plain = np.median(table, axis=0)
    print(f"{len(table)} actions, median error: all known but chance {known:.3f}, state known {state:.3f}, ", end="")
    print(f"week before and after {plain:.3f}; ratios {known / plain:.2f} and {state / plain:.2f}")


if __name__ == "__main__":
    main()
