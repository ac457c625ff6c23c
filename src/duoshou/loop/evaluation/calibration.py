"""How far the method errs in this shop, where nothing was done: intervals are made as wide as that.

A model of a series is never quite the series. So the method is asked about other subjects and other days of the same
shop, on which nothing was changed. What it finds there is its error; where these errors are larger than their intervals
promise, every interval is widened by as much (placebos in space and time: Abadie, Diamond and Hainmueller, 2010).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import timedelta
from statistics import NormalDist

import numpy as np

from duoshou.loop.evaluation.case import Done
from duoshou.loop.evaluation.donors import COMPETING
from duoshou.loop.evaluation.estimate import Found, Frame, estimate
from duoshou.loop.evaluation.kinds import UNKNOWN, Kinds
from duoshou.loop.evaluation.reading import Values
from duoshou.loop.evaluation.rules import LEVEL, PAST_DAYS
from duoshou.loop.evaluation.windows import Window
from duoshou.model import Period
from duoshou.settings.calendar import Calendar

PLACEBOS = 40
"""Cases in which nothing was done: their mean square is known to about a tenth."""
LEAST = 8
"""Cases without which nothing is scaled."""
WINDOW = 21
HISTORY = 56
"""Days before a placebo that must be there."""
BOUNDS = (1.0, 5.0)
"""An interval is never made narrower than the model says."""
DONORS = 30
GOLDEN = (math.sqrt(5) - 1) / 2


def factor_of(
    values: Values,
    done: Sequence[Done],
    type_: str,
    calendar: Calendar,
    *,
    compared: bool,
    companions: Sequence[Values] = (),
    kinds: Kinds = UNKNOWN,
) -> float:
    """Return by how much the half-widths of intervals of a metric must be multiplied in this shop.

    Args:
        values: Daily values of all subjects of a type.
        done: Every confirmed change: their subjects are left out around them.
        type_: Type of the subjects.
        calendar: Festivals and holidays.
        compared: Whether subjects of the type are compared with one another.
        companions: What tells of their level, too.
        kinds: Of what kind they are.
    """
    errors = list(_errors(values, done, type_, calendar, companions, kinds, compared=compared))
    count = len(errors)
    if count < LEAST:
        return 1.0
    # The 95th of a hundred among so few is chance; their mean square is not.
    return float(np.clip(math.sqrt(sum(one**2 for one in errors) / count) * _NORMAL, *BOUNDS))


_NORMAL = NormalDist().inv_cdf(0.5 + LEVEL / 2)


def _errors(
    values: Values,
    done: Sequence[Done],
    type_: str,
    calendar: Calendar,
    companions: Sequence[Values],
    kinds: Kinds,
    *,
    compared: bool,
) -> Iterator[float]:
    """Yield the error of each placebo in half-widths of its interval, on the logarithm."""
    first, last = HISTORY, values.days.days - WINDOW
    if last <= first:
        return
    amounts = values.values if values.trials is None else values.trials
    order = np.argsort(-np.nansum(amounts, axis=1), kind="stable")[:PLACEBOS]
    for number in range(PLACEBOS):
        row = int(order[number % len(order)])
        start = first + int((number + 1) * GOLDEN % 1.0 * (last - first))
        begin = max(start - PAST_DAYS, 0)
        past = np.nan_to_num(amounts[row, begin:start]) > 0
        if past.mean() < 0.5 or not past[-14:].any():
            continue
        window = _window(values, begin, start)
        if _is_touched(done, type_, values.names[row], window):
            continue
        others = [values.names[int(one)] for one in order if one != row][:DONORS] if compared else []
        frame = Frame(window, window.judged.end, calendar, tuple(others), None, type_ in COMPETING, kinds)
        found = estimate(values, [values.names[row]], frame, level=LEVEL, companions=companions)
        if found is not None and found.is_told:
            yield from _error(found)


def _window(values: Values, begin: int, start: int) -> Window:
    day = values.days.start
    past = Period(day + timedelta(days=begin), day + timedelta(days=start - 1))
    judged = Period(day + timedelta(days=start), day + timedelta(days=start + WINDOW - 1))
    return Window(past, judged, None, (), (), ())


def _is_touched(done: Sequence[Done], type_: str, name: str, window: Window) -> bool:
    return any(
        (type_, name) in one.subjects and one.on <= window.judged.end and (one.until or one.on) >= window.past.start
        for one in done
    )


def _error(found: Found) -> Iterator[float]:
    middle, low, high = (math.log1p(max(one, -0.999)) for one in _numbers(found))
    half = middle - low if middle > 0 else high - middle
    if half > 0:
        yield abs(middle) / half


def _numbers(found: Found) -> tuple[float, float, float]:
    return found.effect.relative, found.effect.relative_low, found.effect.relative_high
