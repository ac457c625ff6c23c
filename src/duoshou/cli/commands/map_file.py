"""`duoshou map`: a first draft of the mapping for a file that no layout fits."""

from __future__ import annotations

from pathlib import Path

import click

from duoshou.cli.options import both, common_options
from duoshou.cli.session import Session


@click.command(
    "map",
    help=both(
        "为不认识的文件起草映射（TOML），写到标准输出。改好后用 duoshou import --map MAP.toml FILE 导入。",
        "Draft a mapping (TOML) for an unknown file on standard output; mend it and import with "
        "duoshou import --map MAP.toml FILE.",
    ),
)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@common_options
@click.pass_obj
def command(session: Session, file: Path) -> None:
    """Print the draft."""
    click.echo(session.workbench.draft_mapping(file), nl=False)
