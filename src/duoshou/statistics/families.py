"""Many tests at once."""

from __future__ import annotations

from collections.abc import Sequence


def benjamini_hochberg(p_values: Sequence[float], rate: float) -> list[bool]:
    """Return which hypotheses to reject so that the expected share of false rejections is at most `rate`.

    Benjamini and Hochberg (1995), valid for independent or positively dependent tests. When nothing at all is
    wrong, the chance of even one rejection is at most `rate`.

    Args:
        p_values: One for each hypothesis of the family, the dull ones included.
        rate: False discovery rate, 0…1.
    """
    order = sorted(range(len(p_values)), key=lambda index: p_values[index])
    last = 0
    for rank, index in enumerate(order, start=1):
        if p_values[index] <= rate * rank / len(p_values):
            last = rank
    rejected = [False] * len(p_values)
    for index in order[:last]:
        rejected[index] = True
    return rejected
