"""Troubles of the business in the daily job: judged once, then as people decided."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from duoshou.app import Workbench, create_workspace, daily, open_workbench
from duoshou.app.diagnosis import Told, faulty_days, is_unjudged, known_of
from duoshou.model import Cause, Confidence, Evidence, EvidenceType, Finding, Period, Subject, Text, Unjudged, Untold
from duoshou.state import decline

DAY = date(2026, 7, 20)
TROUBLE = Finding(
    "diagnosis.product",
    Subject("product", "61", "连衣裙"),
    Period(date(2026, 7, 14), DAY),
    DAY,
    Text("搜索访客下降", "search visitors fell"),
    Confidence.LIKELY,
    causes=(Cause("rank_lost", Subject("product", "61", ""), None, 1.0),),
)


class Judge:
    """Tells the same trouble every time, and counts how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, *_: object) -> Told:
        """Return the trouble."""
        self.asked += 1
        return Told((TROUBLE,), frozenset())


@pytest.fixture
def judge(monkeypatch: pytest.MonkeyPatch) -> Judge:
    """A diagnosis that always finds the same."""
    found = Judge()
    monkeypatch.setattr(daily, "diagnose", found)
    return found


@pytest.fixture
def shop(tmp_path: Path) -> Workbench:
    """An empty workspace."""
    create_workspace(tmp_path / "shop", "shop")
    return open_workbench(tmp_path / "shop")


def kinds(workbench: Workbench) -> list[str]:
    """Return the kinds of the findings of the day."""
    return [one.kind for one in workbench.findings(DAY)]


def test_a_day_that_was_run_is_not_judged_again(shop: Workbench, judge: Judge) -> None:
    """The findings of a day are those that the daily job told; before it has run they are judged when asked for."""
    assert kinds(shop) == ["diagnosis.product"]
    shop.run_day(DAY)
    assert judge.asked == 2
    assert kinds(shop) == ["diagnosis.product"]
    assert judge.asked == 2


def test_a_trouble_that_was_declined_does_not_come_back(shop: Workbench, judge: Judge) -> None:
    """Neither when the findings are asked for again, nor when the day is run again."""
    shop.run_day(DAY)
    decline(shop.state, "main", TROUBLE.id, on=DAY, by="小王", reason="换季")
    assert kinds(shop) == []
    assert list(shop.run_day(DAY).findings) == []


def test_faults_of_data_need_no_diagnosis(shop: Workbench, judge: Judge) -> None:
    """Whoever asks for data findings, or for a book that tells no troubles, does not wait for a diagnosis."""
    shop.findings(DAY, kind="data")
    shop.findings(DAY, kind="data.missing_day")
    shop.report("weekly", day=DAY)
    assert judge.asked == 0


def test_what_was_told_is_known_to_the_next_judgement() -> None:
    """Place, first and last day, whether it made money, and the likeliest cause come back from a finding."""
    known = known_of(TROUBLE)
    assert (known.type, known.name, known.start, known.last, known.good) == (
        "product",
        "61",
        date(2026, 7, 14),
        DAY,
        False,
    )


def test_a_long_fault_hides_the_days_that_it_names_only() -> None:
    """Days in the evidence are the faulty ones; a fault without them hides its whole period."""
    named = (date(2026, 6, 1), date(2026, 6, 30))
    rows = tuple((day, 1) for day in named)
    evidence = Evidence("rows", EvidenceType.TABLE, Text("行", "rows"), ("day", "row"), rows)
    fault = Finding(
        "data.contradiction",
        Subject("data", "main/orders", "订单"),
        Period(*named),
        DAY,
        Text("对不上", "differs"),
        Confidence.LIKELY,
        evidence=(evidence,),
    )
    assert faulty_days(fault) == set(named)
    bare = Finding(fault.kind, fault.subject, fault.period, DAY, fault.headline, fault.confidence)
    assert len(faulty_days(bare)) == 30


def test_what_could_not_be_judged_is_told_on_the_day_and_later(
    shop: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The job's own words come back when the day is asked for again, and only where they bear on the question."""
    late = Unjudged(("diagnosis.campaign",), Untold.LATE, True, Text("推广计划：只到 7-18", "campaigns: until 7-18"))
    monkeypatch.setattr(daily, "diagnose", lambda *_: Told((), frozenset(), (late,)))
    assert shop.findings(DAY).unjudged == (late,)
    done = shop.run_day(DAY)
    assert done.findings.unjudged == (late,)
    assert done.to_dict()["unjudged"] == [late.to_dict()]
    monkeypatch.setattr(daily, "diagnose", lambda *_: pytest.fail("judged again"))
    assert shop.findings(DAY).to_dict()["unjudged"] == [late.to_dict()]
    assert shop.findings(DAY, kind="diagnosis").unjudged == (late,)
    assert shop.findings(DAY, kind="diagnosis.product").unjudged == ()
    assert shop.findings(DAY, kind="data").unjudged == ()
    sheet = openpyxl.load_workbook(done.reports[0])["发现"]
    assert "推广计划：只到 7-18" in {str(cell.value) for row in sheet.iter_rows() for cell in row}


def test_a_shop_without_history_is_not_judged_and_says_so(shop: Workbench) -> None:
    """Nothing imported: the business cannot be judged, and no finding is not the same as well."""
    (told,) = shop.findings(DAY).unjudged
    assert (told.kinds, told.reason, told.whole) == (("diagnosis",), Untold.NO_DATA, True)


def test_a_trouble_that_could_not_be_judged_is_not_over() -> None:
    """Of a kind of which nothing was judged nobody knows whether it goes on; a part that is missing stops nothing."""
    whole = Unjudged(("diagnosis.product",), Untold.LATE, True, Text("", ""))
    assert is_unjudged("diagnosis.product", [whole])
    assert not is_unjudged("diagnosis.shop", [whole])
    assert is_unjudged("diagnosis.shop", [replace(whole, kinds=("diagnosis",))])
    assert not is_unjudged("diagnosis.product", [replace(whole, whole=False)])


def test_the_last_sound_day_before_a_gap_is_not_faulty() -> None:
    """A source that ends early names its last day as evidence; that day is looked at."""
    gap = Period(date(2026, 6, 3), date(2026, 6, 5))
    evidence = Evidence("reach", EvidenceType.TABLE, Text("到", "reach"), ("day", "row"), ((date(2026, 6, 2), 1),))
    stale = Finding(
        "data.stale_source",
        Subject("data", "main/shop", "店铺"),
        gap,
        DAY,
        Text("只到", "ends"),
        Confidence.CERTAIN,
        evidence=(evidence,),
    )
    assert faulty_days(stale) == set(gap)
