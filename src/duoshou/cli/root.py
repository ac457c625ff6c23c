"""The command `duoshou` itself: the list of commands, each loaded when it is called."""

from __future__ import annotations

import click

from duoshou.cli.lazy import LazyCommand, LazyGroup
from duoshou.cli.options import both, common_options
from duoshou.model import Text

COMMANDS = {
    "demo": LazyCommand(
        "duoshou.cli.commands.demo",
        Text("一条命令看全貌：示例店铺 → 日报", "a sample shop, from export files to the daily sheet"),
    ),
    "init": LazyCommand("duoshou.cli.commands.init", Text("新建工作区", "make a workspace")),
    "checklist": LazyCommand(
        "duoshou.cli.commands.checklist", Text("今天要下载哪些文件", "which files to fetch today")
    ),
    "import": LazyCommand("duoshou.cli.commands.import_files", Text("导入平台导出的文件", "import export files")),
    "map": LazyCommand(
        "duoshou.cli.commands.map_file", Text("为不认识的文件起草映射", "draft a mapping for an unknown file")
    ),
    "run": LazyCommand(
        "duoshou.cli.commands.run", Text("每日任务：导入 → 检查 → 日报", "the daily job: import, check, report")
    ),
    "push": LazyCommand("duoshou.cli.commands.push", Text("推送到群", "push to a group chat")),
    "findings": LazyCommand("duoshou.cli.commands.findings", Text("某一天的发现", "the findings of a day")),
    "tasks": LazyCommand("duoshou.cli.commands.tasks", Text("任务一览", "what is to be done, by whom, until when")),
    "task": LazyCommand(
        "duoshou.cli.commands.task", Text("一个任务：新建、接下、完成", "one task: write, accept, finish")
    ),
    "accept": LazyCommand("duoshou.cli.commands.accept", Text("接下一个任务", "take a task on")),
    "done": LazyCommand("duoshou.cli.commands.done", Text("任务完成了", "a task is done")),
    "decline": LazyCommand("duoshou.cli.commands.decline", Text("不做一个任务", "a task will not be done")),
    "change": LazyCommand("duoshou.cli.commands.change", Text("店铺的改动", "what was changed in the shop")),
    "notices": LazyCommand("duoshou.cli.commands.notices", Text("改动的通知", "who must hear of a change")),
    "ack": LazyCommand("duoshou.cli.commands.ack", Text("确认通知", "acknowledge a notice")),
    "brief": LazyCommand("duoshou.cli.commands.brief", Text("设计需求单", "the brief of a task, as a document too")),
    "effects": LazyCommand("duoshou.cli.commands.effects", Text("做的事有没有用", "what was done and what it brought")),
    "playbook": LazyCommand(
        "duoshou.cli.commands.playbook", Text("打法", "what to do about each cause, and how it did")
    ),
    "ab": LazyCommand("duoshou.cli.commands.ab", Text("测试", "tests: planned, counted, read, ended")),
    "report": LazyCommand("duoshou.cli.commands.report", Text("生成报表（xlsx）", "write a workbook (xlsx)")),
    "targets": LazyCommand(
        "duoshou.cli.commands.targets", Text("本月目标完成得怎么样", "how far the month's targets are reached")
    ),
    "customers": LazyCommand(
        "duoshou.cli.commands.customers",
        Text("客户：复购、流失、预计购买", "customers: returns, leaving, what to expect"),
    ),
    "query": LazyCommand("duoshou.cli.commands.query", Text("查询任意指标", "query any metric")),
    "explain": LazyCommand(
        "duoshou.cli.commands.explain", Text("指标为什么变了：精确拆解", "why a metric changed, exactly decomposed")
    ),
    "advertising": LazyCommand(
        "duoshou.cli.commands.advertising",
        Text("推广：投产、保本价、浪费", "paid promotion: returns, break-even, waste"),
    ),
    "assortment": LazyCommand(
        "duoshou.cli.commands.assortment",
        Text("商品：生命周期、爆款、滞销", "products: lives, hits, dead stock"),
    ),
    "launches": LazyCommand(
        "duoshou.cli.commands.launches",
        Text("测款：哪个新品能成爆款", "launches: which new product is a hit in the making"),
    ),
    "pricing": LazyCommand(
        "duoshou.cli.commands.pricing",
        Text("价格：弹性、价格带、建议价", "prices: elasticities, bands, what to change"),
    ),
    "channels": LazyCommand(
        "duoshou.cli.commands.channels", Text("渠道：成熟度、回报、预算怎么分", "channels: returns and budgets")
    ),
    "basket": LazyCommand(
        "duoshou.cli.commands.basket", Text("什么一起买，搭售划不划算", "what is bought together, and bundles")
    ),
    "metrics": LazyCommand("duoshou.cli.commands.metrics", Text("指标词典", "the glossary of metrics")),
    "sql": LazyCommand("duoshou.cli.commands.sql", Text("对仓库执行只读 SQL", "read-only SQL on the warehouse")),
    "mcp": LazyCommand("duoshou.cli.commands.mcp", Text("让助手使用舵手", "the services for an assistant (MCP)")),
    "undo": LazyCommand("duoshou.cli.commands.undo", Text("撤销一次导入", "take an import back")),
    "rebuild": LazyCommand("duoshou.cli.commands.rebuild", Text("用存档重建仓库", "replay the archive")),
    "serve": LazyCommand(
        "duoshou.cli.commands.serve", Text("在浏览器里用舵手", "the cockpit in a browser, with the REST API")
    ),
    "user": LazyCommand("duoshou.cli.commands.user", Text("谁可以用舵手", "who may use Duoshou, and as what")),
    "token": LazyCommand("duoshou.cli.commands.token", Text("程序用的令牌", "tokens of programs")),
    "backup": LazyCommand(
        "duoshou.cli.commands.backup", Text("备份整个工作区，或还原", "one file with the whole workspace, and back")
    ),
    "doctor": LazyCommand(
        "duoshou.cli.commands.doctor", Text("检查安装与工作区", "check the installation and the workspace")
    ),
}


def _show_version(context: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        from duoshou import __version__

        click.echo(f"duoshou {__version__}")
        context.exit()


@click.group(
    cls=LazyGroup,
    commands_by_name=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help=both(
        "舵手：电商运营工作台。把平台导出的文件变成可信的数字。",
        "Duoshou: turns the files that selling platforms export into numbers one would sign.",
    ),
    epilog="第一次用？运行 duoshou demo · New here? Run duoshou demo",
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    help="显示版本 · show the version",
)
@common_options
def root() -> None:
    """Read the options that every command knows."""
