"""Pure estimators and tests on arrays of numbers: no business word, no engine, nothing but the standard library."""

from duoshou.statistics.counts import CountModel, fit_counts, probability_of_none
from duoshou.statistics.distributions import beta_tail, poisson_upper_tail, student_t_two_sided
from duoshou.statistics.families import benjamini_hochberg
from duoshou.statistics.robust import RobustFit, fit_robust, median, median_deviation, quantile
from duoshou.statistics.tails import exceedance

__all__ = [
    "CountModel",
    "RobustFit",
    "benjamini_hochberg",
    "beta_tail",
    "exceedance",
    "fit_counts",
    "fit_robust",
    "median",
    "median_deviation",
    "poisson_upper_tail",
    "probability_of_none",
    "quantile",
    "student_t_two_sided",
]
