"""What was only moved: sales taken from other subjects, or from the days before and after."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from duoshou.statistics.effects.change import effect_of_change
from duoshou.statistics.effects.combining import DEPENDENCE, Combined, combine
from duoshou.statistics.effects.panel import Array, Effect, Panel


@dataclass(frozen=True)
class Displacement:
    """An effect and what it cost elsewhere.

    Attributes:
        own: The effect on the subject itself.
        parts: What happened elsewhere, by place: "others", "before", "after". A fall is negative.
        moved: Their sum; below 0 if something was displaced, above 0 if others were drawn along.
        net: The subject's effect and what happened elsewhere together.
        caveats: Codes of all parts, and "untold" if a place could not be judged.
    """

    own: Effect
    parts: dict[str, Effect]
    moved: Combined
    net: Combined
    caveats: tuple[str, ...]


def displaced(
    panel: Panel,
    others: Array | None = None,
    *,
    before: int = 0,
    after: int = 0,
    level: float = 0.9,
    dependence: float = DEPENDENCE,
) -> Displacement:
    """Return the effect of a change on the subject, on others, and on the days around, with the net effect.

    Others are judged as one sum, whose noise is less than that of a sum of judgements. The days around belong to the
    subject itself: those before the start (buyers who waited) and those from the end on (buyers who had stocked up),
    against the same donors; the judged days themselves teach nothing there. An outcome that is a rate cannot be
    displaced.

    Args:
        panel: The question; its donors must be untouched by the displacement too.
        others: float[subjects, days of the panel], from which sales may have been taken.
        before: Days before the start that may have lost.
        after: Days from the end on that may have lost, known in the panel.
        level: Nominal coverage of all intervals.
        dependence: Correlation of the errors, see `combine`.

    Raises:
        ValueError: If no place to look at is given, days lie outside the panel, or the outcome is a rate.
    """
    if panel.kind == "rate":
        raise ValueError("a rate cannot be displaced; ask for its successes")
    days = panel.outcome.shape[1]
    if not (others is not None or before or after) or before < 0 or after < 0:
        raise ValueError("displacement is looked for in others or in days around")
    if before >= panel.start or panel.end + after > days:
        raise ValueError("the days around must lie within the panel")
    if others is not None and (others.ndim != 2 or others.shape[1] != days):
        raise ValueError("others have the days of the panel")
    questions = {}
    if others is not None:
        questions["others"] = replace(
            panel, outcome=np.vstack([others.sum(axis=0), panel.outcome[1:]]), companions=None
        )
    if before:
        questions["before"] = replace(panel, start=panel.start - before, end=panel.start, selected=None)
    if after:
        outcome = panel.outcome.copy()
        outcome[0, panel.start - before : panel.end] = np.nan
        questions["after"] = replace(panel, outcome=outcome, start=panel.end, end=panel.end + after, companions=None)
    cut = panel
    if before:
        outcome = panel.outcome.copy()
        outcome[0, panel.start - before : panel.start] = np.nan
        cut = replace(panel, outcome=outcome)
    own = effect_of_change(cut, level=level)
    parts = {place: effect_of_change(question, level=level) for place, question in questions.items()}
    net = combine([own, *parts.values()], dependence=dependence)
    codes = dict.fromkeys(code for effect in (own, *parts.values()) for code in effect.caveats)
    return Displacement(own, parts, combine(list(parts.values()), dependence=dependence), net, (*codes, *net.caveats))
