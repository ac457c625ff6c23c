"""A test as the options of `duoshou ab new` describe it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from duoshou.cli.failures import UsageFailure
from duoshou.cli.people_text import whoever_types
from duoshou.cli.session import Session
from duoshou.cli.task_steps import shop_of
from duoshou.model import Subject, Text

if TYPE_CHECKING:
    from datetime import date

    from duoshou.loop.trial import AbWish, SwitchbackWish, Trial

BY = "duoshou ab"
MANDATORY = ("name", "subject", "metric")
STATES = ("A", "B")


def write_new_trial(session: Session, options: Mapping[str, Any]) -> Trial:
    """Design a test, write it down and return it.

    Raises:
        UsageFailure: If something mandatory is missing, or the past does not tell what the design needs.
    """
    from duoshou.app.loop.subjects import named_subject
    from duoshou.app.loop.tasks import today_of
    from duoshou.app.loop.trials import plan_test
    from duoshou.loop.trial import NewTrial

    missing = [f"--{name}" for name in MANDATORY if options[name] is None]
    if missing:
        raise UsageFailure(
            "trial_incomplete",
            Text(f"测试还缺：{'、'.join(missing)}", f"the test lacks {', '.join(missing)}"),
            hint=Text("测试要写明名称、对象和看哪个指标", "a test has a name, a subject and a metric"),
        )
    bench, shop = session.workbench, shop_of(session)
    subject = named_subject(bench, shop, *options["subject"])
    starts_on = options["starts"] or today_of(bench) + timedelta(days=1)
    wish = _split(session, options, subject) if options["split"] else _switches(session, options, subject, starts_on)
    new = NewTrial(
        options["name"],
        subject,
        options["metric"],
        starts_on,
        wish,
        change_kind=options["kind"],
        task=options["task"],
        action=options["action_key"],
    )
    return plan_test(bench, shop, new, by=whoever_types(BY))


def _switches(session: Session, options: Mapping[str, Any], subject: Subject, starts_on: date) -> SwitchbackWish:
    """Return a switchback: as long as was asked for, else as the past of its metric speaks for."""
    from dataclasses import replace

    from duoshou.app.loop.trials import propose_switchback
    from duoshou.loop.trial import SwitchbackWish

    first, second = _states(options)
    common = {"smallest_lift": options["lift"], "carry_over": options["carry_over"]}
    if options["days"] is not None:
        return SwitchbackWish(
            options["days"], states=(first, second), unit=options["unit"] or "day", guards=options["guards"], **common
        )
    found = propose_switchback(
        session.workbench,
        shop_of(session),
        subject,
        options["metric"],
        starts_on=starts_on,
        states=(first, second),
        **common,
    )
    if found.wish is None:
        raise UsageFailure(
            "no_switchback",
            Text(
                f"按过去的波动，轮换 84 天也看不出 {options['lift']:+.0%} 的差别，或者历史太短",
                f"by how the metric wandered, 84 days do not show a difference of {options['lift']:+.0%}, or the past "
                "is too short",
            ),
            hint=Text("放大 --lift，或用 --days 自己定", "look for a larger --lift, or give --days"),
        )
    return replace(found.wish, guards=options["guards"])


def _states(options: Mapping[str, Any]) -> tuple[str, str]:
    given = options["arms"] or STATES
    if len(given) != len(STATES):
        raise UsageFailure(
            "usage_states",
            Text("轮换正好有两种状态", "a switchback has two states"),
            hint=Text("--arm 旧图 --arm 新图；现在的写在前面", "--arm OLD --arm NEW, what is now first"),
        )
    return given[0], given[1]


def _split(session: Session, options: Mapping[str, Any], subject: Subject) -> AbWish:
    from duoshou.app.loop.trials import baseline_of
    from duoshou.loop.trial import AbWish

    rate, per_day = options["baseline"], options["per_day"]
    if rate is None or per_day is None:
        known = baseline_of(session.workbench, shop_of(session), subject, options["metric"])
        rate = rate if known is None or rate is not None else known.rate
        per_day = per_day if known is None or per_day is not None else known.per_day
    if rate is None or per_day is None:
        raise UsageFailure(
            "no_baseline",
            Text("数据里算不出现在的比率和每天的量", "the data do not tell the rate of now and the units a day"),
            hint=Text("用 --baseline 3.2% --per-day 1500 写明", "give them: --baseline 3.2% --per-day 1500"),
        )
    return AbWish(
        baseline=rate,
        per_day=per_day,
        smallest_lift=options["lift"],
        arms=options["arms"] or STATES,
        horizon="open" if options["open_end"] else "fixed",
    )
