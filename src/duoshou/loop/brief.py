"""A brief for the designer as it is read and edited, and what is known of a product when one is drafted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from duoshou.loop.image_rules import forbidden_words
from duoshou.loop.phrases import Phrase
from duoshou.model import Text, plain

BAR = "｜"
"""What parts a statement from its evidence where both stand in one line."""


@dataclass(frozen=True, slots=True)
class Point:
    """A statement and what it rests on."""

    text: str
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that is needed."""

    name: str
    pixels: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Brief:
    """What a designer needs to do a task, in the language of the workspace.

    Attributes:
        title: What is to be made.
        goal: What it should bring, and what must not suffer.
        audience: Who buys, each statement with its evidence.
        points: Selling points, each with its evidence.
        now: How the present and former pictures fared.
        do: What to do.
        dont: What not to do.
        pictures: Sizes.
        deadline: Day by which it is needed.
        unknown: What nobody knows, and which file would tell it.
        notes: Anything else.
        written_by: Who wrote it last; empty: nobody yet.
        written_at: When.
    """

    title: str
    goal: str
    deadline: date
    audience: tuple[Point, ...] = ()
    points: tuple[Point, ...] = ()
    now: tuple[Point, ...] = ()
    do: tuple[str, ...] = ()
    dont: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    unknown: tuple[str, ...] = ()
    notes: str = ""
    written_by: str = ""
    written_at: datetime | None = None

    @property
    def forbidden(self) -> tuple[tuple[str, Text], ...]:
        """Forbidden words in title, selling points and notes, each with why."""
        return forbidden_words([self.title, self.notes, *(one.text for one in self.points)])

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        told = [{"word": word, "why": plain(why)} for word, why in self.forbidden]
        return {**plain(self), "forbidden": told}


@dataclass(frozen=True, slots=True)
class Term:
    """A search term that sold: who came by it, who bought, for how much; None: unknown.

    Attributes:
        of_shop: Whether the numbers are the whole shop's, because no file tells them of the product.
    """

    term: str
    visitors: float | None
    buyers: float | None
    amount: float | None
    of_shop: bool = False


@dataclass(frozen=True, slots=True)
class Era:
    """Days of one main image and how often it was clicked."""

    name: str
    first: date
    last: date
    impressions: float
    clicks: float


@dataclass(frozen=True, slots=True)
class Known:
    """What the warehouse tells of a product.

    Attributes:
        days: How many days it is read from.
        terms: Search terms, those that sold most first.
        eras: Main images, the latest first.
        praise: Phrases of good reviews.
        complaints: Phrases of bad ones.
        good, bad: How many reviews of each kind were read.
        buyers: Kind of buyer or region → share of the orders, the largest first.
        reasons: Reason of refunds → cases.
        names: Metric → its name.
        missing: What no file tells: `terms`, `eras`, `reviews`, `buyers`, `reasons`.
        currency: Of the amounts.
        platform: Key of the platform; None: not known.
    """

    days: int = 30
    terms: tuple[Term, ...] = ()
    eras: tuple[Era, ...] = ()
    praise: tuple[Phrase, ...] = ()
    complaints: tuple[Phrase, ...] = ()
    good: int = 0
    bad: int = 0
    buyers: tuple[tuple[Text, float], ...] = ()
    reasons: tuple[tuple[str, int], ...] = ()
    names: Mapping[str, Text] = field(default_factory=dict)
    missing: frozenset[str] = frozenset()
    currency: str = "CNY"
    platform: str | None = None


def lines_of(points: Sequence[Point]) -> str:
    """Return points one a line, as they are edited."""
    return "\n".join(f"{one.text}{BAR}{one.evidence}" if one.evidence else one.text for one in points)


def points_of(lines: str) -> tuple[Point, ...]:
    """Return the points of lines in which a bar parts a statement from its evidence."""
    parts = [line.replace("|", BAR).partition(BAR) for line in lines.splitlines() if line.strip()]
    return tuple(Point(text.strip(), evidence.strip()) for text, _, evidence in parts if text.strip())
