"""`duoshou run`: the daily job."""

from __future__ import annotations

from datetime import date

import click

from duoshou.cli.day_text import day_report_text
from duoshou.cli.exit_code import ExitCode
from duoshou.cli.options import both, common_options, date_option, json_option
from duoshou.cli.push_text import report_text
from duoshou.cli.session import Session
from duoshou.cli.streams import write_json


@click.command(
    "run",
    help=both(
        "每日任务：导入收件箱 → 检查数据 → 计算指标 → 发现 → 日报 → 推送。",
        "The daily job: import the inbox, check the data, compute the metrics, collect the findings, "
        "write the daily sheet, push it to chat.",
    ),
)
@date_option
@click.option("--no-push", is_flag=True, help="不推送消息 · push no message")
@json_option
@common_options
@click.pass_obj
def command(session: Session, day: date | None, no_push: bool, as_json: bool) -> int:
    """Run the day, push what it found and print what came of it; a message that fails leaves the day done."""
    from duoshou.app.pushing import PushReport, push_after_run

    report = session.workbench.run_day(day, shop=session.shop)
    pushed = PushReport() if no_push else push_after_run(session.workbench, report)
    if as_json:
        write_json(report.to_dict() | {"push": pushed.to_dict()})
    else:
        parts = [day_report_text(report, session), report_text(pushed, session)]
        click.echo("\n\n".join(part for part in parts if part))
    return ExitCode.NEEDS_PERSON if report.needs_person or pushed.needs_person else ExitCode.DONE
