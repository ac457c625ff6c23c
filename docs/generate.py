"""Write the reference pages from the product itself, or with --check say which of them are out of date.

python docs/generate.py           write docs/reference/*.md
python docs/generate.py --check   exit code 1 when a page differs from what would be written
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import click

from duoshou.cli.root import COMMANDS, root
from duoshou.metrics import load_catalogue
from duoshou.metrics.availability import Offers
from duoshou.settings import Settings, parse_settings, render_template
from duoshou.settings.channels import shipped_channels
from duoshou.settings.descriptions import descriptions
from duoshou.settings.walk import variable_name
from duoshou.sources import load_layouts
from duoshou.warehouse.schema import load_tables

REFERENCE = Path(__file__).resolve().parent / "reference"
NOTICE = "<!-- Written by docs/generate.py; change the source it names, then run it again. -->\n"


def main(words: list[str]) -> int:
    """Write or check every page and return the exit code."""
    pages: dict[str, Callable[[], str]] = {
        "commands.md": commands_page,
        "settings.md": settings_page,
        "layouts.md": layouts_page,
        "availability.md": availability_page,
        "metrics.md": metrics_page,
        "channels.md": channels_page,
        "tables.md": tables_page,
    }
    outdated = []
    for name, page in pages.items():
        path, text = REFERENCE / name, page()
        if "--check" in words:
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                outdated.append(name)
        else:
            path.write_text(text, encoding="utf-8", newline="\n")
    if outdated:
        print(f"out of date: {', '.join(outdated)}; run python docs/generate.py", file=sys.stderr)
    return 1 if outdated else 0


def page(title: str, source: str, introduction: str) -> str:
    """Return the head of a page."""
    return f"# {title}\n\n{NOTICE}\n*Source: `{source}`.*\n\n{introduction}\n"


def rows(header: Sequence[str], cells: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [header, tuple("---" for _ in header), *cells]
    return "\n".join("| " + " | ".join(escaped(cell) for cell in line) + " |" for line in lines) + "\n"


def escaped(cell: str) -> str:
    """Return text that cannot break a table."""
    return " ".join(cell.replace("|", "\\|").split())


def commands_page() -> str:
    """Return every command with its arguments and options."""
    text = page(
        "命令 · Commands",
        "src/duoshou/cli/commands",
        "退出码：0 完成；1 完成，但有事要人处理（拒收的行、数据缺口）；2 用法或输入有误；"
        "3 程序内部出错；130 被中断。\n\n"
        "Exit codes: 0 done; 1 done, but something needs a person (rejected rows, data gaps); 2 bad usage or input; "
        "3 internal fault; 130 interrupted.\n\n"
        "`--workspace`、`--shop`、`--lang` 可写在命令名之前或之后。`--json` 时错误也以 JSON 写到标准错误。\n\n"
        "`--workspace`, `--shop` and `--lang` may stand before or after the command's name. "
        "With `--json` errors are JSON on standard error.",
    )
    context = click.Context(root, info_name="duoshou")
    for name in COMMANDS:
        command = root.get_command(context, name)
        assert command is not None
        text += "".join(command_section(name, command, context))
    return text


def command_section(name: str, command: click.Command, parent: click.Context) -> Iterator[str]:
    """Yield one command's heading, usage, explanation and options."""
    context = click.Context(command, info_name=name, parent=parent)
    yield f"\n## `duoshou {name}`\n\n"
    yield f"```text\nduoshou {name} {' '.join(command.collect_usage_pieces(context))}\n```\n\n"
    yield f"{command.help}\n\n"
    cells = []
    for option in command.get_params(context):
        record = option.get_help_record(context)
        if record is not None:
            cells.append((f"`{record[0]}`", record[1]))
    yield rows(("选项 · option", "说明 · meaning"), cells)


def settings_page() -> str:
    """Return every setting with its default, its variable and what may be written."""
    text = page(
        "设置 · Settings",
        "src/duoshou/settings/descriptions.toml",
        "都在工作区的 `duoshou.toml` 里。环境变量优先于文件；`[[…]]` 与 `engine.spark_options` 没有环境变量。\n\n"
        "All of them are in the workspace's `duoshou.toml`. A variable wins over the file; `[[…]]` and "
        "`engine.spark_options` have none.\n\n"
        "另外，`DUOSHOU_WORKSPACE` 指定工作区目录。`DUOSHOU_WORKSPACE` names the workspace.",
    )
    for key, description in descriptions().items():
        has_variable = not key.startswith(("shop.", "costs.", "push.")) and key != "engine.spark_options"
        facts = [
            ("默认 · default", f"`{default_of(key)}`" if default_of(key) else "—"),
            ("可写 · expected", f"{description.expected.zh} · {description.expected.en}"),
            ("环境变量 · variable", f"`{variable_name(key)}`" if has_variable else "—"),
        ]
        text += f"\n## `{key}`\n\n{description.about.zh}。\n\n{sentence(description.about.en)}\n\n"
        text += rows(("", ""), facts)
    assert parse_settings(render_template(), environment={})[0] == Settings()
    return text + f"\n## 完整的默认文件 · The whole file with its defaults\n\n```toml\n{render_template()}```\n"


def default_of(key: str) -> str:
    """Return the default of a setting as it stands in the template, or nothing."""
    name = key.rpartition(".")[2]
    table = ""
    for line in render_template().splitlines():
        if line.startswith("["):
            table = line.strip("[]") + "."
        elif line.startswith(f"{name} = ") and table + name == key:
            return line.partition(" = ")[2]
    return ""


def sentence(text: str) -> str:
    """Return `text` with a capital letter and a full stop."""
    return text[0].upper() + text[1:] + ("" if text.endswith(".") else ".")


def layouts_page() -> str:
    """Return every layout: where the file comes from, its columns and which tables it fills."""
    text = page(
        "可识别的文件 · Layouts",
        "src/duoshou/sources/layouts",
        "识别靠内容，不靠文件名。“个人信息”一栏：buyer 只留加密代号，address 只留省市，drop 完全不存。\n\n"
        "A file is recognised by its content. Personal columns: of `buyer` only a keyed hash stays, of `address` "
        "province and city, of `drop` nothing.",
    )
    for layout in load_layouts().values():
        text += f"\n## `{layout.key}`\n\n{layout.title.zh} · {layout.title.en}\n\n"
        if layout.menu is not None:
            text += f"在哪里导出 · where to export it: {layout.menu.zh} · {layout.menu.en}\n\n"
        filled = dict.fromkeys(f"`{table.name}`" for table in layout.table)
        text += f"写入 · fills: {', '.join(filled)}\n\n"
        cells = [
            (" / ".join(field.header), f"`{field.type}`", "✓" if field.required else "", field.personal or "")
            for field in layout.field
        ]
        text += rows(("列 · column", "类型 · type", "必填 · required", "个人信息 · personal"), cells)
    return text


def availability_page() -> str:
    """Return, for every canonical table, which layout of which platform fills which column."""
    offers = Offers(load_layouts())
    text = page(
        "哪个平台能导出什么 · What each platform's files tell",
        "src/duoshou/sources/layouts",
        "每张表：列 × 平台，格里是能填这一列的文件格式。没列出的列，目前没有文件能填。"
        "本店实际有什么，运行 `duoshou doctor`；今天要下载什么，运行 `duoshou checklist`。\n\n"
        "For each table its columns by platform; a cell names the layouts that fill the column. A column that is not "
        "listed is filled by no file yet. `duoshou doctor` says what a workspace holds, `duoshou checklist` what to "
        "fetch today.",
    )
    for table in load_tables().values():
        text += f"\n## `{table.name}`\n\n{table.title.zh} · {table.title.en}\n\n"
        columns = offers.columns[table.name]
        if not columns:
            text += "还没有文件能填这张表。No file fills this table yet.\n"
            continue
        keys = {key for filling in columns.values() for key in filling}
        platforms = sorted({offers.layouts[key].platform for key in keys})
        cells = [
            (
                f"`{column.name}`",
                f"{column.title.zh} · {column.title.en}",
                *availability_cells(offers, platforms, filling),
            )
            for column in table.columns
            if (filling := columns.get(column.name))
        ]
        text += rows(("列 · column", "含义 · meaning", *platforms), cells)
    return text


def availability_cells(offers: Offers, platforms: Sequence[str], filling: Sequence[str]) -> list[str]:
    """Return the layouts of each platform that fill a column."""
    return [
        ", ".join(f"`{key}`" for key in filling if offers.layouts[key].platform == platform) for platform in platforms
    ]


def metrics_page() -> str:
    """Return every metric in full, and the dimensions."""
    catalogue = load_catalogue(None)
    text = page(
        "指标 · Metrics",
        "src/duoshou/metrics/catalogue",
        "`duoshou metrics 指标` 给出同样的内容。The command `duoshou metrics KEY` says the same.",
    )
    for metric in catalogue.metrics.values():
        text += f"\n## `{metric.key}`\n\n{metric.title.zh} · {metric.title.en}\n\n"
        text += rows(
            ("", ""),
            [
                ("公式 · formula", f"{metric.formula.zh} · {metric.formula.en}"),
                ("单位 · unit", str(metric.unit)),
                ("可加性 · additivity", str(metric.additivity)),
                ("日期 · date base", str(metric.date_base)),
                ("退款 · refunds", str(metric.refunds)),
                ("成熟天数 · maturity in days", str(metric.maturity_days)),
                ("最小样本 · minimum sample", str(metric.minimum_sample)),
                ("别名 · also called", "、".join(metric.aliases) or "—"),
                ("用途 · use", f"{metric.purpose.zh} · {metric.purpose.en}"),
                ("注意 · caution", f"{metric.caution.zh} · {metric.caution.en}"),
            ],
        )
    text += "\n## 维度 · Dimensions\n\n"
    return text + rows(
        ("维度 · key", "名称 · name", "含义 · meaning"),
        [
            (f"`{one.key}`", f"{one.title.zh} · {one.title.en}", f"{one.meaning.zh} · {one.meaning.en}")
            for one in catalogue.dimensions.values()
        ],
    )


def channels_page() -> str:
    """Return the shipped channels with what each platform calls their sources."""
    text = page(
        "渠道 · Channels",
        "src/duoshou/settings/channels/shipped",
        "随产品附带的归类；店铺自己的写在设置里，先于这些。What the product brings; a shop's own settings go before "
        "it: [how](../how-to/group-sources-into-channels.md).\n\n`*` 代表任意文字。`*` stands for any text.",
    )
    for one in shipped_channels():
        text += (
            f"\n## `{one.key}`\n\n{one.title.zh} · {one.title.en} · {'付费 · paid' if one.paid else '免费 · free'}\n\n"
        )
        platforms = dict.fromkeys(platform for platform, _ in one.sources)
        named = {of: "、".join(name for platform, name in one.sources if platform == of) for of in platforms}
        text += rows(("平台 · platform", "来源 · sources"), [(of or "—", names) for of, names in named.items()])
    return text


def tables_page() -> str:
    """Return every canonical table with its columns."""
    text = page(
        "仓库的表 · Tables",
        "src/duoshou/warehouse/tables",
        "未知写作 NULL，从不写 0。`…_at` 是 UTC 时刻，`…_on` 是店铺时区里的日期。每张表末尾都有来源列，见下。\n\n"
        "Unknown is NULL, never 0. `…_at` is an instant in UTC, `…_on` the day in the shop's time zone. "
        "Every table ends with its lineage:\n\n"
        "`source_file`, `source_hash`, `source_row`, `exported_at`, `batch_id`, `loaded_at`",
    )
    for table in load_tables().values():
        text += f"\n## `{table.name}`\n\n{table.title.zh} · {table.title.en}\n\n"
        key = ", ".join(f"`{name}`" for name in table.key)
        text += f"一行 · one row: {table.grain.zh} · {table.grain.en}\n\n键 · key: {key}\n\n"
        cells = [
            (f"`{column.name}`", column.type, f"{column.title.zh} · {column.title.en}") for column in table.columns
        ]
        text += rows(("列 · column", "类型 · type", "含义 · meaning"), cells)
    return text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
