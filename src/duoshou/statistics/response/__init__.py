"""What spend on several channels brings, and how to split it. Arrays in, numbers out."""

from duoshou.statistics.response.allocation import Split, best_split, gain_of
from duoshou.statistics.response.baseline import baseline
from duoshou.statistics.response.fit import QUICK, THOROUGH, Effort, Response, Trial, fit_response
from duoshou.statistics.response.following import Following, following, hidden_bias
from duoshou.statistics.response.shapes import ShapePrior, carry_over, saturate

__all__ = [
    "QUICK",
    "THOROUGH",
    "Effort",
    "Following",
    "Response",
    "ShapePrior",
    "Split",
    "Trial",
    "baseline",
    "best_split",
    "carry_over",
    "fit_response",
    "following",
    "gain_of",
    "hidden_bias",
    "saturate",
]
