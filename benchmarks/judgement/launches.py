"""The scorer of launch tests and of concentration: how often a pass is false, and whether intervals hold what came.

Launches are judged twice: drawn by laws whose truth is known exactly, as many as the shops of the run; and in the
simulated shops, where a product's truth is its money per visitor over its whole time among the shop's launches.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from benchmarks.judgement.scorers import Evaluation, Section, Table, scorer
from benchmarks.judgement.shops import Made, load
from numpy.typing import NDArray

from duoshou.app import open_workbench
from duoshou.app.assortment import range_of
from duoshou.app.launches import launches_of
from duoshou.statistics.launches import Verdict, dispersion, fit_population, judge

Floats = NDArray[np.float64]
Law = Callable[[np.random.Generator, int], Floats]
PAST = (8, 20, 60)
NEW, DAYS, EACH, VISITORS = 6, 28, 3, 60
SHOPS_EACH = 2
STEP, QUARTER = 14, 91
KEPT = "judged-launches.json"
TEXT = """\
A launch test is read again and again, so a launch counts as passed when it ever passes. The promise is that at most
5 % of those that pass lie below the upper quarter in truth. Drawn launches have 60 visitors a day (negative binomial)
and are read every third day of four weeks. In the shops every second week is read; a pass is false where the product's
money per visitor over its whole time, sale days and all, lies below the upper quarter of the shop's launches, a fail
where it lies above their median. Concentration: whether the interval of the first product's share of 13 weeks holds its
share of the gross margin of these weeks, and of the next 13, which it does not foretell: products rise and fade, and
who is first was lucky.
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
    drawn = Table(("past launches", "law", *COLUMNS), tuple(_drawn_rows(max(len(evaluation.folders), 1))))
    made = [load(folder, evaluation.number_judged) for folder in evaluation.folders]
    heard = [_heard(one) for one in made]
    told, shares = Told(), [0, 0, 0]
    for one, words in zip(made, heard, strict=True):
        _score_shop(one, words, told)
        _score_shares(one, words, shares)
    shops = Table(("shops", *COLUMNS), (told.row(str(len(made))),))
    concentration = Table(
        ("quarters", "its own share inside", "the next one's inside"),
        ((str(shares[2]), _of(shares[0], shares[2]), _of(shares[1], shares[2])),),
    )
    return Section(
        "Launch tests",
        TEXT,
        (
            ("Drawn launches:", drawn),
            ("In the shops:", shops),
            ("Concentration:", concentration),
        ),
    )


def beta(random: np.random.Generator, count: int) -> Floats:
    """Return rates of the law that the test takes to be true."""
    return random.beta(1.8, 58.2, count)


def few_hits(random: np.random.Generator, count: int) -> Floats:
    """Return rates of which a fifth are hits and the others alike."""
    usual, hit = random.lognormal(np.log(0.02), 0.4, count), random.lognormal(np.log(0.06), 0.3, count)
    return np.where(random.random(count) < 0.2, hit, usual).clip(0, 0.9)


def skewed(random: np.random.Generator, count: int) -> Floats:
    """Return log-normal rates."""
    return random.lognormal(np.log(0.03), 0.7, count).clip(0, 0.9)


LAWS: tuple[tuple[str, Law, float], ...] = (
    ("beta", beta, 0.0),
    ("a fifth are hits, the others alike", few_hits, 0.0),
    ("log-normal, days scatter by 60 %", skewed, 0.6),
)


def _drawn_rows(folders: int) -> list[tuple[str, ...]]:
    rows = []
    for past in PAST:
        for name, law, scatter in LAWS:
            told = Told()
            random = np.random.default_rng(past)
            median, bar = np.quantile(law(np.random.default_rng(0), 400_000), (0.5, 0.75))
            for _ in range(SHOPS_EACH * folders):
                rates, ever = draw_shop(random, law, past, scatter)
                for rate, passed, failed in zip(rates, *ever, strict=True):
                    told.add((bool(passed), bool(failed)), is_hit=rate > bar, is_low=rate < median)
            rows.append(told.row(str(past), name))
    return rows


def draw_shop(random: np.random.Generator, law: Law, past: int, scatter: float) -> tuple[Floats, Any]:
    """Return the rates of a drawn shop's new products, and which of them ever passed, and ever failed."""
    rates = law(random, past + NEW)
    tries = random.negative_binomial(2, 2 / (2 + VISITORS), (past + NEW, DAYS))
    daily = rates[:, None] * np.exp(random.normal(-(scatter**2) / 2, scatter, tries.shape))
    hits = random.binomial(tries, daily.clip(0, 0.9)).astype(np.float64)
    wide = dispersion(hits[:past], tries[:past].astype(np.float64))
    ever = np.zeros((2, NEW), dtype=np.bool_)
    for day in range(EACH, DAYS + 1, EACH):
        k, n = (one[:, :day].sum(axis=1).astype(np.float64) for one in (hits, tries))
        population = fit_population(k[:past], n[:past], scatter=wide)
        if population is None:
            continue
        for one in range(NEW):
            verdict = judge(population, k[past + one], n[past + one], plan=False).verdict
            ever[0, one] |= verdict is Verdict.PASSED
            ever[1, one] |= verdict is Verdict.FAILED
    return rates[past:], ever


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


def _score_shop(made: Made, words: dict[str, Any], told: Told) -> None:
    ids = [str(one) for one in made.truth["products"]["ids"]]
    launch = np.array(made.truth["products"]["launch"])
    visitors, revenue = (made.ledger.fact[f"product.{name}"].sum(axis=0) for name in ("visitors", "revenue"))
    worth = np.divide(revenue, visitors, out=np.zeros(len(ids)), where=visitors > 0)
    new = (launch > 0) & (visitors > 0)
    if new.sum() < len(PAST):
        return
    median, bar = np.quantile(worth[new], (0.5, 0.75))
    for product, verdicts in words["verdicts"].items():
        value = worth[ids.index(product)]
        ever = ("pass" in verdicts, "fail" in verdicts)
        told.add(ever, is_hit=bool(value >= bar), is_low=bool(value <= median))


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
