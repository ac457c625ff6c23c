"""An operator's day in a real browser, and what axe says of every page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Literal

import openpyxl
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, FilePayload, Page, ViewportSize, expect
from tests.browser import browsing, serving
from tests.cockpit import HOSTILE, LAST, PASSWORD, Cockpit, order_file, plan_file, running_cockpit, shop_day_file
from tests.conftest import chromium

from duoshou.app.loop.effects import measure_effects
from duoshou.app.loop.tasks import today_of
from duoshou.app.loop.trials import plan_test
from duoshou.app.pages.changes import record_change
from duoshou.loop.changes import Detected, NewChange, propose_detected
from duoshou.loop.task import Expected, NewTask
from duoshou.loop.tasks import propose
from duoshou.loop.trial import NewTrial, SwitchbackWish
from duoshou.model import Role, Subject
from duoshou.server.assembly import create_app
from duoshou.settings import Settings, Shop, Workspace
from duoshou.state import record_day

pytestmark = pytest.mark.browser
SMALL = ViewportSize(width=390, height=844)
LARGE = ViewportSize(width=1280, height=800)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless browser."""
    executable = chromium()
    assert executable is not None
    with browsing(executable) as opened:
        yield opened


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Cockpit, str]]:
    """A served shop with a judged day, and its address."""
    with running_cockpit(tmp_path_factory.mktemp("day")) as cockpit, serving(cockpit.app) as address:
        begin_loop(cockpit)
        yield cockpit, address


def begin_loop(cockpit: Cockpit) -> None:
    """Give out task 1, let the data show a change, announce a promotion that concerns the designer, plan test 1."""
    house, product = cockpit.app.state.house, Subject("product", "1001", HOSTILE)
    seen = NewChange("price", LAST - timedelta(days=8), (product,), "99", "89")
    propose_detected(house.state, "main", [Detected("price", seen)], by="job")
    hoped = Expected("visitors", 0.1, LAST + timedelta(days=400))
    task = NewTask("旧的活", product, Role.DESIGNER, LAST, hoped, guards=("pay_conversion_rate",), change_kind="title")
    assert propose(house.state, "main", task, by="owner").id == 1
    with house.bench() as bench:
        promotion = NewChange("promotion", LAST - timedelta(days=9), (product,), after="满减", until=LAST)
        record_change(bench, promotion, None, by="owner")
        wish = SwitchbackWish(28, states=("旧", "新"))
        assert (
            plan_test(
                bench,
                "main",
                NewTrial("轮换", product, "visitors", today_of(bench) + timedelta(days=1), wish),
                by="owner",
            ).id
            == 1
        )


def enter(page: Page, address: str, login: str) -> None:
    """Sign in as a person would."""
    page.goto(f"{address}/sign-in")
    page.get_by_label("登录名").fill(login)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/today")


def test_the_first_start(browser: Browser, tmp_path: Path) -> None:
    """An owner's account, files by drag and drop, the daily job, a number followed to its rows."""
    Workspace.create(tmp_path / "shop", Settings(name="商行", shops=(Shop(key="main", name="主店"),)))
    files = {"店铺.csv": shop_day_file(), "计划.csv": plan_file(), "订单.csv": order_file()}
    app = create_app(tmp_path / "shop")
    with serving(app) as address:
        page = browser.new_context(viewport=LARGE).new_page()
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda told: faults.append(told.text) if told.type == "error" else None)
        page.goto(address)
        page.get_by_label("姓名").fill("小王")
        page.get_by_label("登录名").fill("wang")
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="开始").click()
        page.wait_for_url("**/today")

        page.get_by_role("link", name="数据", exact=True).click()
        drop(page, files)
        expect(page.locator("main")).to_contain_text("千牛", timeout=120_000)
        for name in files:
            expect(page.locator("main")).to_contain_text(name, timeout=120_000)
        page.goto(f"{address}/today")
        expect(page.get_by_role("heading", level=1)).to_contain_text("11-18")
        page.get_by_role("link", name="2,700 元").click()
        expect(page.locator("main")).to_contain_text("2,700.00")
        expect(page.locator("main")).to_contain_text("店铺.csv")
        page.go_back()
        page.get_by_role("button", name="现在运行").click()
        page.wait_for_url(re.compile("/data/jobs/|/today|/data"))
        page.wait_for_function("() => !document.querySelector('progress')", timeout=180_000)
        page.goto(f"{address}/today")
        expect(page.locator("main")).not_to_contain_text("还没有运行每日任务")
        assert faults == []


def drop(page: Page, files: dict[str, bytes]) -> None:
    """Drop files onto the area as a person does with the mouse."""
    listed = [[name, list(content)] for name, content in files.items()]
    transfer = page.evaluate_handle(
        """(files) => {
            const transfer = new DataTransfer();
            for (const [name, bytes] of files) transfer.items.add(new File([new Uint8Array(bytes)], name));
            return transfer;
        }""",
        listed,
    )
    page.dispatch_event("[data-drop]", "dragover", {"dataTransfer": transfer})
    page.dispatch_event("[data-drop]", "drop", {"dataTransfer": transfer})


def test_the_morning(browser: Browser, filled: tuple[Cockpit, str], tmp_path: Path) -> None:
    """A finding is put off, the comparison changed, the link opened by a colleague on a phone, a book taken."""
    cockpit, address = filled
    page = browser.new_context(viewport=LARGE, accept_downloads=True).new_page()
    enter(page, address, "operator")
    page.get_by_role("link", name=re.compile("^乙")).click()
    expect(page.locator("main")).to_contain_text("只有三天的数据")
    expect(page.locator("main")).to_contain_text("检查搜索排名")
    page.get_by_label("先观察到").fill("2026-12-01")
    page.get_by_role("button", name="观察").click()
    page.wait_for_load_state()
    page.goto(f"{address}/today")
    expect(page.locator("ol.findings")).not_to_contain_text("乙")
    page.get_by_role("link", name="对比前一天").click()
    page.wait_for_url("**compare=previous**")
    link = page.url

    phone = browser.new_context(viewport=SMALL, has_touch=True, is_mobile=True).new_page()
    phone.goto(link)
    phone.get_by_label("登录名").fill("viewer")
    phone.get_by_label("密码").fill(PASSWORD)
    phone.get_by_role("button", name="登录").click()
    phone.wait_for_url("**compare=previous**")
    expect(phone.locator("main")).to_contain_text("1,800")
    expect(phone.get_by_role("link", name="对比前一天")).to_have_attribute("aria-current", "true")
    phone.goto(f"{address}/reports")
    expect(phone.locator("main")).to_contain_text("没有下载的权限")
    assert phone.locator("a[download]").count() == 0

    page.goto(f"{address}/reports?date={LAST}")
    with page.expect_download(timeout=120_000) as taken:
        page.get_by_role("row", name=re.compile("日报")).get_by_role("link", name="中文").first.click()
    taken.value.save_as(tmp_path / "book.xlsx")
    book = openpyxl.load_workbook(tmp_path / "book.xlsx", read_only=True)
    assert len(book.sheetnames) > 3
    record_day(cockpit.app.state.house.state, "main", LAST, list(cockpit.findings))


def test_a_finding_is_acted_on_and_what_that_brought_is_told(browser: Browser, filled: tuple[Cockpit, str]) -> None:
    """Given out at the desk, done on a phone, marked on every chart, measured, and learned by the playbook."""
    cockpit, address = filled
    desk = browser.new_context(viewport=LARGE).new_page()
    enter(desk, address, "operator")
    desk.goto(f"{address}/findings/{cockpit.findings[0].id}")
    desk.get_by_role("link", name=re.compile("派任务")).first.click()
    desk.get_by_label("做什么，一句话").fill("换一张主图")
    desk.get_by_label("给哪个岗位").select_option("designer")
    desk.get_by_label("做完会改什么").select_option("main_image")
    desk.get_by_role("button", name="派出去").click()
    desk.wait_for_url("**/board/tasks/*")
    task = desk.url

    phone = browser.new_context(viewport=SMALL, has_touch=True, is_mobile=True).new_page()
    enter(phone, address, "designer")
    phone.get_by_role("button", name=re.compile("知道了")).first.tap()
    expect(phone.get_by_role("button", name=re.compile("知道了"))).to_have_count(0)
    phone.get_by_role("link", name="换一张主图").tap()
    phone.get_by_role("button", name="接下").tap()
    phone.get_by_text("做完了", exact=True).tap()
    phone.get_by_label("哪天起是新的样子").fill(str(LAST - timedelta(days=12)))
    phone.get_by_label("现在", exact=True).fill("白底大图")
    phone.get_by_role("button", name="登记完成").tap()
    expect(phone.locator("main")).to_contain_text("已完成")
    expect(phone.locator("#made + p")).to_contain_text("白底大图")
    assert phone.evaluate("document.documentElement.scrollWidth") <= SMALL["width"]

    days = f"from={LAST - timedelta(days=20)}&to={LAST}"
    for path in (
        f"/findings/{cockpit.findings[0].id}",
        f"/number?metric=visitors&{days}",
        f"/explore?metric=visitors&{days}",
    ):
        desk.goto(address + path)
        assert "换主图" in " ".join(desk.locator("figure.chart svg").all_text_contents()), path

    with cockpit.app.state.house.bench() as bench:
        measure_effects(bench, None, by="job")
    desk.goto(f"{address}/effects")
    desk.get_by_role("link", name="换一张主图").click()
    desk.wait_for_url("**/effects/task-*")
    expect(desk.get_by_role("link", name="换一张主图")).to_have_attribute("href", re.compile("/board/tasks/"))
    desk.goto(task)
    expect(desk.locator("#effect + p a")).to_have_attribute("href", re.compile("/effects/task-"))
    desk.goto(f"{address}/playbook")
    expect(desk.locator("main")).to_contain_text("在本店试过 1 次")


def pages_of(cockpit: Cockpit) -> list[str]:
    """Return the address of every page that shows something of its own."""
    one = cockpit.findings[0].id
    return [
        "/today",
        "/findings",
        f"/findings/{one}",
        "/explore?metric=pay_amount",
        "/customers",
        "/board",
        "/board?state=proposed",
        f"/board/new?finding={one}&advice=0",
        "/board/tasks/1",
        "/board/tasks/1/brief",
        "/board/notices",
        "/board/changes",
        "/board/calendar?month=2026-11",
        "/effects",
        "/playbook",
        "/tests",
        "/tests/1",
        f"/number?metric=pay_amount&from={LAST}&to={LAST}",
        "/reports",
        "/data",
        "/glossary?q=pay",
        "/glossary/pay_conversion_rate",
        "/settings",
        "/settings/people",
        "/settings/costs",
        "/settings/channels",
        "/settings/channels/one/search",
        "/settings/calendar",
        "/settings/push",
        "/settings/jobs",
        "/settings/log",
        "/account",
        "/nowhere",
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_axe_finds_nothing(
    browser: Browser, filled: tuple[Cockpit, str], theme: Literal["light", "dark"], language: str
) -> None:
    """No page breaks WCAG 2.2 A or AA in either theme, language and width, and none scrolls sideways."""
    cockpit, address = filled
    rules = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
    size = SMALL if language == "zh" else LARGE
    page = browser.new_context(viewport=size, color_scheme=theme).new_page()
    found = []
    page.goto(f"{address}/sign-in?lang={language}")
    found += told(page, Axe().run(page, options=rules).response)
    enter(page, address, "owner")
    for path in pages_of(cockpit):
        page.goto(address + path + ("&" if "?" in path else "?") + f"lang={language}")
        found += told(page, Axe().run(page, options=rules).response)
        wide = page.evaluate("document.documentElement.scrollWidth")
        found += [f"{path} is {wide} wide"] if wide > size["width"] else []
    assert found == []


def told(page: Page, answer: dict[str, list[dict[str, object]]]) -> list[str]:
    """Return what axe says of a page, in short."""
    return [f"{page.url}: {one['id']} {str(one['nodes'])[:300]}" for one in answer["violations"]]


def test_everything_can_be_reached_by_keyboard(browser: Browser, filled: tuple[Cockpit, str]) -> None:
    """Tab leads past the skip link through the menu to the first finding; Enter opens it."""
    cockpit, address = filled
    page = browser.new_context(viewport=LARGE).new_page()
    enter(page, address, "promotion")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.className") == "headline":
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/findings/*")
    assert any(one.id in page.url for one in cockpit.findings)


def test_a_page_works_without_scripts(browser: Browser, filled: tuple[Cockpit, str]) -> None:
    """Signing in, reading, searching and signing out need none."""
    _, address = filled
    page = browser.new_context(viewport=LARGE, java_script_enabled=False).new_page()
    enter(page, address, "warehouse")
    page.goto(f"{address}/glossary")
    page.get_by_label("搜索").fill("客单价")
    page.get_by_role("button", name="搜索").click()
    expect(page.locator("#found")).to_contain_text("spend_per_buyer")
    page.goto(f"{address}/data")
    again = FilePayload(name="店铺.csv", mimeType="text/csv", buffer=shop_day_file())
    page.set_input_files("input[type=file]", files=[again])
    page.get_by_role("button", name=re.compile("上传")).click()
    for _ in range(600):
        if "正在运行" not in page.locator("h1").inner_text():
            break
        page.get_by_role("link", name="刷新").click()
    expect(page.locator("main")).to_contain_text("店铺.csv")
