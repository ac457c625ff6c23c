"""The jobs of one server process: what runs now, and the latest that ran."""

from __future__ import annotations

import logging
import threading
import uuid
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from duoshou.access import Job, JobOutcome, JobTrigger, finish_job, job_runs, start_job
from duoshou.model import DuoshouError, Text, plain

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench
    from duoshou.state import State

MOST_REMEMBERED = 20
"""Jobs whose results are kept in memory; of older ones the state keeps the log."""
MOST_LINES = 500

log = logging.getLogger("duoshou.jobs")


class JobRunning(DuoshouError):
    """A job was asked for while another one runs.

    Attributes:
        number: The one that runs.
    """

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(
            "job_running",
            Text(f"另一个任务（{number} 号）正在运行", f"another job is running (number {number})"),
            hint=Text(
                "等它结束再试；它的进度在“数据”页", "try again when it has ended; the page Data shows how far it is"
            ),
        )


@dataclass(frozen=True, slots=True)
class Ended:
    """What a job came to.

    Attributes:
        result: The answer, with `to_dict`; None where the log says it all.
        needs_person: Whether somebody should look at it.
    """

    result: Any = None
    needs_person: bool = False


@dataclass(frozen=True, slots=True)
class JobView:
    """A job as a page shows it.

    Attributes:
        id: Its number.
        kind: `import`, `day`, `undo` or `mend`.
        trigger: What started it.
        shop: Key of the shop; None where it concerns all.
        started_by: Who started it.
        started_at: When.
        finished_at: When it ended; None while it runs.
        outcome: How; None while it runs.
        lines: What it told so far.
        step: What is being done, such as the name of a file.
        share: How much is done, from 0 to 1; None where that is not known.
        result: What it came to; None while it runs, and after a restart of the server.
        error: Why it failed.
    """

    id: int
    kind: str
    trigger: JobTrigger
    shop: str | None
    started_by: str
    started_at: datetime
    finished_at: datetime | None = None
    outcome: JobOutcome | None = None
    lines: tuple[Text, ...] = ()
    step: str = ""
    share: float | None = None
    result: Any = None
    error: DuoshouError | None = None

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self.finished_at is None

    @classmethod
    def of(cls, job: Job) -> JobView:
        """Return a job as the state remembers it."""
        return cls(
            job.id,
            job.kind,
            job.trigger,
            job.shop,
            job.started_by,
            job.started_at,
            job.finished_at,
            job.outcome,
            job.lines,
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape; an error has both languages."""
        hidden = ("result", "error")
        shape = {name: plain(getattr(self, name)) for name in self.__slots__ if name not in hidden}
        error = self.error
        told = (
            None if error is None else {"code": error.code, "message": plain(error.message), "hint": plain(error.hint)}
        )
        result = self.result.to_dict() if hasattr(self.result, "to_dict") else plain(self.result)
        return shape | {"error": told, "result": result}


@dataclass
class Course:
    """How far a job is; its work writes here."""

    _change: Callable[[dict[str, Any]], None]
    _lines: list[Text] = field(default_factory=list)

    def at(self, step: str, share: float | None) -> None:
        """Say what is being done, and the share that is done."""
        self._change({"step": step, "share": share})

    def tell(self, *lines: Text) -> None:
        """Add lines to the log; beyond five hundred they are dropped."""
        self._lines += lines[: max(MOST_LINES - len(self._lines), 0)]
        self._change({"lines": tuple(self._lines)})


Work = Callable[["Workbench", Course], Ended]


class Jobs:
    """The jobs of one server process. Threads may share it.

    Args:
        open_bench: Opens a workbench of the job's own, so that no page waits for it.
        state: Where the log of jobs is kept.
    """

    def __init__(self, open_bench: Callable[[], Workbench], state: State) -> None:
        self._open_bench = open_bench
        self._state = state
        self._lock = threading.Lock()
        self._known: OrderedDict[int, JobView] = OrderedDict()
        self._running: int | None = None
        self._thread: threading.Thread | None = None

    def start(
        self,
        kind: str,
        work: Work,
        *,
        by: str,
        shop: str | None = None,
        trigger: JobTrigger = JobTrigger.PERSON,
        after: Callable[[], None] | None = None,
    ) -> JobView:
        """Begin a job and return it.

        Args:
            kind: `import`, `day`, `undo` or `mend`.
            work: What is done, in a thread of its own.
            by: Who started it.
            shop: Key of the shop; None where it concerns all.
            trigger: What started it.
            after: Called when it has ended, however it ended.

        Raises:
            JobRunning: If another job runs.
            StateError: If the log cannot be written.
        """
        with self._lock:
            if self._running is not None:
                raise JobRunning(self._running)
            number = start_job(self._state, kind, trigger, by=by, shop=shop)
            job = JobView(number, kind, trigger, shop, by, datetime.now(UTC))
            self._known[number] = job
            while len(self._known) > MOST_REMEMBERED:
                self._known.popitem(last=False)
            self._running = number
            self._thread = threading.Thread(target=self._run, args=(number, work, after), name=f"job-{number}")
            self._thread.daemon = True
            self._thread.start()
        return job

    def running(self) -> JobView | None:
        """Return the job that runs, if one does."""
        with self._lock:
            return None if self._running is None else self._known[self._running]

    def find(self, number: int) -> JobView | None:
        """Return a job by its number: from memory with its result, else as the state remembers it."""
        with self._lock:
            if number in self._known:
                return self._known[number]
        found = [job for job in job_runs(self._state, 1, before=number + 1) if job.id == number]
        return JobView.of(found[0]) if found else None

    def latest(self, limit: int = 10) -> tuple[JobView, ...]:
        """Return the jobs that began last."""
        listed = job_runs(self._state, limit)
        with self._lock:
            return tuple(self._known.get(job.id) or JobView.of(job) for job in listed)

    def wait(self, seconds: float) -> bool:
        """Wait for the job that runs and return whether none runs any more."""
        thread = self._thread
        if thread is not None:
            thread.join(seconds)
        return thread is None or not thread.is_alive()

    def _change(self, number: int, facts: dict[str, Any]) -> None:
        with self._lock:
            if number in self._known:
                self._known[number] = replace(self._known[number], **facts)

    def _run(self, number: int, work: Work, after: Callable[[], None] | None) -> None:
        course = Course(lambda facts: self._change(number, facts))
        facts = self._worked(work, course)
        try:
            if after is not None:
                after()
            lines = self._known[number].lines
            finish_job(self._state, number, facts["outcome"], lines)
        except Exception:
            log.exception("the end of job %s could not be noted", number)
        finally:
            with self._lock:
                self._known[number] = replace(self._known[number], finished_at=datetime.now(UTC), step="", **facts)
                self._running = None

    def _worked(self, work: Work, course: Course) -> dict[str, Any]:
        """Do the work and return what it came to; an error that nobody can mend is logged under a number."""
        try:
            with self._open_bench() as bench:
                ended = work(bench, course)
        except DuoshouError as error:
            course.tell(error.message, *([error.hint] if error.hint else []))
            return {"outcome": JobOutcome.FAILED, "error": error}
        except Exception:
            mark = uuid.uuid4().hex[:8]
            log.exception("fault %s in a job", mark)
            message = Text(
                f"程序出错了（编号 {mark}），已记入日志", f"the program failed (number {mark}); it is in the log"
            )
            course.tell(message)
            return {"outcome": JobOutcome.FAILED, "error": DuoshouError("internal", message)}
        outcome = JobOutcome.NEEDS_PERSON if ended.needs_person else JobOutcome.DONE
        return {"outcome": outcome, "result": ended.result, "share": 1.0}
