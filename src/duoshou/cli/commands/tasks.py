"""`duoshou tasks`: what is to be done, by whom, until when."""

from __future__ import annotations

import click

from duoshou.cli.exit_code import ExitCode
from duoshou.cli.failures import UsageFailure
from duoshou.cli.loop_values import ROLE, TASK_STATE
from duoshou.cli.options import both, common_options, json_option
from duoshou.cli.session import Session
from duoshou.cli.streams import write_json
from duoshou.cli.task_steps import shop_of
from duoshou.cli.task_text import task_shape, tasks_text
from duoshou.model import Role, TaskState, Text


@click.command(
    "tasks",
    help=both(
        "任务一览，先到期的在前；有逾期任务时退出码为 1。",
        "The tasks, what is due first at the top; the exit code is 1 when one is overdue.",
    ),
)
@click.option(
    "--state",
    "states",
    multiple=True,
    type=TASK_STATE,
    metavar="S",
    help="只看这些状态，可重复，默认全部 · only these states, may be repeated, by default all: "
    "proposed accepted doing done evaluated declined",
)
@click.option("--role", type=ROLE, metavar="R", help="只看给某个角色的 · only what is for a role")
@click.option("--mine", metavar="LOGIN", help="只看某人接下的 · only what somebody has taken on")
@click.option("--overdue", is_flag=True, help="只看逾期的 · only what is overdue")
@click.option("--limit", type=click.IntRange(1, 1000), default=200, metavar="N", help="最多几个 · at most so many")
@json_option
@common_options
@click.pass_obj
def command(
    session: Session,
    states: tuple[str, ...],
    role: str | None,
    mine: str | None,
    overdue: bool,
    limit: int,
    as_json: bool,
) -> int:
    """Print the tasks."""
    from duoshou.app.loop.tasks import today_of, wanted_tasks
    from duoshou.loop.task import OPEN
    from duoshou.loop.tasks import list_tasks

    wanted = tuple(map(TaskState, states))
    if overdue and not set(wanted) <= set(OPEN):
        raise UsageFailure(
            "usage_overdue",
            Text("做完或不做的任务没有逾期", "what is done or declined is not overdue"),
            hint=Text("--overdue 和 --state 只写一个", "give --overdue or --state"),
        )
    bench, today = session.workbench, today_of(session.workbench)
    wish = wanted_tasks(bench, states=wanted, role=None if role is None else Role(role), login=mine, overdue=overdue)
    found, total = list_tasks(bench.state, shop_of(session), wish, limit=limit)
    if as_json:
        shapes = [task_shape(one, today) for one in found]
        write_json({"schema_version": 1, "date": today.isoformat(), "tasks": shapes, "total": total})
    else:
        click.echo(tasks_text(found, total, today, session))
    return ExitCode.NEEDS_PERSON if any(one.is_overdue(today) for one in found) else ExitCode.DONE
