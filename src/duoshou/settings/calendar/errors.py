"""What can be wrong with the calendar of a shop."""

from __future__ import annotations

from duoshou.settings.errors import SettingsError


class CalendarError(SettingsError):
    """A festival or a country that cannot be meant."""
