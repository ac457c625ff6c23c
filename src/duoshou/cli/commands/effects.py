"""`duoshou effects`: what was done, and what it brought."""

from __future__ import annotations

import click

from duoshou.cli.effect_text import effects_text
from duoshou.cli.loop_values import VERDICT
from duoshou.cli.options import both, common_options, json_option
from duoshou.cli.people_text import whoever_types
from duoshou.cli.session import Session
from duoshou.cli.streams import write_json
from duoshou.cli.task_steps import shop_of
from duoshou.model import Verdict


@click.command(
    "effects",
    help=both(
        "做过的事有没有用：结论、金额和区间；有害的也算在合计里。--measure 现在就评估到期的。",
        "What was done and what it brought: verdict, money and interval; the total holds what harmed too. --measure "
        "measures now what is due.",
    ),
)
@click.option("--measure", is_flag=True, help="先评估到期的 · measure what is due first")
@click.option("--verdict", type=VERDICT, metavar="V", help="只看某种结论 · only worked, did_not, harmed or cannot_tell")
@click.option("--action", metavar="KEY", help="只看打法的某一条 · only an entry of the playbook")
@click.option("--limit", type=click.IntRange(1, 1000), default=100, metavar="N", help="最多几个 · at most so many")
@json_option
@common_options
@click.pass_obj
def command(
    session: Session, measure: bool, verdict: str | None, action: str | None, limit: int, as_json: bool
) -> None:
    """Print the effects."""
    from duoshou.loop.effects import list_effects, totals

    bench, shop = session.workbench, shop_of(session)
    if measure:
        from duoshou.app.loop.effects import measure_effects

        measure_effects(bench, shop, by=whoever_types("duoshou effects"))
    chosen = None if verdict is None else Verdict(verdict)
    found, total = list_effects(bench.state, shop, verdict=chosen, action=action, limit=limit)
    sums = totals(bench.state, shop)
    if as_json:
        shapes = [one.to_dict() for one in found]
        write_json({"schema_version": 1, "effects": shapes, "total": total, "totals": sums.to_dict()})
    else:
        click.echo(effects_text(found, total, sums, session))
