"""Notices that nobody acknowledged in time, as findings about the role that should have."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from duoshou.loop.notices import Notice, late_notices
from duoshou.model import (
    Confidence,
    Evidence,
    EvidenceType,
    Finding,
    Period,
    Recommendation,
    Role,
    Subject,
    Text,
)
from duoshou.state import Status, history

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench

KIND = "loop.notice"
OPEN = (Status.NEW, Status.OPEN, Status.WATCHED, Status.DECLINED)
MOST_ROWS = 50
HOUR = timedelta(hours=1)


def late_findings(workbench: Workbench, shop: str, day: date) -> list[Finding]:
    """Return a finding for each role that has not acknowledged notices in time, the longest late first.

    Args:
        workbench: The workspace.
        shop: Key of the shop.
        day: The day whose findings are told: what was late on the day after it, at latest now.
    """
    zone = ZoneInfo(workbench.settings.timezone)
    morning_after = datetime.combine(day + timedelta(days=2), time(), zone)
    now = min(datetime.now(UTC), morning_after.astimezone(UTC))
    by_role: dict[Role, list[Notice]] = {}
    for one in late_notices(workbench.state, shop, now):
        by_role.setdefault(one.role, []).append(one)
    return [_finding(role, notices, day, now, zone) for role, notices in by_role.items()]


def over_since(workbench: Workbench, shop: str, found: Sequence[Finding]) -> set[str]:
    """Return the ids of what was told of late notices before and is over: somebody acknowledged."""
    told = {one.finding.id for one in history(workbench.state, shop, statuses=OPEN, kind=KIND)}
    return told - {one.id for one in found}


def without_acknowledged(workbench: Workbench, shop: str, found: Sequence[Finding], day: date) -> tuple[Finding, ...]:
    """Return findings without those of notices that somebody acknowledged since the daily job told of them."""
    if not any(one.kind == KIND for one in found):
        return tuple(found)
    late = {one.id for one in late_findings(workbench, shop, day)}
    return tuple(one for one in found if one.kind != KIND or one.id in late)


def _finding(role: Role, notices: Sequence[Notice], day: date, now: datetime, zone: ZoneInfo) -> Finding:
    from duoshou.access import role_title

    title, longest, number = role_title(role), notices[0], len(notices)
    since = longest.due_at.astimezone(zone).date()
    hours = (now - longest.due_at) // HOUR
    zh, en = (f"{hours} 小时", f"{hours} h") if hours < 48 else (f"{hours // 24} 天", f"{hours // 24} days")
    return Finding(
        kind=KIND,
        subject=Subject("role", role.value, title.zh),
        period=Period(since, max(since, day)),
        detected_on=max(since, day),
        headline=Text(
            f"{title.zh}有 {number} 条改动通知逾期没有人确认，最久的已过 {zh}",
            f"{number} {'notice' if number == 1 else 'notices'} of changes not acknowledged in time by "
            f"{title.en}, the longest {en} late",
        ),
        confidence=Confidence.CERTAIN,
        evidence=(_evidence(notices, now, zone),),
        recommendations=(
            Recommendation(
                Text("看通知、照做，然后确认（duoshou ack 编号）", "read the notices, act, acknowledge (duoshou ack)"),
                role,
                Text(f"最久的一条：{longest.text.zh}", f"the longest late: {longest.text.en}"),
                effort="minutes",
            ),
        ),
    )


def _evidence(notices: Sequence[Notice], now: datetime, zone: ZoneInfo) -> Evidence:
    rows = tuple(
        (
            one.id,
            one.change,
            one.text.zh,
            f"{one.made_at.astimezone(zone):%Y-%m-%d %H:%M}",
            f"{one.due_at.astimezone(zone):%Y-%m-%d %H:%M}",
            (now - one.due_at) // HOUR,
        )
        for one in notices[:MOST_ROWS]
    )
    columns = ("notice", "change", "text", "made_at", "due_at", "hours_late")
    return Evidence("notices", EvidenceType.TABLE, Text("逾期的通知", "Late notices"), columns, rows)
