"""Fills the demonstration with people, tasks, changes and notices, so that the pages of the closed loop show some."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from duoshou.access import create_person, find_account
from duoshou.app.loop.changes import detect_changes
from duoshou.app.loop.effects import measure_effects
from duoshou.app.loop.subjects import named_subject
from duoshou.app.loop.tasks import finish_task, today_of, write_task
from duoshou.app.loop.trials import plan_test
from duoshou.app.pages.changes import record_change
from duoshou.app.pages.notices import acknowledge_notice
from duoshou.loop.changes import NewChange
from duoshou.loop.kinds import kind_of
from duoshou.loop.notices import list_notices
from duoshou.loop.task import Expected, NewTask
from duoshou.loop.tasks import accept, begin, decline_task
from duoshou.loop.trial import NewTrial, SwitchbackWish
from duoshou.model import Finding, Period, Role, Subject

if TYPE_CHECKING:
    from duoshou.access import Person
    from duoshou.app import Workbench

BY = "小王 (wang)"
TEAM = {"mei": ("小美", Role.DESIGNER), "ke": ("小客", Role.SERVICE), "tui": ("小推", Role.PROMOTION)}


def fill_loop(workbench: Workbench, found: Finding, password: str) -> dict[str, str]:
    """Make the people of a shop, what they were given and did, and return name → address of what shows it.

    Args:
        workbench: The demonstration, to which an owner was added.
        found: A finding about a product.
        password: Of everybody.
    """
    state, shop, today = workbench.state, workbench.settings.default_shop.key, today_of(workbench)
    for login, (name, role) in TEAM.items():
        create_person(state, login, name, role, password, by=BY)
    last = workbench.last_complete_day()
    product = found.subject
    detect_changes(workbench, shop, until=last, by="demo")
    _past(workbench, shop, last, [product, *_others(workbench, shop, product, last)])
    image, _, script, bid, off = (
        _write(workbench, shop, _task(from_, product, title, role, today, days, kind))
        for from_, title, role, days, kind in (
            (found, "换主图：突出防走光和显瘦", Role.DESIGNER, 2, "main_image"),
            (found, "标题放回“高腰”“A 字”两个核心词", Role.OPERATOR, -2, "title"),
            (None, "尺码问答写进快捷回复", Role.SERVICE, 0, "service_script"),
            (found, "核心词出价补到保本线", Role.PROMOTION, 1, "bid"),
            (None, "详情页首屏换成尺码表", Role.DESIGNER, 4, "detail_page"),
        )
    )
    for number, login in ((image, "mei"), (script, "ke"), (bid, "tui")):
        accept(state, shop, number, by=f"{TEAM[login][0]} ({login})", owner=find_account(state, login).id)
    begin(state, shop, image, by="小美 (mei)", note="周二拍照")
    decline_task(state, shop, off, by="小美 (mei)", reason="下周统一换季，不单独改")
    finish_task(workbench, shop, bid, on=today, by="小推 (tui)", before="1.20", after="1.45")
    promotion = NewChange("promotion", today, (product,), after="满 199 减 20", until=today + timedelta(days=4))
    record_change(workbench, promotion, None, by=BY)
    service = next(one for one in list_notices(state, shop, role=Role.SERVICE)[0])
    acknowledge_notice(workbench, service.id, None, person=person_of(workbench, "ke"), note="已写进快捷回复")
    wish = SwitchbackWish(28, states=("旧标题", "新标题"), guards=("pay_conversion_rate",))
    first = today + timedelta(days=1)
    new = NewTrial("标题要不要写“显瘦”", product, "visitors", first, wish, change_kind="title")
    test = plan_test(workbench, shop, new, by=BY)
    # One whose days can be drawn.
    told = [one for one in measure_effects(workbench, None, until=last, by="demo") if one.content.get("days")]
    return {
        "board": "/board",
        "task": f"/board/tasks/{image}",
        "new-task": f"/board/new?finding={found.id}&advice=0",
        "brief": f"/board/tasks/{image}/brief",
        "notices": "/board/notices",
        "changes": "/board/changes",
        "change-calendar": f"/board/calendar?month={last - timedelta(days=last.day):%Y-%m}",
        "effects": "/effects",
        "effect": f"/effects/{told[0].id}",
        "playbook": "/playbook",
        "tests": "/tests",
        "test": f"/tests/{test.id}",
    }


def person_of(workbench: Workbench, login: str) -> Person:
    """Return somebody as they would sign in."""
    from duoshou.access import Person, rights_of

    one = find_account(workbench.state, login)
    return Person(one.id, one.login, one.name, one.role, rights_of(one.role))


def _write(workbench: Workbench, shop: str, new: NewTask) -> int:
    return write_task(workbench, shop, new, by=BY).id


def _task(
    found: Finding | None, subject: Subject, title: str, role: Role, today: date, days: int, kind: str
) -> NewTask:
    due = today + timedelta(days=days)
    return NewTask(
        title,
        subject,
        role,
        due,
        Expected("visitors", 0.1, max(due, today) + timedelta(days=21)),
        detail="" if found is None else found.headline.zh,
        guards=("pay_conversion_rate",),
        finding_id=None if found is None else found.id,
        change_kind=kind,
    )


def _others(workbench: Workbench, shop: str, product: Subject, last: date) -> list[Subject]:
    """Return the three products that sold most besides one."""
    days = Period(last - timedelta(days=59), last)
    rows = workbench.query(["pay_amount"], by=["product"], period=days, shop=shop).rows
    keys = [row.dimensions["product"] for row in rows if row.dimensions["product"] not in {None, product.id}]
    return [named_subject(workbench, shop, "product", str(key)) for key in keys[:3]]


def _past(workbench: Workbench, shop: str, last: date, products: list[Subject]) -> None:
    """Give tasks out that were done weeks before the last day of data, so that they can be measured."""
    kinds = ("main_image", "title", "price", "detail_page")
    for number, (product, kind) in enumerate(zip(products, kinds, strict=False)):
        done = last - timedelta(days=30 + 3 * number)
        title = f"{product.name}：{kind_of(kind).title.zh}"
        new = _task(None, product, title, Role.DESIGNER, done, 0, kind)
        task = _write(workbench, shop, new)
        accept(workbench.state, shop, task, by="小美 (mei)", owner=find_account(workbench.state, "mei").id)
        finish_task(workbench, shop, task, on=done, by="小美 (mei)", before="旧", after="新")
