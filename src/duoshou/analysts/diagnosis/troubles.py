"""From scans to troubles: which subjects left what is expected of them, since when, and what explains it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from duoshou.analysts.diagnosis.causes import Cause
from duoshou.analysts.diagnosis.scan import Floats, Scan
from duoshou.statistics.signatures import Signature, weigh

FALSE_PER_WEEK = 0.2
"""False findings that a shop is willing to bear in a week, over everything that is watched."""
LASTING = 3.0
"""Days that a false alarm lasts."""
RECOVERY_DAYS = 28
"""Days after a trouble in which a move the other way is its end, and not another trouble."""
BACK_WITHIN = 10
"""Days within which a trouble that comes back is the same one."""
TOLD_WEIGHT = 0.05
"""Weight below which a cause is not told beside likelier ones."""
STILL = 5
"""Length of the window that tells whether a trouble goes on."""
OVER = 0.05
"""Chance that what goes on is taken for over."""


@dataclass(frozen=True, slots=True)
class Known:
    """A trouble that was told before.

    Attributes:
        type: Kind of subject.
        name: Key of the subject.
        start: First day.
        last: Last day on which it was found.
        good: Whether it made money.
        cause: Key of its likeliest cause when it was found last; empty where it is not known.
    """

    type: str
    name: str
    start: date
    last: date
    good: bool
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Trouble:
    """One subject in trouble.

    Attributes:
        type: Kind of subject.
        name: Key of the subject; empty for the shop.
        start: First day.
        day: Last judged day.
        causes: Causes with their weights among the candidates, the likeliest first; the weights add up to 1.
        size: Size of the effect under the likeliest cause.
        log_evidence: Logarithm of the mean Bayes factor against “nothing happened”.
        moves: Feature → its move (logarithm) since the start, and its score in standard deviations.
        unseen: Whether a calendar phase that the shop never lived through lies in the days.
        noise: Covariance of the moves, in their order, when nothing happened; None where it is not known.
    """

    type: str
    name: str
    start: date
    day: date
    causes: tuple[tuple[Cause, float], ...]
    size: float
    log_evidence: float
    moves: Mapping[str, tuple[float, float]]
    unseen: bool
    noise: Floats | None = field(default=None, compare=False)

    @property
    def cause(self) -> Cause:
        """The likeliest cause."""
        return self.causes[0][0]

    @property
    def days(self) -> int:
        """Days since the start, both ends included."""
        return (self.day - self.start).days + 1


def daily_chance(subjects: int) -> float:
    """Return the chance with which a subject in no trouble may be told on a day.

    A false alarm lasts some days, for windows of following days share most of their days: a weekly rate of new ones
    stands for `LASTING` times as many subject-days.
    """
    return FALSE_PER_WEEK * LASTING / 7 / max(subjects, 1)


def find_troubles(scan: Scan, day: date, known: Sequence[Known], least: float | Floats) -> list[Trouble]:
    """Return the subjects of a scan that are in trouble on `day`.

    Args:
        scan: The judgement of the day.
        day: The day.
        known: Troubles told before; one that goes on keeps its start, one that is over is not told again.
        least: Log evidence from which on a subject is in trouble; one number for all or one each.
    """
    mine = [one for one in known if one.type == scan.series.subject.type]
    evidence = scan.log_evidence
    asked = np.broadcast_to(least, evidence.shape)
    found = []
    for row, name in enumerate(scan.series.names):
        if not scan.mature[row]:
            continue
        before = [one for one in mine if one.name == name]
        trouble = _judged(scan, row, day, before, float(asked[row]), float(evidence[row]))
        if trouble is not None:
            found.append(trouble)
    return found


def _exceeds(evidence: float, least: float) -> bool:
    """Return whether evidence, a logarithm, tells of a trouble: as much as is asked, and more than none at all.

    A product with most of the sales may be told more often than the past exceeds anything; then nothing is asked of
    it, and a day that was like any other, with evidence 0, would meet that.
    """
    return evidence > 0 and evidence >= least


def _judged(scan: Scan, row: int, day: date, before: Sequence[Known], least: float, evidence: float) -> Trouble | None:
    open_ = [one for one in before if (day - one.last).days <= 1]
    if open_:
        return _going_on(scan, row, day, open_[-1], least)
    fresh = [place for place, length in enumerate(scan.lengths) if _is_after(before, day, length)]
    if not _exceeds(evidence, least) or not fresh:
        return None
    evidence, window = _best(scan, row, fresh)
    if not _exceeds(evidence, least):
        return None
    trouble = _trouble(scan, row, window, day, day - timedelta(days=scan.lengths[window] - 1), evidence)
    if trouble is None or _recovers(trouble, before) or (trouble.cause.accuses and evidence < 2 * least):
        return None
    return None if _is_over(scan, row, trouble) else _joined(trouble, before)


def _is_over(scan: Scan, row: int, trouble: Trouble) -> bool:
    """Return whether what a trouble moved has moved back by as much since: it came and went before anybody looked.

    The long windows of a history that is read for the first time hold troubles that were mended long ago. What is
    expected follows a level that lasts, so that in a shorter window the end of a trouble shows as its reverse, of the
    same size; what is held against nothing at all, such as stock, is nothing again. By Markov's inequality chance alone
    shows it in any of the windows with the probability `OVER` at most.
    """
    shorter = [place for place, length in enumerate(scan.lengths) if length < trouble.days]
    if not shorter:
        return False
    features = [one.feature for one in scan.series.features]
    signature = trouble.cause.signature([one.key for one in features])
    moves, variances, sizes = scan.moves[row, shorter], scan.deviations[row, shorter] ** 2, (trouble.size,)
    back = weigh(-moves, variances, scan.correlation[shorter], [signature], sizes=sizes).log_bayes_factor
    if back.max() > math.log(len(shorter) / OVER):
        return True
    absolute = np.array([one.absolute for one in features])
    alone = Signature(signature.loads * absolute, signature.spread * absolute)
    lately = [place for place in shorter if scan.lengths[place] <= STILL][-1:]
    on = weigh(
        scan.moves[row, lately], scan.deviations[row, lately] ** 2, scan.correlation[lately], [alone], sizes=sizes
    )
    return bool(alone.loads.any() and on.log_bayes_factor.min() < math.log(OVER))


def _best(scan: Scan, row: int, windows: Sequence[int]) -> tuple[float, int]:
    """Return the evidence of some windows of a subject, and the window that tells most of it."""
    factors = scan.log_factors[row][list(windows)]
    told = [place for place, cause in enumerate(scan.causes) if not cause.silent]
    window = factors[:, _compete(scan, factors)].max(axis=1).argmax()
    return _log_mean(factors[:, told]), windows[int(window)]


def _joined(trouble: Trouble, before: Sequence[Known]) -> Trouble:
    """Return a trouble that comes back within days as the one that it was before, unless that had another cause.

    Causes are told apart by chance, too: the cause of before need not be the likeliest now, but one that would be told.
    """
    likely = {"", *(cause.key for cause, weight in trouble.causes if weight >= TOLD_WEIGHT)}
    for one in before:
        is_alike = one.good == trouble.cause.good and one.cause in likely
        if is_alike and (trouble.start - one.last).days <= BACK_WITHIN:
            return replace(trouble, start=one.start)
    return trouble


def _going_on(scan: Scan, row: int, day: date, known: Known, least: float) -> Trouble | None:
    """Return a trouble as it stands today, from its first day on; None once it is over."""
    days = (day - known.start).days + 1
    window = max(place for place, length in enumerate(scan.lengths) if length <= max(days, scan.lengths[0]))
    recent = max(place for place, length in enumerate(scan.lengths) if length <= min(STILL, days))
    goes_on = [place for place, cause in enumerate(scan.causes) if cause.good == known.good]
    since, lately = (float(scan.log_factors[row, place][goes_on].max()) for place in (window, recent))
    if not _exceeds(since, least / 2) or lately < 0:
        return None
    return _trouble(scan, row, window, day, known.start, float(scan.log_factors[row, window].max()))


def _trouble(scan: Scan, row: int, window: int, day: date, start: date, evidence: float) -> Trouble | None:
    factors = scan.log_factors[row, window]
    factors = np.where(_compete(scan, factors[None]), factors, -np.inf)
    weights = np.exp(factors - factors.max())
    weights /= weights.sum()
    order = np.argsort(-weights)
    if scan.causes[int(order[0])].silent:
        return None
    moves, deviations = scan.moves[row, window], scan.deviations[row, window]
    known = np.flatnonzero(np.isfinite(moves) & (deviations > 0))
    keys = [one.feature.key for one in scan.series.features]
    told = {keys[place]: (float(moves[place]), float(moves[place] / deviations[place])) for place in known}
    chance = deviations[known]
    return Trouble(
        scan.series.subject.type,
        scan.series.names[row],
        start,
        day,
        tuple((scan.causes[int(place)], float(weights[place])) for place in order),
        float(scan.sizes[row, window, order[0]]),
        evidence,
        told,
        bool(scan.unseen[row, window]),
        scan.correlation[window][np.ix_(known, known)] * np.outer(chance, chance),
    )


def _compete(scan: Scan, factors: Floats) -> NDArray[np.bool_]:
    """Return which causes compete to explain a subject: the told ones, and the silent ones that touch what these move.

    Paid visitors who no longer come because a product cannot be bought are what the shop does not buy: they explain
    nothing of the orders that cease as well.

    Args:
        scan: The judgement.
        factors: Windows × causes, of the subject.
    """
    told = np.array([not cause.silent for cause in scan.causes])
    if not told.any():
        return ~told
    best = scan.causes[int(np.where(told, factors.max(axis=0), -np.inf).argmax())]
    return told | [not best.loads.keys().isdisjoint({*cause.loads, *cause.spread}) for cause in scan.causes]


def _is_after(before: Sequence[Known], day: date, length: int) -> bool:
    """Return whether a window begins after every earlier trouble of the subject."""
    return all(day - timedelta(days=length - 1) > one.last for one in before)


def _recovers(trouble: Trouble, before: Sequence[Known]) -> bool:
    return any(one.good != trouble.cause.good and (trouble.start - one.last).days <= RECOVERY_DAYS for one in before)


def _log_mean(factors: Floats) -> float:
    highest = float(factors.max())
    return highest + math.log(float(np.exp(factors - highest).mean()))
