"""How demand answers prices: panels, counts of single products, and products of a category drawn together."""

from duoshou.statistics.elasticity.controls import day_controls, others_controls
from duoshou.statistics.elasticity.counts import CountFit, fit_counts
from duoshou.statistics.elasticity.demand import Response, price_response, untold
from duoshou.statistics.elasticity.drawing import Drawn, draw_together, shared_correlation
from duoshou.statistics.elasticity.earning import Choice, best_price, floor_price
from duoshou.statistics.elasticity.moves import Moves, price_moves
from duoshou.statistics.elasticity.panel import PanelFit, fit_panel

__all__ = [
    "Choice",
    "CountFit",
    "Drawn",
    "Moves",
    "PanelFit",
    "Response",
    "best_price",
    "day_controls",
    "draw_together",
    "fit_counts",
    "fit_panel",
    "floor_price",
    "others_controls",
    "price_moves",
    "price_response",
    "shared_correlation",
    "untold",
]
