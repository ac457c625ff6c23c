"""`duoshou accept`: take a task on, the short form of `duoshou task accept`."""

from __future__ import annotations

import click

from duoshou.cli import task_steps
from duoshou.cli.loop_values import number_of
from duoshou.cli.options import both, common_options, json_option
from duoshou.cli.session import Session
from duoshou.cli.task_options import note_option, number_argument, owner_option


@click.command(
    "accept",
    help=both(
        "接下一个任务；两个人同时接，只有一个成功，另一个会知道是谁。",
        "Take a task on; of two people who do at once one gets it and the other is told who did.",
    ),
)
@number_argument
@owner_option
@note_option
@json_option
@common_options
@click.pass_obj
def command(session: Session, number: str, owner: str | None, note: str, as_json: bool) -> None:
    """Take a task on and write it."""
    task_steps.accept(session, number_of(number), owner, note)
    task_steps.show(session, number_of(number), as_json)
