"""Makes simulated shops by seed: their export files go through the real import, their truth is kept beside.

A shop is a folder: `workspace/` (all the product sees), `truth.json`, `books.npz` and `made.json`, which is written
last and says that the shop is whole.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from benchmarks.judgement.books import Ledger, daily_books, differences, order_books

from duoshou.app import create_workspace, open_workbench
from duoshou.demo.exports import write_exports
from duoshou.demo.simulation import MODEL_VERSION, Scenario, Simulation, simulate

MONTHS = 18
EVALUATED_MONTHS = 10
DAYS_A_MONTH = 548 / MONTHS
MADE = "made.json"
# What these incidents do to orders by region and agent is worth a run of its own; those of one product spread over all.
SHOP_WIDE = ("slow_logistics", "slow_replies", "platform_festival", "budget_exhausted")


def evaluated_days(months: float) -> int:
    """Return the days of a number of months at the end of the window."""
    return round(months * DAYS_A_MONTH)


class OtherPlan(Exception):
    """A shop lies where another one was asked for."""


@dataclass(frozen=True)
class ShopPlan:
    """One shop to make.

    Attributes:
        seed: Seed of the simulation.
        until: Last day.
        days: Length of the window.
        is_quiet: Whether nothing happens.
        per_month: Random incidents a month; None: as the model has it.
        products: Number of products; None: as the model has it.
    """

    seed: int
    until: date
    days: int = 548
    is_quiet: bool = False
    per_month: float | None = None
    products: int | None = None

    @property
    def name(self) -> str:
        """Name of the folder; shops of other density or size lie side by side."""
        parts = [f"shop-{self.seed}"]
        parts += ["quiet"] if self.is_quiet else []
        parts += [f"{self.per_month:g}-a-month"] if self.per_month is not None else []
        parts += [f"{self.products}-products"] if self.products is not None else []
        return "-".join(parts)

    def scenario(self, *, is_quiet: bool) -> Scenario:
        """Return what happens in the shop, or in the same shop without any incident."""
        parameters: dict[str, Any] = {}
        if self.per_month is not None:
            parameters["incidents"] = {"per_month": self.per_month}
        if self.products is not None:
            parameters["shop"] = {"products": self.products}
        name = "none" if is_quiet else "random"
        return Scenario(name, parameters=parameters or None, is_random=not is_quiet)

    def stated(self) -> dict[str, Any]:
        """Return the plan as plain values, with the version of the model."""
        return {**asdict(self), "until": self.until.isoformat(), "model": MODEL_VERSION}


@dataclass(frozen=True)
class Made:
    """A shop that has been made; its last `number_judged` days are judged, those before are history."""

    folder: Path
    stated: dict[str, Any]
    truth: dict[str, Any]
    ledger: Ledger
    number_judged: int

    @property
    def workspace(self) -> Path:
        """The workspace that the product opens."""
        return self.folder / "workspace"

    @property
    def first_judged(self) -> int:
        """Index of the first evaluated day."""
        return max(len(self.truth["days"]) - self.number_judged, 0)

    @property
    def first_day(self) -> date:
        """Day with the index 0."""
        return date.fromisoformat(self.truth["days"][0])

    def judged_days(self) -> list[date]:
        """Return the evaluated days in order."""
        return [date.fromisoformat(day) for day in self.truth["days"][self.first_judged :]]


class Remembering(Simulation):
    """A simulation that keeps the books of every rerun, so that the truth and the books need one rerun each."""

    reruns: dict[str, dict[str, Any]]

    @classmethod
    def of(cls, simulation: Simulation) -> Remembering:
        """Return `simulation` with an empty memory."""
        made = cls(simulation.plan, simulation.run, simulation.service, simulation.content)
        made.reruns = {}
        return made

    def rerun(self, key: str) -> Any:
        """Run the shop without the incident and keep its books."""
        state = super().rerun(key)
        self.reruns[key] = daily_books(state.daily, state.ads, self.world.keywords.product)
        return state


def seeds_of(first: int, count: int, quiet_part: int = 3) -> list[tuple[int, bool]]:
    """Return seeds and whether nothing happens: each `quiet_part`-th shop is quiet; 0: none."""
    return [(first + number, bool(quiet_part) and number % quiet_part == quiet_part - 1) for number in range(count)]


def make_all(plans: Sequence[ShopPlan], cache: Path, jobs: int) -> Iterator[tuple[ShopPlan, float]]:
    """Make the shops that are not there yet, and yield each with the seconds it took (0: it was there)."""
    missing = [plan for plan in plans if not is_made(plan, cache)]
    yield from ((plan, 0.0) for plan in plans if plan not in missing)
    if jobs <= 1:
        yield from ((plan, make(plan, cache)) for plan in missing)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        running = {pool.submit(make, plan, cache): plan for plan in missing}
        for done in as_completed(running):
            yield running[done], done.result()


def is_made(plan: ShopPlan, cache: Path) -> bool:
    """Return whether the shop is there and whole.

    Raises:
        OtherPlan: If the one that is there was made by another plan or another version of the model.
    """
    marker = cache / plan.name / MADE
    if not marker.is_file():
        return False
    there = json.loads(marker.read_text(encoding="utf-8"))["plan"]
    differing = [name for name, value in plan.stated().items() if there[name] != value]
    if differing:
        raise OtherPlan(f"{cache / plan.name} was made by another plan ({', '.join(differing)}): take another cache")
    return True


def make(plan: ShopPlan, cache: Path) -> float:
    """Make one shop and return the seconds it took; an unfinished one of an earlier run is thrown away."""
    began = time.perf_counter()
    folder, part = cache / plan.name, cache / f"{plan.name}.part"
    for old in (folder, part):
        shutil.rmtree(old, ignore_errors=True)
    part.mkdir(parents=True)
    seconds: dict[str, float] = {}
    simulation = _timed(seconds, "simulate", lambda: _write_truth(plan, part))
    files = _timed(seconds, "write", lambda: write_exports(simulation, part / "exports"))
    faulty = _timed(seconds, "import", lambda: _import(part, files, plan))
    shutil.rmtree(part / "exports")
    part.rename(folder)
    marker = {"plan": plan.stated(), "files": len(files), "faulty_files": faulty, "seconds": seconds}
    (folder / MADE).write_text(json.dumps(marker, indent=1), encoding="utf-8")
    return time.perf_counter() - began


def load(folder: Path, number_judged: int) -> Made:
    """Return a shop that `make` made, of which the last days are judged."""
    marker = json.loads((folder / MADE).read_text(encoding="utf-8"))
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    return Made(folder, marker["plan"], truth, Ledger.load(folder / "books.npz"), number_judged)


def stated_of(folder: Path) -> dict[str, Any]:
    """Return the plan by which a shop was made."""
    plan: dict[str, Any] = json.loads((folder / MADE).read_text(encoding="utf-8"))["plan"]
    return plan


def folders(cache: Path) -> list[Path]:
    """Return the folders of the shops that are whole, by name."""
    return sorted(marker.parent for marker in cache.glob(f"*/{MADE}"))


def _write_truth(plan: ShopPlan, folder: Path) -> Simulation:
    usual = simulate(plan.seed, plan.until, plan.days, plan.scenario(is_quiet=plan.is_quiet))
    simulation = Remembering.of(usual)
    truth = simulation.truth()
    (folder / "truth.json").write_text(json.dumps(truth, ensure_ascii=False), encoding="utf-8")
    _ledger(plan, simulation).save(folder / "books.npz")
    return usual


def _ledger(plan: ShopPlan, simulation: Remembering) -> Ledger:
    fact = _whole(simulation)
    incidents = simulation.world.incidents
    if not incidents:
        return Ledger(fact, fact, {})
    quiet = _whole(simulate(plan.seed, plan.until, plan.days, plan.scenario(is_quiet=True)))
    effects = {}
    for one in incidents:
        other = simulation.reruns.get(one.key)
        if other is None:
            continue
        if one.kind in SHOP_WIDE:
            other |= order_books(_without(plan, simulation, one.key))
        effects[one.key] = differences(fact, other)
    return Ledger(fact, quiet, effects)


def _whole(simulation: Simulation) -> dict[str, Any]:
    keywords = simulation.world.keywords.product
    return daily_books(simulation.daily, simulation.ads, keywords) | order_books(simulation)


def _without(plan: ShopPlan, simulation: Simulation, key: str) -> Simulation:
    """Return the shop with all incidents but one, with its orders."""
    others = tuple(
        {
            "key": one.key,
            "kind": one.kind,
            "start": one.start,
            "end": one.end,
            "place": one.place,
            "size": one.size,
            "parameters": one.parameters,
        }
        for one in simulation.world.incidents
        if one.key != key
    )
    parameters = plan.scenario(is_quiet=True).parameters
    return simulate(plan.seed, plan.until, plan.days, Scenario("others", others, parameters))


def _import(folder: Path, files: Sequence[Path], plan: ShopPlan) -> list[str]:
    create_workspace(folder / "workspace", name=plan.name, currency="CNY", timezone="Asia/Shanghai", language="zh")
    with open_workbench(folder / "workspace") as workbench:
        report = workbench.import_files(files)
    if report.failed:
        raise RuntimeError(f"{plan.name}: no file could be imported")
    return sorted({one.file for one in report.files if one.needs_person})


def _timed(seconds: dict[str, float], name: str, step: Any) -> Any:
    began = time.perf_counter()
    done = step()
    seconds[name] = round(time.perf_counter() - began, 1)
    return done
