"""Tasks, effects and tests for those who may not see costs.

What a trouble costs is for everybody, and so is what a task against it is expected to win back. What sales left, or
would leave, is not: beside the sales of the same days it is the margin.
"""

from __future__ import annotations

from dataclasses import replace
from math import nan
from typing import TYPE_CHECKING, Any

from duoshou.analysts.advice_kinds import MONEY_OF_COSTS
from duoshou.metrics.costs import tells_costs
from duoshou.model import Source

if TYPE_CHECKING:
    from duoshou.loop.effects import Measured, Totals
    from duoshou.loop.task import Task
    from duoshou.loop.trial import Trial
    from duoshou.loop.trial_reading import Reading
    from duoshou.metrics import Catalogue

CHANNEL = "channel"
"""The smallest difference that a test of a channel looks for is its break-even."""
MONEY = frozenset({"money", "together"})
"""Parts of an effect's content that are what sales left."""
OF_METRIC = frozenset({"days", "before", "per_day", "relative", "reading"})
"""Parts that are values of its metric."""
COSTS_HIDDEN = "costs_hidden"
"""Caveat of an effect whose money is left out, so that nobody takes it for unknown."""
NUMBERS = dict.fromkeys(("relative", "low", "high"))


def discreet_task(task: Task) -> Task:
    """Return a task without the money that it is expected to bring, where the advice behind it is made from costs."""
    what = task.what
    if what.cause not in MONEY_OF_COSTS:
        return task
    return replace(task, what=replace(what, expected=replace(what.expected, amount=None)))


def discreet_effect(measured: Measured, catalogue: Catalogue) -> Measured:
    """Return an effect without money, margin and the values of metrics that tell costs, and saying so."""
    content = {name: value for name, value in measured.content.items() if name not in MONEY}
    if "guards" in content:
        content["guards"] = [_discreet_guard(one, catalogue) for one in content["guards"]]
    if measured.source is Source.TRIAL and measured.subject.type == CHANNEL:
        content.pop("expected", None)
    caveats = (*(one for one in measured.caveats if one != COSTS_HIDDEN), COSTS_HIDDEN)
    told = replace(measured, amount=None, low=None, high=None, caveats=caveats, content=content)
    if not _is_of_costs(catalogue, measured.metric):
        return told
    content = {name: value for name, value in content.items() if name not in OF_METRIC}
    return replace(told, relative=None, relative_low=None, relative_high=None, content=content)


def discreet_totals(totals: Totals) -> Totals:
    """Return how many effects there are of each verdict, without what they brought."""
    return replace(totals, amount=None, low=None, high=None, currency=None)


def discreet_trial(trial: Trial) -> Trial:
    """Return a test; of a channel without the smallest difference, with its spend a break-even."""
    if trial.subject.type != CHANNEL:
        return trial
    return replace(trial, design=_without_lift(dict(trial.design)))


def discreet_reading(reading: Reading, trial: Trial, catalogue: Catalogue) -> Reading:
    """Return what a test shows without the numbers of metrics that tell costs; what they say to do stays."""
    arms = reading.arms
    if _is_of_costs(catalogue, trial.metric):
        arms = tuple(replace(one, relative=nan, low=nan, high=nan) for one in arms)
    guards = (
        replace(one, relative=nan, low=nan, high=nan) if _is_of_costs(catalogue, one.name) else one
        for one in reading.guards
    )
    return replace(reading, arms=arms, guards=tuple(guards))


def _without_lift(design: dict[str, Any]) -> dict[str, Any]:
    """Return a design without the smallest difference, wherever it stands."""
    return {
        name: _without_lift(value) if isinstance(value, dict) else value
        for name, value in design.items()
        if name != "smallest_lift"
    }


def _discreet_guard(guard: dict[str, Any], catalogue: Catalogue) -> dict[str, Any]:
    return guard | NUMBERS if _is_of_costs(catalogue, guard["metric"]) else guard


def _is_of_costs(catalogue: Catalogue, metric: str) -> bool:
    """Return whether a metric tells costs; one that the catalogue does not have any more may have."""
    return metric not in catalogue.metrics or tells_costs(catalogue, metric)
