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
    Population,
    Verdict,
    chance_above,
    fit_population,
    judge,
    last_check,
    money_tries,
    scatter,
    thinned,
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
        young_hits, young_tries: float[L, 60], those of each launch's test by its day, as so many independent ones, and
            those of an age at which launches do better counted for more.
        value: float[P], what a buyer pays; None where the rate is no money.
    """

    hits: Floats
    tries: Floats
    raw: Floats
    young_hits: Floats
    young_tries: Floats
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
    young, tried_young = (_of_tests(found, one) for one in (hit, weighed))
    tried_young = np.maximum(tried_young * _by_age(found, young, tried_young), young)
    tests = thinned(young, tried_young, scatter(young, tried_young))
    return Counted(hit, weighed, tried, *tests, None)


def _money(found: ProductDays, buyers: Counted) -> Counted:
    """Return buyers among tries that cost what a buyer pays: their rate is money per visitor."""
    amount = np.nansum(np.where(np.isfinite(buyers.hits), found.values["pay_amount"], 0.0), axis=1)
    number = np.nansum(buyers.hits, axis=1)
    usual = float(amount.sum()) / max(float(number.sum()), 1.0)
    value = (amount + usual) / (number + 1.0)
    unit = float(value.max())
    tries = money_tries(buyers.tries, value[:, None], unit)
    young = money_tries(buyers.young_tries, value[found.launched, None], unit)
    return Counted(buyers.hits, tries, buyers.raw, buyers.young_hits, young, value)


def _usual(found: ProductDays, hits: Floats, tries: Floats) -> Floats:
    """Return float[T], how much likelier a hit was on each day than usual, by the products that are no launches."""
    old = np.ones(len(found.products), dtype=np.bool_)
    old[found.launched] = False
    won, tried = np.nansum(hits[old], axis=0), np.nansum(tries[old], axis=0)
    if won.sum() <= 0:
        return np.ones(hits.shape[1])
    expected = tried * won.sum() / tried.sum()
    return np.asarray((won + STEADYING) / (expected + STEADYING))


def _of_tests(found: ProductDays, values: Floats) -> Floats:
    """Return float[L, 60], values of each launch's first days; NaN after the last day that is known."""
    tests = np.full((len(found.launched), YOUNG_DAYS), np.nan)
    for place, row in enumerate(found.launched):
        own = values[row, int(found.start[row]) :][:YOUNG_DAYS]
        tests[place, : len(own)] = own
    return tests


def _by_age(found: ProductDays, hits: Floats, tries: Floats) -> Floats:
    """Return float[60], how much likelier a hit was at each age than over the test, by launches that are through."""
    done = through(found)
    known = np.isfinite(hits[done]) & np.isfinite(tries[done])
    k, n = np.where(known, hits[done], 0.0), np.where(known, tries[done], 0.0)
    expected = n * _ratio(k.sum(axis=1), n.sum(axis=1), 0.0)[:, None]
    won, due = (np.add.reduceat(side.sum(axis=0), range(0, YOUNG_DAYS, 7)) for side in (k, expected))
    return np.asarray(np.repeat((won + STEADYING) / (due + STEADYING), 7)[:YOUNG_DAYS])


def read_rates(found: ProductDays, told: Mapping[Rate, Counted], row: int) -> tuple[Read, ...]:
    """Return the rates of a new product.

    Args:
        found: The products' days.
        told: The rates that the files tell.
        row: Which product.
    """
    age, place = found.age(row), int(np.flatnonzero(found.launched == row)[0])
    reads = []
    for rate, one in told.items():
        population, seen = before(found, one, place), round(float(np.nansum(one.raw[row, -age:])))
        if population is None or not seen:
            continue
        (hits, tries), checked = (_own(one, place, until) for until in (age, last_check(age)))
        judgement = judge(population, hits, tries, checked=checked)
        category, unit = _category(found, one, row, age), _unit(one)
        above = None if category is None else chance_above(population, hits, tries, category / unit)
        if one.value is not None:
            judgement = judgement.in_units(unit, unit / float(one.value[row]))
        reads.append(
            Read(
                rate,
                round(float(np.nansum(one.hits[row, -age:]))),
                seen,
                judgement,
                category,
                above,
                _foretells(found, told, rate, age),
            )
        )
    return tuple(reads)


def _own(one: Counted, place: int, age: int) -> tuple[float, float]:
    hits, tries = at_age(one, np.array([place]), age)
    return float(hits[0]), float(tries[0])


def before(found: ProductDays, one: Counted, place: int) -> Population | None:
    """Return the launches before one, by all that is known of their tests; None without two."""
    ages = found.days - found.start[found.launched]
    rows = np.flatnonzero(ages >= ages[place])
    return fit_population(*at_age(one, rows[rows != place], YOUNG_DAYS))


def _unit(one: Counted) -> float:
    """Return what a rate of one stands for: that, or money."""
    return 1.0 if one.value is None else float(one.value.max()) * MONEY_TRIES


def through(found: ProductDays) -> Ints:
    """Return which of the launches are through with their test."""
    return np.flatnonzero(found.days - found.start[found.launched] >= YOUNG_DAYS)


def at_age(one: Counted, launches: Ints, age: int) -> tuple[Floats, Floats]:
    """Return hits and tries of some launches in their first days."""
    return one.young_hits[launches, :age].sum(axis=1), one.young_tries[launches, :age].sum(axis=1)


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
    early = _ratio(*at_age(told[rate], done, age))
    later = _ratio(*at_age(told[Rate.MONEY], done, YOUNG_DAYS))
    known = np.isfinite(early) & np.isfinite(later)
    # Where all are alike, there are no ranks.
    if known.sum() < LEAST_FORETOLD or not np.ptp(early[known]) or not np.ptp(later[known]):
        return None
    found_p = stats.spearmanr(early[known], later[known], alternative="greater").pvalue
    return bool(found_p <= FORETELLS)


def _ratio(hits: Floats, tries: Floats, without: float = np.nan) -> Floats:
    return np.asarray(np.where(tries > 0, hits / np.maximum(tries, 1e-12), without))


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
