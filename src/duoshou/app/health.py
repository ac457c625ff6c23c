"""Is everything in order, and if not, what mends it?"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from duoshou.model import DuoshouError, Language, Text

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench
    from duoshou.metrics.availability import Contents
    from duoshou.warehouse import Table

LEAST_FREE_BYTES = 2 << 30
MOST_COLUMNS = 8


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    Attributes:
        key: Stable name.
        passed: Whether it is in order.
        message: What was seen.
        hint: How to mend it, where it is not in order.
        facts: What a program may want to know beyond the message.
    """

    key: str
    passed: bool
    message: Text
    hint: Text | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self, language: Language = "zh") -> dict[str, Any]:
        """Return the JSON shape of one check."""
        hint = "" if self.hint is None or self.passed else self.hint.in_language(language)
        shape = {"key": self.key, "passed": self.passed, "message": self.message.in_language(language), "hint": hint}
        return {**shape, **self.facts}


def doctor(workbench: Workbench) -> list[Check]:
    """Return every check, each made whether or not another failed; last what each table holds."""
    looks = (_versions, _secret, _space, _definitions, _warehouse, _archive, _state, _inbox)
    return [*(look(workbench) for look in looks), *_tables(workbench)]


def _versions(_: Workbench) -> Check:
    names = ("duoshou", "duckdb", "ibis-framework", "pyarrow", "sqlalchemy")
    found, missing = [f"Python {sys.version.split()[0]}"], []
    for name in names:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
    seen = ", ".join(found + [f"{name} –" for name in missing])
    hint = Text("重新安装：python3 tasks.py demo", "install again: python3 tasks.py demo")
    return Check("versions", not missing, Text(f"版本：{seen}", f"versions: {seen}"), hint)


def _secret(workbench: Workbench) -> Check:
    path = workbench.workspace.key_file
    try:
        workbench.workspace.secret()
    except DuoshouError as error:
        return Check("secret", False, error.message, error.hint)
    exposed = os.name == "posix" and bool(stat.S_IMODE(path.stat().st_mode) & 0o077)
    state = Text("密钥文件正常", "the key file is in order")
    if exposed:
        state = Text("密钥文件别人也能读", "others can read the key file")
    return Check("secret", not exposed, state, Text(f"运行 chmod 600 {path}", f"run chmod 600 {path}"))


def _space(workbench: Workbench) -> Check:
    free = shutil.disk_usage(workbench.workspace.directory).free
    shown = f"{free / (1 << 30):.1f} GiB"
    return Check(
        "space",
        free >= LEAST_FREE_BYTES,
        Text(f"磁盘剩余 {shown}", f"{shown} free on the disk"),
        Text("请清理磁盘：导入时仓库会先复制一份", "free some space: an import first copies the warehouse"),
    )


def _definitions(workbench: Workbench) -> Check:
    return _tried(
        "definitions",
        lambda: Text(
            f"{len(workbench.catalogue.metrics)} 个指标，{len(workbench.layouts)} 种文件格式",
            f"{len(workbench.catalogue.metrics)} metrics, {len(workbench.layouts)} layouts",
        ),
    )


def _warehouse(workbench: Workbench) -> Check:
    def look() -> Text:
        with contextlib.closing(workbench.reader()) as connection:
            row = connection.execute("SELECT count(*), count(DISTINCT order_id) FROM order_line").fetchone() or (0, 0)
        lines, orders = row
        return Text(
            f"仓库正常：{orders:,} 笔订单，{lines:,} 行", f"the warehouse opens: {orders:,} orders, {lines:,} lines"
        )

    return _tried("warehouse", look)


def _archive(workbench: Workbench) -> Check:
    return _tried(
        "archive",
        lambda: Text(
            f"存档有 {len(workbench.store.archive.entries())} 份文件",
            f"{len(workbench.store.archive.entries())} files in the archive",
        ),
    )


def _state(workbench: Workbench) -> Check:
    def look() -> Text:
        from duoshou.state import examine

        seen = examine(workbench.workspace, workbench.settings)
        if seen.revision is None:
            return Text(
                f"状态库还没有建立，第一次用到时建立：{seen.place}", f"no state yet, made when needed: {seen.place}"
            )
        if not seen.current:
            return Text(
                f"状态库是旧版本 {seen.revision}，下次用到时升级：{seen.place}",
                f"the state has the older version {seen.revision}, migrated when next used: {seen.place}",
            )
        return Text(
            f"状态库正常（{seen.server}）：{seen.findings:,} 条发现，{seen.writes:,} 条审计记录",
            f"the state is in order ({seen.server}): {seen.findings:,} findings, {seen.writes:,} audit entries",
        )

    return _tried("state", look)


def _inbox(workbench: Workbench) -> Check:
    from duoshou.app.imports import waiting_files

    waiting = len(waiting_files(workbench.workspace.inbox))
    return Check(
        "inbox",
        waiting == 0,
        Text(f"收件箱里有 {waiting} 个文件", f"{waiting} files in the inbox"),
        Text("运行 duoshou import 导入它们", "import them with duoshou import"),
    )


def _tables(workbench: Workbench) -> list[Check]:
    """Return one line for each table with rows, and one that names the tables without any."""
    import duckdb

    from duoshou.metrics.availability import contents
    from duoshou.warehouse import load_tables

    checks, without = [], []
    try:
        with contextlib.closing(workbench.reader()) as connection:
            for table in load_tables().values():
                held = contents(connection, table.name)
                if held:
                    checks.append(_table(table, held))
                else:
                    without.append(table)
    except (DuoshouError, duckdb.Error):
        # The check of the warehouse tells what is wrong with it.
        return []
    if without:
        text = Text(
            "没有数据的表：" + "、".join(one.title.zh for one in without),
            "tables without rows: " + ", ".join(one.title.en for one in without),
        )
        checks.append(Check("tables_empty", True, text, facts={"tables": [one.name for one in without]}))
    return checks


def _table(table: Table, held: Sequence[Contents]) -> Check:
    """Return what a table holds: rows and days of each shop, and the columns that no imported file fills."""
    shops = [Text(_span(one, "zh"), _span(one, "en")) for one in held]
    empty = [one.name for one in table.columns if not any(shop.known.get(one.name) for shop in held)]
    zh = f"{table.title.zh}（{table.name}）：" + "；".join(one.zh for one in shops)
    en = f"{table.title.en} ({table.name}): " + "; ".join(one.en for one in shops)
    if empty:
        shown, more = ", ".join(empty[:MOST_COLUMNS]), len(empty) - MOST_COLUMNS
        zh += f"；没有文件填写的列：{shown}" + (f" 等 {len(empty)} 列" if more > 0 else "")
        en += f"; columns that no file fills: {shown}" + (f" and {more} more" if more > 0 else "")
    facts = {"rows": sum(one.rows for one in held), "shops": [_shape(one) for one in held], "empty_columns": empty}
    return Check(f"table_{table.name}", True, Text(zh, en), facts=facts)


def _span(held: Contents, language: Language) -> str:
    rows = Text(f"{held.rows:,} 行", f"{held.rows:,} rows").in_language(language)
    days = "" if held.first is None or held.last is None else f" {held.first} – {held.last}"
    return f"{held.shop} {rows}{days}".strip()


def _shape(held: Contents) -> dict[str, Any]:
    days = [None if day is None else day.isoformat() for day in (held.first, held.last)]
    return {"shop": held.shop, "rows": held.rows, "first_day": days[0], "last_day": days[1]}


def _tried(key: str, look: Callable[[], Text]) -> Check:
    try:
        return Check(key, True, look())
    except DuoshouError as error:
        return Check(key, False, error.message, error.hint)
