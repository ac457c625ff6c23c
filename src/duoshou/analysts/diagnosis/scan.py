"""Every subject of a kind, held against what is expected of its features, and weighed by the causes' signatures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duoshou.analysts.diagnosis.causes import Cause, candidates
from duoshou.analysts.diagnosis.moves import Moves, as_logarithms, moves_of
from duoshou.analysts.diagnosis.peers import LEAST_PEERS, apart, widening
from duoshou.analysts.diagnosis.reading import FeatureSeries, SubjectSeries
from duoshou.analysts.diagnosis.usual import STRIDE, without_troubles
from duoshou.statistics.expectation import Design, Kind, Panel, fit
from duoshou.statistics.signatures import weigh

Floats = NDArray[np.float64]
KINDS = {"count": Kind.COUNT, "amount": Kind.AMOUNT, "rate": Kind.RATE, "level": Kind.LEVEL}
SEASONAL = ("count", "amount")
"""Kinds of features that a season moves alike for all of a family: how many come, not who of them buys."""
LOOKED_BACK = 240
YOUNG = 84
"""Days after the first that a subject is known within which its level is not one yet: a launch is no trouble."""
NOTEWORTHY = 4.0
"""Log evidence below which nobody need look closer."""
MARKED = 1.5
"""Standard deviations by which the mark of a cause must have moved."""
MOVED = 3.0
"""Standard deviations from which on a feature has moved."""
USUAL_CHOICE = 0.95
LEAST_CHOICE = 0.05
"""What a shop moves itself, its prices, is no trouble up to the size of what it usually does, and 5 % at least."""
CLIPPED = 3.0
PRIOR_WEIGHT = 200.0
WIDENING_WEIGHT = 20.0
"""Days of the past at which half of what they ask for is believed, where they ask for wider intervals: caution needs
less proof."""
QUANTILES = ((0.8, 1.2815515655446004), (0.98, 2.3263478740408408))
"""Levels of |score| on usual days and their values for a normal law: the middle, and the tail of a feature that a shop
moves by itself, such as its prices. One day in fifty may be spoilt by troubles of the past."""


@dataclass(frozen=True, slots=True)
class Scan:
    """One day's judgement of all subjects of a kind.

    Attributes:
        series: What was judged.
        causes: The candidates.
        lengths: Days of the windows that end with the day.
        moves: Subjects × windows × features: moves against expectation; NaN where not known.
        deviations: Their standard deviations when nothing happened.
        log_factors: Subjects × windows × causes: logarithms of Bayes factors against “nothing happened”.
        sizes: Sizes of the effects, of the same shape.
        mature: Subjects: known for so long that their level is one.
        unseen: Subjects × windows: a calendar phase that the shop never lived through lies in the window.
        left_out: Subjects × windows: not judged, for it holds a great sale of which the past knows none.
        log_evidence: Subjects: logarithm of the mean Bayes factor over windows and told causes, an e-value.
        correlation: Windows × features × features: how the moves go together when nothing happened.
    """

    series: SubjectSeries
    causes: tuple[Cause, ...]
    lengths: tuple[int, ...]
    moves: Floats
    deviations: Floats
    log_factors: Floats
    sizes: Floats
    mature: NDArray[np.bool_]
    unseen: NDArray[np.bool_]
    left_out: NDArray[np.bool_]
    log_evidence: Floats
    correlation: Floats


class Scanner:
    """What is expected of all features of a kind of subject; judges any day of the series."""

    def __init__(
        self,
        series: SubjectSeries,
        design: Design,
        *,
        sales: NDArray[np.bool_] | None = None,
        train_until: int | None = None,
    ) -> None:
        """Fit the expectation of every feature and learn how the features go together on usual days.

        Args:
            series: What is watched.
            design: The calendar of its days.
            sales: Days of great sales. Where there are too few subjects to tell apart what moves them all, a window
                that holds one is held against such windows of the past, and without any it is not judged.
            train_until: Days that teach; see `fit`.
        """
        self.series = series
        self._sales = np.zeros(len(series.days), dtype=np.bool_) if sales is None else sales
        self.causes = candidates(series.subject.type, [one.feature.key for one in series.features])
        self._born = born(series)
        self._expectation = fit(panel_of(series.features), design, train_until=train_until, detectable=False)
        self._learn(self._expectation.trained)

    def _learn(self, until: int) -> None:
        """Learn from usual days how the scores of features scatter and go together."""
        past: list[Moves] = []
        selling: list[NDArray[np.bool_]] = []
        for day in range(until - 1, max(until - LOOKED_BACK, until // 3), -STRIDE):
            moves = self._moves(day, taught=True)
            past.append(moves)
            selling.append(self._selling(day))
        count = len(self.series.features)
        self._stretch = np.ones((2, len(self._lengths()), count))
        self._sold_before: NDArray[np.bool_] = np.zeros(len(self._lengths()), dtype=np.bool_)
        self._correlation = np.tile(np.eye(count), (len(self._lengths()), 1, 1))
        self._choices = np.zeros((len(self._lengths()), count))
        self._past = np.zeros(0)
        if not past:
            return
        scores = np.stack([one.sizes / one.deviations for one in past])  # days × subjects × windows × features
        self._choices = self._own_choices(np.abs(np.stack([one.sizes for one in past])))
        sold = np.stack(selling)
        self._sold_before = np.asarray(sold.any(axis=0))
        kinds = [np.where((sold == one)[:, None, :, None], scores, np.nan) for one in (False, True)]
        self._stretch = np.stack([_stretch_of(one) for one in kinds])
        stretch = self._stretch[sold.astype(np.int64), np.arange(len(self._lengths()))]
        usual_scores = np.clip(scores / stretch[:, None], -CLIPPED, CLIPPED)
        self._correlation = np.stack(
            [
                shrunken_correlation(usual_scores[:, :, place].reshape(-1, count), shared=max(length / STRIDE, 1.0))
                for place, length in enumerate(self._lengths())
            ]
        )
        factors = [self._weighed(one, self._chance(one, sale))[0] for one, sale in zip(past, selling, strict=True)]
        self._past = without_troubles(np.stack([self._evidence(one) for one in factors]))

    def _selling(self, day: int) -> NDArray[np.bool_]:
        """Return which windows that end with a day hold one of a great sale, where few subjects tell no common move."""
        if len(self.series.names) >= LEAST_PEERS:
            return np.zeros(len(self._lengths()), dtype=np.bool_)
        return np.array([self._sales[max(day - one + 1, 0) : day + 1].any() for one in self._lengths()])

    def _chance(self, moves: Moves, selling: NDArray[np.bool_]) -> Floats:
        """Return deviations as wide as this shop's days of that kind and this day's subjects ask for."""
        usual = moves.deviations * self._stretch[selling.astype(np.int64), np.arange(len(selling))]
        return usual * widening(moves.sizes, usual)

    def _own_choices(self, sizes: Floats) -> Floats:
        """Return how far the shop itself usually moves what is its own choice (windows × features); 0 for the rest."""
        own = np.array([one.feature.own_choice for one in self.series.features])
        if not own.any():
            return np.zeros(sizes.shape[2:])
        flat = sizes.reshape(-1, *sizes.shape[2:])
        known = np.isfinite(flat).any(axis=0)
        usual = np.nanquantile(np.where(known, flat, 0.0), USUAL_CHOICE, axis=0)
        return np.where(own, np.maximum(usual, LEAST_CHOICE), 0.0)

    def _lengths(self) -> tuple[int, ...]:
        return tuple(one.length for one in self._expectation.plain[0].templates)

    def at(self, day: int) -> Scan:
        """Return the judgement of one day (its number in the series)."""
        moves, selling = self._moves(day), self._selling(day)
        chance = self._chance(moves, selling)
        factors, sizes = self._weighed(moves, chance)
        left_out = selling & (moves.unseen | ~self._sold_before)
        factors[left_out] = 0.0
        return Scan(
            self.series,
            self.causes,
            moves.lengths,
            moves.sizes,
            chance,
            factors,
            sizes,
            day - self._born >= YOUNG,
            moves.unseen,
            left_out,
            self._evidence(factors),
            self._correlation,
        )

    def _weighed(self, moves: Moves, chance: Floats) -> tuple[Floats, Floats]:
        """Return logarithms of Bayes factors and sizes: subjects × windows × causes."""
        variances = np.hypot(chance, self._choices) ** 2
        subjects, windows, features = moves.sizes.shape
        flat = (subjects * windows, features)
        signatures = [cause.signature([one.feature.key for one in self.series.features]) for cause in self.causes]
        correlation = np.tile(self._correlation, (subjects, 1, 1))
        evidence = weigh(
            moves.sizes.reshape(flat),
            variances.reshape(flat),
            correlation,
            signatures,
            least=NOTEWORTHY,
            lowest=moves.lowest.reshape(flat),
        )
        shape = (subjects, windows, len(self.causes))
        factors = evidence.log_bayes_factor.reshape(shape)
        return np.where(self._marked(moves.sizes, chance), factors, np.minimum(factors, 0.0)), evidence.size.reshape(
            shape
        )

    def _evidence(self, factors: Floats) -> Floats:
        """Return the logarithm of the mean Bayes factor of each subject, over windows and the causes that are told."""
        told = [place for place, cause in enumerate(self.causes) if not cause.silent]
        flat = factors[:, :, told].reshape(len(factors), -1)
        highest = flat.max(axis=1, keepdims=True)
        return np.asarray(highest[:, 0] + np.log(np.exp(flat - highest).mean(axis=1)))

    @property
    def past(self) -> Floats:
        """Evidence of subjects on days of the past on which they were in no trouble."""
        return self._past

    @property
    def correlation(self) -> Floats:
        """How the features go together on usual days: windows × features × features."""
        return self._correlation

    def _marked(self, moves: Floats, chance: Floats) -> NDArray[np.bool_]:
        """Return where each cause shows its marks: what it moves and cannot be told without moved its way."""
        scores = moves / chance
        keys = [one.feature.key for one in self.series.features]
        marked = np.ones((*scores.shape[:2], len(self.causes)), dtype=np.bool_)
        for place, cause in enumerate(self.causes):
            for group in cause.marks:
                columns = [keys.index(name) for name in group if name in keys]
                loads = np.array([cause.loads[keys[column]] for column in columns])
                marked[:, :, place] &= (
                    self._joint(scores[:, :, columns], chance[:, :, columns], columns, loads) >= MARKED
                )
            for name in cause.still:
                if name in keys:
                    marked[:, :, place] &= np.abs(np.nan_to_num(scores[:, :, keys.index(name)])) < MOVED
        return marked

    def _joint(self, scores: Floats, chance: Floats, columns: list[int], loads: Floats) -> Floats:
        """Return the joint score of some features, of what is known; each weighs as much as the cause shows in it.

        A cause that moves phones and computers alike shows in the many orders of phones. Scores are added by load ÷
        deviation, the best weights for scores that do not hang together (Stouffer's method, weighted: Lipták 1958).
        """
        known = np.isfinite(scores) & np.isfinite(chance) & (chance > 0)
        weights = np.where(known, loads / np.where(known, chance, 1.0), 0.0)
        total = (np.where(known, scores, 0.0) * weights).sum(axis=2)
        shared = self._correlation[:, columns][:, :, columns]
        variance = np.einsum("swi,wij,swj->sw", weights, shared, weights)
        return np.asarray(total / np.sqrt(np.maximum(variance, 1e-12)))

    def _moves(self, day: int, *, taught: bool = False) -> Moves:
        """Return how all features of all subjects moved in the windows that end with a day."""
        windows = self._expectation.windows(day, coverage=None, taught=taught)
        shape = (len(self.series.features), len(self.series.names), len(windows.lengths))
        per_feature = [
            moves_of(windows, slice(number * shape[1], (number + 1) * shape[1]), one, day)
            for number, one in enumerate(self.series.features)
        ]
        moves, deviations, logarithms, lowest = (np.stack(each, axis=2) for each in zip(*per_feature, strict=True))
        unseen: NDArray[np.bool_] = np.asarray(windows.unseen.reshape(shape).any(axis=0))
        seasonal = [one.feature.kind in SEASONAL for one in self.series.features]
        own = apart(moves, deviations, self.series.families, seasonal)
        logarithms = logarithms - np.log1p(np.maximum(moves - own, -0.9))
        return Moves(*as_logarithms(own, deviations, logarithms), lowest, unseen, windows.lengths)


def _stretch_of(scores: Floats) -> Floats:
    """Return by how much the deviations must be wider or narrower for the scores of past days: windows × features.

    Args:
        scores: Days × subjects × windows × features; NaN where not known.
    """
    size = np.abs(scores).reshape(-1, *scores.shape[2:])
    known = np.isfinite(size).sum(axis=0)
    with np.errstate(all="ignore"):
        filled = np.where(known > 0, size, 1.0)
        usual = [np.nanquantile(filled, level, axis=0) / score for level, score in QUANTILES]
    wanted = np.log(np.maximum(np.max(usual, axis=0), 0.5))
    wanted = np.where(known > 0, wanted, 0.0)
    return np.asarray(np.exp(wanted * known / (known + np.where(wanted > 0, WIDENING_WEIGHT, PRIOR_WEIGHT))))


def born(series: SubjectSeries) -> NDArray[np.int64]:
    """Return the first day on which anything was counted of each subject."""
    seen = np.zeros((len(series.names), len(series.days)), dtype=np.bool_)
    for one in series.features:
        base = one.values if one.exposure is None else one.exposure
        seen |= np.isfinite(base) & (base != 0)
    first: NDArray[np.int64] = np.where(seen.any(axis=1), seen.argmax(axis=1), len(series.days))
    return first


def panel_of(features: tuple[FeatureSeries, ...]) -> Panel:
    """Return all features of all subjects as one panel, feature by feature."""
    values = np.concatenate([one.values for one in features])
    kinds = np.concatenate([np.full(len(one.values), KINDS[one.feature.kind], dtype=np.int64) for one in features])
    nothing = np.full_like(features[0].values, np.nan)
    exposure = np.concatenate([nothing if one.exposure is None else one.exposure for one in features])
    return Panel(values, kinds, exposure)


def shrunken_correlation(scores: Floats, *, shared: float = 1.0) -> Floats:
    """Return the correlation of columns over the rows where both are known, shrunk towards independence.

    Args:
        scores: Rows × columns; NaN where not known.
        shared: Rows that tell as much as one, for the windows of neighbouring rows hold the same days.
    """
    known = np.isfinite(scores)
    filled = np.where(known, scores, 0.0)
    pairs = known.T.astype(np.float64) @ known
    together = filled.T @ filled
    power = (filled**2).T @ known
    with np.errstate(all="ignore"):
        seen = np.nan_to_num(together / np.sqrt(power * power.T))
    mixed: Floats = seen * pairs / (pairs + PRIOR_WEIGHT * shared)
    np.fill_diagonal(mixed, 1.0)
    values, vectors = np.linalg.eigh(mixed)
    lifted = (vectors * np.maximum(values, 0.05)) @ vectors.T
    spread = np.sqrt(np.diag(lifted))
    return np.asarray(lifted / spread[:, None] / spread[None, :])
