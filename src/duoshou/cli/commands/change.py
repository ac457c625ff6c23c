"""`duoshou change`: what was changed in the shop, and what the data seem to show."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from duoshou.cli.change_text import changes_text
from duoshou.cli.failures import UsageFailure
from duoshou.cli.loop_values import STANDING, SUBJECT, number_of, require_words
from duoshou.cli.options import both, common_options, json_option
from duoshou.cli.people_text import whoever_types
from duoshou.cli.session import Session
from duoshou.cli.streams import write_json
from duoshou.cli.task_options import after_option, before_option, change_kind_option, note_option, on_option
from duoshou.cli.task_steps import shop_of
from duoshou.cli.values import DAY, OneOf
from duoshou.model import ChangeStanding, Text

if TYPE_CHECKING:
    from duoshou.loop.changes import Change

ACTIONS = {
    "add": ("--kind K --subject product:ID [--on D] [--before A] [--after B]", 0, 0),
    "list": ("[--standing proposed]", 0, 0),
    "confirm": ("NUMBER…", 1, 1000),
    "reject": ("NUMBER…", 1, 1000),
}
BY = "duoshou change"


@click.command(
    "change",
    help=both(
        "店铺的改动：add 记一条，list 列出，confirm 和 reject 确认或否认数据里看出来的改动。"
        "确认后按传达规则通知各岗位。",
        "Changes of the shop: add records one, list shows them, confirm and reject settle what the data seem to show. "
        "Whoever must react is told of what is recorded or confirmed.",
    ),
)
@click.argument("action", type=OneOf(*ACTIONS), metavar="|".join(ACTIONS))
@click.argument("words", nargs=-1, metavar="[NUMBER]...")
@change_kind_option
@click.option(
    "--subject",
    "subjects",
    multiple=True,
    type=SUBJECT,
    metavar="TYPE:ID",
    help="对象，如 product:1001，可重复 · what it concerns, may be repeated",
)
@on_option
@click.option("--until", type=DAY, metavar="D", help="持续到哪天 · last day, for what lasts")
@before_option
@after_option
@note_option
@click.option("--standing", type=STANDING, metavar="S", help="只看 proposed、confirmed 或 rejected · only these")
@click.option("--from", "first", type=DAY, metavar="D", help="从哪天起 · from this day")
@click.option("--to", "last", type=DAY, metavar="D", help="到哪天止 · to this day")
@click.option("--limit", type=click.IntRange(1, 1000), default=200, metavar="N", help="最多几条 · at most so many")
@json_option
@common_options
@click.pass_obj
def command(session: Session, /, action: str, words: tuple[str, ...], as_json: bool, **options: Any) -> None:
    """Do one of the four things."""
    require_words("change", action, words, ACTIONS[action])
    if action == "list":
        found, total = _listed(session, options)
    else:
        found = [_add(session, options)] if action == "add" else _settle(session, action, words)
        total = len(found)
    if as_json:
        write_json({"schema_version": 1, "changes": [one.to_dict() for one in found], "total": total})
    else:
        click.echo(changes_text(found, total, session))


def _listed(session: Session, options: dict[str, Any]) -> tuple[list[Change], int]:
    from duoshou.loop.changes import WantedChanges, list_changes

    standing, subjects = options["standing"], options["subjects"]
    first: date | None = options["first"]
    wanted = WantedChanges(
        standing=None if standing is None else ChangeStanding(standing),
        first=first,
        last=options["last"],
        subject=subjects[0] if subjects else None,
        kind=options["kind"],
    )
    found, total = list_changes(session.workbench.state, shop_of(session), wanted, limit=options["limit"])
    return list(found), total


def _add(session: Session, options: dict[str, Any]) -> Change:
    from duoshou.app.loop.subjects import named_subject
    from duoshou.app.loop.tasks import today_of
    from duoshou.loop.changes import NewChange, record
    from duoshou.loop.propagation import rules_of

    bench, shop = session.workbench, shop_of(session)
    if options["kind"] is None:
        raise UsageFailure(
            "change_kind_missing",
            Text("改动要写明种类", "a change says of what kind it is"),
            hint=Text("例如 --kind price", "such as --kind price"),
        )
    new = NewChange(
        kind=options["kind"],
        on=options["on"] or today_of(bench),
        subjects=tuple(named_subject(bench, shop, *one) for one in options["subjects"]),
        before=options["before"],
        after=options["after"],
        until=options["until"],
        note=options["note"],
    )
    rules = rules_of(bench.workspace.directory)
    return record(bench.state, shop, new, rules=rules, by=whoever_types(BY))


def _settle(session: Session, action: str, words: tuple[str, ...]) -> list[Change]:
    from duoshou.loop.changes import confirm, reject
    from duoshou.loop.propagation import rules_of

    state, shop, by = session.workbench.state, shop_of(session), whoever_types(BY)
    numbers = [number_of(word) for word in words]
    if action == "reject":
        return [reject(state, shop, number, by=by) for number in numbers]
    rules = rules_of(session.workbench.workspace.directory)
    return [confirm(state, shop, number, rules=rules, by=by) for number in numbers]
