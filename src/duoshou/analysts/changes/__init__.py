"""Changes that the data show: of prices, titles, bids and budgets, and campaigns that begin or stop."""

from duoshou.analysts.changes.detection import seen_changes
from duoshou.analysts.changes.seen import SeenChange

__all__ = ["SeenChange", "seen_changes"]
