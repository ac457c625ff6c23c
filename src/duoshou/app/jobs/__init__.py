"""Long work of a server: one job at a time, in a thread of its own, with progress, a log and a result."""

from duoshou.app.jobs.kinds import ImportOutcome, day_job, import_job, inbox_job, mend_job, undo_job
from duoshou.app.jobs.outcomes import FileOutcome, ProblemGroup, TableOutcome
from duoshou.app.jobs.registry import Course, Ended, JobRunning, Jobs, JobView, Work

__all__ = [
    "Course",
    "Ended",
    "FileOutcome",
    "ImportOutcome",
    "JobRunning",
    "JobView",
    "Jobs",
    "ProblemGroup",
    "TableOutcome",
    "Work",
    "day_job",
    "import_job",
    "inbox_job",
    "mend_job",
    "undo_job",
]
