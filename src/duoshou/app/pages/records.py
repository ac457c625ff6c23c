"""操作日志 and 任务记录: every write with its before and after, and every run of a job with what it said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from duoshou.model import plain
from duoshou.state import State, Write, audit_log
from duoshou.state.jobs import Job, job_runs

PAGE = 50


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Part of the audit log, the latest first.

    Attributes:
        entity: Only this table; empty: all.
        writes: Entries.
        before: Number from which the next page goes on; None at the end.
    """

    entity: str
    writes: tuple[Write, ...]
    before: int | None

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        return {"entity": self.entity, "writes": plain(self.writes), "before": self.before}


@dataclass(frozen=True, slots=True)
class JobsPage:
    """Part of the runs of jobs, the latest first."""

    jobs: tuple[Job, ...]
    before: int | None

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        return {"jobs": plain(self.jobs), "before": self.before}


def audit_page(state: State, entity: str = "", before: int | None = None) -> AuditPage:
    """Return a page of the audit log."""
    found = audit_log(state, entity=entity or None, limit=PAGE + 1, before=before)
    return AuditPage(entity, tuple(found[:PAGE]), found[PAGE - 1].number if len(found) > PAGE else None)


def jobs_page(state: State, before: int | None = None) -> JobsPage:
    """Return a page of the runs of jobs."""
    found = job_runs(state, PAGE + 1, before=before)
    return JobsPage(tuple(found[:PAGE]), found[PAGE - 1].id if len(found) > PAGE else None)
