"""New notices are pushed once to whoever gets those of their role; tasks that are due stand in the digest."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from tests.app.conftest import make_workbench
from tests.app.loop.test_lateness import told
from tests.app.test_digest import blocks
from tests.app.test_digest import day as digest_day
from tests.app.test_pushing import having, push_to, robot, sender, texts
from tests.loop.conftest import new_task
from tests.reports.push.robot import Robot

from duoshou.app import Workbench
from duoshou.app.digest import day_of_shop, digest
from duoshou.app.pushing import Pushing, push_after_run
from duoshou.loop.notices import acknowledge, list_notices
from duoshou.loop.task import Expected
from duoshou.loop.tasks import decline_task, propose
from duoshou.model import Role
from duoshou.reports.push import Sender

__all__ = ["robot", "sender"]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Workbench]:
    """A shop in which a change was told to two roles just now."""
    workbench = make_workbench(tmp_path)
    told(workbench, 0)
    yield workbench
    workbench.close()


def pushing(workbench: Workbench, sender: Sender) -> Pushing:
    """Return a round of now."""
    return Pushing(workbench, sender, datetime.now(UTC))


def test_new_notices_go_to_their_role_once(shop: Workbench, robot: Robot, sender: Sender) -> None:
    """The group of the service desk hears of its notice, another of all; a second round has nothing to tell."""
    desk = push_to(robot, "客服群", what=("notices",), roles=(Role.SERVICE,))
    having(shop, robot, desk, push_to(robot, "总群", what=("notices",)), push_to(robot, "日报", what=("digest",)))
    assert pushing(shop, sender).is_pending()
    assert [one.target for one in pushing(shop, sender).changes().deliveries] == ["客服群", "总群"]
    first, second = texts(robot)
    assert "客服" in first
    assert "推广" not in first
    assert "推广" in second
    assert "编号 1" in first
    assert pushing(shop, sender).changes().deliveries == ()
    assert not pushing(shop, sender).is_pending()


def test_what_did_not_arrive_is_told_the_next_time(shop: Workbench, robot: Robot, sender: Sender) -> None:
    """A notice counts as told when the robot took it, and waits meanwhile."""
    having(shop, robot, push_to(robot, what=("notices",)))
    robot.answers.extend([(500, b"", {})] * 20)
    assert pushing(shop, sender).changes().needs_person
    robot.answers.clear()
    robot.received.clear()
    assert pushing(shop, sender).is_pending()
    assert not pushing(shop, sender).waiting().needs_person
    assert len(texts(robot)) == 1


def test_acknowledged_and_old_notices_are_no_news(shop: Workbench, robot: Robot, sender: Sender) -> None:
    """Whoever set a robot up today is not told of what was done long ago."""
    having(shop, robot, push_to(robot, what=("notices",)))
    for one in list_notices(shop.state, "main")[0]:
        acknowledge(shop.state, "main", one.id, by="小李")
    told(shop, 100)
    assert not pushing(shop, sender).is_pending()
    assert pushing(shop, sender).changes().deliveries == ()


def test_the_daily_job_pushes_notices(shop: Workbench, robot: Robot, sender: Sender) -> None:
    """What was recorded since the last round goes out with the day."""
    having(shop, robot, push_to(robot, what=("notices",)))
    assert [one.sent for one in push_after_run(shop, shop.run_day(), sender).deliveries] == [True]


def test_due_and_overdue_tasks_are_in_the_digest(shop: Workbench) -> None:
    """Whoever has it and how late it is are said; what is due later or declined is not there."""
    today = datetime.now(UTC).date() + timedelta(days=1)
    late = today - timedelta(days=3)
    far = Expected("visitors", 0.1, today + timedelta(days=60))
    propose(shop.state, "main", new_task(due_on=late, expected=far), by="小王")
    propose(shop.state, "main", new_task(title="以后再说", due_on=today + timedelta(days=30), expected=far), by="小王")
    declined = propose(shop.state, "main", new_task(title="不做", due_on=late, expected=far), by="小王")
    decline_task(shop.state, "main", declined.id, reason="换季", by="小王")
    message = digest(day_of_shop(shop, date(2026, 11, 18), None), "zh")
    (line,) = blocks(message)["今天要做完的任务 1 个"]
    assert line.startswith("换回上一版主图（美工，逾期 ")


@pytest.mark.parametrize(("language", "words"), [("zh", "逾期 2 天"), ("en", "2 days late")])
def test_the_digest_says_how_late(shop: Workbench, language: str, words: str) -> None:
    """In either language."""
    task = propose(shop.state, "main", new_task(), by="小王")
    told_day = digest_day(tasks=(task,), today=task.what.due_on + timedelta(days=2))
    assert any(words in line for block in digest(told_day, language).blocks for line in block.lines)  # type: ignore[arg-type]
