"""What people know and decided: findings by day, their history, decisions, and the audit log of every write.

with open_state(workspace, settings) as state:
    today = record_day(state, "main", day, findings)      # today.shown: what is told
    watch(state, "main", today.shown[0].id, until=…, on=day, by="小王")
    history(state, "main", statuses=[Status.OPEN])
"""

from duoshou.state import loop_models as _loop_models  # noqa: F401 - its tables are part of the state
from duoshou.state.audit import note
from duoshou.state.copying import write_file
from duoshou.state.database import State, open_state
from duoshou.state.decisions import decline, reopen, watch
from duoshou.state.errors import (
    RefusedDecision,
    StateBusy,
    StateError,
    StateForeign,
    StateTooNew,
    StateUnusable,
    UnknownFinding,
)
from duoshou.state.examination import Examination, examine
from duoshou.state.listing import DayList, Decided, Listed, Past, Story, Write, audit_log, day_list, history, story
from duoshou.state.recording import record_day
from duoshou.state.standing import QUIET_DAYS, Action, Status

__all__ = [
    "QUIET_DAYS",
    "Action",
    "DayList",
    "Decided",
    "Examination",
    "Listed",
    "Past",
    "RefusedDecision",
    "State",
    "StateBusy",
    "StateError",
    "StateForeign",
    "StateTooNew",
    "StateUnusable",
    "Status",
    "Story",
    "UnknownFinding",
    "Write",
    "audit_log",
    "day_list",
    "decline",
    "examine",
    "history",
    "note",
    "open_state",
    "record_day",
    "reopen",
    "story",
    "watch",
    "write_file",
]
