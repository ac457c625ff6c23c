"""How to spend while learning which of several places earns most. Arrays in, numbers out."""

from duoshou.statistics.exploration.budgets import Belief, Learner, Shares, learn, shares

__all__ = ["Belief", "Learner", "Shares", "learn", "shares"]
