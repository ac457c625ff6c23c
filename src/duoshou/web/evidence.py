"""The rows behind a finding, as their reader needs them: percentages instead of logarithms, names instead of keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from duoshou.model import Evidence, EvidenceType, Finding, Language
from duoshou.model.numbers import UNKNOWN
from duoshou.reports.business import change_text, finite, move_of, records
from duoshou.reports.words import Words

MOST_ROWS = 60
LATEST = 60
"""Days of a series that are shown: its last ones."""
LONGEST_CELL = 120
TOLD_ABOVE = frozenset({"causes", "loss"})
"""Evidence that a page tells in its own place."""
KEYS = frozenset({"metric", "cause"})
"""Columns that hold keys, not words."""
LEAST_PERCENT = 0.005
"""A smaller chance is written in full: as a percentage it would read 0."""
PERCENT = frozenset({"weight", "chance", "part"})
GUESSED = frozenset({"path"})
"""Series of days that are still to come: nobody measured them."""
Names = Mapping[str, Mapping[str, str]]
Numbers = Callable[[str, date | None], str | None]


@dataclass(frozen=True, slots=True)
class EvidenceTable:
    """A table that a reader can check.

    Attributes:
        id: Name of the evidence within the finding.
        title: What it shows.
        heads: Heading of each column, and whether the column holds numbers.
        rows: Cells as text.
        more: How many rows are not shown.
        addresses: For each cell the number that it tells of; None where it tells of none.
    """

    id: str
    title: str
    heads: tuple[tuple[str, bool], ...]
    rows: tuple[tuple[str, ...], ...]
    more: int
    addresses: tuple[tuple[str | None, ...], ...]


def evidence_tables(
    finding: Finding, language: Language, names: Names | None = None, numbers: Numbers | None = None
) -> list[EvidenceTable]:
    """Return the tables and series of a finding.

    Args:
        finding: The finding.
        language: Of the reader.
        names: Type of a subject → its key → its readable name.
        numbers: Returns the address of a number by what names it and its day; None: no cell leads anywhere.
    """
    words = Words(language)
    leads = numbers or _nowhere
    told = [
        one for one in finding.evidence if one.type is not EvidenceType.TEXT and one.rows and one.id not in TOLD_ABOVE
    ]
    return [
        _moves(one, words, leads) if one.id == "moves" else _table(finding, one, words, names or {}, leads)
        for one in told
    ]


def notes(finding: Finding, language: Language) -> list[tuple[str, str]]:
    """Return the entries of the event ledger that a finding names: day and text."""
    return [
        (str(one.rows[0][0]) if one.rows and one.rows[0] else "", one.title.in_language(language))
        for one in finding.evidence
        if one.type is EvidenceType.TEXT
    ]


def _nowhere(_name: str, _day: date | None) -> None:
    """Return no address."""


def _moves(evidence: Evidence, words: Words, numbers: Numbers) -> EvidenceTable:
    """Return what moved, in per cent, and how unusual that is."""
    heads = tuple((words.column(name), name != "feature") for name in ("feature", "move", "deviations"))
    rows, addresses = [], []
    for record in records(evidence)[:MOST_ROWS]:
        address = numbers(str(record.get("feature_zh")), None)
        addresses.append((address, address, None))
        move = move_of(record, words)
        score = UNKNOWN if move.score is None else f"{move.score:+.1f}"
        rows.append((_shortened(move.name), change_text(move) or UNKNOWN, score))
    more = max(len(evidence.rows) - MOST_ROWS, 0)
    return EvidenceTable(evidence.id, words("finding.moves"), heads, tuple(rows), more, tuple(addresses))


def _table(finding: Finding, evidence: Evidence, words: Words, names: Names, numbers: Numbers) -> EvidenceTable:
    columns = _columns(evidence, words.language)
    rows = records(evidence)
    shown = rows[-LATEST:] if evidence.type is EvidenceType.SERIES else rows[:MOST_ROWS]
    cells = tuple(tuple(_cell(finding, name, record, words, names) for name in columns) for record in shown)
    heads = tuple(
        (_heading(name.removesuffix(f"_{words.language}"), words), _holds_numbers(shown, name)) for name in columns
    )
    addresses = tuple(_addresses(evidence, columns, record, numbers) for record in shown)
    return EvidenceTable(evidence.id, words.of(evidence.title), heads, cells, len(rows) - len(shown), addresses)


def _addresses(
    evidence: Evidence, columns: Sequence[str], record: Mapping[str, Any], numbers: Numbers
) -> tuple[str | None, ...]:
    """Return where the cells of a row lead: of a day, each value to the number of its column."""
    day = _day_of(record)
    if day is None or evidence.id in GUESSED:
        return (None,) * len(columns)
    return tuple(numbers(name, day) if _is_number(record.get(name)) else None for name in columns)


def _day_of(record: Mapping[str, Any]) -> date | None:
    try:
        return date.fromisoformat(str(record.get("day")))
    except ValueError:
        return None


def _heading(name: str, words: Words) -> str:
    """Return the heading of a column; that of a series of scores is the score's name."""
    return words(f"score_item.{name}") if words.has(f"score_item.{name}") else words.column(name)


def _holds_numbers(rows: Sequence[Mapping[str, Any]], name: str) -> bool:
    return all(row.get(name) is None or _is_number(row.get(name)) for row in rows)


def _columns(evidence: Evidence, language: Language) -> list[str]:
    """Return the columns for people: those of their language, no keys."""
    other = "_en" if language == "zh" else "_zh"
    named = {name[:-3] for name in evidence.columns if name.endswith(("_zh", "_en"))}
    return [name for name in evidence.columns if not name.endswith(other) and name not in named | KEYS]


def _cell(finding: Finding, name: str, record: Mapping[str, Any], words: Words, names: Names) -> str:
    """Return a cell: names instead of keys, both languages where they are known."""
    value = record.get(name)
    if isinstance(value, bool):
        return words(f"answer.{'yes' if value else 'no'}")
    if isinstance(value, Mapping):
        return str(value.get(words.language) or UNKNOWN)
    if isinstance(value, str):
        return _worded(finding, name, value, record, words, names)
    return _number(name, value) if _is_number(value) else UNKNOWN if value is None else str(value)[:LONGEST_CELL]


def _worded(finding: Finding, name: str, text: str, record: Mapping[str, Any], words: Words, names: Names) -> str:
    if name == "type" and words.has(f"subject.{text}"):
        return words(f"subject.{text}")
    if name == "subject":
        type_ = str(record.get("type") or finding.subject.type)
        return names.get(type_, {}).get(text, text) or words("subject.shop")
    return words.score_item(text) if name == "score" else _shortened(text) or UNKNOWN


def _number(name: str, value: Any) -> str:
    number = finite(value)
    if number is None:
        return UNKNOWN
    if name in PERCENT and number >= LEAST_PERCENT:
        return f"{number:.0%}"
    if isinstance(value, int) or number == 0:
        return f"{number:,.0f}"
    return f"{number:,.2f}" if abs(number) >= 1 else f"{number:.3g}"


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"
