"""Channels as an operator means them: groups of the platforms' traffic sources, shipped as data and a shop's own."""

from duoshou.settings.channels.grouping import (
    ASSIGNED_BY_SHOP,
    UNASSIGNED,
    UNASSIGNED_TITLE,
    Grouping,
    KnownChannel,
    Placed,
    grouping_of,
)
from duoshou.settings.channels.names import JOINT, folded
from duoshou.settings.channels.shipped import ShippedChannel, shipped_channels

__all__ = [
    "ASSIGNED_BY_SHOP",
    "JOINT",
    "UNASSIGNED",
    "UNASSIGNED_TITLE",
    "Grouping",
    "KnownChannel",
    "Placed",
    "ShippedChannel",
    "folded",
    "grouping_of",
    "shipped_channels",
]
