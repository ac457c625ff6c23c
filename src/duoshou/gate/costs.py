"""Costs and margins are for those who have the right to see them."""

from __future__ import annotations

from collections.abc import Iterable

from duoshou.access import Right
from duoshou.gate.errors import no_right
from duoshou.gate.visitor import Visitor
from duoshou.metrics import Catalogue
from duoshou.metrics.costs import tells_costs


def may_see(visitor: Visitor, catalogue: Catalogue, metrics: Iterable[str]) -> None:
    """Make sure that a person may see these metrics (keys, names or aliases).

    Raises:
        Refused: If one tells costs and the person may not see those.
        UnknownName: If there is no such metric.
    """
    keys = [catalogue.metric(name).key for name in metrics]
    if not visitor.may(Right.COSTS) and any(tells_costs(catalogue, key) for key in keys):
        raise no_right(Right.COSTS.value)
