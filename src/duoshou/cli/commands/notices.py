"""`duoshou notices`: who must hear of what was changed, and who has."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from duoshou.cli.change_text import notices_text
from duoshou.cli.exit_code import ExitCode
from duoshou.cli.loop_values import ROLE
from duoshou.cli.options import both, common_options, json_option
from duoshou.cli.session import Session
from duoshou.cli.streams import write_json
from duoshou.cli.task_steps import shop_of
from duoshou.model import Role


@click.command(
    "notices",
    help=both(
        "改动的通知：谁要知道、要做什么、确认了没有、用了多久。有逾期未确认的通知时退出码为 1。",
        "Notices of changes: who must know, what they are to do, whether they acknowledged and after how long. "
        "The exit code is 1 when one is late.",
    ),
)
@click.option("--role", type=ROLE, metavar="R", help="只看给某个角色的 · only those for a role")
@click.option("--open", "open_only", is_flag=True, help="只看还没有人确认的 · only what nobody acknowledged yet")
@click.option("--limit", type=click.IntRange(1, 1000), default=100, metavar="N", help="最多几条 · at most so many")
@json_option
@common_options
@click.pass_obj
def command(session: Session, role: str | None, open_only: bool, limit: int, as_json: bool) -> int:
    """Print the notices."""
    from duoshou.loop.notices import list_notices

    chosen = None if role is None else Role(role)
    found, total = list_notices(
        session.workbench.state, shop_of(session), role=chosen, open_only=open_only, limit=limit
    )
    now = datetime.now(UTC)
    late = [one for one in found if one.acknowledged_at is None and one.is_late(now)]
    if as_json:
        shapes = [one.to_dict() | {"late": one.is_late(now)} for one in found]
        write_json({"schema_version": 1, "notices": shapes, "total": total})
    else:
        click.echo(notices_text(found, total, session))
    return ExitCode.NEEDS_PERSON if late else ExitCode.DONE
