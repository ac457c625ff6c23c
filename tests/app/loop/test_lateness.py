"""Notices that nobody acknowledged are a finding until somebody does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.app.conftest import make_workbench
from tests.loop.conftest import new_change

from duoshou.app import Workbench
from duoshou.app.days import yesterday
from duoshou.app.loop.lateness import KIND, late_findings, over_since
from duoshou.loop.changes import record_in
from duoshou.loop.notices import acknowledge, list_notices
from duoshou.loop.propagation import Rule
from duoshou.model import Finding, Role
from duoshou.state import day_list, history
from duoshou.state.audit import MOMENT

RULES = (
    Rule("s", ("main_image",), Role.SERVICE, 2, "{subject}换了主图", "{subject} has a new image"),
    Rule("p", ("main_image",), Role.PROMOTION, 48, "{subject}换了主图", "{subject} has a new image"),
)


def told(workbench: Workbench, hours: float) -> None:
    """Tell both roles of a change, as of some hours ago."""
    with workbench.state.writing("小王", "main") as session:
        session.info[MOMENT] = datetime.now(UTC) - timedelta(hours=hours)
        record_in(session, "main", new_change(), rules=RULES, task=None, by="小王")


@pytest.fixture
def shop(tmp_path: Path) -> Workbench:
    """A shop in which a change was told to two roles ten hours ago; one of them had two hours for it."""
    workbench = make_workbench(tmp_path)
    told(workbench, 10)
    return workbench


def late(workbench: Workbench) -> list[Finding]:
    """Return what is told of yesterday."""
    return late_findings(workbench, "main", yesterday(workbench.settings.timezone))


def test_only_who_is_late_is_told_of(shop: Workbench) -> None:
    """The finding says who, what and for how long, and what to do."""
    (one,) = late(shop)
    assert (one.kind, one.subject.type, one.subject.id) == (KIND, "role", "service")
    assert "1 条" in one.headline.zh
    assert "8 小时" in one.headline.zh
    assert "羽绒服换了主图" in one.recommendations[0].why.zh
    assert one.evidence[0].rows[0][0] == list_notices(shop.state, "main", role=Role.SERVICE)[0][0].id


def test_it_is_one_finding_for_a_role(shop: Workbench) -> None:
    """A second late notice of the same role is told with the first, under its id."""
    (before,) = late(shop)
    told(shop, 5)
    (after,) = late(shop)
    assert after.id == before.id
    assert "2 条" in after.headline.zh


def test_the_daily_job_records_it_and_closes_it(shop: Workbench) -> None:
    """It is among the findings of the day until the notice is acknowledged, and solved with the next run."""
    done = shop.run_day()
    (one,) = [each for each in done.findings if each.kind == KIND]
    assert [each.kind for each in shop.findings(kind="loop")] == [KIND]
    notice = list_notices(shop.state, "main", role=Role.SERVICE)[0][0]
    acknowledge(shop.state, "main", notice.id, by="小李")
    assert [each.kind for each in shop.findings(kind="loop")] == []
    assert over_since(shop, "main", late(shop)) == {one.id}
    assert KIND not in {each.kind for each in shop.run_day().findings}
    (past,) = history(shop.state, "main", kind=KIND)
    assert past.finding.status == "solved"
    assert KIND not in {each.kind for each in day_list(shop.state, "main", done.day).shown}


def test_an_older_day_knows_nothing_of_what_is_late_now(shop: Workbench) -> None:
    """Judging a day of last month again tells of no notice that was made since."""
    assert late_findings(shop, "main", yesterday("Asia/Shanghai") - timedelta(days=30)) == []
