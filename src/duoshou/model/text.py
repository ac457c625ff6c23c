"""Words that a person reads, in Chinese and in English."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Text:
    """One message in both languages.

    Attributes:
        zh: The Chinese wording, the first language of every screen and sheet.
        en: The English wording, which says the same and is as complete.
    """

    zh: str
    en: str

    def in_language(self, language: Language) -> str:
        """Return the wording in `language`."""
        return self.zh if language == "zh" else self.en

    def __str__(self) -> str:
        """Return both wordings, for places that know no language (logs, tests)."""
        return f"{self.zh} | {self.en}"
