"""协同 → 改动: what was changed, and what the data seem to show and a person is to confirm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from duoshou.app.loop.tasks import today_of
from duoshou.loop.changes import Change, NewChange, WantedChanges, confirm, list_changes, record, reject
from duoshou.loop.kinds import Kind, kind_of, kinds
from duoshou.loop.propagation import rules_of
from duoshou.model import ChangeStanding, Text, plain

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench

CHANGES_A_PAGE = 50
MOST_PROPOSED = 20
STANDINGS = {
    ChangeStanding.PROPOSED: Text("待确认", "to be confirmed"),
    ChangeStanding.CONFIRMED: Text("已确认", "confirmed"),
    ChangeStanding.REJECTED: Text("已否认", "rejected"),
}


@dataclass(frozen=True, slots=True)
class ChangesAsked:
    """Which changes are wanted; None means all.

    Attributes:
        standing: Whether they count.
        kind: Only this kind.
        first: Only those that last until this day or later.
        last: Only those of this day or earlier.
        page: Number of the page, from 1.
    """

    standing: ChangeStanding | None = ChangeStanding.CONFIRMED
    kind: str | None = None
    first: date | None = None
    last: date | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """The changes of a shop.

    Attributes:
        shop: Key of the shop.
        asked: What was asked for.
        today: The day that it is where the shop is.
        proposed: What the data show and nobody has confirmed or rejected, the latest first.
        waiting: How many of those there are.
        changes: A page of the changes, the latest first.
        total: How many there are in all.
        pages: How many pages.
        kinds: Kinds of change by their keys.
    """

    shop: str
    asked: ChangesAsked
    today: date
    proposed: tuple[Change, ...]
    waiting: int
    changes: tuple[Change, ...]
    total: int
    pages: int
    kinds: Mapping[str, Kind]

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        return {
            "shop": self.shop,
            "asked": plain(self.asked),
            "proposed": [one.to_dict() for one in self.proposed],
            "waiting": self.waiting,
            "changes": [one.to_dict() for one in self.changes],
            "total": self.total,
            "page": self.asked.page,
            "pages": self.pages,
        }


def changes_page(workbench: Workbench, asked: ChangesAsked, shop: str | None) -> ChangesPage:
    """Return the changes of a shop.

    Args:
        workbench: The workspace.
        asked: What is wanted.
        shop: Key of the shop; None where there is only one.

    Raises:
        ChangeRefused: If there is no such kind of change.
    """
    key, state = workbench.shop_key(shop), workbench.state
    if asked.kind is not None:
        kind_of(asked.kind)
    unsettled = WantedChanges(standing=ChangeStanding.PROPOSED)
    proposed, waiting = list_changes(state, key, unsettled, limit=MOST_PROPOSED)
    wanted = WantedChanges(asked.standing, asked.first, asked.last, kind=asked.kind)
    found, total = list_changes(state, key, wanted, limit=CHANGES_A_PAGE, offset=(asked.page - 1) * CHANGES_A_PAGE)
    pages = max(1, -(-total // CHANGES_A_PAGE))
    return ChangesPage(key, asked, today_of(workbench), proposed, waiting, found, total, pages, kinds())


def record_change(workbench: Workbench, new: NewChange, shop: str | None, *, by: str) -> Change:
    """Record a change and tell whoever must react by the workspace's rules.

    Raises:
        ChangeRefused: If it cannot be meant.
    """
    rules = rules_of(workbench.workspace.directory)
    return record(workbench.state, workbench.shop_key(shop), new, rules=rules, by=by)


def settle_change(workbench: Workbench, number: int, shop: str | None, *, confirmed: bool, by: str) -> Change:
    """Confirm or reject a change that the data show.

    Raises:
        UnknownChange: If the shop has no such change.
        ChangeRefused: If it was settled the other way.
    """
    key = workbench.shop_key(shop)
    if not confirmed:
        return reject(workbench.state, key, number, by=by)
    return confirm(workbench.state, key, number, rules=rules_of(workbench.workspace.directory), by=by)
