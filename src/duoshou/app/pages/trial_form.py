"""The forms of 效果 → 测试: a test that is to be planned, and what its arms saw on a day."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from duoshou.app.loop.tasks import today_of
from duoshou.app.loop.trials import baseline_of, count_test, plan_test, propose_switchback
from duoshou.app.pages import typed
from duoshou.app.pages.addresses import checked_day
from duoshou.app.pages.board import metric_title
from duoshou.app.pages.task_form import typed_subject
from duoshou.loop.errors import TrialRefused
from duoshou.loop.tasks import task_story
from duoshou.loop.trial import AbWish, Count, NewTrial, SwitchbackWish, Trial
from duoshou.loop.trials import trial_of
from duoshou.model import Subject, Text, TrialKind

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench

STATES = ("A", "B")
LONGEST = 366
LONGEST_CARRY_OVER = 6
NAME, STARTS, LIFT = Text("名称", "Name"), Text("第一天", "First day"), Text("最小差别", "Smallest difference")
ARMS, DAYS, RATE = Text("两种状态", "States"), Text("天数", "Days"), Text("现在的比率", "Rate of now")
UNITS, CARRY = Text("每天的量", "Units a day"), Text("换后影响几天", "Days a switch is felt")
TASK = Text("任务", "Task")
DAY, SEEN, HITS = Text("日期", "Day"), Text("数量", "Units"), Text("成功数", "Successes")


def plan_typed_test(workbench: Workbench, shop: str | None, form: Mapping[str, str], *, by: str) -> Trial:
    """Plan the test of a form: what it leaves open is taken from the past of the metric.

    Raises:
        SettingsError: If a field cannot be read.
        MetricError: If there is no such metric.
        TrialRefused: If it cannot be meant, or the past does not tell what the design needs.
    """
    key = workbench.shop_key(shop)
    name, metric = form.get("name", "").strip(), form.get("metric", "").strip()
    for title, value in ((NAME, name), (Text("指标", "Metric"), metric)):
        if not value:
            raise typed.refused(title, Text("不能空着", "it must not be empty"))
    subject = typed_subject(workbench, key, form)
    starts = typed.day(STARTS, form.get("starts", "").strip())
    first = checked_day(starts) if starts else today_of(workbench) + timedelta(days=1)
    lift = typed.percent(LIFT, form.get("lift", "").strip()) or 0.1
    split = form.get("kind", "") == TrialKind.AB.value
    wish = (
        _split(workbench, key, form, subject, metric, lift)
        if split
        else _switches(workbench, key, form, subject, metric, lift, first)
    )
    task = typed.whole(TASK, form["task"]) if form.get("task") else None
    new = NewTrial(name, subject, metric, first, wish, change_kind=form.get("change_kind") or None, task=task)
    return plan_test(workbench, key, new, by=by)


def fields_of_task(workbench: Workbench, shop: str | None, number: int) -> dict[str, str]:
    """Return what the form of a test of a task is filled with.

    Raises:
        UnknownTask: If the shop has no such task.
    """
    what = task_story(workbench.state, workbench.shop_key(shop), number)[0].what
    language = workbench.settings.language
    guards = (metric_title(workbench, one).in_language(language) for one in what.guards)
    return {
        "task": str(number),
        "name": what.title,
        "subject_type": what.subject.type,
        "subject_id": what.subject.id,
        "metric": metric_title(workbench, what.expected.metric).in_language(language),
        "lift": f"{abs(what.expected.change) * 100:.4g}",
        "guards": ("、" if language == "zh" else ", ").join(guards),
        "change_kind": what.change_kind or "",
    }


def count_typed_day(workbench: Workbench, number: int, shop: str | None, form: Mapping[str, str], *, by: str) -> None:
    """Enter what the arms of a test saw on a day.

    Raises:
        UnknownTrial: If the shop has no such test.
        SettingsError: If a field cannot be read.
        TrialRefused: If the test is no A/B test, is over, or a count cannot be meant.
    """
    key = workbench.shop_key(shop)
    trial = trial_of(workbench.state, key, number)
    day = typed.day(DAY, form.get("day", "").strip())
    if day is None:
        raise typed.refused(DAY, Text("不能空着", "it must not be empty"))
    rows = [_count(checked_day(day), arm, place, form) for place, arm in enumerate(trial.arms)]
    count_test(workbench, key, number, rows, by=by)


def _count(day: date, arm: str, place: int, form: Mapping[str, str]) -> Count:
    units = typed.whole(SEEN, form.get(f"units.{place}", "").strip())
    hits = form.get(f"successes.{place}", "").strip()
    total, squares = (typed.amount(SEEN, form.get(f"{name}.{place}", "").strip()) for name in ("total", "squares"))
    return Count(day, arm, units, typed.whole(HITS, hits) if hits else None, total, squares)


def _switches(
    workbench: Workbench,
    shop: str,
    form: Mapping[str, str],
    subject: Subject,
    metric: str,
    lift: float,
    first: date,
) -> SwitchbackWish:
    names = _arms(form)
    if len(names) != len(STATES):
        raise typed.refused(ARMS, Text("轮换正好有两种状态，现在的写在前面", "two states, what is now first"))
    states = (names[0], names[1])
    carry = form.get("carry_over", "").strip()
    felt = typed.whole(CARRY, carry) if carry else 0
    if felt > LONGEST_CARRY_OVER:
        raise typed.refused(CARRY, Text(f"最多 {LONGEST_CARRY_OVER}", f"at most {LONGEST_CARRY_OVER}"))
    guards = tuple(one.strip() for one in re.split(r"[,，、;；]+", form.get("guards", "")) if one.strip())
    days = form.get("days", "").strip()
    if days:
        length = typed.whole(DAYS, days)
        if not 2 <= length <= LONGEST:
            raise typed.refused(DAYS, Text(f"2 到 {LONGEST}", f"from 2 to {LONGEST}"))
        unit: Literal["day", "week"] = "week" if form.get("unit") == "week" else "day"
        return SwitchbackWish(length, lift, states, unit, carry_over=felt, guards=guards)
    found = propose_switchback(workbench, shop, subject, metric, lift, starts_on=first, carry_over=felt, states=states)
    if found.wish is None:
        raise TrialRefused(
            "no_switchback",
            Text(
                f"按过去的波动，轮换 84 天也看不出 {lift:+.0%} 的差别，或者历史太短",
                f"by how the metric wandered, 84 days do not show a difference of {lift:+.0%}, or it is too short",
            ),
            hint=Text("放大最小差别，或自己定天数", "look for a larger difference, or say how many days"),
        )
    return replace(found.wish, guards=guards)


def _split(
    workbench: Workbench, shop: str, form: Mapping[str, str], subject: Subject, metric: str, lift: float
) -> AbWish:
    rate = typed.percent(RATE, form.get("baseline", "").strip())
    per_day = typed.amount(UNITS, form.get("per_day", "").strip())
    if rate is None or per_day is None:
        known = baseline_of(workbench, shop, subject, metric)
        rate = rate if known is None or rate is not None else known.rate
        per_day = per_day if known is None or per_day is not None else known.per_day
    if rate is None or per_day is None:
        raise TrialRefused(
            "no_baseline",
            Text("数据里算不出现在的比率和每天的量", "the data do not tell the rate of now and the units a day"),
            hint=Text("自己填上", "fill them in"),
        )
    return AbWish(baseline=rate, per_day=per_day, smallest_lift=lift, arms=_arms(form))


def _arms(form: Mapping[str, str]) -> tuple[str, ...]:
    names = tuple(one.strip() for one in re.split(r"[,，、;；\n]+", form.get("arms", "")) if one.strip())
    return names or STATES
