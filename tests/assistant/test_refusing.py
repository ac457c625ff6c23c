"""What cannot be answered is refused in words, in both languages, with what to do about it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from mcp import Client, MCPError
from tests.assistant.conftest import Ask, Place, asked, asking

from duoshou.access import Right
from duoshou.app import Workbench
from duoshou.assistant.caller import AT_THIS_MACHINE, Caller
from duoshou.assistant.server import AssistantServer
from duoshou.gate import House

WRITING = ["decline_finding", "watch_finding", "reopen_finding", "import_inbox", "run_day"]


@pytest.mark.parametrize(
    ("tool", "arguments", "code"),
    [
        ("query", {"metrics": ["no such metric"]}, "unknown_metric"),
        ("query", {"metrics": ["pay_amount"], "by": ["moon phase"]}, "unknown_dimension"),
        ("query", {"metrics": []}, "arguments_invalid"),
        ("query", {"metrics": "pay_amount; DROP TABLE order_line"}, "arguments_invalid"),
        ("query", {"metrics": ["pay_amount"], "start": "yesterday"}, "arguments_invalid"),
        ("query", {"metrics": ["pay_amount"], "start": "2026-11-01"}, "period_incomplete"),
        (
            "query",
            {"metrics": ["pay_amount"], "start": "2026-11-02", "end": "2026-11-03", "last": "7d"},
            "period_incomplete",
        ),
        ("query", {"metrics": ["pay_amount"], "last": "99999y"}, "period_length"),
        ("query", {"metrics": ["pay_amount"], "limit": 0}, "arguments_invalid"),
        ("query", {"metrics": ["pay_amount"], "limit": 10**9}, "arguments_invalid"),
        ("query", {"metrics": ["pay_amount"], "offset": -1}, "arguments_invalid"),
        ("query", {"metrics": ["pay_amount"], "compare": "mars"}, "arguments_invalid"),
        ("query", {"metrics": ["pay_amount"], "days": 7}, "unknown_arguments"),
        ("query", {"metrics": ["pay_amount"], "shop": "'; DROP TABLE shop_period; --"}, "unknown_shop"),
        ("query", {"metrics": ["pay_amount"], "start": "0001-01-01", "end": "9999-12-31"}, "arguments_invalid"),
        ("findings", {"day": "0001-01-01"}, "arguments_invalid"),
        ("findings", {"day": "9999-12-31"}, "arguments_invalid"),
        ("findings", {"day": "2199-01-01"}, "day_not_over"),
        ("explain", {"metric": "<script>alert(1)</script>"}, "unknown_metric"),
        ("finding", {"finding_id": "../../etc/passwd"}, "unknown_finding"),
        ("sql", {"statement": "DELETE FROM shop_period"}, "statement_refused"),
        ("sql", {"statement": "SELECT 1; SELECT 2"}, "statement_refused"),
        ("sql", {"statement": "SELECT * FROM read_text('/etc/passwd')"}, "statement_faulty"),
        ("sql", {"statement": "COPY shop_period TO '/tmp/stolen.csv'"}, "statement_refused"),
        ("sql", {"statement": "SELECT " + ", ".join(f"{n} AS c{n}" for n in range(300))}, "columns_too_many"),
        ("sql", {"statement": "x" * 30_000}, "arguments_invalid"),
        ("drop_everything", {}, "unknown_tool"),
        *((tool, {}, "right_missing") for tool in WRITING),
    ],
)
def test_a_call_that_cannot_be_meant_is_refused(ask: Ask, tool: str, arguments: dict[str, Any], code: str) -> None:
    """A stable code, message and hint in both languages, and never a traceback."""
    answer = ask(tool, **arguments)
    assert answer.error["code"] == code
    for language in ("zh", "en"):
        assert answer.error["message"][language]
    assert answer.error["hint"]["en"]
    assert "Traceback" not in answer.text
    assert "pydantic" not in answer.text
    assert answer.error["message"]["zh"] in answer.text
    assert answer.error["message"]["en"] in answer.text


@pytest.mark.parametrize(
    "text", ["\0", "💥" * 50, "' OR 1=1 --", "${jndi:ldap://x}", "../../..", "=1+1", "%s%n", "\u202e"]
)
def test_no_text_breaks_a_filter(ask: Ask, text: str) -> None:
    """Whatever stands in a condition is a value that nothing equals, or is refused in words."""
    answer = ask("query", metrics=["pay_amount"], where={"product": text}, last="7d")
    if answer.failed:
        assert answer.error["code"] != "internal_fault"
    else:
        assert all(row["values"]["pay_amount"]["value"] in (None, "0.00") for row in answer.shape["rows"])


def test_a_fault_of_the_program_is_told_without_its_details(
    shared_house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The assistant learns that it failed; what failed is in the log."""

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret path /srv/shop")

    monkeypatch.setattr(Workbench, "explain", broken)
    answer = asking(shared_house)("explain", metric="pay_amount")
    assert answer.error["code"] == "internal_fault"
    assert "secret" not in answer.text
    assert "secret path" in caplog.text


def test_costs_are_for_those_who_may_see_them(shared_house: House) -> None:
    """Reading alone shows sales, and neither margins nor rows; the glossary says which right is lacking."""
    reader = asking(shared_house, Caller("小李", frozenset({Right.READ})))
    assert not reader("query", metrics=["pay_amount"]).failed
    for tool, arguments in (
        ("query", {"metrics": ["pay_amount", "毛利率"]}),
        ("explain", {"metric": "gross_margin"}),
        ("sql", {"statement": "SELECT 1"}),
    ):
        assert reader(tool, **arguments).error["code"] == "right_missing"
    assert reader("metrics", search="gross_margin").shape["metrics"][0]["needs_right"] == "costs"
    exporter = asking(shared_house, Caller("小孙", frozenset({Right.READ, Right.EXPORT})))
    assert exporter("sql", statement="SELECT 1").error["code"] == "right_missing"


@pytest.mark.parametrize(
    "uri", ["duoshou://metrics/nonsense", "duoshou://metrics/..%2F..%2Fetc", Path("/etc/passwd").as_uri()]
)
def test_only_what_is_offered_can_be_read(shared_house: House, uri: str) -> None:
    """No path and no unknown key leads anywhere."""
    server = AssistantServer(shared_house, lambda: AT_THIS_MACHINE)

    async def read(client: Client) -> str:
        with pytest.raises(MCPError) as refused:
            await client.read_resource(uri)
        return str(refused.value)

    text = asked(server, read)
    assert "root:" not in text
    assert "Traceback" not in text


def test_nothing_was_written_beside_the_workspace(ask: Ask, shared_place: Place) -> None:
    """A refused COPY left no file."""
    target = Path(shared_place.directory) / "stolen.csv"
    assert ask("sql", statement=f"COPY shop_period TO '{target}'").failed
    assert not target.exists()
