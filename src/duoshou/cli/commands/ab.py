"""`duoshou ab`: tests of a shop, planned before their first day and read at any time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from duoshou.cli.loop_values import RELATIVE, SUBJECT, number_of, require_words
from duoshou.cli.new_trial import BY, write_new_trial
from duoshou.cli.options import both, common_options, json_option
from duoshou.cli.people_text import whoever_types
from duoshou.cli.session import Session
from duoshou.cli.streams import write_json
from duoshou.cli.task_options import change_kind_option
from duoshou.cli.task_steps import shop_of
from duoshou.cli.trial_text import reading_text, trial_text, trials_text
from duoshou.cli.values import DAY, OneOf

ACTIONS = {
    "new": ("--name N --subject product:ID --metric M [--lift +10%] [--split]", 0, 0),
    "count": ("NUMBER FILE", 2, 2),
    "read": ("NUMBER", 1, 1),
    "end": ("NUMBER", 1, 1),
    "cancel": ("NUMBER", 1, 1),
    "list": ("", 0, 0),
}


@click.command(
    "ab",
    help=both(
        "测试：new 设计（默认轮换：按天或按周换，长度由过去的波动算出；--split 是平台自己分流的），"
        "count 录入分流的计数，read 随时看结果，end 结束并记下效果，cancel 取消，list 列出。",
        "Tests: new designs one (by default a switchback of days or weeks, as long as the past asks for; --split where "
        "the platform splits traffic itself), count enters what the arms saw, read tells what it shows at any time, "
        "end ends it and keeps its effect, cancel cancels it, list shows them.",
    ),
)
@click.argument("action", type=OneOf(*ACTIONS), metavar="|".join(ACTIONS))
@click.argument("words", nargs=-1, metavar="[NUMBER] [FILE]")
@click.option("--name", metavar="N", help="名称 · its name")
@click.option("--subject", type=SUBJECT, metavar="TYPE:ID", help="对象，如 product:1001 · what it concerns")
@click.option("--metric", metavar="M", help="看哪个指标 · the metric that should move")
@click.option("--starts", type=DAY, metavar="D", help="第一天，默认明天 · first day, by default tomorrow")
@click.option(
    "--lift", type=RELATIVE, default="+10%", metavar="+10%", help="最小想看出的差别 · smallest difference worth having"
)
@click.option(
    "--arm", "arms", multiple=True, metavar="NAME", help="各组的名字，现在的写在前面 · names, what is now first"
)
@click.option("--split", is_flag=True, help="平台自己分流，或按包裹分 · the platform splits traffic, or parcels do")
@click.option("--baseline", type=RELATIVE, metavar="3.2%", help="现在的比率，默认按数据 · rate of now, by the data")
@click.option("--per-day", type=float, metavar="N", help="每天多少个，默认按数据 · units a day, by the data")
@click.option("--open", "open_end", is_flag=True, help="不定结束日，一直可看 · no last day, may be read for ever")
@click.option("--days", type=click.IntRange(2, 366), metavar="N", help="轮换几天，默认算出 · days of a switchback")
@click.option("--unit", type=OneOf("day", "week"), metavar="U", help="按 day 或 week 换 · switch by day or week")
@click.option(
    "--carry-over", type=click.IntRange(0, 6), default=0, metavar="N", help="换后影响几天 · days a switch is still felt"
)
@click.option(
    "--guard", "guards", multiple=True, metavar="M", help="不能降的指标，可重复 · a metric that must not fall"
)
@change_kind_option
@click.option("--task", type=int, metavar="NUMBER", help="属于哪个任务 · the task it belongs to")
@click.option("--action-key", metavar="KEY", help="试打法的哪一条 · the entry of the playbook that it tries")
@json_option
@common_options
@click.pass_obj
def command(session: Session, /, action: str, words: tuple[str, ...], as_json: bool, **options: Any) -> None:
    """Do one thing with tests."""
    require_words("ab", action, words, ACTIONS[action])
    if action == "list":
        _list(session, as_json)
    elif action == "read":
        _read(session, number_of(words[0]), as_json)
    else:
        number = write_new_trial(session, options).id if action == "new" else number_of(words[0])
        {"new": _nothing, "count": _count, "end": _end, "cancel": _cancel}[action](session, number, words)
        _show(session, number, as_json)


def _nothing(_session: Session, _number: int, _words: tuple[str, ...]) -> None:
    """Do nothing: the test is planned already."""


def _count(session: Session, number: int, words: tuple[str, ...]) -> None:
    from duoshou.app.loop.trials import count_test

    new, corrected = count_test(session.workbench, shop_of(session), number, Path(words[1]), by=whoever_types(BY))
    click.echo(session.say(f"新增 {new}，更正 {corrected}", f"{new} new, {corrected} corrected"), err=True)


def _end(session: Session, number: int, _words: tuple[str, ...]) -> None:
    from duoshou.app.loop.trials import end_test

    end_test(session.workbench, shop_of(session), number, by=whoever_types(BY))


def _cancel(session: Session, number: int, _words: tuple[str, ...]) -> None:
    from duoshou.loop.trials import cancel_trial

    cancel_trial(session.workbench.state, shop_of(session), number, by=whoever_types(BY))


def _list(session: Session, as_json: bool) -> None:
    from duoshou.loop.trials import list_trials

    found, total = list_trials(session.workbench.state, shop_of(session))
    if as_json:
        write_json({"schema_version": 1, "tests": [one.to_dict() for one in found], "total": total})
    else:
        click.echo(trials_text(found, total, session))


def _read(session: Session, number: int, as_json: bool) -> None:
    from duoshou.app.loop.trials import read_test

    reading = read_test(session.workbench, shop_of(session), number)
    if as_json:
        write_json({"schema_version": 1, "reading": reading.to_dict()})
    else:
        click.echo(reading_text(reading, session))


def _show(session: Session, number: int, as_json: bool) -> None:
    from duoshou.loop.trials import trial_of

    trial = trial_of(session.workbench.state, shop_of(session), number)
    if as_json:
        write_json({"schema_version": 1, "tests": [trial.to_dict()], "total": 1})
    else:
        click.echo(trial_text(trial, session))
