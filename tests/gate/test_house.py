"""What a server keeps open follows the settings of the workspace."""

from __future__ import annotations

from pathlib import Path

from duoshou.gate import House
from duoshou.settings import Settings, Shop, Workspace


def test_an_answer_by_former_settings_is_told_to_nobody_afterwards(tmp_path: Path) -> None:
    """A request that began before the settings changed may end after it; what it remembers is not for later ones."""
    place = Workspace.create(tmp_path / "shop", Settings(name="before", shops=(Shop(key="main", name="主店"),)))
    house = House(place.directory, 2)
    try:
        with house.bench() as slow:
            text = place.settings_file.read_text(encoding="utf-8")
            place.settings_file.write_text(text.replace('"before"', '"afterwards"'), encoding="utf-8")
            assert house.settings.name == "afterwards"
            assert slow.remembered("name", lambda: slow.settings.name) == "before"
        for _ in range(3):
            with house.bench() as bench:
                assert bench.settings.name == "afterwards"
                assert bench.remembered("name", lambda: bench.settings.name) == "afterwards"
    finally:
        house.close()


def test_settings_that_cannot_be_read_leave_those_before_in_force(tmp_path: Path) -> None:
    """While somebody is typing, pages go on; mended, the new ones hold."""
    place = Workspace.create(tmp_path / "shop", Settings(name="before", shops=(Shop(key="main", name="主店"),)))
    house = House(place.directory, 1)
    try:
        text = place.settings_file.read_text(encoding="utf-8")
        place.settings_file.write_text(text + "\n[[[", encoding="utf-8")
        with house.bench() as bench:
            assert bench.settings.name == "before"
        place.settings_file.write_text(text.replace('"before"', '"afterwards"'), encoding="utf-8")
        with house.bench() as bench:
            assert bench.settings.name == "afterwards"
    finally:
        house.close()
