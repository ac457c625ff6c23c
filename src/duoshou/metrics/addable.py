"""What must never be added: currencies, and people of several shops."""

from __future__ import annotations

from collections.abc import Sequence

from duoshou.metrics.agreement import scopes_met
from duoshou.metrics.buckets import Frame
from duoshou.metrics.catalogue import Catalogue
from duoshou.metrics.coverage import Known, Scope
from duoshou.metrics.definition import Additivity, Metric, Unit
from duoshou.metrics.errors import NotAnswerable
from duoshou.metrics.request import Request
from duoshou.model import Text

ADDED = (Additivity.ADDITIVE, Additivity.ADDITIVE_WITHIN_WINDOW, Additivity.SEMI_ADDITIVE)


def require_addable(
    catalogue: Catalogue, request: Request, metric: Metric, known: dict[Scope, Known], frames: Sequence[Frame]
) -> None:
    """Raise when the rows that would answer must not be added.

    Raises:
        NotAnswerable: For amounts in several currencies, people of several shops.
    """
    met = scopes_met(known, frames)
    leaves = [catalogue.metrics[leaf] for leaf in catalogue.leaves(metric.key)]
    if "currency" not in request.by and any(leaf.unit is Unit.MONEY for leaf in leaves):
        _refuse_currencies({scope.currency for scope in met if scope.currency})
    shops = {scope.shop for scope in met}
    if "shop" in request.by or len(shops) < 2:
        return
    if "platform" in request.by and len(shops) == len({scope.platform for scope in met}):
        return
    if any(leaf.additivity not in ADDED for leaf in leaves):
        names = ", ".join(sorted(shops))
        raise NotAnswerable(
            "shops_not_additive",
            Text(f"{metric.title.zh}不能跨店铺相加（{names}）", f"{metric.key} cannot be added over shops ({names})"),
            hint=Text("请加 --shop 店铺 或 --by shop", "add --shop KEY or --by shop"),
        )


def _refuse_currencies(found: set[str]) -> None:
    if len(found) < 2:
        return
    names, first = ", ".join(sorted(found)), min(found)
    raise NotAnswerable(
        "currencies_not_additive",
        Text(f"数据含多个币种（{names}），不能相加", f"amounts in {names} cannot be added"),
        hint=Text(f"请加 --by currency 或 --where currency={first}", f"add --by currency or --where currency={first}"),
    )
