"""What the page of data looks up of a snapshot, and what a job looks up beforehand so that no page waits for it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from duoshou.app.checklist import Checklist
from duoshou.app.pages.today import freshness
from duoshou.model import Finding

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench


def to_fetch(workbench: Workbench, shop: str | None) -> Checklist:
    """Return which files to fetch today."""
    return workbench.remembered(("checklist", shop), lambda: workbench.checklist(shop=shop))


def faults(workbench: Workbench, day: date, shop: str | None) -> tuple[Finding, ...]:
    """Return what is wrong with the data of a day."""
    question = ("faults", day, shop)
    return workbench.remembered(question, lambda: workbench.findings(day, kind="data", shop=shop).findings)


def look_ahead(workbench: Workbench) -> int:
    """Look everything up that the page of data shows of each shop, and return how many faults of data there are."""
    shops = workbench.settings.shops
    found: set[str] = set()
    for key in [one.key for one in shops] if len(shops) > 1 else [None]:
        day = workbench.last_complete_day(key)
        freshness(workbench, day, key)
        to_fetch(workbench, key)
        found |= {one.id for one in faults(workbench, day, key)}
    return len(found)
