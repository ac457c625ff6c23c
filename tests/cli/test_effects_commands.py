"""`duoshou effects`, `duoshou playbook`, `duoshou brief` and tasks made of findings."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests import business
from tests.cli.conftest import Command
from tests.cli.test_json_shapes import documented, shape
from tests.cli.test_tasks import EXPECTED, HAND, told
from tests.cli.test_user import place, state_of

from duoshou.loop.effects import Measured, record_effects
from duoshou.model import Period, Source, Subject, Verdict
from duoshou.state import record_day

__all__ = ["place"]

WORKED = Measured(
    Source.CHANGE,
    "7",
    Subject("product", "1001", "羽绒服"),
    "visitors",
    Period(date(2026, 10, 1), date(2026, 10, 21)),
    "synthetic_did",
    Verdict.WORKED,
    "CNY",
    date(2026, 11, 1),
    is_final=True,
    amount=Decimal(1200),
    low=Decimal(300),
    high=Decimal(2100),
    relative=0.12,
    relative_low=0.03,
    relative_high=0.21,
    caveats=("few_donors",),
)


@pytest.fixture
def measured(place: Path) -> Path:
    """A workspace with an effect."""
    with state_of(place) as state:
        record_effects(state, "main", [WORKED], by="test")
    return place


def test_effects_are_listed_with_their_total(measured: Path, duoshou: Command) -> None:
    """Verdict, money and interval are told, and what everything brought together."""
    found = told(duoshou, measured, "effects")
    assert (found["effects"][0]["verdict"], found["effects"][0]["estimate"]) == ("worked", "1200.00")
    assert found["totals"]["amount"] == "1200.00"
    assert told(duoshou, measured, "effects", "--verdict", "harmed")["effects"] == []
    assert shape(found) == shape(documented("`duoshou effects --json`"))


@pytest.mark.parametrize(("language", "words"), [("zh", ("有效", "合计")), ("en", ("worked", "together"))])
def test_effects_speak_both_languages(measured: Path, duoshou: Command, language: str, words: tuple[str, str]) -> None:
    """Whoever reads them knows what came of it."""
    out = duoshou("effects", "--workspace", measured, "--lang", language).out
    assert all(word in out for word in words)
    assert "+12.0%" in out


def test_without_effects_there_is_nothing_to_tell(place: Path, duoshou: Command) -> None:
    """Measuring an empty shop is no error."""
    assert "还没有评估过" in duoshou("effects", "--measure", "--workspace", place).out


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_playbook_says_what_was_tried_here(place: Path, duoshou: Command, language: str) -> None:
    """Every entry is there; a cause narrows them down."""
    every = told(duoshou, place, "playbook")["entries"]
    one = every[0]["entry"]
    some = told(duoshou, place, "playbook", "--cause", one["causes"][0])["entries"]
    assert 0 < len(some) < len(every)
    out = duoshou("playbook", "--workspace", place, "--lang", language).out
    assert one["key"] in out
    assert {"zh": "还没试过", "en": "not tried"}[language] in out


def test_a_brief_is_drafted_kept_and_written(place: Path, tmp_path: Path, duoshou: Command) -> None:
    """In words on the terminal, as a document with -o, and kept when asked."""
    told(duoshou, place, "task", "new", *HAND, *EXPECTED)
    assert "换回上一版主图" in duoshou("brief", 1, "--workspace", place).out
    draft = told(duoshou, place, "brief", 1)
    assert (draft["brief"]["written_by"], draft["file"]) == ("", None)
    kept = told(duoshou, place, "brief", 1, "--save", "-o", tmp_path / "brief.docx")
    assert kept["brief"]["written_by"].startswith("duoshou brief")
    assert (tmp_path / "brief.docx").read_bytes()[:2] == b"PK"
    assert told(duoshou, place, "brief", 9, code=2)["error"]["code"] == "unknown_task"


def test_a_finding_becomes_a_task(place: Path, duoshou: Command) -> None:
    """The draft holds evidence, expectation and who does it; what is given otherwise is taken."""
    found = business.finding()
    with state_of(place) as state:
        record_day(state, "main", found.detected_on, [found])
    made = told(duoshou, place, "task", "new", "--finding", found.id, "--title", "先看主图")["task"]
    assert (made["finding_id"], made["title"]) == (found.id, "先看主图")
    assert made["expected"]["change"] != 0
    assert told(duoshou, place, "task", "new", "--finding", "none", code=2)["error"]["code"] == "unknown_finding"
    half = told(duoshou, place, "task", "new", "--finding", found.id, "--metric", "visitors", code=2)
    assert half["error"]["code"] == "task_incomplete"
