"""`duoshou token`: secrets with which programs act for somebody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from duoshou.cli.failures import UsageFailure
from duoshou.cli.options import both, common_options, json_option
from duoshou.cli.people_text import token_shape, tokens_table, whoever_types
from duoshou.cli.session import Session
from duoshou.cli.streams import write_json
from duoshou.cli.values import OneOf
from duoshou.model import Text

if TYPE_CHECKING:
    from duoshou.access import Right
    from duoshou.state import State

ACTIONS = {"new": ("LOGIN NAME", 2, 2), "list": ("[LOGIN]", 0, 1), "revoke": ("NUMBER", 1, 1)}
BY = "duoshou token"
BEYOND = 9999


class RightName(click.ParamType["Right"]):
    """A right; the table of rights is loaded when one is named."""

    name = "right"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Right:
        """Return the right that `value` names.

        Raises:
            UsageFailure: If it names none.
        """
        from duoshou.access import Right

        return Right(OneOf(*(one.value for one in Right)).convert(str(value), param, ctx))


@click.command(
    "token",
    help=both(
        "程序用的令牌：new 新建（只显示一次），list 列出，revoke 撤销。令牌替一个人办事，权限不超过此人的角色。",
        "Tokens of programs: new makes one and shows it once, list shows them, revoke ends one. A token acts for a "
        "person and may no more than their role.",
    ),
)
@click.argument("action", type=OneOf(*ACTIONS), metavar="|".join(ACTIONS))
@click.argument("words", nargs=-1, metavar="[LOGIN] [NAME] | [NUMBER]")
@click.option(
    "--right",
    "rights",
    multiple=True,
    type=RightName(),
    metavar="RIGHT",
    help="权限，可重复，默认 read · a right, may be repeated, by default read: "
    "read export import undo decide run_day settings people audit push costs plan act",
)
@click.option("--days", type=int, default=90, metavar="N", help="几天后到期，默认 90 · ends after N days")
@json_option
@common_options
@click.pass_obj
def command(
    session: Session, action: str, words: tuple[str, ...], rights: tuple[Right, ...], days: int, as_json: bool
) -> None:
    """Do one of the three things."""
    shape, least, most = ACTIONS[action]
    if not least <= len(words) <= most:
        shown = f"duoshou token {action} {shape}"
        raise UsageFailure(
            "token_words",
            Text(f"token {action} 的写法不对", f"token {action} is written otherwise"),
            hint=Text(f"写成 {shown}", f"write {shown}"),
        )
    state = session.workbench.state
    if action == "new":
        _new(session, state, words, rights, days, as_json)
    elif action == "list":
        _list(session, state, words, as_json)
    else:
        _revoke(session, state, words[0], as_json)


def _new(
    session: Session, state: State, words: tuple[str, ...], rights: tuple[Right, ...], days: int, as_json: bool
) -> None:
    from duoshou.access import Right, create_token

    # What no calendar holds is as wrong as what is beyond a year.
    end = datetime.now(UTC) + timedelta(days=max(-1, min(days, BEYOND)))
    token, secret = create_token(state, words[0], words[1], rights or (Right.READ,), end, by=whoever_types(BY))
    if as_json:
        write_json({"schema_version": 1, "token": token_shape(token), "secret": secret})
        return
    # The secret alone on standard output, so that it can be piped to where it is kept.
    click.echo(
        session.say("令牌只显示这一次，请当作密码保管：", "The token is shown this once; keep it safe:"), err=True
    )
    click.echo(secret)


def _list(session: Session, state: State, words: tuple[str, ...], as_json: bool) -> None:
    from duoshou.access import find_account, tokens

    found = tokens(state, find_account(state, words[0]) if words else None)
    if as_json:
        write_json({"schema_version": 1, "tokens": [token_shape(one) for one in found]})
    else:
        click.echo(tokens_table(found, session))


def _revoke(session: Session, state: State, word: str, as_json: bool) -> None:
    from duoshou.access import revoke_token, tokens

    if not (word.isascii() and word.isdigit() and len(word) < 19):
        raise UsageFailure(
            "token_number",
            Text(f"“{word}”不是令牌的编号", f"{word!r} is no number of a token"),
            hint=Text("编号见 duoshou token list", "duoshou token list shows the numbers"),
        )
    revoke_token(state, int(word), by=whoever_types(BY))
    found = [one for one in tokens(state) if one.id == int(word)]
    if as_json:
        write_json({"schema_version": 1, "tokens": [token_shape(one) for one in found]})
    else:
        click.echo(tokens_table(found, session))
