"""Values that rest and then are others."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from itertools import groupby
from typing import Any

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.analysts.changes.conftest import day

from duoshou.analysts.changes.levels import CHANCE, LEAST_DAYS, level_changes
from duoshou.engine.reader import DuckDBBackend

Cell = tuple[str, int, str, int]


def told(cells: list[Cell]) -> list[dict[str, Any]]:
    """Return the changes of cells (thing, day by number, value, units)."""
    connection = duckdb.connect()
    connection.execute("CREATE TABLE seen (thing VARCHAR, day DATE, value VARCHAR, units BIGINT)")
    connection.executemany("INSERT INTO seen VALUES (?,?,?,?)", [(a, day(b), c, d) for a, b, c, d in cells])
    with DuckDBBackend(connection) as backend:
        rows = backend.execute(level_changes(backend.table("seen"), ["thing"])).to_pylist()
    return sorted(rows, key=lambda row: (row["thing"], row["day"]))


def by_hand(cells: list[Cell]) -> list[dict[str, Any]]:
    """Return the same by the rule in words, one thing after another."""
    found = []
    for thing in sorted({one[0] for one in cells}):
        days: dict[int, Counter[str]] = defaultdict(Counter)
        for name, number, value, units in cells:
            if name == thing:
                days[number][value] += units
        whole: Counter[str] = sum(days.values(), Counter())
        clear = []
        for number in sorted(days):
            value, units = min(days[number].items(), key=lambda item: (-item[1], item[0]))
            if 2 * units > days[number].total():
                clear.append((number, value, units))
        runs = [(value, list(group)) for value, group in groupby(clear, key=lambda one: one[1])]
        lasting = [(value, run) for value, run in runs if len(run) >= LEAST_DAYS]
        levels = [
            (value, [one for _, run in group for one in run])
            for value, group in groupby(lasting, key=lambda one: one[0])
        ]
        surprises = []
        for place, (value, level) in enumerate(levels):
            end = levels[place + 1][1][0][0] if place + 1 < len(levels) else max(days) + 1
            size = sum(days[number].total() for number in days if level[0][0] <= number < end)
            part, share = sum(one[2] for one in level) / size, whole[value] / whole.total()
            surprise = 0.0
            if part > share:
                surprise = size * part * math.log(part / share)
                surprise += size * (1 - part) * math.log((1 - part) / (1 - share)) if part < 1 else 0
            surprises.append((part, surprise))
        for place in range(1, len(levels)):
            former, now = levels[place - 1], levels[place]
            enough = max(surprises[place - 1][1], surprises[place][1]) >= math.log(len(runs) / CHANCE)
            if enough and min(surprises[place - 1][0], surprises[place][0]) > 0.5:
                found.append(
                    {
                        "thing": thing,
                        "day": day(now[1][0][0]),
                        "last_before": day(former[1][-1][0]),
                        "before": former[0],
                        "after": now[0],
                        "units": sum(one[2] for one in now[1]),
                    }
                )
    return found


CELLS = st.lists(
    st.tuples(st.sampled_from("abcd"), st.integers(0, 25), st.sampled_from("xyz"), st.integers(1, 4)),
    min_size=1,
    max_size=120,
)


@settings(max_examples=15, deadline=None)
@given(CELLS)
def test_any_cells_are_judged_by_the_rule_in_words(cells: list[Cell]) -> None:
    """The engine finds exactly the changes that the rule, done by hand, finds."""
    assert told(cells) == by_hand(cells)


STRETCHES = st.lists(st.tuples(st.sampled_from("xyz"), st.integers(1, 8)), min_size=2, max_size=6)


@settings(max_examples=10, deadline=None)
@given(st.lists(STRETCHES, min_size=1, max_size=8), st.integers(1, 4))
def test_steps_are_judged_by_the_rule_in_words(things: list[list[tuple[str, int]]], units: int) -> None:
    """Long stretches of one value are told as the rule in words tells them."""
    cells = [
        (str(thing), number, value, units)
        for thing, stretches in enumerate(things)
        for number, value in enumerate(value for value, length in stretches for _ in range(length * 2))
    ]
    assert told(cells) == by_hand(cells)


def test_a_step_is_one_change() -> None:
    """A value that is another from a day on is told once, with its days."""
    cells = [("a", number, "x" if number < 20 else "y", 2) for number in range(40)]
    (one,) = told(cells)
    assert (one["day"], one["last_before"], one["before"], one["after"]) == (day(20), day(19), "x", "y")


def test_there_and_back_is_two_changes() -> None:
    """A trial of a week is told when it begins and when it ends, however usual the other value is."""
    cells = [("a", number, "y" if 50 <= number < 57 else "x", 3) for number in range(100)]
    assert [one["day"] for one in told(cells)] == [day(50), day(57)]


@pytest.mark.parametrize("passing", [1, 2])
def test_what_passes_within_days_is_no_change(passing: int) -> None:
    """A deal of one or two days changes nothing, and what was before and after is one level."""
    cells = [("a", number, "y" if 20 <= number < 20 + passing else "x", 5) for number in range(40)]
    assert told(cells) == []


def test_too_little_evidence_is_no_change() -> None:
    """Three pieces against three could be chance: p³ of a half is an eighth."""
    assert told([("a", number, "x" if number < 3 else "y", 1) for number in range(6)]) == []


def test_alternating_values_are_no_change() -> None:
    """Of two hundred things whose values alternate by chance, hardly any shows a change: at most CHANCE each."""
    generator = np.random.default_rng(5)
    values = generator.random((200, 100)) < generator.uniform(0.05, 0.95, 200)[:, None]
    cells = [(str(a), b, "y" if values[a, b] else "x", 1) for a in range(200) for b in range(100)]
    connection = duckdb.connect()
    connection.execute("CREATE TABLE seen (thing VARCHAR, day DATE, value VARCHAR, units BIGINT)")
    connection.execute(
        "INSERT INTO seen SELECT unnest(?), unnest(?), unnest(?), 1",
        [[one[0] for one in cells], [day(one[1]) for one in cells], [one[2] for one in cells]],
    )
    with DuckDBBackend(connection) as backend:
        changes = backend.execute(level_changes(backend.table("seen"), ["thing"])).num_rows
    assert changes <= 2


def test_one_day_is_no_change() -> None:
    """Without a day before there is nothing that changed."""
    assert told([("a", 0, "x", 9)]) == []
