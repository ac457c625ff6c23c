"""Designs of switchbacks: one subject is switched between two states, day by day or week by week, at random."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from duoshou.statistics.trials.outcomes import Array, BoolArray

Unit = Literal["day", "week"]
States = NDArray[np.int8]

WEEK = 7
NEVER: int = -1
"""The state of a day that is no part of the test."""


@dataclass(frozen=True)
class SwitchbackDesign:
    """A schedule that was drawn, and how it was drawn.

    A week is cut into runs of days, each run gets a state at random, and the week after gets the opposite states: so
    every weekday is in each state equally often. Pairs of weeks are drawn independently of each other. Keep all of it:
    another version of NumPy may draw another schedule from the same seed.

    Attributes:
        days: Length.
        runs: int[pairs][…], lengths of the runs of each pair's weeks; they add to seven.
        carry_over: Days that a switch may still be felt; the first so many of each run are never read, whether or not
            the state changed, so that which days are read does not depend on the draw.
        avoided: bool[days], days that are no part of the test, such as festivals.
        seed: Of the draw.
        assignment: int8[days], 0 or 1; −1 on avoided days.
    """

    days: int
    runs: tuple[tuple[int, ...], ...]
    carry_over: int
    avoided: BoolArray
    seed: int
    assignment: States

    @cached_property
    def used(self) -> BoolArray:
        """Return bool[days], the days that are read: not avoided, and no switch can still be felt."""
        used = ~self.avoided
        for start in self.starts:
            used[start : start + self.carry_over] = False
        for day in np.flatnonzero(self.avoided):
            used[day + 1 : day + 1 + self.carry_over] = False
        return used

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """Return the first day of each run."""
        lengths = [length for pair in self.runs for length in pair * 2]
        return tuple(start for start in np.cumsum([0, *lengths[:-1]]).tolist() if start < self.days)

    @property
    def bits(self) -> int:
        """Return the binary logarithm of the number of schedules that could have been drawn."""
        return sum(len(pair) for pair in self.runs)

    def schedules(self, choices: NDArray[np.bool_]) -> States:
        """Return int8[draws, days], the schedules of choices, bool[draws, bits], without regard to avoided days."""
        columns, at = [], 0
        for pair in self.runs:
            week = np.repeat(choices[:, at : at + len(pair)], pair, axis=1)
            columns += [week, ~week]
            at += len(pair)
        return np.concatenate(columns, axis=1)[:, : self.days].astype(np.int8)


def design_switchback(
    days: int,
    unit: Unit = "day",
    *,
    carry_over: int = 0,
    avoid: Sequence[bool] | None = None,
    run: int | None = None,
    seed: int,
) -> SwitchbackDesign:
    """Return a random schedule, balanced over weekdays (Bojinov, Simchi-Levi and Zhao, 2023, on carry-over).

    Args:
        days: Length; whole fortnights are best.
        unit: "day" switches within weeks, "week" only between them.
        carry_over: Days that a switch may still be felt.
        avoid: bool[days], days to leave out.
        run: Least length of a run in days, at most seven; by default long enough that most of a run can be read.
        seed: Of the draw; take a new one for each test.

    Raises:
        ValueError: If there are no days, the mask does not fit, or a run would be over before its carry-over is.
    """
    avoided = np.zeros(days, dtype=np.bool_) if avoid is None else np.array(avoid, dtype=np.bool_)
    shortest = (
        WEEK if unit == "week" else (run if run is not None else min(WEEK, 1 if carry_over == 0 else carry_over + 2))
    )
    if days < 2 or avoided.shape != (days,) or avoided.all():
        raise ValueError("a switchback needs days that are not avoided, and a mask of their number")
    if not 0 <= carry_over < shortest <= WEEK:
        raise ValueError("a run lasts longer than the carry-over and at most a week")
    chance = np.random.default_rng(seed)
    lengths = run_lengths(shortest)
    pairs = -(-days // (2 * WEEK))
    runs = tuple(tuple(chance.permutation(lengths).tolist()) for _ in range(pairs))
    drawn = SwitchbackDesign(days, runs, carry_over, avoided, seed, np.zeros(days, dtype=np.int8))
    choices = chance.random((1, drawn.bits)) < 0.5
    assignment = drawn.schedules(choices)[0]
    assignment[avoided] = NEVER
    return SwitchbackDesign(days, runs, carry_over, avoided, seed, assignment)


def run_lengths(shortest: int) -> tuple[int, ...]:
    """Return the lengths of the runs of a week, as many as possible and none shorter than given."""
    number = WEEK // shortest
    base, longer = divmod(WEEK, number)
    return tuple(base + (place < longer) for place in range(number))


def draws(design: SwitchbackDesign, most: int, seed: int) -> tuple[States, bool]:
    """Return schedules that could have been drawn: all of them if there are at most so many, else random ones.

    Returns:
        int8[draws, days], and whether these are all.
    """
    bits = design.bits
    if bits < 31 and 2**bits <= most:
        numbers = np.arange(2**bits)
        return design.schedules((numbers[:, None] >> np.arange(bits)[None, :]) & 1 == 1), True
    chance = np.random.default_rng((design.seed, seed))
    return design.schedules(chance.random((most, bits)) < 0.5), False


def weekdays(days: int, first: int) -> Array:
    """Return float[days, 7], 1 in the column of the weekday."""
    return np.eye(WEEK)[(np.arange(days) + first) % WEEK]
