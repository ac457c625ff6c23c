"""The rates of a new product, against launches at the same age and against the category's other products."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from duoshou.analysts.launches.question import ProductDays
from duoshou.statistics.launches import (
    MONEY_TRIES,
    Judgement,
    Verdict,
    chance_above,
    dispersion,
    fit_population,
    judge,
    money_tries,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
YOUNG_DAYS = 60
"""Age up to which a product is in its launch test."""
STEADYING = 50.0
"""Usual hits that are added to a day's, so that a day of few says little of how all bought on it."""
LEAST_FORETOLD = 8
FORETELLS = 0.05


class Rate(StrEnum):
    """What is told of a new product, the later and truer last."""

    CLICKS = "click_rate"
    INTEREST = "favourite_cart_rate"
    SEARCH = "search_share"
    BUYERS = "conversion_rate"
    MONEY = "money_per_visitor"


LEADING = (Rate.CLICKS, Rate.INTEREST, Rate.SEARCH)


@dataclass(frozen=True, slots=True)
class Read:
    """One rate of a new product.

    Attributes:
        rate: Which.
        hits: Clicks, favourites and carts, visitors by search, buyers.
        tries: Impressions or visitors.
        judgement: Where it lies among the launches at the same age; money per visitor in units of the currency.
        category: The same rate of the category's other products on the same days; None where it is unknown.
        above_category: Chance that the product's lies above that.
        foretells: Whether, among past launches, this rate at this age went with money per visitor later on; None where
            too few tell.
    """

    rate: Rate
    hits: int
    tries: int
    judgement: Judgement
    category: float | None
    above_category: float | None
    foretells: bool | None


@dataclass(frozen=True, slots=True)
class Counted:
    """One rate of all products by day.

    Attributes:
        hits: float[P, T]; NaN: unknown.
        tries: float[P, T], those of a day on which everybody does more counted for more.
        raw: float[P, T], tries as the files tell them.
        scatter: How much wider than binomial chance the days of one launch scatter.
        value: float[P], what a buyer pays; None where the rate is no money.
    """

    hits: Floats
    tries: Floats
    raw: Floats
    scatter: float
    value: Floats | None


def counted(found: ProductDays) -> dict[Rate, Counted]:
    """Return the rates that the shop's files tell."""
    values = found.values
    visitors, buyers = values["visitors"], values["pay_buyers"]
    ads = not np.isfinite(values["product_impressions"]).any()
    shown, clicked = ("impressions", "clicks") if ads else ("product_impressions", "product_clicks")
    pairs = {
        Rate.CLICKS: (values[clicked], values[shown]),
        Rate.INTEREST: (values["favourite_cart_buyers"], visitors),
        Rate.SEARCH: (values["search_visitors"], visitors),
        Rate.BUYERS: (buyers, visitors),
    }
    told = {rate: _counted(found, *pair) for rate, pair in pairs.items() if _is_told(found, *pair)}
    if Rate.BUYERS in told and np.nansum(values["pay_amount"]) > 0:
        told[Rate.MONEY] = _money(found, told[Rate.BUYERS])
    return told


def _is_told(found: ProductDays, hits: Floats, tries: Floats) -> bool:
    rows = found.launched
    return bool((np.isfinite(hits[rows]) & (np.nan_to_num(tries[rows]) > 0)).any())


def _counted(found: ProductDays, hits: Floats, tries: Floats) -> Counted:
    known = np.isfinite(hits) & np.isfinite(tries)
    hit, tried = np.where(known, hits, np.nan), np.where(known, tries, np.nan)
    # Who favourites and puts into the cart counts twice.
    hit = np.minimum(hit, tried)
    weighed = np.maximum(tried * _usual(found, hit, tried), hit)
    young = [(hit[row, start:][:YOUNG_DAYS], weighed[row, start:][:YOUNG_DAYS]) for row, start in _starts(found)]
    scatter = dispersion(*(_padded([pair[side] for pair in young]) for side in (0, 1)))
    return Counted(hit, weighed, tried, scatter, None)


def _money(found: ProductDays, buyers: Counted) -> Counted:
    """Return buyers among tries that cost what a buyer pays: their rate is money per visitor."""
    amount = np.nansum(np.where(np.isfinite(buyers.hits), found.values["pay_amount"], 0.0), axis=1)
    number = np.nansum(buyers.hits, axis=1)
    usual = float(amount.sum()) / max(float(number.sum()), 1.0)
    value = (amount + usual) / (number + 1.0)
    unit = float(value.max())
    tries = money_tries(buyers.tries, value[:, None], unit)
    return Counted(buyers.hits, tries, buyers.raw, buyers.scatter, value)


def _usual(found: ProductDays, hits: Floats, tries: Floats) -> Floats:
    """Return float[T], how much likelier a hit was on each day than usual, by the products that are no launches."""
    old = np.ones(len(found.products), dtype=np.bool_)
    old[found.launched] = False
    won, tried = np.nansum(hits[old], axis=0), np.nansum(tries[old], axis=0)
    if won.sum() <= 0:
        return np.ones(hits.shape[1])
    expected = tried * won.sum() / tried.sum()
    return np.asarray((won + STEADYING) / (expected + STEADYING))


def _starts(found: ProductDays) -> list[tuple[int, int]]:
    return [(int(row), int(found.start[row])) for row in found.launched]


def _padded(rows: list[Floats]) -> Floats:
    whole = np.full((len(rows), YOUNG_DAYS), np.nan)
    for number, row in enumerate(rows):
        whole[number, : len(row)] = row
    return whole


def read_rates(found: ProductDays, told: Mapping[Rate, Counted], row: int) -> tuple[Read, ...]:
    """Return the rates of a new product.

    Args:
        found: The products' days.
        told: The rates that the files tell.
        row: Which product.
    """
    age = found.age(row)
    others = np.array([one for one in found.launched if one != row and found.age(one) >= age], dtype=np.int64)
    done = through(found)
    reads = []
    for rate, one in told.items():
        hits, tries = at_age(found, one, others, age)
        population = fit_population(hits, tries, scatter=one.scatter)
        seen = round(float(np.nansum(one.raw[row, -age:])))
        if population is None or not seen:
            continue
        own_hits, own_tries = (float(side[0]) for side in at_age(found, one, np.array([row]), age))
        later = fit_population(*at_age(found, one, done, YOUNG_DAYS), scatter=one.scatter)
        judgement = judge(population, own_hits, own_tries, later=later)
        category, unit = _category(found, one, row, age), _unit(one)
        above = None if category is None else chance_above(population, own_hits, own_tries, category / unit)
        if one.value is not None:
            judgement = judgement.in_units(unit, unit / float(one.value[row]))
        foretells = _foretells(found, told, rate, age)
        reads.append(Read(rate, round(own_hits), seen, judgement, category, above, foretells))
    return tuple(reads)


def _unit(one: Counted) -> float:
    """Return what a rate of one stands for: that, or money."""
    return 1.0 if one.value is None else float(one.value.max()) * MONEY_TRIES


def through(found: ProductDays) -> Ints:
    """Return the places of the launches that are through with their test."""
    return np.array([row for row in found.launched if found.age(row) >= YOUNG_DAYS], dtype=np.int64)


def at_age(found: ProductDays, one: Counted, rows: Ints, age: int) -> tuple[Floats, Floats]:
    """Return hits and tries of some launches in their first days."""
    hits, tries = np.zeros(len(rows)), np.zeros(len(rows))
    for place, row in enumerate(rows):
        start = int(found.start[row])
        hits[place] = np.nansum(one.hits[row, start : start + age])
        tries[place] = np.nansum(one.tries[row, start : start + age])
    return hits, tries


def _category(found: ProductDays, one: Counted, row: int, age: int) -> float | None:
    """Return the rate of the other products of the category, on the days of the product's life."""
    own = found.categories[row]
    if own is None:
        return None
    peers = np.array([category == own for category in found.categories])
    peers[row] = False
    each = _unit(one) / one.value[peers, None] if one.value is not None else 1.0
    worth = 1.0 if one.value is None else one.value[peers, None]
    known = np.isfinite(one.hits[peers, -age:])
    won = float(np.nansum(one.hits[peers, -age:] * worth))
    tried = float(np.where(known, np.nan_to_num(one.tries[peers, -age:]) / each, 0.0).sum())
    return won / tried if tried > 0 and won > 0 else None


def _foretells(found: ProductDays, told: Mapping[Rate, Counted], rate: Rate, age: int) -> bool | None:
    """Return whether launches that did better by a leading rate at this age earned more for a visitor later.

    Spearman's (1904) rank correlation over launches that are through with their test, one-sided.
    """
    if rate not in LEADING or Rate.MONEY not in told:
        return None
    done = through(found)
    early = _ratio(*at_age(found, told[rate], done, age))
    later = _ratio(*at_age(found, told[Rate.MONEY], done, YOUNG_DAYS))
    known = np.isfinite(early) & np.isfinite(later)
    if known.sum() < LEAST_FORETOLD:
        return None
    found_p = stats.spearmanr(early[known], later[known], alternative="greater").pvalue
    return bool(found_p <= FORETELLS)


def _ratio(hits: Floats, tries: Floats) -> Floats:
    return np.asarray(np.where(tries > 0, hits / np.maximum(tries, 1e-12), np.nan))


def overall(reads: tuple[Read, ...]) -> tuple[Verdict, Verdict]:
    """Return the verdict, and what the leading rates say meanwhile.

    The verdict is that of money per visitor, which weighs conversion by what a buyer pays. The leading rates never pass
    or fail a product; they are heard early, where they have foretold money in the shop's own past.
    """
    by = {one.rate: one for one in reads}
    final = by.get(Rate.MONEY)
    verdict = Verdict.NOT_ENOUGH if final is None else final.judgement.verdict
    heard = {by[rate].judgement.verdict for rate in LEADING if rate in by and by[rate].foretells}
    if Verdict.PASSED in heard and Verdict.FAILED not in heard:
        return verdict, Verdict.PASSED
    if Verdict.FAILED in heard and Verdict.PASSED not in heard:
        return verdict, Verdict.FAILED
    return verdict, Verdict.NOT_ENOUGH
