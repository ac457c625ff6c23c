"""What a server does by itself, and what the schedule asks of whoever does it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from duoshou.settings import Settings


class Duty(StrEnum):
    """What may be due, the most important first."""

    DAILY = "daily"
    INBOX = "inbox"
    PUSH = "push"


class Ending(StrEnum):
    """How a duty ended: done, whether or not somebody should look; failed; or to be tried again later.

    Later is the answer where another program held the warehouse, or a robot did not answer.
    """

    DONE = "done"
    FAILED = "failed"
    LATER = "later"


class Duties(Protocol):
    """What the scheduler asks of whoever does the work."""

    @property
    def settings(self) -> Settings:
        """The settings as they are now."""

    def last_daily(self) -> datetime | None:
        """Return when the latest daily job that was done on schedule began; None where none ever was."""

    def is_push_pending(self, now: datetime) -> bool:
        """Return whether something is to be pushed now that waited for its time of day, or did not arrive before."""

    def begin(self, duty: Duty, now: datetime) -> int | None:
        """Begin a duty as a job and return its number; None where another job runs."""

    def ending(self, number: int) -> Ending | None:
        """Return how a job ended; None while it runs."""

    def tell_failure(self, duty: Duty, number: int, now: datetime) -> None:
        """Tell people that a duty failed."""

    def close(self) -> None:
        """Let go of what is held open."""
