"""Runs the shop day by day."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal

from duoshou.demo.simulation.after import finished_service, make_content
from duoshou.demo.simulation.baskets import filled
from duoshou.demo.simulation.books import close_day, enter_orders, open_day, send_customers
from duoshou.demo.simulation.building import Plan, make_plan
from duoshou.demo.simulation.chunks import as_known, concatenated
from duoshou.demo.simulation.conversion import run_interest, run_service, set_prices
from duoshou.demo.simulation.effects import effects_of
from duoshou.demo.simulation.incidents import Scenario, load_scenario
from duoshou.demo.simulation.outcomes import completed
from duoshou.demo.simulation.parameters import MODEL_VERSION
from duoshou.demo.simulation.requests import send_late_buyers, wanted
from duoshou.demo.simulation.state import State, first_state
from duoshou.demo.simulation.traffic import run_margins, run_traffic
from duoshou.demo.simulation.truth import Counterfactual, truth_of
from duoshou.demo.simulation.world import Ads, Content, Daily, Incident, Orders, Service, World

RANDOM = Scenario("random", is_random=True)
QUIET = Scenario("none")
LEAST_DAYS = 30


@dataclass(slots=True)
class Run:
    """A run of the shop over its whole window.

    Attributes:
        plan: What is settled beforehand.
        incidents: What happens.
        state: The shop after the last day.
        kept: Orders by day of creation; empty in a run that does not keep them.
        starts: The shop on the morning of the first day of each incident, by its key.
    """

    plan: Plan
    incidents: Sequence[Incident]
    state: State
    kept: list[Orders] = field(default_factory=list)
    starts: dict[str, State] = field(default_factory=dict)

    def days(self) -> Iterator[Orders]:
        """Run the days that are left, one by one, and yield the orders of each."""
        while self.state.day < self.plan.world.days:
            for incident in self.incidents:
                if incident.start == self.state.day and not incident.is_fault and incident.key in self.starts:
                    self.starts[incident.key] = self.state.twin()
            yield run_day(self.plan, self.state, self.incidents)


def run_day(plan: Plan, state: State, incidents: Sequence[Incident]) -> Orders:
    """Run one day of the shop and return the orders created on it."""
    effects = effects_of(plan.world, incidents, state.day)
    open_day(state, effects.blocked)
    set_prices(plan, state, effects)
    state.daily.stock_out[state.day] = ((state.stock <= 0) | effects.blocked) & plan.live[state.day]
    traffic = run_traffic(plan, state, effects)
    interest = run_interest(plan, state, effects, traffic)
    send_late_buyers(plan, state, traffic, interest)
    requests, baskets = filled(plan, state, interest, wanted(plan, state, effects, traffic, interest))
    orders = completed(plan, state, effects, interest, requests, baskets)
    enter_orders(plan, state, requests, orders)
    send_customers(plan, state, requests, orders)
    run_margins(plan, state, traffic)
    run_service(plan, state, effects, interest)
    state.daily.stock_out[state.day] |= (state.stock <= 0) & plan.live[state.day]
    close_day(plan, state, orders)
    return orders


@dataclass(slots=True)
class Simulation:
    """A shop that has been run.

    Attributes:
        plan: What was settled beforehand.
        run: The run; its books are `daily`, `ads` and `service`.
        service: Agents and leads.
        content: Posts.
    """

    plan: Plan
    run: Run
    service: Service
    content: Content

    @property
    def world(self) -> World:
        """What was fixed before the first day."""
        return self.plan.world

    @property
    def daily(self) -> Daily:
        """The shop's days."""
        return self.run.state.daily

    @property
    def ads(self) -> Ads:
        """Advertising."""
        return self.run.state.ads

    def order_chunks(self) -> Iterator[Orders]:
        """Yield the orders by calendar month of creation; a run that kept none is run again."""
        days = iter(self.run.kept) if self.run.kept else _fresh(self.plan).days()
        month: list[Orders] = []
        dates = self.world.dates.astype("datetime64[M]")
        for day, orders in enumerate(days):
            if day and dates[day] != dates[day - 1]:
                yield as_known(self.world, concatenated(month))
                month = []
            month.append(orders)
        yield as_known(self.world, concatenated(month))

    def orders(self) -> Orders:
        """Return all orders at once."""
        return concatenated(list(self.order_chunks()))

    def without(self, key: str) -> Counterfactual:
        """Return the days as they would have been without the incident `key`."""
        incident = next(one for one in self.world.incidents if one.key == key)
        other = self.daily if incident.is_fault else self.rerun(key).daily
        return Counterfactual.of(incident, self.daily, other)

    def rerun(self, key: str) -> State:
        """Return the shop after its last day without the incident `key`, on the same random numbers.

        Up to the incident both shops are the same; the rerun starts from there. A fault of files has no rerun.
        """
        others = [one for one in self.world.incidents if one.key != key]
        again = Run(self.plan, others, self.run.starts[key].twin())
        for _ in again.days():
            pass
        return again.state

    def truth(self) -> dict[str, Any]:
        """Return what `truth.json` holds; see docs/explanation/simulated-shop.md."""
        return truth_of(self.world, self.daily, [self.without(one.key) for one in self.world.incidents])


def simulate(
    seed: int,
    until: date,
    days: int = 548,
    scenario: Scenario | Path | Literal["none"] | None = None,
    orders: int | None = None,
    progress: Callable[[float], None] | None = None,
    version: str = MODEL_VERSION,
) -> Simulation:
    """Run a shop of `days` days that ends on `until`.

    Args:
        seed: The same seed and version give the same shop in any process.
        until: Last day.
        days: Length of the window, at least 30.
        scenario: What happens; None places incidents at random by the seed, "none" places none.
        orders: About how many order lines come out; traffic, stock and budgets are scaled. None: a shop of usual size.
        progress: Told the part of the days that is done, from 0 to 1.
        version: Version of the model; an older one gives what it gave.

    Raises:
        ScenarioError: If the scenario means nothing, or there is no such version.
        ValueError: If the window is too short or `orders` too small.
    """
    if days < LEAST_DAYS:
        raise ValueError(f"a window of {days} days is shorter than {LEAST_DAYS}")
    stated = _scenario(scenario)
    if orders is None:
        return _simulated(make_plan(seed, until, days, stated, 1.0, version), progress, keep=True)
    if orders < 1:
        raise ValueError("the number of order lines must be positive")
    usual = _fresh(make_plan(seed, until, days, stated, 1.0, version))
    lines = sum(len(one.line_order) for one in usual.days())
    return _simulated(make_plan(seed, until, days, stated, orders / max(lines, 1), version), progress, keep=False)


def _scenario(scenario: Scenario | Path | Literal["none"] | None) -> Scenario:
    if scenario is None:
        return RANDOM
    if isinstance(scenario, Scenario):
        return scenario
    return QUIET if scenario == "none" else load_scenario(Path(scenario))


def _fresh(plan: Plan) -> Run:
    return Run(plan, plan.world.incidents, first_state(plan))


def _simulated(plan: Plan, progress: Callable[[float], None] | None, *, keep: bool) -> Simulation:
    run = _fresh(plan)
    run.starts = {one.key: run.state for one in plan.world.incidents if not one.is_fault}
    for orders in run.days():
        if keep:
            run.kept.append(orders)
        if progress is not None:
            progress(run.state.day / plan.world.days)
    return Simulation(plan, run, finished_service(plan, run.state), make_content(plan, run.state.daily))
