"""Launches: is a new one a hit in the making, do they come in bursts, and how many arrive. Arrays in, numbers out."""

from duoshou.statistics.launches.arrivals import Arrived, Between, arrivals, between
from duoshou.statistics.launches.cadence import Cadence, Pace, cadence
from duoshou.statistics.launches.chances import Chances, chances
from duoshou.statistics.launches.checks import CHECKS, last_check, next_check
from duoshou.statistics.launches.population import MONEY_TRIES, Population, fit_population, money_tries
from duoshou.statistics.launches.scatter import Scatter, scatter, thinned
from duoshou.statistics.launches.verdicts import SURE, Judgement, Verdict, chance_above, judge

__all__ = [
    "CHECKS",
    "MONEY_TRIES",
    "SURE",
    "Arrived",
    "Between",
    "Cadence",
    "Chances",
    "Judgement",
    "Pace",
    "Population",
    "Scatter",
    "Verdict",
    "arrivals",
    "between",
    "cadence",
    "chance_above",
    "chances",
    "fit_population",
    "judge",
    "last_check",
    "money_tries",
    "next_check",
    "scatter",
    "thinned",
]
