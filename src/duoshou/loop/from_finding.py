"""From a finding and a piece of advice on it to a task: by whom, until when, what it should bring."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from duoshou.analysts.advice_kinds import MONEY_OF_COSTS, is_advice
from duoshou.loop.checks import LONGEST_TEXT, LONGEST_TITLE
from duoshou.loop.entries import FELL, told_causes
from duoshou.loop.kinds import kinds
from duoshou.loop.playbook import Advice
from duoshou.loop.task import Expected, NewTask
from duoshou.model import Finding, Impact, Language, Role, Subject, Text
from duoshou.model.numbers import whole_amount

MONTH = 30
LEAST_CHANGE = 0.01
"""Smallest change that a task expects: with less, nobody could say afterwards whether it worked."""
SCORE = "score"
_SHARES_EXCLUDE = "diagnosis."
"""Kinds of findings whose causes exclude one another, so that their shares are probabilities."""


def causes_of(found: Finding) -> dict[str, float]:
    """Return the kinds of causes of a finding with the probability of each.

    The causes of a diagnosis exclude one another. What moved with a falling score may all be at work, and where
    nothing is named the fall itself is the cause, of the one score or of several. Advice is answered by its kind.
    """
    if found.kind == f"{_SHARES_EXCLUDE}{SCORE}":
        named = {one.kind: 1.0 for one in found.causes if one.kind in told_causes()}
        own = f"{SCORE}_{found.subject.id}"
        return named or {own if own in told_causes() else FELL: 1.0}
    if is_advice(found.kind):
        return {found.kind: 1.0}
    causes: dict[str, float] = {}
    for one in found.causes:
        causes[one.kind] = causes.get(one.kind, 0.0) + (1.0 if one.share is None else max(one.share, 0.0))
    return causes


def draft_task(
    found: Finding,
    advised: Advice,
    *,
    today: date,
    is_workday: Callable[[date], bool],
    horizon: int = MONTH,
    shop: Subject | None = None,
    owner_role: Role | None = None,
    owner: int | None = None,
    language: Language = "zh",
) -> NewTask:
    """Return the task that a finding and one piece of advice make.

    Args:
        found: The finding.
        advised: What to do.
        today: The day on which the task is given out.
        is_workday: Whether people work on a day.
        horizon: Days over which the finding states its money.
        shop: The shop, which a task about its scores concerns.
        owner_role: Who is to do it; None: whom the playbook names.
        owner: Number of the person it is given to.
        language: Language in which it is written down.
    """
    entry = advised.entry
    due = due_day(today, entry.due_days, is_workday)
    show_by = due + timedelta(days=entry.horizon_days)
    subject = shop if found.subject.type == SCORE and shop is not None else found.subject
    kind = kinds()[entry.change_kind] if entry.change_kind else None
    guards = (*entry.guards, *(kind.guards if kind else ()))
    change = _expected_change(advised)
    expected = Expected(entry.metric, change, show_by, _monthly(advised.money, horizon))
    return NewTask(
        title=_cut(
            f"{subject.name or subject.id}：{entry.title.zh}", f"{subject.name or subject.id}: {entry.title.en}"
        ).in_language(language),
        subject=replace(subject, name=subject.name or subject.id),
        owner_role=owner_role or entry.role,
        due_on=due,
        expected=expected,
        detail=_detail(found, advised).in_language(language)[:LONGEST_TEXT],
        guards=tuple(one for one in dict.fromkeys(guards) if one != entry.metric),
        effort=entry.effort,
        owner=owner,
        finding_id=found.id,
        cause=advised.causes[0],
        action=entry.key,
        change_kind=entry.change_kind,
    )


def due_day(today: date, workdays: int, is_workday: Callable[[date], bool]) -> date:
    """Return the day that lies so many workdays after `today`; with 0 today, whatever day it is: it cannot wait."""
    day = today
    while workdays > 0:
        day += timedelta(days=1)
        workdays -= is_workday(day)
    return day


def _expected_change(advised: Advice) -> float:
    """Return what is expected, at least one per cent the way it should go."""
    direction = advised.entry.direction
    return direction * max(round(direction * advised.mean, 3), LEAST_CHANGE)


def _monthly(money: Impact | None, horizon: int) -> Decimal | None:
    if money is None or money.amount <= 0 or horizon <= 0:
        return None
    return (money.amount * MONTH / horizon).quantize(Decimal("0.01"))


def _cut(zh: str, en: str) -> Text:
    return Text(*(one if len(one) <= LONGEST_TITLE else one[: LONGEST_TITLE - 1] + "…" for one in (zh, en)))


def _detail(found: Finding, advised: Advice) -> Text:
    """Return what whoever gets the task should know: what was seen, why this, what is believed of it."""
    why = [one.why for one in found.recommendations[:1]]
    told = advised.standing.told
    effect = Text(
        f"预计效果 {advised.mean:+.1%}（95% 区间 {advised.low:+.1%} 至 {advised.high:+.1%}）；{told.zh}",
        f"expected effect {advised.mean:+.1%} (95 % interval {advised.low:+.1%} to {advised.high:+.1%}); {told.en}",
    )
    # Whoever gets the task reads its words; the money of such advice stands with the task, for those who may see costs.
    money = None if found.kind in MONEY_OF_COSTS else advised.money
    lines = [found.headline, *why, effect, *_money_line(money), *found.caveats[:2]]
    return Text("\n".join(one.zh for one in lines), "\n".join(one.en for one in lines))


def _money_line(money: Impact | None) -> list[Text]:
    if money is None:
        return []
    zh, en = whole_amount(money.amount, money.currency, "zh"), whole_amount(money.amount, money.currency, "en")
    low, high = (f"{one:,.0f}" for one in (money.low, money.high))
    return [
        Text(
            f"预计挽回 {zh}（{low} 至 {high}）：{money.basis.zh}",
            f"should win back {en} ({low} to {high}): {money.basis.en}",
        )
    ]
