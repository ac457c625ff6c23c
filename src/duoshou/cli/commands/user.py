"""`duoshou user`: who may use the cockpit, and as what."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from duoshou.cli.failures import UsageFailure
from duoshou.cli.options import both, common_options, json_option
from duoshou.cli.password_input import read_password
from duoshou.cli.people_text import people_table, person_shape, whoever_types
from duoshou.cli.session import Session
from duoshou.cli.streams import write_json
from duoshou.cli.values import OneOf
from duoshou.model import Role, Text

if TYPE_CHECKING:
    from duoshou.state import State

# Action → the words after it, and the options that mean something with it.
ACTIONS = {
    "add": ("LOGIN", {"name", "role", "password_file", "no_password"}),
    "list": ("", set()),
    "role": ("LOGIN ROLE", set()),
    "rename": ("LOGIN", {"name"}),
    "password": ("LOGIN", {"password_file"}),
    "disable": ("LOGIN", set()),
    "enable": ("LOGIN", set()),
}
ROLE = OneOf(*(one.value for one in Role))


@click.command(
    "user",
    help=both(
        "谁可以用舵手：add 添加，list 列出，role 换角色，rename 改姓名，password 设新密码，disable 停用，enable 恢复。"
        "第一个添加的人是店主。密码在终端里询问，或从管道、文件读取第一行，不写在命令里。",
        "Who may use Duoshou: add, list, role gives another role, rename another name, password a new password, "
        "disable lets somebody in no more, enable again. The first one is the owner. A password is asked for, or is "
        "the first line of a pipe or a file; it is never part of the command.",
    ),
)
@click.argument("action", type=OneOf(*ACTIONS), metavar="|".join(ACTIONS))
@click.argument("words", nargs=-1, metavar="[LOGIN] [ROLE]")
@click.option("--name", metavar="NAME", help="姓名，默认同登录名 · the name that others read, by default the login")
@click.option("--role", type=ROLE, help="角色 · the role")
@click.option(
    "--password-file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="密码在文件的第一行 · the password is the first line of a file",
)
@click.option("--no-password", is_flag=True, help="不设密码，只用令牌 · no password: tokens only")
@json_option
@common_options
@click.pass_context
def command(
    context: click.Context,
    action: str,
    words: tuple[str, ...],
    name: str | None,
    role: str | None,
    password_file: Path | None,
    no_password: bool,
    as_json: bool,
) -> None:
    """Do what was asked for, and show who is concerned."""
    session: Session = context.obj
    _check_words(context, action, words)
    if no_password and password_file is not None:
        raise UsageFailure(
            "user_password_twice",
            Text("--no-password 和 --password-file 只能用一个", "--no-password and --password-file exclude each other"),
        )
    state = session.workbench.state
    if action == "add":
        _add(session, state, words[0], name, role, password_file, no_password)
    elif action != "list":
        _change(session, state, action, words, name, password_file)
    _show(session, state, words[0] if words else None, as_json)


def _check_words(context: click.Context, action: str, words: tuple[str, ...]) -> None:
    """Refuse what is missing or cannot be meant.

    Raises:
        UsageFailure: If words are missing or left over, or an option means nothing here.
    """
    wanted, options = ACTIONS[action]
    given = {
        key for key in ("name", "role", "password_file", "no_password") if context.params[key] not in {None, False}
    }
    needs_name = action == "rename" and "name" not in given
    if len(words) != len(wanted.split()) or given - options or needs_name:
        shown = " ".join(["duoshou user", action, wanted, *(["--name NAME"] if action == "rename" else [])]).strip()
        raise UsageFailure(
            "user_words",
            Text(f"user {action} 的写法不对", f"user {action} is written otherwise"),
            hint=Text(f"写成 {shown}", f"write {shown}"),
        )


def _add(
    session: Session,
    state: State,
    login: str,
    name: str | None,
    role: str | None,
    password_file: Path | None,
    no_password: bool,
) -> None:
    from duoshou.access import create_person, needs_first_owner

    if role is None:
        if not needs_first_owner(state):
            raise UsageFailure(
                "user_role_missing",
                Text("请写明角色", "the role is missing"),
                hint=Text(f"加上 --role，可选：{'、'.join(Role)}", f"add --role with one of {', '.join(Role)}"),
            )
        role = Role.OWNER.value
    password = None if no_password else read_password(session, password_file)
    create_person(state, login, name or login, Role(role), password, by=whoever_types("duoshou user"))


def _change(
    session: Session, state: State, action: str, words: tuple[str, ...], name: str | None, password_file: Path | None
) -> None:
    from duoshou import access

    login, by = words[0], whoever_types("duoshou user")
    if action == "role":
        access.set_role(state, login, Role(ROLE.convert(words[1], click.Argument(["ROLE"]), None)), by=by)
    elif action == "rename":
        access.rename(state, login, name or "", by=by)
    elif action == "password":
        access.find_account(state, login)
        access.change_password(state, login, read_password(session, password_file), by=by)
    elif action == "disable":
        access.disable(state, login, by=by)
    else:
        access.enable(state, login, by=by)


def _show(session: Session, state: State, login: str | None, as_json: bool) -> None:
    from duoshou.access import find_account, people

    found = people(state) if login is None else (find_account(state, login),)
    if as_json:
        write_json({"schema_version": 1, "people": [person_shape(one) for one in found]})
    else:
        click.echo(people_table(found, session))
