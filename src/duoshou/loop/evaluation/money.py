"""What an effect is worth: contribution, where costs are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import NormalDist
from typing import Any, Literal

import numpy as np

from duoshou.loop.evaluation.displacement import Estimate
from duoshou.loop.evaluation.estimate import Found
from duoshou.loop.evaluation.reading import Floats, Reader
from duoshou.model import Period

Basis = Literal["contribution", "gross_margin", "assumed"]
SOURCES: tuple[tuple[Basis, str, str], ...] = (
    ("contribution", "contribution", "contributing_income"),
    ("gross_margin", "known_margin", "costed_income"),
)
"""What is earned and the income of which it is known, the truer first."""
WHOLE = 0.9
"""Part of the income whose costs must be known for the margin to speak for all of it."""
LEAST_COVERAGE = 0.5
MATURITY = 15


@dataclass(frozen=True, slots=True)
class Margin:
    """What a unit of sales leaves.

    Attributes:
        rate: Before.
        after: Over the judged days; the same as before where they have not settled or costs are not known.
        error: Standard error of the difference.
        basis: What it rests on.
        coverage: Part of the income whose costs are known.
    """

    rate: float
    after: float
    error: float
    basis: Basis
    coverage: float

    @property
    def caveats(self) -> tuple[str, ...]:
        """Codes."""
        if self.basis == "assumed":
            return ("assumed_margin",)
        return () if self.basis == "contribution" and self.coverage >= WHOLE else ("own_margin",)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        return {"rate": self.rate, "after": self.after, "basis": self.basis, "coverage": self.coverage}


def margin_of(reader: Reader, type_: str, names: Sequence[str], past: Period, judged: Period, assumed: float) -> Margin:
    """Return what a unit of sales of some subjects left before and over the judged days, else of the shop.

    Args:
        reader: Daily values.
        type_: Type of the subjects.
        names: Their keys.
        past: Days before.
        judged: Days judged.
        assumed: Margin where costs are not known.
    """
    settled = judged.end + timedelta(days=MATURITY) <= reader.until
    for kind, keys in ((type_, tuple(names)), ("shop", ("",))):
        sold, income = _row(reader, "pay_amount", kind, keys), _row(reader, "income", kind, keys)
        if sold is None or income is None:
            continue
        for basis, profit, known in SOURCES:
            earned, base = _row(reader, profit, kind, keys), _row(reader, known, kind, keys)
            if earned is None or base is None:
                continue
            before = _rate(reader, past, sold, income, earned, base)
            if before is None:
                continue
            after = _rate(reader, judged, sold, income, earned, base) if settled and kind == type_ else None
            rate, error, coverage = before
            if after is None:
                return Margin(rate, rate, 0.0, basis, coverage)
            return Margin(rate, after[0], float(np.hypot(error, after[1])), basis, min(coverage, after[2]))
    return Margin(assumed, assumed, 0.0, "assumed", 0.0)


def worth_of(sales: Found, margin: Margin, level: float) -> Estimate:
    """Return the contribution gained: what came left its margin, what would have come had left the former one."""
    gained = sales.total.scaled(margin.rate)
    seen = float(np.nansum(sales.effect.observed))
    if margin.after == margin.rate and not margin.error:
        return gained
    z = NormalDist().inv_cdf(0.5 + level / 2)
    moved, spread = (margin.after - margin.rate) * seen, z * margin.error * seen
    return gained.plus(Estimate(moved, moved - spread, moved + spread))


def sold_more(reader: Reader, type_: str, names: Sequence[str], past: Period, judged: Period, margin: Margin) -> float:
    """Return how much more the units sold would have left at the former price and margin than they did; 0: unknown.

    Args:
        reader: Daily values.
        type_: Type of the subjects.
        names: Their keys.
        past: Days before.
        judged: Days judged.
        margin: What a unit of sales left before and over the judged days.
    """
    sold, units = (_row(reader, name, type_, names) for name in ("pay_amount", "pay_units"))
    if sold is None or units is None:
        return 0.0
    before, after = (
        slice(max((one.start - reader.days.start).days, 0), (one.end - reader.days.start).days + 1)
        for one in (past, judged)
    )
    if units[before].sum() <= 0 or units[after].sum() <= 0:
        return 0.0
    price = sold[before].sum() / units[before].sum()
    return float(units[after].sum() * price * margin.rate - sold[after].sum() * margin.after)


def _row(reader: Reader, metric: str, type_: str, names: Sequence[str]) -> Floats | None:
    values = reader.values(metric, type_)
    rows = [] if values is None else values.rows(names)
    if values is None or not rows:
        return None
    return np.asarray(np.nansum(values.values[rows], axis=0))


def _rate(
    reader: Reader, days: Period, sold: Floats, income: Floats, earned: Floats, base: Floats
) -> tuple[float, float, float] | None:
    """Return the margin of a unit of sales, its standard error and the coverage; None where too little is known.

    Refunds are in it: of what is sold, `income` is kept; of that, the part with known costs tells the margin. The
    error is that of a ratio of sums over days.
    """
    first = max((days.start - reader.days.start).days, 0)
    last = min((days.end - reader.days.start).days + 1, reader.days.days)
    sold, income, earned, base = (np.nan_to_num(row[first:last]) for row in (sold, income, earned, base))
    total, kept, known = float(sold.sum()), float(income.sum()), float(base.sum())
    if total <= 0 or kept <= 0 or known < LEAST_COVERAGE * kept:
        return None
    rate = float(earned.sum()) / known * kept / total
    scaled = earned * (kept / known)
    count = len(sold)
    error = float(np.sqrt(((scaled - rate * sold) ** 2).sum() * count / max(count - 1, 1))) / total
    return rate, error, min(known / kept, 1.0)
