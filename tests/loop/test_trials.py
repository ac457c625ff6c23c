"""Tests: designed before their first day, counted and corrected, read at any time, ended with an effect."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.loop.conftest import COAT, DAY, new_change, new_task
from tests.loop.test_playbook import BOOK, tried

from duoshou.loop.changes import Change, WantedChanges, list_changes, record
from duoshou.loop.effect_words import CAVEATS
from duoshou.loop.effects import effect_of, record_effects
from duoshou.loop.errors import ChangeRefused, TrialRefused, UnknownTask, UnknownTrial
from duoshou.loop.playbook import standing
from duoshou.loop.tasks import propose
from duoshou.loop.trial import trial_from
from duoshou.loop.trial_effect import CAVEAT_OF, Worth, effect_of_reading
from duoshou.loop.trial_plan import designed
from duoshou.loop.trial_reading import Daily, Reading
from duoshou.loop.trial_schedule import actual_states, named_state
from duoshou.loop.trial_words import DECISIONS, TRIAL_CAVEATS
from duoshou.loop.trials import (
    AbWish,
    Count,
    NewTrial,
    SwitchbackWish,
    Trial,
    cancel_trial,
    count_trial,
    counts_of,
    end_trial,
    list_trials,
    plan_of,
    plan_trial,
    read_trial,
    schedule_of,
    trial_of,
)
from duoshou.model import Source, TrialKind, TrialState, Verdict
from duoshou.state import State, audit_log
from duoshou.state.loop_models import TrialRow

SPLIT = AbWish(0.05, 4000, 0.15, arms=("旧图", "新图"))
SWITCH = SwitchbackWish(28, 0.1, ("99", "89"), seed=5)


def new_trial(wish: AbWish | SwitchbackWish = SPLIT, **other: Any) -> NewTrial:
    """Return a test of the coat's image, or of its price."""
    kind = "main_image" if isinstance(wish, AbWish) else "price"
    given: dict[str, Any] = {
        "name": "主图测试",
        "subject": COAT,
        "metric": "click_through_rate",
        "starts_on": DAY,
        "change_kind": kind,
    }
    return NewTrial(**(given | {"wish": wish} | other))


def plan(state: State, wish: AbWish | SwitchbackWish = SPLIT, **other: Any) -> Trial:
    """Plan a test on the day before it starts."""
    return plan_trial(state, "main", new_trial(wish, **other), by="小王", today=DAY - timedelta(days=1))


def split(trial: Trial, days: int, rates: Sequence[float], units: Sequence[int] = (2000, 2000)) -> list[Count]:
    """Return counts of some days in which every arm has exactly its rate."""
    return [
        Count(trial.starts_on + timedelta(days=day), arm, number, round(number * rate))
        for day in range(days)
        for arm, number, rate in zip(trial.arms, units, rates, strict=True)
    ]


def test_a_test_is_kept_with_its_design(state: State) -> None:
    """What is read later is what was fixed before the first day, on each database."""
    trial = plan(state)
    assert trial_of(state, "main", trial.id) == trial
    assert (trial.kind, trial.state, trial.arms) == (TrialKind.AB, TrialState.RUNNING, ("旧图", "新图"))
    assert trial.ab_plan() == plan_of(SPLIT)
    assert trial.days == plan_of(SPLIT).days
    assert not trial.is_late
    other = plan(state, SWITCH, subject=replace(COAT, id="2"))
    assert other.switchback().seed == 5
    assert [one for _, one in other.schedule()] == [("99", "89")[one] for one in other.switchback().assignment]
    assert list_trials(state, "main") == ((other, trial), 2)
    assert list_trials(state, "main", standing=TrialState.ENDED) == ((), 0)
    with pytest.raises(UnknownTrial):
        trial_of(state, "other", trial.id)
    assert "trial" in {one.entity for one in audit_log(state)}


def test_every_day_to_switch_is_named(alone: State) -> None:
    """Somebody who switches on the days named, from what is now, follows the schedule on every day."""
    trial = plan(alone, replace(SWITCH, avoid=(DAY + timedelta(days=9),)))
    switches, now = dict(trial.switches()), trial.arms[0]
    for day, state in trial.schedule():
        now = switches.get(day, now)
        assert state in {None, now}
    assert dict(trial.schedule())[DAY + timedelta(days=9)] is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"metric": ""},
        {"starts_on": DAY - timedelta(days=9)},
        {"wish": replace(SPLIT, arms=("A",))},
        {"wish": replace(SPLIT, arms=("A", "A"))},
        {"wish": replace(SPLIT, arms=("A", " "))},
        {"wish": replace(SPLIT, shares=(0.5,))},
        {"wish": replace(SPLIT, shares=(0.5, -1.0))},
        {"wish": replace(SPLIT, baseline=1.5)},
        {"wish": replace(SPLIT, baseline=math.nan)},
        {"wish": replace(SPLIT, per_day=0)},
        {"wish": replace(SPLIT, smallest_lift=0)},
        {"wish": replace(SPLIT, baseline=0.95, smallest_lift=0.2)},
        {"wish": replace(SPLIT, measure="mean")},
        {"wish": replace(SPLIT, level=0.95)},
        {"wish": replace(SPLIT, guard_margin=1.0)},
        {"wish": replace(SPLIT, smallest_lift=0.001, per_day=10)},
        {"wish": replace(SWITCH, days=1)},
        {"wish": replace(SWITCH, carry_over=7)},
        {"wish": replace(SWITCH, carry_over=3, run=2)},
        {"wish": replace(SWITCH, states=("99", ""))},
        {"wish": replace(SWITCH, smallest_lift=-2)},
        {"wish": replace(SWITCH, level=0)},
    ],
)
def test_what_cannot_be_meant_is_refused(alone: State, wrong: dict[str, Any]) -> None:
    """A test that could tell nothing, or was designed too late, is not written down."""
    with pytest.raises(TrialRefused):
        plan(alone, **wrong)
    assert list_trials(alone, "main")[1] == 0


def test_a_running_split_may_be_read_openly(alone: State) -> None:
    """A split that began before is read by a confidence sequence, and it is said that it was designed late."""
    trial = plan(alone, replace(SPLIT, horizon="open"), starts_on=DAY - timedelta(days=9))
    assert trial.is_late
    assert "planned_late" in read_trial(alone, "main", trial.id).caveats


def test_two_tests_of_a_subject_do_not_disturb_each_other(alone: State) -> None:
    """Two splits may run at once; a switchback of the same subject may not run beside anything."""
    first = plan(alone)
    plan(alone)
    with pytest.raises(TrialRefused, match=f"测试 {first.id}"):
        plan(alone, SWITCH)
    plan(alone, SWITCH, starts_on=first.ends_on + timedelta(days=1))
    plan(alone, SWITCH, subject=replace(COAT, id="2"))
    cancel_trial(alone, "main", first.id, by="小王")
    with pytest.raises(TrialRefused):
        cancel_trial(alone, "main", first.id, by="小王")
    with pytest.raises(ChangeRefused):
        plan(alone, change_kind="nothing")
    with pytest.raises(UnknownTask):
        plan(alone, task=99)


def test_counts_are_entered_and_corrected(state: State) -> None:
    """A count of the same day and arm takes the place of the former, and the log keeps that."""
    trial = plan(state)
    rows = split(trial, 2, (0.05, 0.06))
    assert count_trial(state, "main", trial.id, rows, by="小王") == (4, 0)
    assert count_trial(state, "main", trial.id, rows, by="小王") == (0, 0)
    assert count_trial(state, "main", trial.id, [replace(rows[0], successes=90)], by="小李") == (0, 1)
    assert counts_of(state, "main", trial.id)[0] in {replace(rows[0], successes=90), rows[1]}
    assert len(counts_of(state, "main", trial.id)) == 4
    (last, *_) = audit_log(state, entity="trial_count")
    assert (last.actor, last.before and last.before["successes"], last.after and last.after["successes"]) == (
        "小李",
        100,
        90,
    )


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"arm": "C"}, "没有“C”"),
        ({"day": DAY - timedelta(days=1)}, "不在测试的日子里"),
        ({"day": DAY + timedelta(days=5)}, "不在测试的日子里"),
        ({"units": -1}, "负数"),
        ({"successes": 2001}, "2001"),
        ({"successes": None}, "缺成功数"),
        ({"total": 5.0}, "平方和"),
        ({"total": math.nan, "squares": 1.0}, "金额要是数"),
        ({"total": 5000.0, "squares": 1.0}, "对不上"),
    ],
)
def test_a_count_that_cannot_be_is_refused(alone: State, wrong: dict[str, Any], told: str) -> None:
    """The row is named with what is wrong, and nothing of the table is entered."""
    trial = plan(alone)
    rows = split(trial, 1, (0.05, 0.06))
    with pytest.raises(TrialRefused, match=f"第 2 行.*{told}"):
        count_trial(alone, "main", trial.id, [rows[0], replace(rows[1], **wrong)], by="小王", today=DAY)
    with pytest.raises(TrialRefused, match="两次"):
        count_trial(alone, "main", trial.id, [rows[0], rows[0]], by="小王")
    with pytest.raises(TrialRefused, match="不在测试的日子里"):
        count_trial(alone, "main", trial.id, [replace(rows[0], day=DAY.replace(year=2062))], by="小王")
    assert counts_of(alone, "main", trial.id) == ()
    switched = plan(alone, SWITCH, subject=replace(COAT, id="2"))
    with pytest.raises(TrialRefused, match="轮换"):
        count_trial(alone, "main", switched.id, rows, by="小王")


def test_a_split_is_read_every_day(alone: State) -> None:
    """Nothing is told of too little, a clear difference is told, and how long it still takes is said meanwhile."""
    trial = plan(alone)
    empty = read_trial(alone, "main", trial.id)
    assert (empty.decision, empty.days, empty.last_day, empty.adopt) == ("cannot_tell_yet", 0, None, False)
    count_trial(alone, "main", trial.id, split(trial, 3, (0.05, 0.0505)), by="小王")
    early = read_trial(alone, "main", trial.id)
    assert (early.decision, early.days) == ("cannot_tell_yet", 3)
    assert early.more_days is not None
    assert early.more_days > 0
    assert "还不能判断，大约还要" in early.told.zh
    count_trial(alone, "main", trial.id, split(trial, trial.days, (0.05, 0.07)), by="小王")
    late = read_trial(alone, "main", trial.id)
    assert (late.decision, late.best, late.adopt) == ("better", "新图", True)
    assert late.told.zh == "“新图”比“旧图”好"
    (arm,) = late.arms
    assert arm.low < 0.4 < arm.high
    assert arm.relative == pytest.approx(0.4, abs=0.03), "adjusted for having stopped at the first clear look"
    assert late.split is not None
    assert late.split["observed"] == (0.5, 0.5)
    msgspec.json.encode(late.to_dict())


def test_less_may_be_better(alone: State) -> None:
    """Where the metric is one of which less is better, the arm with less is taken."""
    trial = plan(alone, metric="bounce_rate")
    count_trial(alone, "main", trial.id, split(trial, trial.days, (0.07, 0.05)), by="小王")
    assert read_trial(alone, "main", trial.id).best == "新图"
    other = plan(alone, metric="bounce_rate")
    count_trial(alone, "main", other.id, split(other, other.days, (0.05, 0.07)), by="小王")
    assert read_trial(alone, "main", other.id).decision == "worse"


def test_a_wrong_split_tells_nothing(alone: State) -> None:
    """Where units were not split as planned nothing is decided, and the effect that is kept says so."""
    trial = plan(alone)
    count_trial(alone, "main", trial.id, split(trial, trial.days, (0.05, 0.07), (2000, 1500)), by="小王")
    reading = read_trial(alone, "main", trial.id)
    assert (reading.is_valid, reading.decision, reading.adopt) == (False, "cannot_tell_yet", False)
    assert "流量没有按设定分开" in reading.told.zh
    effect = effect_of_reading(trial, reading, currency="CNY", measured_on=trial.ends_on)
    assert (effect.verdict, effect.relative) == (Verdict.CANNOT_TELL, None)
    assert "uneven_split" in effect.caveats


@pytest.mark.parametrize(("amount", "state", "verdict"), [(1.0, "holds", "worked"), (0.5, "harmed", "harmed")])
def test_a_guard_is_counted_beside(alone: State, amount: float, state: str, verdict: str) -> None:
    """More clicks that bring less money do harm; that what the other numbers say was named beforehand."""
    trial = plan(alone, replace(SPLIT, guard="每次展现成交额"))
    rows = []
    for one in split(trial, trial.days, (0.05, 0.07)):
        total = one.units * (amount if one.arm == "新图" else 1.0)
        rows.append(replace(one, total=total, squares=total * 3))
    count_trial(alone, "main", trial.id, rows, by="小王")
    reading = read_trial(alone, "main", trial.id)
    (guard,) = reading.guards
    assert (guard.name, guard.arm, guard.state) == ("每次展现成交额", "新图", state)
    assert guard.relative == pytest.approx(amount - 1, abs=1e-9)
    assert reading.adopt is (state == "holds")
    assert effect_of_reading(trial, reading, currency="CNY", measured_on=DAY).verdict.value == verdict


def test_several_arms_and_amounts(alone: State) -> None:
    """Of three arms whose units have values the best is named."""
    wish = AbWish(20.0, 3000, 0.1, arms=("A", "B", "C"), measure="mean", deviation=30.0)
    trial = plan(alone, wish, metric="value_per_visitor")
    means = {"A": 20.0, "B": 20.2, "C": 25.0}
    rows = [
        Count(DAY + timedelta(days=day), arm, 1000, None, 1000 * mean, 1000 * (mean**2 + 900))
        for day in range(trial.days)
        for arm, mean in means.items()
    ]
    count_trial(alone, "main", trial.id, rows, by="小王")
    reading = read_trial(alone, "main", trial.id)
    assert (reading.decision, reading.best) == ("better", "C")
    assert effect_of_reading(trial, reading, currency="CNY", measured_on=DAY).relative == pytest.approx(0.25, abs=0.01)


def test_an_ended_test_teaches_the_playbook(state: State) -> None:
    """Its effect is kept with the action of its task, and the task's own comparison does not count beside it."""
    task = propose(state, "main", new_task(action="image_back", cause="image_worse"), by="小王")
    trial = plan(state, task=task.id, metric="visitors")
    own = tried(1, -0.4, source=Source.TASK, source_id=str(task.id))
    record_effects(state, "main", [own], by="daily")
    count_trial(state, "main", trial.id, split(trial, trial.days, (0.05, 0.07)), by="小王")
    reading = read_trial(state, "main", trial.id)
    effect = effect_of_reading(
        trial, reading, currency="CNY", measured_on=trial.ends_on, worth=Worth(1000.0, 200.0, 1800.0)
    )
    assert end_trial(state, "main", trial.id, effect, by="小王").state is TrialState.ENDED
    kept = effect_of(state, "main", Source.TRIAL, str(trial.id))
    assert kept is not None
    assert (kept.verdict, kept.action, kept.cause) == (Verdict.WORKED, "image_back", "image_worse")
    assert (kept.amount, kept.low, kept.is_final, kept.method) == (effect.amount, effect.low, True, "randomised")
    (stand,) = (one for one in standing(BOOK, state, "main") if one.entry.key == "image_back")
    assert (stand.tries.tried, stand.tries.worked, stand.tries.informed) == (1, 1, 1)
    assert stand.effect.mean > stand.entry.prior.mean
    with pytest.raises(TrialRefused):
        end_trial(state, "main", trial.id, effect, by="小王")
    with pytest.raises(TrialRefused):
        count_trial(state, "main", trial.id, [], by="小王")


def daily(trial: Trial, lift: float, *, noise: float = 0.03, seed: int = 1, **other: Any) -> Daily:
    """Return a metric of about 200 a day with a weekly rhythm that the second state lifts, and two months before."""
    draw = np.random.default_rng(seed)
    week = np.array([1.0, 0.95, 0.9, 0.95, 1.0, 1.2, 1.3])
    design = trial.switchback()

    def days(first: int, count: int) -> np.ndarray[Any, Any]:
        places = (np.arange(first, first + count)) % 7
        return 200 * week[places] * np.exp(draw.normal(0, noise, count))

    outcome = days(trial.starts_on.weekday(), trial.days) * np.where(design.assignment == 1, 1 + lift, 1)
    return Daily(outcome, days(trial.starts_on.weekday() - 56, 56), **other)


def test_a_switchback_is_read_from_its_days(alone: State) -> None:
    """A lift of a fifth is found with an interval around it, nothing is found where there is none."""
    trial = plan(alone, SWITCH, metric="pay_orders")
    found = read_trial(alone, "main", trial.id, daily(trial, 0.2))
    (arm,) = found.arms
    assert (found.decision, found.best, found.adopt, found.is_finished) == ("better", "89", True, True)
    assert arm.low < 0.2 < arm.high
    assert arm.low > 0
    same = read_trial(alone, "main", trial.id, daily(trial, 0.0))
    assert same.decision in {"no_difference", "cannot_tell_yet"}
    assert same.arms[0].low < 0 < same.arms[0].high
    with pytest.raises(TrialRefused):
        read_trial(alone, "main", trial.id)


def test_a_metric_that_is_sometimes_nothing_is_read_by_differences(alone: State) -> None:
    """Days without sales are days with 0, not unknown ones, and the difference is told as a fraction all the same."""
    trial = plan(alone, SWITCH, metric="pay_orders")
    one = daily(trial, 0.2)
    outcome = one.outcome.copy()
    outcome[[3, 17]] = 0
    reading = read_trial(alone, "main", trial.id, replace(one, outcome=outcome))
    assert reading.days == 28
    assert -0.5 < reading.arms[0].relative < 0.8


def test_guards_of_a_switchback(alone: State) -> None:
    """A metric that falls in the second state is a guard that fell, and then the state is not taken."""
    trial = plan(alone, replace(SWITCH, guards=("contribution",)), metric="pay_orders")
    one, other = daily(trial, 0.2), daily(trial, -0.2, seed=4)
    reading = read_trial(alone, "main", trial.id, replace(one, guards={"contribution": (other.outcome, other.history)}))
    assert [each.state for each in reading.guards] == ["harmed"]
    assert (reading.decision, reading.adopt, "guard_fell" in reading.caveats) == ("better", False, True)
    assert "先不要换" in reading.told.zh
    held = daily(trial, 0.0, noise=0.005, seed=4)
    fine = read_trial(alone, "main", trial.id, replace(one, guards={"contribution": (held.outcome, held.history)}))
    assert ([each.state for each in fine.guards], fine.adopt) == (["holds"], True)


def switched(state: State, trial: Trial, days: Sequence[tuple[date, str]], kind: str = "price") -> tuple[Change, ...]:
    """Record switches and return the changes as they are kept."""
    for day, after in days:
        record(state, "main", new_change(kind, day, after=after, before=""), rules=(), by="小王")
    return list_changes(state, "main", WantedChanges(first=trial.starts_on, last=trial.ends_on))[0]


def test_recorded_switches_are_held_against_the_schedule(alone: State) -> None:
    """Whoever followed the schedule did; a switch forgotten makes days that deviate, and then nothing is decided."""
    trial = plan(alone, SWITCH, metric="pay_orders")
    states, caveats = actual_states(trial, ())
    assert (states, caveats) == (None, ("schedule_unconfirmed",))
    switches = trial.switches()
    states, caveats = actual_states(trial, switched(alone, trial, switches[:-1]))
    assert caveats == ()
    reading = read_trial(alone, "main", trial.id, daily(trial, 0.2, states=states, caveats=caveats))
    assert (reading.is_valid, reading.decision) == (False, "cannot_tell_yet")
    assert reading.deviating[0] == switches[-1][0]
    assert "schedule_deviates" in reading.caveats
    effect = effect_of_reading(trial, reading, currency="CNY", measured_on=trial.ends_on)
    assert (effect.verdict, "off_schedule" in effect.caveats) == (Verdict.CANNOT_TELL, True)
    states, caveats = actual_states(trial, switched(alone, trial, switches[-1:]))
    assert states == tuple(trial.switchback().assignment)
    assert read_trial(alone, "main", trial.id, daily(trial, 0.2, states=states)).decision == "better"


def test_what_else_was_changed_is_said(alone: State) -> None:
    """Changes of another kind, and switches that do not say to what, narrow the reading."""
    trial = plan(alone, SWITCH, metric="pay_orders")
    changes = switched(alone, trial, [(trial.switches()[0][0], "改了")])
    states, caveats = actual_states(trial, changes)
    assert caveats == ("switch_unclear",)
    assert states is not None
    assert states[-1] == 1, "a change that names no state is a switch away from the first"
    changes = switched(alone, trial, [(DAY, "新图")], kind="main_image")
    assert "other_changes" in actual_states(trial, changes)[1]


@pytest.mark.parametrize(
    ("after", "state"),
    [("89", 1), ("89.00", 1), (" 99 ", 0), ("改成 89 元", 1), ("", None), ("79", None), ("99→89", None)],
)
def test_a_state_is_known_by_its_name(after: str, state: int | None) -> None:
    """The same words, the same number, or the one name that occurs; else it is not known."""
    assert named_state(("99", "89"), after) == state


@given(st.integers(0, 2**31 - 1), st.sampled_from([14, 28, 30]), st.integers(0, 2))
def test_a_schedule_is_read_back_as_it_was_drawn(seed: int, days: int, carry_over: int) -> None:
    """What the design keeps as JSON gives the same schedule, whatever was drawn."""
    wish = SwitchbackWish(days, states=("x", "y"), carry_over=carry_over, seed=seed)
    design, ends_on = designed(new_trial(wish), DAY)
    shape = msgspec.json.decode(msgspec.json.encode(design))
    row = TrialRow(kind="switchback", name="", metric="visitors", design=shape, starts_on=DAY, ends_on=ends_on)
    row.subject_type, row.subject_id, row.subject_name, row.state = "product", "1", "", "running"
    kept = trial_from(row)
    drawn, back = schedule_of(wish, DAY), kept.switchback()
    assert (back.runs, back.seed, back.carry_over, back.days) == (drawn.runs, seed, carry_over, days)
    assert np.array_equal(back.assignment, drawn.assignment)
    assert kept.days == days


def test_everything_that_is_said_has_words() -> None:
    """Decisions and caveats have words in both languages, and what an effect repeats are caveats of effects."""
    assert all(one.zh and one.en for one in (*DECISIONS.values(), *TRIAL_CAVEATS.values()))
    assert set(CAVEAT_OF) <= set(TRIAL_CAVEATS)
    assert set(CAVEAT_OF.values()) <= set(CAVEATS)
    assert isinstance(Reading.told, property)
