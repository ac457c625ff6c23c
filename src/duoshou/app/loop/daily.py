"""What the daily job does for the closed loop of a shop; what fails of it leaves the rest of the day done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from duoshou.app.loop.changes import detect_changes, enter_changes
from duoshou.model import DuoshouError, Text

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench

JOB = "duoshou run"


@dataclass(frozen=True, slots=True)
class LoopDay:
    """What the daily job did for the loop of one shop.

    Attributes:
        shop: Key of the shop.
        entered: Confirmed changes that entered the warehouse.
        proposed: Changes that the data show, newly proposed.
        measured: Effects that were measured.
        problems: What could not be done, and why.
    """

    shop: str
    entered: int = 0
    proposed: int = 0
    measured: int = 0
    problems: tuple[Text, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        return {
            "shop": self.shop,
            "changes_entered": self.entered,
            "changes_proposed": self.proposed,
            "effects_measured": self.measured,
            "problems": [{"zh": one.zh, "en": one.en} for one in self.problems],
        }


class LoopOfDay:
    """The loop of one shop on one run of the daily job."""

    def __init__(self, workbench: Workbench, shop: str) -> None:
        """Do it for the shop with a key."""
        self._workbench, self._shop = workbench, shop
        self._counts = {"entered": 0, "proposed": 0, "measured": 0}
        self._problems: list[Text] = []

    def take_in(self) -> None:
        """Let confirmed changes enter the warehouse, and propose what the data show."""
        self._try("entered", lambda: enter_changes(self._workbench, self._shop, by=JOB))
        self._try("proposed", lambda: detect_changes(self._workbench, self._shop, by=JOB))

    def measure(self) -> None:
        """Measure the effects of what was done and is due."""
        from duoshou.app.loop.effects import measure_effects

        self._try("measured", lambda: len(measure_effects(self._workbench, self._shop, by=JOB)))

    @property
    def done(self) -> LoopDay:
        """What was done."""
        return LoopDay(self._shop, **self._counts, problems=tuple(self._problems))

    def _try(self, name: str, step: Callable[[], int]) -> None:
        try:
            self._counts[name] = step()
        except DuoshouError as error:
            self._problems.append(error.message)
