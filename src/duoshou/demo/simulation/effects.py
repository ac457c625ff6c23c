"""What the incidents of a day change in the model."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from duoshou.demo.simulation.parameters import table
from duoshou.demo.simulation.world import Bools, Floats, Incident, Ints, World

AFTERMATH_DAYS = 2
AFTERMATH = 0.3
Change = Callable[[Any, float], Any]


def _more(value: Any, size: float) -> Any:
    return value + size


def _less(value: Any, size: float) -> Any:
    return value - size


def _dearer(value: Any, size: float) -> Any:
    return value * (1 + size)


def _cheaper(value: Any, size: float) -> Any:
    return value * (1 - size)


def _times(value: Any, size: float) -> Any:
    return value * size


def _blocked(value: Any, size: float) -> Any:
    return bool(value) or size > 0


# What each kind changes: a field of `Effects`, at which place, and how.
CHANGES: dict[str, tuple[tuple[str, tuple[str, ...], Change], ...]] = {
    "rank_lost": (("search", ("product",), _less),),
    "image_better": (("click", ("product",), _more),),
    "image_worse": (("click", ("product",), _less),),
    "page_broken": (("order", ("product", "device"), _less),),
    "price_rise": (("price", ("product",), _dearer),),
    "competitor_price_cut": (("competitor", ("product",), _cheaper),),
    "stock_out": (("blocked", ("product",), _blocked),),
    "budget_exhausted": (("budget", (), _cheaper),),
    "wasteful_keyword": (("waste", ("keyword",), _more),),
    "audience_drift": (("drift", ("product",), _more),),
    "slow_logistics": (("delay", ("region",), _more),),
    "slow_replies": (("reply", ("agent",), _times),),
    "bad_batch": (("batch", ("product",), _more),),
    "platform_festival": (("exposure", (), _more),),
    "cannibal_campaign": (("price", ("product",), _cheaper), ("campaign", ("product",), _more)),
    "fake_orders": (("fake", ("product",), _more),),
}


@dataclass(slots=True)
class Effects:
    """Neutral without incidents: logarithms and days are 0, factors 1.

    Attributes:
        exposure: Log of all exposures.
        search: Log of the search exposure per product.
        campaign: Log of the exposure of a product under campaign.
        drift: Log of the cheap recommendation traffic per product.
        click: Log-odds of a click per product.
        order: Log of the order rate per product and device.
        price: Factor of the shop's price per product.
        competitor: Factor of the competitors' prices per product.
        blocked: Products that cannot be sold.
        budget: Factor of the search advertising budget.
        waste: Log of meaningless searches per keyword.
        delay: Days that parcels take longer, per region.
        reply: Factor of the reply time per agent.
        batch: Log-odds of a refund per product.
        fault: Fault that the buyers name, per product; -1: any.
        fake: Fake orders per product.
    """

    exposure: float
    search: Floats
    campaign: Floats
    drift: Floats
    click: Floats
    order: Floats
    price: Floats
    competitor: Floats
    blocked: Bools
    budget: float
    waste: Floats
    delay: Floats
    reply: Floats
    batch: Floats
    fault: Ints
    fake: Floats


def neutral(world: World) -> Effects:
    """Return effects that change nothing."""
    count, keywords = len(world.products.codes), len(world.keywords.words)
    return Effects(
        exposure=0.0,
        search=np.zeros(count),
        campaign=np.zeros(count),
        drift=np.zeros(count),
        click=np.zeros(count),
        order=np.zeros((count, len(world.devices))),
        price=np.ones(count),
        competitor=np.ones(count),
        blocked=np.zeros(count, dtype=bool),
        budget=1.0,
        waste=np.zeros(keywords),
        delay=np.zeros(len(world.regions)),
        reply=np.ones(len(world.agents.names)),
        batch=np.zeros(count),
        fault=np.full(count, -1, dtype=np.int64),
        fake=np.zeros(count),
    )


def effects_of(world: World, incidents: Iterable[Incident], day: int) -> Effects:
    """Return what `incidents` do on `day`."""
    effects = neutral(world)
    for incident in incidents:
        if incident.start <= day <= incident.end and not incident.is_fault:
            _apply(effects, incident, world)
        elif incident.kind == "platform_festival" and 0 < day - incident.end <= AFTERMATH_DAYS:
            effects.exposure -= AFTERMATH * incident.size
    return effects


def _apply(effects: Effects, incident: Incident, world: World) -> None:
    for name, where, change in CHANGES[incident.kind]:
        value = getattr(effects, name)
        if not where:
            setattr(effects, name, change(value, incident.size))
            continue
        place = tuple(incident.place[one] for one in where)
        value[place] = change(value[place], incident.size)
    if incident.kind == "bad_batch":
        effects.fault[incident.place["product"]] = _fault(incident, world)


def _fault(incident: Incident, world: World) -> int:
    named = incident.parameters.get("fault")
    if named in world.faults:
        return world.faults.index(named)
    category = world.products.category[incident.place["product"]]
    own = table("shop")["category"][category]["faults"]
    return world.faults.index(own[incident.start % len(own)])
