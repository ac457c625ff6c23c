"""Bids and budgets that changed, and campaigns that begin or stop, from the platforms' advertising files.

A bid is known only where the file has one. A budget is never in a file: it shows where it binds, as days on which a
campaign costs the same. Unbound costs of a campaign vary by far more than a hundredth from day to day; even at a spread
of a twentieth, five days in a row within a hundredth of the day before have a probability below a thousandth, so that
such a stretch is a budget, and two of them at different costs a budget that was changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from statistics import median
from typing import TYPE_CHECKING, Any

from duoshou.analysts.changes.levels import level_changes
from duoshou.analysts.changes.seen import BID, BUDGET, CAMPAIGN, SeenChange
from duoshou.engine import Backend
from duoshou.model import Period, Text
from duoshou.model.numbers import relative_change

if TYPE_CHECKING:
    from ibis.expr.types import Table

ADS = "ad_period"
OF = ["account", "report_level", "campaign"]
BOUND = 0.01
LEAST_BOUND_DAYS = 5
LEAST_STEP = 0.05
ON, OFF = "on", "off"
STATES = {ON: Text("投放", "running"), OFF: Text("停投", "paused")}
NOTHING = "-"
"""What stands for a campaign where a file has none."""


def advertising_changes(backend: Backend, period: Period, shop: str | None) -> list[SeenChange]:
    """Return what was changed in the plans of a period."""
    if not backend.has_table(ADS):
        return []
    rows = _rows(backend, period, shop)
    found = [*_bids(backend, rows), *_budgets(backend, rows), *_campaigns(backend, rows)]
    return sorted(found, key=lambda one: (one.day, one.kind, one.subjects))


def _rows(backend: Backend, period: Period, shop: str | None) -> Table:
    rows: Any = backend.table(ADS)
    wanted = [rows["campaign"].notnull(), rows["campaign"] != NOTHING, rows["campaign"] != ""]
    wanted += [rows["day"] >= period.start, rows["day"] <= period.end]
    if shop is not None:
        wanted.append(rows["shop"] == shop)
    return rows.filter(*wanted)


def _bids(backend: Backend, rows: Any) -> list[SeenChange]:
    keys = [*OF, "ad_group", "target"]
    known = rows.filter(rows["bid"] > 0)
    seen = known.select(*keys, "day", value=known["bid"], units=1)
    steps: dict[tuple[str, date], list[dict[str, Any]]] = defaultdict(list)
    for row in backend.execute(level_changes(seen, keys)).to_pylist():
        steps[row["campaign"], row["day"]].append(row)
    return [_bid(campaign, day, found) for (campaign, day), found in steps.items()]


def _bid(campaign: str, day: date, found: Sequence[dict[str, Any]]) -> SeenChange:
    typical = relative_change(median(float(row["after"] / row["before"]) - 1 for row in found))
    one = found[0]
    before, after = (f"{one[name]:.2f}" for name in ("before", "after"))
    if len(found) > 1:
        before, after = "", typical
    return SeenChange(
        BID,
        day,
        max(row["last_before"] for row in found),
        (("campaign", campaign),),
        Text(before, before),
        Text(after, after),
        Text(f"{len(found)} 个出价，中位 {typical}", f"{len(found)} bids, median {typical}"),
    )


def _budgets(backend: Backend, rows: Any) -> list[SeenChange]:
    """Return the budgets that were changed, as far as they bound before and after."""
    import ibis

    costs = rows.group_by([*OF, "day"]).agg(cost=rows["cost"].sum().cast("float64"))
    costs = costs.filter(costs["cost"] > 0)
    order: Any = ibis.window(group_by=OF, order_by="day")
    costs = costs.mutate(former=costs["cost"].lag().over(order))
    loose: Any = costs["former"].isnull() | ((costs["cost"] / costs["former"] - 1).abs() > BOUND)
    passed: Any = ibis.cumulative_window(group_by=OF, order_by="day")
    costs = costs.mutate(run=loose.cast("int64").sum().over(passed))
    runs = costs.group_by([*OF, "run"]).agg(
        day=costs["day"].min(), last=costs["day"].max(), days=costs.count(), cost=costs["cost"].mean()
    )
    bound = runs.filter(runs["days"] >= LEAST_BOUND_DAYS)
    order = ibis.window(group_by=OF, order_by="day")
    bound = bound.mutate(before=bound["cost"].lag().over(order), last_before=bound["last"].lag().over(order))
    changed = bound.filter((bound["cost"] / bound["before"] - 1).abs() >= LEAST_STEP)
    return [_budget(row) for row in _one_level(backend.execute(changed).to_pylist())]


def _budget(row: dict[str, Any]) -> SeenChange:
    before, after = (f"{row[name]:.2f}" for name in ("before", "cost"))
    note = Text(
        f"花费连续 {row['days']} 天到顶；之前一次到顶到 {row['last_before']}",
        f"the cost stood at a limit for {row['days']} days; at the former one until {row['last_before']}",
    )
    subjects = (("campaign", row["campaign"]),)
    return SeenChange(BUDGET, row["day"], row["last_before"], subjects, Text(before, before), Text(after, after), note)


def _campaigns(backend: Backend, rows: Any) -> list[SeenChange]:
    """Return the campaigns that begin or stop; a day counts only where the file of that day is there."""
    import ibis

    place = ["account", "report_level"]
    active = rows.group_by([*OF, "day"]).agg(
        weight=rows["impressions"].sum().coalesce(0) + rows["clicks"].sum().coalesce(0)
    )
    active = active.filter(active["weight"] > 0).select(*OF, "day", runs=ibis.literal(1))
    days = rows.select(*place, "day").distinct()
    campaigns = active.select(*OF).distinct()
    grid = campaigns.join(days, place)
    grid = grid.left_join(active, [*OF, "day"]).select(*OF, "day", "runs")
    seen = grid.select(*OF, "day", value=ibis.ifelse(grid["runs"].notnull(), ON, OFF), units=1)
    found = backend.execute(level_changes(seen, OF)).to_pylist()
    return [_campaign(row) for row in _one_level(found)]


def _campaign(row: dict[str, Any]) -> SeenChange:
    subjects = (("campaign", row["campaign"]),)
    before, after = STATES[row["before"]], STATES[row["after"]]
    note = Text(f"推广报表里 {row['day']} 起{after.zh}", f"{after.en} since {row['day']} by the advertising files")
    return SeenChange(CAMPAIGN, row["day"], row["last_before"], subjects, before, after, note)


def _one_level(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what one level of a campaign's reports tells: levels overlap, that with most rows tells it."""
    levels: dict[tuple[str, str], dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        levels[row["account"], row["campaign"]][row["report_level"]].append(row)
    best = [
        max(found.items(), key=lambda item: (item[0] == "plan", len(item[1]), item[0]))[1] for found in levels.values()
    ]
    return [row for found in best for row in found]
