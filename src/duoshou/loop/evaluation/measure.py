"""One case measured: effect, money, guards, what it was taken from, verdict."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np

from duoshou.loop.effects import Measured
from duoshou.loop.evaluation.calibration import factor_of
from duoshou.loop.evaluation.case import Case, Done
from duoshou.loop.evaluation.displacement import Estimate
from duoshou.loop.evaluation.donors import COMPARED, COMPETING, Donors, Target, donors_of
from duoshou.loop.evaluation.estimate import Found, Frame, estimate
from duoshou.loop.evaluation.hindsight import foretold
from duoshou.loop.evaluation.kinds import kinds_of
from duoshou.loop.evaluation.money import MATURITY
from duoshou.loop.evaluation.reading import Reader, Values
from duoshou.loop.evaluation.rules import (
    HALF_THE_ERROR,
    LEAST_DAYS,
    LEVEL,
    WORTH_KNOWING,
    better_when,
    companions_of,
)
from duoshou.loop.evaluation.verdict import Guarded, standing_of, verdict_of
from duoshou.loop.evaluation.windows import Window, window_of
from duoshou.loop.evaluation.worth import Worth, worth_of_case
from duoshou.model import Period, Verdict, plain
from duoshou.settings.calendar import Calendar

AGAIN = timedelta(days=7)
"""Days after which an effect that is not final is measured again."""
PROFITS = frozenset({"contribution", "gross_margin", "known_margin"})
"""Metrics that may be negative; they are measured by what the sales leave."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What all cases of a shop have in common.

    Attributes:
        reader: Daily values.
        calendar: Festivals and holidays.
        done: Every confirmed change.
        is_sale: Whether a day belongs to a great sale.
        currency: Currency of the amounts.
        assumed_margin: Margin where costs are not known.
        factors: What was found of the errors of the method, by metric and type.
    """

    reader: Reader
    calendar: Calendar
    done: Sequence[Done]
    is_sale: Callable[[date], bool]
    currency: str
    assumed_margin: float
    factors: dict[tuple[str, str], float] = field(default_factory=dict, compare=False)

    def window(self, case: Case) -> Window:
        """Return the days of a case."""
        return window_of(case, self.done, self.is_sale)

    def estimated(
        self, metric: str, target: Target, frame: Frame, *, level: float = LEVEL, over: Period | None = None
    ) -> Found | None:
        """Return the effect on a metric over its settled days; None where the files do not tell it."""
        values, known = self.reader.values(metric, target.type), self.reader.metric(metric)
        if values is None or known is None:
            return None
        settled = self.reader.until - timedelta(days=known.maturity_days)
        view, beside = replace(frame, until=settled), self.companions(known.key, target.type)
        found = estimate(values, target.names, view, level=level, over=over, companions=beside)
        if found is None or not found.is_told:
            return None
        return replace(found, factor=self.factor(known.key, target.type, values))

    def companions(self, metric: str, type_: str) -> tuple[Values, ...]:
        """Return the counts that tell of the level of a metric, too, as far as files have them."""
        if type_ not in COMPARED:
            return ()
        found = (self.reader.values(name, type_) for name in companions_of(metric))
        return tuple(one for one in found if one is not None and one.trials is None)

    def factor(self, metric: str, type_: str, values: Values) -> float:
        """Return by how much intervals of a metric are widened in this shop; found once."""
        if (metric, type_) not in self.factors:
            sold = self.reader.values("pay_amount", type_) if type_ in COMPETING else None
            self.factors[metric, type_] = factor_of(
                values,
                self.done,
                type_,
                self.calendar,
                compared=type_ in COMPARED,
                companions=self.companions(metric, type_),
                kinds=kinds_of(self.reader, sold, self.reader.days),
            )
        return self.factors[metric, type_]


def final_day(case: Case, window: Window, maturity: int) -> date:
    """Return the day of data from which on nothing of a case changes any more."""
    last = max(window.last, window.judged.end + timedelta(days=max(maturity, MATURITY)))
    return max(last, case.start + timedelta(days=LEAST_DAYS - 1))


def is_due(case: Case, window: Window, maturity: int, until: date) -> bool:
    """Return whether a case is to be measured: there are days enough, and a week passed since, or it is final now."""
    first = min(case.start + timedelta(days=LEAST_DAYS - 1), window.judged.end) + timedelta(days=maturity)
    if until < first:
        return False
    if case.measured_on is None or case.measured_on + AGAIN <= until:
        return True
    return case.measured_on < final_day(case, window, maturity) <= until


def measure(case: Case, setting: Setting) -> Measured | None:
    """Return what a case brought, as of the last day of data; None where it is too early to say anything."""
    window, reader = setting.window(case), setting.reader
    metric = reader.metric(case.metric)
    maturity = 0 if metric is None else metric.maturity_days
    if not is_due(case, window, maturity, reader.until):
        return None
    is_final = reader.until >= final_day(case, window, maturity)
    blank = _blank(case, window, setting, is_final=is_final)
    if metric is None:
        return replace(blank, caveats=("unknown_metric",))
    target = Target(case.subject.type, case.ids)
    if case.subject.type != "shop" and case.subject.type not in reader.catalogue.dimensions:
        return replace(blank, caveats=("subject_not_measurable",))
    donors = donors_of(reader, target, case, window, setting.done)
    competing = target.type in COMPETING
    frame = Frame(window, reader.until, setting.calendar, donors.names, case.selected, competing, donors.kinds)
    worth = worth_of_case(case, target, donors, frame, setting)
    found = setting.estimated(case.metric, target, frame)
    moved = _moved(case.metric, found, worth)
    if moved is None:
        return replace(blank, caveats=_why_not(case, target, frame, setting))
    return _told(blank, case, found or worth.sales, moved, worth, donors, frame, setting)


def _told(
    blank: Measured,
    case: Case,
    found: Found | None,
    moved: Estimate,
    worth: Worth,
    donors: Donors,
    frame: Frame,
    setting: Setting,
) -> Measured:
    assert found is not None
    target, window = Target(case.subject.type, case.ids), frame.window
    guards = _guards(case, target, frame, worth, setting)
    direction = better_when(case.metric) if case.expected is None else (1 if case.expected > 0 else -1)
    expected = abs(case.expected) if case.expected else WORTH_KNOWING
    shop_wide = _shop_wide(case, found, window, setting.done)
    overlaps = (*window.overlaps, *shop_wide)
    besides = _moved(case.metric, replace(found, factor=found.factor * HALF_THE_ERROR), worth) or moved
    verdict = verdict_of(moved.scaled(direction), expected, worth.net, guards, besides.scaled(direction))
    caveats = [*found.effect.caveats, *window.caveats, *worth.caveats]
    caveats += ["no_donors"] if found.effect.method == "interrupted_series" and target.type in COMPARED else []
    caveats += ["shop_wide_change", "not_separable"] if shop_wide else []
    caveats += [] if blank.is_final else ["immature"]
    caveats += ["guard_fell"] if any(one.standing == "fell" for one in guards) else []
    caveats += ["guard_unknown"] if any(one.standing == "unknown" for one in guards) else []
    before = {} if found is worth.sales else foretold(case.metric, target, found, frame, setting)
    content = {
        **_shown(found, moved, before),
        "expected": {
            "change": case.expected or direction * WORTH_KNOWING,
            "from": "task" if case.expected else "convention",
        },
        "donors": {"used": found.effect.donors, "excluded": dict(donors.excluded)},
        "guards": [one.to_dict() for one in guards],
        **worth.to_dict(),
        "overlaps": [one.to_dict() for one in overlaps],
        "selected": plain(case.selected),
        "level": LEVEL,
    }
    net = worth.net
    if overlaps:
        content["together"] = None if net is None else {"estimate": net.value, "low": net.low, "high": net.high}
        verdict, net = Verdict.CANNOT_TELL, None
    return replace(
        blank,
        window=found.judged,
        method=found.effect.method,
        verdict=verdict,
        amount=None if net is None else _money(net.value),
        low=None if net is None else _money(net.low),
        high=None if net is None else _money(net.high),
        relative=moved.value,
        relative_low=moved.low,
        relative_high=moved.high,
        caveats=tuple(dict.fromkeys(caveats)),
        content=content,
    )


def _blank(case: Case, window: Window, setting: Setting, *, is_final: bool) -> Measured:
    last = min(window.judged.end, setting.reader.until)
    return Measured(
        source=case.source,
        source_id=case.source_id,
        subject=case.subject,
        metric=case.metric,
        window=Period(case.start, max(last, case.start)),
        method="cannot_tell",
        verdict=Verdict.CANNOT_TELL,
        currency=setting.currency,
        measured_on=setting.reader.until,
        is_final=is_final,
        cause=case.cause,
        action=case.action,
        content={"overlaps": [one.to_dict() for one in window.overlaps], "level": LEVEL},
    )


def _moved(metric: str, found: Found | None, worth: Worth) -> Estimate | None:
    """Return the relative change of the metric; of what is earned, that of what the sales leave."""
    if metric in PROFITS:
        return worth.relative(metric)
    return None if found is None or not found.relative.is_known else found.relative


def _why_not(case: Case, target: Target, frame: Frame, setting: Setting) -> tuple[str, ...]:
    values, known = setting.reader.values(case.metric, target.type), setting.reader.metric(case.metric)
    if values is None or known is None:
        return ("no_data",)
    settled = setting.reader.until - timedelta(days=known.maturity_days)
    found = estimate(values, target.names, replace(frame, until=settled), level=LEVEL)
    return ("no_data",) if found is None else found.effect.caveats


def _guards(case: Case, target: Target, frame: Frame, worth: Worth, setting: Setting) -> list[Guarded]:
    """Return how the guards stand; the error that all intervals share is divided among them (Bonferroni)."""
    names = [name for name in dict.fromkeys(case.guards) if name != case.metric]
    guards = []
    for name in names:
        level = 1 - (1 - LEVEL) / len(names)
        found = setting.estimated(name, target, frame, level=level) if name not in PROFITS else None
        moved = _moved(name, found, worth)
        turned = None if moved is None else moved.scaled(better_when(name))
        guards.append(Guarded(name, turned, standing_of(turned, WORTH_KNOWING)))
    return guards


def _shop_wide(case: Case, found: Found, window: Window, done: Sequence[Done]) -> tuple[Done, ...]:
    """Return the changes of the whole shop that a subject without donors cannot be told apart from."""
    if case.subject.type == "shop" or found.effect.method != "interrupted_series":
        return ()
    first = case.start - timedelta(days=LEAST_DAYS - 1)
    return tuple(
        one for one in done if one.is_shop_wide and one.id not in case.own and first <= one.on <= window.judged.end
    )


def _shown(found: Found, moved: Estimate, foretold: Mapping[date, float]) -> dict[str, Any]:
    """Return the numbers behind the effect, for charts and whoever asks; days before with what was foretold of them."""
    effect = found.effect
    days = [
        {"day": day.isoformat(), "expected": float(expected), "observed": float(observed)}
        for day, expected, observed in zip(found.judged, effect.expected, effect.observed, strict=True)
    ]
    before = [
        {"day": day.isoformat(), "observed": float(value)} | ({"expected": foretold[day]} if day in foretold else {})
        for day, value in zip(found.past, found.before, strict=True)
    ]
    return {
        "days": days,
        "before": before,
        "per_day": {"estimate": effect.estimate, "low": effect.low, "high": effect.high},
        "relative": {"estimate": moved.value, "low": moved.low, "high": moved.high},
        "p_value": effect.p_value,
        "widened": found.factor,
    }


def _money(value: float) -> Decimal | None:
    return Decimal(str(round(value, 2))) if np.isfinite(value) else None
