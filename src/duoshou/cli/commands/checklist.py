"""`duoshou checklist`: which files to fetch today."""

from __future__ import annotations

from datetime import date

import click

from duoshou.cli.checklist_text import checklist_text
from duoshou.cli.exit_code import ExitCode
from duoshou.cli.options import both, common_options, json_option
from duoshou.cli.session import Session
from duoshou.cli.streams import write_json
from duoshou.cli.values import DAY


@click.command(
    "checklist",
    help=both(
        "今天要下载哪些文件：每个店铺、每个在用的平台，缺什么、从哪个菜单导出；从未导入的文件列为可选。",
        "Which files to fetch today, for each shop and platform in use: what is missing and which menu has it. "
        "Files that were never imported are optional.",
    ),
)
@click.option(
    "--date", "day", type=DAY, metavar="D", help="在哪一天下载，默认今天 · the day of fetching, by default today"
)
@click.option(
    "--platform",
    metavar="P",
    help="只看一个平台，未导入过也列出 · one platform only, even if none of its files was imported",
)
@click.option("--all", "everything", is_flag=True, help="列出全部可选文件 · list every optional file")
@json_option
@common_options
@click.pass_obj
def command(session: Session, day: date | None, platform: str | None, everything: bool, as_json: bool) -> int:
    """Print what to fetch; the exit code is 1 when something is late."""
    found = session.workbench.checklist(day, shop=session.shop, platform=platform)
    if as_json:
        write_json(found.to_dict(session.language))
    else:
        click.echo(checklist_text(found, session, everything=everything))
    return ExitCode.NEEDS_PERSON if found.due else ExitCode.DONE
