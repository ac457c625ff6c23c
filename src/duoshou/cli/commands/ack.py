"""`duoshou ack`: say that a notice was read and acted on."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from duoshou.cli.change_text import notices_text
from duoshou.cli.loop_values import number_of
from duoshou.cli.options import both, common_options, json_option
from duoshou.cli.people_text import whoever_types
from duoshou.cli.session import Session
from duoshou.cli.streams import write_json
from duoshou.cli.task_options import note_option
from duoshou.cli.task_steps import shop_of

BY = "duoshou ack"


@click.command(
    "ack",
    help=both(
        "确认通知：看到了，也照做了。先确认的算数。",
        "Acknowledge notices: read, and acted on. Whoever is first stands.",
    ),
)
@click.argument("numbers", nargs=-1, required=True, metavar="NUMBER...")
@note_option
@json_option
@common_options
@click.pass_obj
def command(session: Session, numbers: tuple[str, ...], note: str, as_json: bool) -> None:
    """Acknowledge notices and write them."""
    from duoshou.loop.notices import acknowledge

    state, shop, by = session.workbench.state, shop_of(session), whoever_types(BY)
    found = [acknowledge(state, shop, number, by=by, note=note) for number in map(number_of, numbers)]
    if as_json:
        now = datetime.now(UTC)
        shapes = [one.to_dict() | {"late": one.is_late(now)} for one in found]
        write_json({"schema_version": 1, "notices": shapes, "total": len(shapes)})
    else:
        click.echo(notices_text(found, len(found), session))
