"""What is due when, on a clock that is moved by hand."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from duoshou.app.schedule import Clock, Duty, Ending, InboxWatch, Scheduler
from duoshou.settings import ServerSettings, Settings

ZONE = ZoneInfo("Asia/Shanghai")
MIDNIGHT = datetime(2026, 11, 26, tzinfo=ZONE)


@dataclass
class MadeUpDuties:
    """Duties that only note what was asked of them."""

    settings: Settings = field(default_factory=lambda: Settings(server=ServerSettings(daily_at="08:30")))
    done_at: datetime | None = None
    pending: bool = False
    busy: bool = False
    begun: list[tuple[Duty, datetime]] = field(default_factory=list)
    endings: dict[int, Ending] = field(default_factory=dict)
    failures: list[Duty] = field(default_factory=list)
    closed: bool = False

    def last_daily(self) -> datetime | None:
        """Return what a test says."""
        return self.done_at

    def is_push_pending(self, _now: datetime) -> bool:
        """Return what a test says."""
        return self.pending

    def begin(self, duty: Duty, now: datetime) -> int | None:
        """Note the duty, unless another job runs."""
        if self.busy:
            return None
        self.begun.append((duty, now))
        return len(self.begun)

    def ending(self, number: int) -> Ending | None:
        """Return how a test lets the job end."""
        return self.endings.get(number)

    def tell_failure(self, duty: Duty, _number: int, _now: datetime) -> None:
        """Note that a failure was told."""
        self.failures.append(duty)

    def close(self) -> None:
        """Note that all was let go of."""
        self.closed = True


class Day:
    """A scheduler over made-up duties, and its time."""

    def __init__(self, folder: Path, **settings: str) -> None:
        folder.mkdir(exist_ok=True)
        self.inbox = folder / "inbox"
        self.inbox.mkdir(exist_ok=True)
        self.now = datetime(2026, 11, 26, 7, 0, tzinfo=ZONE)
        self.duties = MadeUpDuties()
        if settings:
            self.duties.settings = Settings(
                timezone=settings.get("timezone", "Asia/Shanghai"),
                server=ServerSettings(daily_at=settings.get("daily_at", "08:30")),
            )
        clock = Clock(lambda: self.now, self.seconds)
        self.scheduler = Scheduler(folder, self.duties, InboxWatch(self.inbox), clock=clock)

    def seconds(self) -> float:
        """Return the seconds since midnight of the first day."""
        return (self.now - MIDNIGHT).total_seconds()

    def at(self, hour: int, minute: int = 0, second: int = 0, *, day: int = 26) -> list[Duty]:
        """Look at a time and return what was begun."""
        self.now = datetime(2026, 11, day, hour, minute, second, tzinfo=ZONE)
        before = len(self.duties.begun)
        self.scheduler.step()
        return [duty for duty, _ in self.duties.begun[before:]]

    def end(self, ending: Ending = Ending.DONE) -> None:
        """Let the job that runs end."""
        duty, began = self.duties.begun[-1]
        self.duties.endings[len(self.duties.begun)] = ending
        if duty is Duty.DAILY and ending is Ending.DONE:
            self.duties.done_at = began


@pytest.fixture
def day(tmp_path: Path) -> Iterator[Day]:
    """A day that begins at seven."""
    made = Day(tmp_path / "shop")
    yield made
    made.scheduler.stop()


def test_the_daily_job_runs_at_its_time_once_a_day(day: Day) -> None:
    """Not before, not twice, and again the next day."""
    assert day.at(8, 29, 59) == []
    assert day.at(8, 30) == [Duty.DAILY]
    day.end()
    assert day.at(8, 30, 5) == []
    assert day.at(23, 59) == []
    assert day.at(8, 29, day=27) == []
    assert day.at(8, 31, day=27) == [Duty.DAILY]


def test_a_job_that_runs_is_waited_for(day: Day) -> None:
    """Nothing else begins meanwhile."""
    day.at(8, 30)
    day.duties.pending = True
    assert day.at(9, 30) == []
    day.end()
    assert day.at(9, 31) == [Duty.PUSH]


def test_a_missed_job_is_made_up_for_once(day: Day) -> None:
    """The machine slept for two days: one run at the start, then the next at its time."""
    day.duties.done_at = datetime(2026, 11, 23, 8, 30, tzinfo=ZONE)
    assert day.at(7, 0) == [Duty.DAILY]
    day.end()
    assert day.at(7, 1) == []
    assert day.at(8, 30) == [Duty.DAILY]


def test_a_job_done_today_is_not_done_again_by_a_new_server(day: Day) -> None:
    """The log knows."""
    day.duties.done_at = datetime(2026, 11, 26, 8, 30, tzinfo=ZONE)
    assert day.at(12) == []


def test_a_new_workspace_begins_with_the_next_time(day: Day) -> None:
    """Before today's time nothing was missed; after it today's is done."""
    assert day.at(7) == []
    assert day.at(12) == [Duty.DAILY]


def test_time_of_day_is_that_of_the_shop(tmp_path: Path) -> None:
    """08:30 in New York is 21:30 in Shanghai, and one hour earlier in summer."""
    day = Day(tmp_path / "shop", timezone="America/New_York")
    day.duties.done_at = datetime(2026, 11, 25, 22, 0, tzinfo=ZONE)
    assert day.at(21, 29) == []
    assert day.at(21, 30) == [Duty.DAILY]
    day.scheduler.stop()
    summer = Day(tmp_path / "summer", timezone="America/New_York")
    summer.duties.done_at = datetime(2026, 7, 1, 21, 0, tzinfo=ZONE)
    summer.now = datetime(2026, 7, 2, 20, 30, tzinfo=ZONE)
    summer.scheduler.step()
    assert [duty for duty, _ in summer.duties.begun] == [Duty.DAILY]
    summer.scheduler.stop()


def test_a_time_that_is_changed_counts_at_once(day: Day) -> None:
    """Settings are asked anew at each look."""
    assert day.at(8) == []
    day.duties.settings = Settings(server=ServerSettings(daily_at="07:45"))
    assert day.at(8, 1) == [Duty.DAILY]


def test_a_locked_warehouse_is_tried_again_later(day: Day) -> None:
    """One minute after it was seen to be locked, then two, four and eight; nobody is alarmed."""
    day.at(8, 30)
    began = []
    for minute in range(30, 60):
        if day.duties.endings.get(len(day.duties.begun)) is None:
            day.end(Ending.LATER)
        if day.at(8, minute, 1):
            began.append(minute)
    assert began == [31, 34, 39, 48]
    assert day.duties.failures == []
    assert day.at(9, 30) == [Duty.DAILY]
    day.end()
    assert day.at(9, 31) == []


def test_a_job_that_failed_is_told_and_not_repeated_today(day: Day) -> None:
    """A person must look; tomorrow it is tried again."""
    day.at(8, 30)
    day.end(Ending.FAILED)
    assert day.at(8, 31) == []
    assert day.duties.failures == [Duty.DAILY]
    assert day.at(20) == []
    assert day.at(8, 30, day=27) == [Duty.DAILY]


def test_another_job_is_waited_for(day: Day) -> None:
    """A person imports: the daily job begins when that has ended."""
    day.duties.busy = True
    assert day.at(8, 30) == []
    day.duties.busy = False
    assert day.at(8, 30, 5) == [Duty.DAILY]


def test_files_that_arrive_are_imported(day: Day) -> None:
    """When they have stopped growing; those that the daily job takes are not taken again."""
    day.duties.done_at = datetime(2026, 11, 26, 6, 0, tzinfo=ZONE)
    (day.inbox / "a.csv").write_text("x", encoding="utf-8")
    assert day.at(7) == []
    assert day.at(7, 0, 9) == []
    assert day.at(7, 0, 10) == [Duty.INBOX]
    day.end()
    assert day.at(7, 1) == []
    (day.inbox / "b.csv").write_text("x", encoding="utf-8")
    assert day.at(8, 29, 55) == []
    assert day.at(8, 30) == [Duty.DAILY]
    day.end()
    assert day.at(8, 30, 30) == []


def test_an_import_that_finds_the_warehouse_locked_is_tried_again(day: Day) -> None:
    """The files are still the same, and still wanted."""
    day.duties.done_at = datetime(2026, 11, 26, 6, 0, tzinfo=ZONE)
    (day.inbox / "a.csv").write_text("x", encoding="utf-8")
    day.at(7)
    assert day.at(7, 0, 10) == [Duty.INBOX]
    day.end(Ending.LATER)
    assert day.at(7, 0, 20) == []
    assert day.at(7, 1, 20) == [Duty.INBOX]
    day.end()
    assert day.at(7, 10) == []


def test_a_push_that_fails_rests_longer_each_time(day: Day) -> None:
    """A robot that is down is not asked every five seconds."""
    day.duties.done_at = datetime(2026, 11, 26, 6, 0, tzinfo=ZONE)
    day.duties.pending = True
    assert day.at(7) == [Duty.PUSH]
    day.end(Ending.LATER)
    assert day.at(7, 0, 30) == []
    assert day.at(7, 1, 30) == [Duty.PUSH]
    day.end(Ending.LATER)
    assert day.at(7, 2, 30) == []
    assert day.at(7, 3, 29) == []
    assert day.at(7, 4, 30) == [Duty.PUSH]
    day.end(Ending.LATER)
    assert day.at(7, 4, 35) == []
    day.duties.pending = False
    assert day.at(7, 30) == []
    assert day.duties.failures == []


def test_only_one_process_does_the_duties(day: Day, tmp_path: Path) -> None:
    """A second one over the same workspace waits until the first has ended."""
    other = Day(tmp_path / "shop")
    assert day.at(8, 30) == [Duty.DAILY]
    assert other.at(8, 31) == []
    assert day.scheduler.stop()
    assert day.duties.closed
    assert other.at(8, 32) == [Duty.DAILY]
    other.scheduler.stop()


def test_the_thread_looks_at_once_and_ends_when_it_is_told(day: Day) -> None:
    """A look that fails does not end it."""
    looked = threading.Event()
    failing = day.duties.last_daily

    def last_daily() -> datetime | None:
        looked.set()
        if not day.duties.busy:
            raise RuntimeError("a fault")
        return failing()

    day.duties.last_daily = last_daily  # type: ignore[method-assign]
    day.now += timedelta(hours=2)
    day.scheduler.start()
    assert looked.wait(30)
    assert day.scheduler.stop(30)
    assert day.duties.begun == []
