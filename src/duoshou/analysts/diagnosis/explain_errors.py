"""What can go wrong between the question why and its answer."""

from __future__ import annotations

from duoshou.model import DuoshouError


class NotExplainable(DuoshouError):
    """A change that cannot be taken apart without saying something untrue."""
