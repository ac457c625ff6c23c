"""The state of a workspace through the services: opened once, examined, backed up."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.state.conftest import Place, day, finding, place, rows

from duoshou.app import Workbench, open_workbench
from duoshou.app.backup import BackupError, restore
from duoshou.app.health import Check
from duoshou.settings import Settings
from duoshou.state import State, StateUnusable, audit_log, record_day
from duoshou.state.database import open_file

__all__ = ["place"]


@pytest.fixture
def shop(place: Place) -> Workbench:
    """A workspace on each database."""
    return open_workbench(place.workspace.directory)


def check(workbench: Workbench) -> Check:
    """Return what the doctor says of the state."""
    return next(one for one in workbench.doctor() if one.key == "state")


def test_the_state_is_opened_when_it_is_asked_for(shop: Workbench) -> None:
    """One state for all questions; closed, it opens again."""
    first = shop.state
    assert isinstance(first, State)
    assert shop.state is first
    record_day(first, "main", day(0), [finding()])
    shop.close()
    with shop:
        assert shop.state is not first
        assert len(audit_log(shop.state)) == 3


def test_the_doctor_looks_at_the_state(shop: Workbench) -> None:
    """Not there yet, in order with its numbers, out of reach: each in both languages, and nothing is made."""
    assert check(shop).passed
    assert not shop.workspace.state.exists()
    record_day(shop.state, "main", day(0), [finding()])
    seen = check(shop)
    assert (seen.passed, "1 findings, 3 audit" in seen.message.en, "3 条审计" in seen.message.zh) == (True, True, True)
    shop.close()
    shop.settings = replace_url(shop, "postgresql://u:s3cret@127.0.0.1:1/shop")
    lost = check(shop)
    assert (lost.passed, "s3cret" in str(lost)) == (False, False)


def replace_url(workbench: Workbench, url: str) -> Settings:
    """Return the settings with another address."""
    from msgspec.structs import replace as changed

    settings = workbench.settings
    return changed(settings, state=changed(settings.state, url=url))


def test_a_backup_holds_the_state_of_its_moment(shop: Workbench, tmp_path: Path) -> None:
    """What is committed goes in, from the log of SQLite and from PostgreSQL; what is half written does not."""
    record_day(shop.state, "main", day(0), [finding()])
    before, log = rows(shop.state), audit_log(shop.state)
    with shop.state.writing("u", "main") as session:
        from duoshou.state.models import DayRun

        session.add(DayRun(shop="main", day=day(9), declared_over=[], unjudged=[]))
        session.flush()
        shop.back_up(tmp_path / "backup.zip")
        session.rollback()
    restored = restore(tmp_path / "backup.zip", tmp_path / "again")
    assert not [path.name for path in restored.directory.glob("state.sqlite-*")]
    with open_file(restored.directory / "state.sqlite") as state:
        assert (rows(state), audit_log(state)) == (before, log)


def test_a_backup_without_its_state_is_none(shop: Workbench, tmp_path: Path) -> None:
    """Where the database is out of reach or damaged, no backup is written that would lack it."""
    shop.workspace.state.write_bytes(b"damaged" * 1000)
    if shop.settings.state.url:
        shop.settings = replace_url(shop, "postgresql://127.0.0.1:1/shop")
    with pytest.raises((StateUnusable, BackupError)):
        shop.back_up(tmp_path / "backup.zip")
    assert list(tmp_path.glob("*backup*")) == []
