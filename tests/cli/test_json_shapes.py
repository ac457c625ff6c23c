"""The JSON that programs rely on is the JSON that the reference shows."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from tests.cli.conftest import LINES, Command, export

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "json.md"


def documented(heading: str) -> Any:
    """Return the example under a heading of the page."""
    section = PAGE.read_text(encoding="utf-8").split(f"\n## {heading}\n", 1)[1]
    block = re.search(r"```json\n(.*?)```", section, re.DOTALL)
    assert block is not None
    return json.loads(block[1])


def shape(value: Any) -> Any:
    """Return the names in a JSON value, order included, and of a list the shape of its first item."""
    if isinstance(value, dict):
        return {name: shape(item) for name, item in value.items()}
    return [shape(value[0])] if isinstance(value, list) and value else None


def test_query(shop: Path, duoshou: Command) -> None:
    """The answer to a query has exactly the documented names."""
    words = ("query", "pay_amount", "refund_rate", "--by", "country", "--grain", "day", "--compare", "previous")
    period = ("--from", "2010-12-01", "--to", "2010-12-02")
    answer = json.loads(duoshou(*words, *period, "--workspace", shop, "--json").out)
    example = documented("`duoshou query --json`")
    assert answer["period"] == example["period"]
    for row in answer["rows"]:
        for value in row["values"].values():
            value["flags"] = []
    example["rows"][0]["values"]["refund_rate"]["flags"] = []
    assert shape(answer) == shape(example)


def test_explain(shop: Path, duoshou: Command) -> None:
    """The answer to why has exactly the documented names, figures and words."""
    days = ("--from", "2010-12-02", "--to", "2010-12-02", "--against", "2010-12-01", "2010-12-01")
    answer = json.loads(duoshou("explain", "pay_amount", *days, "--by", "country", "--workspace", shop, "--json").out)
    example = documented("`duoshou explain --json`")
    assert answer["drivers"][1]["drivers"][1].pop("drivers")
    assert example["drivers"][1]["drivers"][1].pop("drivers") == []
    assert example["dimensions"][0]["parts"] == answer["dimensions"][0].pop("parts")[:1]
    del example["dimensions"][0]["parts"]
    assert answer == example
    assert list(answer) == list(example)


def test_import(shop: Path, tmp_path: Path, duoshou: Command) -> None:
    """The result of an import has exactly the documented names."""
    path = export(tmp_path, LINES.replace("536370,22728,ALARM CLOCK,24", "536390,22728,ALARM CLOCK,many"))
    answer = json.loads(duoshou("import", "--dry-run", "--json", "--workspace", shop, path).out)
    assert shape(answer) == shape(documented("`duoshou import --json`"))


def test_findings(shop: Path, duoshou: Command) -> None:
    """The list of findings has exactly the documented names."""
    answer = json.loads(duoshou("findings", "--json", "--workspace", shop, "--date", "2010-12-01").out)
    assert answer.keys() == documented("`duoshou findings --json`").keys()


def test_error(shop: Path, tmp_path: Path, duoshou: Command) -> None:
    """An error has exactly the documented names."""
    done = duoshou("import", "--json", "--workspace", shop, tmp_path / "invoices.csv")
    assert shape(json.loads(done.err)) == shape(documented("Errors"))
