"""`duoshou playbook`: what can be done about each cause, and how it did here."""

from __future__ import annotations

import click

from duoshou.cli.effect_text import playbook_text
from duoshou.cli.options import both, common_options, json_option
from duoshou.cli.session import Session
from duoshou.cli.streams import write_json
from duoshou.cli.task_steps import shop_of


@click.command(
    "playbook",
    help=both(
        "打法：每种原因可以怎么办，预计有多大效果，在本店试过几次、几次有效。",
        "The playbook: what can be done about each cause, what it should bring, how often it was tried here and how "
        "often it worked.",
    ),
)
@click.option("--cause", metavar="CAUSE", help="只看对付某种原因的 · only what answers a cause")
@json_option
@common_options
@click.pass_obj
def command(session: Session, cause: str | None, as_json: bool) -> None:
    """Print the playbook."""
    from duoshou.app.loop.advice import playbook_standing

    found = playbook_standing(session.workbench, shop_of(session))
    chosen = [one for one in found if cause is None or cause in one.entry.causes]
    if as_json:
        write_json({"schema_version": 1, "entries": [one.to_dict() for one in chosen]})
    else:
        click.echo(playbook_text(chosen, session))
