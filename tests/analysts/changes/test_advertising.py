"""Bids, budgets and campaigns."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from tests.analysts.changes.conftest import PERIOD, day
from tests.analysts.conftest import Opened

from duoshou.analysts.changes.advertising import advertising_changes


def campaign(key: str, days: Iterable[int], **values: Callable[[int], Any]) -> list[dict[str, Any]]:
    """Return a row for each day on which a campaign ran; values are told by the day's number."""
    fixed: dict[str, Callable[[int], Any]] = {"impressions": lambda _: 100, "cost": lambda _: None}
    return [
        {"campaign": key, "day": day(number), **{name: value(number) for name, value in (fixed | values).items()}}
        for number in days
    ]


def test_a_new_bid_is_told(opened: Opened) -> None:
    """A file that has bids tells when one became another."""
    rows = campaign("7", range(40), bid=lambda number: "1.20" if number < 25 else "1.50")
    (one,) = advertising_changes(opened(ad_period=rows), PERIOD, "main")
    assert (one.kind, one.day, one.subjects) == ("bid", day(25), (("campaign", "7"),))
    assert (one.before.zh, one.after.zh) == ("1.20", "1.50")


def test_bids_of_a_campaign_on_one_day_are_one_change(opened: Opened) -> None:
    """Forty words raised by a quarter at once are one decision."""
    rows = [
        {**one, "report_level": "keyword", "target": str(word)}
        for word in range(40)
        for one in campaign("7", range(40), bid=lambda number: "1.00" if number < 25 else "1.25")
    ]
    (one,) = advertising_changes(opened(ad_period=rows), PERIOD, "main")
    assert (one.before.zh, one.after.zh) == ("", "+25.0%")
    assert "40" in one.note.zh


def test_a_budget_shows_where_it_binds(opened: Opened) -> None:
    """Two stretches of days that cost the same, at different costs, are a budget that was changed."""
    rows = campaign("7", range(40), cost=lambda number: (300 if number < 20 else 450) + number % 3)
    (one,) = advertising_changes(opened(ad_period=rows), PERIOD, "main")
    assert (one.kind, one.day, one.last_before) == ("budget", day(20), day(19))
    assert float(one.after.zh) / float(one.before.zh) > 1.4


def test_free_costs_are_no_budget(opened: Opened) -> None:
    """A campaign that no budget binds costs something else every day, also when it grows."""
    generator = np.random.default_rng(3)
    costs = [round(float(one), 2) for one in np.linspace(100, 300, 120) * generator.lognormal(0, 0.1, 120)]
    rows = campaign("7", range(120), cost=costs.__getitem__)
    assert advertising_changes(opened(ad_period=rows), PERIOD, "main") == []


def test_campaigns_begin_and_stop(opened: Opened) -> None:
    """A day counts where the file of the day is there, which the other campaigns show."""
    rows = [*campaign("1", range(60)), *campaign("2", range(25, 60)), *campaign("3", range(40))]
    begins, stops = advertising_changes(opened(ad_period=rows), PERIOD, "main")
    assert (begins.subjects, begins.day, begins.after.zh) == ((("campaign", "2"),), day(25), "投放")
    assert (stops.subjects, stops.day, stops.after.zh) == ((("campaign", "3"),), day(40), "停投")


def test_a_missing_file_stops_nothing(opened: Opened) -> None:
    """Days without any file are unknown, not idle; nor are two idle days a stop."""
    rows = [*campaign("1", [*range(20), *range(35, 60)]), *campaign("2", [*range(20), *range(37, 60)])]
    assert advertising_changes(opened(ad_period=rows), PERIOD, "main") == []


def test_levels_of_a_report_are_told_once(opened: Opened) -> None:
    """The same campaign at the level of plans and of items begins once."""
    plans = [*campaign("1", range(60)), *campaign("2", range(25, 60))]
    rows = [*plans, *({**one, "report_level": "item", "target": "9"} for one in plans)]
    assert len(advertising_changes(opened(ad_period=rows), PERIOD, "main")) == 1
