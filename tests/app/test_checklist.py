"""Which files to fetch."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from tests.app.conftest import mall_file, put

from duoshou.app import Workbench
from duoshou.app.checklist import ChecklistError, State, wanted_day

TODAY = date(2026, 11, 19)
"""A Thursday; the week before ended on Sunday the 15th."""


@pytest.mark.parametrize(
    ("cadence", "today", "wanted"),
    [
        ("daily", date(2026, 11, 19), date(2026, 11, 18)),
        ("weekly", date(2026, 11, 19), date(2026, 11, 15)),
        ("weekly", date(2026, 11, 16), date(2026, 11, 15)),
        ("weekly", date(2026, 11, 15), date(2026, 11, 8)),
        ("monthly", date(2026, 11, 19), date(2026, 10, 31)),
        ("monthly", date(2026, 3, 1), date(2026, 2, 28)),
        ("occasional", date(2026, 11, 19), None),
    ],
)
def test_the_day_that_a_file_should_reach(cadence: str, today: date, wanted: date | None) -> None:
    """Yesterday, last Sunday, the end of last month: as written in the rules, worked out on a calendar."""
    assert wanted_day(cadence, today) == wanted


@pytest.mark.parametrize(
    ("cadence", "last", "state"),
    [
        ("daily", date(2026, 11, 18), State.CURRENT),
        ("daily", date(2026, 11, 17), State.STALE),
        ("weekly", date(2026, 11, 15), State.CURRENT),
        ("weekly", date(2026, 11, 14), State.STALE),
        ("monthly", date(2026, 10, 31), State.CURRENT),
        ("monthly", date(2026, 10, 30), State.STALE),
        ("occasional", date(2026, 1, 31), State.OCCASIONAL),
    ],
)
def test_a_file_is_late_by_its_cadence(mall: Workbench, cadence: str, last: date, state: State) -> None:
    """One day short of the wanted day is late, and the days to fetch are the missing ones."""
    put(mall, "file.csv", mall_file(cadence, last - timedelta(days=3), last), "main", last + timedelta(days=1))
    found = mall.checklist(TODAY, shop="main", platform="testmall")
    item = next(item for item in found.items if item.layout == f"x{cadence}")
    assert (item.state, item.last_day) == (state, last)
    if state is State.STALE:
        assert (item.first_missing, item.last_missing) == (last + timedelta(days=1), wanted_day(cadence, TODAY))
        assert found.due == (item,)
    else:
        assert (item.first_missing, found.due) == (None, ())


def test_late_comes_first_and_optional_last(mall: Workbench) -> None:
    """What is late leads, then what is fetched most often; never imported files follow, the most telling first."""
    for cadence in ("daily", "weekly"):
        put(mall, f"{cadence}.csv", mall_file(cadence, date(2026, 11, 1), date(2026, 11, 10)), "main", TODAY)
    found = mall.checklist(TODAY, shop="main")
    own = [item for item in found.items if item.platform == "testmall"]
    assert [item.layout for item in own] == ["xdaily", "xweekly", "xmonthly", "xoccasional"]
    assert [item.state for item in own] == [State.STALE, State.STALE, State.OPTIONAL, State.OPTIONAL]
    assert "score_logistics" in own[2].metrics
    assert "visitors" not in own[2].metrics
    assert "物流" in found.gains(own[2]).zh
    assert own[3].metrics == ()


def test_optional_files_are_ordered_by_what_they_tell(mall: Workbench) -> None:
    """Each further file makes at most as many metrics possible as the one before it, and fills a table."""
    put(mall, "daily.csv", mall_file("daily", date(2026, 11, 1), date(2026, 11, 10)), "main", TODAY)
    items = mall.checklist(TODAY, shop="main", platform="taobao").items
    gains = [len(item.metrics) for item in items]
    assert {item.state for item in items} == {State.OPTIONAL}
    assert gains == sorted(gains, reverse=True)
    assert gains[0] > 0
    assert all(item.tables for item in items)
    # Visitors are known already from the shop's own file, so no other file makes them possible.
    assert not [item.layout for item in items if "visitors" in item.metrics]


def test_only_platforms_in_use_are_listed(mall: Workbench) -> None:
    """A shop without files has nothing to fetch until a platform is named."""
    put(mall, "daily.csv", mall_file("daily", date(2026, 11, 1), date(2026, 11, 10)), "main", TODAY)
    used = {(item.shop, item.platform) for item in mall.checklist(TODAY).items}
    # What a shop keeps itself is on offer wherever there is a shop.
    assert used == {("main", "testmall"), ("main", "shop")}
    named = mall.checklist(TODAY, shop="other", platform="testmall")
    assert {item.state for item in named.items} == {State.OPTIONAL}
    with pytest.raises(ChecklistError) as caught:
        mall.checklist(TODAY, platform="nowhere")
    assert "testmall" in str(caught.value.hint)


def test_a_past_day_knows_nothing_of_later_exports(mall: Workbench) -> None:
    """On the morning of the 12th the export of the 19th was not there yet."""
    put(mall, "early.csv", mall_file("daily", date(2026, 11, 1), date(2026, 11, 10)), "main", date(2026, 11, 11))
    put(mall, "late.csv", mall_file("daily", date(2026, 11, 11), date(2026, 11, 18)), "main", TODAY)
    (item,) = [item for item in mall.checklist(date(2026, 11, 12), shop="main").items if item.layout == "xdaily"]
    assert (item.state, item.last_day) == (State.STALE, date(2026, 11, 10))
    (item,) = [item for item in mall.checklist(TODAY, shop="main").items if item.layout == "xdaily"]
    assert item.state is State.CURRENT


def test_a_replaced_file_is_judged_by_its_export(mall: Workbench) -> None:
    """When newer files replaced all its rows, the time of the export stands for the reach, and it is said so."""
    day = date(2026, 11, 10)
    put(mall, "old.csv", mall_file("daily", day, day), "main", date(2026, 11, 11))
    newer = mall.workspace.directory / "layouts" / "xnewer.toml"
    text = (newer.parent / "xdaily.toml").read_text(encoding="utf-8").replace("xdaily", "xnewer")
    newer.write_text(text, encoding="utf-8")
    again = type(mall)(mall.workspace, mall.settings)
    put(again, "new.csv", mall_file("daily", day, day).replace("xdaily", "xnewer").replace("480", "481"), "main", TODAY)
    item = next(item for item in again.checklist(TODAY, shop="main").items if item.layout == "xdaily")
    assert item.inferred
    assert item.last_day == day


def test_json_names_every_file_with_its_rules(mall: Workbench) -> None:
    """The object has the day, the rules in words, and one entry for each file."""
    put(mall, "daily.csv", mall_file("daily", date(2026, 11, 1), date(2026, 11, 10)), "main", TODAY)
    shape = json.loads(json.dumps(mall.checklist(TODAY, shop="main").to_dict("en")))
    assert shape["date"] == "2026-11-19"
    assert "yesterday" in shape["rules"]
    assert shape["files"][0]["fetch"] == {"from": "2026-11-11", "to": "2026-11-18"}
    assert shape["files"][0]["menu"] == "Console → xdaily"


def test_the_daily_job_says_what_to_fetch(mall: Workbench) -> None:
    """The result of the daily job holds the list of the next morning."""
    put(mall, "daily.csv", mall_file("daily", date(2026, 11, 1), date(2026, 11, 10)), "main", date(2026, 11, 11))
    done = mall.run_day(date(2026, 11, 11))
    assert done.checklist.day == date(2026, 11, 12)
    assert [item["layout"] for item in done.to_dict()["checklist"]] == ["xdaily"]
