"""The design of a test, fixed before its first day: arms and units, or the schedule that was drawn."""

from __future__ import annotations

import math
import secrets
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import msgspec

from duoshou.loop.checks import LONGEST_TITLE
from duoshou.loop.errors import TrialRefused
from duoshou.loop.kinds import kind_of
from duoshou.loop.trial import AbWish, NewTrial, SwitchbackWish
from duoshou.model import Text
from duoshou.statistics.trials import AbPlan, SwitchbackDesign, design_switchback, plan_ab

MOST_ARMS = 6
LONGEST_ARM = 40
MOST_DAYS = 366
_SEEDS = 2**31


def plan_of(wish: AbWish) -> AbPlan:
    """Return units, days and power of an A/B test, so that they can be looked at before it is planned.

    Raises:
        TrialRefused: If the wish cannot be meant.
    """
    _check_arms(wish.arms)
    shares = wish.shares or tuple(1.0 for _ in wish.arms)
    tests = {
        "shares": len(shares) == len(wish.arms) and all(math.isfinite(one) and one > 0 for one in shares),
        "per_day": math.isfinite(wish.per_day) and wish.per_day > 0,
        "baseline": math.isfinite(wish.baseline) and 0 < wish.baseline < (1 if wish.measure == "rate" else math.inf),
        "deviation": wish.measure == "rate" or (wish.deviation is not None and 0 < wish.deviation < math.inf),
        "level": 0 < wish.level < wish.power < 1,
        "guard_margin": 0 <= wish.guard_margin < 1,
        "smallest_lift": _is_lift(wish.smallest_lift),
    }
    _refuse_failed(tests)
    try:
        plan = plan_ab(
            wish.baseline,
            wish.smallest_lift,
            wish.per_day,
            kind=wish.measure,
            deviation=wish.deviation,
            shares=shares,
            level=wish.level,
            power=wish.power,
            horizon=wish.horizon,
        )
    except ValueError as error:
        raise _refused("smallest_lift", str(error)) from None
    if wish.horizon == "fixed" and plan.days > MOST_DAYS:
        raise TrialRefused(
            "trial_too_long",
            Text(
                f"要看出 {wish.smallest_lift:+.0%} 的差别，每天 {wish.per_day:,.0f} 个要 {plan.days} 天",
                f"to see a difference of {wish.smallest_lift:+.0%}, {wish.per_day:,.0f} units a day take "
                f"{plan.days} days",
            ),
            hint=Text("放大想看的差别，或增加流量", "look for a larger difference, or bring more traffic"),
        )
    return plan


def schedule_of(wish: SwitchbackWish, starts_on: date) -> SwitchbackDesign:
    """Return a schedule drawn for a switchback.

    Raises:
        TrialRefused: If the wish cannot be meant.
    """
    _check_arms(wish.states)
    _refuse_failed(
        {
            "days": 2 <= wish.days <= MOST_DAYS,
            "carry_over": 0 <= wish.carry_over < 7,
            "level": 0 < wish.level < 1,
            "smallest_lift": _is_lift(wish.smallest_lift),
        }
    )
    days = [starts_on + timedelta(days=number) for number in range(wish.days)]
    seed = secrets.randbelow(_SEEDS) if wish.seed is None else wish.seed
    try:
        return design_switchback(
            wish.days,
            wish.unit,
            carry_over=wish.carry_over,
            avoid=[day in wish.avoid for day in days],
            run=wish.run,
            seed=seed,
        )
    except ValueError as error:
        raise _refused("run", str(error)) from None


def designed(new: NewTrial, today: date) -> tuple[dict[str, Any], date]:
    """Return the design of a test as JSON, and its last planned day.

    Raises:
        TrialRefused: If it cannot be meant, or would be fixed only after its first day.
        ChangeRefused: If it names a kind of change that there is not.
    """
    if not 0 < len(new.name.strip()) <= LONGEST_TITLE or not new.metric.strip():
        raise _refused("name, metric", f"1–{LONGEST_TITLE}")
    if new.change_kind is not None:
        kind_of(new.change_kind)
    wish = new.wish
    if new.starts_on < today and not (isinstance(wish, AbWish) and wish.horizon == "open"):
        raise TrialRefused(
            "trial_began_before",
            Text(
                f"测试 {new.starts_on} 开始，今天是 {today}：设计要在第一天之前定下",
                f"the test starts on {new.starts_on} and today is {today}: it is designed before its first day",
            ),
            hint=Text(
                "改开始日；已经在跑的分流测试用 open 方式", "start later; read a split that runs already as an open one"
            ),
        )
    common = {
        "planned_on": today.isoformat(),
        "smallest_lift": wish.smallest_lift,
        "action": new.action,
        "cause": new.cause,
    }
    if isinstance(wish, AbWish):
        plan = plan_of(wish)
        guard = {"name": wish.guard, "margin": wish.guard_margin} if wish.guard else None
        design = {**common, "arms": list(wish.arms), "guard": guard, "plan": msgspec.to_builtins(plan)}
        return design, new.starts_on + timedelta(days=plan.days - 1)
    drawn = schedule_of(wish, new.starts_on)
    schedule = {
        "days": drawn.days,
        "runs": [list(pair) for pair in drawn.runs],
        "carry_over": drawn.carry_over,
        "avoided": drawn.avoided.tolist(),
        "seed": drawn.seed,
        "assignment": drawn.assignment.tolist(),
    }
    wanted = msgspec.to_builtins(replace(wish, seed=drawn.seed))
    design = {**common, "arms": list(wish.states), "level": wish.level, "guards": list(wish.guards)}
    return {**design, "wish": wanted, "schedule": schedule}, new.starts_on + timedelta(days=drawn.days - 1)


def _is_lift(lift: float) -> bool:
    return math.isfinite(lift) and lift != 0 and lift > -1


def _check_arms(arms: tuple[str, ...]) -> None:
    named = [one.strip() for one in arms]
    if not 2 <= len(named) <= MOST_ARMS or len(set(named)) < len(named) or not all(named) or named != list(arms):
        raise _refused("arms", f"2–{MOST_ARMS}")
    if max(map(len, named)) > LONGEST_ARM:
        raise _refused("arms", f"≤ {LONGEST_ARM}")


def _refuse_failed(tests: dict[str, bool]) -> None:
    failed = [name for name, holds in tests.items() if not holds]
    if failed:
        raise _refused(failed[0], "")


def _refused(field: str, told: str) -> TrialRefused:
    return TrialRefused(
        "trial_cannot_be_meant",
        Text(f"测试的 {field} 不能这样写 {told}".strip(), f"{field} of the test cannot be meant {told}".strip()),
        hint=Text("各项的意思见 docs/how-to/close-the-loop.md", "docs/how-to/close-the-loop.md tells what each means"),
    )
