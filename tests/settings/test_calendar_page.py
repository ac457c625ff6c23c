"""The page that explains how to add a festival is true."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import msgspec
import pytest

from duoshou.model import Period
from duoshou.settings import Settings, Workspace
from duoshou.settings.calendar import Calendar, Phase, load_calendar
from duoshou.settings.calendar.festival import Festival, Rule

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "add-a-festival.md"


@pytest.fixture
def followed(tmp_path: Path) -> Calendar:
    """Return the calendar of a shop that followed the page."""
    example = re.findall(r"^```toml\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)[0]
    workspace = Workspace.create(tmp_path / "shop")
    (workspace.directory / "calendar.toml").write_text(example, encoding="utf-8")
    return load_calendar(Settings(), workspace)


def test_the_example_of_the_page_aligns_the_anniversary(followed: Calendar) -> None:
    """8 August 2026 faces 15 August 2025, as the page says, in its own words."""
    assert followed.day(date(2026, 8, 5)).festivals[0].name.zh == "店庆"
    alignment = followed.align(Period(date(2026, 8, 5), date(2026, 8, 9)))
    assert alignment.others == tuple(Period(date(2025, 8, 12), date(2025, 8, 16)))
    assert all("店庆" in note.zh and "Anniversary" in note.en for note in alignment.notes())


def test_the_dates_of_the_page_are_no_estimate(followed: Calendar) -> None:
    """618 of 2027 has the announced phases; that of 2028 is still estimated."""
    found = {one.key: one for one in followed.day(date(2027, 5, 21)).festivals}
    assert (found["festival_618"].phase, found["festival_618"].estimated) == (Phase.PEAK, False)
    assert followed.day(date(2028, 6, 18)).festivals[0].estimated


def test_the_page_names_every_phase_and_key() -> None:
    """Nothing that can be written is left out of the page."""
    text = PAGE.read_text(encoding="utf-8")
    keys = {field.name for field in msgspec.structs.fields(Festival)} - {"key", "name"}
    for name in (*Phase, *keys):
        assert re.search(rf"`{name}\b", text), name
    for field in msgspec.structs.fields(Rule):
        assert re.search(rf"\b{field.name}\b", text), field.name
