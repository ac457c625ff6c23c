"""The duties of a server over a real workspace, its jobs and a robot on the loopback."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote
from zoneinfo import ZoneInfo

import msgspec
import pytest
from tests.app.conftest import LAST, make_workbench, put, shop_file
from tests.reports.push.messages import TOKEN
from tests.reports.push.robot import FakeClock, Robot, running_robot

from duoshou.access import Job, JobOutcome, JobTrigger, job_runs
from duoshou.app import Workbench, open_workbench, pushing
from duoshou.app.jobs import Jobs
from duoshou.app.schedule import Clock, Duty, Ending, InboxWatch, Scheduler
from duoshou.app.schedule.server_duties import ServerDuties
from duoshou.app.schedule.starting import schedule_of
from duoshou.model import DuoshouError, Text
from duoshou.reports.push import Sender
from duoshou.settings import PushTarget, Settings, Shop
from duoshou.warehouse import WarehouseLocked

MORNING = datetime(2026, 11, 19, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@dataclass
class Server:
    """A server without HTTP: workspace, jobs, duties and a robot."""

    bench: Workbench
    jobs: Jobs
    duties: ServerDuties
    robot: Robot

    def do(self, duty: Duty, now: datetime = MORNING) -> Job:
        """Do a duty to its end and return what the log says of it."""
        number = self.duties.begin(duty, now)
        assert number is not None
        assert self.jobs.wait(120)
        (job,) = job_runs(self.bench.state, 1)
        assert job.id == number
        return job

    def told(self) -> list[str]:
        """Return what the robot was told in words, and forget it."""
        bodies = [one.body.decode() for one in self.robot.received]
        self.robot.received.clear()
        return [body for body in bodies if '"msgtype":"markdown"' in body]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace whose data end on a Wednesday."""
    bench = make_workbench(tmp_path_factory.mktemp("duties"), Shop(key="main", name="主店"))
    put(bench, "main.csv", shop_file(3), "main", LAST + timedelta(days=1))
    bench.close()
    return bench.workspace.directory


@pytest.fixture
def server(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server over a copy of that workspace, on the day after its data end."""
    monkeypatch.setattr(pushing, "yesterday", lambda _: LAST)
    shutil.copytree(template, tmp_path / "shop")
    bench = open_workbench(tmp_path / "shop")
    with running_robot() as robot:
        target = PushTarget(
            kind="wecom",
            name="群",
            url=f"http://{robot.host}/{quote('群')}?key={TOKEN}",
            what=("digest", "urgent", "notices"),
        )
        settings = msgspec.structs.replace(bench.settings, push=(target,), push_hosts=(robot.host,))
        bench.settings = settings

        def open_bench() -> Workbench:
            opened = open_workbench(bench.workspace.directory)
            opened.settings = bench.settings
            return opened

        jobs = Jobs(open_bench, bench.state)
        duties = ServerDuties(lambda: bench.settings, open_bench, jobs, bench.state, Sender(FakeClock().timing()))
        yield Server(bench, jobs, duties, robot)
        duties.close()
        jobs.wait(120)
    bench.close()


def say_at(server: Server, at: str) -> None:
    """Let the digest wait for a time of day."""
    (target,) = server.bench.settings.push
    later = (msgspec.structs.replace(target, at=at),)
    server.bench.settings = msgspec.structs.replace(server.bench.settings, push=later)


def test_the_daily_job_is_logged_with_what_it_pushed(server: Server) -> None:
    """Its trigger, its outcome and its lines are there to be read; the digest arrived."""
    assert server.duties.last_daily() is None
    job = server.do(Duty.DAILY)
    assert (job.kind, job.trigger, job.started_by) == ("day", JobTrigger.SCHEDULE, "duoshou serve")
    assert job.outcome in {JobOutcome.DONE, JobOutcome.NEEDS_PERSON}
    assert any("已推送到“群”" in line.zh for line in job.lines)
    assert any("pushed to '群'" in line.en for line in job.lines)
    assert '"msgtype":"image"' in server.robot.received[-1].body.decode()
    (told,) = server.told()
    assert "舵手日报 · 主店 · 2026-11-18" in told
    assert server.duties.ending(job.id) is Ending.DONE
    assert server.duties.last_daily() == job.started_at


def test_files_that_arrive_are_imported_and_reported(server: Server) -> None:
    """They are in the warehouse, their day is judged; this is no daily job of the schedule."""
    more = shop_file(3, LAST + timedelta(days=1), LAST + timedelta(days=1))
    (server.bench.workspace.inbox / "more.csv").write_text(more, encoding="utf-8-sig")
    job = server.do(Duty.INBOX)
    assert job.trigger is JobTrigger.INBOX
    assert any("more.csv" in line.zh for line in job.lines)
    assert list(server.bench.workspace.inbox.iterdir()) == []
    assert server.duties.last_daily() is None


def test_missing_data_are_told_by_the_daily_job_only(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that arrives for an older day reminds nobody."""
    monkeypatch.setattr(pushing, "yesterday", lambda _: LAST + timedelta(days=1))
    server.do(Duty.INBOX)
    assert not any("昨天的数据还没有导入" in one for one in server.told())
    server.do(Duty.DAILY)
    assert ["昨天的数据还没有导入" in one for one in server.told()] == [True]


def test_a_digest_that_waits_is_pushed_at_its_time(server: Server) -> None:
    """Not before the daily job was done, not before its time, and once."""
    say_at(server, "09:30")
    later = MORNING + timedelta(minutes=30)
    assert not server.duties.is_push_pending(later)
    server.do(Duty.DAILY)
    assert server.told() == []
    assert not server.duties.is_push_pending(MORNING)
    assert server.duties.is_push_pending(later)
    assert server.do(Duty.PUSH, later).kind == "push"
    assert len(server.told()) == 1
    assert not server.duties.is_push_pending(later)


def test_a_robot_that_fails_leaves_the_day_done(server: Server) -> None:
    """A person should look; what the robot refuses is pushed with the next run, and not before."""
    server.robot.then(404)
    job = server.do(Duty.DAILY)
    assert job.outcome is JobOutcome.NEEDS_PERSON
    assert server.duties.ending(job.id) is Ending.DONE
    assert not any(TOKEN in line.zh + line.en for line in job.lines)
    assert not server.duties.is_push_pending(MORNING)
    server.told()
    server.do(Duty.INBOX)
    assert len(server.told()) == 1


def test_what_did_not_arrive_is_tried_again_later(server: Server) -> None:
    """A robot that is down is asked again until it takes the digest."""
    for _ in range(10):
        server.robot.then(503)
    server.do(Duty.DAILY)
    assert server.duties.is_push_pending(MORNING)
    job = server.do(Duty.PUSH)
    assert server.duties.ending(job.id) is Ending.LATER
    server.told()
    assert server.duties.ending(server.do(Duty.PUSH).id) is Ending.DONE
    assert len(server.told()) == 1
    assert not server.duties.is_push_pending(MORNING)


def test_a_locked_warehouse_is_no_failure(server: Server) -> None:
    """Another program writes for longer than the settings wait: the job ends as locked."""
    quick = msgspec.structs.replace(server.bench.settings.import_, lock_wait_seconds=0)
    server.bench.settings = msgspec.structs.replace(server.bench.settings, import_=quick)
    (server.bench.workspace.inbox / "more.csv").write_text(shop_file(3), encoding="utf-8-sig")
    with server.bench.store.writer("test"):
        job = server.do(Duty.DAILY)
    assert job.outcome is JobOutcome.FAILED
    assert server.duties.ending(job.id) is Ending.LATER
    assert issubclass(WarehouseLocked, DuoshouError)
    assert server.duties.last_daily() is None


def test_a_failure_is_told_once(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its last lines, to whoever wants notices."""

    def fail(*_: object, **__: object) -> None:
        raise DuoshouError("disk_full", Text("磁盘满了", "the disk is full"))

    monkeypatch.setattr(Workbench, "run_day", fail)
    job = server.do(Duty.DAILY)
    assert server.duties.ending(job.id) is Ending.FAILED
    for _ in range(2):
        server.duties.tell_failure(Duty.DAILY, job.id, MORNING)
    (told,) = server.told()
    assert "每日任务失败" in told
    assert "磁盘满了" in told


def test_another_job_keeps_a_duty_waiting(server: Server) -> None:
    """One job at a time; an unknown one counts as failed."""
    first = server.duties.begin(Duty.DAILY, MORNING)
    assert first is not None
    assert server.duties.begin(Duty.INBOX, MORNING) is None
    assert server.duties.ending(first) in {None, Ending.DONE}
    assert server.jobs.wait(120)
    assert server.duties.ending(first + 1000) is Ending.FAILED


def test_a_schedule_does_the_day_by_itself(server: Server) -> None:
    """From the look at half past eight to the log and the message, step by step."""
    now = [MORNING.replace(hour=8, minute=29)]

    def seconds() -> float:
        return now[0].timestamp()

    watch = InboxWatch(server.bench.workspace.inbox)
    clock = Clock(lambda: now[0], seconds)
    scheduler = Scheduler(server.bench.workspace.directory, server.duties, watch, clock=clock)
    scheduler.step()
    assert job_runs(server.bench.state) == ()
    now[0] = MORNING.replace(hour=8, minute=30)
    scheduler.step()
    assert server.jobs.wait(120)
    scheduler.step()
    (job,) = job_runs(server.bench.state)
    assert job.trigger is JobTrigger.SCHEDULE
    assert len(server.told()) == 1
    assert scheduler.stop()


def test_a_server_gets_its_schedule_whole(server: Server) -> None:
    """Put together from what a server has; it ends at once when nothing runs."""
    schedule = schedule_of(server.bench.workspace, Settings, lambda: server.bench, server.jobs, server.bench.state)
    schedule.start()
    assert schedule.stop(60)
