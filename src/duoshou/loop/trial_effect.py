"""The effect of a test that is over, as the playbook learns from it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from duoshou.loop.effects import Measured
from duoshou.loop.evaluation.rules import better_when
from duoshou.loop.trial import Trial
from duoshou.loop.trial_reading import ArmReading, Reading
from duoshou.model import Period, Source, Verdict, plain

CAVEAT_OF = {
    "sample_ratio_mismatch": "uneven_split",
    "schedule_deviates": "off_schedule",
    "missing_days": "missing_days",
    "too_few_events": "few_events",
    "too_few_days": "too_few_days",
    "other_changes": "not_separable",
    "guard_fell": "guard_fell",
    "guard_unknown": "guard_unknown",
    "no_data": "no_data",
}
"""Caveat of a reading → caveat of an effect; the others stay with the reading."""


@dataclass(frozen=True, slots=True)
class Worth:
    """Contribution that the tested state gained over the days of the test, with its interval, and what limits it."""

    amount: float
    low: float
    high: float
    caveats: tuple[str, ...] = ()


def effect_of_reading(
    trial: Trial, reading: Reading, *, currency: str, measured_on: date, worth: Worth | None = None
) -> Measured:
    """Return the effect of a test as it is read at its end.

    The arm that counts is the better one, or of those that are not the one with the best estimate. An arm that was
    better while a guard fell did harm; a test whose units were not split, or whose days were not switched, as planned
    tells nothing.

    Args:
        trial: The test.
        reading: What it showed.
        currency: Currency of the amounts.
        measured_on: Last day of data.
        worth: Money, where it is known.
    """
    arm, direction = judged_arm(trial, reading), better_when(trial.metric)
    tells = reading.is_valid and arm is not None and all(map(math.isfinite, (arm.relative, arm.low, arm.high)))
    amount = _money(worth.amount) if worth is not None and tells else None
    limits = ("no_money",) if worth is None or amount is None else worth.caveats
    caveats = [CAVEAT_OF[code] for code in reading.caveats if code in CAVEAT_OF]
    return Measured(
        source=Source.TRIAL,
        source_id=str(trial.id),
        subject=trial.subject,
        metric=trial.metric,
        window=Period(trial.starts_on, max(trial.starts_on, min(reading.last_day or trial.starts_on, measured_on))),
        method="randomised",
        verdict=_verdict(reading, arm) if tells else Verdict.CANNOT_TELL,
        currency=currency,
        measured_on=measured_on,
        is_final=True,
        cause=trial.design.get("cause"),
        action=trial.design.get("action"),
        amount=amount,
        low=_money(worth.low) if worth is not None and amount is not None else None,
        high=_money(worth.high) if worth is not None and amount is not None else None,
        relative=arm.relative if tells and arm is not None else None,
        relative_low=arm.low if tells and arm is not None else None,
        relative_high=arm.high if tells and arm is not None else None,
        caveats=tuple(dict.fromkeys([*caveats, *limits])),
        content={
            "trial": trial.id,
            "name": trial.name,
            "arm": None if arm is None else arm.arm,
            "expected": {"change": direction * abs(trial.smallest_lift), "from": "trial"},
            "reading": plain(reading),
        },
    )


def judged_arm(trial: Trial, reading: Reading) -> ArmReading | None:
    """Return the arm whose effect is kept."""
    direction = better_when(trial.metric)
    known = [one for one in reading.arms if math.isfinite(one.relative)]
    best = [one for one in known if one.arm == reading.best]
    return best[0] if best else max(known, key=lambda one: direction * one.relative, default=None)


def _verdict(reading: Reading, arm: ArmReading | None) -> Verdict:
    if arm is not None and any(one.arm == arm.arm and one.state == "harmed" for one in reading.guards):
        return Verdict.HARMED
    return {
        "better": Verdict.WORKED,
        "worse": Verdict.HARMED,
        "no_difference": Verdict.DID_NOT,
        "cannot_tell_yet": Verdict.CANNOT_TELL,
    }[reading.decision]


def _money(value: float) -> Decimal | None:
    return Decimal(str(round(value, 2))) if math.isfinite(value) else None
