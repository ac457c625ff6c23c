"""The forms of 协同: a task, and a change, as people type them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from duoshou.app.loop.advice import draft_from_finding
from duoshou.app.loop.subjects import SHOP, named_subject
from duoshou.app.loop.tasks import today_of, write_task
from duoshou.app.pages import typed
from duoshou.app.pages.addresses import checked_day
from duoshou.app.pages.board import DOERS, metric_title, who_may_act
from duoshou.loop.changes import NewChange
from duoshou.loop.errors import ChangeRefused, TaskRefused, TaskTaken, TrialRefused
from duoshou.loop.kinds import kind_of
from duoshou.loop.task import EFFORTS, Expected, NewTask, Task
from duoshou.metrics import MetricError
from duoshou.model import Finding, Role, Subject, Text
from duoshou.settings import SettingsError
from duoshou.state import story

if TYPE_CHECKING:
    from duoshou.access import Account
    from duoshou.app.workbench import Workbench

MISTYPED = (TaskRefused, TaskTaken, ChangeRefused, TrialRefused, MetricError, SettingsError)
"""What a form may be refused with; the page shows it again with what was typed."""
SUBJECTS = {
    SHOP: Text("全店", "the whole shop"),
    "product": Text("商品", "product"),
    "campaign": Text("推广计划", "campaign"),
    "keyword": Text("关键词", "keyword"),
    "agent": Text("客服", "service agent"),
    "region": Text("地区", "province"),
    "channel": Text("渠道", "channel"),
}
"""What a task or a change may concern."""
SOON, LATER = timedelta(days=3), timedelta(days=24)
TITLE, DUE, METRIC = Text("标题", "Title"), Text("完成日", "Due"), Text("指标", "Metric")
CHANGE, BY, MONEY = Text("变多少", "By how much"), Text("见效日", "Shows by"), Text("每月金额", "Money a month")
ON, UNTIL, WHO, WHAT = Text("日期", "Day"), Text("到", "Until"), Text("负责人", "Who"), Text("对象", "Subject")


@dataclass(frozen=True, slots=True)
class TaskForm:
    """What the form of a new task is filled with before anybody types.

    Attributes:
        finding: The finding that it comes from; None where a person thinks of it.
        fields: Name of a field → what stands in it.
        people: Who may be given it.
        metrics: Key of a metric → its name, to choose from.
    """

    finding: Finding | None
    fields: Mapping[str, str]
    people: tuple[Account, ...]
    metrics: Mapping[str, Text]


def task_form(workbench: Workbench, shop: str, finding_id: str | None, advice: int | None) -> TaskForm:
    """Return the form of a new task, filled from a finding and a piece of advice on it where they are named.

    Raises:
        UnknownFinding: If the finding was never recorded for the shop.
        TaskRefused: If there is no such advice.
    """
    drafted = _drafted(workbench, shop, finding_id, advice)
    finding = None if finding_id is None else story(workbench.state, shop, finding_id).past.finding
    metrics = {key: one.title for key, one in workbench.catalogue.metrics.items()}
    return TaskForm(finding, _fields(workbench, drafted, finding), who_may_act(workbench.state), metrics)


def write_typed_task(
    workbench: Workbench, shop: str, form: Mapping[str, str], finding_id: str | None, advice: int | None, *, by: str
) -> Task:
    """Write down the task of a form.

    Raises:
        SettingsError: If a field cannot be read.
        MetricError: If there is no such metric.
        TaskRefused: If something mandatory is missing or cannot be meant.
        UnknownFinding: If the finding was never recorded for the shop.
    """
    drafted = _drafted(workbench, shop, finding_id, advice)
    new = _typed_task(workbench, shop, form)
    if drafted is not None:
        new = replace(new, subject=drafted.subject, cause=drafted.cause, action=drafted.action)
    return write_task(workbench, shop, replace(new, finding_id=finding_id), by=by)


def typed_change(workbench: Workbench, shop: str, form: Mapping[str, str]) -> NewChange:
    """Return the change of a form.

    Raises:
        SettingsError: If a field cannot be read.
        ChangeRefused: If there is no such kind.
    """
    kind = form.get("kind", "")
    kind_of(kind)
    return NewChange(
        kind,
        _day(ON, form.get("on", "")) or today_of(workbench),
        (typed_subject(workbench, shop, form),),
        form.get("before", ""),
        form.get("after", ""),
        _day(UNTIL, form.get("until", "")),
        form.get("note", ""),
    )


def typed_day(text: str, today: date) -> date:
    """Return the day of a form; today where none is typed.

    Raises:
        SettingsError: If it is none.
        NotAnswerable: If no shop can have it.
    """
    return _day(ON, text) or today


def typed_subject(workbench: Workbench, shop: str, form: Mapping[str, str]) -> Subject:
    """Return what the subject of a form is, by its readable name.

    Raises:
        SettingsError: If it is of no kind that can be meant, or its number is missing.
    """
    type_, id_ = form.get("subject_type", SHOP), form.get("subject_id", "").strip()
    if type_ not in SUBJECTS:
        raise typed.refused(WHAT, Text("选一种对象", "choose what it concerns"))
    if type_ != SHOP and not id_:
        raise typed.refused(WHAT, Text("写上编号，如商品 ID", "write its number, such as that of the product"))
    return named_subject(workbench, shop, type_, id_)


def _drafted(workbench: Workbench, shop: str, finding_id: str | None, advice: int | None) -> NewTask | None:
    if finding_id is None or advice is None:
        return None
    return draft_from_finding(workbench, finding_id, shop, recommendation=advice)


def _fields(workbench: Workbench, drafted: NewTask | None, finding: Finding | None) -> dict[str, str]:
    if drafted is None:
        today = today_of(workbench)
        subject = None if finding is None else finding.subject
        return {
            "title": "",
            "subject_type": subject.type if subject is not None and subject.type in SUBJECTS else SHOP,
            "subject_id": subject.id if subject is not None and subject.type != SHOP else "",
            "role": Role.OPERATOR.value,
            "due": (today + SOON).isoformat(),
            "by": (today + LATER).isoformat(),
            "effort": EFFORTS[1],
        }
    expected = drafted.expected
    return {
        "title": drafted.title,
        "detail": drafted.detail,
        "subject_type": drafted.subject.type,
        "subject_id": drafted.subject.id,
        "subject_name": drafted.subject.name,
        "role": drafted.owner_role.value,
        "due": drafted.due_on.isoformat(),
        "metric": metric_title(workbench, expected.metric).in_language(workbench.settings.language),
        "change": f"{expected.change * 100:+.4g}",
        "by": expected.by.isoformat(),
        "amount": "" if expected.amount is None else f"{expected.amount:.0f}",
        "guards": _separator(workbench).join(
            metric_title(workbench, one).in_language(workbench.settings.language) for one in drafted.guards
        ),
        "effort": drafted.effort,
        "change_kind": drafted.change_kind or "",
    }


def _separator(workbench: Workbench) -> str:
    return "、" if workbench.settings.language == "zh" else ", "


def _typed_task(workbench: Workbench, shop: str, form: Mapping[str, str]) -> NewTask:
    due = _day(DUE, form.get("due", ""))
    by = _day(BY, form.get("by", ""))
    change = typed.percent(CHANGE, form.get("change", "").strip())
    metric = form.get("metric", "").strip()
    for title, value in ((METRIC, metric), (CHANGE, change), (DUE, due), (BY, by)):
        if value is None or value == "":
            raise typed.refused(title, Text("没有它，以后就说不清有没有效", "without it nobody can say if it worked"))
    assert due is not None
    assert by is not None
    assert change is not None
    amount = typed.amount(MONEY, form.get("amount", "").strip())
    guards = (one.strip() for one in re.split(r"[,，、;；\n]+", form.get("guards", "")))
    role = form.get("role", "")
    if role not in {one.value for one in DOERS}:
        raise typed.refused(WHO, Text("选一个岗位", "choose a role"))
    return NewTask(
        title=form.get("title", "").strip(),
        subject=typed_subject(workbench, shop, form),
        owner_role=Role(role),
        due_on=due,
        expected=Expected(metric, change, by, None if amount is None else Decimal(str(round(amount, 2)))),
        detail=form.get("detail", ""),
        guards=tuple(one for one in guards if one),
        effort=form.get("effort", EFFORTS[1]),
        owner=_person(workbench, form.get("owner", "")),
        change_kind=form.get("change_kind") or None,
    )


def _person(workbench: Workbench, login: str) -> int | None:
    if not login:
        return None
    found = next((one for one in who_may_act(workbench.state) if one.login == login), None)
    if found is None:
        raise typed.refused(WHO, Text("没有这个人", "there is no such person"))
    return found.id


def _day(title: Text, text: str) -> date | None:
    day = typed.day(title, text.strip())
    return None if day is None else checked_day(day)
