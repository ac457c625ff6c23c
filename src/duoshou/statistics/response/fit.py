"""The response of an outcome to the spend on several channels, with the shapes of the curves unknown.

outcome_t = baseline_t + sum over channels of size_c * saturate(carry_over(spend_c))_t / its mean + noise_t

The model is that of Jin, Wang, Sun, Chan and Koehler (2017), "Bayesian methods for media mix modeling with carryover
and shape effects", except that Michaelis and Menten's curve and Hill's are averaged, and that the returns of the
channels are partially pooled.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from duoshou.statistics.response.baseline import rank, without
from duoshou.statistics.response.sampling import Draws, Known, SizePrior, sample
from duoshou.statistics.response.shapes import Candidates, Floats, ShapePrior, candidates, refined, saturate

LEAST_DEGREES = 8
"""Fewer periods than this beyond the baseline tell nothing of several channels."""
MEDIA_SHARE = 0.25
"""Median of what all channels together are believed to bring, a share of the outcome, beforehand."""
ROUNDS, ENOUGH = 6, 0.9
"""Shapes are refined until the noise that they leave falls by less than a tenth."""
LEAST_SHARE_Z = 1.64
"""Noise is taken to outlast a period where its autocorrelation is beyond chance at 5 %."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A test of a channel: what changed in the outcome of a period when the spend was changed.

    Attributes:
        channel: Number of the channel.
        low: Spend of a period in one state, in the steady state.
        high: Spend in the other.
        effect: Outcome of a period at `high` less that at `low`.
        error: Its standard error.
    """

    channel: int
    low: float
    high: float
    effect: float
    error: float


@dataclass(frozen=True, slots=True)
class Effort:
    """How long is searched.

    Attributes:
        size: Candidates of a channel's shape; a power of two.
        sweeps: Rounds that are kept.
        warm_up: Rounds before them.
        chains: Chains side by side.
    """

    size: int
    sweeps: int
    warm_up: int
    chains: int


QUICK = Effort(512, 100, 30, 12)
THOROUGH = Effort(1024, 500, 100, 16)
DEFAULT_SHAPE = ShapePrior()


@dataclass(frozen=True, slots=True)
class Response:
    """What the channels bring: draws of what may be true.

    Attributes:
        size: float[N, C], mean of a channel's part in each period.
        mean_share: float[N, C], share of the most, in the mean of the periods.
        half: float[N, C], level of half saturation.
        slope: float[N, C].
        decay: float[N, C], share of what is felt that is felt in the next period too.
        spend: float[C], mean spend of a period.
        deviation: Standard deviation of the noise of a period.
        remembered: Share of the noise that the next period keeps.
    """

    size: Floats
    mean_share: Floats
    half: Floats
    slope: Floats
    decay: Floats
    spend: Floats
    deviation: float
    remembered: float

    @property
    def returns(self) -> Floats:
        """float[N, C], outcome for a unit of spend, over all the periods."""
        return np.asarray(self.size / self.spend)

    def at(self, channel: int, levels: Floats) -> Floats:
        """Return float[N, L], what a channel brings in a period of steady spend at each level."""
        most = self.size[:, channel] / self.mean_share[:, channel]
        half, slope = self.half[:, channel, None], self.slope[:, channel, None]
        return np.asarray(most[:, None] * saturate(levels[None, :], half, slope))

    def marginal(self, channel: int, level: float, step: float = 0.01) -> Floats:
        """Return float[N], what a further unit brings at a level of steady spend."""
        wide = max(level, self.spend[channel] * step) * step
        low, high = max(level - wide / 2, 0.0), level + wide / 2
        found = self.at(channel, np.array([low, high]))
        return np.asarray((found[:, 1] - found[:, 0]) / (high - low))


def fit_response(
    outcome: Floats,
    spend: Floats,
    columns: Floats,
    *,
    shapes: Sequence[ShapePrior] | ShapePrior = DEFAULT_SHAPE,
    trials: Sequence[Trial] = (),
    before: Floats | None = None,
    effort: Effort = QUICK,
    media_share: float = MEDIA_SHARE,
    seed: int = 0,
) -> Response:
    """Return what the channels bring.

    Noise that outlasts a period is estimated from the residuals and taken out by the filter of Cochrane and Orcutt
    (1949), without which intervals would be too narrow.

    Args:
        outcome: float[T], outcome of each period.
        spend: float[T, C], spend of each period, each channel above 0 in some.
        columns: float[T, P], the baseline, its constant among them.
        shapes: What is believed of the shapes, one for all or one for each channel.
        trials: Tests that were made.
        before: float[C], spend of a period before the first; None: 0.
        effort: How long is searched.
        media_share: Median of the share that all channels together are believed to bring.
        seed: Of the chance.

    Raises:
        ValueError: If the shapes do not fit each other, a channel was never used, or the periods are too few.
    """
    periods, count = spend.shape
    if outcome.shape != (periods,) or columns.shape[0] != periods or not count:
        raise ValueError("outcome, spend and baseline must be of the same periods")
    if (spend < 0).any() or not (spend.sum(axis=0) > 0).all():
        raise ValueError("each channel needs spend of 0 or more, above 0 in some period")
    degrees = periods - rank(columns)
    if degrees < LEAST_DEGREES + count:
        raise ValueError(f"{periods} periods are too few for this baseline and {count} channels")
    given = [shapes] * count if isinstance(shapes, ShapePrior) else list(shapes)
    start = np.zeros(count) if before is None else before
    offered = [
        candidates(spend[:, one], given[one], effort.size, before=float(start[one]), seed=seed + one)
        for one in range(count)
    ]
    scale = spend.mean(axis=0)
    prior = SizePrior(scale, media_share * max(float(np.abs(outcome).mean()), 1e-12) / float(scale.sum()))
    problem = _Problem(outcome, columns, trials, prior, np.random.default_rng(seed))
    left = np.inf
    for turn in range(ROUNDS):
        tried = problem.drawn(offered, 0.0, _pilot(effort))
        offered = [
            refined(
                spend[:, one], given[one], offered[one], tried.shape[:, one],
                before=float(start[one]), seed=seed + one + count * (turn + 1),
            )
            for one in range(count)
        ]  # fmt: skip
        noise = float(np.median(tried.variance))
        if noise > ENOUGH * left:
            break
        left = noise
    kept = _remembered(tried.residual)
    found = problem.drawn(offered, kept, effort)
    rows = np.arange(count)

    def chosen(name: str) -> Floats:
        return np.stack([getattr(offered[one], name)[found.shape[:, one]] for one in rows], axis=1)

    deviation = float(np.sqrt(np.median(found.variance) / (1.0 - kept**2)))
    return Response(
        found.size, chosen("means"), chosen("half"), chosen("slope"), chosen("decay"), scale, deviation, kept
    )


@dataclass(frozen=True, slots=True)
class _Problem:
    """What is to be drawn from."""

    outcome: Floats
    columns: Floats
    trials: Sequence[Trial]
    prior: SizePrior
    random: np.random.Generator

    def drawn(self, offered: Sequence[Candidates], kept: float, effort: Effort) -> Draws:
        """Return draws where the noise keeps a share from period to period."""
        base = _filtered(self.columns.T, kept).T
        return sample(
            without(base, _filtered(self.outcome, kept)),
            offered,
            [without(base, _filtered(one.columns, kept)) for one in offered],
            self.prior,
            known=[
                _known(one, [each for each in self.trials if each.channel == number])
                for number, one in enumerate(offered)
            ],
            degrees=len(base) - rank(base),
            sweeps=effort.sweeps,
            warm_up=effort.warm_up,
            chains=effort.chains,
            random=self.random,
        )


def _pilot(effort: Effort) -> Effort:
    return Effort(effort.size, max(effort.sweeps // 6, 10), max(effort.warm_up // 2, 10), effort.chains)


def _filtered(rows: Floats, kept: float) -> Floats:
    """Return each period less the share of the one before that the noise keeps; the first as Prais and Winsten do."""
    if not kept:
        return rows
    first = rows[..., :1] * np.sqrt(1.0 - kept**2)
    return np.concatenate([first, rows[..., 1:] - kept * rows[..., :-1]], axis=-1)


def _remembered(residual: Floats) -> float:
    """Return the share of the noise that the next period keeps; 0 where it is no more than chance."""
    total = float(residual @ residual)
    if total <= 0:
        return 0.0
    share = float(residual[1:] @ residual[:-1]) / total
    return min(share, 0.9) if share > LEAST_SHARE_Z / np.sqrt(len(residual)) else 0.0


def _known(offered: Candidates, trials: Sequence[Trial]) -> Known | None:
    """Return what tests tell of the size of a channel's part, for each shape that it may have."""
    if not trials:
        return None
    precision, linear = np.zeros_like(offered.half), np.zeros_like(offered.half)
    for one in trials:
        steps = saturate(np.array([[one.low], [one.high]]), offered.half, offered.slope)
        moved = (steps[1] - steps[0]) / offered.means
        precision += moved**2 / one.error**2
        linear += moved * one.effect / one.error**2
    return Known(precision, linear)
