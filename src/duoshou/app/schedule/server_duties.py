"""The duties of a server, each as a job with a log that people can read."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import TYPE_CHECKING

from duoshou.access import JobOutcome, JobTrigger, job_runs
from duoshou.app.digest_picture import DigestPicture
from duoshou.app.jobs import Course, Ended, JobRunning, day_job
from duoshou.app.pushing import Pushing, PushReport, judged_days
from duoshou.app.schedule.duties import Duty, Ending
from duoshou.model import DuoshouError, Text
from duoshou.reports.push import Sender
from duoshou.warehouse import WarehouseLocked

if TYPE_CHECKING:
    from duoshou.app.jobs import Jobs, Work
    from duoshou.app.workbench import Workbench
    from duoshou.settings import Settings
    from duoshou.state import State

SERVER = "duoshou serve"
"""Who starts these jobs, in the log."""
DAY, PUSH = "day", "push"
LOOKED_BACK = 200
"""Jobs of the log in which the latest daily one is looked for."""

log = logging.getLogger("duoshou.schedule")

NAMES = {
    Duty.DAILY: Text("每日任务", "the daily job"),
    Duty.INBOX: Text("导入收件箱", "the import of the inbox"),
    Duty.PUSH: Text("推送摘要", "the push of the digest"),
}


class ServerDuties:
    """The duties as jobs of a server."""

    def __init__(
        self,
        settings: Callable[[], Settings],
        open_bench: Callable[[], AbstractContextManager[Workbench]],
        jobs: Jobs,
        state: State,
        sender: Sender | None = None,
    ) -> None:
        """Do them over the workbenches that `open_bench` opens, and log them in `state`."""
        self._settings, self._open_bench = settings, open_bench
        self._jobs, self._state = jobs, state
        self._sender = sender or Sender()

    @property
    def settings(self) -> Settings:
        """The settings as they are now."""
        return self._settings()

    def last_daily(self) -> datetime | None:
        """Return when the latest daily job that was done on schedule began; None where none ever was."""
        done = {JobOutcome.DONE, JobOutcome.NEEDS_PERSON}
        return next(
            (
                job.started_at
                for job in job_runs(self._state, LOOKED_BACK, kind=DAY)
                if job.trigger is JobTrigger.SCHEDULE and job.outcome in done
            ),
            None,
        )

    def is_push_pending(self, now: datetime) -> bool:
        """Return whether something is to be pushed now that waited for its time of day, or did not arrive before."""
        if not self.settings.push:
            return False
        try:
            with self._open_bench() as bench:
                return Pushing(bench, self._sender, now).is_pending()
        except DuoshouError as error:
            log.warning("whether a digest waits is not known: %s", error.message.en)
            return False

    def begin(self, duty: Duty, now: datetime) -> int | None:
        """Begin a duty as a job and return its number; None where another job runs, or the log cannot be written."""
        kind = PUSH if duty is Duty.PUSH else DAY
        trigger = JobTrigger.INBOX if duty is Duty.INBOX else JobTrigger.SCHEDULE
        try:
            return self._jobs.start(kind, self._work(duty, now), by=SERVER, trigger=trigger).id
        except JobRunning:
            return None
        except DuoshouError as error:
            log.warning("%s could not begin: %s", duty, error.message.en)
            return None

    def ending(self, number: int) -> Ending | None:
        """Return how a job ended; None while it runs."""
        job = self._jobs.find(number)
        if job is None:
            return Ending.FAILED
        if job.is_running:
            return None
        undelivered = job.kind == PUSH and job.outcome is JobOutcome.NEEDS_PERSON
        if undelivered or isinstance(job.error, WarehouseLocked):
            return Ending.LATER
        return Ending.DONE if job.outcome in {JobOutcome.DONE, JobOutcome.NEEDS_PERSON} else Ending.FAILED

    def tell_failure(self, duty: Duty, number: int, now: datetime) -> None:
        """Push a notice that a duty failed, once for each job; whether it arrives is in no log but the process's."""
        job, name = self._jobs.find(number), NAMES[duty]
        lines = job.lines[-3:] if job is not None else ()
        title = Text(f"{name.zh}失败（{number} 号）", f"{name.en} failed (number {number})")
        try:
            with self._open_bench() as bench:
                told = Pushing(bench, self._sender, now).notice(title, lines, once=f"job {number}")
        except DuoshouError as error:
            log.warning("the failure of job %s could not be told: %s", number, error.message.en)
            return
        for line in told.lines:
            log.info("%s", line.en)

    def close(self) -> None:
        """Close the connections to the robots."""
        self._sender.close()

    def _work(self, duty: Duty, now: datetime) -> Work:
        def push(bench: Workbench, course: Course) -> Ended:
            with DigestPicture(bench) as picture:
                report = Pushing(bench, self._sender, now, picture).waiting()
            course.tell(*report.lines)
            return Ended(needs_person=report.needs_person)

        def day(bench: Workbench, course: Course) -> Ended:
            ended = day_job()(bench, course)
            report = self._pushed(bench, now, tell_missing=duty is Duty.DAILY)
            course.tell(*report.lines)
            return Ended(ended.result, ended.needs_person or report.needs_person)

        return push if duty is Duty.PUSH else day

    def _pushed(self, bench: Workbench, now: datetime, *, tell_missing: bool) -> PushReport:
        """Push what the day brought; the day is done whatever becomes of it."""
        if not bench.settings.push:
            return PushReport()
        with DigestPicture(bench) as picture:
            pushing = Pushing(bench, self._sender, now, picture)
            try:
                days = judged_days(bench)
                report = pushing.day(days)
                report = pushing.changes().after(report)
                return pushing.missing(days).after(report) if tell_missing else report
            except DuoshouError as error:
                return pushing.broken(error)
