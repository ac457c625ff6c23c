"""What the measured effect says, as `duoshou.model.Verdict` defines it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from duoshou.loop.evaluation.displacement import Estimate
from duoshou.model import Verdict

Standing = Literal["held", "fell", "unknown"]


@dataclass(frozen=True, slots=True)
class Guarded:
    """How a metric that must not fall stands.

    Attributes:
        metric: Its key.
        moved: Relative change with its interval, turned so that less than 0 is worse; None: unknown.
        standing: Whether it certainly fell, a fall that matters is excluded, or neither.
    """

    metric: str
    moved: Estimate | None
    standing: Standing

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        numbers = self.moved or Estimate(float("nan"), float("nan"), float("nan"))
        return {
            "metric": self.metric,
            "relative": numbers.value,
            "low": numbers.low,
            "high": numbers.high,
            "standing": self.standing,
        }


def verdict_of(
    moved: Estimate | None,
    expected: float,
    money: Estimate | None,
    guards: Sequence[Guarded] = (),
    besides: Estimate | None = None,
) -> Verdict:
    """Return the verdict.

    Money decides where its interval excludes zero and the metric points the same way or is uncertain; else the metric
    decides, unless the money points the other way. A guard that certainly fell forbids `worked`, and means `harmed`
    where it fell by more than can have been gained.

    Two are asked where money is known, so success that is none would be told almost twice as often as by one. Money has
    the error of the level; the metric, asked besides, has half of it.

    Args:
        moved: Relative change of the metric, turned so that more than 0 is what was hoped for; None: unknown.
        expected: What was hoped for, above 0.
        money: Contribution gained; None: unknown.
        guards: Metrics that must not fall.
        besides: `moved` with the interval of half the error; None: the same.
    """
    if moved is None or not moved.is_known:
        return Verdict.CANNOT_TELL
    sure = moved if money is None or besides is None else besides
    if _is_harmed(moved, sure, money, guards):
        return Verdict.HARMED
    if any(one.standing == "fell" for one in guards):
        return Verdict.CANNOT_TELL
    is_earned = money is not None and money.low > 0 and moved.value > 0
    is_won = sure.low > 0 and (money is None or money.value >= 0)
    if is_earned or is_won:
        return Verdict.WORKED
    is_excluded = moved.low <= 0 <= moved.high < expected
    return Verdict.DID_NOT if is_excluded else Verdict.CANNOT_TELL


def _is_harmed(moved: Estimate, sure: Estimate, money: Estimate | None, guards: Sequence[Guarded]) -> bool:
    if money is not None and money.high < 0:
        return True
    if sure.high < 0 and (money is None or money.value <= 0):
        return True
    fell = [one.moved for one in guards if one.standing == "fell" and one.moved is not None]
    is_earned = money is not None and money.low > 0
    return bool(fell) and not is_earned and max(-one.high for one in fell) > max(moved.high, 0.0)


def standing_of(moved: Estimate | None, margin: float) -> Standing:
    """Return `fell` where the interval of a guard lies below 0, `held` where it excludes a fall of `margin`."""
    if moved is None or not moved.is_known:
        return "unknown"
    if moved.high < 0:
        return "fell"
    return "held" if moved.low > -margin else "unknown"
