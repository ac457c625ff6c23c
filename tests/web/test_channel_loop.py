"""A channel in a real browser: from 渠道 to a planned test, a task, the changes, the effect, and back to 渠道."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.app.conftest import make_workbench, put
from tests.app.loop.test_channel_tests import CHANNEL, HIGH, LOW, SETTLING, START, WISH, files
from tests.browser import browsing, serving
from tests.cockpit import make_people
from tests.conftest import chromium
from tests.web.test_operators_day import LARGE, enter

from duoshou.analysts.channels import returns
from duoshou.app.channel_budgets import channels_of
from duoshou.loop.changes import NewChange, record
from duoshou.loop.trials import NewTrial, Trial, plan_trial
from duoshou.model import Subject
from duoshou.server.assembly import create_app
from duoshou.state import record_day
from duoshou.statistics.response import Effort, fit_response

pytestmark = pytest.mark.browser
SUBJECT = Subject("channel", CHANNEL, "关键词推广")


def make_shop(folder: Path) -> tuple[Path, Trial, str]:
    """Make a shop that has switched the spend of a channel; return it, that test, and the finding that asks for one."""
    with make_workbench(folder) as workbench:
        new = NewTrial("三月的花费轮换", SUBJECT, "pay_amount", START, WISH, "budget")
        trial = plan_trial(workbench.state, "main", new, by="小王", today=START - timedelta(days=1))
        spend = {day: HIGH if state == "照旧" else LOW for day, state in trial.schedule()}
        last = trial.ends_on + SETTLING
        for name, content in zip(("shop.csv", "plan.csv"), files(spend, last), strict=True):
            put(workbench, name, content, "main", last + timedelta(days=1))
        for day, state in trial.switches()[1:]:
            done = NewChange("budget", day, (SUBJECT,), after=state)
            record(workbench.state, "main", done, rules=(), by="小李")
        found = [one for one in channels_of(workbench, last).findings if one.kind == "channels.test"]
        record_day(workbench.state, "main", last, found)
        make_people(workbench)
        return workbench.workspace.directory, trial, found[0].id


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Page, str, Trial, str]]:
    """An operator's page before the served shop, its address, the test that has run, and the finding."""
    executable = chromium()
    assert executable is not None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(returns, "fit_response", partial(fit_response, effort=Effort(128, 60, 20, 8)))
        directory, trial, finding = make_shop(tmp_path_factory.mktemp("walk"))
        app = create_app(directory)
        with serving(app) as address, browsing(executable) as browser:
            page = browser.new_context(viewport=LARGE).new_page()
            page.set_default_timeout(60_000)
            enter(page, address, "operator")
            yield page, address, trial, finding
        app.state.house.close()


def test_a_channel_is_followed_from_its_page_to_its_effect(walked: tuple[Page, str, Trial, str]) -> None:
    """Each page leads to the next; what is typed on one stands on the other."""
    page, address, trial, finding = walked
    main = page.locator("main")

    page.goto(f"{address}/channels")
    page.get_by_role("link", name="去安排测试").first.click()
    page.wait_for_url("**/tests?*")
    expect(page.get_by_label("名称")).to_have_value(re.compile("关键词推广"))
    expect(page.locator("[name=subject_id]")).to_have_value(CHANNEL)
    expect(page.get_by_label("改的是什么")).to_have_value("budget")
    page.get_by_role("button", name="排好并保存").click()
    page.wait_for_url("**/tests/2*")
    expect(main).to_contain_text("还没开始")
    expect(page.locator("ol.switches li").first).to_be_visible()

    page.goto(f"{address}/findings/{finding}")
    page.get_by_role("link", name=re.compile("派任务")).first.click()
    page.get_by_label("给哪个岗位").select_option("operator")
    page.get_by_role("button", name="派出去").click()
    page.wait_for_url("**/board/tasks/*")
    task = page.url
    expect(page.get_by_role("link", name="先做个测试")).to_have_attribute("href", re.compile("/tests"))
    page.get_by_role("button", name="接下").click()
    page.get_by_text("做完了", exact=True).click()
    page.get_by_label("哪天起是新的样子").fill(str(START))
    expect(page.get_by_label("改了什么")).to_have_value("budget")
    page.get_by_label("现在", exact=True).fill(trial.switches()[0][1])
    page.get_by_role("button", name="登记完成").click()
    expect(page.locator("#made + p")).to_contain_text("关键词推广")

    page.goto(f"{address}/board/changes?from={START}&to={START}")
    expect(main).to_contain_text("关键词推广")

    page.goto(f"{address}/tests/{trial.id}")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="结束并记下效果").click()
    expect(main).to_contain_text("已结束")
    page.locator("a[href*='/effects/trial-']").first.click()
    page.wait_for_url("**/effects/trial-*")
    expect(main).to_contain_text("有效")
    expect(main).to_contain_text("关键词推广")

    page.goto(f"{address}/effects")
    expect(page.locator("table.found a[href*='/effects/trial-']")).to_have_count(1)
    page.goto(f"{address}/channels?date={trial.ends_on}")
    expect(main).to_contain_text("做过测试：每天花 400 元 和 800 元 相比")
    page.goto(task)
    expect(main).to_contain_text("已完成")
