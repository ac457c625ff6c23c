"""`duoshou backup`: the whole workspace in one file, and back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from duoshou.cli.failures import UsageFailure
from duoshou.cli.options import both, common_options, json_option
from duoshou.cli.session import Session
from duoshou.cli.streams import write_json
from duoshou.model import Text

if TYPE_CHECKING:
    from duoshou.app.results import BackedUp, Restored


@click.command(
    "backup",
    help=both(
        "把状态、存档、设置和密钥备份到一个文件：duoshou backup FILE；还原到空目录：duoshou backup --restore FILE DIR。"
        "文件里有密钥，请妥善保管。",
        "Put state, archive, settings and keys into one file: duoshou backup FILE; bring it back into an empty folder: "
        "duoshou backup --restore FILE DIR. The file holds the secret key: keep it safe.",
    ),
)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.argument("directory", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option("--restore", is_flag=True, help="从 FILE 还原到 DIR · make the workspace DIR from FILE")
@click.option("--force", is_flag=True, help="覆盖已有的 FILE · replace FILE if it is there")
@click.option(
    "--originals",
    is_flag=True,
    help="连同 imported/ 里的原始文件（可能含个人信息）· the originals in imported/ too (may hold personal data)",
)
@json_option
@common_options
@click.pass_obj
def command(
    session: Session, file: Path, directory: Path | None, restore: bool, force: bool, originals: bool, as_json: bool
) -> None:
    """Write a backup or bring one back, and print what was done."""
    if restore == (directory is None):
        raise UsageFailure(
            "backup_usage",
            Text(
                "备份只写 FILE；还原写 --restore FILE DIR",
                "name FILE for a backup, --restore FILE DIR for the way back",
            ),
            hint=Text(
                "例如 duoshou backup --restore shop.zip newshop", "such as duoshou backup --restore shop.zip newshop"
            ),
        )
    if directory is not None:
        from duoshou.app.backup import restore as bring_back

        done: BackedUp | Restored = bring_back(file, directory)
    else:
        done = session.workbench.back_up(file, force=force, originals=originals)
    if as_json:
        write_json(done.to_dict())
    else:
        click.echo(done.text.in_language(session.language))
