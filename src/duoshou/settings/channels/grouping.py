"""Which channel a traffic source belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from duoshou.model import Text
from duoshou.settings.channels.names import folded, is_path, is_pattern, names_in, pattern_of
from duoshou.settings.channels.shipped import shipped_channels

if TYPE_CHECKING:
    from duoshou.settings.schema import Channel

UNASSIGNED = "unassigned"
"""The channel of sources that no channel takes; a shop may put sources there that a shipped channel would take."""
UNASSIGNED_TITLE = Text("未归类", "Not assigned")
ASSIGNED_BY_SHOP = "shop"
ANY_PLATFORM = ""


@dataclass(frozen=True, slots=True)
class KnownChannel:
    """A channel with all that is known of it.

    Attributes:
        key: Its key: the value of the dimension `channel`.
        title: Its name; the shop's where it gives one.
        paid: Whether its visits are paid for; None: nobody said.
        own: Names of sources that the shop's settings give it.
        shipped: Platform (empty: any) and name of the sources that the product gives it.
        position: Which `[[channel]]` of the settings it is, from 0; None: only the product knows it.
    """

    key: str
    title: Text
    paid: bool | None
    own: tuple[str, ...] = ()
    shipped: tuple[tuple[str, str], ...] = ()
    position: int | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a source belongs.

    Attributes:
        channel: Key of its channel, `unassigned` where none takes it.
        name: The name in the settings or in the product's data by which it was found; empty where none was.
        by: `shop`, `product`, or empty where none took it.
        exactly: Whether that name is the source's own name or path, not a pattern and not a source above it.
    """

    channel: str
    name: str = ""
    by: str = ""
    exactly: bool = False


NOWHERE = Placed(UNASSIGNED)


@dataclass(frozen=True, slots=True)
class Grouping:
    """All channels, the shop's own ones included.

    Attributes:
        channels: In the order in which they are shown; that of what is not assigned is not among them.
        set_aside: Names of sources that the shop leaves unassigned though a shipped channel would take them.
        aside_position: Which `[[channel]]` of the settings says so; None: none.
    """

    channels: tuple[KnownChannel, ...]
    set_aside: tuple[str, ...] = ()
    aside_position: int | None = None

    def placed(self, path: str, platform: str | None) -> Placed:
        """Return where a source belongs.

        What the shop says goes before what the product brings. Of either, the path goes before the source's own name,
        that before the names above it, and a name before one with `*`.

        Args:
            path: Names from the root to the source, joined by " > "; a scene of an ad account is a path of one name.
            platform: Platform that named it; None: unknown.
        """
        own, shipped = _books(self)
        names = names_in(path)
        for book, by in ((own, ASSIGNED_BY_SHOP), (shipped, "product")):
            for place, name in enumerate(names):
                found = book.find(folded(name), platform or ANY_PLATFORM)
                if found is not None:
                    key, written = found
                    return Placed(key, written, by, place < 2 and not is_pattern(written))
        return NOWHERE

    def title(self, key: str) -> Text | None:
        """Return the name of a channel; None where there is none of that key."""
        if key == UNASSIGNED:
            return UNASSIGNED_TITLE
        return next((one.title for one in self.channels if one.key == key), None)

    def key_of(self, name: str) -> str:
        """Return the key of the channel that is called so in either language; `name` itself where none is."""
        wanted = folded(name)
        titles = [(one.key, one.title) for one in self.channels] + [(UNASSIGNED, UNASSIGNED_TITLE)]
        if any(key == name for key, _ in titles):
            return name
        return next((key for key, title in titles if wanted in {folded(title.zh), folded(title.en)}), name)


@dataclass(frozen=True, slots=True)
class _Fit:
    """A name with `*`; `whole` where it is written as a path and compared with paths."""

    platform: str
    pattern: re.Pattern[str]
    whole: bool
    channel: str
    written: str


@dataclass(frozen=True, slots=True)
class _Book:
    """Names of sources by platform, exact ones and patterns, each with its channel."""

    exact: Mapping[tuple[str, str], tuple[str, str]]
    patterns: Sequence[_Fit]

    def find(self, name: str, platform: str) -> tuple[str, str] | None:
        """Return channel and written name of the first that fits a folded name; the platform's own go first."""
        for one in dict.fromkeys((platform, ANY_PLATFORM)):
            if found := self.exact.get((one, name)):
                return found
        whole = is_path(name)
        fitting = (
            (one.channel, one.written)
            for one in self.patterns
            if one.platform in {platform, ANY_PLATFORM} and one.whole == whole and one.pattern.fullmatch(name)
        )
        return next(fitting, None)


@cache
def _books(grouping: Grouping) -> tuple[_Book, _Book]:
    own = [(ANY_PLATFORM, name, one.key) for one in grouping.channels for name in one.own]
    own += [(ANY_PLATFORM, name, UNASSIGNED) for name in grouping.set_aside]
    return _book(own), _book((of, name, one.key) for one in grouping.channels for of, name in one.shipped)


def _book(named: Iterable[tuple[str, str, str]]) -> _Book:
    exact: dict[tuple[str, str], tuple[str, str]] = {}
    patterns = []
    for platform, name, key in named:
        if is_pattern(name):
            patterns.append(_Fit(platform, pattern_of(name), is_path(name), key, name))
        else:
            exact.setdefault((platform, folded(name)), (key, name))
    return _Book(exact, patterns)


@cache
def grouping_of(own: tuple[Channel, ...] = ()) -> Grouping:
    """Return the shipped channels with those of a shop's settings: of one key they are one channel.

    Args:
        own: What `[[channel]]` of the settings says, in the order of the file; channels of the shop's own come last.
    """
    said = {one.key: (place, one) for place, one in enumerate(own)}
    known = []
    for shipped in shipped_channels():
        place, one = said.get(shipped.key, (None, None))
        title = Text(one.name, one.name) if one is not None and one.name else shipped.title
        paid = shipped.paid if one is None or one.paid is None else one.paid
        known.append(KnownChannel(shipped.key, title, paid, one.sources if one else (), shipped.sources, place))
    taken = {one.key for one in known}
    for place, one in enumerate(own):
        if one.key not in taken and one.key != UNASSIGNED:
            known.append(KnownChannel(one.key, Text(one.title, one.title), one.paid, one.sources, (), place))
    aside_place, aside = said.get(UNASSIGNED, (None, None))
    return Grouping(tuple(known), aside.sources if aside else (), aside_place)
