"""A change that the data show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from duoshou.model import Text

PRICE, TITLE, BID, BUDGET, CAMPAIGN, PROMOTION = "price", "title", "bid", "budget", "campaign", "promotion"


@dataclass(frozen=True, slots=True)
class SeenChange:
    """A change that the data show, for a person to confirm.

    Attributes:
        kind: Key of its kind.
        day: First day on which the new state shows.
        last_before: Last day on which the former one showed; the change lies after it.
        subjects: Type and id of what it concerns.
        before: The former state.
        after: The new state.
        note: What it rests on.
    """

    kind: str
    day: date
    last_before: date
    subjects: tuple[tuple[str, str], ...]
    before: Text
    after: Text
    note: Text

    @property
    def key(self) -> str:
        """What makes it the same when the data are read again."""
        named = ",".join(f"{type_}:{id_}" for type_, id_ in self.subjects[:1])
        return f"{self.kind}:{named}:{self.day.isoformat()}"
