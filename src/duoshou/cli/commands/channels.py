"""`duoshou channels`: what each channel brings, how mature it is, and how to split a budget."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from duoshou.cli.options import as_of_option, both, common_options, csv_file_option, json_option
from duoshou.cli.session import Session
from duoshou.cli.streams import write_json
from duoshou.cli.values import Number

MOST = 100_000_000
"""Greatest budget, as on the page."""


class Spend(click.ParamType[tuple[str, float]]):
    """A channel and a spend of a day: `ads_search=800`."""

    name = "CHANNEL=AMOUNT"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, float]:
        """Return channel and amount.

        Raises:
            BadParameter: If there is no amount of 0 or more.
        """
        channel, _, amount = str(value).partition("=")
        try:
            spent = float(amount)
        except ValueError:
            spent = -1.0
        if not channel or not 0 <= spent <= MOST:
            self.fail("写成 ads_search=800，金额不小于 0 · such as ads_search=800, 0 or more", param, ctx)
        return channel, spent


class Tested(click.ParamType[tuple[str, float, float, float, float]]):
    """A test that was made: `ads_search:0:800:2400:600`."""

    name = "CHANNEL:LOW:HIGH:EFFECT:ERROR"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, float, float, float, float]:
        """Return channel, both spends of a day, the difference of sales of a day, and its standard error.

        Raises:
            BadParameter: If it has not five parts, or the numbers cannot be meant.
        """
        parts = str(value).split(":")
        try:
            low, high, effect, error = (float(one) for one in parts[1:])
        except ValueError:
            low, high, effect, error = 0.0, 0.0, 0.0, 0.0
        if not (0 <= low < high < 1e12 and 0 < error < 1e12 and abs(effect) < 1e12):
            self.fail(
                "写成 渠道:低花费:高花费:每天多卖:标准误，低于高，标准误大于 0 · "
                "channel:low:high:effect:error, low below high, an error above 0",
                param,
                ctx,
            )
        return parts[0], low, high, effect, error


@click.command(
    "channels",
    help=both(
        "渠道：一张表、成熟度、多花还赚不赚、预算怎么分；说不清的写不能判断和最小的测试。试算：--set ads_search=800",
        "Channels: one table, maturity, whether more spend earns, how to split a budget; what cannot be told is said "
        "to be so, with the smallest test. What if: --set ads_search=800",
    ),
)
@as_of_option
@click.option("--budget", type=Number(0, MOST), metavar="X", help="每天总预算，分给各渠道 · a day's")
@click.option(
    "--month-budget",
    type=Number(0, MOST, positive=True),
    metavar="X",
    help="本月总预算，算每天还能花多少；默认用目标表里的推广花费 · the month's, by default the target of ad cost",
)
@click.option(
    "--step",
    type=Number(0.01, 1.0),
    default=0.3,
    metavar="P",
    help="一次最多改几成，默认 0.3 · most that a channel changes at once, by default 0.3",
)
@click.option(
    "--days",
    type=click.IntRange(7, 365),
    default=28,
    metavar="N",
    help="按往后多少天算收益，默认 28 · days ahead, by default 28",
)
@click.option("--set", "spend", type=Spend(), multiple=True, help="试算：某渠道每天花多少 · what if it were this a day")
@click.option(
    "--test",
    "tests",
    type=Tested(),
    multiple=True,
    help="做过的测试：渠道:低花费:高花费:每天多卖:标准误 · a test that was made",
)
@csv_file_option("把回报和预算写成 CSV · write returns and budgets")
@json_option
@common_options
@click.pass_obj
def command(
    session: Session,
    as_of: date | None,
    budget: float | None,
    month_budget: float | None,
    step: float,
    days: int,
    spend: tuple[tuple[str, float], ...],
    tests: tuple[tuple[str, float, float, float, float], ...],
    file: Path | None,
    as_json: bool,
) -> None:
    """Print the study of the channels."""
    from duoshou.analysts.channels import ChannelTest
    from duoshou.app.channel_budgets import BudgetWish, channels_csv, channels_of
    from duoshou.cli.channel_text import channels_text

    tried = tuple(ChannelTest(*one) for one in tests)
    wish = BudgetWish(budget, step, days, tuple(dict(spend).items()), tried, month_budget)
    found = channels_of(session.workbench, as_of, shop=session.shop, wish=wish)
    if file is not None:
        file.write_text(channels_csv(found), encoding="utf-8")
    if as_json:
        write_json({"schema_version": 1, **found.to_dict()})
    else:
        click.echo(channels_text(found, session))
    if file is not None:
        click.echo(session.say(f"写到 {file}", f"written to {file}"), err=True)
