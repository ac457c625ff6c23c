"""Intervals are as wide as the method errs in the shop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from duoshou.loop.evaluation import calibration
from duoshou.loop.evaluation.calibration import BOUNDS, factor_of
from duoshou.loop.evaluation.case import Done
from duoshou.loop.evaluation.estimate import Found
from duoshou.loop.evaluation.reading import Values
from duoshou.model import Period
from duoshou.settings import Settings
from duoshou.settings.calendar import load_calendar
from duoshou.statistics.effects import Effect

FIRST = date(2026, 6, 20)
CALENDAR = load_calendar(Settings())


def values(days: int = 140, subjects: int = 10) -> Values:
    """Return subjects that sell every day."""
    names = tuple(f"{1000 + number}" for number in range(subjects))
    period = Period(FIRST, FIRST + timedelta(days=days - 1))
    return Values(names, period, np.full((subjects, days), 50.0), None, "count")


def effect(error: float, half: float) -> Effect:
    """Return an effect whose interval has a half-width on the logarithm, and that errs by so much."""
    middle, low, high = (float(np.expm1(error + side * half)) for side in (0, -1, 1))
    day = np.ones(1)
    return Effect(0, 0, 0, 0, 0, 0, middle, low, high, day, day, "synthetic_did", 0.95, None, 9, ())


def asked(error: Callable[[int], float], monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Period]]:
    """Let the method err as told and return what it is asked about."""
    calls: list[tuple[str, Period]] = []

    def estimate(_: Values, names: list[str], frame: object, *, level: float, companions: Sequence[Values]) -> Found:
        window = frame.window  # type: ignore[attr-defined]
        calls.append((names[0], window.judged))
        return Found(effect(error(len(calls)), 0.196), window.judged, window.past, np.ones(1))

    monkeypatch.setattr(calibration, "estimate", estimate)
    return calls


def test_a_method_that_errs_as_it_promises_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Normal errors of the promised scale widen nothing to speak of; smaller ones narrow nothing."""
    normal = np.random.default_rng(2).normal(size=500) * 0.1
    asked(lambda number: float(normal[number]), monkeypatch)
    assert factor_of(values(), (), "product", CALENDAR, compared=True) == pytest.approx(1, abs=0.25)
    asked(lambda number: 0.01 * (-1) ** number, monkeypatch)
    assert factor_of(values(), (), "product", CALENDAR, compared=True) == BOUNDS[0]


def test_intervals_are_widened_by_as_much_as_the_method_errs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Errors of twice the promised scale double the half-widths."""
    calls = asked(lambda number: 0.2 * (-1) ** number, monkeypatch)
    assert factor_of(values(), (), "product", CALENDAR, compared=True) == pytest.approx(2, rel=0.01)
    assert len({name for name, _ in calls}) == 10
    assert len({window.start for _, window in calls}) > 20


def test_what_was_changed_is_no_placebo(monkeypatch: pytest.MonkeyPatch) -> None:
    """A subject is asked about neither while it was changed nor where that lies in its past."""
    changed = Done(1, "price", FIRST + timedelta(days=50), None, frozenset({("product", "1003")}))
    calls = asked(lambda _: 0.1, monkeypatch)
    factor_of(values(), [changed], "product", CALENDAR, compared=True)
    assert "1003" not in {name for name, _ in calls}


def test_too_few_placebos_scale_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A shop of a few weeks is not calibrated."""
    asked(lambda _: 5.0, monkeypatch)
    assert factor_of(values(days=70), (), "product", CALENDAR, compared=True) == 1.0


def test_a_widened_interval_keeps_its_middle() -> None:
    """The half-widths are multiplied on the logarithm; the total follows the ratio, and what was seen is its limit."""
    one = effect(0.2, 0.1)
    seen = 1000.0
    one = replace(one, total=seen - seen / (1 + one.relative), total_low=0.0, total_high=200.0)
    days = Period(FIRST, FIRST)
    found = Found(one, days, days, np.ones(1), factor=3.0)
    assert np.log1p([found.relative.low, found.relative.high]) == pytest.approx([0.2 - 0.3, 0.2 + 0.3])
    assert found.relative.value == one.relative
    assert found.total.low == pytest.approx(seen - seen / np.exp(-0.1))
    assert found.total.high == pytest.approx(seen - seen / np.exp(0.5))
    assert found.total.value == one.total
