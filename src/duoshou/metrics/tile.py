"""How a bucket is put together from the rows that a source has, and what is missing or only approximate then."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property
from itertools import pairwise

from duoshou.metrics.coverage import Known, Scope
from duoshou.metrics.source import SourceKind
from duoshou.model import Grain, Period

LONGEST_SILENCE = 28
"""Days without an event from which on a busy shop's silence is taken for a missing file."""
USUAL_STEP = 2
"""Days between events, in the middle, up to which a shop is busy."""


@dataclass(frozen=True, slots=True)
class Tile:
    """How one bucket is put together from stored rows.

    Attributes:
        grain: `day`, `week` or `month` rows.
        missing: Days of the bucket that the source does not know.
        days: Days of the bucket.
        is_exact: False where people of several rows are added.
    """

    grain: str
    missing: int
    days: int
    is_exact: bool

    @property
    def is_unknown(self) -> bool:
        """Whether the source knows no day of the bucket."""
        return self.missing >= self.days


@dataclass(frozen=True)
class TileRule:
    """What decides how a bucket is put together.

    Attributes:
        kind: How the source holds time.
        known: Rows that are read, and what is known of them.
        columns: Columns that must be known.
        counts_once: Whether people are counted, who must not be added over days.
        is_whole: Whether the rows of one day hold each person once.
        is_complete: Whether adding the rows of one day counts nothing several times.
        grains: Stored rows that may be used; empty: any.
        adds_people: Whether stored counts of people are added, not people counted from rows.
    """

    kind: SourceKind
    known: Mapping[Scope, Known]
    columns: frozenset[str]
    counts_once: bool
    is_whole: bool
    is_complete: bool
    grains: tuple[str, ...] = ()
    adds_people: bool = False

    def tiles(self, buckets: Iterable[Period | None]) -> tuple[Tile | None, ...]:
        """Return the best tile of each bucket, None where there is no bucket."""
        if not self.known:
            return tuple(None if bucket is None else _unknown(bucket.days) for bucket in buckets)
        return tuple(None if bucket is None else self.tile(bucket) for bucket in buckets)

    def tile(self, bucket: Period) -> Tile:
        """Return the best way to put a bucket together; for people a row of exactly the bucket, else days."""
        if self.kind is SourceKind.EVENTS:
            is_once = not self.adds_people or (self.is_whole and bucket.days == 1)
            return Tile("day", self._missing_events(bucket), bucket.days, self.is_complete and is_once)
        options = [self._stored(bucket, Grain.DAY)]
        if self.kind is SourceKind.STORED and bucket.days > 1 and len(bucket.runs) == 1:
            options += [
                self._stored(bucket, grain)
                for grain in (Grain.WEEK, Grain.MONTH)
                if self._may_use(grain)
                and grain.start(bucket.start) == bucket.start
                and grain.end(bucket.end) == bucket.end
            ]
        return min(options, key=lambda tile: (tile.missing, not tile.is_exact))

    def _may_use(self, grain: Grain) -> bool:
        return not self.grains or grain.value in self.grains

    def _stored(self, bucket: Period, grain: Grain) -> Tile:
        starts = self._covered[grain.value]
        if grain is Grain.DAY:
            parts = bucket.days
            missing = parts - sum(bisect_right(starts, run.end) - bisect_left(starts, run.start) for run in bucket.runs)
        else:
            pieces = bucket.buckets(grain)
            parts = len(pieces)
            missing = sum(piece.days for piece in pieces if not _holds(starts, piece.start))
        counts_right = not self.counts_once or (self.is_whole and parts == 1)
        return Tile(grain.value, missing, bucket.days, counts_right and self.is_complete)

    @cached_property
    def _covered(self) -> dict[str, list[date]]:
        """First days of the stored rows that every shop has with all columns, by grain, in order."""
        return {grain.value: sorted(self._common_days(grain.value)) for grain in Grain}

    def _common_days(self, grain: str) -> set[date]:
        by_shop: dict[str, set[date]] = {}
        for scope, known in self.known.items():
            days = by_shop.setdefault(scope.shop, set())
            days.update(day for day, present in known.days.get(grain, {}).items() if self.columns <= present)
        return set.intersection(*by_shop.values()) if by_shop else set()

    @cached_property
    def _span(self) -> tuple[date, date] | None:
        """First and last day that every shop's events know; None where a column never holds anything."""
        shops = {scope.shop for scope in self.known}
        spans = [[one for scope, one in self.known.items() if scope.shop == shop] for shop in shops]
        columns = [frozenset(column for one in ones for column in one.columns) for ones in spans]
        if not spans or not all(self.columns <= present for present in columns):
            return None
        first = max(min(one.first for one in ones) for ones in spans)
        return first, min(max(one.last for one in ones) for ones in spans)

    def _missing_events(self, bucket: Period) -> int:
        if len(bucket.runs) > 1:
            return sum(map(self._missing_events, bucket.runs))
        if self._span is None:
            return bucket.days
        start, end = max(bucket.start, self._span[0]), min(bucket.end, self._span[1])
        known = max(0, (end - start).days + 1)
        return bucket.days - known + sum(_overlap(gap, start, end) for gap in self._gaps)

    @cached_property
    def _gaps(self) -> list[Period]:
        """Long runs of days without any event, in a shop that has events most days: a file that was not imported."""
        days = sorted({day for one in self.known.values() for day in one.days.get("day", {})})
        steps = sorted((later - earlier).days for earlier, later in pairwise(days))
        if not steps or steps[len(steps) // 2] > USUAL_STEP:
            return []
        return [
            Period(earlier + timedelta(days=1), later - timedelta(days=1))
            for earlier, later in pairwise(days)
            if (later - earlier).days > LONGEST_SILENCE
        ]


@cache
def _unknown(days: int) -> Tile:
    """Return the tile of a bucket of which nothing is known."""
    return Tile("day", days, days, True)


def _overlap(gap: Period, start: date, end: date) -> int:
    return max(0, (min(gap.end, end) - max(gap.start, start)).days + 1)


def _holds(days: list[date], day: date) -> bool:
    position = bisect_left(days, day)
    return position < len(days) and days[position] == day
