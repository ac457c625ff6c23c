"""Whom something is compared with: nobody that it may have touched."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.loop.evaluation.arrays import FIRST, reader_of

from duoshou.loop.evaluation.case import Case, Done
from duoshou.loop.evaluation.donors import MOST_DONORS, Target, donors_of
from duoshou.loop.evaluation.windows import Window
from duoshou.model import Period, Source, Subject

DAYS, START = 100, FIRST + timedelta(days=80)
OWN = Target("product", ("a",))
WINDOW = Window(Period(FIRST, START - timedelta(days=1)), Period(START, START + timedelta(days=13)), None, (), (), ())


def case(**other: Any) -> Case:
    """Return the case of product a."""
    return Case(Source.CHANGE, "1", Subject("product", "a", "甲"), "pay_amount", START, own=frozenset({1}), **other)


def done(number: int, name: str, on: date, until: date | None = None) -> Done:
    """Return a change of a product."""
    return Done(number, "price", on, until, frozenset({("product", name)}))


def sold(**amounts: Any) -> dict[str, dict[str, Any]]:
    """Return sales of products that sell one unit a day."""
    return {"pay_amount": amounts, "pay_units": dict.fromkeys(amounts, 1.0)}


def test_what_competes_is_left_out_and_told() -> None:
    """The same category and a price within half as much again competes; another category or price does not."""
    tables = sold(a=100, near=140, far=160, other=100, unknown=100)
    found = donors_of(
        reader_of(tables, DAYS, categories={"a": "coats", "near": "coats", "far": "coats", "other": "hats"}),
        OWN,
        case(),
        WINDOW,
        (),
    )
    assert found.names == ("far", "other")
    assert found.rivals == ("near", "unknown")
    assert found.excluded == {"substitute": 2}
    assert found.kinds.peers(["a"], found.names)[0].tolist() == [False, True, False]


def test_without_categories_the_price_alone_tells_what_competes() -> None:
    """Where no file tells categories, any product of a like price may compete."""
    found = donors_of(reader_of(sold(a=100, near=120, far=300), DAYS), OWN, case(), WINDOW, ())
    assert (found.names, found.rivals) == (("far",), ("near",))


def test_what_was_changed_itself_is_left_out() -> None:
    """A change from the days before to the last judged one counts; one that ended before, or came later, does not."""
    reader = reader_of(sold(a=10, b=300, c=400, d=500, e=600), DAYS)
    changes = [
        done(2, "b", START - timedelta(days=30)),
        done(3, "c", START + timedelta(days=5)),
        done(4, "d", START + timedelta(days=15)),
        done(5, "e", FIRST - timedelta(days=9), FIRST - timedelta(days=2)),
    ]
    found = donors_of(reader, OWN, case(), WINDOW, changes)
    assert (found.names, found.excluded) == (("e", "d"), {"own_change": 2})


def test_what_hardly_sells_is_left_out() -> None:
    """A donor sells on half of the days, and lately."""
    now_and_then = [float(number % 3 == 0) * 900 for number in range(DAYS)]
    gone = [900.0 * (number < 60) for number in range(DAYS)]
    found = donors_of(reader_of(sold(a=10, b=now_and_then, c=gone, d=700), DAYS), OWN, case(), WINDOW, ())
    assert (found.names, found.excluded) == (("d",), {"dead": 2})


def test_the_largest_are_kept() -> None:
    """More donors than are worth their time are cut to those that sell most."""
    many = {f"p{number:03}": 1000.0 + number for number in range(60)}
    found = donors_of(reader_of(sold(a=10, **many), DAYS), OWN, case(), WINDOW, ())
    assert len(found.names) == MOST_DONORS
    assert found.names[0] == "p059"


def test_those_who_live_from_one_another_are_not_compared() -> None:
    """Agents share the same inquiries: what one gains another loses."""
    reader = reader_of({"pay_amount": {"小李": 10, "小赵": 20}}, DAYS, type_="agent")
    assert donors_of(reader, Target("agent", ("小李",)), case(), WINDOW, ()).names == ()
