"""`duoshou demo`: the whole way once, from export files to the daily sheet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from duoshou.cli.day_text import day_report_text
from duoshou.cli.demo_text import made_text, next_text
from duoshou.cli.failures import UsageFailure
from duoshou.cli.options import both, common_options
from duoshou.cli.progress import terminal_progress
from duoshou.cli.session import Session
from duoshou.cli.values import DAY
from duoshou.model import Text

if TYPE_CHECKING:
    from duoshou.demo.simulated import Recipe

SETTINGS = "duoshou.toml"
Progress = Callable[[str, float], None]


@click.command(
    "demo",
    help=both(
        "模拟一家天猫店：写出平台的导出文件，导入、检查、出日报，并说明看哪里。"
        "真实发生了什么写在 truth.json，产品不读它。",
        "Simulate a Tmall shop: write the platforms' export files, import and check them, write the daily sheet, say "
        "where to look. What really happened stands in truth.json, which the product never reads.",
    ),
)
@click.argument("directory", metavar="[DIR]", type=click.Path(path_type=Path), default=Path("demo-shop"))
@click.option(
    "--seed",
    type=click.IntRange(0),
    metavar="N",
    help="换一家店，事件随机 · another shop, incidents placed by the seed",
)
@click.option(
    "--scenario",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="用 TOML 写明发生什么 · what happens, as TOML",
)
@click.option("--until", type=DAY, metavar="D", help="最后一天 · the last day")
@click.option(
    "--days", type=click.IntRange(30, 3660), metavar="N", help="天数，默认 156 · how many days, by default 156"
)
@click.option(
    "--orders",
    type=click.IntRange(1000, 100_000_000),
    metavar="N",
    help="约多少订单行，默认如一家常见的店 · about how many order lines, by default those of a usual shop",
)
@click.option(
    "--real", is_flag=True, help="改用随附的真实发票明细 · real invoice lines that come with the product instead"
)
@common_options
@click.pass_obj
def command(
    session: Session,
    directory: Path,
    seed: int | None,
    scenario: Path | None,
    until: date | None,
    days: int | None,
    orders: int | None,
    real: bool,
) -> None:
    """Run the demonstration and print what it made."""
    session.directory = directory
    if real:
        if (seed, scenario, until, days, orders) != (None,) * 5:
            raise UsageFailure(
                "usage_demo",
                Text("--real 不能和模拟店铺的选项一起用", "--real does not go with the options of the simulated shop"),
            )
        _show_real(session, directory)
        return
    from duoshou.demo.simulated import Recipe

    _show_simulated(session, directory, Recipe.of(seed, scenario, until, days, orders))


def _show_simulated(session: Session, directory: Path, recipe: Recipe) -> None:
    from duoshou.app import create_workspace
    from duoshou.cli.demo_deeds import check_deeds, record_deeds
    from duoshou.demo import simulated
    from duoshou.demo.exports import write_exports

    check_deeds(recipe.scenario)
    recipe.refuse_others(directory, SETTINGS)
    with terminal_progress(session) as progress:
        shop = recipe.simulated(
            _stage(progress, session.say("模拟店铺的每一天", "simulating the shop's days"), 0.0, 0.15)
        )
        truth = simulated.write_truth(shop, directory, recipe.orders)
        if not (directory / SETTINGS).exists():
            create_workspace(directory, simulated.name(), simulated.CURRENCY, simulated.TIMEZONE, session.language)
        workbench = session.workbench
        write_exports(
            shop,
            workbench.workspace.inbox,
            _stage(progress, session.say("写出平台的导出文件", "writing the platforms' export files"), 0.15, 0.3),
        )
        imported = workbench.import_files(progress=_within(progress, 0.3, 0.85))
        if progress is not None:
            progress(session.say("检查数据，写日报", "checking the data, writing the sheet"), 0.85)
        record_deeds(workbench, shop, recipe)
        report = workbench.run_day(recipe.until)
    click.echo(session.say(f"模拟店铺：{directory}", f"Simulated shop: {directory}"))
    click.echo(made_text(recipe, imported, report, session) + "\n")
    click.echo(session.say(f"真实发生了什么：{truth}（先别看）", f"What really happened: {truth} (look later)") + "\n")
    click.echo(next_text(directory, _SIMULATED, session))


def _show_real(session: Session, directory: Path) -> None:
    from duoshou import demo
    from duoshou.app import create_workspace

    if not (directory / SETTINGS).exists():
        create_workspace(directory, demo.NAME, demo.CURRENCY, demo.TIMEZONE, session.language)
    elif session.workbench.settings.name != demo.NAME:
        raise UsageFailure(
            "demo_folder_taken",
            Text(f"{directory} 已经是另一家店的工作区", f"{directory} is the workspace of another shop"),
            hint=Text("换一个目录：duoshou demo --real 新目录", "name another folder: duoshou demo --real DIR"),
        )
    click.echo(session.say(f"示例店铺：{directory}", f"Sample shop: {directory}"))
    demo.write_exports(session.workbench.workspace.inbox)
    click.echo(day_report_text(session.workbench.run_day(), session) + "\n")
    click.echo(next_text(directory, _REAL, session))


def _stage(progress: Progress | None, doing: str, begin: float, end: float) -> Callable[[float], None] | None:
    """Return a function that shows one stage of the work as a part of the whole bar."""
    if progress is None:
        return None
    return lambda share: progress(doing, begin + (end - begin) * share)


def _within(progress: Progress | None, begin: float, end: float) -> Progress | None:
    if progress is None:
        return None
    return lambda doing, share: progress(doing, begin + (end - begin) * share)


_SIMULATED = (
    ("serve", "在浏览器里看", "see it in a browser"),
    ("query pay_amount visitors pay_conversion_rate --grain day --last 14d", "最近两周逐日", "the last two weeks"),
    (
        "query pay_amount visitors pay_conversion_rate --by product --last 3d --compare previous",
        "哪个商品变了",
        "which product changed",
    ),
    (
        "query visitors --by traffic_source --last 7d --compare previous",
        "哪个来源变了",
        "which source changed",
    ),
    ("effects", "做过的事有没有用", "whether what was done worked"),
    ("report weekly", "周报", "the weekly sheet"),
)
_REAL = (
    ("query pay_amount pay_orders pay_buyers --grain week --last 6w", "按周看", "by week"),
    ("query pay_amount --by country --last 7d --compare previous", "按国家拆分", "split by country"),
    ("metrics refund_rate", "一个指标的完整口径", "what a metric means, in full"),
)
