"""Where a trouble of the whole shop sits: the leaves of the shop's own splits, searched for the cells that moved."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from duoshou.analysts.diagnosis.localisation import localise, localise_ratio
from duoshou.analysts.diagnosis.localisation_errors import NotLocalisable
from duoshou.analysts.diagnosis.located import UNEXPLAINED_LIMIT, Localisation
from duoshou.analysts.diagnosis.reading import Floats, Shop
from duoshou.analysts.diagnosis.troubles import Trouble
from duoshou.analysts.diagnosis.watched import read_data
from duoshou.metrics import DailyPanel
from duoshou.model import Text
from duoshou.statistics.expectation import Design, Kind, Panel, Reason, fit

BASE_DAYS = 56
"""Usual days before a trouble that tell the rate of each leaf: eight of each weekday."""
LEAST_BASE = 28
"""Days without which nothing usual is known of a leaf."""
MOST_LEAVES = 600
"""Leaves that can be expected one by one within seconds; a finer split is passed over."""
LEAST_SHARE = 0.05
"""Part of the whole movement below which a place is not worth a word."""
MOST_PLACES = 5
NAMELESS = "?"
"""Key of rows that name no value of a dimension."""


class Place(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How the place of a move is looked for; see `places.toml`."""

    feature: tuple[str, ...]
    metric: str
    splits: tuple[tuple[str, ...], ...]
    over: str | None = None
    is_amount: bool = False


class _Places(Struct, frozen=True, forbid_unknown_fields=True):
    place: tuple[Place, ...]


@cache
def places() -> Mapping[str, Place]:
    """Return feature → how the place of its move is looked for."""
    read: _Places = read_data("places.toml", _Places)
    return {feature: one for one in read.place for feature in one.feature}


@dataclass(frozen=True, slots=True)
class Spot:
    """One place of a move.

    Attributes:
        name: The place in words: values of its dimensions.
        actual: What came; of a ratio its value.
        expected: What was due; of a ratio what was due for the present mix.
        share: Share of the whole movement, 0…1.
    """

    name: Text
    actual: float
    expected: float
    share: float


@dataclass(frozen=True, slots=True)
class Where:
    """Where a move sits, or why that cannot be told.

    Attributes:
        what: What moved.
        split: Dimensions that were searched, in words; None where there are none.
        spots: Places that share no leaf, the surest first.
        verdict: One sentence: how much of the move they hold, or why no place is told.
        outside: Whether the move, or a good part of it, has no place in these dimensions.
    """

    what: Text
    split: Text | None
    spots: tuple[Spot, ...]
    verdict: Text
    outside: bool


class Finder:
    """Looks for the places of the troubles of one shop."""

    def __init__(
        self,
        shop: Shop,
        design: Design,
        *,
        faulty: Collection[date] = (),
        sales: NDArray[np.bool_] | None = None,
        names: Callable[[str, str], str] = lambda _, name: name,
        train_until: int | None = None,
    ) -> None:
        """Read nothing yet.

        Args:
            shop: The shop.
            design: The calendar of its days.
            faulty: Days whose data have a fault.
            sales: Days of great sales, in which leaves sell in other proportions.
            names: Dimension → key → name for people.
            train_until: Days that teach what the whole is expected to be; see `fit`.
        """
        self._shop, self._design, self._names, self._until = shop, design, names, train_until
        count = shop.period.days
        usual = np.ones(count, dtype=np.bool_) if sales is None else ~sales
        self._sound = np.array([day not in faulty for day in shop.period], dtype=np.bool_)
        self._usual = usual & self._sound

    def where(self, trouble: Trouble) -> Where | None:
        """Return where the main move of a trouble sits; None where its cause moves nothing that has places."""
        main = self._main(trouble)
        if main is None:
            return None
        place = places()[main]
        for split in place.splits:
            parts = [self._panel(metric, split) for metric in _asked(place)]
            if all(one is not None and 1 < len(one.splits) <= MOST_LEAVES for one in parts):
                known = [one for one in parts if one is not None]
                return self._searched(place, split, known, trouble, way=trouble.moves[main][0])
        return Where(self._title(place), None, (), _NO_SPLIT, outside=True)

    @staticmethod
    def _main(trouble: Trouble) -> str | None:
        """Return the feature that tells most of the likeliest cause, of those that have places."""
        loads = trouble.cause.loads
        moved = [key for key in loads if key in trouble.moves and key in places()]
        return max(moved, key=lambda one: abs(loads[one]) * abs(trouble.moves[one][1]), default=None)

    def _panel(self, metric: str, split: tuple[str, ...]) -> DailyPanel | None:
        return self._shop.panel(metric, split)

    def _title(self, place: Place) -> Text:
        metrics = self._shop.catalogue.metrics
        above = metrics[place.metric].title
        if place.over is None:
            return above
        below = metrics[place.over].title
        return Text(f"{above.zh} ÷ {below.zh}", f"{above.en} ÷ {below.en}")

    def _searched(
        self, place: Place, split: tuple[str, ...], parts: list[DailyPanel], trouble: Trouble, *, way: float
    ) -> Where:
        first = self._shop.period.start
        start, end = (trouble.start - first).days, (trouble.day - first).days
        before = np.flatnonzero(self._usual[:start])[-BASE_DAYS:]
        now = np.arange(start, end + 1)[self._sound[start : end + 1]]
        what = self._title(place)
        dimensions = [self._shop.catalogue.dimensions[name].title for name in split]
        named = Text(" × ".join(one.zh for one in dimensions), " × ".join(one.en for one in dimensions))
        if len(before) < LEAST_BASE or not len(now):
            return Where(what, named, (), _NO_BASE, outside=False)
        tables = _tables(place, parts)
        try:
            if place.over:
                found: Localisation[Any] = _ratio(split, tables, before, now)
            else:
                found = _sum(split, self._held_against(place, tables[0], start, end))
        except NotLocalisable:
            return Where(what, named, (), _NO_SPLIT, outside=True)
        # What moved the other way, a launch while the shop falls, is no place of this trouble.
        same = [cell for cell in found.cells if cell.change * way > 0 and cell.share >= LEAST_SHARE]
        spots = tuple(self._spot(split, cell) for cell in same[:MOST_PLACES])
        held = sum(cell.share for cell in same)
        outside = held < 1 - UNEXPLAINED_LIMIT
        return Where(what, named, spots, _verdict(held, outside=outside), outside)

    def _held_against(
        self, place: Place, leaves: Mapping[tuple[str, ...], Floats], start: int, end: int
    ) -> dict[tuple[str, ...], tuple[float, float]]:
        """Return leaf → what came and what was expected over the days; a leaf that is too young is left out."""
        kept = {leaf: row for leaf, row in leaves.items() if np.any(row[: max(start - LEAST_BASE, 0)] > 0)}
        if not kept:
            return {}
        rows = np.stack(list(kept.values()))
        born = (rows > 0).argmax(axis=1)
        seen = np.arange(rows.shape[1]) >= born[:, None]
        known = np.where(seen & self._sound, rows, np.nan)
        kind = Kind.AMOUNT if place.is_amount else Kind.COUNT
        panel = Panel(known if place.is_amount else np.rint(known), np.full(len(rows), kind, dtype=np.int64))
        fitted = fit(panel, self._design, train_until=self._until, detectable=False)
        window = fitted.window(end, end - start + 1)
        expected = np.where(np.isfinite(window.expected[:, 0]), window.expected[:, 0], 0.0)
        came = np.nansum(known[:, start : end + 1], axis=1)
        judged = window.reason == Reason.ENOUGH
        pairs = zip(kept, came, expected, judged, strict=True)
        return {leaf: (float(actual), max(float(due), 0.0)) for leaf, actual, due, is_judged in pairs if is_judged}

    def _spot(self, split: tuple[str, ...], cell: Any) -> Spot:
        zh, en = [], []
        for name in split:
            if name in cell.values:
                key = cell.values[name]
                title = self._shop.catalogue.dimensions[name].title
                zh.append(f"{title.zh}未知" if key == NAMELESS else self._names(name, key))
                en.append(f"{title.en} unknown" if key == NAMELESS else self._names(name, key))
        below = getattr(cell, "denominator", None)
        scale = 1.0 if below is None else max(below, 1e-300)
        named = Text(" × ".join(zh), " × ".join(en))
        return Spot(named, cell.actual / scale, cell.expected / scale, cell.share)


_NO_SPLIT = Text(
    "现有文件没有把它拆开的维度，说不出在哪里",
    "no file at hand splits it by any dimension, so its place cannot be told",
)
_NO_BASE = Text(
    f"之前平常的日子不足 {LEAST_BASE} 天，说不出在哪里",
    f"fewer than {LEAST_BASE} usual days lie before it, so its place cannot be told",
)


def _asked(place: Place) -> list[str]:
    return [place.metric] if place.over is None else [place.metric, place.over]


def _tables(place: Place, parts: list[DailyPanel]) -> list[dict[tuple[str, ...], Floats]]:
    """Return leaf → days, of the metric and of what it is divided by."""
    tables = []
    for metric, panel in zip(_asked(place), parts, strict=True):
        rows: dict[tuple[str, ...], Floats] = {}
        for key, row in zip(panel.splits, panel.values[metric], strict=True):
            leaf = tuple(NAMELESS if one is None else str(one) for one in key)
            rows[leaf] = rows.get(leaf, 0.0) + np.maximum(np.nan_to_num(row), 0.0)
        tables.append(rows)
    return tables


def _sum(split: tuple[str, ...], held: Mapping[tuple[str, ...], tuple[float, float]]) -> Localisation[Any]:
    """Return where a sum left what was expected leaf by leaf."""
    columns = {
        name: np.array([pair[place] for pair in held.values()]) for place, name in enumerate(("actual", "expected"))
    }
    return localise(_leaf_table(split, held, **columns), split, "actual", "expected")


def _verdict(held: float, *, outside: bool) -> Text:
    """Return how much of the movement the places of a trouble hold."""
    share = f"{held:.0%}"
    if not held:
        return Text(
            "看不出集中在哪一处：各处一起变、分散得太细，或原因在别的维度",
            "no place stands out: it moved alike everywhere, is scattered too finely, or lies in another dimension",
        )
    if outside:
        return Text(
            f"约 {share} 在下面几处，其余找不到位置，原因可能也在别的维度",
            f"about {share} lies in these places, the rest has none: part of the cause may lie in another dimension",
        )
    return Text(f"约 {share} 在下面几处", f"about {share} lies in these places")


def _ratio(
    split: tuple[str, ...],
    tables: list[dict[tuple[str, ...], Floats]],
    before: NDArray[np.int64],
    now: NDArray[np.int64],
) -> Localisation[Any]:
    """Return where a ratio left that of the days before."""
    above, below = tables
    leaves = {leaf: (above[leaf], below[leaf]) for leaf in above if leaf in below}
    columns = {}
    for name, days in (("", now), ("expected_", before)):
        columns[f"{name}numerator"] = np.array([top[days].sum() for top, _ in leaves.values()])
        columns[f"{name}denominator"] = np.array([bottom[days].sum() for _, bottom in leaves.values()])
    return localise_ratio(
        _leaf_table(split, leaves, **columns),
        split,
        "numerator",
        "denominator",
        "expected_numerator",
        "expected_denominator",
    )


def _leaf_table(split: tuple[str, ...], leaves: Collection[tuple[str, ...]], **columns: Floats) -> Any:
    import pyarrow as pa

    keys = list(leaves)
    named = {name: [key[place] for key in keys] for place, name in enumerate(split)}
    return pa.table({**named, **columns})
