"""What a fit knows of the series of one kind."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from duoshou.statistics.expectation.filtering import States, Walk
from duoshou.statistics.expectation.links import Block, Noise
from duoshou.statistics.expectation.panel import BoolArray, FloatArray, IntArray
from duoshou.statistics.expectation.regression import Effects


@dataclass(frozen=True, slots=True)
class Model:
    """A fitted block.

    Attributes:
        block: The series.
        columns: float[T, Q], weekday and calendar columns.
        effects: Their effects.
        season: float[S, T], columns × effects.
        walk: Speed of each level.
        states: Levels as expected before each day.
        trained: Days whose calendar effects were learnt from.
    """

    block: Block
    columns: FloatArray
    effects: Effects
    season: FloatArray
    walk: Walk
    states: States
    trained: int

    def take(self, chosen: IntArray) -> Model:
        """Return the model of some of the series."""
        effects, states, noise = self.effects, self.states, self.effects.noise
        return Model(
            self.block.take(chosen, slice(None)),
            self.columns,
            Effects(
                effects.coefficients[chosen],
                effects.covariance[chosen],
                effects.seen[chosen],
                Noise(noise.unit[chosen], noise.extra[chosen], noise.autocorrelation[chosen]),
                effects.level[chosen],
                effects.walk[chosen],
            ),
            self.season[chosen],
            Walk(self.walk.level[chosen], self.walk.trend[chosen]),
            States(
                states.level[chosen],
                states.trend[chosen],
                states.level_variance[chosen],
                states.covariance[chosen],
                states.trend_variance[chosen],
            ),
            self.trained,
        )

    def unseen(self, days: slice) -> BoolArray:
        """Return bool[S]: a calendar column is on in these days that the series never knew."""
        on = (self.columns[days] != 0).any(axis=0)
        return np.asarray((~self.effects.seen & on[None, :]).any(axis=1))
