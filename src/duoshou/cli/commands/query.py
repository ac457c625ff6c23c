"""`duoshou query`: any catalogued metric."""

from __future__ import annotations

from datetime import date

import click

from duoshou.cli.failures import UsageFailure
from duoshou.cli.options import both, common_options, csv_option, json_option
from duoshou.cli.query_text import query_csv, query_text
from duoshou.cli.session import Session
from duoshou.cli.streams import write_json
from duoshou.cli.values import CONDITION, DAY, OneOf
from duoshou.cli.variadic import variadic
from duoshou.model import Comparison, Grain, Period, Text


@click.command(
    "query",
    cls=variadic("--by"),
    help=both(
        "查询指标。指标写在前面：duoshou query pay_amount visitors --by product --last 30d",
        "Query metrics. The metrics come first: duoshou query pay_amount visitors --by product --last 30d",
    ),
)
@click.argument("metrics", metavar="METRIC...", nargs=-1)
@click.option("--by", metavar="DIM...", multiple=True, help="按维度拆分，可写多个 · split by dimensions")
@click.option("--from", "start", metavar="D", type=DAY, help="开始日 · first day")
@click.option("--to", "end", metavar="D", type=DAY, help="结束日 · last day")
@click.option(
    "--last",
    metavar="30d",
    help="最近 30d、4w、6m，到最近完整的一天 · the last 30d, 4w or 6m up to the last complete day",
)
@click.option("--grain", type=OneOf(*Grain), help="按天、周、月列出 · one row a day, week or month")
@click.option(
    "--compare",
    type=OneOf(*Comparison),
    help="对比上一周期、上周、去年、按节日对齐的去年"
    " · against the previous period, last week, last year, last year aligned by festival",
)
@click.option(
    "--where", metavar="DIM=VALUE", type=CONDITION, multiple=True, help="条件，可重复 · condition, may be repeated"
)
@json_option
@csv_option
@common_options
@click.pass_obj
def command(
    session: Session,
    metrics: tuple[str, ...],
    by: tuple[str, ...],
    start: date | None,
    end: date | None,
    last: str | None,
    grain: str | None,
    compare: str | None,
    where: tuple[tuple[str, str], ...],
    as_json: bool,
    as_csv: bool,
) -> None:
    """Query and print the numbers."""
    if not metrics:
        raise UsageFailure(
            "usage_metric_missing",
            Text("没有写要查哪个指标", "no metric is named"),
            hint=Text(
                "指标写在 --by 前面，如 duoshou query pay_amount --by product；指标见 duoshou metrics",
                "metrics stand before --by, as in duoshou query pay_amount --by product; duoshou metrics lists them",
            ),
        )
    if as_json and as_csv:
        raise UsageFailure("usage_format", Text("--json 和 --csv 只能用一个", "use --json or --csv, not both"))
    period = asked_period(start, end, last)
    result = session.workbench.query(
        separated(metrics),
        by=separated(by),
        period=period,
        last=last,
        grain=Grain(grain) if grain else None,
        compare=Comparison(compare) if compare else None,
        where=dict(where),
        shop=session.shop,
    )
    if as_json:
        write_json(result.to_dict())
    elif as_csv:
        click.echo(query_csv(result), nl=False)
    else:
        click.echo(query_text(result, session.workbench.catalogue, session))


def separated(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words, where a comma separates too, each once."""
    return tuple(dict.fromkeys(part.strip() for word in words for part in word.split(",") if part.strip()))


def asked_period(start: date | None, end: date | None, last: str | None) -> Period | None:
    """Return the period from `start` to `end`, or None where `last` or the default decides.

    Raises:
        UsageFailure: If the options contradict each other or one of a pair is missing.
    """
    if start is None and end is None:
        return None
    if last is not None:
        raise UsageFailure(
            "usage_period", Text("--last 不能和 --from、--to 一起用", "--last does not go with --from and --to")
        )
    if start is None or end is None:
        raise UsageFailure(
            "usage_period",
            Text("--from 和 --to 要一起写", "--from and --to go together"),
            hint=Text("如 --from 2026-11-01 --to 2026-11-07", "such as --from 2026-11-01 --to 2026-11-07"),
        )
    return Period(start, end)
