"""Workbooks that people read: the daily sheet."""

from duoshou.reports.asking import Ask
from duoshou.reports.daily import write_daily
from duoshou.reports.errors import ReportError
from duoshou.reports.freshness import SourceFreshness, source_freshness
from duoshou.reports.names import names_from

__all__ = ["Ask", "ReportError", "SourceFreshness", "names_from", "source_freshness", "write_daily"]
