"""协同 → 通知: what whoever looks must acknowledge, what others have not, and how long each role takes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from duoshou.access import Person, Right
from duoshou.loop.errors import LoopError
from duoshou.loop.notices import Notice, RoleDelay, acknowledge, list_notices, notice_of, role_delays
from duoshou.model import Role, Text, plain

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench

MOST_OPEN = 200
LATEST = 25
DELAY_DAYS = 30


class NotYours(LoopError):
    """A notice that is for another role."""

    def __init__(self, notice: int, role: Role) -> None:
        from duoshou.access import role_title

        title = role_title(role)
        super().__init__(
            "not_your_notice",
            Text(f"通知 {notice} 是给{title.zh}的", f"notice {notice} is for the role {title.en}"),
            hint=Text("由那个岗位的人，或派任务的人确认", "somebody of that role, or who plans, acknowledges it"),
        )


@dataclass(frozen=True, slots=True)
class NoticesPage:
    """The notices of a shop.

    Attributes:
        shop: Key of the shop.
        now: The moment by which lateness is told.
        change: Number of the only change that is wanted; None: all.
        mine: What nobody of the role of whoever looks has acknowledged, what is due first first.
        others: What nobody of other roles has.
        open: How many are open in all.
        latest: What was acknowledged last.
        delays: How long each role took, of the notices of the last thirty days.
    """

    shop: str
    now: datetime
    change: int | None
    mine: tuple[Notice, ...]
    others: tuple[Notice, ...]
    open: int
    latest: tuple[Notice, ...]
    delays: tuple[RoleDelay, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        return {
            "shop": self.shop,
            "mine": [notice_shape(one, self.now) for one in self.mine],
            "others": [notice_shape(one, self.now) for one in self.others],
            "open": self.open,
            "latest": [notice_shape(one, self.now) for one in self.latest],
            "delays": [_delay_shape(one) for one in self.delays],
        }


def notices_page(workbench: Workbench, person: Person, shop: str | None, change: int | None = None) -> NoticesPage:
    """Return the notices of a shop.

    Args:
        workbench: The workspace.
        person: Who looks.
        shop: Key of the shop; None where there is only one.
        change: Number of the only change that is wanted; None: all.
    """
    key, now, state = workbench.shop_key(shop), datetime.now(UTC), workbench.state
    waiting, total = list_notices(state, key, open_only=True, change=change, limit=MOST_OPEN)
    # Those that somebody acknowledged stand behind all that are open.
    latest, _ = list_notices(state, key, change=change, limit=LATEST, offset=total)
    return NoticesPage(
        key,
        now,
        change,
        tuple(one for one in waiting if is_for(one, person)),
        tuple(one for one in waiting if not is_for(one, person)),
        total,
        latest,
        role_delays(state, key, since=now - timedelta(days=DELAY_DAYS), now=now),
    )


def acknowledge_notice(
    workbench: Workbench, number: int, shop: str | None, *, person: Person, note: str = ""
) -> Notice:
    """Acknowledge a notice in the name of a person of its role, or of one who plans.

    Raises:
        UnknownNotice: If the shop has no such notice.
        NotYours: If it is for another role.
    """
    key = workbench.shop_key(shop)
    found = notice_of(workbench.state, key, number)
    if not may_acknowledge(found, person):
        raise NotYours(number, found.role)
    return acknowledge(workbench.state, key, number, by=person.signature, note=note)


def may_acknowledge(notice: Notice, person: Person) -> bool:
    """Return whether a person may acknowledge a notice: for their role, or for any where they plan."""
    return Right.ACT in person.rights and (is_for(notice, person) or Right.PLAN in person.rights)


def is_for(notice: Notice, person: Person) -> bool:
    """Return whether a notice is for the role of a person."""
    return notice.role in roles_of(person)


def roles_of(person: Person) -> tuple[Role, ...]:
    """Return the roles whose notices a person gets: an owner is an operator, too."""
    return (Role.OWNER, Role.OPERATOR) if person.role is Role.OWNER else (person.role,)


def notice_shape(notice: Notice, now: datetime) -> dict[str, Any]:
    """Return the JSON shape of a notice, and whether it is late."""
    return {**notice.to_dict(), "late": notice.is_late(now)}


def _delay_shape(delay: RoleDelay) -> dict[str, Any]:
    hours = None if delay.median is None else round(delay.median.total_seconds() / 3600, 2)
    shape = {name: plain(getattr(delay, name)) for name in ("role", "count", "late", "open")}
    return {**shape, "median_hours": hours}
