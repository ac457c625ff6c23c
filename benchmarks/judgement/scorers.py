"""The scorers: each turns the judged shops into one section of the page.

An ability that finds something else than troubles adds its own: write a function from an `Evaluation` to a `Section`,
decorate it with `@scorer("name")` in a module of this package, and name the module in `MODULES`. What its judge said
lies in the shops' folders under the judge's own label (`replay.py`).
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from benchmarks.judgement.days import days_of
from benchmarks.judgement.effects import Shop
from benchmarks.judgement.matching import reported
from benchmarks.judgement.replay import kept, read
from benchmarks.judgement.scoring import ShopScore, score_shop
from benchmarks.judgement.shops import load

MODULES = ("benchmarks.judgement.troubles", "benchmarks.judgement.launches")


@dataclass(frozen=True)
class Table:
    """A table of text."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Section:
    """One section of the page: a title, notes on this run, tables with a line above each, and how it is counted."""

    title: str
    text: str
    tables: tuple[tuple[str, Table], ...] = ()
    notes: tuple[str, ...] = ()


@dataclass
class Evaluation:
    """The judged shops.

    Attributes:
        folders: Folders of the shops.
        label: Label of the judge.
        number_judged: Judged days at the end of each window.
        unfinished: Shops that were left out because not every day was judged.
    """

    folders: Sequence[Path]
    label: str
    number_judged: int
    unfinished: list[str] = field(default_factory=list)

    @cached_property
    def scores(self) -> list[ShopScore]:
        """Scores of the shops of which every day was judged."""
        scored = [self._score(folder) for folder in self.folders]
        return [one for one in scored if one is not None]

    def _score(self, folder: Path) -> ShopScore | None:
        made = load(folder, self.number_judged)
        judged = read(kept(folder, self.label))
        if [day for day, _ in judged] != made.judged_days():
            self.unfinished.append(folder.name)
            return None
        findings = reported(judged, made.first_day)
        return score_shop(Shop(made.truth, made.ledger), findings, made.first_judged, days_of(made.truth))


Scorer = Callable[[Evaluation], Section]
_SCORERS: dict[str, Scorer] = {}


def scorer(name: str) -> Callable[[Scorer], Scorer]:
    """Register a scorer under a name."""

    def register(function: Scorer) -> Scorer:
        _SCORERS[name] = function
        return function

    return register


def scorers() -> dict[str, Scorer]:
    """Return every scorer by name."""
    for module in MODULES:
        importlib.import_module(module)
    return dict(_SCORERS)
