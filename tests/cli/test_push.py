"""`duoshou push`, and `duoshou run` that pushes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cli.conftest import Command, export
from tests.reports.push.messages import SECRET, TOKEN
from tests.reports.push.robot import Robot, running_robot

from duoshou.cli import main


@pytest.fixture
def robot() -> Iterator[Robot]:
    """A robot that listens."""
    with running_robot() as running:
        yield running


@pytest.fixture
def workspace(
    tmp_path: Path, robot: Robot, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Path:
    """A workspace with a few lines and two targets, of which one's variable is not set."""
    monkeypatch.setenv("ROBOT_URL", f"http://{robot.host}/robot/send?access_token={TOKEN}")
    monkeypatch.setenv("ROBOT_SECRET", SECRET)
    folder = tmp_path / "shop"
    assert main(["init", str(folder), "--currency", "GBP", "--timezone", "Europe/London"]) == 0
    assert main(["import", "--workspace", str(folder), str(export(tmp_path))]) == 0
    settings = (folder / "duoshou.toml").read_text(encoding="utf-8")
    settings = settings.replace("push_hosts = []", f'push_hosts = ["{robot.host}"]')
    settings += (
        "\n[[push]]\nkind = 'dingtalk'\nname = '运营群'\nurl_env = 'ROBOT_URL'\nsecret_env = 'ROBOT_SECRET'\n"
        "[[push]]\nkind = 'feishu'\nname = '店主'\nurl_env = 'OWNER_URL'\nwhat = ['urgent']\n"
    )
    (folder / "duoshou.toml").write_text(settings, encoding="utf-8")
    capsys.readouterr()
    return folder


def test_list_shows_no_secret(duoshou: Command, workspace: Path) -> None:
    """Names, kinds and hosts; what cannot be used is told with exit code 1."""
    done = duoshou("push", "list", "--workspace", workspace)
    assert done.code == 1
    assert "运营群" in done.out
    assert "127.0.0.1" in done.out
    assert "OWNER_URL" in done.out
    assert TOKEN not in done.out + done.err
    listed = json.loads(duoshou("push", "list", "--json", "--workspace", workspace).out)["targets"]
    assert [one["error"] is None for one in listed] == [True, False]


def test_a_workspace_without_targets(duoshou: Command, shop: Path) -> None:
    """It says where to write them."""
    done = duoshou("push", "list", "--workspace", shop, "--lang", "en")
    assert (done.code, "[[push]]" in done.out) == (0, True)
    assert duoshou("push", "digest", "--workspace", shop).code == 0


def test_a_test_message_arrives(duoshou: Command, workspace: Path, robot: Robot) -> None:
    """Signed, once; the answer is one line."""
    done = duoshou("push", "test", "运营群", "--workspace", workspace)
    assert (done.code, done.out) == (0, "已推送到“运营群”\n")
    (received,) = robot.received
    assert "&sign=" in received.path
    assert "测试消息" in received.body.decode()


def test_what_a_robot_refuses_is_told(duoshou: Command, workspace: Path, robot: Robot) -> None:
    """Exit code 1, why and how to mend it, and no secret, also as JSON."""
    for _ in range(2):
        robot.then(200, json.dumps({"errcode": 310000, "errmsg": f"sign not match {TOKEN}"}))
    done = duoshou("push", "test", "运营群", "--workspace", workspace)
    assert done.code == 1
    assert "310000" in done.out
    assert "密钥" in done.out
    as_json = duoshou("push", "test", "运营群", "--json", "--workspace", workspace)
    assert json.loads(as_json.out)["push"][0]["sent"] is False
    assert TOKEN not in done.out + done.err + as_json.out


@pytest.mark.parametrize("words", [("test",), ("test", "丙"), ("test", "店主"), ("send",), ()])
def test_misuse_is_told(duoshou: Command, workspace: Path, words: tuple[str, ...]) -> None:
    """A missing or unknown name, a variable that is not set, an unknown action."""
    done = duoshou("push", *words, "--workspace", workspace)
    assert done.code == 2
    assert done.err
    assert "Traceback" not in done.err


def test_a_digest_is_shown_or_pushed(duoshou: Command, workspace: Path, robot: Robot) -> None:
    """Without pushing, then to the target that gets digests."""
    shown = duoshou("push", "digest", "--dry-run", "--date", "2010-12-01", "--lang", "en", "--workspace", workspace)
    assert shown.code == 0
    assert "Duoshou daily" in shown.out
    assert "Amount paid 35.64 GBP" in shown.out
    assert robot.received == []
    done = duoshou("push", "digest", "--date", "2010-12-01", "--workspace", workspace)
    assert done.code == 0
    assert "35.64 GBP" in robot.received[0].body.decode()


def test_run_pushes_unless_it_is_told_not_to(duoshou: Command, workspace: Path, robot: Robot) -> None:
    """With the day the digest; a target that fails makes exit code 1 and leaves the day done."""
    assert duoshou("run", "--no-push", "--workspace", workspace).code in {0, 1}
    assert robot.received == []
    done = duoshou("run", "--workspace", workspace)
    assert "已推送到“运营群”" in done.out
    assert len(robot.received) == 1
    again = json.loads(duoshou("run", "--json", "--workspace", workspace).out)
    assert [one["target"] for one in again["push"] if one["sent"]] == []
    assert again["reports"]
