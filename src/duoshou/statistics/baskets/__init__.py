"""What lies together in baskets: exact counts, sets and rules, and how far a pair differs from chance."""

from duoshou.statistics.baskets.association import (
    Association,
    LiftPrior,
    associate,
    associate_transitions,
    fit_prior,
    unseen_pairs,
)
from duoshou.statistics.baskets.counting import Baskets, PairCounts, count_followers, count_pairs, joined_pairs
from duoshou.statistics.baskets.multiplicity import adjusted_p_values
from duoshou.statistics.baskets.sets import ItemSets, Rule, frequent_sets, rules

__all__ = [
    "Association",
    "Baskets",
    "ItemSets",
    "LiftPrior",
    "PairCounts",
    "Rule",
    "adjusted_p_values",
    "associate",
    "associate_transitions",
    "count_followers",
    "count_pairs",
    "fit_prior",
    "frequent_sets",
    "joined_pairs",
    "rules",
    "unseen_pairs",
]
