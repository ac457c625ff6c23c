"""What the calendar does to demand: weekday, pay-day, holiday, season and the phases of festivals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from duoshou.demo.simulation.parameters import table
from duoshou.demo.simulation.world import Bools, Floats, Ints
from duoshou.settings import Settings
from duoshou.settings.calendar import DayInfo, FestivalDay, load_calendar

LOOK_AHEAD = 45
LOOK_BACK = 40


@dataclass(frozen=True, slots=True)
class Seasons:
    """Logarithms per day (D), or per day and category.

    Attributes:
        exposure: What the calendar adds to the exposures.
        order: What it adds to the order rate.
        cart: What it adds to the log-odds of the cart.
        venue: Level of the festival's venue.
        category: Season of each category (D×categories).
        discount: Part of the price that the shop takes off.
        peak: Whether a festival with platform coupons sells.
        presale: Whether deposits are taken; then `balance_day` is the day on which the rest is paid.
        balance_day: Index of that day, or -1.
        ahead: Largest exposure factor of the coming weeks, for who orders stock (D).
        away: Part of the customers who are elsewhere and put their purchase off.
        back: Index of the first day on which they are back.
    """

    exposure: Floats
    order: Floats
    cart: Floats
    venue: Floats
    category: Floats
    discount: Floats
    peak: Bools
    presale: Bools
    balance_day: Ints
    ahead: Floats
    away: Floats
    back: Ints


def make_seasons(settings: dict[str, Any], first: date, days: int) -> Seasons:
    """Return the drivers of every day from `first`."""
    known = load_calendar(Settings()).days(first - timedelta(days=LOOK_BACK), first + timedelta(days=days + LOOK_AHEAD))
    infos = known[LOOK_BACK:]
    depth, return_day = _quiet(settings, known)
    quiet, back = depth[LOOK_BACK : LOOK_BACK + days + LOOK_AHEAD + 1], return_day[LOOK_BACK : LOOK_BACK + days]
    strength = _peaks(settings, infos)
    rows = np.array(
        [
            _drivers(settings, info, peak, depth)
            for info, peak, depth in zip(infos, strength, quiet.tolist(), strict=True)
        ]
    )
    festival = np.exp(rows[:, 0] + rows[:, 1])
    ahead = np.array([festival[day : day + LOOK_AHEAD].max() for day in range(days)])
    rows = rows[:days]
    presale, balance = _presale(settings, infos, days)
    return Seasons(
        exposure=rows[:, 0],
        order=rows[:, 1],
        cart=rows[:, 2],
        venue=rows[:, 3],
        category=np.array([_category_season(info.day) for info in infos[:days]]),
        discount=rows[:, 4],
        peak=rows[:, 5] > 0,
        presale=presale,
        balance_day=balance,
        ahead=ahead,
        away=settings["customers"]["waits"] * (1 - np.exp(quiet[:days])),
        back=back - LOOK_BACK,
    )


def _quiet(settings: dict[str, Any], infos: Sequence[DayInfo]) -> tuple[Floats, Ints]:
    """Return how quiet each day is, in logarithms of the exposure, and the index of the first day after the quiet run.

    People leave and come back over some days: a run begins and ends gradually.
    """
    festival = settings["festival"]
    depth = np.array(
        [min((festival["quiet"].get(one.key, 0.0) for one in info.festivals), default=0.0) for info in infos]
    )
    back = np.arange(len(depth)) + 1
    bounds = np.flatnonzero(np.diff(np.concatenate([[0], depth < 0, [0]])))
    for begin, end in zip(bounds[::2], bounds[1::2], strict=True):
        edge = min(festival["shape"]["edge"], (end - begin) // 3)
        inside = np.arange(end - begin)
        depth[begin:end] *= np.minimum(1.0, (1 + np.minimum(inside, inside[::-1])) / (edge + 1))
        back[begin:end] = end
    return depth, back


def _drivers(settings: dict[str, Any], info: DayInfo, strength: float, depth: float) -> tuple[float, ...]:
    shop, festival = settings["shop"], settings["festival"]
    exposure = float(shop["weekday"][info.weekday])
    if info.day.day in shop["payday_days"]:
        exposure += shop["payday"]
    if depth < 0:
        exposure += depth
    elif info.holidays:
        exposure += shop["holiday"]
    if info.is_makeup_workday:
        exposure += shop["makeup_workday"]
    order = cart = venue = discount = peak = 0.0
    one = _governing(settings, info)
    if one is not None:
        weight, phase = festival["weight"][one.key], str(one.phase)
        force = weight * (strength if phase == "peak" else 1.0)
        exposure += festival["exposure"][phase] * force
        order = festival["order"][phase] * force
        cart = festival["cart"][phase] * weight
        venue = festival["venue"][phase] * force
        discount = settings["price"]["festival_discount"][phase] * min(1.0, weight + 0.3)
        peak = float(phase == "peak" and weight >= 0.5)
    return exposure, order, cart, venue, discount, peak


def _governing(settings: dict[str, Any], info: DayInfo) -> FestivalDay | None:
    weight = settings["festival"]["weight"]
    return max((one for one in info.festivals if one.key in weight), key=lambda one: weight[one.key], default=None)


def _peaks(settings: dict[str, Any], infos: Sequence[DayInfo]) -> list[float]:
    """Return how strong a day of a sale is, by where in the sale it lies."""
    rules = settings["festival"]["peak"]
    found, length = [], 0
    for info in infos:
        one = _governing(settings, info)
        is_peak = one is not None and str(one.phase) == "peak"
        length = length + 1 if is_peak else 0
        strength = rules["opening"] if length <= rules["opening_days"] else rules["between"]
        if one is not None and abs(one.offset) <= rules["heart_days"]:
            strength = rules["heart"] if one.offset == 0 else max(strength, 1.0)
        found.append(strength)
    return found


def _category_season(day: date) -> list[float]:
    angle = 2 * np.pi * day.timetuple().tm_yday / 365.25
    return [
        one["season_size"] * float(np.cos(angle - 2 * np.pi * one["season_peak"] / 365.25))
        for one in table("shop")["category"]
    ]


def _presale(settings: dict[str, Any], infos: Sequence[DayInfo], days: int) -> tuple[Bools, Ints]:
    wanted = settings["presale"]["festivals"]
    phases = [next((str(one.phase) for one in info.festivals if one.key in wanted), "") for info in infos]
    balance = np.full(days, -1, dtype=np.int64)
    for day in range(days):
        if phases[day] != "presale":
            continue
        later = next((at for at in range(day + 1, len(phases)) if phases[at] == "peak"), None)
        if later is not None:
            balance[day] = later
    return balance >= 0, balance
