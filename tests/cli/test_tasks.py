"""`duoshou tasks`, `duoshou task` and its short forms."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.access.conftest import Counted
from tests.cli.conftest import Command
from tests.cli.test_json_shapes import documented, shape
from tests.cli.test_user import pipe, place, staffed

from duoshou.access import passwords

__all__ = ["pipe", "place", "staffed"]

HAND = ("--title", "换回上一版主图", "--subject", "product:1001", "--role", "designer", "--due", "2026-11-05")
EXPECTED = ("--metric", "visitors", "--change", "+10%", "--by", "2026-11-19", "--guard", "pay_conversion_rate")


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords that cost little."""
    monkeypatch.setattr(passwords, "standard", Counted)


def told(duoshou: Command, place: Path, *words: object, code: int = 0) -> Any:
    """Run a command on a workspace and return its JSON."""
    done = duoshou(*words, "--workspace", place, "--json")
    assert done.code == code, done.err
    return json.loads(done.out or done.err)


def test_a_task_goes_from_proposed_to_done(place: Path, duoshou: Command) -> None:
    """Each step is kept with who took it, and what the task changed is recorded with its notices."""
    made = told(duoshou, place, "task", "new", *HAND, *EXPECTED, "--kind", "main_image")
    assert made["task"]["state"] == "proposed"
    assert made["task"]["expected"]["change"] == pytest.approx(0.1)
    assert told(duoshou, place, "accept", 1)["task"]["state"] == "accepted"
    assert told(duoshou, place, "task", "begin", 1)["task"]["state"] == "doing"
    done = told(
        duoshou, place, "done", 1, "--on", "2026-11-04", "--before", "旧图", "--after", "新图", "--note", "好了"
    )
    assert [one["state"] for one in done["steps"]] == ["proposed", "accepted", "doing", "done"]
    assert all(one["by"].startswith("duoshou task") for one in done["steps"])
    assert done["task"]["done_on"] == "2026-11-04"
    (change,) = told(duoshou, place, "change", "list")["changes"]
    assert (change["kind"], change["before"], change["after"], change["task"]) == ("main_image", "旧图", "新图", 1)
    assert len(told(duoshou, place, "notices", "--open")["notices"]) == 3


def test_metrics_are_known_by_all_their_names(place: Path, duoshou: Command) -> None:
    """A task holds the key of a metric that was given by its Chinese name."""
    words = (*HAND, "--metric", "支付转化率", "--change", "+5%", "--by", "2026-11-19")
    assert told(duoshou, place, "task", "new", *words)["task"]["expected"]["metric"] == "pay_conversion_rate"


@pytest.mark.parametrize("left_out", ["--title", "--subject", "--role", "--due", "--metric", "--change", "--by"])
def test_what_is_mandatory_is_asked_for_by_its_option(place: Path, duoshou: Command, left_out: str) -> None:
    """A task without an expectation, a day or somebody to do it is refused, and the option is named."""
    words = [*HAND, *EXPECTED]
    at = words.index(left_out)
    error = told(duoshou, place, "task", "new", *words[:at], *words[at + 2 :], code=2)["error"]
    assert error["code"] == "task_incomplete"
    assert left_out in error["message"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("task", "show"), "task_words"),
        (("task", "show", "one"), "usage_number"),
        (("task", "show", "7"), "unknown_task"),
        (("task", "new", "--subject", "1001"), "usage_subject"),
        (("task", "new", "--change", "much"), "usage_relative_change"),
        (("task", "new", "--change", "0%"), "usage_relative_change"),
        (("tasks", "--overdue", "--state", "done"), "usage_overdue"),
        (("tasks", "--mine", "nobody"), "unknown_person"),
    ],
)
def test_what_cannot_be_meant_is_refused(place: Path, duoshou: Command, words: tuple[str, ...], code: str) -> None:
    """A slip of the pen is an error with its own code, and exit code 2."""
    assert told(duoshou, place, *words, code=2)["error"]["code"] == code


def test_declined_takes_a_reason_and_can_be_proposed_again(place: Path, duoshou: Command) -> None:
    """Without a reason the playbook learns nothing, so there must be one."""
    told(duoshou, place, "task", "new", *HAND, *EXPECTED)
    assert told(duoshou, place, "decline", 1, code=2)["error"]["code"] == "decline_without_reason"
    declined = told(duoshou, place, "decline", 1, "--reason", "下周统一换季")
    assert (declined["task"]["state"], declined["task"]["reason"]) == ("declined", "下周统一换季")
    assert told(duoshou, place, "task", "reopen", 1)["task"]["state"] == "proposed"


def test_the_second_who_accepts_is_told_who_has_it(staffed: Path, duoshou: Command) -> None:
    """Of two people one gets the task."""
    told(duoshou, staffed, "task", "new", *HAND, *EXPECTED)
    assert told(duoshou, staffed, "accept", 1, "--owner", "wang")["task"]["owner_name"] == "小王"
    assert told(duoshou, staffed, "accept", 1, "--owner", "li", code=2)["error"]["code"] == "task_taken"


def test_tasks_are_listed_by_state_person_and_day(staffed: Path, duoshou: Command) -> None:
    """What is due first stands first, and the exit code says that something is overdue."""
    told(duoshou, staffed, "task", "new", *HAND[:-1], "2020-01-02", *EXPECTED)
    far = (*HAND[:-1], "2199-01-01", *EXPECTED[:-4], "--by", "2199-02-01", *EXPECTED[-2:])
    told(duoshou, staffed, "task", "new", *far)
    told(duoshou, staffed, "accept", 2, "--owner", "wang")
    listed = told(duoshou, staffed, "tasks", code=1)
    assert [(one["id"], one["overdue"]) for one in listed["tasks"]] == [(1, True), (2, False)]
    assert [one["id"] for one in told(duoshou, staffed, "tasks", "--overdue", code=1)["tasks"]] == [1]
    assert [one["id"] for one in told(duoshou, staffed, "tasks", "--mine", "wang")["tasks"]] == [2]
    assert [one["id"] for one in told(duoshou, staffed, "tasks", "--state", "accepted")["tasks"]] == [2]
    assert told(duoshou, staffed, "tasks", "--role", "service")["total"] == 0


@pytest.mark.parametrize(("language", "word"), [("zh", "逾期"), ("en", "overdue")])
def test_tasks_speak_both_languages(place: Path, duoshou: Command, language: str, word: str) -> None:
    """The list and the task say what they mean in either language."""
    told(duoshou, place, "task", "new", *HAND[:-1], "2020-01-02", *EXPECTED)
    for words in (("tasks",), ("task", "show", "1")):
        done = duoshou(*words, "--workspace", place, "--lang", language)
        assert word in done.out
        assert "换回上一版主图" in done.out


def test_the_json_is_the_documented_one(place: Path, duoshou: Command) -> None:
    """Programs find exactly the names of the reference."""
    told(duoshou, place, "task", "new", *HAND[:-1], "2199-01-01", *EXPECTED[:-4], "--by", "2199-02-01", *EXPECTED[-2:])
    assert shape(told(duoshou, place, "tasks")) == shape(documented("`duoshou tasks --json`"))
    assert shape(told(duoshou, place, "task", "show", 1)) == shape(documented("`duoshou task --json`"))
