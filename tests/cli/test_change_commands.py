"""`duoshou change`, `duoshou notices` and `duoshou ack`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.cli.conftest import Command
from tests.cli.test_json_shapes import documented, shape
from tests.cli.test_tasks import told
from tests.cli.test_user import place, state_of

from duoshou.loop.changes import Detected, NewChange, propose_detected
from duoshou.model import Subject

__all__ = ["place"]

PRICE = ("--kind", "price", "--subject", "product:1001", "--on", "2026-11-03", "--before", "199", "--after", "179")
SEEN = NewChange("price", date(2026, 11, 6), (Subject("product", "2002", "围巾"),), "59.00", "49.00")


@pytest.fixture
def seen(place: Path) -> Path:
    """A workspace in which the data show a change."""
    with state_of(place) as state:
        propose_detected(state, "main", [Detected("price:2002:2026-11-06", SEEN)], by="检测")
    return place


def test_a_change_is_recorded_and_told(place: Path, duoshou: Command) -> None:
    """A new price concerns the service desk and promotion, and each acknowledges."""
    (made,) = told(duoshou, place, "change", "add", *PRICE)["changes"]
    assert (made["kind"], made["on"], made["standing"]) == ("price", "2026-11-03", "confirmed")
    notices = told(duoshou, place, "notices", "--open")["notices"]
    assert {one["role"] for one in notices} >= {"service", "promotion"}
    (told_one,) = told(duoshou, place, "ack", notices[0]["id"], "--note", "话术已改")["notices"]
    assert told_one["note"] == "话术已改"
    assert told_one["acknowledged_by"].startswith("duoshou ack")
    assert len(told(duoshou, place, "notices", "--open")["notices"]) == len(notices) - 1


def test_what_the_data_show_is_confirmed_or_rejected(seen: Path, duoshou: Command) -> None:
    """Nobody is told before a person confirms; what is settled stays settled."""
    assert told(duoshou, seen, "change", "list", "--standing", "proposed")["total"] == 1
    assert told(duoshou, seen, "notices")["total"] == 0
    assert told(duoshou, seen, "change", "confirm", 1)["changes"][0]["standing"] == "confirmed"
    assert told(duoshou, seen, "notices")["total"] >= 2
    assert told(duoshou, seen, "change", "reject", 1, code=2)["error"]["code"] == "change_settled"


def test_changes_are_listed_by_day_and_subject(seen: Path, duoshou: Command) -> None:
    """The latest stands first."""
    told(duoshou, seen, "change", "add", *PRICE)
    assert [one["id"] for one in told(duoshou, seen, "change", "list")["changes"]] == [1, 2]
    assert [one["id"] for one in told(duoshou, seen, "change", "list", "--to", "2026-11-05")["changes"]] == [2]
    chosen = told(duoshou, seen, "change", "list", "--subject", "product:2002")
    assert [one["id"] for one in chosen["changes"]] == [1]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("change", "add"), "change_kind_missing"),
        (("change", "add", "--kind", "price"), "change_without_subject"),
        (("change", "add", "--kind", "colour", "--subject", "shop"), "unknown_change_kind"),
        (("change", "confirm"), "change_words"),
        (("change", "confirm", "9"), "unknown_change"),
        (("ack", "9"), "unknown_notice"),
        (("ack", "x"), "usage_number"),
    ],
)
def test_what_cannot_be_meant_is_refused(place: Path, duoshou: Command, words: tuple[str, ...], code: str) -> None:
    """A slip of the pen is an error with its own code, and exit code 2."""
    assert told(duoshou, place, *words, code=2)["error"]["code"] == code


@pytest.mark.parametrize(("language", "word"), [("zh", "已确认"), ("en", "acknowledged by")])
def test_notices_speak_both_languages(place: Path, duoshou: Command, language: str, word: str) -> None:
    """Who acknowledged and after how long is said in either language."""
    told(duoshou, place, "change", "add", *PRICE)
    told(duoshou, place, "ack", 1)
    done = duoshou("notices", "--workspace", place, "--lang", language)
    assert word in done.out
    assert "199" in duoshou("change", "list", "--workspace", place, "--lang", language).out


def test_the_json_is_the_documented_one(place: Path, duoshou: Command) -> None:
    """Programs find exactly the names of the reference."""
    told(duoshou, place, "change", "add", *PRICE)
    assert shape(told(duoshou, place, "change", "list")) == shape(documented("`duoshou change --json`"))
    assert shape(told(duoshou, place, "notices")) == shape(documented("`duoshou notices --json`"))
