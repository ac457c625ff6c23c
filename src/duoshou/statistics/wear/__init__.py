"""Whether the rate of a unit falls the more often it was shown, against units shown beside it."""

from duoshou.statistics.wear.fit import FRESH, LEAST_DAYS, Wears, fit_wear
from duoshou.statistics.wear.telling import Told, told_worn

__all__ = ["FRESH", "LEAST_DAYS", "Told", "Wears", "fit_wear", "told_worn"]
