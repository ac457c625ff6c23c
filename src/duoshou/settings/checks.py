"""Settings that are well formed and still cannot be meant."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from duoshou.model import Text
from duoshou.settings.channels.names import folded
from duoshou.settings.descriptions import descriptions
from duoshou.settings.errors import SettingProblem, SettingsError
from duoshou.settings.schema import Channel, CostRule, Settings, UnitCost

if TYPE_CHECKING:
    from duoshou.settings.walk import Walk


def semantic_problems(settings: Settings, walk: Walk) -> list[SettingProblem]:
    """Return what is wrong with the meaning of `settings`, placed by `walk`."""
    before = len(walk.problems)
    _check_timezone(settings, walk)
    _check_shops(settings, walk)
    _check_costs(settings, walk)
    _check_state(settings, walk)
    _check_push(settings, walk)
    _check_channels(settings, walk)
    if settings.engine.kind == "spark" and settings.engine.parquet is None:
        walk.add(
            "engine.kind",
            Text("引擎为 spark 时要写明 engine.parquet", "the engine spark needs engine.parquet"),
        )
    found = walk.problems[before:]
    del walk.problems[before:]
    return found


def is_timezone(name: str) -> bool:
    """Return whether `name` is a time zone of the IANA database."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def _check_timezone(settings: Settings, walk: Walk) -> None:
    if not is_timezone(settings.timezone):
        source = walk.provenance["timezone"]
        walk.add(
            "timezone",
            Text(f"没有时区 {settings.timezone}", f"there is no time zone {settings.timezone}"),
            source=source if source.startswith("DUOSHOU_") else None,
        )


def _check_state(settings: Settings, walk: Walk) -> None:
    """Note an address that is none of PostgreSQL, without showing it: it may hold a password."""
    url = settings.state.url
    if url and re.match(r"postgres(ql)?(\+psycopg)?://[^\s/]*/[^\s/?]+(\?\S*)?$", url) is None:
        source = walk.provenance["state.url"]
        expected = descriptions()["state.url"].expected
        walk.add(
            "state.url",
            Text(f"state.url 不行，应为{expected.zh}", f"state.url will not do; expected {expected.en}"),
            source=source if source.startswith("DUOSHOU_") else None,
        )


def _check_shops(settings: Settings, walk: Walk) -> None:
    spellings = Counter(
        folded
        for shop in settings.shops
        for folded in {spelling.strip().casefold() for spelling in (shop.key, shop.name, *shop.aliases)}
        if folded
    )
    for position, shop in enumerate(settings.shops):
        for spelling in dict.fromkeys((shop.key, shop.name, *shop.aliases)):
            if spellings[spelling.strip().casefold()] > 1:
                message = Text(f"店铺名“{spelling}”出现了两次", f"the shop name {spelling!r} is used twice")
                walk.add("shop", message, position=position)


def _check_push(settings: Settings, walk: Walk) -> None:
    """Note targets of one name, without an address, or of a shop that is none; no address is shown."""
    names = Counter(push.name.strip().casefold() for push in settings.push)
    for position, push in enumerate(settings.push):
        if names[push.name.strip().casefold()] > 1:
            message = Text(f"推送目标“{push.name}”出现了两次", f"the push target {push.name!r} is named twice")
            walk.add("push.name", message, position=position)
        if not (push.url or push.url_env):
            message = Text("[[push]] 要写 url 或 url_env", "[[push]] needs url or url_env")
            walk.add("push", message, position=position)
        for shop in push.shops:
            try:
                settings.shop(shop)
            except SettingsError as error:
                walk.add("push.shops", error.message, position=position)


def _check_channels(settings: Settings, walk: Walk) -> None:
    """Note channels of one key or name, and sources that belong to two of them or to everything."""
    keys = Counter(channel.key.casefold() for channel in settings.channels)
    names = Counter(folded(channel.name) for channel in settings.channels if channel.name)
    homes: dict[str, Channel] = {}
    for position, channel in enumerate(settings.channels):
        if keys[channel.key.casefold()] > 1:
            message = Text(f"渠道代号“{channel.key}”出现了两次", f"the channel {channel.key!r} is written twice")
            walk.add("channel.key", message, position=position)
        if names[folded(channel.name)] > 1:
            message = Text(f"渠道名称“{channel.name}”出现了两次", f"two channels are called {channel.name!r}")
            walk.add("channel.name", message, position=position)
        for source in channel.sources:
            home = homes.setdefault(folded(source), channel)
            if home is not channel:
                zh = f"来源“{source}”已归“{home.title}”，不能又归“{channel.title}”"
                message = Text(zh, f"the source {source!r} belongs to {home.title!r} already")
                walk.add("channel.sources", message, position=position)
            if not source.strip("* >"):
                message = Text(f"来源“{source}”没有写名称", f"the source {source!r} names nothing")
                walk.add("channel.sources", message, position=position)


def _check_costs(settings: Settings, walk: Walk) -> None:
    rules, units, before = settings.costs.rules, settings.costs.units, len(walk.problems)
    shops = {"costs.rule": [rule.shop for rule in rules], "costs.unit": [unit.shop for unit in units]}
    for key, names in shops.items():
        for position, name in enumerate(names):
            try:
                settings.shop(name)
            except SettingsError as error:
                walk.add(f"{key}.shop", error.message, position=position)
    if len(walk.problems) == before:
        scopes = [(*_cost_scope(settings, one), (one.platform or "").casefold()) for one in rules]
        _check_once("costs.rule", scopes, walk)
        _check_once("costs.unit", [(*_cost_scope(settings, one), one.sku) for one in units], walk)


def _cost_scope(settings: Settings, one: CostRule | UnitCost) -> tuple[str, ...]:
    shop = settings.shop(one.shop).key if one.shop else ""
    return (shop, one.currency or settings.currency, (one.valid_from or date.min).isoformat())


def _check_once(key: str, scopes: Sequence[tuple[str, ...]], walk: Walk) -> None:
    for position, scope in enumerate(scopes):
        if scope in scopes[:position]:
            message = Text(
                f"[[{key}]] 重复：同一范围、同一生效日已写过一条",
                f"[[{key}]] is written twice for the same scope and first day",
            )
            walk.add(key, message, position=position)
