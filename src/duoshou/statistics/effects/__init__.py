"""What a change did: estimates with intervals, from donors or from the subject's own past. Arrays in, numbers out."""

from duoshou.statistics.effects.change import effect_of_change
from duoshou.statistics.effects.combining import Combined, combine
from duoshou.statistics.effects.conformal import conformal_p_value, rank_p_value
from duoshou.statistics.effects.displacement import Displacement, displaced
from duoshou.statistics.effects.panel import Effect, Panel
from duoshou.statistics.effects.reversion import Reversion, shrunken_expectation
from duoshou.statistics.effects.series import interrupted_series
from duoshou.statistics.effects.synthetic import Synthetic, synthetic_difference_in_differences

__all__ = [
    "Combined",
    "Displacement",
    "Effect",
    "Panel",
    "Reversion",
    "Synthetic",
    "combine",
    "conformal_p_value",
    "displaced",
    "effect_of_change",
    "interrupted_series",
    "rank_p_value",
    "shrunken_expectation",
    "synthetic_difference_in_differences",
]
