"""What a bid buys: clicks and their price as curves of the bid, and the best bids under a budget, step by step."""

from duoshou.statistics.bidding.choosing import Choice, aimed, best_bids
from duoshou.statistics.bidding.curves import Curves, fit_curves
from duoshou.statistics.bidding.gains import Gains, gains_of
from duoshou.statistics.bidding.learning import learning, rises
from duoshou.statistics.bidding.varying import variation, varied

__all__ = [
    "Choice",
    "Curves",
    "Gains",
    "aimed",
    "best_bids",
    "fit_curves",
    "gains_of",
    "learning",
    "rises",
    "variation",
    "varied",
]
