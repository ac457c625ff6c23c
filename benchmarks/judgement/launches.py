"""The scorer of launch tests and of concentration: how often a pass is false, and whether intervals hold what came.

Launches are judged twice: drawn by laws whose truth is known exactly, as many as the shops of the run, beside an oracle
that knows the law; and in the simulated shops, where a product's truth is its money per visitor, in the 60 days of its
test and over its whole time. A hit is the same in all: what lies above the upper quarter of the true rates of the
launches before it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from benchmarks.judgement.drawn_launches import (
    AGES,
    DAYS,
    NEW,
    UPPER,
    WORLDS,
    Drawn,
    World,
    draw_shop,
    exact_chances,
    passed_by_oracle,
)
from benchmarks.judgement.scorers import Evaluation, Section, Table, scorer
from benchmarks.judgement.shops import Made, load
from numpy.typing import NDArray

from duoshou.app import open_workbench
from duoshou.app.assortment import range_of
from duoshou.app.launches import launches_of
from duoshou.statistics.launches import SURE, chances, fit_population, scatter, thinned

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
PAST = (8, 20, 60)
SHOPS_EACH = 2
STEP, QUARTER = 14, 91
KEPT = "judged-launches.json"
TIMES = {"its test": 60, "its whole time": None}
"""By which days of a launch in a simulated shop the truth is told."""
TEXT = """\
A launch is a hit where its true rate lies above the upper quarter of the true rates of the launches before it, low
where it lies below their median; in the shops the rate is the money per visitor, sale days and all: of the 60 days of
the test, the chance of their few buyers included, which is what the product tells; and of the whole time, of which it
promises nothing.
A launch test is read again and again, so a launch counts as passed when it ever passes. The promise is that at most 5 %
of those that ever pass are no hits. Drawn launches have 60 visitors a day (negative binomial) for four weeks and are
judged at the ages at which the product judges. In the shops every second week is read; all launches count, those with
too few before them for any verdict, too. The oracle knows the law, the bar and how days scatter. At each age it passes
the likeliest, as many as leave 5 % expected false: whoever passes launches as they come passes at most as many by that
age. Concentration: whether the interval of the first product's share of 13 weeks holds its share of the gross margin of
these weeks, and of the next 13, which it does not foretell: products rise and fade, and who is first was lucky.
"""


@dataclass
class Told:
    """What was told of launches, and how much of it was wrong."""

    passed: int = 0
    passed_wrongly: int = 0
    failed: int = 0
    failed_wrongly: int = 0
    hits: int = 0
    hits_passed: int = 0
    launches: int = 0

    def add(self, ever: tuple[bool, bool], *, is_hit: bool, is_low: bool) -> None:
        """Count a launch that ever passed, or ever failed."""
        passed, failed = ever
        self.launches += 1
        self.passed += passed
        self.failed += failed
        self.passed_wrongly += passed and not is_hit
        self.failed_wrongly += failed and not is_low
        self.hits += is_hit
        self.hits_passed += passed and is_hit

    def row(self, *names: str) -> tuple[str, ...]:
        """Return a row of the table."""
        return (
            *names,
            str(self.launches),
            str(self.passed),
            _of(self.passed_wrongly, self.passed),
            _of(self.hits_passed, self.hits),
            str(self.failed),
            _of(self.failed_wrongly, self.failed),
        )


COLUMNS = ("launches", "ever passed", "of those false", "hits that pass", "ever failed", "of those wrongly")


@scorer("launches")
def launches(evaluation: Evaluation) -> Section:
    """Return the section about launch tests and concentration."""
    drawn, beside = _drawn_tables(max(len(evaluation.folders), 1))
    made = [load(folder, evaluation.number_judged) for folder in evaluation.folders]
    heard = [_heard(one) for one in made]
    told, shares = {name: Told() for name in TIMES}, [0, 0, 0]
    for one, words in zip(made, heard, strict=True):
        for name, days in TIMES.items():
            _score_shop(one, words, days, told[name])
        _score_shares(one, words, shares)
    shops = Table(("shops", "by", *COLUMNS), tuple(one.row(str(len(made)), name) for name, one in told.items()))
    concentration = Table(
        ("quarters", "its own share inside", "the next one's inside"),
        ((str(shares[2]), _of(shares[0], shares[2]), _of(shares[1], shares[2])),),
    )
    return Section(
        "Launch tests",
        TEXT,
        (
            ("Drawn launches:", drawn),
            ("Hits that passed by an age, of those that an oracle passes:", beside),
            ("In the shops:", shops),
            ("Concentration:", concentration),
        ),
    )


def _drawn_tables(folders: int) -> tuple[Table, Table]:
    rows, beside = [], []
    for past in PAST:
        for world in WORLDS:
            told, ages = judged_world(world, past, SHOPS_EACH * folders)
            rows.append(told.row(str(past), world.name))
            beside.append((str(past), world.name, *ages))
    return (
        Table(("past launches", "law", *COLUMNS), tuple(rows)),
        Table(("past launches", "law", *(f"{age} days" for age in AGES)), tuple(beside)),
    )


def judged_world(world: World, past: int, shops: int) -> tuple[Told, list[str]]:
    """Return what was told of the new launches of drawn shops, and by each age the hits passed of the oracle's."""
    told, random, rates = Told(), np.random.default_rng(past), world.rates()
    ours, chances, hits = [], [], []
    for _ in range(shops):
        shop = draw_shop(random, world, past)
        passed, failed = first_told(shop)
        for one in range(NEW):
            ever = (bool(passed[one] <= DAYS), bool(failed[one] <= DAYS))
            told.add(ever, is_hit=bool(shop.is_hit[one]), is_low=bool(shop.is_low[one]))
        ours.append(passed)
        chances.append(exact_chances(shop, world, rates))
        hits.append(shop.is_hit)
    first, chance, is_hit = np.concatenate(ours), np.concatenate(chances), np.concatenate(hits)
    return told, [_beside(first <= age, passed_by_oracle(chance[:, age - 1]), is_hit) for age in AGES]


def _beside(ours: Bools, oracle: Bools, is_hit: Bools) -> str:
    """Return the hits passed: ours, and the oracle's."""
    hits = int(is_hit.sum())
    return " of ".join(_of(int((passed & is_hit).sum()), hits) for passed in (ours, oracle))


def first_told(shop: Drawn) -> tuple[Floats, Floats]:
    """Return the age at which each new launch passed, and failed, for the first time; infinite: never."""
    past = shop.past
    spread = scatter(shop.hits[:past], shop.tries[:past])
    k, n = thinned(shop.hits[:past], shop.tries[:past], spread)
    population = fit_population(k.sum(axis=1), n.sum(axis=1))
    first = np.full((2, NEW), np.inf)
    if population is None:
        return first[0], first[1]
    for day in reversed(AGES):
        # As the product has it: a week that is not over has the days that it has.
        won, tried = (side.sum(axis=1) for side in thinned(shop.hits[past:, :day], shop.tries[past:, :day], spread))
        told = chances(population, won, tried)
        first[0, told.above >= SURE] = day
        first[1, told.below >= SURE] = day
    return first[0], first[1]


def _heard(made: Made) -> dict[str, Any]:
    """Return what the product says of a shop's launches and first product, asked once and kept."""
    file = made.folder / KEPT
    if file.is_file():
        words: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        return words
    days = made.judged_days()[::STEP]
    words = {"verdicts": {}, "shares": []}
    with open_workbench(made.workspace) as workbench:
        for day in days:
            for one in launches_of(workbench, day).candidates:
                words["verdicts"].setdefault(one.id, []).append(one.verdict.value)
        last = made.judged_days()[-1] if days else None
        for back in (QUARTER, 2 * QUARTER):
            spread = None if last is None else _share(workbench, last - timedelta(days=back))
            if spread is not None:
                words["shares"].append(spread)
    file.write_text(json.dumps(words), encoding="utf-8")
    return words


def _share(workbench: Any, day: date) -> dict[str, Any] | None:
    study = range_of(workbench, day)
    if study.spread is None:
        return None
    first = study.spread.first
    return {"day": day.isoformat(), "low": first.low, "high": first.high, "product": study.products[0].id}


def _score_shop(made: Made, words: dict[str, Any], days: int | None, told: Told) -> None:
    """Score a shop's launches by the money per visitor of their first days; None: of all their days."""
    ids = [str(one) for one in made.truth["products"]["ids"]]
    launch = np.array(made.truth["products"]["launch"])
    own = np.arange(made.ledger.fact["product.visitors"].shape[0])[:, None] - launch
    counts = (own >= 0) & (own < days) if days else np.ones_like(own, dtype=np.bool_)
    visitors, revenue = ((made.ledger.fact[f"product.{name}"] * counts).sum(axis=0) for name in ("visitors", "revenue"))
    worth = np.divide(revenue, visitors, out=np.zeros(len(ids)), where=visitors > 0)
    for product, verdicts in words["verdicts"].items():
        place = ids.index(product)
        before = worth[(launch > 0) & (launch < launch[place]) & (visitors > 0)]
        if not len(before) or (days and own[-1, place] < days - 1):
            continue
        median, bar = np.quantile(before, (0.5, UPPER))
        ever = ("pass" in verdicts, "fail" in verdicts)
        told.add(ever, is_hit=bool(worth[place] > bar), is_low=bool(worth[place] < median))


def _score_shares(made: Made, words: dict[str, Any], shares: list[int]) -> None:
    """Count the quarters whose first product's true share, and that of the next quarter, lay inside the interval."""
    ids = [str(one) for one in made.truth["products"]["ids"]]
    fact, cost = made.ledger.fact, np.array(made.truth["products"]["unit_cost"])
    revenue = fact["product.revenue"]
    # What is refunded leaves neither income nor the cost of its goods.
    margin = (revenue - fact["product.refunds"]) * (1 - fact["product.units"] * cost / np.maximum(revenue, 1))
    for one in words["shares"]:
        start = (date.fromisoformat(one["day"]) - made.first_day).days + 1
        for place, days in enumerate((margin[max(start - QUARTER, 0) : start], margin[start : start + QUARTER])):
            whole = np.maximum(days.sum(axis=0), 0)
            shares[place] += bool(one["low"] <= whole[ids.index(one["product"])] / max(whole.sum(), 1) <= one["high"])
        shares[2] += 1


def _of(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "—"
