"""The truth of a run: its incidents, what would have been without each, and every parameter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

import numpy as np

from duoshou.demo.simulation.world import Daily, Incident, Ints, World

SCHEMA = "duoshou-truth/1"
SOURCE_AND_DEVICE = (2, 3)


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """Days by product (D×P) as they were, and as they would have been without an incident."""

    incident: Incident
    visitors: Ints
    orders: Ints
    revenue: Ints
    factual_visitors: Ints
    factual_orders: Ints
    factual_revenue: Ints

    @classmethod
    def of(cls, incident: Incident, factual: Daily, other: Daily) -> Counterfactual:
        """Return the comparison of two runs' books."""
        return cls(
            incident,
            *(values.sum(axis=SOURCE_AND_DEVICE, dtype=np.int64) for values in _series(other)),
            *(values.sum(axis=SOURCE_AND_DEVICE, dtype=np.int64) for values in _series(factual)),
        )


def truth_of(world: World, daily: Daily, counterfactuals: Sequence[Counterfactual]) -> dict[str, Any]:
    """Return the truth as plain values for JSON."""
    names = ("visitors", "orders", "revenue")
    shop = {
        name: values.sum(axis=(1, 2, 3), dtype=np.int64).tolist()
        for name, values in zip(names, _series(daily), strict=True)
    }
    return {
        "schema": SCHEMA,
        "version": world.version,
        "seed": world.seed,
        "scenario": world.scenario,
        "first": world.first.isoformat(),
        "until": world.until.isoformat(),
        "scale": world.scale,
        "days": [str(day) for day in world.dates],
        "shop": {**shop, "paid_orders": daily.shop_paid_orders.tolist()},
        "incidents": [_incident(world, one) for one in counterfactuals],
        "products": _table(world.products),
        "skus": _table(world.skus),
        "complements": _table(world.complements),
        "substitutes": _table(world.substitutes),
        "keywords": _table(world.keywords),
        "agents": _table(world.agents),
        "affiliates": _table(world.affiliates),
        "niches": _table(world.niches),
        "sellers": _table(world.sellers),
        "axes": {
            "sources": list(world.sources),
            "devices": list(world.devices),
            "regions": list(world.regions),
            "segments": list(world.segments),
            "categories": list(world.categories),
        },
        "parameters": world.parameters,
    }


def _series(daily: Daily) -> tuple[Any, Any, Any]:
    return daily.visitors, daily.paid_orders, daily.paid_amount


def _incident(world: World, one: Counterfactual) -> dict[str, Any]:
    incident = one.incident
    start = incident.start
    sums = {}
    for name in ("visitors", "orders", "revenue"):
        without, factual = getattr(one, name), getattr(one, f"factual_{name}")
        sums[name] = {
            "without": without.sum(axis=1)[start:].tolist(),
            "effect": int((factual - without).sum()),
            "effect_during": int((factual - without)[start : incident.end + 1].sum()),
        }
        if "product" in incident.place:
            product = incident.place["product"]
            sums[name]["product_without"] = without[start:, product].tolist()
            sums[name]["product_effect"] = int((factual - without)[:, product].sum())
    stated = asdict(incident)
    stated["first_day"], stated["last_day"] = str(world.dates[start]), str(world.dates[incident.end])
    return {**stated, "names": _names(world, incident), "series": sums}


def _names(world: World, incident: Incident) -> dict[str, str]:
    known = {
        "product": [str(one) for one in world.products.ids],
        "region": list(world.regions),
        "device": list(world.devices),
        "agent": world.agents.names,
        "keyword": world.keywords.words,
    }
    return {where: known[where][index] for where, index in incident.place.items() if where in known}


def _table(part: Any) -> dict[str, Any]:
    columns = {one.name: getattr(part, one.name) for one in fields(part)}
    return {name: value.tolist() if isinstance(value, np.ndarray) else value for name, value in columns.items()}
