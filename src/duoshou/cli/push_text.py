"""Push messages in words: the targets, what became of each message, and a message as it reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from duoshou.cli.session import Session
from duoshou.cli.width import one_line, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duoshou.app.push_targets import KnownTarget
    from duoshou.app.pushing import PushReport
    from duoshou.reports.push import Message


def report_text(report: PushReport, session: Session) -> str:
    """Return a line per message and per target that waits or has nothing new."""
    return "\n".join(one_line(line.in_language(session.language)) for line in report.lines)


def targets_text(targets: Sequence[KnownTarget], session: Session) -> str:
    """Return the targets as a table, and below it what is wrong with any."""
    if not targets:
        return session.say(
            "还没有推送目标：在 duoshou.toml 里写 [[push]]。",
            "There are no push targets: write [[push]] in duoshou.toml.",
        )
    every = session.say("全部", "all")
    header = [session.say(*words) for words in (("名称", "name"), ("类型", "kind"), ("主机", "host"), ("内容", "what"))]
    header += [session.say("店铺", "shops"), session.say("时间", "at")]
    rows = [
        [
            one.name,
            one.title.in_language(session.language),
            one.host or "—",
            ", ".join(one.what),
            ", ".join(one.shops) or every,
            one.at or "—",
        ]
        for one in targets
    ]
    faults = [f"{one.error.in_language(session.language)}" for one in targets if one.error is not None]
    return "\n".join([table(header, rows), *faults])


def message_text(message: Message) -> str:
    """Return a message as a terminal shows it."""
    lines = [one_line(message.headline)]
    for block in message.blocks:
        lines += [f"\n{one_line(block.title)}"] if block.title else [""]
        lines += [f"  • {one_line(line)}" for line in block.lines]
    return "\n".join([*lines, *([f"\n{message.link}"] if message.link else []), ""])
