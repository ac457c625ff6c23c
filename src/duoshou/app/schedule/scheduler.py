"""When something is due: a plain thread that looks every few seconds and starts one job at a time."""

from __future__ import annotations

import contextlib
import logging
import threading
import time as clocks
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import filelock

from duoshou.app.schedule.duties import Duties, Duty, Ending
from duoshou.app.schedule.inbox import InboxWatch

LOCK_FILE = ".schedule.lock"
LOOK_SECONDS = 5.0
FIRST_REST = timedelta(minutes=1)
LONGEST_REST = timedelta(minutes=15)

log = logging.getLogger("duoshou.schedule")


@dataclass(frozen=True, slots=True)
class Clock:
    """Time, replaced in tests.

    Attributes:
        now: The time, with its zone.
        monotonic: Seconds that never go back.
    """

    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    monotonic: Callable[[], float] = clocks.monotonic


@dataclass(frozen=True, slots=True)
class Rest:
    """How long a duty is left alone after it could not be done."""

    until: datetime
    pause: timedelta


class Scheduler:
    """Does what is due. Of several processes over one workspace only one does; when it ends, another takes over."""

    def __init__(
        self,
        directory: Path,
        duties: Duties,
        watch: InboxWatch,
        *,
        clock: Clock | None = None,
        stopping: threading.Event | None = None,
    ) -> None:
        """Look after the workspace at `directory`; nothing happens before `start` or `step`."""
        self._duties, self._watch = duties, watch
        self._clock = clock or Clock()
        self._lock = filelock.FileLock(directory / LOCK_FILE, thread_local=False)
        self._stopping = stopping or threading.Event()
        self._thread: threading.Thread | None = None
        self._running: tuple[Duty, int] | None = None
        self._attempted: datetime | None = None
        self._again: set[Duty] = set()
        self._rests: dict[Duty, Rest] = {}

    def start(self) -> None:
        """Begin to look, in a thread of its own."""
        self._thread = threading.Thread(target=self._loop, name="schedule", daemon=True)
        self._thread.start()

    def stop(self, seconds: float = 10.0) -> bool:
        """Start nothing more, and return whether the thread ended in time; a job that runs is not broken off."""
        self._stopping.set()
        thread = self._thread
        if thread is not None:
            thread.join(seconds)
        ended = thread is None or not thread.is_alive()
        if ended:
            self._duties.close()
            if self._lock.is_locked:
                self._lock.release()
        return ended

    def step(self) -> None:
        """Look once: see a job to its end, else start what is due."""
        if not self._leads():
            return
        now, moment = self._clock.now(), self._clock.monotonic()
        self._watch.look(moment)
        if self._running is not None:
            duty, number = self._running
            ending = self._duties.ending(number)
            if ending is None:
                return
            self._running = None
            self._ended(duty, number, ending, now)
        duty_due = self._due(now, moment)
        if duty_due is None:
            return
        number_begun = self._duties.begin(duty_due, now)
        if number_begun is not None:
            self._begun(duty_due, number_begun, now)

    def _loop(self) -> None:
        while True:
            try:
                self.step()
            except Exception:
                log.exception("a look at what is due failed")
            if self._stopping.wait(LOOK_SECONDS):
                return

    def _leads(self) -> bool:
        """Return whether this process does the duties: whoever holds the lock, which the system frees at its end."""
        if not self._lock.is_locked:
            with contextlib.suppress(filelock.Timeout):
                self._lock.acquire(timeout=0)
        return self._lock.is_locked

    def _due(self, now: datetime, moment: float) -> Duty | None:
        """Return the first duty that is due and is not resting."""
        due: dict[Duty, Callable[[], bool]] = {
            Duty.DAILY: lambda: self._is_daily_due(now),
            Duty.INBOX: lambda: self._watch.is_ready(moment),
            Duty.PUSH: lambda: self._duties.is_push_pending(now),
        }
        for duty, is_due in due.items():
            rest = self._rests.get(duty)
            if (rest is None or now >= rest.until) and (duty in self._again or is_due()):
                return duty
        return None

    def _is_daily_due(self, now: datetime) -> bool:
        """Return whether the daily job has not been done since its latest time of day.

        One that was missed, because the machine slept or no server ran, is made up for once. Where it never ran, the
        first time is the next one, or today's.
        """
        latest = self._latest_time(now)
        if self._attempted is not None and self._attempted >= latest:
            return False
        done = self._duties.last_daily()
        if done is None:
            return latest.date() == now.astimezone(latest.tzinfo).date()
        return done < latest

    def _latest_time(self, now: datetime) -> datetime:
        settings = self._duties.settings
        zone, at = ZoneInfo(settings.timezone), time.fromisoformat(settings.server.daily_at)
        today = datetime.combine(now.astimezone(zone).date(), at, zone)
        return today if today <= now else datetime.combine(today.date() - timedelta(days=1), at, zone)

    def _begun(self, duty: Duty, number: int, now: datetime) -> None:
        self._running = (duty, number)
        self._again.discard(duty)
        if duty is Duty.DAILY:
            self._attempted = now
        if duty in {Duty.DAILY, Duty.INBOX}:
            # Both import whatever lies in the inbox.
            self._watch.take()

    def _ended(self, duty: Duty, number: int, ending: Ending, now: datetime) -> None:
        if ending is Ending.DONE:
            self._rests.pop(duty, None)
            return
        before = self._rests.get(duty)
        pause = FIRST_REST if before is None else min(2 * before.pause, LONGEST_REST)
        self._rests[duty] = Rest(now + pause, pause)
        if ending is Ending.FAILED:
            self._duties.tell_failure(duty, number, now)
        elif duty is not Duty.PUSH:
            # A push is pending until it has arrived; these would count as begun.
            self._again.add(duty)
