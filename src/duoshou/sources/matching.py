"""How well a table's header fits each layout."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from duoshou.model import Place
from duoshou.sources.errors import UnknownLayout
from duoshou.sources.headers import normalise_header
from duoshou.sources.layout import Layout

HEADER_ROWS = 15


@dataclass(frozen=True)
class Match:
    """A header row that a layout accepts; the greatest score wins."""

    layout: Layout
    row: int
    score: float


class Matcher:
    """One layout, prepared for comparison with many header rows."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        spellings = {
            name: frozenset(map(normalise_header, field.header))
            for field in layout.field
            for name in map(normalise_header, field.header)
        }
        rules = layout.recognise
        self.required = {
            header: spellings.get(normalise_header(header), frozenset({normalise_header(header)}))
            for header in rules.required
        }
        self.distinctive = frozenset(map(normalise_header, rules.distinctive))
        self.absent = frozenset(map(normalise_header, rules.absent))
        self.known = (
            frozenset(spellings) | frozenset(map(normalise_header, (*layout.keep, *layout.drop))) | self.distinctive
        )
        self._file = re.compile(rules.file_name) if rules.file_name else None
        self._sheet = re.compile(rules.sheet) if rules.sheet else None

    def score(self, headers: frozenset[str], file: str, sheet: str | None) -> float | None:
        """Return how well the headers fit, None when something required is missing or something excluded is there."""
        if self.absent & headers or not all(names & headers for names in self.required.values()):
            return None
        if self._sheet and (sheet is None or not self._sheet.search(sheet)):
            return None
        named = bool(self._file and self._file.search(file))
        distinctive = len(self.distinctive & headers) - 0.5 * len(self.distinctive - headers)
        return 3 * distinctive + len(self.known & headers) - 0.1 * len(self.known - headers) + 2 * named

    def missing(self, headers: frozenset[str]) -> list[str]:
        """Return the required headers that are not there."""
        return [header for header, names in self.required.items() if not names & headers]

    def likeness(self, headers: frozenset[str]) -> float:
        """Return the share of known and present headers that are both."""
        required = frozenset().union(*self.required.values()) if self.required else frozenset()
        both = len(self.known & headers)
        return both / max(1, len(headers | required)) if both else 0.0


def best_match(
    rows: Sequence[Sequence[str]], matchers: Iterable[Matcher], file: str, sheet: str | None
) -> Match | None:
    """Return the best layout and header row, None when no layout fits any of the first rows."""
    best: Match | None = None
    prepared = list(matchers)
    for index, headers in _header_rows(rows):
        for matcher in prepared:
            score = matcher.score(headers, file, sheet)
            if score is not None and (best is None or score > best.score):
                best = Match(matcher.layout, index, score)
    return best


def nearest(rows: Sequence[Sequence[str]], matchers: Iterable[Matcher]) -> tuple[float, Matcher, Sequence[str]] | None:
    """Return the layout and row that have most headers in common, None when no header is known."""
    best: tuple[float, Matcher, Sequence[str]] | None = None
    prepared = list(matchers)
    for index, headers in _header_rows(rows):
        for matcher in prepared:
            likeness = matcher.likeness(headers)
            if likeness > 0 and (best is None or likeness > best[0]):
                best = (likeness, matcher, rows[index])
    return best


def unknown(found: tuple[float, Matcher, Sequence[str]] | None, place: Place) -> UnknownLayout:
    """Return the error that names the nearest layout and what differs."""
    if found is None:
        return UnknownLayout(place, nearest=None, title=None, missing=(), extra=())
    _, matcher, cells = found
    headers = frozenset(normalise_header(cell) for cell in cells if cell.strip())
    excluded = [cell.strip() for cell in cells if normalise_header(cell) in matcher.absent]
    extra = [cell.strip() for cell in cells if cell.strip() and normalise_header(cell) not in matcher.known]
    title = matcher.layout.title.as_text()
    return UnknownLayout(
        place, nearest=matcher.layout.key, title=title, missing=matcher.missing(headers), extra=[*excluded, *extra]
    )


def _header_rows(rows: Sequence[Sequence[str]]) -> Iterable[tuple[int, frozenset[str]]]:
    for index, row in enumerate(rows[:HEADER_ROWS]):
        headers = frozenset(normalise_header(cell) for cell in row if cell.strip())
        if headers:
            yield index, headers
