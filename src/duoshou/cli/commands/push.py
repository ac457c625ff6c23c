"""`duoshou push`: the targets of messages, a test message, and the digest at once."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from duoshou.cli.exit_code import ExitCode
from duoshou.cli.failures import UsageFailure
from duoshou.cli.options import both, common_options, date_option, json_option
from duoshou.cli.push_text import message_text, report_text, targets_text
from duoshou.cli.session import Session
from duoshou.cli.streams import write_json
from duoshou.cli.values import OneOf
from duoshou.model import Text

if TYPE_CHECKING:
    from duoshou.app.pushing import PushReport


@click.command(
    "push",
    help=both(
        "推送到群：list 列出目标，test 发测试消息，digest 现在就推送每日摘要（不写名称则推送给所有要摘要的目标）。"
        "目标写在 duoshou.toml 的 [[push]] 里。",
        "Push to chat: list shows the targets, test sends a test message to one, digest pushes the daily digest now, "
        "without names to every target that gets digests. Targets are [[push]] in duoshou.toml.",
    ),
)
@click.argument("action", type=OneOf("list", "test", "digest"), metavar="list|test|digest")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@date_option
@click.option("--dry-run", is_flag=True, help="只显示摘要，不推送 · show the digest, push nothing")
@json_option
@common_options
@click.pass_obj
def command(
    session: Session, action: str, names: tuple[str, ...], day: date | None, dry_run: bool, as_json: bool
) -> int:
    """Do one of the three things; the exit code is 1 when a message could not be pushed."""
    if action == "list":
        return _list(session, as_json)
    if action == "test" and not names:
        raise UsageFailure(
            "push_name_missing",
            Text("push test 后面要写推送目标的名称", "push test needs the name of a target"),
            hint=Text("duoshou push list 列出名称", "duoshou push list shows the names"),
        )
    if action == "digest" and dry_run:
        return _preview(session, day)
    report = _test(session, names) if action == "test" else _digest(session, names, day)
    if as_json:
        from duoshou.app.pushing import shape

        write_json(shape(report))
    else:
        click.echo(report_text(report, session) or session.say("没有要推送的目标。", "There is no target to push to."))
    return ExitCode.NEEDS_PERSON if report.needs_person else ExitCode.DONE


def _list(session: Session, as_json: bool) -> int:
    from duoshou.app.push_targets import known_targets

    found = known_targets(session.workbench.settings)
    if as_json:
        write_json({"schema_version": 1, "targets": [one.to_dict(session.language) for one in found]})
    else:
        click.echo(targets_text(found, session))
    return ExitCode.NEEDS_PERSON if any(one.error is not None for one in found) else ExitCode.DONE


def _test(session: Session, names: tuple[str, ...]) -> PushReport:
    from duoshou.app.push_targets import send_test
    from duoshou.app.pushing import PushReport
    from duoshou.reports.push import Sender

    sender = Sender()
    try:
        return PushReport(tuple(send_test(session.workbench.settings, name, sender) for name in names))
    finally:
        sender.close()


def _digest(session: Session, names: tuple[str, ...], day: date | None) -> PushReport:
    from duoshou.app.pushing import push_again

    return push_again(session.workbench, names, day, shop=session.shop)


def _preview(session: Session, day: date | None) -> int:
    from duoshou.app.pushing import digests

    for message in digests(session.workbench, day, shop=session.shop, language=session.language):
        click.echo(message_text(message))
    return ExitCode.DONE
