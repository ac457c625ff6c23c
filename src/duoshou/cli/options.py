"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from duoshou.cli.session import Session
from duoshou.cli.values import DAY, OneOf


def both(zh: str, en: str) -> str:
    """Return a command's help: the Chinese paragraph, then the English one."""
    return f"{zh}\n\n{en}"


Decorated = TypeVar("Decorated", bound=Callable[..., Any])


def _remember(name: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    """Return a click callback that notes the option in the session, when it was given."""

    def callback(context: click.Context, _option: click.Parameter, value: Any) -> None:
        if value is None:
            return
        session = context.ensure_object(Session)
        if name == "language":
            session.choose_language(value)
        else:
            setattr(session, name, value)

    return callback


def common_options(function: Decorated) -> Decorated:
    """Give a command --workspace, --shop and --lang; they may stand before or after its name."""
    for option in (
        click.option(
            "--lang",
            type=OneOf("zh", "en"),
            expose_value=False,
            is_eager=True,
            callback=_remember("language"),
            help="输出语言 · language of the output",
        ),
        click.option(
            "--shop",
            metavar="SHOP",
            expose_value=False,
            callback=_remember("shop"),
            help="店铺代号，默认第一个 · key of the shop, by default the first",
        ),
        click.option(
            "--workspace",
            metavar="DIR",
            type=click.Path(path_type=Path),
            expose_value=False,
            is_eager=True,
            callback=_remember("directory"),
            help="工作区目录 · folder of the workspace [DUOSHOU_WORKSPACE]",
        ),
    ):
        function = option(function)
    return function


def _wants_json(context: click.Context, _option: click.Parameter, value: bool) -> bool:
    context.ensure_object(Session).wants_json |= value
    return value


json_option = click.option(
    "--json", "as_json", is_flag=True, callback=_wants_json, help="输出一个 JSON 对象 · write one JSON object"
)
csv_option = click.option("--csv", "as_csv", is_flag=True, help="输出 CSV · write CSV")
date_option = click.option(
    "--date", "day", type=DAY, metavar="D", help="日期，默认最近完整的一天 · the day, by default the last complete one"
)
as_of_option = click.option(
    "--as-of", type=DAY, metavar="D", help="算到哪天，默认最近完整的一天 · the last day that counts"
)


def csv_file_option(said: str) -> Callable[[Decorated], Decorated]:
    """Return the option --csv FILE of a command that writes its rows beside what it prints."""
    return click.option("--csv", "file", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help=said)
