"""Paid promotion of a workspace: the study is made once, and every wish plans its bids on it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.layouts.files import delimited

from duoshou.analysts.advertising import AdGround, AdQuestion, BidWish, ad_ground
from duoshou.app import Workbench, create_workspace, open_workbench
from duoshou.app.advertising import advertising_of
from duoshou.app.bid_wishes import WishError, bid_wish, wish_of
from duoshou.app.memory import AnswerMemory
from duoshou.state import open_state

HEAD: list[object] = [
    "日期",
    "计划",
    "推广维度",
    "名称",
    "归因天数",
    "出价",
    "展现量",
    "点击量",
    "花费",
    "成交笔数",
    "成交金额",
]
WISHES = (
    BidWish(),
    BidWish(90.0),
    BidWish(60.0, 0.1),
    BidWish(None, 0.5, (("主推", 0.5),)),
    BidWish(80.0, 0.25, (("red shoe", 1.0), ("nobody", 1.0))),
    BidWish(current=(("主推", "red shoe", 1.5), ("主推", "shoe", 9.0))),
)


def words_file(days: int = 70) -> bytes:
    """Return a sheet of four keywords whose bids move, by day."""
    rows: list[list[object]] = [HEAD]
    for number in range(days):
        day = (date(2026, 6, 1) + timedelta(days=number)).isoformat()
        for place, name in enumerate(("red shoe", "shoe", "boot", "sandal")):
            bid = round((1 + place) * (1.1 if (number // 7 + place) % 2 else 0.9), 2)
            clicks = 40 - 6 * place + number % 5
            orders = (clicks + number % 3) // (8 + 4 * place)
            rows.append(
                [day, "主推", "关键词", name, 15, bid, 900, clicks, round(clicks * bid * 0.6, 2), orders, orders * 60]
            )
    return delimited(rows)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Workbench]:
    """Return a workspace of four keywords that remembers as a server does."""
    folder = tmp_path / "shop"
    create_workspace(folder, "shop", "CNY", "Asia/Shanghai", "zh")
    file = tmp_path / "words.csv"
    file.write_bytes(words_file())
    with open_workbench(folder) as opened:
        opened.import_files([file])
        state = open_state(opened.workspace, opened.settings)
        yield opened.share(AnswerMemory(), state)
        state.close()


def test_a_wish_plans_bids_on_what_is_known_and_reads_no_report_again(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer to each wish is that of a study made for it alone, and the ground is made once for all of them."""
    made: list[AdQuestion] = []

    def counted(question: AdQuestion) -> AdGround:
        made.append(question)
        return ad_ground(question)

    with open_workbench(bench.workspace.directory) as alone:
        expected = [advertising_of(alone, wish=wish) for wish in WISHES]
    monkeypatch.setattr("duoshou.app.advertising.ad_ground", counted)
    found = [advertising_of(bench, wish=wish) for wish in (*WISHES, *WISHES)]
    assert [one.to_dict() for one in found] == [one.to_dict() for one in expected] * 2
    assert all(one.bids is not None for one in found)
    assert len({str(one.to_dict()["bids"]) for one in expected}) == len(WISHES)
    assert len(made) == 1


@pytest.mark.parametrize(
    ("budget", "step", "goals", "code"),
    [
        *((one, 0.25, (), "bad_budget") for one in (0.0, -1.0, float("nan"), float("inf"), 1e12, 0.001)),
        *((None, one, (), "bad_step") for one in (0.0, -0.1, float("nan"), float("inf"), 0.51)),
        (None, 0.25, (("主推", 1.0),) * 21, "too_many_goals"),
    ],
)
def test_what_cannot_be_wanted_is_told_with_what_can(
    budget: float | None, step: float, goals: tuple[tuple[str, float], ...], code: str
) -> None:
    """In both languages, with the bounds; the bounds themselves can be wanted."""
    with pytest.raises(WishError) as raised:
        bid_wish(budget, step, goals)
    assert raised.value.code == code
    assert raised.value.hint is not None
    assert bid_wish(0.01, 0.05, ()) == BidWish(0.01, 0.05)
    assert wish_of(1e9, 50, ["主推=1"]) == BidWish(1e9, 0.5, (("主推", 1.0),))


def test_a_budget_that_buys_no_click_is_told(bench: Workbench) -> None:
    """Less than the cheapest click costs: bids go down by their step, and it is said that it buys nothing."""
    plan = advertising_of(bench, wish=BidWish(0.05)).bids
    assert plan is not None
    assert any("buys not even one click" in one.en for one in plan.caveats)
    assert all(one.change >= -0.2501 for one in plan.bids)
    large = advertising_of(bench, wish=BidWish(1e9)).bids
    assert large is not None
    assert not any("not even one click" in one.en for one in large.caveats)
    assert all(one.new is not None and (one.change <= 0 or one.new <= one.limit) for one in large.bids)


def test_new_reports_are_not_answered_from_memory(bench: Workbench, tmp_path: Path) -> None:
    """What is remembered is of one state of the data: after an import bids are those of the new reports."""
    before = advertising_of(bench)
    file = tmp_path / "more.csv"
    file.write_bytes(words_file(80))
    bench.import_files([file])
    after = advertising_of(bench)
    assert before.bids is not None
    assert after.bids is not None
    assert after.bids.period.end == before.bids.period.end + timedelta(days=10)


def test_what_is_remembered_of_wishes_is_bounded(bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ground and plans count by their keywords: no number of wishes takes more than the memory may hold."""
    memory = AnswerMemory(most_rows=40)
    monkeypatch.setattr(bench, "_memory", memory)
    for budget in range(50, 90):
        advertising_of(bench, wish=BidWish(float(budget)))
    # Eight rows of the ground, four of each plan; the last complete day counts for none.
    assert len(memory) <= 10
    kept = len(memory)
    advertising_of(bench, wish=BidWish(current=(("主推", "shoe", 2.0),)))
    assert len(memory) == kept
