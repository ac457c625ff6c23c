"""What can be read without a question: the digest of the day, the glossary, the tables of the warehouse."""

from __future__ import annotations

import json
from typing import Any

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ResourceNotFoundError

from duoshou.app.pushing import digests
from duoshou.assistant.definitions import full_definition, short_definition
from duoshou.gate import House
from duoshou.metrics import UnknownName
from duoshou.reports.push import Message
from duoshou.reports.push.markup import harmless
from duoshou.reports.push.message import rows_of
from duoshou.warehouse import load_tables
from duoshou.warehouse.schema import LINEAGE, Table

JSON = "application/json"


def add_resources(server: MCPServer[Any], house: House) -> None:
    """Let a server offer digest, glossary and tables."""

    @server.resource(
        "duoshou://metrics",
        name="metrics",
        title="指标词典 · Glossary",
        description="全部指标的代号、名称、单位、公式 · key, name, unit and formula of every metric",
        mime_type=JSON,
    )
    def metrics() -> str:
        with house.bench() as bench:
            catalogue = bench.catalogue
        return _json({"metrics": [short_definition(catalogue, one) for one in catalogue.metrics.values()]})

    @server.resource(
        "duoshou://metrics/{key}",
        name="metric",
        title="一个指标 · One metric",
        description="一个指标的完整定义 · the complete definition of one metric",
        mime_type=JSON,
    )
    def metric(key: str) -> str:
        with house.bench() as bench:
            catalogue = bench.catalogue
        try:
            return _json(full_definition(catalogue, catalogue.metric(key)))
        except UnknownName as error:
            raise ResourceNotFoundError(f"{error.in_language('zh')}\n{error.in_language('en')}") from error

    @server.resource(
        "duoshou://tables",
        name="tables",
        title="仓库的表 · Tables of the warehouse",
        description="写 SQL 用：表、粒度、主键、列 · for SQL: tables, grain, key, columns",
        mime_type=JSON,
    )
    def tables() -> str:
        return _json({"tables": [_table(one) for one in load_tables().values()], "in_every_table": dict(LINEAGE)})

    @server.resource(
        "duoshou://digest",
        name="digest",
        title="日报摘要 · Digest of the day",
        description="每个店铺数据完整的最后一天：数字、数据问题、发现、不能判断的 · each shop's last complete day: "
        "numbers, faults of the data, findings, what cannot be told",
        mime_type="text/markdown",
    )
    def digest() -> str:
        with house.bench() as bench:
            messages = digests(bench, None, shop=None, language=bench.settings.language)
        return "\n\n".join(_markdown(one) for one in messages)


def _markdown(message: Message) -> str:
    rows = [(harmless(row.text), row.is_heading) for row in rows_of(message)]
    lines = [f"\n## {text}\n" if is_heading else f"- {text}" for text, is_heading in rows]
    return "\n".join([f"# {harmless(message.headline)}", *lines])


def _table(table: Table) -> dict[str, Any]:
    return {
        "name": table.name,
        "title": {"zh": table.title.zh, "en": table.title.en},
        "grain": {"zh": table.grain.zh, "en": table.grain.en},
        "key": list(table.key),
        "columns": table.facts,
    }


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
