"""`duoshou demo`: the whole way once, from export files to the daily sheet."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import click

from duoshou.cli.day_text import day_report_text
from duoshou.cli.options import both, common_options
from duoshou.cli.session import Session


@click.command(
    "demo",
    help=both(
        "用随附的真实数据建一个示例店铺，导入、检查、出日报，并说明看哪里。",
        "Make a sample shop from the real data shipped with the product: import, check, daily sheet, where to look.",
    ),
)
@click.argument("directory", metavar="[DIR]", type=click.Path(path_type=Path), default=Path("demo-shop"))
@common_options
@click.pass_obj
def command(session: Session, directory: Path) -> None:
    """Run the demonstration and print what it made."""
    from duoshou import demo
    from duoshou.app import create_workspace

    session.directory = directory
    if not (directory / "duoshou.toml").exists():
        create_workspace(directory, demo.NAME, demo.CURRENCY, demo.TIMEZONE, session.language)
    click.echo(session.say(f"示例店铺：{directory}", f"Sample shop: {directory}"))
    demo.write_exports(session.workbench.workspace.inbox)
    click.echo(day_report_text(session.workbench.run_day(), session) + "\n")
    click.echo(_where_to_look(directory, session))


def _where_to_look(directory: Path, session: Session) -> str:
    start = f"{_program()} --workspace {_quoted(str(directory))}"
    commands = (
        ("query pay_amount pay_orders pay_buyers --grain week --last 6w", "按周看", "by week"),
        ("query pay_amount --by country --last 7d --compare previous", "按国家拆分", "split by country"),
        ("metrics refund_rate", "一个指标的完整口径", "what a metric means, in full"),
    )
    lines = [session.say("接着试试：", "Try next:")]
    for words, zh, en in commands:
        lines += [f"  {session.say(zh, en)}", f"    {start} {words}"]
    return "\n".join(lines)


def _program() -> str:
    """Return how this person can start the program from here: by name, or by its path where it is not on the PATH."""
    if shutil.which("duoshou") is not None:
        return "duoshou"
    installed = shutil.which("duoshou", path=str(Path(sys.executable).parent))
    if installed is None:
        return f"{_quoted(sys.executable)} -m duoshou"
    path = Path(installed)
    return _quoted(str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path))


def _quoted(text: str) -> str:
    return f'"{text}"' if " " in text else text
