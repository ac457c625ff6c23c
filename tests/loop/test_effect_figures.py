"""Figures of 效果 worked out by hand and by SQL on the rows: totals, their interval, counts, the playbook's tries."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text
from tests.loop.test_effects import measured

from duoshou.loop.effects import Measured, record_effects, totals
from duoshou.loop.experience import tries_of
from duoshou.model import Period, Source, Subject, Verdict
from duoshou.state import State

DAY = date(2026, 11, 2)
PRODUCTS = [Subject("product", number, number) for number in ("1", "2", "3", "4")]


def effect(number: int, product: int, verdict: Verdict, amounts: tuple[int, int, int] | None, **other: Any) -> Measured:
    """Return an effect on one of the products; `amounts` are the middle and the ends."""
    middle, low, high = (None, None, None) if amounts is None else map(Decimal, amounts)
    given = {"source": Source.CAMPAIGN, "amount": middle, "low": low, "high": high, "verdict": verdict}
    return measured(number, **(given | {"subject": PRODUCTS[product], "action": "image_back"} | other))


def effects() -> list[Measured]:
    """Return good and bad effects: two of product 1 over the same days, one without donors, one in dollars."""
    later = Period(DAY + timedelta(days=7), DAY + timedelta(days=20))
    return [
        effect(1, 0, Verdict.WORKED, (1200, 400, 2000)),
        effect(2, 1, Verdict.HARMED, (-5000, -9000, -1000)),
        effect(3, 0, Verdict.DID_NOT, (50, -150, 250), window=later),
        effect(4, 2, Verdict.CANNOT_TELL, None, action="price_back"),
        effect(5, 2, Verdict.CANNOT_TELL, (300, -700, 1300), method="interrupted_series"),
        effect(6, 3, Verdict.WORKED, (10, 5, 15), currency="USD", action="price_back"),
    ]


@pytest.fixture
def kept(state: State) -> State:
    """A state that keeps them, and one of another shop."""
    record_effects(state, "main", effects(), by="daily")
    record_effects(state, "other", [effect(1, 0, Verdict.WORKED, (77, 70, 80))], by="daily")
    return state


def test_the_total_holds_what_harmed_and_what_cannot_be_told(kept: State) -> None:
    """1,200 − 5,000 + 50 + 300; dollars are not added to yuan."""
    found = totals(kept, "main")
    assert (found.amount, found.currency) == (Decimal(-3450), "CNY")
    ask = text("SELECT sum(amount) FROM effect WHERE shop = 'main' AND currency = 'CNY'")
    with kept.reading() as session:
        rows = float(session.execute(ask).scalar_one())
    assert rows in {-3450.0, -345_000.0}, "in yuan, or in hundredths where the database keeps those"


def test_the_interval_adds_what_shares_its_chance_first(kept: State) -> None:
    """√((800 + 200)² + 4,000² + 1,000²) = √18,000,000 on either side: the two of product 1 are added before."""
    found = totals(kept, "main")
    reach = Decimal("4242.64")
    assert (found.low, found.high) == (Decimal(-3450) - reach, Decimal(-3450) + reach)


def test_every_effect_is_counted_in_the_sum_or_beside_it(kept: State) -> None:
    """Four are in the sum; one without an amount and one in dollars are not."""
    found = totals(kept, "main")
    assert (found.measured, found.unmeasured) == (4, 2)
    assert found.measured + found.unmeasured == sum(found.verdicts.values()) == len(effects())


def test_verdicts_are_counted_as_they_stand(kept: State) -> None:
    """Two worked, one did harm, one did nothing, two cannot be told."""
    told = {one.value: number for one, number in totals(kept, "main").verdicts.items()}
    assert told == {"worked": 2, "harmed": 1, "did_not": 1, "cannot_tell": 2}
    with kept.reading() as session:
        rows = session.execute(
            text("SELECT verdict, count(*) AS number FROM effect WHERE shop = 'main' GROUP BY verdict")
        )
        assert {str(one.verdict): int(one.number) for one in rows} == told


def test_the_playbook_counts_each_try_of_an_entry(kept: State) -> None:
    """Of the old image four: one worked, one harmed, one did nothing, one cannot be told; of the old price two."""
    found = tries_of(kept, "main", ["image_back", "price_back", "title_words"])
    one, other = found["image_back"], found["price_back"]
    assert (one.tried, one.worked, one.harmed, one.did_not, one.cannot_tell) == (4, 1, 1, 1, 1)
    assert (other.tried, other.worked, other.cannot_tell) == (2, 1, 1)
    assert found.get("title_words") is None or found["title_words"].tried == 0
    with kept.reading() as session:
        rows = session.execute(text("SELECT action, verdict FROM effect WHERE shop = 'main'")).all()
    by_hand = Counter((action, verdict) for action, verdict in rows)
    for action, tries in (("image_back", one), ("price_back", other)):
        for verdict in Verdict:
            assert getattr(tries, verdict.value) == by_hand[action, verdict.value]
