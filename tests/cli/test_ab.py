"""`duoshou ab`."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import Command
from tests.cli.test_tasks import told
from tests.cli.test_user import place

__all__ = ["place"]

NEW = ("ab", "new", "--name", "主图", "--subject", "product:1001", "--metric")
SPLIT = ("--split", "--baseline", "5%", "--per-day", "4000", "--open", "--starts", "2026-11-01", "--lift", "+20%")


def test_a_switchback_is_planned_and_read(place: Path, duoshou: Command) -> None:
    """Whoever switches knows the days; without data it cannot be told yet."""
    made = told(duoshou, place, *NEW, "visitors", "--days", "28", "--arm", "旧", "--arm", "新")["tests"][0]
    assert (made["kind"], made["state"]) == ("switchback", "running")
    assert {one["state"] for one in made["switches"]} == {"旧", "新"}
    reading = told(duoshou, place, "ab", "read", 1)["reading"]
    assert (reading["decision"], "no_data" in reading["caveats"]) == ("cannot_tell_yet", True)
    assert (
        "换到"
        in duoshou(
            *NEW[:2], *NEW[2:4], "--subject", "product:2", "--metric", "visitors", "--days", "28", "--workspace", place
        ).out
    )
    assert told(duoshou, place, "ab", "cancel", 1)["tests"][0]["state"] == "cancelled"
    assert told(duoshou, place, "ab", "list")["total"] == 2


def test_a_split_is_counted_read_and_ended(place: Path, tmp_path: Path, duoshou: Command) -> None:
    """A clear difference is found by the counts of a file, and becomes an effect."""
    told(duoshou, place, *NEW, "click_through_rate", *SPLIT, "--arm", "旧", "--arm", "新")
    rows = [f"2026-11-{day:02d},{arm},2000,{hits}" for day in range(1, 15) for arm, hits in (("旧", 100), ("新", 150))]
    file = tmp_path / "counts.csv"
    file.write_text("\n".join(["日期,组别,展现量,点击量", *rows]), encoding="utf-8")
    assert told(duoshou, place, "ab", "count", 1, file)["tests"][0]["id"] == 1
    assert told(duoshou, place, "ab", "read", 1)["reading"]["decision"] == "better"
    out = duoshou("ab", "read", 1, "--workspace", place, "--lang", "en").out
    assert "is better than" in out
    assert told(duoshou, place, "ab", "end", 1)["tests"][0]["state"] == "ended"
    assert told(duoshou, place, "effects")["effects"][0]["source"] == "trial"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("ab", "new"), "trial_incomplete"),
        ((*NEW, "visitors"), "no_switchback"),
        ((*NEW, "visitors", "--days", "28", "--arm", "A"), "usage_states"),
        ((*NEW, "click_through_rate", "--split"), "no_baseline"),
        (("ab", "count", "1"), "ab_words"),
        (("ab", "read", "4"), "unknown_trial"),
    ],
)
def test_what_cannot_be_meant_is_refused(place: Path, duoshou: Command, words: tuple[str, ...], code: str) -> None:
    """A slip of the pen is an error with its own code, and exit code 2."""
    assert told(duoshou, place, *words, code=2)["error"]["code"] == code
