"""New notices of changes, as a message to whoever must react."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from duoshou.loop.notices import Notice, list_notices
from duoshou.model import Language, Role, Text
from duoshou.reports.push import Block, Message

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench

NEWS = timedelta(days=3)
"""A notice that is older is no news; where nobody has acknowledged it, it is late and in the digest."""
MOST = 200
MOST_OF_ROLE = 10


def new_notices(workbench: Workbench, shop: str, roles: Sequence[str], now: datetime) -> list[Notice]:
    """Return the notices of a shop that are news and that nobody acknowledged, of some roles or, if empty, of all."""
    found, _ = list_notices(workbench.state, shop, open_only=True, limit=MOST)
    return [one for one in found if one.made_at >= now - NEWS and (not roles or one.role.value in roles)]


def notices_message(workbench: Workbench, shop: str, notices: Sequence[Notice], language: Language) -> Message:
    """Return the message that tells of notices: for each role what it is to do, and until when."""
    settings = workbench.settings
    zone, number = ZoneInfo(settings.timezone), len(notices)
    title = Text(
        f"舵手 · {settings.shop(shop).title}：{number} 条改动通知",
        f"Duoshou · {settings.shop(shop).title}: {number} {'notice' if number == 1 else 'notices'} of changes",
    )
    order = list(Role)
    ordered = sorted(notices, key=lambda one: (order.index(one.role), one.due_at, one.id))
    blocks = tuple(_block(role, list(group), zone, language) for role, group in groupby(ordered, lambda one: one.role))
    address = settings.server.url.rstrip("/")
    return Message(title.in_language(language), blocks, f"{address}/board" if address else None, language=language)


def _block(role: Role, notices: Sequence[Notice], zone: ZoneInfo, language: Language) -> Block:
    from duoshou.access import role_title

    lines = []
    for one in notices[:MOST_OF_ROLE]:
        due = f"{one.due_at.astimezone(zone):%m-%d %H:%M}"
        until = Text(f"（{due} 前确认，编号 {one.id}）", f" (acknowledge by {due}, number {one.id})")
        lines.append(one.text.in_language(language) + until.in_language(language))
    more = len(notices) - MOST_OF_ROLE
    if more > 0:
        lines.append(Text(f"另有 {more} 条", f"{more} more").in_language(language))
    return Block(role_title(role).in_language(language), tuple(lines))
