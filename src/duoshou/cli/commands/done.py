"""`duoshou done`: say that a task is done, the short form of `duoshou task done`."""

from __future__ import annotations

from datetime import date

import click

from duoshou.cli import task_steps
from duoshou.cli.loop_values import number_of
from duoshou.cli.options import both, common_options, json_option
from duoshou.cli.session import Session
from duoshou.cli.task_options import (
    after_option,
    before_option,
    change_kind_option,
    note_option,
    number_argument,
    on_option,
)


@click.command(
    "done",
    help=both(
        "任务完成了；它改了什么会记成一条改动，并通知要知道的人。",
        "A task is done; what it changed is recorded, and whoever must react is told.",
    ),
)
@number_argument
@on_option
@note_option
@change_kind_option
@before_option
@after_option
@json_option
@common_options
@click.pass_obj
def command(
    session: Session,
    number: str,
    on: date | None,
    note: str,
    kind: str | None,
    before: str,
    after: str,
    as_json: bool,
) -> None:
    """Say that a task is done and write it."""
    task_steps.finish(session, number_of(number), on, note, kind, before, after)
    task_steps.show(session, number_of(number), as_json)
