"""All that the data show of a shop's changes."""

from __future__ import annotations

from duoshou.analysts.changes.advertising import advertising_changes
from duoshou.analysts.changes.prices import price_changes
from duoshou.analysts.changes.seen import SeenChange
from duoshou.analysts.changes.titles import title_changes
from duoshou.engine import Backend
from duoshou.model import Period

READERS = (price_changes, title_changes, advertising_changes)


def seen_changes(backend: Backend, period: Period, shop: str | None = None) -> tuple[SeenChange, ...]:
    """Return the changes that the data of a period show, in the order of their days.

    Args:
        backend: Open engine.
        period: Days that are read: the former state must show in it too.
        shop: Key of the shop; None: the only one.
    """
    found = [one for reader in READERS for one in reader(backend, period, shop)]
    return tuple(sorted(found, key=lambda one: (one.day, one.kind, one.subjects)))
