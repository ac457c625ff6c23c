"""What was asked for by name and is not there."""

from __future__ import annotations

from duoshou.model import DuoshouError


class NotThere(DuoshouError):
    """A file, a job or a report of this name is not there."""
