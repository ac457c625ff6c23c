"""What a switchback's days really were, as the recorded changes tell it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from duoshou.loop.changes import Change
from duoshou.loop.trial import Trial


def actual_states(trial: Trial, changes: Sequence[Change]) -> tuple[tuple[int, ...] | None, tuple[str, ...]]:
    """Return the state that each planned day really had, 0 or 1, and what is unclear about it.

    A recorded change of the tested kind says by its `after` which state begins on its first day; one that names
    neither is taken for a switch. Before the first one everything is as it was, in the first state. Without any the
    states are None: whether anybody switched is not known.

    Args:
        trial: The test.
        changes: Confirmed changes of its subject within its days, in any order.
    """
    own = [one for one in changes if trial.change_kind in {None, one.what.kind}]
    caveats = ["other_changes"] if len(own) < len(changes) else []
    if not own:
        return None, (*caveats, "schedule_unconfirmed")
    begins: dict[date, int] = {}
    now, is_clear = 0, True
    for one in sorted(own, key=lambda each: (each.what.on, each.id)):
        named = named_state(trial.arms, one.what.after)
        is_clear = is_clear and named is not None
        before, now = now, 1 - now if named is None else named
        begins[one.what.on] = now
        if one.what.until is not None:
            begins[one.what.until + timedelta(days=1)] = before
            now = before
    states, current = [], 0
    earlier = [day for day in begins if day < trial.starts_on]
    if earlier:
        current = begins[max(earlier)]
    for number in range(trial.days):
        current = begins.get(trial.starts_on + timedelta(days=number), current)
        states.append(current)
    return tuple(states), (*caveats, *([] if is_clear else ["switch_unclear"]))


def named_state(arms: Sequence[str], after: str) -> int | None:
    """Return the number of the state that a text names: the same words or the same number, or it alone occurs in it."""
    text = _folded(after)
    if not text:
        return None
    names = [_folded(one) for one in arms]
    same = [number for number, name in enumerate(names) if name == text or _number(name) == _number(text) is not None]
    inside = [number for number, name in enumerate(names) if name in text]
    for found in (same, inside):
        if len(found) == 1:
            return found[0]
    return None


def _folded(text: str) -> str:
    return "".join(text.split()).casefold()


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", ""))
    except ValueError:
        return None
