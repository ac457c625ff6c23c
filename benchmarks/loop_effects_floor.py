"""How far one errs on the cases of `loop_effects.py` who knows more than a shop can.

`chance` and `state`: each shop is run again without one action, on other random numbers from the action's first day on.
The mean of these runs is what somebody expects who knows the simulation, its parameters, the state of the shop on that
morning and everything that is planned; the error that is left is the chance of single visitors and orders, and for
`state` also that of the slow moves of demand to come. The spread of the runs makes an interval of 95 %.

`seasons`: the estimator of the product, which is told the season of each category and the life cycle of each product,
those of the judged days too; the level of the product has to be learnt from the days before, as a shop has to.

`measured` is the estimator as it is, `plain` the week before and after.

    nice -n 15 python benchmarks/loop_effects_floor.py --seeds 300 304 308 --runs 8
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from loop_effects import (
    DAYS,
    Action,
    Books,
    Floats,
    acted,
    alone,
    case_of,
    mean_of,
    setting_of,
)

from duoshou.demo.simulation import Incident, Simulation
from duoshou.demo.simulation.engine import Run, run_day
from duoshou.demo.simulation.state import State
from duoshou.demo.simulation.streams import Streams
from duoshou.loop.effects import Measured
from duoshou.loop.evaluation.measure import measure
from duoshou.statistics.effects.quantiles import student_value

BEFORE = 7
METRICS = ("visitors", "pay_amount", "pay_conversion_rate")
WAYS = ("chance", "state", "seasons", "measured", "plain")
NORMAL = 1.959964


@dataclass(frozen=True)
class Told:
    """What was said of an action: its relative effect with an interval, by who knows what; and the truth."""

    metric: str
    truth: float
    said: dict[str, tuple[float, float, float]]

    def error(self, way: str) -> float:
        """Return the relative error."""
        return abs(self.said[way][0] - self.truth)

    def holds(self, way: str) -> bool:
        """Return whether the interval holds the truth."""
        return self.said[way][1] <= self.truth <= self.said[way][2]


def floors(seed: int, runs: int) -> Iterator[Told]:
    """Yield what is said of each action of a shop."""
    shop, actions, cost = acted(seed)
    seen = Books.of(shop.daily, cost)
    settings = {"seasons": setting_of(shop, without_seasons(shop, seen), actions)}
    settings["measured"] = setting_of(shop, seen, actions)
    for action in (one for one in actions if not one.is_null):
        said = {name: measure(case_of(shop, action), setting) for name, setting in settings.items()}
        window = next((one.window for one in said.values() if one is not None), None)
        if window is None:
            continue
        days = slice((window.start - shop.world.first).days, (window.end - shop.world.first).days + 1)
        without = mean_of(Books.of(alone(shop, action), cost), action.metric, action.product, days)
        outcome = mean_of(seen, action.metric, action.product, days)
        before = mean_of(seen, action.metric, action.product, slice(action.start - BEFORE, action.start))
        told = {name: relative(one) for name, one in said.items() if one is not None and one.relative is not None}
        if without <= 0 or before <= 0 or len(told) < len(said):
            continue
        told["plain"] = (outcome / before - 1, np.nan, np.nan)
        for way in ("chance", "state"):
            again = [rerun(shop, action, days.stop, seed * 1000 + run, way == "state") for run in range(runs)]
            table = [mean_of(Books.of(one.daily, cost), action.metric, action.product, days) for one in again]
            told[way] = interval(outcome, np.array(table))
        yield Told(action.metric, outcome / without - 1, told)


def relative(found: Measured) -> tuple[float, float, float]:
    """Return the relative effect and its limits."""
    ends = (found.relative, found.relative_low, found.relative_high)
    return tuple(np.nan if one is None else one for one in ends)  # type: ignore[return-value]


def interval(outcome: float, runs: Floats) -> tuple[float, float, float]:
    """Return the effect against the mean of the runs, and the limits where one more run is expected (95 %)."""
    centre, count = float(runs.mean()), len(runs)
    spread = float(np.log(np.maximum(runs, 1e-3 * centre)).std(ddof=1)) * np.sqrt(1 + 1 / count)
    reach = student_value(NORMAL, count - 1) * spread
    return outcome / centre - 1, outcome / centre * np.exp(-reach) - 1, outcome / centre * np.exp(reach) - 1


def without_seasons(shop: Simulation, books: Books) -> Books:
    """Return the books had no category a season and no product a life cycle."""
    plan = shop.plan
    line = plan.seasons.category[:DAYS][:, shop.world.products.category] + np.log(np.maximum(plan.life[:DAYS], 1e-3))
    factor = np.exp(np.clip(line - np.median(line, axis=0), -3, 3))
    return replace(
        books,
        **{
            name: getattr(books, name) / factor
            for name in ("visitors", "buyers", "orders", "units", "sales", "contribution")
        },
    )


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
    table = [one for seed in asked.seeds for one in floors(seed, asked.runs)]
    print("| metric | actions | " + " | ".join(WAYS) + " | ratios to plain | covered |\n" + "| --- " * 9 + "|")
    for name in ("all", *METRICS):
        group = [one for one in table if name in ("all", one.metric)]
        errors = [float(np.median([one.error(way) for one in group])) for way in WAYS]
        ratios = ", ".join(f"{one / errors[-1]:.2f}" for one in errors[:-1])
        held = ", ".join(f"{np.mean([one.holds(way) for one in group]):.0%}" for way in WAYS[:-1])
        print(f"| {name} | {len(group)} | " + " | ".join(f"{one:.3f}" for one in errors) + f" | {ratios} | {held} |")


if __name__ == "__main__":
    main()
