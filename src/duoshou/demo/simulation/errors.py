"""What can be wrong with a scenario."""

from __future__ import annotations

from duoshou.model import DuoshouError


class ScenarioError(DuoshouError):
    """A scenario that cannot be meant."""
