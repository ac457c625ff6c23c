"""设置 → 渠道: which traffic sources and advertising scenes make a channel, with what each brought lately."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from duoshou.app.editing import version_of
from duoshou.metrics import MetricError, MetricValue, QueryRow
from duoshou.model import Period, Text, plain
from duoshou.settings import read_settings
from duoshou.settings.channels import UNASSIGNED, Grouping, KnownChannel, Placed, grouping_of

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench

DAYS = 30
TRAFFIC, SCENE = "traffic_source", "scene"
WHAT = {TRAFFIC: Text("流量来源", "traffic source"), SCENE: Text("推广场景", "advertising scene")}
OF_CHANNELS = ("visitors", "pay_amount", "pay_conversion_rate", "ad_cost")
OF_SOURCES = {TRAFFIC: ("visitors", "pay_amount", "pay_conversion_rate"), SCENE: ("ad_cost",)}
Values = Mapping[str, MetricValue]


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A traffic source or a scene, with what it brought.

    Attributes:
        name: Path of a traffic source, or name of a scene.
        dimension: Dimension of which it is a value: `traffic_source` or `scene`.
        platform: Platform that named it.
        placed: Its channel, and by which name it was found.
        values: Metric → value; only those of its dimension.
    """

    name: str
    dimension: str
    platform: str | None
    placed: Placed
    values: Values

    @property
    def what(self) -> Text:
        """What it is."""
        return WHAT[self.dimension]

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        placed: dict[str, Any] = plain(self.placed)
        shape = {"name": self.name, "dimension": self.dimension, "platform": self.platform}
        return {**shape, "placed": placed, "values": _shape(self.values)}


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """A channel, with what it brought.

    Attributes:
        channel: What is known of it.
        values: Metric → value.
        sources: How many of the sources below belong to it.
        idle: Names in the settings by which no source was found.
    """

    channel: KnownChannel
    values: Values
    sources: int
    idle: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        one = self.channel
        return {
            "key": one.key,
            "title": plain(one.title),
            "paid": one.paid,
            "number": one.position,
            "own": list(one.own),
            "shipped": [{"platform": platform or None, "name": name} for platform, name in one.shipped],
            "sources": self.sources,
            "idle": list(self.idle),
            "values": _shape(self.values),
        }


@dataclass(frozen=True, slots=True)
class Channels:
    """The channels of a workspace, over the last days of a shop.

    Attributes:
        version: What the settings file is at present; goes back with each form.
        period: The days of the values.
        grouping: The channels.
        channels: In the order in which they are shown.
        unassigned: What no channel takes, all together.
        sources: What is not assigned first, then by channel; each by what it brought.
    """

    version: str
    period: Period
    grouping: Grouping = field(repr=False)
    channels: tuple[ChannelRow, ...]
    unassigned: Values
    sources: tuple[SourceRow, ...]

    @property
    def loose(self) -> tuple[SourceRow, ...]:
        """The sources that no channel takes and that nobody has set aside."""
        return tuple(one for one in self.sources if one.placed.channel == UNASSIGNED and not one.placed.by)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        return {
            "version": self.version,
            "period": plain(self.period),
            "channels": [one.to_dict() for one in self.channels],
            "unassigned": {"own": list(self.grouping.set_aside), "values": _shape(self.unassigned)},
            "sources": [one.to_dict() for one in self.sources],
        }


def channels(workbench: Workbench, shop: str | None) -> Channels:
    """Return the channels, and every source that the last thirty days of a shop name.

    Raises:
        SettingsError: If the settings file cannot be used as it stands.
    """
    version = version_of(workbench.workspace.settings_file)
    last = workbench.last_complete_day(shop)
    period = Period(last - timedelta(days=DAYS - 1), last)
    grouping = grouping_of(read_settings(workbench.workspace)[0].channels)
    found = [one for dimension in OF_SOURCES for one in _sources(workbench, grouping, dimension, period, shop)]
    order = {UNASSIGNED: -1} | {one.key: place for place, one in enumerate(grouping.channels)}
    found.sort(key=lambda one: (order[one.placed.channel], bool(one.placed.by), *_size(one.values), one.name))
    totals: dict[str | None, dict[str, MetricValue]] = {}
    for metric in OF_CHANNELS:
        for row in _rows(workbench, (metric,), ("channel",), period, shop):
            totals.setdefault(row.dimensions["channel"], {}).update(row.values)
    return Channels(
        version,
        period,
        grouping,
        tuple(_row(one, totals.get(one.key, {}), found) for one in grouping.channels),
        totals.get(UNASSIGNED, {}),
        tuple(found),
    )


def _row(channel: KnownChannel, values: Values, sources: Iterable[SourceRow]) -> ChannelRow:
    own = [one for one in sources if one.placed.channel == channel.key]
    used = {one.placed.name for one in own}
    return ChannelRow(channel, values, len(own), tuple(name for name in channel.own if name not in used))


def _sources(
    workbench: Workbench, grouping: Grouping, dimension: str, period: Period, shop: str | None
) -> list[SourceRow]:
    rows = _rows(workbench, OF_SOURCES[dimension], ("channel", "platform", dimension), period, shop)
    found = []
    for row in rows:
        name, platform = row.dimensions[dimension], row.dimensions["platform"]
        if name and any(one.value is not None for one in row.values.values()):
            found.append(SourceRow(name, dimension, platform, grouping.placed(name, platform), row.values))
    return found


def _rows(
    workbench: Workbench, metrics: Sequence[str], by: Sequence[str], period: Period, shop: str | None
) -> tuple[QueryRow, ...]:
    """Return the rows of an answer; none where the tables cannot answer truly."""
    try:
        return workbench.query(metrics, by=by, period=period, shop=shop).rows
    except MetricError:
        return ()


def _size(values: Values) -> tuple[float, float]:
    """Return what sorts the largest first: by visitors, then by money."""
    visitors, *money = (
        float(one.value or 0) if (one := values.get(key)) else 0.0 for key in ("visitors", "pay_amount", "ad_cost")
    )
    return -visitors, -sum(money)


def _shape(values: Values) -> dict[str, Any]:
    return {key: one.to_dict() for key, one in values.items()}
