"""The schedule of a server, put together."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from duoshou.app.schedule.inbox import InboxWatch
from duoshou.app.schedule.scheduler import Scheduler
from duoshou.app.schedule.server_duties import ServerDuties
from duoshou.reports.push import Sender, Timing

if TYPE_CHECKING:
    from duoshou.app.jobs import Jobs
    from duoshou.app.workbench import Workbench
    from duoshou.settings import Settings, Workspace
    from duoshou.state import State


def schedule_of(
    workspace: Workspace,
    settings: Callable[[], Settings],
    open_bench: Callable[[], AbstractContextManager[Workbench]],
    jobs: Jobs,
    state: State,
) -> Scheduler:
    """Return the schedule of a server, not yet started; a push that waits ends when it is stopped.

    Args:
        workspace: Where everything lies.
        settings: Gives the settings as they are now.
        open_bench: Opens or lends a workbench.
        jobs: Runs what is due, one job at a time.
        state: Where the log of jobs is.
    """
    stopping = threading.Event()
    sender = Sender(Timing(sleep=stopping.wait))
    duties = ServerDuties(settings, open_bench, jobs, state, sender)
    return Scheduler(workspace.directory, duties, InboxWatch(workspace.inbox), stopping=stopping)
