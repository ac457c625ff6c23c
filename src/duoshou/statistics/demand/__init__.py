"""How much of many products will be asked for in the days ahead, and what to order for it."""

from duoshou.statistics.demand.forecast import LONGEST, Forecast, Prices, forecast
from duoshou.statistics.demand.law import Law
from duoshou.statistics.demand.ordering import Order, lasts, order, packed, run_out

__all__ = ["LONGEST", "Forecast", "Law", "Order", "Prices", "forecast", "lasts", "order", "packed", "run_out"]
