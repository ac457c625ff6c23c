"""`duoshou explain`: why a metric changed."""

from __future__ import annotations

from datetime import date

import click

from duoshou.cli.commands.query import asked_period, separated
from duoshou.cli.exit_code import ExitCode
from duoshou.cli.explain_text import explain_text
from duoshou.cli.failures import UsageFailure
from duoshou.cli.options import both, common_options, json_option
from duoshou.cli.session import Session
from duoshou.cli.streams import write_json
from duoshou.cli.values import DAY
from duoshou.cli.variadic import variadic
from duoshou.model import Period, Text


@click.command(
    "explain",
    cls=variadic("--by"),
    help=both(
        "指标为什么变了，精确拆解：duoshou explain pay_amount --from 2026-11-18 --to 2026-11-18",
        "Why a metric changed, exactly decomposed: duoshou explain pay_amount --from 2026-11-18 --to 2026-11-18",
    ),
)
@click.argument("metric", metavar="METRIC", required=False)
@click.option(
    "--from",
    "start",
    metavar="D",
    type=DAY,
    help="开始日，默认最近完整的一天 · first day, by default the last complete one",
)
@click.option("--to", "end", metavar="D", type=DAY, help="结束日 · last day")
@click.option(
    "--against",
    metavar="D D",
    nargs=2,
    type=DAY,
    help="对比期的首日和末日，默认：不足 7 天取上周同样的星期几，否则取之前同样长的一段"
    " · first and last day to hold it against; by default the same weekdays a week before, "
    "from 7 days on the equal period just before",
)
@click.option("--by", metavar="DIM...", multiple=True, help="按哪些维度拆分，默认自动 · dimensions, by default chosen")
@json_option
@common_options
@click.pass_obj
def command(
    session: Session,
    metric: str | None,
    start: date | None,
    end: date | None,
    against: tuple[date, date] | None,
    by: tuple[str, ...],
    as_json: bool,
) -> int:
    """Explain and print the change of a metric."""
    if metric is None:
        raise UsageFailure(
            "usage_metric_missing",
            Text("没有写要拆解哪个指标", "no metric is named"),
            hint=Text(
                "指标写在最前面，如 duoshou explain pay_amount；指标见 duoshou metrics",
                "the metric comes first, as in duoshou explain pay_amount; duoshou metrics lists them",
            ),
        )
    found = session.workbench.explain(
        metric,
        period=asked_period(start, end, None),
        against=Period(*against) if against else None,
        by=separated(by),
        shop=session.shop,
    )
    if as_json:
        write_json(found.to_dict())
    else:
        click.echo(explain_text(found, session.workbench.catalogue, session))
    return ExitCode.NEEDS_PERSON if found.has_gaps else ExitCode.DONE
