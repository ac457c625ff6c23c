"""What was found of a product, given out, changed and measured: the closed loop of one product."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from duoshou.app.discreet import discreet_finding
from duoshou.app.discreet_loop import discreet_effect
from duoshou.app.pages.changes import STANDINGS
from duoshou.app.pages.effects import effect_lines
from duoshou.app.pages.findings import STATUS_TITLES
from duoshou.loop.changes import WantedChanges, list_changes
from duoshou.loop.checks import STATE_WORDS
from duoshou.loop.effect_words import VERDICTS
from duoshou.loop.effects import list_effects
from duoshou.loop.tasks import WantedTasks, list_tasks
from duoshou.model import ChangeStanding, Text, plain
from duoshou.state.browsing import Wanted, browse
from duoshou.state.standing import Status

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench

MOST = 30
COUNTED = (ChangeStanding.CONFIRMED, ChangeStanding.PROPOSED)


class Deed(StrEnum):
    """What a step is."""

    FINDING = "finding"
    TASK = "task"
    CHANGE = "change"
    EFFECT = "effect"


@dataclass(frozen=True, slots=True)
class StoryStep:
    """One step of a product's story.

    Attributes:
        day: Since when it was found, when it was written down or changed; of an effect the last day that was judged.
        deed: What it is.
        title: What it says, in few words.
        standing: How it stands, or what came of it.
        address: The page that tells more.
        amount: Money at stake, or gained; None: not known or not told.
        low: Lower end of its interval.
        high: Upper end.
        currency: Of the money.
    """

    day: date
    deed: Deed
    title: Text | str
    standing: Text
    address: str
    amount: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    currency: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        shape: dict[str, Any] = plain(self)
        return shape


def product_story(workbench: Workbench, product: str, shop: str, *, costs: bool) -> tuple[StoryStep, ...]:
    """Return the latest steps of a product's story, the latest first.

    Args:
        workbench: The workspace.
        product: Id of the product.
        shop: Key of the shop.
        costs: Whether whoever asks may see costs.
    """
    steps = [
        *_findings(workbench, product, shop, costs=costs),
        *_tasks(workbench, product, shop),
        *_changes(workbench, product, shop),
        *_effects(workbench, product, shop, costs=costs),
    ]
    return tuple(sorted(steps, key=lambda one: one.day, reverse=True)[:MOST])


def _findings(workbench: Workbench, product: str, shop: str, *, costs: bool) -> Iterator[StoryStep]:
    for past in browse(workbench.state, shop, Wanted(subject=("product", product)), limit=MOST).found:
        found = past.finding if costs else discreet_finding(past.finding)
        money = found.impact
        yield StoryStep(
            past.since,
            Deed.FINDING,
            found.headline,
            STATUS_TITLES[Status(past.finding.status)],
            f"/findings/{past.finding.id}",
            *((None, None, None, "") if money is None else (money.amount, money.low, money.high, money.currency)),
        )


def _tasks(workbench: Workbench, product: str, shop: str) -> Iterator[StoryStep]:
    zone = ZoneInfo(workbench.settings.timezone)
    wanted = WantedTasks(subject=("product", product))
    for task in list_tasks(workbench.state, shop, wanted, latest_first=True, limit=MOST)[0]:
        written = task.created_at.astimezone(zone).date()
        yield StoryStep(
            task.done_on or written, Deed.TASK, task.what.title, STATE_WORDS[task.state], f"/board/tasks/{task.id}"
        )


def _changes(workbench: Workbench, product: str, shop: str) -> Iterator[StoryStep]:
    for standing in COUNTED:
        wanted = WantedChanges(standing=standing, subject=("product", product))
        for change in list_changes(workbench.state, shop, wanted, limit=MOST)[0]:
            day = change.what.on
            place = f"/board/changes?from={day}&to={day}&standing={standing.value}"
            yield StoryStep(day, Deed.CHANGE, change.what.title, STANDINGS[standing], place)


def _effects(workbench: Workbench, product: str, shop: str, *, costs: bool) -> Iterator[StoryStep]:
    kept = list_effects(workbench.state, shop, subject=("product", product), limit=MOST)[0]
    for line in effect_lines(workbench, shop, kept):
        one = line.measured if costs else discreet_effect(line.measured, workbench.catalogue)
        yield StoryStep(
            one.window.end,
            Deed.EFFECT,
            line.title,
            VERDICTS[one.verdict],
            f"/effects/{one.id}",
            *(one.amount, one.low, one.high, one.currency),
        )
