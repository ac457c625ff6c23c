"""`duoshou init`: a new workspace."""

from __future__ import annotations

from pathlib import Path

import click

from duoshou.cli.options import both
from duoshou.cli.session import Session
from duoshou.cli.values import OneOf


@click.command(
    "init",
    help=both(
        "新建工作区：目录、设置文件（每项都有说明）和密钥。",
        "Make a workspace: its folders, its settings (each explained) and its secret key.",
    ),
)
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--name", metavar="N", help="名称，默认为目录名 · name, by default the folder's")
@click.option("--currency", metavar="CODE", default="CNY", show_default=True, help="货币 · currency (ISO 4217)")
@click.option("--timezone", metavar="ZONE", default="Asia/Shanghai", show_default=True, help="时区 · time zone (IANA)")
@click.option("--lang", type=OneOf("zh", "en"), help="语言，默认 zh · language, by default zh")
@click.pass_obj
def command(
    session: Session, directory: Path, name: str | None, currency: str, timezone: str, lang: str | None
) -> None:
    """Make a workspace and say what comes next."""
    from duoshou.app import create_workspace

    language = session.choose_language("en" if lang == "en" else "zh") if lang else session.language
    workspace = create_workspace(
        directory,
        name=name or directory.expanduser().resolve().name,
        currency=currency.upper(),
        timezone=timezone,
        language=language,
    )
    click.echo(
        session.say(
            f"工作区已建好：{workspace.directory}\n"
            f"接下来：把平台导出的文件放进 {workspace.inbox}，\n"
            f'　　　　然后运行 duoshou --workspace "{workspace.directory}" run',
            f"The workspace is ready: {workspace.directory}\n"
            f"Next: drop export files into {workspace.inbox},\n"
            f'      then run duoshou --workspace "{workspace.directory}" run',
        )
    )
