"""`duoshou decline`: say that a task will not be done, the short form of `duoshou task decline`."""

from __future__ import annotations

import click

from duoshou.cli import task_steps
from duoshou.cli.loop_values import number_of
from duoshou.cli.options import both, common_options, json_option
from duoshou.cli.session import Session
from duoshou.cli.task_options import number_argument, reason_option


@click.command(
    "decline",
    help=both("不做一个任务，写明原因；打法库会学到。", "Decline a task for a reason, from which the playbook learns."),
)
@number_argument
@reason_option
@json_option
@common_options
@click.pass_obj
def command(session: Session, number: str, reason: str, as_json: bool) -> None:
    """Decline a task and write it."""
    task_steps.decline(session, number_of(number), reason)
    task_steps.show(session, number_of(number), as_json)
