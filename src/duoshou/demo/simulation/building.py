"""Puts a world together, and everything that is settled before the first day."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np

from duoshou.demo.simulation.catalogue import make_complements, make_products, make_skus, make_substitutes
from duoshou.demo.simulation.errors import ScenarioError
from duoshou.demo.simulation.incidents import Scenario, placed
from duoshou.demo.simulation.market import make_niches, make_sellers, months_of
from duoshou.demo.simulation.parameters import MODEL_VERSION, table
from duoshou.demo.simulation.partners import make_affiliates, make_agents, make_keywords
from duoshou.demo.simulation.posts import Posts, make_posts
from duoshou.demo.simulation.prices import competitor_prices, planned_prices
from duoshou.demo.simulation.seasons import Seasons, make_seasons
from duoshou.demo.simulation.streams import Streams
from duoshou.demo.simulation.world import Bools, Floats, Ints, World
from duoshou.model import Text

DEVICES = ("wireless", "pc")


@dataclass(frozen=True, slots=True)
class Plan:
    """A world and what is settled with it.

    Attributes:
        world: The world.
        settings: Its parameters.
        streams: Its random numbers.
        seasons: The calendar's effects.
        price: Planned prices (D×P).
        competitor: Competitors' planned prices (D×P×C).
        life: Expected visitors of a usual day by the life cycle (D×P); 0 before the launch.
        noise: Log of the shop's and the products' slow noise (D×P).
        source_share: Part of each source in a product's visitors (P×S).
        mix: Usual audience of a product (P×G).
        posts: Content posts and the bursts they cause.
        transit: Usual days on the way per region (R).
        city_edges: Cumulative number of cities per region (R+1).
        live: Whether a product is on sale (D×P).
    """

    world: World
    settings: dict[str, Any]
    streams: Streams
    seasons: Seasons
    price: Ints
    competitor: Ints
    life: Floats
    noise: Floats
    source_share: Floats
    mix: Floats
    posts: Posts
    transit: Floats
    city_edges: Ints
    live: Bools


def make_plan(
    seed: int, until: date, days: int, scenario: Scenario, scale: float, version: str = MODEL_VERSION
) -> Plan:
    """Return the plan of a run; the same for the same arguments, in any process."""
    settings = _settings(scenario.parameters, version)
    streams = Streams(seed)
    world = _world(settings, streams, until, days, scenario, scale, version)
    seasons = make_seasons(settings, world.first, days)
    products = world.products
    age = np.arange(days)[:, None] - products.launch
    live = age >= 0
    relative = (np.maximum(age, 0) + 4) / products.peak_age
    curve = np.maximum(relative**0.8 * np.exp(0.8 * (1 - relative)), products.tail * np.minimum(1, relative))
    regions = table("regions")["region"]
    return Plan(
        world=world,
        settings=settings,
        streams=streams,
        seasons=seasons,
        price=np.where(live, planned_prices(streams, settings, products, seasons), 0),
        competitor=np.where(live[:, :, None], competitor_prices(streams, settings, products, seasons), 0),
        life=np.where(live, products.level * scale * curve, 0.0),
        noise=_noise(streams, settings, days, len(products.codes)),
        source_share=_source_share(streams, settings, len(products.codes)),
        mix=_audience(settings, products.base_price),
        posts=make_posts(streams, settings, products, world.dates),
        transit=np.array([one["transit"] for one in regions]),
        city_edges=np.concatenate([[0], np.cumsum([len(one["cities"]) for one in regions])]),
        live=live,
    )


def _settings(changes: Mapping[str, Any] | None, version: str) -> dict[str, Any]:
    settings = deepcopy(table("parameters"))
    if version != MODEL_VERSION:
        former = table("versions")
        if version not in former:
            known = ", ".join([*former, MODEL_VERSION])
            raise ScenarioError(
                "unknown_version",
                Text(
                    f"没有模型版本 {version}（有 {known}）", f"there is no model version {version}; there are {known}"
                ),
            )
        _changed(settings, former[version], "")
    _changed(settings, changes or {}, "")
    return settings


def _changed(settings: dict[str, Any], changes: Mapping[str, Any], path: str) -> None:
    for key, value in changes.items():
        if key not in settings:
            raise ScenarioError("invalid_scenario", Text(f"没有参数 {path}{key}", f"there is no parameter {path}{key}"))
        if isinstance(value, Mapping) and isinstance(settings[key], dict):
            _changed(settings[key], value, f"{path}{key}.")
        else:
            settings[key] = value


def _world(
    settings: dict[str, Any], streams: Streams, until: date, days: int, scenario: Scenario, scale: float, version: str
) -> World:
    shop, regions = table("shop"), table("regions")["region"]
    first = until - timedelta(days=days - 1)
    months = months_of(first, until)
    products = make_products(streams, settings, days)
    keywords = make_keywords(streams, settings, products)
    niches = make_niches(streams, settings, months)
    share = np.array([one["share"] for one in regions])
    audience = settings["stage"]["audience"]
    world = World(
        version=version,
        seed=streams.seed,
        first=first,
        until=until,
        days=days,
        scale=scale,
        scenario=scenario.name,
        dates=np.datetime64(first, "D") + np.arange(days),
        sources=tuple(settings["source"]["keys"]),
        source_names=tuple(settings["source"]["names"]),
        devices=DEVICES,
        regions=tuple(one["name"] for one in regions),
        cities=tuple(tuple(one["cities"]) for one in regions),
        region_share=share / share.sum(),
        segments=tuple(audience["names"]),
        segment_share=np.array(audience["share"]),
        categories=tuple(one["key"] for one in shop["category"]),
        category_names=tuple(one["name"] for one in shop["category"]),
        refund_reasons=tuple(shop["refund_reasons"]),
        topics=tuple(shop["topics"]),
        faults=tuple(shop["faults"]),
        products=products,
        skus=make_skus(streams, products),
        complements=make_complements(streams, products),
        substitutes=make_substitutes(streams, products),
        keywords=keywords,
        agents=make_agents(streams, settings, days),
        affiliates=make_affiliates(streams, settings),
        niches=niches,
        sellers=make_sellers(streams, settings, niches),
        incidents=(),
        parameters=settings,
    )
    return replace(world, incidents=placed(scenario, streams, world))


def _noise(streams: Streams, settings: dict[str, Any], days: int, count: int) -> Floats:
    shop = settings["shop"]
    rng = streams.generator("slow noise")
    shocks = rng.normal(0, shop["noise_shop"], (days, 1)) + rng.normal(0, shop["noise_product"], (days, count))
    noise = np.zeros((days, count))
    noise[0] = shocks[0]
    for day in range(1, days):
        noise[day] = shop["noise_memory"] * noise[day - 1] + shocks[day]
    return noise


def _source_share(streams: Streams, settings: dict[str, Any], count: int) -> Floats:
    usual = np.array(settings["source"]["share"])
    share = usual * np.exp(streams.generator("source shares").normal(0, 0.25, (count, len(usual))))
    return np.asarray(share / share.sum(axis=1, keepdims=True))


def _audience(settings: dict[str, Any], price: Ints) -> Floats:
    audience = settings["stage"]["audience"]
    relative = np.log(price / np.median(price))
    mix = np.array(audience["share"]) * np.exp(np.array(audience["tier"]) * relative[:, None])
    return np.asarray(mix / mix.sum(axis=1, keepdims=True))
