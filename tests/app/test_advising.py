"""Advice in the daily job: looked for once a week, told after the troubles, answered by the playbook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.state.conftest import finding

from duoshou.analysts.advice_kinds import ADVICE_KINDS, is_advice
from duoshou.app import Workbench, advising, create_workspace, open_workbench
from duoshou.app.advising import ADVISERS, LEAST_DAYS, Adviser, advised
from duoshou.app.loop.advice import advise_on
from duoshou.app.pages.today import today
from duoshou.cli.finding_text import findings_text
from duoshou.cli.session import Session
from duoshou.loop.playbook import shipped_book
from duoshou.model import Comparison, DuoshouError, Finding, Text
from duoshou.state import record_day

MONDAY = date(2026, 7, 6)
BUNDLE = "basket.bundle"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workbench]:
    """Return a workspace whose data are old enough for advice."""
    create_workspace(tmp_path / "shop", "shop")
    monkeypatch.setattr(advising, "first_day", lambda *_: MONDAY - timedelta(days=LEAST_DAYS))
    with open_workbench(tmp_path / "shop") as workbench:
        yield workbench


@dataclass
class Looking:
    """An adviser's look that counts how often it was asked."""

    found: Sequence[Finding] = ()
    lacks: bool = False
    asked: list[date] = field(default_factory=list)

    def __call__(self, _: Workbench, day: date, __: str) -> Sequence[Finding]:
        """Return what it was given, or say that data are missing."""
        self.asked.append(day)
        if self.lacks:
            raise DuoshouError("no_table", Text("没有订单", "no orders"))
        return self.found


def told(workbench: Workbench, day: date, advisers: Sequence[Adviser]) -> list[Finding]:
    """Look for advice on a day, record it, and return it."""
    found = advised(workbench, day, "main", advisers)
    record_day(workbench.state, "main", day, found.findings, unjudged=found.unjudged)
    return list(found.findings)


def test_advice_is_looked_for_once_a_week(shop: Workbench) -> None:
    """What was told on Monday is told until Sunday without another look, and looked for anew on Monday."""
    look = Looking([finding("A", kind=BUNDLE)])
    advisers = [Adviser("basket", look)]
    days = [MONDAY + timedelta(days=number) for number in range(8)]
    assert [len(told(shop, day, advisers)) for day in days] == [1] * 8
    assert look.asked == [MONDAY, MONDAY + timedelta(days=7)]


def test_an_adviser_without_data_stops_nobody_and_closes_nothing(shop: Workbench) -> None:
    """The others are heard, and of its family nothing counts as looked for."""
    other = Looking([finding("B", kind="customers.due")])
    found = advised(shop, MONDAY, "main", [Adviser("basket", Looking(lacks=True)), Adviser("customers", other)])
    assert [one.kind for one in found.findings] == ["customers.due"]
    assert found.unjudged == {"basket"}


def test_a_young_shop_is_not_advised(shop: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight weeks are the least."""
    look = Looking()
    monkeypatch.setattr(advising, "first_day", lambda *_: MONDAY - timedelta(days=LEAST_DAYS - 1))
    assert advised(shop, MONDAY, "main", [Adviser("basket", look)]).unjudged == {"basket"}
    monkeypatch.setattr(advising, "first_day", lambda *_: None)
    assert advised(shop, MONDAY, "main", [Adviser("basket", look)]).unjudged == {"basket"}
    assert look.asked == []


def test_every_kind_of_advice_has_a_name_an_adviser_and_an_answer() -> None:
    """A kind is known to the page of findings and to the playbook, and its family to the daily job."""
    kinds = {one for one in ADVICE_KINDS if "." in one}
    families = {one for one in ADVICE_KINDS if "." not in one}
    assert families == {one.partition(".")[0] for one in kinds} == {one.family for one in ADVISERS}
    assert [kind for kind in sorted(kinds) if not shipped_book().answers(kind)] == []
    assert is_advice(BUNDLE)
    assert not is_advice("diagnosis.product")


def test_advice_stands_apart_from_troubles(shop: Workbench) -> None:
    """The first screen has it in a list of its own, at most three, worth most first."""
    advice = [
        finding(name, amount, kind=BUNDLE) for name, amount in zip("ABCDE", ("1", "2", "3", "4", "5"), strict=True)
    ]
    trouble = finding("T", "0.5", kind="diagnosis.product")
    record_day(shop.state, "main", MONDAY, [trouble, *advice])
    page = today(shop, MONDAY, None, Comparison.WEEK, costs=True)
    assert [one.subject.id for one in page.findings] == ["T"]
    assert [one.subject.id for one in page.advice] == ["E", "D", "C"]
    assert all(one.impact is not None for one in page.advice)
    hidden = today(shop, MONDAY, None, Comparison.WEEK, costs=False)
    assert [(one.subject.id, one.impact) for one in hidden.advice] == [("E", None), ("D", None), ("C", None)]
    assert hidden.findings[0].impact is not None
    session = Session()
    session.choose_language("en")
    text = findings_text([trouble, *advice], session)
    assert text.index("Worth doing") > text.index("T lost visitors")


def test_advice_becomes_a_task_by_the_playbook(shop: Workbench) -> None:
    """The entries that answer its kind are what is advised."""
    assert [one.entry.key for one in advise_on(shop, finding("A", kind=BUNDLE), "main")] == ["bundle_test"]
