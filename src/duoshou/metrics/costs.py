"""Which metrics tell what only those may see who may see costs and margins."""

from __future__ import annotations

from duoshou.metrics.catalogue import Catalogue

COST_TABLES = frozenset({"line_contribution", "settlement"})
"""Tables that hold unit costs, fees and what is left of a sale."""
COST_FILES = frozenset({"cost", "settlement"})
"""Tables whose files hold them."""


def tells_costs(catalogue: Catalogue, key: str) -> bool:
    """Return whether a metric may be computed from costs, fees or settlements."""
    uses = (measure.use for leaf in catalogue.leaves(key) for measure in catalogue.metrics[leaf].source)
    return any(catalogue.sources[use].table in COST_TABLES for use in uses)
