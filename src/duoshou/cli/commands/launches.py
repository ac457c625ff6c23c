"""`duoshou launches`: which new products are hits in the making, how launches come, and how many arrive."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from duoshou.cli.options import as_of_option, both, common_options, csv_file_option, json_option
from duoshou.cli.session import Session
from duoshou.cli.streams import write_json


@click.command(
    "launches",
    help=both(
        "测款：新品和本店以往上新比，通过、不过还是数据不够；上新节奏，上新多久能成主力。",
        "Launches: does a new product pass, fail or need more data against past ones; how launches come and arrive.",
    ),
)
@as_of_option
@csv_file_option("把全部新品写成 CSV · write every new product as CSV")
@json_option
@common_options
@click.pass_obj
def command(session: Session, as_of: date | None, file: Path | None, as_json: bool) -> None:
    """Print the study of the launches, and write the new products."""
    from duoshou.app.launches import launches_csv, launches_of
    from duoshou.cli.launch_text import launch_text

    found = launches_of(session.workbench, as_of, shop=session.shop)
    if file is not None:
        file.write_text(launches_csv(found), encoding="utf-8")
    if as_json:
        write_json({"schema_version": 1, **found.to_dict()})
    else:
        click.echo(launch_text(found, session))
    if file is not None:
        click.echo(session.say(f"新品写到 {file}", f"the new products are in {file}"), err=True)
