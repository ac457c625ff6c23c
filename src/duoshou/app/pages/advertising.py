"""推广: what every target earns, and what does not earn its cost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from duoshou.analysts.advertising import AdStudy, BidWish
from duoshou.analysts.advertising.levels import AdLevel, Target
from duoshou.analysts.advertising.question import Level
from duoshou.analysts.advertising.words import Verdict
from duoshou.app.advertising import advertising_of

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench

TARGETS_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class AdvertisingPage:
    """A page of the targets of one level.

    Attributes:
        study: The whole study.
        level: The level that is shown; None where no report has any.
        verdict: Only targets with this verdict; None: all.
        rows: The targets of the page, the dearest first.
        total: How many there are of those wanted.
        page: Number of the page, from 1.
        pages: How many pages.
        counts: Verdict → how many targets have it.
    """

    study: AdStudy
    level: AdLevel | None
    verdict: Verdict | None
    rows: tuple[Target, ...]
    total: int
    page: int
    pages: int
    counts: dict[Verdict, int]

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape: that of the command with the level of the page alone, and of it the page's targets."""
        shown = () if self.level is None else (replace(self.level, targets=self.rows),)
        return replace(self.study, levels=shown).to_dict() | {
            "known_levels": [one.level.value for one in self.study.levels],
            "total": self.total,
            "page": self.page,
            "pages": self.pages,
            "verdicts": {verdict.value: number for verdict, number in self.counts.items()},
        }


def advertising_page(
    workbench: Workbench,
    as_of: date | None,
    shop: str | None,
    level: Level | None = None,
    verdict: Verdict | None = None,
    page: int = 1,
    *,
    wish: BidWish | None = None,
    costs: bool,
) -> AdvertisingPage:
    """Return a page of the targets, and the bids as they are wanted.

    Without `costs` nothing is told of margins and nothing is judged.
    """
    study = advertising_of(workbench, as_of, shop=shop, wish=wish)
    if not costs:
        study = study.without_costs()
    shown = next((one for one in study.levels if level in {None, one.level}), None)
    targets = shown.targets if shown else ()
    wanted = [one for one in targets if verdict in {None, one.verdict}]
    first = (page - 1) * TARGETS_A_PAGE
    return AdvertisingPage(
        study,
        shown,
        verdict,
        tuple(wanted[first : first + TARGETS_A_PAGE]),
        len(wanted),
        page,
        max(-(-len(wanted) // TARGETS_A_PAGE), 1),
        {key: number for key in Verdict if (number := sum(one.verdict is key for one in targets))},
    )
