"""Measured effects on simulated shops against their truth: coverage, error, success that was none.

Each shop is run with its actions, and without each of them alone on the same random numbers: the difference is the
true effect, of the product and of the whole shop. The cases are measured by `duoshou.loop.evaluation.measure`, the code
that the product runs; the daily values come from the simulation's books instead of export files, which would take a
hundred times as long. Half of the actions, and every action that does nothing, are taken after an extreme day.

    nice -n 15 python benchmarks/loop_effects.py run --shops 63 --to results.jsonl
    python benchmarks/loop_effects.py report results.jsonl
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from duoshou.analysts.diagnosis.days import great_sales
from duoshou.demo.simulation import Daily, Scenario, Simulation, simulate
from duoshou.demo.simulation.engine import Run, run_day
from duoshou.engine import Backend
from duoshou.loop.effects import Measured
from duoshou.loop.evaluation.case import Case, Done
from duoshou.loop.evaluation.measure import Setting, measure
from duoshou.loop.evaluation.reading import Reader, Values
from duoshou.loop.evaluation.rules import days_of
from duoshou.metrics import load_catalogue
from duoshou.model import Period, Source, Subject
from duoshou.settings import Settings
from duoshou.settings.calendar import load_calendar
from duoshou.statistics.distributions import student_t_two_sided
from duoshou.statistics.effects import intervals
from duoshou.statistics.effects.panel import Kind

Floats = NDArray[np.float64]

DAYS = 250
UNTIL = (date(2025, 4, 30), date(2025, 9, 20), date(2025, 12, 28))
"""Last days of the shops: spring, summer, and a season of great sales."""
FIRST_ACTION, LAST_ACTION = 120, 200
ACTIONS, NULLS = 12, 12
APART = 7
"""Days between the first days of two actions of a shop."""
LEAST_SALES = 3.0
"""Orders a day without which a product is not worth an action."""

KINDS: tuple[tuple[str, str, tuple[float, float], str], ...] = (
    ("main_image", "image_better", (0.2, 0.5), "visitors"),
    ("main_image", "image_worse", (0.25, 0.7), "visitors"),
    ("title", "rank_lost", (-1.0, -0.3), "visitors"),
    ("price", "price_rise", (-0.2, -0.05), "pay_amount"),
    ("price", "price_rise", (0.08, 0.25), "pay_amount"),
    ("detail_page", "page_broken", (-0.6, -0.2), "pay_conversion_rate"),
    ("promotion", "cannibal_campaign", (0.1, 0.25), "pay_amount"),
)
"""What an action is called, the incident that does it, its size, and the metric that should move."""


@dataclass(frozen=True)
class Action:
    """Something done to a product."""

    number: int
    kind: str
    incident: str
    size: float
    metric: str
    product: int
    start: int
    end: int
    extreme: int | None

    @property
    def is_null(self) -> bool:
        """Whether it does nothing."""
        return not self.incident


class Nothing(Backend):
    """An engine without tables: everything was read beforehand."""

    kind = "duckdb"

    def __init__(self) -> None:
        """Open nothing."""
        super().__init__(cast("Any", None))

    def table_names(self) -> frozenset[str]:
        """Return that there are none."""
        return frozenset()

    def run(self, statement: str) -> Any:
        """Refuse."""
        raise NotImplementedError(statement)

    def close(self) -> None:
        """Do nothing."""


def summed(values: NDArray[Any]) -> Floats:
    """Return days × products of books that are split by source and device."""
    return np.asarray(values.sum(axis=(2, 3)), dtype=np.float64)


@dataclass(frozen=True)
class Books:
    """Days × products: what happened."""

    visitors: Floats
    buyers: Floats
    orders: Floats
    units: Floats
    sales: Floats
    contribution: Floats

    @classmethod
    def of(cls, daily: Daily, cost: Floats) -> Books:
        """Return the books of a run; money in yuan, contribution before refunds and promotion."""
        units, sales = summed(daily.paid_units), summed(daily.paid_amount) / 100
        buyers, orders = summed(daily.paid_buyers), summed(daily.paid_orders)
        return cls(summed(daily.visitors), buyers, orders, units, sales, sales - units * cost)

    def metric(self, name: str) -> tuple[Floats, Floats | None, Kind]:
        """Return a metric: its values or successes, its trials, its kind."""
        if name == "pay_conversion_rate":
            return np.minimum(self.buyers, self.visitors), self.visitors, "rate"
        if name == "visitors":
            return self.visitors, None, "count"
        return {"pay_amount": self.sales, "pay_units": self.units}[name], None, "amount"


def extreme_days(books: Books, first: int, last: int) -> list[tuple[int, int]]:
    """Return for each day the product that fell farthest below its four weeks before, in standard deviations."""
    found = []
    for day in range(first, last):
        past = books.sales[day - 28 : day]
        score = (books.sales[day] - past.mean(axis=0)) / np.maximum(past.std(axis=0), 1e-9)
        score[books.orders[day - 28 : day].mean(axis=0) < LEAST_SALES] = np.inf
        found.append((day, int(np.argmin(score))))
    return found


def chosen(seed: int, quiet: Books) -> list[Action]:
    """Return the actions of a shop, those that do nothing last; no product is chosen twice."""
    random = np.random.default_rng(seed)
    large = np.flatnonzero(quiet.orders[FIRST_ACTION - 28 : FIRST_ACTION].mean(axis=0) >= LEAST_SALES)
    extremes = dict(extreme_days(quiet, FIRST_ACTION, LAST_ACTION))
    taken: set[int] = set()
    actions: list[Action] = []
    for number in range(ACTIONS):
        kind, incident, (low, high), metric = KINDS[int(random.integers(len(KINDS)))]
        start = FIRST_ACTION + 1 + number * APART
        extreme = None
        product = extremes[start - 1]
        if number % 2 and product not in taken:
            extreme = start - 1
        else:
            free = [one for one in large if one not in taken]
            if not free:
                continue
            product = int(random.choice(free))
        length = int(random.integers(5, 15)) if kind == "promotion" else days_of(kind)
        taken.add(product)
        size = float(random.uniform(low, high))
        actions.append(Action(number, kind, incident, size, metric, product, start, start + length - 1, extreme))
    for day in random.permutation(np.arange(FIRST_ACTION, LAST_ACTION)):
        product = extremes[int(day)]
        if len(actions) >= ACTIONS + NULLS or product in taken:
            continue
        taken.add(product)
        kind, metric = (("main_image", "visitors"), ("price", "pay_amount"))[len(actions) % 2]
        start = int(day) + 1
        actions.append(
            Action(100 + len(actions), kind, "", 0.0, metric, product, start, start + days_of(kind) - 1, int(day))
        )
    return actions


def incident(action: Action) -> Mapping[str, Any]:
    """Return what an action is in the simulation."""
    place = {"product": action.product} | ({"device": 0} if action.incident == "page_broken" else {})
    return {
        "key": str(action.number),
        "kind": action.incident,
        "start": action.start,
        "end": action.end,
        "size": action.size,
        "place": place,
    }


def setting_of(shop: Simulation, books: Books, actions: Sequence[Action]) -> Setting:
    """Return what the product would read of a shop."""
    world = shop.world
    names = tuple(str(one) for one in world.products.ids)
    order = np.argsort(names)
    names = tuple(names[place] for place in order)
    days = Period(world.first, world.until)

    def values(table: Floats, trials: Floats | None, kind: Kind) -> Values:
        below = None if trials is None else np.where(trials.T[order] > 0, trials.T[order], np.nan)
        above = table.T[order] if below is None else np.where(np.isnan(below), np.nan, table.T[order])
        return Values(names, days, above, below, kind)

    read: dict[tuple[str, str], Values | None] = {
        (name, "product"): values(*books.metric(name))
        for name in ("visitors", "pay_amount", "pay_units", "pay_conversion_rate")
    }
    for name, table in {
        "income": books.sales,
        "contributing_income": books.sales,
        "contribution": books.contribution,
    }.items():
        read[name, "product"] = values(table, None, "amount")
    categories = {str(id_): str(one) for id_, one in zip(world.products.ids, world.products.category, strict=True)}
    calendar = load_calendar(Settings())
    reader = Reader(Nothing(), load_catalogue(), days, days.end, "main", read=read, facts={"category": categories})
    everywhere = list(Period(days.start, days.end + timedelta(days=60)))
    sales = frozenset(day for day, one in zip(everywhere, great_sales(calendar, everywhere), strict=True) if one)
    return Setting(reader, calendar, [done_of(shop, one) for one in actions], sales.__contains__, "CNY", 0.3)


def done_of(shop: Simulation, action: Action) -> Done:
    """Return an action as the change that a person recorded."""
    day, id_ = day_of(shop, action.start), str(shop.world.products.ids[action.product])
    until = day_of(shop, action.end) if action.kind == "promotion" else None
    return Done(action.number, action.kind, day, until, frozenset({("product", id_)}))


def day_of(shop: Simulation, number: int) -> date:
    """Return the day of a column."""
    return shop.world.first + timedelta(days=number)


def case_of(shop: Simulation, action: Action) -> Case:
    """Return the case of an action."""
    id_ = str(shop.world.products.ids[action.product])
    extreme = None if action.extreme is None else day_of(shop, action.extreme)
    return Case(
        Source.CHANGE,
        str(action.number),
        Subject("product", id_, id_),
        action.metric,
        day_of(shop, action.start),
        ended=day_of(shop, action.end) if action.kind == "promotion" else None,
        kind=action.kind,
        selected=None if extreme is None else Period(extreme, extreme),
        own=frozenset({action.number}),
    )


def acted(seed: int) -> tuple[Simulation, list[Action], Floats]:
    """Return a shop with its actions, what they are, and what a unit of each product costs, in yuan."""
    until = UNTIL[seed % len(UNTIL)]
    quiet = simulate(seed, until, DAYS, "none")
    cost = np.asarray(quiet.world.products.unit_cost + quiet.world.products.freight, dtype=np.float64) / 100
    actions = chosen(seed, Books.of(quiet.daily, cost))
    scenario = Scenario("actions", tuple(incident(one) for one in actions if not one.is_null))
    return simulate(seed, until, DAYS, scenario), actions, cost


def results(seed: int) -> Iterator[dict[str, Any]]:
    """Yield what was measured of each action of a shop, beside the truth and a plain before and after."""
    shop, actions, cost = acted(seed)
    books = Books.of(shop.daily, cost)
    setting = setting_of(shop, books, actions)
    for action in actions:
        found = measure(case_of(shop, action), setting)
        if found is None:
            continue
        without = books if action.is_null else Books.of(alone(shop, action), cost)
        yield {
            "seed": seed,
            "action": action.number,
            "kind": action.kind,
            "incident": action.incident,
            "metric": action.metric,
            "extreme": action.extreme is not None,
            "verdict": found.verdict.value,
            "method": found.method,
            "caveats": found.caveats,
            **truth_of(shop, action, found, books, without),
            **plain(shop, action, found, books),
        }


def alone(shop: Simulation, action: Action) -> Daily:
    """Return the days of the shop without one action, up to the last that is looked at."""
    key = str(action.number)
    others = [one for one in shop.world.incidents if one.key != key]
    run = Run(shop.plan, others, shop.run.starts[key].twin())
    while run.state.day < min(action.end + 16, shop.world.days):
        run_day(run.plan, run.state, others)
    return run.state.daily


def truth_of(shop: Simulation, action: Action, found: Measured, books: Books, without: Books) -> dict[str, Any]:
    """Return the numbers measured and true: relative effect, contribution of the product, net of the whole shop."""
    first = (found.window.start - shop.world.first).days
    days = slice(first, (found.window.end - shop.world.first).days + 1)
    own = action.product
    seen, other = (mean_of(one, action.metric, own, days) for one in (books, without))
    gross = books.contribution[days, own].sum() - without.contribution[days, own].sum()
    last = days.stop + (14 if action.kind == "promotion" else 0)
    net = books.contribution[first:last].sum() - without.contribution[first:last].sum()
    money = found.content.get("money", {}).get("gross")
    return {
        "relative": [found.relative, found.relative_low, found.relative_high],
        "true_relative": seen / other - 1 if other > 0 else None,
        "gross": None if money is None else [money["estimate"], money["low"], money["high"]],
        "true_gross": float(gross),
        "net": None
        if found.amount is None
        else [float(one) for one in (found.amount, found.low or 0, found.high or 0)],
        "true_net": float(net),
    }


def mean_of(books: Books, metric: str, product: int, days: slice) -> float:
    """Return the mean of a metric over days, of a rate the ratio of the sums."""
    values, trials, _ = books.metric(metric)
    total = values[days, product].sum()
    return float(total / (trials[days, product].sum() if trials is not None else days.stop - days.start))


def plain(shop: Simulation, action: Action, found: Measured, books: Books) -> dict[str, Any]:
    """Return a plain before and after: the window against the week before it, Welch's test of the days."""
    values, trials, _ = books.metric(action.metric)
    daily = values[:, action.product] / (1.0 if trials is None else np.maximum(trials[:, action.product], 1.0))
    first, last = action.start, (found.window.end - shop.world.first).days + 1
    before, after = daily[first - 7 : first], daily[first:last]
    error = np.hypot(before.std(ddof=1) / np.sqrt(7), after.std(ddof=1) / np.sqrt(len(after)))
    difference = after.mean() - before.mean()
    a, b = before.var(ddof=1) / 7, after.var(ddof=1) / len(after)
    degrees = (a + b) ** 2 / max(a**2 / 6 + b**2 / (len(after) - 1), 1e-12)
    probability = student_t_two_sided(abs(difference) / max(error, 1e-12), degrees)
    relative = difference / before.mean() if before.mean() > 0 else None
    # Against the day before alone, as people do who look at the day that alarmed them.
    return {
        "plain_relative": relative,
        "plain_worked": bool(probability < 0.05 and difference > 0),
        "day_worked": bool(after.mean() > 1.1 * daily[first - 1]),
    }


def report(rows: Sequence[Mapping[str, Any]]) -> None:
    """Print the tables of the documentation."""
    real, null = [one for one in rows if one["incident"]], [one for one in rows if not one["incident"]]
    print("| actions | told | effect covered | contribution covered | net covered | median error | plain | ratio |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    pairs = dict.fromkeys((one["kind"], one["incident"]) for one in real)
    groups = {
        "all": real,
        "after an extreme day": [one for one in real if one["extreme"]],
        "on a usual day": [one for one in real if not one["extreme"]],
        **{f"{a} ({b})": [one for one in real if (one["kind"], one["incident"]) == (a, b)] for a, b in pairs},
    }
    for name, group in groups.items():
        _line(name, group)
    print()
    print("| actions that do nothing, after an extreme day | said worked | week before and after | the day itself |")
    print("| --- | --- | --- | --- |")
    names = ("visitors", "pay_amount")
    for name, group in {
        "all": null,
        **{one: [each for each in null if each["metric"] == one] for one in names},
    }.items():
        said = np.mean([one["verdict"] == "worked" for one in group])
        plain_said, day_said = (np.mean([one[key] for one in group]) for key in ("plain_worked", "day_worked"))
        print(f"| {name} ({len(group)}) | {said:.1%} | {plain_said:.1%} | {day_said:.1%} |")
    print()
    verdicts = ("worked", "did_not", "harmed", "cannot_tell")
    good = [one for one in real if (one["true_relative"] or 0) > 0 and one["true_net"] > 0]
    bad = [one for one in real if one["true_net"] < 0]
    print("| actions | " + " | ".join(verdicts) + " |")
    print("| --- | --- | --- | --- | --- |")
    for name, group in {"truly gained": good, "truly lost": bad, "do nothing": null}.items():
        shares = (f"{np.mean([one['verdict'] == each for one in group]):.1%}" for each in verdicts)
        print(f"| {name} ({len(group)}) | " + " | ".join(shares) + " |")


def _line(name: str, group: Sequence[Mapping[str, Any]]) -> None:
    told = [one for one in group if one["relative"][0] is not None and one["true_relative"] is not None]
    if not told:
        return
    errors = np.array([abs(one["relative"][0] - one["true_relative"]) for one in told])
    plains = np.array([abs((one["plain_relative"] or 0) - one["true_relative"]) for one in told])
    covers = " | ".join(covered(told, key) for key in ("relative", "gross", "net"))
    middle, other = float(np.median(errors)), float(np.median(plains))
    print(f"| {name} | {len(told)} of {len(group)} | {covers} | {middle:.3f} | {other:.3f} | {middle / other:.2f} |")


def covered(rows: Sequence[Mapping[str, Any]], name: str) -> str:
    """Return how often an interval holds the truth."""
    known = [(one[name], one[f"true_{name}"]) for one in rows if one[name] is not None]
    if not known:
        return "–"
    return f"{np.mean([low <= truth <= high for (_, low, high), truth in known]):.1%} of {len(known)}"


def main() -> None:
    """Run shops, or print what came of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run")
    run.add_argument("--shops", type=int, default=63)
    run.add_argument("--first", type=int, default=0)
    run.add_argument("--to", type=Path, required=True)
    told = commands.add_parser("report")
    told.add_argument("file", type=Path)
    asked = parser.parse_args()
    if asked.command == "report":
        report([json.loads(line) for line in asked.file.read_text().splitlines()])
        return
    # Nobody reads a probability here, and it takes half of the time.
    intervals.two_sided = lambda *_: float("nan")
    with asked.to.open("a") as file:
        for seed in range(asked.first, asked.first + asked.shops):
            for one in results(seed):
                file.write(json.dumps(one) + "\n")
            file.flush()


if __name__ == "__main__":
    main()
