"""Costs and margins are for those who have the right to see them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from duoshou.access import Right
from duoshou.app.pages.batches import file_of_batch
from duoshou.gate.errors import no_right
from duoshou.gate.visitor import Visitor
from duoshou.metrics import Catalogue
from duoshou.metrics.costs import COST_FILES, tells_costs

if TYPE_CHECKING:
    from duoshou.app import Workbench


def may_see(visitor: Visitor, catalogue: Catalogue, metrics: Iterable[str]) -> None:
    """Make sure that a person may see these metrics (keys, names or aliases).

    Raises:
        Refused: If one tells costs and the person may not see those.
        UnknownName: If there is no such metric.
    """
    keys = [catalogue.metric(name).key for name in metrics]
    if not visitor.may(Right.COSTS) and any(tells_costs(catalogue, key) for key in keys):
        raise no_right(Right.COSTS.value)


def may_see_file(visitor: Visitor, bench: Workbench, entry: str) -> None:
    """Make sure that a person may see the rows of an archived table.

    Raises:
        Refused: If it is a file of costs or settlements and the person may not see those.
    """
    if visitor.may(Right.COSTS):
        return
    file = file_of_batch(bench, entry)
    layout = bench.layouts.get(file.layout) if file else None
    if layout and any(table.name in COST_FILES for table in layout.table):
        raise no_right(Right.COSTS.value)
