"""What a change did: estimates with intervals, from donors or from the subject's own past. Arrays in, numbers out."""

from duoshou.statistics.effects.change import effect_of_change
from duoshou.statistics.effects.panel import Effect, Panel
from duoshou.statistics.effects.series import interrupted_series
from duoshou.statistics.effects.synthetic import Synthetic, synthetic_difference_in_differences

__all__ = [
    "Effect",
    "Panel",
    "Synthetic",
    "effect_of_change",
    "interrupted_series",
    "synthetic_difference_in_differences",
]
