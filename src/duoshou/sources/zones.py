"""Local times to UTC and back: plain arithmetic where a zone has settled, the engine's calendar where it has not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from duoshou.model import Text
from duoshou.sources.errors import SourceError

_LOOK_BACK = datetime(1980, 1, 1, tzinfo=UTC)
_LOOK_AHEAD = datetime(2050, 1, 1, tzinfo=UTC)
_STEP = timedelta(days=6)


def zone(name: str) -> ZoneInfo:
    """Return the IANA zone `name`; an unknown one is a `SourceError`."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise SourceError(
            "unknown_timezone",
            Text(f"没有名为 {name} 的时区", f"there is no time zone named {name}"),
            hint=Text("请写 IANA 名称，如 Asia/Shanghai", "write an IANA name such as Asia/Shanghai"),
        ) from None


def to_utc_sql(local: str, timezone: str) -> str:
    """Return SQL for the naive UTC timestamp of the naive local timestamp `local`.

    A time that a change of offset repeats is taken as the later one, after the change; one that it skips, as if the
    clock had not yet been changed.
    """
    calendar = f"timezone('UTC', timezone('{timezone}', {local}))"
    return _settled_or(calendar, local, timezone, sign="-")


def to_local_sql(utc: str, timezone: str) -> str:
    """Return SQL for the naive local timestamp of the naive UTC timestamp `utc`."""
    calendar = f"timezone('{timezone}', timezone('UTC', {utc}))"
    return _settled_or(calendar, utc, timezone, sign="+")


def to_utc(local: datetime, timezone: str) -> datetime:
    """Return the naive UTC instant of a naive local time."""
    return local.replace(tzinfo=zone(timezone), fold=1).astimezone(UTC).replace(tzinfo=None)


def to_local(utc: datetime, timezone: str) -> datetime:
    """Return the naive local time of a naive UTC instant."""
    return utc.replace(tzinfo=UTC).astimezone(zone(timezone)).replace(tzinfo=None)


def _settled_or(calendar: str, time: str, timezone: str, *, sign: str) -> str:
    """Return SQL that shifts by the zone's settled offset, and asks the calendar for times before it had one."""
    since, offset = _settled(timezone)
    if since is None:
        return calendar
    arithmetic = f"{time} {sign} to_seconds({int(offset.total_seconds())})"
    if since <= _LOOK_BACK:
        return f"({arithmetic})"
    # A day of slack: the comparison may then be made in local time or in UTC.
    return f"(CASE WHEN {time} >= DATE '{(since + timedelta(days=1)).date()}' THEN {arithmetic} ELSE {calendar} END)"


@lru_cache(maxsize=64)
def _settled(timezone: str) -> tuple[datetime | None, timedelta]:
    """Return since when the zone has had the offset that it keeps, and that offset; None for one that still changes."""
    info = zone(timezone)
    offset, moment = _offset(info, _LOOK_AHEAD), _LOOK_AHEAD
    while moment > _LOOK_BACK and _offset(info, moment - _STEP) == offset:
        moment -= _STEP
    return (moment if moment.year < 2040 else None), offset


def _offset(info: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(info).utcoffset() or timedelta()
