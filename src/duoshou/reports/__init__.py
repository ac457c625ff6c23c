"""Workbooks that people read: the daily sheet, the weekly book, the monthly summary."""

from duoshou.reports.asking import Ask
from duoshou.reports.daily import write_daily
from duoshou.reports.errors import ReportError
from duoshou.reports.freshness import SourceFreshness, source_freshness
from duoshou.reports.material import Exports, FileToFetch, Material
from duoshou.reports.names import names_from
from duoshou.reports.own import OwnSheets, load_own
from duoshou.reports.summary import write_summary
from duoshou.reports.targets import Basis, Projection, Target, TargetProgress, read_targets, verdict
from duoshou.reports.weekly import write_weekly

__all__ = [
    "Ask",
    "Basis",
    "Exports",
    "FileToFetch",
    "Material",
    "OwnSheets",
    "Projection",
    "ReportError",
    "SourceFreshness",
    "Target",
    "TargetProgress",
    "load_own",
    "names_from",
    "read_targets",
    "source_freshness",
    "verdict",
    "write_daily",
    "write_summary",
    "write_weekly",
]
