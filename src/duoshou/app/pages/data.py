"""数据: what to fetch, what came in, how fresh it is, what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from duoshou.app.checklist import Item, State
from duoshou.app.imports import waiting_files
from duoshou.app.jobs import Jobs, JobView
from duoshou.app.missing import NotThere
from duoshou.app.pages.batches import Batches, batches
from duoshou.app.pages.checks import faults, to_fetch
from duoshou.app.pages.today import freshness
from duoshou.model import Finding, Text, plain
from duoshou.reports import SourceFreshness

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench

LATEST_JOBS = 8


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file in the inbox.

    Attributes:
        name: Its path within the inbox, with slashes.
        file: Its name.
        size: Bytes.
        changed_at: When it was last written.
    """

    name: str
    file: str
    size: int
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class ToFetch:
    """One line of the list of files to fetch: the file, and the metrics or tables that it gives."""

    item: Item
    gains: Text


@dataclass(frozen=True, slots=True)
class Data:
    """The page of data.

    Attributes:
        shop: Key of the shop.
        day: The last complete day, or the one that was asked for.
        fetch_day: The day on which the files are fetched.
        fetch: Files, the most urgent first.
        sources: How far each source reaches.
        faults: What is wrong with the data, with rows.
        waiting: Files in the inbox.
        imports: A page of the list of imports.
        running: The job that runs.
        jobs: The jobs that began last.
    """

    shop: str
    day: date
    fetch_day: date
    fetch: tuple[ToFetch, ...]
    sources: tuple[SourceFreshness, ...]
    faults: tuple[Finding, ...]
    waiting: tuple[Waiting, ...]
    imports: Batches
    running: JobView | None
    jobs: tuple[JobView, ...]

    def of_state(self, *states: str) -> tuple[ToFetch, ...]:
        """Return the files to fetch of which this is to be done."""
        return tuple(one for one in self.fetch if one.item.state.value in states)

    @property
    def due(self) -> tuple[ToFetch, ...]:
        """Files that are to be fetched today."""
        return self.of_state(State.STALE.value)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        return {
            "shop": self.shop,
            "day": self.day.isoformat(),
            "fetch_day": self.fetch_day.isoformat(),
            "fetch": [{**plain(one.item), "gains": plain(one.gains)} for one in self.fetch],
            "sources": plain(self.sources),
            "faults": [one.to_dict() for one in self.faults],
            "waiting": plain(self.waiting),
            "imports": self.imports.to_dict(),
            "running": self.running.to_dict() if self.running else None,
            "jobs": [one.to_dict() | {"result": None} for one in self.jobs],
        }


def data(workbench: Workbench, jobs: Jobs, day: date | None, shop: str | None, page: int = 1) -> Data:
    """Return the page of data.

    Args:
        workbench: The workspace.
        jobs: The jobs of the server.
        day: The day whose data are checked; None: the last complete one.
        shop: Key of the shop; None where there is only one.
        page: Which page of the list of imports.
    """
    chosen = day or workbench.last_complete_day(shop)
    fetch = to_fetch(workbench, shop)
    return Data(
        shop=shop or workbench.settings.default_shop.key,
        day=chosen,
        fetch_day=fetch.day,
        fetch=tuple(ToFetch(one, fetch.gains(one)) for one in fetch.items),
        sources=freshness(workbench, chosen, shop),
        faults=faults(workbench, chosen, shop),
        waiting=waiting(workbench),
        imports=batches(workbench, page),
        running=jobs.running(),
        jobs=jobs.latest(LATEST_JOBS),
    )


def waiting(workbench: Workbench) -> tuple[Waiting, ...]:
    """Return the files in the inbox."""
    inbox = workbench.workspace.inbox
    found = []
    for path in waiting_files(inbox):
        try:
            stat = path.stat()
        except OSError:  # an import takes it just now
            continue
        changed = datetime.fromtimestamp(stat.st_mtime, UTC)
        found.append(Waiting(path.relative_to(inbox).as_posix(), path.name, stat.st_size, changed))
    return tuple(found)


def waiting_file(workbench: Workbench, name: str) -> Path:
    """Return where a file of the inbox lies; only names that `waiting` lists are known.

    Raises:
        NotThere: If there is none of this name.
    """
    inbox = workbench.workspace.inbox
    for path in waiting_files(inbox):
        if path.relative_to(inbox).as_posix() == name:
            return path
    raise NotThere(
        "no_such_file",
        Text("收件箱里没有这个文件", "there is no such file in the inbox"),
        hint=Text("它可能已经导入了", "perhaps it has been imported meanwhile"),
    )


def job_of(jobs: Jobs, number: int) -> JobView:
    """Return a job by its number.

    Raises:
        NotThere: If there was none.
    """
    found = jobs.find(number) if 0 < number < 1 << 62 else None
    if found is None:
        raise NotThere("no_such_job", Text("没有这个任务", "there is no such job"))
    return found
