"""How well a table's header fits each layout."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from duoshou.model import Place, Text
from duoshou.sources.errors import SourceError, UnknownLayout
from duoshou.sources.headers import forms_of, header_forms, join_levels, normalise_header
from duoshou.sources.layout import Layout

HEADER_ROWS = 15
_MOST_PREPARED = 1024

Rank = tuple[float, float, float]


@dataclass(frozen=True)
class Match:
    """A header that a layout accepts; the greatest rank wins.

    Attributes:
        layout: The layout.
        row: The first row of the header.
        header: Names of the columns.
        rank: The score, then the share of the file's columns that the layout knows, then the share of the layout's
            columns that the file has.
        rivals: Other layouts of exactly the same rank.
    """

    layout: Layout
    row: int
    header: Sequence[str]
    rank: Rank
    rivals: tuple[Layout, ...] = ()

    @property
    def below(self) -> int:
        """Rows before the first row below the header."""
        return self.row + self.layout.recognise.header_rows


class Matcher:
    """One layout, prepared for comparison with many headers."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        spellings = {
            name: frozenset(map(normalise_header, field.header))
            for field in layout.field
            for name in map(normalise_header, field.header)
        }
        rules = layout.recognise
        self.depth = rules.header_rows
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

    def rank(self, headers: frozenset[str], file: str, sheet: str | None) -> Rank | None:
        """Return how well the headers fit, None when something required is missing or something excluded is there."""
        for names in self.required.values():
            if names.isdisjoint(headers):
                return None
        if not self.absent.isdisjoint(headers):
            return None
        if self._sheet and (sheet is None or not self._sheet.search(sheet)):
            return None
        named = bool(self._file and self._file.search(file))
        distinctive = len(self.distinctive & headers) - 0.5 * len(self.distinctive - headers)
        both = len(self.known & headers)
        score = 3 * distinctive + both - 0.1 * len(self.known - headers) + 2 * named
        return score, both / len(headers), both / max(1, len(self.known))

    def missing(self, headers: frozenset[str]) -> list[str]:
        """Return the required headers that are not there."""
        return [header for header, names in self.required.items() if not names & headers]

    def likeness(self, headers: frozenset[str]) -> float:
        """Return the share of known and present headers that are both."""
        both = len(self.known & headers)
        if not both:
            return 0.0
        required = frozenset().union(*self.required.values()) if self.required else frozenset()
        return both / max(1, len(headers | required))


_prepared: dict[str, Matcher] = {}


def matcher(layout: Layout) -> Matcher:
    """Return the prepared layout; it is prepared once, which would else cost more than reading a small file."""
    found = _prepared.get(layout.digest)
    if found is None or found.layout is not layout:
        if len(_prepared) >= _MOST_PREPARED:
            _prepared.clear()
        found = _prepared[layout.digest] = Matcher(layout)
    return found


class Headers:
    """The rows of a table in which its header may stand, read in each depth that the layouts need."""

    def __init__(self, rows: Sequence[Sequence[str]], matchers: Iterable[Matcher]) -> None:
        self._rows = rows
        self._by_depth: dict[int, list[Matcher]] = {}
        for one in matchers:
            self._by_depth.setdefault(one.depth, []).append(one)

    def tries(self) -> Iterator[tuple[int, Sequence[str], frozenset[str], Sequence[Matcher]]]:
        """Yield each first row, its names, all forms of these, and the layouts with a header of that depth."""
        for index in range(min(HEADER_ROWS, len(self._rows))):
            for depth, matchers in self._by_depth.items():
                levels = self._rows[index : index + depth]
                if len(levels) < depth or not any(cell.strip() for cell in levels[-1]):
                    continue
                names = levels[0] if depth == 1 else join_levels(levels)
                yield index, names, forms_of(names), matchers


def best_match(
    rows: Sequence[Sequence[str]], matchers: Iterable[Matcher], file: str, sheet: str | None
) -> Match | None:
    """Return the best layout and header row, None when no layout fits any of the first rows."""
    best: Match | None = None
    for index, names, forms, candidates in Headers(rows, matchers).tries():
        for one in candidates:
            rank = one.rank(forms, file, sheet)
            if rank is None:
                continue
            if best is None or rank > best.rank:
                best = Match(one.layout, index, names, rank)
            elif rank == best.rank and index == best.row:
                best = Match(best.layout, best.row, best.header, best.rank, (*best.rivals, one.layout))
    return best


def ambiguous(match: Match, place: Place) -> SourceError:
    """Return the error for a table that several layouts describe equally well."""
    keys = [layout.key for layout in (match.layout, *match.rivals)]
    titles = [layout.title.as_text() for layout in (match.layout, *match.rivals)]
    return SourceError(
        "ambiguous_layout",
        Text(
            f"这份表同样像{'、'.join(f'「{title.zh}」' for title in titles)}，无法判断",
            f"this table fits equally well: {', '.join(title.en for title in titles)}",
        ),
        hint=Text(
            f"请用 --layout 指明其中一种：{'、'.join(keys)}", f"name one of them with --layout: {', '.join(keys)}"
        ),
        place=place,
    )


def nearest(rows: Sequence[Sequence[str]], matchers: Iterable[Matcher]) -> tuple[float, Matcher, Sequence[str]] | None:
    """Return the layout and header that have most columns in common, None when no header is known."""
    best: tuple[float, Matcher, Sequence[str]] | None = None
    for _, names, forms, candidates in Headers(rows, matchers).tries():
        for one in candidates:
            likeness = one.likeness(forms)
            if likeness > 0 and (best is None or likeness > best[0]):
                best = (likeness, one, names)
    return best


def unknown(found: tuple[float, Matcher, Sequence[str]] | None, place: Place) -> UnknownLayout:
    """Return the error that names the nearest layout and what differs."""
    if found is None:
        return UnknownLayout(place, nearest=None, title=None, missing=(), extra=())
    _, one, cells = found
    named: Mapping[str, frozenset[str]] = {
        cell.strip(): frozenset(header_forms(cell)) for cell in cells if cell.strip()
    }
    excluded = [cell for cell, forms in named.items() if forms & one.absent]
    extra = [cell for cell, forms in named.items() if not forms & one.known]
    title = one.layout.title.as_text()
    missing = one.missing(forms_of(cells))
    return UnknownLayout(place, nearest=one.layout.key, title=title, missing=missing, extra=[*excluded, *extra])
