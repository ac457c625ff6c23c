"""The simulated shop of `duoshou demo`: which one it is, and whether a folder may hold it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from duoshou.demo.exports.press import words
from duoshou.demo.simulation import MODEL_VERSION, Scenario, Simulation, load_scenario, simulate
from duoshou.model import DuoshouError, Place, Text

CURRENCY = "CNY"
TIMEZONE = "Asia/Shanghai"
TRUTH = "truth.json"
SCENARIO = "first_hour"
SEED = 7
# A usual Wednesday: the lull after Double 11 is over, nobody waits for Double 12 yet, and so it was a week before.
UNTIL = date(2025, 12, 3)
# From the first of July, so that the files of two quarters hold everything.
DAYS = 156


class DemoError(DuoshouError):
    """A demonstration that cannot be made where it was asked for."""


@dataclass(frozen=True)
class Recipe:
    """What decides about every byte of a simulated shop's files.

    Attributes:
        seed: Seed of all random numbers.
        scenario: What happens.
        until: Last day.
        days: Number of days.
        orders: About how many order lines come out; None: those of a shop of usual size.
    """

    seed: int
    scenario: Scenario
    until: date
    days: int
    orders: int | None = None

    @classmethod
    def of(
        cls,
        seed: int | None = None,
        scenario: Path | None = None,
        until: date | None = None,
        days: int | None = None,
        orders: int | None = None,
    ) -> Recipe:
        """Return the shop that is asked for.

        Nothing asked: the shipped scenario, whose last days hold a plain incident. Another seed is another shop, in
        which the seed places the incidents, because the scenario names products of the usual one.

        Raises:
            ScenarioError: If the scenario cannot be read.
        """
        if scenario is not None:
            told = load_scenario(scenario)
        else:
            told = _shipped(days or DAYS) if seed in (None, SEED) else Scenario("random", is_random=True)
        return cls(SEED if seed is None else seed, told, until or UNTIL, days or DAYS, orders)

    @property
    def first(self) -> date:
        """The first day."""
        return self.until - timedelta(days=self.days - 1)

    def simulated(self, progress: Callable[[float], None] | None = None) -> Simulation:
        """Return the shop after its last day."""
        return simulate(self.seed, self.until, self.days, self.scenario, self.orders, progress)

    def refuse_others(self, folder: Path, settings: str) -> None:
        """Do nothing where the folder is free or holds this very shop.

        Args:
            folder: Where the shop is wanted.
            settings: Name of the file that makes a folder a workspace.

        Raises:
            DemoError: If the folder holds a workspace of somebody, or another simulated shop.
        """
        if not (folder / settings).exists() or self._same(folder / TRUTH):
            return
        raise DemoError(
            "demo_folder_taken",
            Text(
                f"{folder} 已经是一个工作区，不能再放入这个模拟店铺",
                f"{folder} is a workspace already; this simulated shop does not go into it",
            ),
            hint=Text("换一个目录：duoshou demo 新目录", "name another folder: duoshou demo DIR"),
            place=Place(str(folder)),
        )

    def _same(self, path: Path) -> bool:
        try:
            known = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return False
        wanted = {
            "version": MODEL_VERSION,
            "seed": self.seed,
            "scenario": self.scenario.name,
            "first": self.first.isoformat(),
            "until": self.until.isoformat(),
        }
        return isinstance(known, dict) and wanted.items() <= known.items() and known.get("orders") == self.orders


def name() -> str:
    """Return the shop's name: the platform's, and that it is made up."""
    return f"{words('platform')['shop']}（模拟）"


def write_truth(simulation: Simulation, folder: Path, orders: int | None = None) -> Path:
    """Write `truth.json` beside the workspace's settings, outside the inbox, and return its path.

    Args:
        simulation: The shop.
        folder: The workspace.
        orders: How many order lines were asked for; None: those of a shop of usual size.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / TRUTH
    told: dict[str, Any] = simulation.truth() | ({} if orders is None else {"orders": orders})
    path.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    return path


def _shipped(days: int) -> Scenario:
    """Return the shipped scenario without what began before so many days."""
    with as_file(files(__package__) / "scenarios" / f"{SCENARIO}.toml") as path:
        told = load_scenario(path)
    return replace(
        told,
        incidents=tuple(one for one in told.incidents if one["start"] >= -days),
        deeds=tuple(one for one in told.deeds if one["day"] >= -days),
    )
