"""Local times and UTC against Python's zoneinfo."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duoshou.sources import SourceError
from duoshou.sources.zones import to_local_sql, to_utc, to_utc_sql

ZONES = ["Asia/Shanghai", "Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"]
MOMENTS = st.datetimes(min_value=datetime(1985, 1, 1), max_value=datetime(2049, 1, 1))


def run(sql: str, moment: datetime) -> datetime:
    """Return the SQL's value for one moment."""
    found: datetime = duckdb.execute(f"SELECT {sql} FROM (SELECT $1::TIMESTAMP AS moment)", [moment]).fetchall()[0][0]
    return found


@settings(max_examples=120, deadline=None)
@given(MOMENTS, st.sampled_from(ZONES))
def test_to_utc_as_python(moment: datetime, name: str) -> None:
    """Every local time becomes the UTC instant that zoneinfo gives with fold 1, gaps and overlaps included."""
    moment = moment.replace(microsecond=0)
    assert run(to_utc_sql("moment", name), moment) == to_utc(moment, name)


@settings(max_examples=80, deadline=None)
@given(MOMENTS, st.sampled_from(ZONES))
def test_to_local_as_python(moment: datetime, name: str) -> None:
    """Every UTC instant becomes the local time that zoneinfo gives."""
    moment = moment.replace(microsecond=0)
    expected = moment.replace(tzinfo=UTC).astimezone(ZoneInfo(name)).replace(tzinfo=None)
    assert run(to_local_sql("moment", name), moment) == expected


@pytest.mark.parametrize(
    ("local", "utc"),
    [
        ("2026-03-29 01:30:00", "2026-03-29 01:30:00"),
        ("2026-10-25 01:30:00", "2026-10-25 01:30:00"),
        ("2026-10-25 02:00:00", "2026-10-25 02:00:00"),
    ],
)
def test_changes_of_clocks_in_london(local: str, utc: str) -> None:
    """A time that spring skips and a time that autumn repeats have one answer each."""
    assert str(run(to_utc_sql("moment", "Europe/London"), datetime.fromisoformat(local))) == utc


def test_unknown_zone() -> None:
    """An unknown zone is named."""
    with pytest.raises(SourceError, match="Asia/Peking"):
        to_utc_sql("moment", "Asia/Peking")
