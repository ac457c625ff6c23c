"""What the product tells a person: a finding, its causes, its evidence and what to do about it (design, section 7)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from duoshou.model.period import Period
from duoshou.model.shape import plain
from duoshou.model.text import Text


class Role(StrEnum):
    """What a person does for the shop: who receives a task, and what they may see and do; a viewer only reads."""

    OWNER = "owner"
    OPERATOR = "operator"
    DESIGNER = "designer"
    SERVICE = "service"
    PROMOTION = "promotion"
    WAREHOUSE = "warehouse"
    VIEWER = "viewer"


class Confidence(StrEnum):
    """How far a finding can be relied on; `cannot_tell` is an answer."""

    CERTAIN = "certain"
    LIKELY = "likely"
    POSSIBLE = "possible"
    CANNOT_TELL = "cannot_tell"


class Untold(StrEnum):
    """Why something could not be judged.

    NO_DATA: No file tells it.
    LATE: Its data end before the day.
    FAULT: The data of the days have a fault.
    SHORT_HISTORY: What is usual is not known yet.
    TOO_FEW: Too little happens to tell a change from chance.
    FESTIVAL: A great sale, which is too rare to know what is usual in it.
    PROVISIONAL: The figures may still change.
    """

    NO_DATA = "no_data"
    LATE = "late"
    FAULT = "fault"
    SHORT_HISTORY = "short_history"
    TOO_FEW = "too_few"
    FESTIVAL = "festival"
    PROVISIONAL = "provisional"


class EvidenceType(StrEnum):
    """Form in which evidence is shown."""

    SERIES = "series"
    TABLE = "table"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a finding is about."""

    type: str
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Impact:
    """Money at stake over the horizon that `basis` names, with its interval."""

    amount: Decimal
    currency: str
    low: Decimal
    high: Decimal
    basis: Text


@dataclass(frozen=True, slots=True)
class Evidence:
    """Something a reader can check.

    Attributes:
        id: Name within the finding.
        type: Form.
        title: What it shows.
        columns: Headers of a table, or names of the series.
        rows: Cells, one tuple a row.
    """

    id: str
    type: EvidenceType
    title: Text
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Any, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause and its share of the effect."""

    kind: str
    subject: Subject
    contribution: float | None = None
    share: float | None = None
    evidence_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What somebody should do."""

    action: Text
    owner_role: Role
    why: Text
    expected_effect: Text | None = None
    effort: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One fact that deserves a person's attention.

    `id` depends only on kind, subject and period, so that the same fact tomorrow is the same finding.
    """

    kind: str
    subject: Subject
    period: Period
    detected_on: date
    headline: Text
    confidence: Confidence
    impact: Impact | None = None
    causes: tuple[Cause, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()
    caveats: tuple[Text, ...] = ()
    status: str = "new"
    id: str = field(default="")

    def __post_init__(self) -> None:
        if not self.id:
            fact = "\n".join((self.kind, self.subject.type, self.subject.id, str(self.period.start)))
            object.__setattr__(self, "id", hashlib.sha256(fact.encode()).hexdigest()[:16])

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape of section 7 of the design; texts in both languages, amounts as decimal strings."""
        shape: dict[str, Any] = plain(self)
        return shape


@dataclass(frozen=True, slots=True)
class Unjudged:
    """Something of which a day says nothing, and why: that no such finding is there means nothing.

    Attributes:
        kinds: Kinds, or families of kinds, of the findings concerned, such as `diagnosis.campaign`.
        reason: Why.
        whole: Whether nothing of these kinds could be judged; else only a part, which `text` names.
        text: One sentence for people.
    """

    kinds: tuple[str, ...]
    reason: Untold
    whole: bool
    text: Text

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON; the text in both languages."""
        shape: dict[str, Any] = plain(self)
        return shape
