"""What a fit knows of the series of one kind."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from duoshou.statistics.expectation.filtering import States, Walk
from duoshou.statistics.expectation.links import Block
from duoshou.statistics.expectation.panel import BoolArray, FloatArray
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

    def unseen(self, days: slice) -> BoolArray:
        """Return bool[S]: a calendar column is on in these days that the series never knew."""
        on = (self.columns[days] != 0).any(axis=0)
        return np.asarray((~self.effects.seen & on[None, :]).any(axis=1))
