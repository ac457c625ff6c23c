"""What a task or a change concerns, under the name that the shop's own files give it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from duoshou.model import Subject

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench

SHOP = "shop"


def named_subject(workbench: Workbench, shop: str, type_: str, id_: str) -> Subject:
    """Return a subject with its readable name, or its id where nothing names it.

    Args:
        workbench: The workspace.
        shop: Key of the shop.
        type_: `shop`, a dimension such as `product` or `campaign`, or another word.
        id_: Its id; for the shop it does not matter.
    """
    if type_ == SHOP:
        one = workbench.settings.shop(shop)
        return Subject(SHOP, one.key, one.title)
    if type_ not in workbench.catalogue.dimensions:
        return Subject(type_, id_, id_)

    from duoshou.reports.names import names_from

    names = names_from(workbench.backend(), workbench.catalogue)
    return Subject(type_, id_, names(type_, [id_]).get(id_, id_))
