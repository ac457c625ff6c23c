"""Jobs that a request starts."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from starlette.concurrency import run_in_threadpool

from duoshou.app.incoming import clear_away, take_in
from duoshou.app.jobs import JobRunning, JobView, Work, import_job, mend_job
from duoshou.gate.uploads import uploaded
from duoshou.gate.visitor import Visitor
from duoshou.warehouse import entry_named


def begin(visitor: Visitor, kind: str, work: Work, after: Callable[[], None] | None = None) -> JobView:
    """Begin a job in the name of whoever asks, for the shop that the address names.

    Raises:
        JobRunning: If another job runs.
    """
    return visitor.house.jobs.start(kind, work, by=visitor.person.signature, shop=visitor.only_shop, after=after)


async def begin_import(visitor: Visitor, *, keep: bool) -> JobView | int:
    """Take the files of a request into the inbox and begin to import them.

    Args:
        visitor: Who sends them.
        keep: Whether the files stay in the inbox while another job runs; their number is returned then.

    Raises:
        Refused: If there is no file.
        NameRefused: If the name of one is not taken.
        JobRunning: If another job runs and the files are not to be kept.
    """
    inbox, shop = visitor.house.workspace.inbox, visitor.only_shop
    if not keep and (running := visitor.house.jobs.running()) is not None:
        raise JobRunning(running.id)
    files = await uploaded(visitor.request, lambda sent: take_in(inbox, sent))
    try:
        work = import_job(files, shop)
        return await run_in_threadpool(lambda: begin(visitor, "import", work, lambda: clear_away(files)))
    except JobRunning:
        if keep:
            return len(files)
        await run_in_threadpool(lambda: shutil.rmtree(files[0].parent, ignore_errors=True))
        raise


async def begin_mending(visitor: Visitor, entry: str) -> JobView:
    """Take the file of a request and begin to import it as mended rows of an archived table.

    It does not lie in the inbox meanwhile: imported like any other file it would count as another export.

    Raises:
        UnknownEntry: If there is no such table.
        Refused: If there is no file.
        JobRunning: If another job runs.
    """
    await run_in_threadpool(_require, visitor, entry)
    folder = Path(tempfile.mkdtemp(prefix="duoshou-mended-"))
    try:
        files = await uploaded(visitor.request, lambda sent: take_in(folder, sent[:1]))
        work = mend_job(entry, files[0])
        return await run_in_threadpool(
            lambda: begin(visitor, "mend", work, lambda: shutil.rmtree(folder, ignore_errors=True))
        )
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _require(visitor: Visitor, entry: str) -> None:
    with visitor.house.bench() as bench:
        entry_named(bench.store, entry)
