"""Long work: one at a time, told while it runs, remembered when it has ended."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from duoshou.access import JobOutcome, job_runs
from duoshou.app import Workbench, create_workspace, open_workbench
from duoshou.app.jobs import Course, Ended, ImportOutcome, JobRunning, Jobs, day_job, import_job, undo_job
from duoshou.model import DuoshouError, Text

LINES = """InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
1,A1,LAMP,6,2011-03-01 08:26:00,2.55,17850,United Kingdom
1,A1,LAMP,six,2011-03-01 08:26:00,2.55,17850,United Kingdom
"""


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Workbench]:
    """An empty workspace."""
    create_workspace(tmp_path / "shop", name="shop", currency="GBP", timezone="Europe/London")
    with open_workbench(tmp_path / "shop") as opened:
        yield opened


@pytest.fixture
def jobs(bench: Workbench) -> Jobs:
    """The jobs of a server over it."""
    return Jobs(lambda: open_workbench(bench.workspace.directory), bench.state)


def test_one_job_at_a_time(jobs: Jobs) -> None:
    """While one runs the next is refused and told which; afterwards it may begin."""
    go, reached = threading.Event(), threading.Event()

    def work(_: Workbench, course: Course) -> Ended:
        course.at("第一步", 0.25)
        course.tell(Text("一", "one"))
        reached.set()
        assert go.wait(30)
        return Ended("answer")

    job = jobs.start("import", work, by="小王")
    assert reached.wait(30)
    running = jobs.running()
    assert running is not None
    assert (running.id, running.step, running.share) == (job.id, "第一步", 0.25)
    with pytest.raises(JobRunning) as refused:
        jobs.start("day", work, by="小李")
    assert refused.value.number == job.id
    go.set()
    assert jobs.wait(30)
    assert jobs.running() is None
    ended = jobs.find(job.id)
    assert ended is not None
    assert (ended.outcome, ended.result, ended.lines) == (JobOutcome.DONE, "answer", (Text("一", "one"),))


def raise_mendable(_: Workbench, __: Course) -> Ended:
    """Fail in a way that a person can mend."""
    raise DuoshouError("full", Text("磁盘满了", "the disk is full"), hint=Text("清理", "make room"))


def raise_fault(_: Workbench, __: Course) -> Ended:
    """Fail in a way that nobody can mend."""
    raise ZeroDivisionError("secret")


@pytest.mark.parametrize(
    ("work", "code", "told"), [(raise_mendable, "full", "the disk is full"), (raise_fault, "internal", "failed")]
)
def test_a_failure_is_told_and_frees_the_place(
    jobs: Jobs, bench: Workbench, work: Callable[[Workbench, Course], Ended], code: str, told: str
) -> None:
    """The log says why, without a traceback, what was to be done afterwards is done, and another job may begin."""
    cleared = []
    job = jobs.start("import", work, by="小王", after=lambda: cleared.append(True))
    assert jobs.wait(30)
    ended = jobs.find(job.id)
    assert ended is not None
    assert ended.error is not None
    assert (ended.outcome, ended.error.code, cleared) == (JobOutcome.FAILED, code, [True])
    (kept,) = job_runs(bench.state)
    assert told in " ".join(line.en for line in kept.lines)
    assert "secret" not in " ".join(line.en for line in kept.lines)
    jobs.start("import", lambda *_: Ended(), by="小王")
    assert jobs.wait(30)


def test_what_was_done_before_a_restart_is_in_the_log(jobs: Jobs, bench: Workbench) -> None:
    """Another server knows who started a job, how it ended and what it told."""
    job = jobs.start("import", import_job([]), by="小王 (wang)")
    assert jobs.wait(60)
    others = Jobs(lambda: open_workbench(bench.workspace.directory), bench.state)
    found = others.find(job.id)
    assert found is not None
    assert (found.started_by, found.outcome, found.result) == ("小王 (wang)", JobOutcome.DONE, None)
    assert [one.id for one in others.latest()] == [job.id]
    assert others.find(job.id + 1) is None


def test_an_import_tells_what_became_of_every_file(jobs: Jobs, bench: Workbench) -> None:
    """Rows, the cell that was refused with its place, and where an unknown file waits."""
    inbox = bench.workspace.inbox
    (inbox / "lines.csv").write_text(LINES, encoding="utf-8")
    (inbox / "odd").mkdir()
    (inbox / "odd/odd.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    job = jobs.start("import", import_job([]), by="小王")
    assert jobs.wait(60)
    ended = jobs.find(job.id)
    assert ended is not None
    assert ended.outcome == JobOutcome.NEEDS_PERSON
    assert isinstance(ended.result, ImportOutcome)
    lines, odd = ended.result.files
    assert (lines.fate, lines.tables[0].rows_read, lines.tables[0].new, lines.rejected) == ("loaded", 2, 1, 1)
    assert [(one.column, one.rows, one.example) for one in lines.problems] == [("Quantity", "3", "six")]
    assert lines.entry in bench.store.archive.names()
    assert (odd.fate, odd.is_unknown, odd.waits_as) == ("failed", True, "odd/odd.csv")
    shape = ended.to_dict()
    assert shape["result"]["files"][0]["problems"][0]["column"] == "Quantity"


def test_a_day_and_its_undoing(jobs: Jobs, bench: Workbench) -> None:
    """The daily job imports the inbox and writes the sheet; taking the import back leaves no batch."""
    (bench.workspace.inbox / "lines.csv").write_text(LINES, encoding="utf-8")
    day = jobs.start("day", day_job(), by="小王")
    assert jobs.wait(120)
    ended = jobs.find(day.id)
    assert ended is not None
    assert ended.error is None
    assert ended.result.reports == ("daily-2011-02-28.xlsx",)
    jobs.start("undo", undo_job(), by="小王")
    assert jobs.wait(60)
    with bench.reader() as connection:
        assert connection.execute("SELECT count(*) FROM import_batch").fetchall() == [(0,)]


def test_a_workspace_that_is_gone_is_told(tmp_path: Path, bench: Workbench) -> None:
    """A job whose workbench cannot be opened fails like any other."""
    missing = Jobs(lambda: open_workbench(tmp_path / "nowhere"), bench.state)
    job = missing.start("import", import_job([]), by="小王")
    assert missing.wait(30)
    found = missing.find(job.id)
    assert found is not None
    assert found.outcome == JobOutcome.FAILED
