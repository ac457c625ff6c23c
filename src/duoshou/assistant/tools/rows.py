"""Rows themselves: read-only SQL, and which workbooks there are."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import Field

from duoshou.access import Right
from duoshou.assistant.answers import ReportsAnswer, SqlAnswer, Words
from duoshou.assistant.bounds import MOST_CELL_LETTERS, MOST_LETTERS, page, part_of, plain_cell
from duoshou.assistant.caller import CALLER
from duoshou.assistant.offer import Limit, Offer, Offset
from duoshou.assistant.refusal import InputRefused
from duoshou.gate import House
from duoshou.model import Text

MOST_COLUMNS = 200
SHORTEST_CELL = 40
NOT_A_METRIC = Words(
    zh="这是原始行，没有经过指标口径（退款、去重、成熟期）；说指标请用 query",
    en="these are rows as stored, without the rules of the metrics (refunds, people counted once, maturity): for "
    "metrics use `query`",
)


class RowTools:
    """Tools that give rows."""

    def __init__(self, house: House) -> None:
        self.house = house

    def offers(self) -> list[Offer]:
        """Return them as they are offered."""
        return [
            Offer(
                self.sql,
                Text("只读 SQL", "Read-only SQL"),
                Text(
                    "对仓库跑一条只读查询（DuckDB 方言），最多 30 秒。表和列见资源 duoshou://tables。"
                    "指标有现成口径的，用 query，不要自己写 SQL 算。",
                    "One read-only statement over the warehouse (DuckDB's dialect), at most 30 seconds. The resource "
                    "duoshou://tables names tables and columns. What is a metric is asked with `query`, not computed "
                    "in SQL.",
                ),
                right=Right.EXPORT,
            ),
            Offer(
                self.reports,
                Text("报表清单", "List of workbooks"),
                Text(
                    "已经生成的报表文件（xlsx）：名称、大小、生成时间，新的在前。只列名，不给内容。",
                    "The workbooks (xlsx) that were written: name, size, when; the latest first. Names only, not "
                    "their content.",
                ),
            ),
        ]

    def sql(
        self,
        statement: Annotated[
            str,
            Field(
                min_length=1,
                max_length=20_000,
                description="一条 SELECT、WITH、FROM、DESCRIBE、SHOW TABLES 或 SUMMARIZE · one statement that reads",
            ),
        ],
        limit: Limit = 100,
    ) -> SqlAnswer:
        """Return the rows of a statement."""
        CALLER.get().needs(Right.EXPORT, Right.COSTS)
        with self.house.bench() as bench:
            table = bench.sql(statement, limit + 1)
        if table.num_columns > MOST_COLUMNS:
            raise InputRefused(
                "columns_too_many",
                Text(
                    f"结果有 {table.num_columns} 列，最多 {MOST_COLUMNS} 列",
                    f"{table.num_columns} columns; at most {MOST_COLUMNS} can be given",
                ),
                hint=Text("只选要用的列", "select only the columns that are needed"),
            )
        most = max(SHORTEST_CELL, min(MOST_CELL_LETTERS, MOST_LETTERS // max(table.num_columns, 1)))
        rows, cut = _cells([column.to_pylist() for column in table.columns], most)
        kept, _ = part_of(rows, 0, limit)
        shown = page(0, len(kept), None, more=len(rows) > len(kept))
        shown.next_offset, shown.note = None, _goes_on(len(kept)) if len(rows) > len(kept) else None
        if len(rows) == len(kept):
            shown.total = len(rows)
        caveats = [NOT_A_METRIC]
        if cut:
            caveats.append(Words(zh=f"超过 {most} 个字的内容截断了", en=f"cells longer than {most} letters were cut"))
        return SqlAnswer(columns=table.column_names, rows=kept, page=shown, caveats=caveats)

    def reports(self, offset: Offset = 0, limit: Limit = 50) -> ReportsAnswer:
        """Return which workbooks there are."""
        folder = self.house.workspace.reports
        found: list[tuple[float, dict[str, Any]]] = []
        for path in folder.glob("*.xlsx") if folder.is_dir() else ():
            if path.name.startswith("~$") or not path.is_file():
                continue
            facts = path.stat()
            written = datetime.fromtimestamp(facts.st_mtime, UTC).isoformat(timespec="seconds")
            found.append((-facts.st_mtime, {"name": path.name, "bytes": facts.st_size, "written_at": written}))
        found.sort(key=lambda pair: (pair[0], pair[1]["name"]))
        reports, part = part_of([shape for _, shape in found], offset, limit)
        return ReportsAnswer(folder=folder.name, reports=reports, page=part)


def _cells(columns: list[list[object]], most: int) -> tuple[list[list[Any]], bool]:
    """Return the rows of columns as JSON carries them, and whether any text was cut."""
    cells = [[plain_cell(value, most) for value in column] for column in columns]
    cut = any(was_cut for column in cells for _, was_cut in column)
    return [list(row) for row in zip(*([value for value, _ in column] for column in cells), strict=True)], cut


def _goes_on(rows: int) -> Words:
    return Words(
        zh=f"只给了前 {rows} 行，后面还有；在 SQL 里汇总、筛选，或写 LIMIT … OFFSET {rows}",
        en=f"only the first {rows} rows, there are more: aggregate or filter in SQL, or write LIMIT … OFFSET {rows}",
    )
