"""What can go wrong in the analytical engine."""

from __future__ import annotations

from duoshou.model import DuoshouError


class EngineError(DuoshouError):
    """The engine cannot be opened, or cannot do what was asked of it."""


class EngineMissing(EngineError):
    """A part that the chosen engine needs is not installed (PySpark, Java)."""


class StatementRefused(EngineError):
    """A statement of the user's own SQL is not a read, is faulty, or ran into a limit."""
