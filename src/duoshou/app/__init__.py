"""The services: one function for each thing a person asks for, on one opened workspace. No printing, no HTTP."""

from duoshou.app.creating import create_workspace
from duoshou.app.health import Check
from duoshou.app.results import DayReport, FindingList, ImportReport, Rebuilt, Undone
from duoshou.app.workbench import Workbench, open_workbench

__all__ = [
    "Check",
    "DayReport",
    "FindingList",
    "ImportReport",
    "Rebuilt",
    "Undone",
    "Workbench",
    "create_workspace",
    "open_workbench",
]
