"""Rates of rare events of many units, each drawn to its group as far as it is itself unknown."""

from duoshou.statistics.sparse_rates.nested import Rates, nested_rates
from duoshou.statistics.sparse_rates.selecting import told_apart, trials_needed

__all__ = ["Rates", "nested_rates", "told_apart", "trials_needed"]
