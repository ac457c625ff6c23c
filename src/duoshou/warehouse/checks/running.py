"""The checks in order, and the rule that one fault is told once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import duckdb

from duoshou.model import Confidence, Finding
from duoshou.settings import Settings
from duoshou.warehouse.checks.cents import cents_for_yuan
from duoshou.warehouse.checks.context import CheckContext
from duoshou.warehouse.checks.contradictions import contradictions
from duoshou.warehouse.checks.copied import copied_days
from duoshou.warehouse.checks.double_import import double_imports
from duoshou.warehouse.checks.items import missing_items, quantity_mismatches
from duoshou.warehouse.checks.missing import missing_days
from duoshou.warehouse.checks.partial import partial_days, truncated_files
from duoshou.warehouse.checks.row_limits import row_limits
from duoshou.warehouse.checks.signals import Signal, joined
from duoshou.warehouse.checks.stale import stale_sources
from duoshou.warehouse.checks.stories import tell

Check = Callable[[CheckContext], list[Signal]]

# A later check keeps silent about a day of a source that an earlier one has explained.
CHECKS: tuple[Check, ...] = (
    missing_days,
    stale_sources,
    double_imports,
    copied_days,
    partial_days,
    truncated_files,
    row_limits,
    missing_items,
    quantity_mismatches,
    cents_for_yuan,
    contradictions,
)

# These tell of files or of single orders: the day may have another fault beside.
_LEAVE_DAYS_OPEN = frozenset({"data.row_limit", "data.missing_items", "data.quantity_mismatch"})

_ORDER = {Confidence.CERTAIN: 0, Confidence.LIKELY: 1, Confidence.POSSIBLE: 2, Confidence.CANNOT_TELL: 3}


def run_checks(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    day: date,
    *,
    shop: str | None = None,
    detected_on: date | None = None,
) -> list[Finding]:
    """Return the data findings of a snapshot, the surest and latest first.

    Args:
        connection: Connection to a snapshot; it is only read.
        settings: Settings of the workspace: time zone, shops.
        day: Last day that is judged; rows of later days are left out.
        shop: Only this shop; all for None.
        detected_on: Day written on the findings; `day` for None.
    """
    context = CheckContext(connection, settings, day)
    told: list[Signal] = []
    explained: set[tuple[str, str, date]] = set()
    for check in CHECKS:
        new = _unexplained(check(context), explained)
        told.extend(new)
        for signal in new:
            if signal.kind not in _LEAVE_DAYS_OPEN:
                explained.update((signal.shop, source, each) for source in _blamed(signal) for each in signal.days)
    wanted = [signal for signal in joined(told) if shop is None or signal.shop == shop]
    findings = [tell(signal, settings, context.platform(signal.shop), detected_on or day) for signal in wanted]
    return sorted(findings, key=lambda each: (_ORDER[each.confidence], -each.period.end.toordinal(), each.id))


def _blamed(signal: Signal) -> tuple[str, ...]:
    return (signal.source, str(signal.facts["other"])) if "other" in signal.facts else (signal.source,)


def _unexplained(signals: list[Signal], explained: set[tuple[str, str, date]]) -> list[Signal]:
    kept = []
    for signal in signals:
        if signal.kind in _LEAVE_DAYS_OPEN:
            kept.append(signal)
            continue
        sources = _blamed(signal)
        days = tuple(d for d in signal.days if not any((signal.shop, source, d) in explained for source in sources))
        if days:
            kept.append(replace(signal, days=days))
    return kept
