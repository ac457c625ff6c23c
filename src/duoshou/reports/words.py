"""The wording of the workbooks, in both languages (`words.toml`)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from duoshou.model import Language, Text


@cache
def _texts() -> dict[str, Text]:
    content = tomllib.loads(files(__package__).joinpath("words.toml").read_text(encoding="utf-8"))
    return {f"{part}.{name}": Text(**words) for part, names in content.items() for name, words in names.items()}


@dataclass(frozen=True, slots=True)
class Words:
    """Wording in one language."""

    language: Language

    def __call__(self, name: str, **facts: object) -> str:
        """Return the wording called `part.name`, its placeholders filled."""
        text = _texts()[name].in_language(self.language)
        return text.format_map(facts) if facts else text

    def has(self, name: str) -> bool:
        """Return whether there is a wording called so."""
        return name in _texts()

    def column(self, name: str) -> str:
        """Return the heading of an evidence column, which findings name in snake case."""
        return self(f"column.{name}") if self.has(f"column.{name}") else name.replace("_", " ")

    def score_item(self, title: str) -> str:
        """Return the name of one of the service scores, which evidence gives in Chinese, in this language."""
        items = (text for name, text in _texts().items() if name.startswith("score_item."))
        return next((self.of(text) for text in items if text.zh == title), title)

    def of(self, text: Text) -> str:
        """Return a message in this language."""
        return text.in_language(self.language)

    def weekday(self, day: date) -> str:
        """Return the name of the weekday."""
        return self(f"weekday.d{day.weekday()}")
