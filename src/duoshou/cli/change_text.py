"""Changes and notices in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from duoshou.cli.session import Session
from duoshou.cli.task_text import moment_text
from duoshou.cli.width import one_line, shorten, table
from duoshou.model import ChangeOrigin, ChangeStanding, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duoshou.loop.changes import Change
    from duoshou.loop.notices import Notice

WIDEST_SUBJECT = 24
WIDEST_VALUE = 30
STANDING_WORDS = {
    ChangeStanding.PROPOSED: Text("待确认", "to be confirmed"),
    ChangeStanding.CONFIRMED: Text("已确认", "confirmed"),
    ChangeStanding.REJECTED: Text("已否认", "rejected"),
}
ORIGIN_WORDS = {ChangeOrigin.MANUAL: Text("人记的", "by people"), ChangeOrigin.DETECTED: Text("数据发现", "by data")}


def changes_text(changes: Sequence[Change], total: int, session: Session) -> str:
    """Return changes as a table, and how many more there are."""
    if not changes:
        return session.say("没有这样的改动。", "There is no such change.")
    words = (
        *(("编号", "no."), ("日期", "day"), ("改动", "change"), ("对象", "subject"), ("改前", "before")),
        *(("改后", "after"), ("状态", "standing"), ("来源", "origin"), ("谁记的", "by")),
    )
    lines = [table([session.say(*one) for one in words], [_row(one, session) for one in changes], numeric=[True])]
    if total > len(changes):
        more = total - len(changes)
        lines.append(session.say(f"另有 {more} 条改动", f"{more} more changes"))
    return "\n".join(lines)


def notices_text(notices: Sequence[Notice], total: int, session: Session) -> str:
    """Return a paragraph for each notice: who is to do what, and whether they know."""
    if not notices:
        return session.say("没有这样的通知。", "There is no such notice.")
    lines = [line for one in notices for line in _notice(one, session)]
    if total > len(notices):
        more = total - len(notices)
        lines.append(session.say(f"另有 {more} 条通知", f"{more} more notices"))
    return "\n".join(lines)


def duration_text(length: timedelta, session: Session) -> str:
    """Return a length of time in its largest unit, rounded down."""
    minutes = int(length.total_seconds() // 60)
    if minutes < 60:
        return session.say(f"{minutes} 分钟", f"{minutes} min")
    if minutes < 48 * 60:
        return session.say(f"{minutes // 60} 小时", f"{minutes // 60} h")
    return session.say(f"{minutes // 1440} 天", f"{minutes // 1440} d")


def _row(change: Change, session: Session) -> list[str]:
    from duoshou.loop.kinds import kinds

    what, kind = change.what, kinds().get(change.what.kind)
    days = what.on.isoformat() if what.until is None else f"{what.on} – {what.until}"
    return [
        str(change.id),
        days,
        what.kind if kind is None else kind.title.in_language(session.language),
        shorten(session.say("、", ", ").join(one.name for one in what.subjects), WIDEST_SUBJECT),
        shorten(one_line(what.before), WIDEST_VALUE) or "—",
        shorten(one_line(what.after), WIDEST_VALUE) or "—",
        STANDING_WORDS[change.standing].in_language(session.language),
        ORIGIN_WORDS[change.origin].in_language(session.language),
        change.recorded_by,
    ]


def _notice(notice: Notice, session: Session) -> list[str]:
    from duoshou.access import role_title

    role = role_title(notice.role).in_language(session.language)
    head = f"{notice.id}  {role}  {_acknowledged(notice, session)}"
    told = [head, f"    {notice.text.in_language(session.language)}"]
    if notice.note:
        told.append(f"    {session.say('附言：', 'note: ')}{notice.note}")
    return [one_line(line) for line in told]


def _acknowledged(notice: Notice, session: Session) -> str:
    now = datetime.now(UTC)
    if notice.acknowledged_at is None or notice.delay is None:
        due = moment_text(notice.due_at, session)
        if notice.is_late(now):
            late = duration_text(now - notice.due_at, session)
            return session.say(f"逾期 {late} 没有人确认", f"nobody acknowledged, {late} late")
        return session.say(f"{due} 前确认", f"to be acknowledged by {due}")
    took, by = duration_text(notice.delay, session), notice.acknowledged_by
    return session.say(f"{by} 已确认，用了 {took}", f"acknowledged by {by} after {took}")
