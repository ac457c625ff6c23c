"""`duoshou task`: write a task down, take it on, say that it is done or will not be done."""

from __future__ import annotations

from typing import Any

import click

from duoshou.cli import task_steps
from duoshou.cli.loop_values import RELATIVE, ROLE, SUBJECT, number_of, require_words
from duoshou.cli.new_task import write_new_task
from duoshou.cli.options import both, common_options, json_option
from duoshou.cli.session import Session
from duoshou.cli.task_options import (
    after_option,
    before_option,
    change_kind_option,
    note_option,
    on_option,
    owner_option,
    reason_option,
)
from duoshou.cli.values import DAY, OneOf

ACTIONS = {
    "new": ("--finding ID | --title T --subject product:ID --role R --due D --metric M --change +10% --by D", 0, 0),
    "show": ("NUMBER", 1, 1),
    "accept": ("NUMBER", 1, 1),
    "begin": ("NUMBER", 1, 1),
    "done": ("NUMBER", 1, 1),
    "decline": ("NUMBER --reason TEXT", 1, 1),
    "reopen": ("NUMBER", 1, 1),
}


@click.command(
    "task",
    help=both(
        "一个任务：new 新建（--finding 由发现起草，或写全标题、对象、角色、到期日、预期），show 查看，accept 接下，"
        "begin 开始，done 完成，decline 不做（写原因），reopen 重新提出。",
        "One task: new writes it down (drafted from a finding, or with title, subject, role, due day and what it "
        "should bring), show tells it, accept takes it on, begin and done say how far it is, decline takes a reason, "
        "reopen proposes it again.",
    ),
)
@click.argument("action", type=OneOf(*ACTIONS), metavar="|".join(ACTIONS))
@click.argument("words", nargs=-1, metavar="[NUMBER]")
@click.option("--finding", metavar="ID", help="来自哪条发现 · the finding it comes from")
@click.option(
    "--recommendation", type=click.IntRange(1), metavar="N", help="发现的第几条建议 · which advice on the finding"
)
@click.option("--title", metavar="T", help="做什么，一句话 · what is to be done")
@click.option("--detail", default="", metavar="TEXT", help="其余说明 · the rest in words")
@click.option("--subject", type=SUBJECT, metavar="TYPE:ID", help="对象，如 product:1001 · what it concerns")
@click.option("--role", type=ROLE, metavar="R", help="给哪个角色 · the role it is for")
@click.option("--due", type=DAY, metavar="D", help="哪天前做完 · the day by which it is done")
@click.option("--metric", metavar="M", help="预期哪个指标变 · the metric that should move")
@click.option("--change", type=RELATIVE, metavar="+10%", help="预期变多少 · by how much it should move")
@click.option("--by", type=DAY, metavar="D", help="预期哪天前见效 · the day by which that should show")
@click.option(
    "--guard", "guards", multiple=True, metavar="M", help="不能降的指标，可重复 · a metric that must not fall"
)
@click.option("--effort", type=OneOf("minutes", "hours", "days"), metavar="E", help="工作量 · minutes, hours or days")
@owner_option
@note_option
@reason_option
@on_option
@change_kind_option
@before_option
@after_option
@json_option
@common_options
@click.pass_obj
def command(session: Session, /, action: str, words: tuple[str, ...], as_json: bool, **options: Any) -> None:
    """Do one thing with one task and write it as it stands then."""
    require_words("task", action, words, ACTIONS[action])
    number = number_of(words[0]) if words else 0
    if action == "new":
        number = write_new_task(session, options)
    elif action == "accept":
        task_steps.accept(session, number, options["owner"], options["note"])
    elif action == "begin":
        task_steps.begin(session, number, options["note"])
    elif action == "done":
        names = ("on", "note", "kind", "before", "after")
        task_steps.finish(session, number, *(options[name] for name in names))
    elif action == "decline":
        task_steps.decline(session, number, options["reason"])
    elif action == "reopen":
        task_steps.reopen(session, number, options["note"])
    task_steps.show(session, number, as_json)
