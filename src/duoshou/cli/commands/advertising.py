"""`duoshou advertising`: what each plan, keyword and product earns, and where money is wasted."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from duoshou.cli.options import as_of_option, both, common_options, csv_file_option, json_option
from duoshou.cli.session import Session
from duoshou.cli.streams import write_json
from duoshou.cli.values import Number


class GoalOf(click.ParamType[tuple[str, float]]):
    """A plan or keyword and what a click of it may cost beyond its worth: `新品计划=0.5`."""

    name = "NAME=AMOUNT"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, float]:
        """Return name and amount.

        Raises:
            BadParameter: If there is no amount above 0.
        """
        from duoshou.app.bid_wishes import WishError, goal_of

        try:
            return goal_of(str(value))
        except WishError:
            self.fail("写成 新品计划=0.5，金额大于 0 · such as launch=0.5, above 0", param, ctx)


@click.command(
    "advertising",
    help=both(
        "推广：每个词、商品、计划的转化和投产比（带区间）、保本出价、哪些花费收不回来、还差多少点击才能判断；"
        "下一步每个词出多少、花多少、多赚多少。",
        "Paid promotion: conversion and ROAS of every keyword, product and plan with intervals, break-even bids, what "
        "is wasted, and how many clicks are missing to tell; and the next step of every bid, with what it brings.",
    ),
)
@as_of_option
@csv_file_option("把全部对象写成 CSV · write every target as CSV")
@click.option("--budget", type=Number(0.01, 1e9), metavar="X", help="关键词每天总预算 · a day's")
@click.option(
    "--step",
    type=Number(0.05, 0.5),
    default=0.25,
    show_default=True,
    metavar="X",
    help="一次最多改多少，0.05 到 0.5 · most that a bid changes at once, 0.05 to 0.5",
)
@click.option(
    "--goal",
    "goals",
    type=GoalOf(),
    multiple=True,
    help="新品或抢排名：这个计划或词每次点击可以多付多少 · what a click of a plan or keyword may cost beyond its worth",
)
@click.option(
    "--current",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="平台下载的批量表，里面有现在的出价 · the platform's bulk sheet with the bids of today",
)
@click.option(
    "--bids",
    "sheet",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="把下一步的出价写成 CSV；给了 --current 就按它的格式写，可直接上传 · write the bids of the next step, in the "
    "columns of --current where given",
)
@json_option
@common_options
@click.pass_obj
def command(
    session: Session,
    as_of: date | None,
    file: Path | None,
    budget: float | None,
    step: float,
    goals: tuple[tuple[str, float], ...],
    current: Path | None,
    sheet: Path | None,
    as_json: bool,
) -> None:
    """Print the study of paid promotion, and write its targets and bids."""
    from duoshou.app.advertising import advertising_csv, advertising_of
    from duoshou.app.bid_sheet_reading import read_bid_sheet
    from duoshou.app.bid_sheets import bid_sheet_csv
    from duoshou.app.bid_wishes import bid_wish
    from duoshou.cli.advertising_text import advertising_text

    told = None if current is None else read_bid_sheet(current)
    wish = bid_wish(budget, step, goals, () if told is None else told.current)
    found = advertising_of(session.workbench, as_of, shop=session.shop, wish=wish)
    if sheet is not None and found.bids is not None:
        sheet.write_bytes(bid_sheet_csv(found.bids, told).encode())
    if file is not None:
        file.write_text(advertising_csv(found), encoding="utf-8")
    if as_json:
        write_json({"schema_version": 1, **found.to_dict()})
    else:
        click.echo(advertising_text(found, session))
    if file is not None:
        click.echo(session.say(f"推广对象写到 {file}", f"the targets are in {file}"), err=True)
    if sheet is not None:
        click.echo(
            session.say(
                "没有出价方案，没有写出价表；原因见上", "there is no plan, so no bids were written; why stands above"
            )
            if found.bids is None
            else session.say(f"出价表写到 {sheet}", f"the bids are in {sheet}"),
            err=True,
        )
