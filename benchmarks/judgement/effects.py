"""What an incident did to a subject, and what that was worth."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from benchmarks.judgement.books import Array, Books, Ledger
from benchmarks.judgement.kinds import Kind, Money, kinds
from benchmarks.judgement.subjects import WHOLE, Place

Book = Callable[[str], Array | None]
FEN = 100
RATE_DAYS = 90
# A keyword's waste, a score's fall and a campaign cost the whole shop: the money of these places is the shop's.
OF_THE_SHOP = frozenset({WHOLE, "keyword", "campaign", "service_score"})


class Shop:
    """One shop's truth, prepared for questions.

    Attributes:
        truth: What `truth.json` holds.
        ledger: The books.
    """

    def __init__(self, truth: Mapping[str, Any], ledger: Ledger) -> None:
        self.truth = truth
        self.ledger = ledger
        self.by_key = {one["key"]: one for one in truth["incidents"]}
        axes = truth["axes"]
        self.index: dict[str, dict[str, int]] = {
            "product": _positions(truth["products"]["ids"]),
            "traffic_source": _positions(axes["sources"]),
            "device": _positions(axes["devices"]),
            "region": _positions(axes["regions"]),
            "agent": _positions(truth["agents"]["names"]),
        }
        products = truth["products"]
        self._unit_cost = np.array(products["unit_cost"]) + np.array(products["freight"])
        self._category = np.array(products["category"])

    @property
    def days(self) -> int:
        """Number of days."""
        return len(self.truth["days"])

    def places(self) -> int:
        """Return how many places of the shop somebody could have asked about."""
        return 1 + sum(len(one) for one in self.index.values()) + len(self.truth["keywords"]["words"])

    def contribution_rate(self, day: int) -> float:
        """Return the part of what is paid that refunds, goods and freight leave, over the 90 days before `day`.

        As the product's metrics count it: goods that came back are sold again. Before the first day it is the first's.
        """
        days = self._before(day)
        revenue = self.ledger.quiet["product.revenue"][days].sum()
        goods = (self.ledger.quiet["product.units"][days] * self._unit_cost).sum()
        return float(1 - goods / revenue) * (1 - self.refunded(day)) if revenue > 0 else 0.0

    def refunded(self, day: int) -> float:
        """Return the part of what is paid that is paid back, over the 90 days before `day`."""
        days = self._before(day)
        revenue = self.ledger.quiet["product.revenue"][days].sum()
        return float(self.ledger.quiet["product.refunds"][days].sum() / revenue) if revenue > 0 else 0.0

    @staticmethod
    def _before(day: int) -> slice:
        return slice(max(day - RATE_DAYS, 0), max(day, 1))

    def loss(self, key: str, place: Place, first: int, last: int, money: Money) -> float | None:
        """Return what the incident `key` cost at `place` from day `first` to `last`, in the currency's unit.

        None where the books do not hold the place.
        """
        days = slice(max(first, 0), last + 1)
        revenue = self.effect(key, place, "revenue")
        if revenue is None:
            return None
        sales = float(revenue[days].sum())
        start = self.by_key[key]["start"]
        if money == "sales":
            return -sales * self.contribution_rate(start) / FEN
        kept = {name: self.effect(key, place, name) for name in ("goods", "refunds", "ad_cost")}
        spent = {name: float(one[days].sum()) for name, one in kept.items() if one is not None}
        goods = spent.pop("goods", 0.0) * (1 - self.refunded(start))
        return -(sales - goods - sum(spent.values())) / FEN

    def effect(self, key: str, place: Place, measure: str) -> Array | None:
        """Return fact less the shop without the incident, per day, at a place; None where it is not kept."""
        return self._per_day(self._cells(partial(self.ledger.effect, key), place, measure))

    def usual(self, place: Place, measure: str) -> Array | None:
        """Return the shop without any incident, per day, at a place; None where it is not kept of the place alone."""
        if not set(place) - {WHOLE} or set(place) & OF_THE_SHOP:
            return None
        return self._per_day(self._cells(self.ledger.quiet.get, place, measure))

    def _per_day(self, cells: Array | None) -> Array | None:
        return None if cells is None else np.asarray(cells.reshape(self.days, -1).sum(axis=1))

    def _cells(self, book: Book, place: Place, measure: str) -> Array | None:
        types = set(place) - {WHOLE}
        if not types or types & OF_THE_SHOP:
            return self._by_product(book, measure)
        if types & {"region", "agent"}:
            scope = "region" if "region" in types else "agent"
            return self._column(book(f"{scope}.{measure}"), scope, place) if len(types) == 1 else None
        return self._of_products(book, place, measure)

    def _of_products(self, book: Book, place: Place, measure: str) -> Array | None:
        split = [type_ for type_ in ("traffic_source", "device") if type_ in place]
        known = {WHOLE, "product", "category", "traffic_source", "device"}
        if not set(place) <= known or len(split) > 1:
            return None
        if split:
            scope = {"traffic_source": "product_source", "device": "product_device"}[split[0]]
            cells = self._column(book(f"{scope}.{measure}"), split[0], place)
        else:
            cells = self._by_product(book, measure)
        if cells is None:
            return None
        if "product" in place:
            return self._column(cells, "product", place, axis=1)
        if "category" in place:
            named = self.truth["axes"]["categories"]
            return cells[:, self._category == named.index(place["category"])] if place["category"] in named else None
        return cells

    def _by_product(self, book: Book, measure: str) -> Array | None:
        if measure == "goods":
            units = book("product.units")
            return None if units is None else units * self._unit_cost
        return book(f"product.{measure}")

    def _column(self, cells: Array | None, type_: str, place: Place, axis: int = -1) -> Array | None:
        position = self.index[type_].get(place[type_])
        return None if cells is None or position is None else np.take(cells, [position], axis=axis)

    def affected(self, incident: Mapping[str, Any]) -> tuple[Array, Array] | None:
        """Return the series that the incident moves first: without any incident, and the effect; per day.

        None for a fault of files, or where the books do not hold the series.
        """
        kind = kinds().kind[incident["kind"]]
        if kind.series is None:
            return None
        quiet = self._series(self.ledger.quiet, kind, incident)
        books = {name: self.ledger.effect(incident["key"], name) for name in self.ledger.fact}
        effect = self._series({name: one for name, one in books.items() if one is not None}, kind, incident)
        return None if quiet is None or effect is None else (quiet, effect)

    def _series(self, books: Books, kind: Kind, incident: Mapping[str, Any]) -> Array | None:
        assert kind.series is not None
        scope, _, measure = kind.series.partition(".")
        stored = "product_source" if scope == "source" else scope
        found = books.get(f"{stored}.{measure}")
        if found is None:
            return None
        position = incident["place"]
        sources = self.index["traffic_source"]
        if scope == "source":
            return np.asarray(found[:, :, sources[kind.at["source"]]].sum(axis=1))
        if scope == "product_source":
            return np.asarray(found[:, position["product"], sources[kind.at["source"]]])
        if scope == "product_device":
            return np.asarray(found[:, position["product"], position["device"]])
        return np.asarray(found[:, position[scope]] if scope in position else found.sum(axis=1))


def _positions(names: Sequence[object]) -> dict[str, int]:
    return {str(name): position for position, name in enumerate(names)}
