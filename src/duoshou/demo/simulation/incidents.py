"""Incidents: their kinds, a scenario that places them, and what they change on a day."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from duoshou.demo.simulation.errors import ScenarioError
from duoshou.demo.simulation.parameters import table
from duoshou.demo.simulation.streams import Streams
from duoshou.demo.simulation.world import Incident, World
from duoshou.model import Place, Text

INCIDENT_FIELDS = {"key", "kind", "start", "end", "place", "size", "parameters"}
DEED_FIELDS = {"action": str, "day": int, "product": int, "before": str, "after": str}
QUIET_START = 60
SETTLED = 30


@dataclass(frozen=True, slots=True)
class Scenario:
    """Incidents to place and numbers to change.

    Attributes:
        name: Name of the scenario.
        incidents: Tables of `key`, `kind`, `start`, `end` (days, or indexes of the window, from its end where they
            are negative: -1 is the last day), `place`, `size`, `parameters`.
        parameters: Tables of `parameters.toml` with other numbers.
        is_random: Whether incidents are placed at random besides.
        deeds: Tables of `action` (an entry of the playbook), `day` (counted from the end: -1 is the last), `product`,
            `before`, `after`: what people wrote down that they did. They do nothing; an incident may be what they did.
    """

    name: str
    incidents: tuple[Mapping[str, Any], ...] = ()
    parameters: Mapping[str, Any] | None = None
    is_random: bool = False
    deeds: tuple[Mapping[str, Any], ...] = ()


def load_scenario(path: Path) -> Scenario:
    """Return the scenario in a TOML file.

    Raises:
        ScenarioError: If it cannot be read or means nothing.
    """
    try:
        read = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _faulty(f"读不了：{error}", f"it cannot be read: {error}", path.name) from error
    unknown = set(read) - {"name", "incident", "parameters", "random", "deed"}
    if unknown:
        raise _faulty(f"不认识的项：{sorted(unknown)}", f"unknown entries: {sorted(unknown)}", path.name)
    return Scenario(
        read.get("name", path.stem),
        tuple(read.get("incident", ())),
        read.get("parameters"),
        read.get("random", False),
        tuple(read.get("deed", ())),
    )


def placed(scenario: Scenario, streams: Streams, world: World) -> tuple[Incident, ...]:
    """Return the incidents of a run of `world`, in the order of their start.

    Raises:
        ScenarioError: For an unknown kind, a place that does not exist or days outside of the window.
    """
    sizes = {
        "product": len(world.products.codes),
        "device": len(world.devices),
        "region": len(world.regions),
        "agent": len(world.agents.names),
        "keyword": len(world.keywords.words),
    }
    for deed in scenario.deeds:
        _check_deed(deed, world.days, sizes["product"])
    found = [_stated(one, number, world.first, world.days, sizes) for number, one in enumerate(scenario.incidents)]
    if scenario.is_random:
        found += _random(streams, world)
    keys = [one.key for one in found]
    if len(set(keys)) < len(keys):
        raise _faulty("事件的 key 重复", "two incidents have the same key")
    return tuple(sorted(found, key=lambda one: (one.start, one.key)))


def _random(streams: Streams, world: World) -> list[Incident]:
    rng = streams.generator("incidents")
    kinds = table("incidents")["kind"]
    names = list(kinds)
    weights = np.array([kinds[name]["weight"] for name in names])
    days, per_month = world.days, world.parameters["incidents"]["per_month"]
    start = min(QUIET_START, days // 4)
    found = []
    for number in range(int(rng.poisson(max(days - start, 0) / 30 * per_month))):
        name = names[int(rng.choice(len(names), p=weights / weights.sum()))]
        kind = kinds[name]
        length = int(rng.integers(kind["days"][0], kind["days"][1] + 1))
        at = int(rng.integers(start, max(start + 1, days - 3)))
        size = float(rng.uniform(*kind["size"]))
        place = {where: _somewhere(rng, world, where, at) for where in kind["place"]}
        extra: dict[str, Any] = {}
        if kind.get("fault"):
            extra["file"] = str(rng.choice(kind["file"]))
        end = min(at + length - 1, days - 1)
        found.append(Incident(f"{name}_{number}", name, at, end, place, size, extra, bool(kind.get("fault"))))
    return found


def _somewhere(rng: np.random.Generator, world: World, where: str, day: int) -> int:
    """Return a random place, most likely one that sells much: an incident that nobody can see teaches nothing."""
    products = world.products
    on_sale = (products.launch <= day - SETTLED).astype(float)
    chances = {
        "product": products.level**2 * on_sale,
        "keyword": world.keywords.volume * on_sale[world.keywords.product],
        "region": world.region_share,
        "device": np.array([1.0, 0.0]),
        "agent": np.ones(len(world.agents.names)),
    }[where]
    chances = chances if chances.sum() > 0 else np.ones(len(chances))
    return int(rng.choice(len(chances), p=chances / chances.sum()))


def _stated(one: Mapping[str, Any], number: int, first: date, days: int, sizes: Mapping[str, int]) -> Incident:
    kinds = table("incidents")["kind"]
    name = one.get("kind")
    if name not in kinds:
        raise _faulty(f"没有这种事件：{name}", f"there is no incident of the kind {name}", hint=sorted(kinds))
    unknown = set(one) - INCIDENT_FIELDS
    if unknown:
        raise _faulty(f"{name} 有不认识的项：{sorted(unknown)}", f"{name} has unknown entries: {sorted(unknown)}")
    kind, name = kinds[name], str(name)
    start = _day(one.get("start"), first, days, name)
    end = _day(one["end"], first, days, name) if "end" in one else start + int(kind["days"][0]) - 1
    if not 0 <= start <= end:
        raise _faulty(f"{name} 的日期不对", f"the days of {name} cannot be meant")
    if start >= days:
        raise _faulty(f"{name} 不在时间窗口内", f"{name} lies outside of the window")
    place = {where: int(index) for where, index in one.get("place", {}).items()}
    for where in kind["place"]:
        if where not in place:
            raise _faulty(f"{name} 要写明 {where}", f"{name} must name its {where}")
    for where, index in place.items():
        if not 0 <= index < sizes.get(where, 0):
            raise _faulty(f"{name}：没有 {where} {index}", f"{name}: there is no {where} {index}")
    extra = dict(one.get("parameters", {}))
    if kind.get("fault"):
        extra.setdefault("file", kind["file"][0])
    size = float(one.get("size", sum(kind["size"]) / 2))
    key = str(one.get("key", f"{name}_{number}"))
    return Incident(key, name, start, min(end, days - 1), place, size, extra, bool(kind.get("fault")))


def _check_deed(one: Mapping[str, Any], days: int, products: int) -> None:
    if {name: type(value) for name, value in one.items()} != DEED_FIELDS:
        names = ", ".join(DEED_FIELDS)
        raise _faulty(
            f"deed 要写明 {names}，天数和商品是整数", f"a deed names {names}; day and product are whole numbers"
        )
    if not (-days <= one["day"] <= -1 and 0 <= one["product"] < products):
        raise _faulty(
            f"deed {one['action']} 的日期不在时间窗口内，或没有这个商品",
            f"the deed {one['action']} lies outside of the window, or there is no such product",
        )


def _day(value: object, first: date, days: int, name: object) -> int:
    if isinstance(value, date):
        return (value - first).days
    if isinstance(value, int):
        return value if value >= 0 else days + value
    raise _faulty(f"{name} 缺少开始日期", f"{name} has no day to start")


def _faulty(zh: str, en: str, file: str | None = None, hint: Sequence[str] = ()) -> ScenarioError:
    known = Text(f"可用的种类：{', '.join(hint)}", f"Kinds: {', '.join(hint)}") if hint else None
    return ScenarioError("invalid_scenario", Text(zh, en), hint=known, place=Place(file))
