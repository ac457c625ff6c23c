"""What a server does by itself: the daily job at its time, files that arrive in the inbox, pushes that wait.

scheduler = starting.schedule_of(workspace, settings, open_bench, jobs, state)
scheduler.start()
...
scheduler.stop()
"""

from duoshou.app.schedule.duties import Duties, Duty, Ending
from duoshou.app.schedule.inbox import InboxWatch
from duoshou.app.schedule.scheduler import Clock, Scheduler

__all__ = ["Clock", "Duties", "Duty", "Ending", "InboxWatch", "Scheduler"]
