"""`duoshou import`: files, or the inbox, into the warehouse."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from duoshou.cli.exit_code import ExitCode
from duoshou.cli.import_text import import_report_text
from duoshou.cli.options import both, common_options, json_option
from duoshou.cli.progress import terminal_progress
from duoshou.cli.session import Session
from duoshou.cli.streams import write_json


@click.command(
    "import",
    help=both(
        "导入文件；不写文件名则导入收件箱 inbox/。同一文件导入多少次，结果都一样。",
        "Import files; without any, the inbox. A file may be imported any number of times with the same result.",
    ),
)
@click.argument("files", metavar="[FILE]...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--layout", metavar="KEY", help="指定格式，不自动识别 · the layout, instead of recognising it")
@click.option(
    "--map",
    "mapping",
    metavar="MAP.toml",
    type=click.Path(path_type=Path),
    help="用映射文件导入任意表格 · load any table by a mapping",
)
@click.option("--dry-run", is_flag=True, help="只检查，不写入 · check only, write nothing")
@json_option
@common_options
@click.pass_obj
def command(
    session: Session, files: tuple[Path, ...], layout: str | None, mapping: Path | None, dry_run: bool, as_json: bool
) -> int:
    """Import and print what became of every file."""
    with terminal_progress(session) as progress:
        report = session.workbench.import_files(
            files, layout=layout, mapping=mapping, dry_run=dry_run, shop=session.shop, progress=progress
        )
    if as_json:
        write_json(replace(report, language=session.language).to_dict())
    else:
        click.echo(import_report_text(report, session))
    if report.failed:
        return ExitCode.BAD_USAGE
    return ExitCode.NEEDS_PERSON if report.needs_person else ExitCode.DONE
