"""The root of every error that a user may see.

    DuoshouError
    ├── model.InvalidPeriod …            each layer derives one base class:
    ├── settings.SettingsError           its module says what can go wrong there
    ├── engine.EngineError
    ├── sources.SourceError
    ├── warehouse.WarehouseError
    ├── metrics.MetricError
    ├── state.StateError
    └── reports.ReportError

An error says what was wrong, where, and how to mend it, in both languages. A fault of the program itself is not a
`DuoshouError`; the faces turn it into exit code 3.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from duoshou.model.text import Language, Text


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is wrong.

    Attributes:
        file: File name or path as the user knows it.
        sheet: Sheet of a workbook, or member of an archive.
        row: Row as the user's spreadsheet numbers it, from 1, the header rows counted.
        column: Header text of the column.
    """

    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None

    def in_language(self, language: Language) -> str:
        """Return the place as a short phrase, or an empty string when nothing is known."""
        labels = {"zh": ("文件", "工作表", "行", "列"), "en": ("file", "sheet", "row", "column")}[language]
        values = (self.file, self.sheet, self.row, self.column)
        parts = [f"{label} {value}" for label, value in zip(labels, values, strict=True) if value is not None]
        return ("，" if language == "zh" else ", ").join(parts)


class DuoshouError(Exception):
    """Something that the user can mend.

    Attributes:
        code: Stable machine-readable name, in snake case.
        message: What was wrong.
        hint: What to do about it.
        place: Where it was.
    """

    exit_code = 2

    def __init__(self, code: str, message: Text, *, hint: Text | None = None, place: Place | None = None) -> None:
        super().__init__(str(message))
        self.code = code
        self.message = message
        self.hint = hint
        self.place = place or Place()

    def in_language(self, language: Language) -> str:
        """Return message, place and hint as lines for a terminal."""
        place = self.place.in_language(language)
        first = self.message.in_language(language) + (f" ({place})" if place else "")
        return first if self.hint is None else f"{first}\n→ {self.hint.in_language(language)}"

    def to_dict(self, language: Language = "zh") -> dict[str, Any]:
        """Return the JSON shape of section 9 of the design: `{code, message, hint, file?, sheet?, row?, column?}`."""
        shape: dict[str, Any] = {
            "code": self.code,
            "message": self.message.in_language(language),
            "hint": self.hint.in_language(language) if self.hint else "",
        }
        for name in ("file", "sheet", "row", "column"):
            if (value := getattr(self.place, name)) is not None:
                shape[name] = value
        return shape
