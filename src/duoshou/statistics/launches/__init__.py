"""Launches: is a new one a hit in the making, do they come in bursts, and how many arrive. Arrays in, numbers out."""

from duoshou.statistics.launches.arrivals import Arrived, Between, arrivals, between
from duoshou.statistics.launches.cadence import Cadence, Pace, cadence
from duoshou.statistics.launches.population import MONEY_TRIES, Population, dispersion, fit_population, money_tries
from duoshou.statistics.launches.verdicts import Judgement, Verdict, chance_above, judge

__all__ = [
    "MONEY_TRIES",
    "Arrived",
    "Between",
    "Cadence",
    "Judgement",
    "Pace",
    "Population",
    "Verdict",
    "arrivals",
    "between",
    "cadence",
    "chance_above",
    "dispersion",
    "fit_population",
    "judge",
    "money_tries",
]
