"""From a panel and a calendar to what is expected of every series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from statistics import NormalDist

import numpy as np

from duoshou.statistics.expectation import filtering
from duoshou.statistics.expectation.basis import Basis, basis_of
from duoshou.statistics.expectation.calibration import Calibration, calibrate
from duoshou.statistics.expectation.links import Block
from duoshou.statistics.expectation.model import Model
from duoshou.statistics.expectation.panel import BoolArray, Design, FloatArray, IntArray, Kind, Panel
from duoshou.statistics.expectation.predictive import quantile, score
from duoshou.statistics.expectation.regression import fit_effects, season_of
from duoshou.statistics.expectation.windows import Template, moments

LENGTHS = (1, 2, 3, 5, 7, 10, 14, 21, 28)
"""Days of the windows by default."""

DRIFTS = (14, 28, 56)
"""Days over which a slow drift is looked for by default."""

LEAST_DAYS = 28
LEAST_TOTAL = 10.0
HELD_BACK = 28


class Reason(IntEnum):
    """Why a series cannot be judged.

    ENOUGH: It can.
    NO_DATA: It has no known day, or nothing but zeros.
    FEW_DAYS: Fewer than four weeks are known before the day in question.
    FEW_EVENTS: Fewer than ten events (units, successes) in all: no deviation could be told from chance.
    """

    ENOUGH = 0
    NO_DATA = 1
    FEW_DAYS = 2
    FEW_EVENTS = 3


@dataclass(frozen=True, slots=True)
class Windows:
    """Sums over the windows that end with one day, in the units of the panel: all float[S, L] but where said.

    A rate's sums are successes; of kind LEVEL they are sums of the daily values.

    Attributes:
        lengths: Days of each window.
        actual: Sum of the known days.
        expected: Its mean, from the days before the window and the calendar.
        deviation: Predictive standard deviation, calibrated.
        low, high: The calibrated interval.
        uncertainty: Standard deviation of `expected` itself (level and calendar, without the scatter of the days).
        score: Standard normal score of `actual` (mid-P-value); 0 where no day of the window is known.
        days: Known days.
        unseen: bool[S, L], the window has a calendar phase that the series never knew: the interval is widened.
        reason: int[S], values of `Reason`; where it is not ENOUGH nothing else means much.
    """

    lengths: tuple[int, ...]
    actual: FloatArray
    expected: FloatArray
    deviation: FloatArray
    low: FloatArray
    high: FloatArray
    uncertainty: FloatArray
    score: FloatArray
    days: FloatArray
    unseen: BoolArray
    reason: IntArray


@dataclass(frozen=True, slots=True)
class Expectation:
    """A fitted panel.

    Attributes:
        panel: What was fitted.
        models: One for each kind that the panel has.
        plain, efficient: Calibrations of the plain sums and of the weighted sums that `detect` looks at, per model.
        trained: Days 0…trained − 1 taught the calendar effects.
    """

    panel: Panel
    models: tuple[Model, ...]
    plain: tuple[Calibration, ...]
    efficient: tuple[Calibration, ...]
    trained: int

    def windows(self, as_of: int, *, coverage: float | None = 0.9, taught: bool = False) -> Windows:
        """Return actual and expected sums of all windows that end with day `as_of` (counted from 0).

        Without `coverage` the intervals, which take most of the time, are left out (NaN). `taught` says that the days
        taught the calendar effects, which follow them: they scatter less than days that taught nothing (see `moments`).

        Raises:
            ValueError: If `as_of` is no day of the panel, or `coverage` does not lie between 0 and 1.
        """
        series, days = self.panel.values.shape
        if not 0 <= as_of < days or not (coverage is None or 0 < coverage < 1):
            raise ValueError("`as_of` is a day of the panel, `coverage` lies between 0 and 1")
        lengths = tuple(template.length for template in self.plain[0].templates) if self.plain else LENGTHS
        table = {name: np.full((series, len(lengths)), np.nan) for name in _NUMBERS}
        unseen = np.zeros((series, len(lengths)), dtype=np.bool_)
        z = None if coverage is None else NormalDist().inv_cdf((1 + coverage) / 2)
        for model, calibration in zip(self.models, self.plain, strict=True):
            for index, template in enumerate(calibration.templates):
                if template.length <= as_of + 1:
                    column = _window(model, as_of, template, calibration.stretch[:, index], z, taught=taught)
                    for name, values in column.items():
                        table[name][model.block.rows, index] = values
                    first = as_of - template.length + 1
                    unseen[model.block.rows, index] = model.unseen(slice(first, as_of + 1))
        return Windows(lengths, **table, unseen=unseen, reason=self.reasons(as_of))

    def window(self, as_of: int, length: int, *, coverage: float = 0.9) -> Windows:
        """Return the one window of `length` days that ends with day `as_of`, with its interval.

        Any length will do: its width is calibrated like that of the nearest length of the fit.

        Raises:
            ValueError: If the window leaves the panel, or `coverage` does not lie between 0 and 1.
        """
        series, days = self.panel.values.shape
        if not 1 <= length <= as_of + 1 <= days or not 0 < coverage < 1:
            raise ValueError("the window lies within the panel, `coverage` between 0 and 1")
        table = {name: np.full((series, 1), np.nan) for name in _NUMBERS}
        unseen = np.zeros((series, 1), dtype=np.bool_)
        z = NormalDist().inv_cdf((1 + coverage) / 2)
        for model, calibration in zip(self.models, self.plain, strict=True):
            sizes = [template.length for template in calibration.templates]
            near = min(range(len(sizes)), key=lambda place: abs(sizes[place] - length))
            for name, values in _window(model, as_of, Template(length), calibration.stretch[:, near], z).items():
                table[name][model.block.rows, 0] = values
            unseen[model.block.rows, 0] = model.unseen(slice(as_of - length + 1, as_of + 1))
        return Windows((length,), **table, unseen=unseen, reason=self.reasons(as_of))

    def reasons(self, as_of: int) -> IntArray:
        """Return int[S], values of `Reason`: whether each series can be judged on day `as_of`."""
        reason = np.full(len(self.panel.values), Reason.NO_DATA, dtype=np.int64)
        for model in self.models:
            known = model.block.known[:, :as_of]
            days, total = known.sum(axis=1), np.abs(model.block.values[:, :as_of]).sum(axis=1)
            events = total / np.maximum(model.effects.noise.unit, 1e-300) if model.block.kind == Kind.AMOUNT else total
            found = np.where(days < LEAST_DAYS, Reason.FEW_DAYS, Reason.ENOUGH)
            if model.block.kind != Kind.LEVEL:
                found = np.where((events < LEAST_TOTAL) & (days >= LEAST_DAYS), Reason.FEW_EVENTS, found)
                found = np.where(total <= 0, Reason.NO_DATA, found)
            reason[model.block.rows] = np.where(days == 0, Reason.NO_DATA, found)
        return reason


_NUMBERS = ("actual", "expected", "deviation", "low", "high", "uncertainty", "score", "days")


def _window(
    model: Model, as_of: int, template: Template, stretch: FloatArray, z: float | None, *, taught: bool = False
) -> dict[str, FloatArray]:
    block = model.block
    sums = moments(model, as_of, template, taught=taught)
    offset, scale = block.centre * sums.days, block.scale
    judged = score(block.kind, sums, stretch)
    nothing = np.full(len(judged), np.nan)
    low, high = (nothing, nothing) if z is None else (quantile(block.kind, sums, stretch, side * z) for side in (-1, 1))
    return {
        "actual": sums.actual * scale + offset,
        "expected": sums.expected * scale + offset,
        "deviation": np.sqrt(sums.variance) * stretch * scale,
        "low": low * scale + offset,
        "high": high * scale + offset,
        "uncertainty": np.sqrt(np.maximum(sums.level + sums.calendar, 0.0)) * stretch * scale,
        "score": np.where(sums.days > 0, judged, 0.0),
        "days": sums.days,
    }


def fit(
    panel: Panel,
    design: Design,
    *,
    train_until: int | None = None,
    lengths: Sequence[int] = LENGTHS,
    drifts: Sequence[int] = DRIFTS,
    windowed: bool = True,
    detectable: bool = True,
) -> Expectation:
    """Return what is expected of every series of a panel.

    Calendar effects come from a robust, partially pooled regression on the days before `train_until`; the level from
    a filter that forecasts each window from the days before it; the width of the intervals from the series' own past.

    Args:
        panel: S series, T days. Days of a count or an amount before the first one above zero count as unknown: the
            series did not exist yet.
        design: The calendar of the same T days.
        train_until: Days that teach the calendar effects and the intervals. By default all but the last 28, or all
            but the last quarter of a shorter history, so that a window under test teaches nothing.
        lengths: Days of the windows, increasing.
        drifts: Days over which `detect` looks for a drift.
        windowed: Whether `Expectation.windows` or `window` will be asked; without it that calibration is spared.
        detectable: Whether `detect` will be asked; without it half of the calibration is spared.

    Raises:
        ValueError: If panel and design have different days, the panel is empty, or a length is not positive.
    """
    days = panel.values.shape[1]
    if design.columns.shape[0] != days or days == 0:
        raise ValueError(
            f"the panel has {days} days and the design {design.columns.shape[0]}: both need the same, at least one"
        )
    if not lengths or min(lengths) < 1 or list(lengths) != sorted(set(lengths)) or any(drift < 2 for drift in drifts):
        raise ValueError("window lengths are increasing and at least 1, drifts at least 2 days")
    trained = days - min(HELD_BACK, days // 4) if train_until is None else train_until
    if not 1 <= trained <= days:
        raise ValueError("`train_until` counts days of the panel")
    basis = basis_of(design)
    models = [_model(block, basis, trained) for block in _blocks(panel)]
    plain = [Template(length) for length in lengths]
    forms = [*plain, *(Template(drift, drift=True) for drift in drifts)]
    return Expectation(
        panel,
        tuple(models),
        tuple(calibrate(model, plain, efficient=False, until=trained, warm_up=LEAST_DAYS) for model in models)
        if windowed
        else (),
        tuple(calibrate(model, forms, efficient=True, until=trained, warm_up=LEAST_DAYS) for model in models)
        if detectable
        else (),
        trained,
    )


def _model(block: Block, basis: Basis, trained: int) -> Model:
    learnt = slice(0, trained)
    effects = fit_effects(
        block.take(slice(None), learnt), Basis(basis.level[learnt], basis.effects[learnt], basis.groups, basis.centred)
    )
    season = season_of(effects, basis)
    walk, states = filtering.follow(block, season, effects.noise, trained)
    return Model(block, basis.effects, effects, season.effects, walk, states, trained)


def _blocks(panel: Panel) -> list[Block]:
    blocks = []
    for kind in Kind:
        rows = np.flatnonzero(panel.kinds == kind)
        if len(rows):
            blocks.append(_block(panel, kind, rows))
    return blocks


def _block(panel: Panel, kind: Kind, rows: IntArray) -> Block:
    values = panel.values[rows]
    known = ~np.isnan(values)
    trials = np.ones_like(values)
    if kind == Kind.RATE:
        assert panel.exposure is not None
        trials = np.nan_to_num(panel.exposure[rows])
        known &= trials > 0
        trials = np.where(known, trials, 1.0)
    elif kind != Kind.LEVEL:
        if panel.exposure is not None:
            trials = np.nan_to_num(panel.exposure[rows], nan=1.0)
        known &= np.cumsum(np.nan_to_num(values), axis=1) > 0
    centre, scale = np.zeros(len(rows)), np.ones(len(rows))
    if kind == Kind.LEVEL:
        centre, scale = _standard(values, known)
        values = (values - centre[:, None]) / scale[:, None]
    return Block(kind, rows, np.where(known, values, 0.0), trials, known, panel.parent[rows], centre, scale)


def _standard(values: FloatArray, known: BoolArray) -> tuple[FloatArray, FloatArray]:
    """Return middle and robust scatter from day to day of each series, of known days alone."""
    centre, scale = np.zeros(len(values)), np.ones(len(values))
    for row in range(len(values)):
        own = values[row, known[row]]
        if len(own):
            centre[row] = np.median(own)
            change = np.median(np.abs(np.diff(own))) if len(own) > 1 else 0.0
            spread = change / (0.6744897501960817 * np.sqrt(2.0)) or float(np.std(own))
            scale[row] = spread if spread > 0 else max(abs(centre[row]) * 1e-6, 1e-9)
    return centre, scale
