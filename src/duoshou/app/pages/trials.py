"""效果 → 测试: which tests there are, and one with its plan, its counts and what it shows so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from duoshou.app.discreet_loop import discreet_effect, discreet_reading, discreet_trial
from duoshou.app.loop.tasks import today_of
from duoshou.app.loop.trials import read_test
from duoshou.app.pages.board import metric_title
from duoshou.loop.effects import Measured, effect_of
from duoshou.loop.trial import Count, Trial
from duoshou.loop.trial_reading import Reading
from duoshou.loop.trials import counts_of, list_trials, trial_of
from duoshou.model import Source, Text, TrialKind, TrialState, plain

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench

TRIALS_A_PAGE = 50
KINDS = {TrialKind.AB: Text("分流", "A/B"), TrialKind.SWITCHBACK: Text("轮换", "switchback")}
STATES = {
    TrialState.RUNNING: Text("进行中", "running"),
    TrialState.ENDED: Text("已结束", "ended"),
    TrialState.CANCELLED: Text("已取消", "cancelled"),
}


@dataclass(frozen=True, slots=True)
class TrialsPage:
    """The tests of a shop.

    Attributes:
        shop: Key of the shop.
        today: The day that it is where the shop is.
        trials: A page of the tests, the latest first.
        total: How many there are in all.
        page: Number of the page, from 1.
        pages: How many pages.
        metrics: Name of each metric that a test is about.
    """

    shop: str
    today: date
    trials: tuple[Trial, ...]
    total: int
    page: int
    pages: int
    metrics: Mapping[str, Text]

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        told = [one.to_dict() for one in self.trials]
        return {"shop": self.shop, "tests": told, "total": self.total, "page": self.page, "pages": self.pages}


@dataclass(frozen=True, slots=True)
class TrialPage:
    """One test.

    Attributes:
        trial: The test.
        today: The day that it is where the shop is.
        metrics: Name of its metric and of its guards.
        reading: What it shows so far; None where it was cancelled.
        counts: What its arms saw, by day and arm; empty for a switchback, which is read from the warehouse.
        effect: What it brought; None while it runs.
    """

    trial: Trial
    today: date
    metrics: Mapping[str, Text]
    reading: Reading | None
    counts: tuple[Count, ...]
    effect: Measured | None

    @property
    def state_today(self) -> str | None:
        """The state that a switchback should have today; None where today is no day of it."""
        return state_on(self.trial, self.today)

    @property
    def is_guarded(self) -> bool:
        """Whether the counts tell of a guard beside the measure: the other number of each count."""
        return bool(self.trial.design.get("guard"))

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        return {
            "test": self.trial.to_dict(),
            "state_today": self.state_today,
            "reading": None if self.reading is None else self.reading.to_dict(),
            "counts": plain(self.counts),
            "effect": None if self.effect is None else self.effect.id,
        }


def trials_page(workbench: Workbench, page: int, shop: str | None, *, costs: bool) -> TrialsPage:
    """Return a page of the tests of a shop.

    Args:
        workbench: The workspace.
        page: Number of the page, from 1.
        shop: Key of the shop; None where there is only one.
        costs: Whether whoever asks may see costs.
    """
    key = workbench.shop_key(shop)
    found, total = list_trials(workbench.state, key, limit=TRIALS_A_PAGE, offset=(page - 1) * TRIALS_A_PAGE)
    if not costs:
        found = tuple(map(discreet_trial, found))
    names = {one.metric: metric_title(workbench, one.metric) for one in found}
    return TrialsPage(key, today_of(workbench), found, total, page, max(1, -(-total // TRIALS_A_PAGE)), names)


def trial_page(workbench: Workbench, number: int, shop: str | None, *, costs: bool) -> TrialPage:
    """Return one test with what it shows so far.

    Args:
        workbench: The workspace.
        number: Its number.
        shop: Key of the shop; None where there is only one.
        costs: Whether whoever asks may see costs.

    Raises:
        UnknownTrial: If the shop has no such test.
    """
    key, state = workbench.shop_key(shop), workbench.state
    trial = trial_of(state, key, number)
    reading = None if trial.state is TrialState.CANCELLED else read_test(workbench, key, number)
    counts = counts_of(state, key, number) if trial.kind is TrialKind.AB else ()
    guards = () if reading is None else tuple(one.name for one in reading.guards)
    names = {name: metric_title(workbench, name) for name in (trial.metric, *guards)}
    effect = effect_of(state, key, Source.TRIAL, str(number))
    if not costs:
        trial = discreet_trial(trial)
        reading = reading and discreet_reading(reading, trial, workbench.catalogue)
        effect = effect and discreet_effect(effect, workbench.catalogue)
    return TrialPage(trial, today_of(workbench), names, reading, counts, effect)


def state_on(trial: Trial, day: date) -> str | None:
    """Return the state that a switchback should have on a day; None where the day is no part of it."""
    if trial.kind is TrialKind.AB or trial.state is not TrialState.RUNNING:
        return None
    return dict(trial.schedule()).get(day)
