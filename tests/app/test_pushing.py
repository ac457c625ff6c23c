"""Who is told what and when, over a real workspace and robots on the loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import msgspec
import pytest
from tests import business
from tests.app.conftest import LAST
from tests.reports.push.messages import PICTURE, TOKEN
from tests.reports.push.robot import FakeClock, Robot, running_robot

from duoshou.app import Workbench, open_workbench, pushing
from duoshou.app.push_targets import known_targets, send_test
from duoshou.app.pushing import Pushing, PushReport, days_of, push_after_run
from duoshou.app.results import FindingList
from duoshou.app.told import MEMORY_FILE
from duoshou.model import Text
from duoshou.reports.push import PushError, Sender
from duoshou.settings import PushTarget

MORNING = datetime(2026, 11, 19, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
DAYS = [("tb", LAST), ("tm", LAST)]


@pytest.fixture
def robot() -> Iterator[Robot]:
    """A robot that listens."""
    with running_robot() as running:
        yield running


@pytest.fixture
def sender() -> Iterator[Sender]:
    """A sender that waits for nothing."""
    sending = Sender(FakeClock().timing())
    yield sending
    sending.close()


def push_to(robot: Robot, name: str = "群", kind: str = "wecom", **others: Any) -> PushTarget:
    """Return a target at the robot."""
    return PushTarget(kind=kind, name=name, url=f"http://{robot.host}/{quote(name)}?key={TOKEN}", **others)  # type: ignore[arg-type]


@pytest.fixture
def bench(two_shops: Workbench, robot: Robot) -> Iterator[Workbench]:
    """The workspace of two shops, with nobody told yet."""
    opened = open_workbench(two_shops.workspace.directory)
    memory(opened).unlink(missing_ok=True)
    yield opened
    opened.close()
    memory(opened).unlink(missing_ok=True)


def memory(workbench: Workbench) -> Path:
    """Return where it is remembered what was pushed."""
    return workbench.workspace.directory / MEMORY_FILE


def having(workbench: Workbench, robot: Robot, *targets: PushTarget) -> Workbench:
    """Give a workspace targets."""
    workbench.settings = msgspec.structs.replace(workbench.settings, push=targets, push_hosts=(robot.host,))
    return workbench


def texts(robot: Robot) -> list[str]:
    """Return what the robot was told, and forget it."""
    told = [json.loads(one.body)["markdown"]["content"] for one in robot.received]
    robot.received.clear()
    return told


def test_each_shop_has_a_digest_once(bench: Workbench, robot: Robot, sender: Sender) -> None:
    """Two shops, two messages; run again, nothing."""
    having(bench, robot, push_to(robot))
    report = Pushing(bench, sender, MORNING).day(DAYS)
    assert [one.sent for one in report.deliveries] == [True, True]
    first, second = texts(robot)
    assert "舵手日报 · 淘宝店 · 2026-11-18 周三" in first
    assert "支付金额 5,400.00 元（+63.6%）" in first
    assert "天猫店/旗舰" in second
    again = Pushing(bench, sender, MORNING).day(DAYS)
    assert (again.deliveries, again.silent) == ((), ("群",))
    assert texts(robot) == []


def test_a_day_of_which_nothing_is_known_is_no_digest(bench: Workbench, robot: Robot, sender: Sender) -> None:
    """It is pushed once its data are there; a person who asks gets it; whoever wants notices is told that they lack."""
    having(bench, robot, push_to(robot, shops=("tb",)), push_to(robot, "乙", what=("notices",)))
    empty = [("tb", date(2026, 9, 1))]
    assert Pushing(bench, sender, MORNING).day(empty).deliveries == ()
    assert not Pushing(bench, sender, MORNING).is_pending()
    assert [one.target for one in Pushing(bench, sender, MORNING).again([], empty).deliveries] == ["群"]
    robot.received.clear()
    Pushing(bench, sender, MORNING).missing(empty)
    (told,) = texts(robot)
    assert "2026-09-01 周二 的数据还没有导入" in told


def test_a_target_may_want_one_shop_and_another_language(bench: Workbench, robot: Robot, sender: Sender) -> None:
    """By name, key or alias; the link leads to the day in the cockpit."""
    server = msgspec.structs.replace(bench.settings.server, url="https://d.example/")
    bench.settings = msgspec.structs.replace(bench.settings, server=server)
    having(bench, robot, push_to(robot, shops=("天猫店/旗舰",), language="en"))
    Pushing(bench, sender, MORNING).day(DAYS)
    (told,) = texts(robot)
    assert "Duoshou daily · 天猫店/旗舰" in told
    assert "(https://d.example/today?shop=tm&date=2026-11-18)" in told


def test_what_failed_is_pushed_the_next_time(bench: Workbench, robot: Robot, sender: Sender) -> None:
    """A message that did not arrive is not remembered."""
    having(bench, robot, push_to(robot, shops=("tb",)))
    robot.then(404)
    first = Pushing(bench, sender, MORNING).day(DAYS)
    assert first.needs_person
    assert TOKEN not in str(first.lines)
    assert not Pushing(bench, sender, MORNING).day(DAYS).needs_person
    assert len(texts(robot)) == 2


def test_one_target_that_fails_keeps_no_other_from_being_told(bench: Workbench, robot: Robot, sender: Sender) -> None:
    """Neither one without its variable nor one at a foreign host."""
    lost = PushTarget(kind="wecom", name="甲", url_env="NOT_SET_ANYWHERE")
    foreign = PushTarget(kind="webhook", name="乙", url="https://hooks.example.com/")
    having(bench, robot, lost, foreign, push_to(robot, shops=("tb",)))
    report = Pushing(bench, sender, MORNING).day([("tb", LAST)])
    assert [(one.target, one.sent) for one in report.deliveries] == [("甲", False), ("乙", False), ("群", True)]
    assert "NOT_SET_ANYWHERE" in report.lines[0].zh
    assert "push_hosts" in report.lines[1].en
    assert [one.error is None for one in known_targets(bench.settings)] == [False, False, True]


def test_a_digest_waits_for_its_time(bench: Workbench, robot: Robot, sender: Sender) -> None:
    """Before it, the waiting is told; after it, the server pushes; both once."""
    having(bench, robot, push_to(robot, shops=("tb",), at="09:05"))
    report = Pushing(bench, sender, MORNING).day([("tb", LAST)])
    assert (report.deliveries, report.waiting) == ((), (("群", "09:05"),))
    assert "09:05" in report.lines[0].zh
    assert "duoshou push digest 群" in report.lines[0].en
    later = MORNING + timedelta(minutes=5)
    assert len(Pushing(bench, sender, later).day([("tb", LAST)]).deliveries) == 1


def test_what_waits_is_pushed_when_its_time_has_come(bench: Workbench, robot: Robot, sender: Sender) -> None:
    """The server looks again and again; before the daily job there is nothing to push, and afterwards once."""
    having(bench, robot, push_to(robot, shops=("tb",), at="09:05"))
    later = MORNING + timedelta(minutes=5)
    assert not Pushing(bench, sender, later).is_pending()
    Pushing(bench, sender, MORNING).day(DAYS)
    assert not Pushing(bench, sender, MORNING).is_pending()
    assert Pushing(bench, sender, later).is_pending()
    assert len(Pushing(bench, sender, later).waiting().deliveries) == 1
    assert Pushing(bench, sender, later).waiting() == PushReport()
    assert len(texts(robot)) == 1


@pytest.mark.usefixtures("losing")
def test_what_did_not_arrive_is_queued_for_some_days(bench: Workbench, robot: Robot, sender: Sender) -> None:
    """Digest and urgent matters; what a robot refuses for good is not, nor what concerns a target that is gone."""
    digest, alarm = push_to(robot, "甲", shops=("tb",)), push_to(robot, "乙", shops=("tb",), what=("urgent",))
    having(bench, robot, digest, alarm)
    for _ in range(10):
        robot.then(503)
    assert Pushing(bench, sender, MORNING).day([("tb", LAST)]).needs_person
    assert Pushing(bench, sender, MORNING + timedelta(days=2)).is_pending()
    assert not Pushing(bench, sender, MORNING + timedelta(days=4)).is_pending()
    assert not Pushing(having(bench, robot), sender, MORNING).is_pending()
    having(bench, robot, digest, alarm)
    robot.received.clear()
    robot.then(200, '{"errcode":93000,"errmsg":"invalid webhook url"}')
    report = Pushing(bench, sender, MORNING).waiting()
    assert sorted((one.target, one.sent) for one in report.deliveries) == [("乙", True), ("甲", False)]
    assert not Pushing(bench, sender, MORNING).is_pending()


@pytest.fixture
def losing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every day tell of a loss."""

    def findings(_: Workbench, day: date, kind: str | None = None, shop: str | None = None) -> FindingList:
        return FindingList(day, (business.finding(),))

    monkeypatch.setattr(Workbench, "findings", findings)


@pytest.mark.usefixtures("losing")
def test_urgent_findings_are_told_once_and_not_beside_the_digest(
    bench: Workbench, robot: Robot, sender: Sender
) -> None:
    """Who gets the digest reads them there; who does not gets them alone; nobody twice."""
    digest, alarm = push_to(robot, "甲", shops=("tb",)), push_to(robot, "乙", shops=("tb",), what=("urgent",))
    having(bench, robot, digest, alarm)
    Pushing(bench, sender, MORNING).day([("tb", LAST)])
    first, second = texts(robot)
    assert "舵手日报" in first
    assert "【紧急】" not in first
    assert "【紧急】舵手 · 淘宝店" in second
    assert Pushing(bench, sender, MORNING).day([("tb", LAST)]).silent == ("甲", "乙")


@pytest.mark.usefixtures("losing")
def test_what_is_urgent_does_not_wait_for_a_digest(bench: Workbench, robot: Robot, sender: Sender) -> None:
    """Neither for its time of day, nor for the data of a day of which no number is known."""
    having(bench, robot, push_to(robot, "甲", shops=("tb",), at="23:00"), push_to(robot, "乙", shops=("tb",)))
    Pushing(bench, sender, MORNING).day([("tb", date(2026, 9, 1))])
    assert ["【紧急】" in told for told in texts(robot)] == [True, True]


def test_missing_data_are_told_once_a_day(
    bench: Workbench, robot: Robot, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To whoever wants notices; not where the data are there."""
    having(bench, robot, push_to(robot, what=("notices",)), push_to(robot, "乙"))
    monkeypatch.setattr(pushing, "yesterday", lambda _: LAST)
    assert Pushing(bench, sender, MORNING).missing(DAYS) == PushReport()
    monkeypatch.setattr(pushing, "yesterday", lambda _: LAST + timedelta(days=1))
    for _ in range(2):
        Pushing(bench, sender, MORNING).missing(DAYS[:1])
    assert len(told := texts(robot)) == 1
    assert "昨天的数据还没有导入，目前到 2026-11-18" in told[0]
    Pushing(bench, sender, MORNING + timedelta(days=1)).missing(DAYS[:1])
    assert len(texts(robot)) == 1


def test_notices_go_to_whoever_wants_them_once(bench: Workbench, robot: Robot, sender: Sender) -> None:
    """Of one occasion nobody is told twice; of the next everybody."""
    having(bench, robot, push_to(robot, what=("notices",), shops=("tm",)), push_to(robot, "乙"))
    title = Text("每日任务失败", "the daily job failed")
    for once in ("1", "1", "2"):
        Pushing(bench, sender, MORNING).notice(title, [Text("磁盘满了", "the disk is full")], once=once)
    assert [("每日任务失败" in told, "磁盘满了" in told) for told in texts(robot)] == [(True, True)] * 2


def test_a_digest_can_be_pushed_again(bench: Workbench, robot: Robot, sender: Sender) -> None:
    """By name, before its time, and also to a target that gets no digests by itself."""
    having(bench, robot, push_to(robot, at="23:00"), push_to(robot, "乙", what=("urgent",)))
    for names in ((), ("乙",), ("群", "乙")):
        Pushing(bench, sender, MORNING).again(names, [("tb", LAST)])
    assert len(texts(robot)) == 4
    with pytest.raises(PushError) as caught:
        Pushing(bench, sender, MORNING).again(["丙"], [("tb", LAST)])
    assert caught.value.hint is not None
    assert "群" in caught.value.hint.zh


def test_a_picture_goes_where_it_is_taken(bench: Workbench, robot: Robot, sender: Sender) -> None:
    """企业微信 gets it after the text; nobody draws for the others."""
    drawn: list[str] = []

    def draw(day: Any, language: str) -> bytes:
        drawn.append(f"{day.key} {language}")
        return PICTURE

    having(bench, robot, push_to(robot, shops=("tb",)), push_to(robot, "乙", "dingtalk", shops=("tb",)))
    Pushing(bench, sender, MORNING, draw).day([("tb", LAST)])
    assert [json.loads(one.body)["msgtype"] for one in robot.received] == ["markdown", "image", "markdown"]
    assert drawn == ["tb zh"]


def test_a_damaged_memory_is_no_memory(bench: Workbench, robot: Robot, sender: Sender) -> None:
    """Somebody is told once more, which is better than never."""
    having(bench, robot, push_to(robot, shops=("tb",)))
    memory(bench).write_text("{", encoding="utf-8")
    assert len(Pushing(bench, sender, MORNING).day([("tb", LAST)]).deliveries) == 1
    kept = json.loads(memory(bench).read_text(encoding="utf-8"))
    assert list(kept) == ['["digest", "群", "tb", "2026-11-18"]']
    old = {'["old"]': datetime(2025, 1, 1, tzinfo=UTC).isoformat()}
    memory(bench).write_text(json.dumps(old), encoding="utf-8")
    Pushing(bench, sender, MORNING).day([("tb", LAST)])
    assert '["old"]' not in json.loads(memory(bench).read_text(encoding="utf-8"))


def test_the_daily_job_pushes_what_it_found(bench: Workbench, robot: Robot, sender: Sender) -> None:
    """The days of its shops; a failure is told and fails nothing else."""
    having(bench, robot, push_to(robot))
    done = bench.run_day()
    assert days_of(bench, done) == DAYS
    assert len(push_after_run(bench, done, sender).deliveries) == 2
    robot.received.clear()
    memory(bench).unlink()
    memory(bench).mkdir()
    try:
        failed = push_after_run(bench, done, sender)
    finally:
        memory(bench).rmdir()
    assert failed.needs_person
    assert failed.deliveries[-1].hint is not None
    assert push_after_run(having(bench, robot), done, sender) == PushReport()


def test_a_test_message(bench: Workbench, robot: Robot, sender: Sender) -> None:
    """It says that it is one, and holds the word that robots can be told to expect."""
    having(bench, robot, push_to(robot))
    assert send_test(bench.settings, " 群 ", sender).sent
    (told,) = texts(robot)
    assert "舵手 · 测试消息（商行）" in told
    with pytest.raises(PushError):
        send_test(bench.settings, "丙", sender)
