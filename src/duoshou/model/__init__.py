"""The vocabulary: words, periods, errors, metrics and findings. No I/O, no engine."""

from duoshou.model.errors import DuoshouError, Place
from duoshou.model.finding import (
    Cause,
    Confidence,
    Evidence,
    EvidenceType,
    Finding,
    Impact,
    Recommendation,
    Role,
    Subject,
    Unjudged,
    Untold,
)
from duoshou.model.loop import ChangeOrigin, ChangeStanding, Source, TaskState, TrialKind, TrialState, Verdict
from duoshou.model.period import EARLIEST, LATEST, Comparison, Grain, InvalidPeriod, Period, ScatteredDays, shift_months
from duoshou.model.shape import plain
from duoshou.model.text import Language, Text

__all__ = [
    "EARLIEST",
    "LATEST",
    "Cause",
    "ChangeOrigin",
    "ChangeStanding",
    "Comparison",
    "Confidence",
    "DuoshouError",
    "Evidence",
    "EvidenceType",
    "Finding",
    "Grain",
    "Impact",
    "InvalidPeriod",
    "Language",
    "Period",
    "Place",
    "Recommendation",
    "Role",
    "ScatteredDays",
    "Source",
    "Subject",
    "TaskState",
    "Text",
    "TrialKind",
    "TrialState",
    "Unjudged",
    "Untold",
    "Verdict",
    "plain",
    "shift_months",
]
