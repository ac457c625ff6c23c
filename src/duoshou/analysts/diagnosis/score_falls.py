"""Which scores have been falling, since when, and together with which others."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duoshou.analysts.diagnosis.score_reading import Board
from duoshou.statistics.halo import Halo, Reach, compare_falls, noise_covariance
from duoshou.statistics.ratings import published_step
from duoshou.statistics.slow_shifts import LEAST_HISTORY, SlowShift, Usual, find_falls, usual_increments

Floats = NDArray[np.float64]

SAME_START = 7
"""Falls that start within a week of one another may be one."""

REPLAYED = 200
"""Days over which falls are looked for again, so that a fall keeps its start for as long as it may last."""

MEMORY = 365
HORIZON = 30
_EXPOSURE_FLOOR = 0.1


@dataclass(frozen=True, slots=True)
class Fall:
    """Scores that fall together.

    Attributes:
        board: The scores.
        lead: Position of the score whose fall was noticed first.
        members: Positions of the scores that fell, the lead among them.
        start: Position of the last score before the fall, within the board's days.
        end: Position of the last score that belongs to it.
        halo: Comparison of the answers; None where there is only one score.
        reach: How many fell.
        change: Change beyond the usual of each score, with its 90 % interval: items × 3.
        per_day: The same per day.
        step: Unit of the last published digit of each score.
        leaving: Part of the lead's fall that good old ratings made by leaving the window; None where not known.
    """

    board: Board
    lead: int
    members: tuple[int, ...]
    start: int
    end: int
    halo: Halo | None
    reach: Reach
    change: Floats
    per_day: Floats
    step: Floats
    leaving: float | None


def find_joint_falls(board: Board, reviews: Floats | None, window: int | None) -> list[Fall]:
    """Return the falls that last on the board's last day, each with the scores that share it.

    Args:
        board: Scores.
        reviews: Reviews by day read, a measure of how many ratings came; None where unknown.
        window: Days that a rating counts, where the platform says so.
    """
    if len(board.places) <= LEAST_HISTORY:
        return []
    track = _Track(board, reviews, window)
    lasting = track.lasting()
    falls: list[Fall] = []
    while lasting:
        lead = min(lasting, key=lambda item: (lasting[item].start, lasting[item].detected))
        near = {item for item, shift in lasting.items() if shift.start - lasting[lead].start <= SAME_START}
        fall = track.fall(lead, lasting, near)
        falls.append(fall)
        for item in {*fall.members, lead} & near | (near if fall.reach is Reach.CANNOT_TELL else set()):
            track.earlier[item] = lasting.pop(item).start
    return falls


class _Track:
    """The increments of a board."""

    def __init__(self, board: Board, reviews: Floats | None, window: int | None) -> None:
        self.board, self.window = board, window
        self.increments = np.diff(board.values, axis=1)
        self.days = np.diff(board.places).astype(np.float64)
        self.exposure = self.days * _relative_ratings(board, reviews, window)
        self.step = np.array([published_step(values.tolist()) for values in board.values])
        self.earlier: dict[int, int] = {}

    def lasting(self) -> dict[int, SlowShift]:
        """Return the falls that have not ended, by item."""
        first = int(np.searchsorted(self.board.places[1:], self.board.places[-1] - REPLAYED))
        found: dict[int, SlowShift] = {}
        for item in range(len(self.board.items)):
            shifts = find_falls(
                self.increments[item], self.exposure, first=first, memory=MEMORY, step=float(self.step[item])
            )
            if shifts and shifts[-1].end is None:
                found[item] = shifts[-1]
        return found

    def fall(self, lead: int, lasting: dict[int, SlowShift], near: set[int]) -> Fall:
        """Return the fall that `lead` began, judged over the days before an unrelated one begins."""
        start = lasting[lead].start
        later = [shift.start for item, shift in lasting.items() if item not in near]
        end = min([*later, self.increments.shape[1]])
        part = slice(start, end)
        exposed = float(self.exposure[part].sum())
        usual = [self._usual(item, lasting.get(item) if item in near else None, start) for item in self._items()]
        means = np.array([one.mean for one in usual])
        change = self.increments[:, part].sum(axis=1) - means * exposed
        noise = self._noise(usual, start, exposed)
        halo = compare_falls(change, noise)
        reach, members = _answer(halo, lead, len(self.board.items))
        if reach is Reach.CANNOT_TELL:
            members = tuple(sorted({*near, lead}))
        return Fall(
            self.board,
            lead,
            members,
            start,
            end,
            halo if len(change) > 1 else None,
            reach,
            halo.changes,
            halo.changes / float(self.days[part].sum()),
            self.step,
            self._leaving(lead, usual[lead], part, float(change[lead]), float(noise[lead, lead])),
        )

    def _items(self) -> range:
        return range(len(self.board.items))

    def _usual(self, item: int, own: SlowShift | None, start: int) -> Usual:
        if own is not None:
            return own.usual
        since = self.earlier.get(item, 0)
        part = slice(max(since, start - MEMORY, 0), start)
        learnt = usual_increments(self.increments[item, part], self.exposure[part])
        if learnt is None:  # an earlier fall of this score is too young: its own mean, the spread of all that is known
            whole = slice(max(start - MEMORY, 0), start)
            learnt = usual_increments(self.increments[item, whole], self.exposure[whole])
            assert learnt is not None, "a fall is never noticed before there is a history"
            x, e = self.increments[item, part], self.exposure[part]
            mean = float(x.sum() / e.sum()) if len(x) else learnt.mean
            return Usual(mean, learnt.variance, learnt.inflation, max(float(e.sum()), 1.0), learnt.size)
        return learnt

    def _noise(self, usual: list[Usual], start: int, exposed: float) -> Floats:
        part = slice(max(0, start - MEMORY), start)
        means = np.array([one.mean for one in usual])[:, None]
        residual = (self.increments[:, part] - means * self.exposure[part]) / np.sqrt(self.exposure[part])
        rounding = self.step**2 / 6
        noise = noise_covariance(residual.T, floor=1e-16)
        stretch = np.sqrt([one.inflation * exposed * (1 + exposed / one.exposure) for one in usual])
        return np.asarray(noise * np.outer(stretch, stretch) + np.diag(rounding))

    def _leaving(self, item: int, usual: Usual, part: slice, change: float, variance: float) -> float | None:
        """Return the part of a fall that is the echo of a rise one window earlier, where nothing else is left."""
        if self.window is None:
            return None
        ends = self.board.places[[part.start, part.stop]] - self.window
        found = np.searchsorted(self.board.places, ends)
        if ends[0] < self.board.places[0] or np.any(np.abs(self.board.places[found] - ends) > 1):
            return None
        then = slice(int(found[0]), int(found[1]))
        echo = -(float(self.increments[item, then].sum()) - usual.mean * float(self.exposure[then].sum()))
        rest = change - echo
        explained = echo < 0 and abs(rest) < 1.645 * np.sqrt(2 * variance) and echo <= change / 2
        return min(echo / change, 1.0) if explained else None


def _answer(halo: Halo, lead: int, count: int) -> tuple[Reach, tuple[int, ...]]:
    """Return how many fell and which; that the lead fell is known already."""
    if count == 1:
        return Reach.ONE, (lead,)
    if halo.reach in (Reach.CANNOT_TELL, Reach.NONE) or lead not in halo.members:
        return Reach.CANNOT_TELL, (lead,)
    if len(halo.members) != {Reach.ONE: 1, Reach.ALL: count}.get(halo.reach, len(halo.members)):
        return Reach.CANNOT_TELL, (lead,)
    return halo.reach, halo.members


def _relative_ratings(board: Board, reviews: Floats | None, window: int | None) -> Floats:
    """Return how many ratings came and went on each day, in units of a usual day; 1 where it is not known."""
    even = np.ones(len(board.places) - 1)
    if reviews is None:
        return even
    went = np.full(len(reviews), np.nan)
    if window is not None and window < len(reviews):
        went[window:] = reviews[:-window]
    known = np.isfinite(reviews)
    if known[board.places[0] :].mean() < 0.9 or np.nanmedian(reviews) <= 0:
        return even
    usual = float(np.nanmedian(reviews))
    both = np.nan_to_num(reviews, nan=usual) / 2 + np.nan_to_num(went, nan=usual) / 2
    cumulated = np.concatenate([[0.0], np.cumsum(np.maximum(both / usual, _EXPOSURE_FLOOR))])
    sums = cumulated[board.places[1:] + 1] - cumulated[board.places[:-1] + 1]
    return np.asarray(sums / np.diff(board.places))


def shown_digits(change: float) -> int:
    """Return how many decimals show a change with two digits, 2 to 5."""
    return 5 if change == 0 else min(5, max(2, 1 - math.floor(math.log10(abs(change)))))
