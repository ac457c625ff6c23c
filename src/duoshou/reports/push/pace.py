"""How often a robot is written to: never more than its platform takes in any stretch of time."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence

MARGIN = 1.0
"""Seconds added to each stretch: requests do not all travel equally fast."""


class Pace:
    """Gives out moments to send.

    A bucket of tokens that refills would let twice the number through around the end of a stretch, and 钉钉 punishes
    that with ten minutes of silence. So the moments themselves are remembered: among any `number` + 1 of them in a
    row, the first and the last lie a stretch apart.
    """

    def __init__(self, limits: Sequence[tuple[int, float]], clock: Callable[[], float]) -> None:
        """Allow, for each pair of `limits`, so many requests within so many seconds of `clock`."""
        self._limits = [(number, seconds + MARGIN) for number, seconds in limits]
        self._clock = clock
        self._moments: deque[float] = deque(maxlen=max(number for number, _ in limits))
        self._lock = threading.Lock()

    def reserve(self) -> float:
        """Take the next moment that is free and return how many seconds it is away."""
        with self._lock:
            now = self._clock()
            moment = max(now, self._moments[-1] if self._moments else now)
            for number, seconds in self._limits:
                if len(self._moments) >= number:
                    moment = max(moment, self._moments[-number] + seconds)
            self._moments.append(moment)
            return moment - now
