"""Is the data fit to judge by? Missing, cut, copied, doubled and contradicting days, and 分 for 元."""

from duoshou.warehouse.checks.running import run_checks

__all__ = ["run_checks"]
