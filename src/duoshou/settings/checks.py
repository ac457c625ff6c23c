"""Settings that are well formed and still cannot be meant."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from duoshou.model import Text
from duoshou.settings.errors import SettingProblem
from duoshou.settings.schema import Settings

if TYPE_CHECKING:
    from duoshou.settings.walk import Walk


def semantic_problems(settings: Settings, walk: Walk) -> list[SettingProblem]:
    """Return what is wrong with the meaning of `settings`, placed by `walk`."""
    before = len(walk.problems)
    _check_timezone(settings, walk)
    _check_shops(settings, walk)
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


def _check_shops(settings: Settings, walk: Walk) -> None:
    spellings = Counter(
        spelling.strip().casefold()
        for shop in settings.shops
        for spelling in {shop.key, shop.name, *shop.aliases}
        if spelling.strip()
    )
    for position, shop in enumerate(settings.shops):
        for spelling in dict.fromkeys((shop.key, shop.name, *shop.aliases)):
            if spellings[spelling.strip().casefold()] > 1:
                message = Text(f"店铺名“{spelling}”出现了两次", f"the shop name {spelling!r} is used twice")
                walk.add("shop", message, position=position)
