"""Measured effects: kept once, noted in the log, never dropped from the totals."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.loop.conftest import COAT, DAY, new_task, people

from duoshou.loop.effects import (
    CAVEATS,
    METHODS,
    VERDICTS,
    Measured,
    effect_id,
    effect_of,
    list_effects,
    record_effects,
    totals,
)
from duoshou.loop.errors import UnknownTask
from duoshou.loop.tasks import accept, finish, propose, task_story
from duoshou.model import Period, Source, Subject, TaskState, Verdict
from duoshou.state import State, audit_log

LATER = DAY + timedelta(days=40)


def measured(number: int = 1, **other: Any) -> Measured:
    """Return the effect of a change of the coat, worth 100 in fourteen days."""
    given: dict[str, Any] = {
        "source": Source.CHANGE,
        "source_id": str(number),
        "subject": COAT,
        "metric": "visitors",
        "window": Period(DAY, DAY + timedelta(days=13)),
        "method": "synthetic_did",
        "verdict": Verdict.WORKED,
        "currency": "CNY",
        "measured_on": DAY + timedelta(days=20),
        "is_final": False,
        "amount": Decimal("100.00"),
        "low": Decimal("40.00"),
        "high": Decimal("160.00"),
        "relative": 0.12,
        "relative_low": 0.05,
        "relative_high": 0.19,
        "caveats": ("few_donors",),
        "content": {"days": [{"day": "2026-11-02", "expected": 10.5, "observed": 12}], "level": 0.95},
    }
    return Measured(**(given | other))


def test_an_effect_is_read_as_it_was_kept(state: State) -> None:
    """Every field comes back on each database; what was not measured is None."""
    one = measured(cause="traffic", action="change_main_image")
    record_effects(state, "main", [one], by="daily")
    assert effect_of(state, "main", Source.CHANGE, "1") == one
    assert effect_of(state, "main", Source.TASK, "1") is None
    assert effect_of(state, "other", Source.CHANGE, "1") is None


def test_measuring_again_replaces_and_the_same_is_not_written(state: State) -> None:
    """There is one effect for each thing done; the log tells each true change of it and nothing else."""
    record_effects(state, "main", [measured()], by="daily")
    record_effects(state, "main", [measured()], by="daily")
    assert len(audit_log(state)) == 1
    later = measured(amount=Decimal("90.00"), is_final=True, content={})
    record_effects(state, "main", [later], by="daily")
    assert list_effects(state, "main") == ((later,), 1)
    assert [(one.action, one.entity) for one in audit_log(state)] == [("update", "effect"), ("insert", "effect")]
    record_effects(state, "main", [measured()], by="daily")
    assert effect_of(state, "main", Source.CHANGE, "1") == later


def test_a_task_becomes_evaluated_when_its_effect_is_final(state: State) -> None:
    """A first answer leaves the task done; the last one ends it, and once more changes nothing."""
    designer, _ = people(state)
    task = propose(state, "main", new_task(), by="小王").id
    accept(state, "main", task, by="小李", owner=designer.id)
    finish(state, "main", task, on=DAY, by="小李")
    one = measured(task, source=Source.TASK)
    record_effects(state, "main", [one], by="daily")
    assert task_story(state, "main", task)[0].state is TaskState.DONE
    for _ in range(2):
        record_effects(state, "main", [replace(one, is_final=True)], by="daily")
    told, steps = task_story(state, "main", task)
    assert (told.state, steps[-1].note, len(steps)) == (TaskState.EVALUATED, "worked", 4)


def test_the_effect_of_a_task_that_there_is_not_is_refused_whole(state: State) -> None:
    """Nothing of a batch is kept where one of it cannot be meant."""
    with pytest.raises(UnknownTask):
        record_effects(state, "main", [measured(), measured(99, source=Source.TASK, is_final=True)], by="daily")
    assert list_effects(state, "main") == ((), 0)


def test_a_list_is_chosen_and_paged(state: State) -> None:
    """The latest window comes first; verdict, action and source choose."""
    days = [measured(n, window=Period(DAY, DAY + timedelta(days=n)), action="a" if n % 2 else "b") for n in range(1, 6)]
    harmed = measured(9, source=Source.CAMPAIGN, source_id="双11/主推", verdict=Verdict.HARMED)
    record_effects(state, "main", [*days, harmed], by="daily")
    page, count = list_effects(state, "main", action="a", limit=2)
    assert ([one.source_id for one in page], count) == (["5", "3"], 3)
    assert list_effects(state, "main", verdict=Verdict.HARMED) == ((harmed,), 1)
    assert list_effects(state, "main", source=Source.CAMPAIGN)[1] == 1
    assert list_effects(state, "main", offset=6) == ((), 6)
    assert effect_of(state, "main", Source.CAMPAIGN, "双11/主推") == harmed


def test_totals_hold_what_is_unfavourable_and_count_what_cannot_be_told(alone: State) -> None:
    """Losses are added as gains are; an effect without an amount is counted beside the sum."""
    later = Period(DAY + timedelta(days=30), DAY + timedelta(days=40))
    loss = {"amount": Decimal(-300), "low": Decimal(-380), "high": Decimal(-220), "verdict": Verdict.HARMED}
    unknown = {"amount": None, "low": None, "high": None, "verdict": Verdict.CANNOT_TELL}
    wide = {"amount": Decimal(50), "low": Decimal(-500), "high": Decimal(600), "verdict": Verdict.CANNOT_TELL}
    far = Period(DAY + timedelta(days=90), DAY + timedelta(days=99))
    record_effects(
        alone,
        "main",
        [measured(1), measured(2, window=later, **loss), measured(3, **unknown), measured(4, window=far, **wide)],
        by="daily",
    )
    told = totals(alone, "main")
    assert (told.amount, told.measured, told.unmeasured) == (Decimal(-150), 3, 1)
    assert told.verdicts == {Verdict.WORKED: 1, Verdict.DID_NOT: 0, Verdict.HARMED: 1, Verdict.CANNOT_TELL: 2}
    assert told.low is not None
    assert told.low < Decimal(-150) - 550
    assert totals(alone, "other").amount is None


def test_totals_add_what_shares_its_chance_as_dependent(alone: State) -> None:
    """Other products add in squares; the same product in the same days, and what nothing compares with, add whole."""
    hat = Subject("product", "2002", "帽子")

    def half(shop: str, **other: Any) -> float:
        first = {"method": other["method"]} if "method" in other else {}
        record_effects(alone, shop, [measured(1, **first), measured(2, **other)], by="daily")
        told = totals(alone, shop)
        assert told.amount is not None
        assert told.high is not None
        return float(told.high - told.amount)

    assert half("a", subject=hat) == pytest.approx(60 * 2**0.5, abs=0.01)
    assert half("b") == pytest.approx(120)
    assert half("c", window=Period(DAY + timedelta(days=20), LATER)) == pytest.approx(60 * 2**0.5, abs=0.01)
    assert half("d", subject=hat, method="interrupted_series") == pytest.approx(120)


@given(st.lists(st.tuples(st.integers(-900, 900), st.integers(0, 300), st.integers(0, 300)), min_size=1, max_size=6))
def test_ids_do_not_meet(rows: list[tuple[int, int, int]]) -> None:
    """Different things have different effects, whatever their names."""
    names = [f"{a}/{b}?{c}" for a, b, c in rows]
    assert len({effect_id(Source.CAMPAIGN, name) for name in names}) == len(set(names))
    assert effect_id(Source.TASK, "7") != effect_id(Source.CHANGE, "7")


def test_the_json_shape_is_that_of_the_design() -> None:
    """The keys of the contract are there, whatever else is."""
    shape = measured().to_dict()
    assert shape["id"] == "change-1"
    assert shape["window"] == {"from": "2026-11-02", "to": "2026-11-15"}
    assert (shape["estimate"], shape["low"], shape["high"], shape["currency"]) == ("100.00", "40.00", "160.00", "CNY")
    assert (shape["verdict"], shape["caveats"], shape["method"]) == ("worked", ["few_donors"], "synthetic_did")
    assert shape["subject"] == {"type": "product", "id": "1001", "name": "羽绒服"}
    assert date.fromisoformat(shape["measured_on"])


def test_everything_that_is_said_has_words() -> None:
    """Verdicts, methods and caveats are named in both languages."""
    assert set(VERDICTS) == set(Verdict)
    for table in (VERDICTS.values(), METHODS.values(), CAVEATS.values()):
        assert all(one.zh and one.en for one in table)
