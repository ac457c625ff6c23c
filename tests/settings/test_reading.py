"""Reading `duoshou.toml`."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duoshou.settings import Settings, SettingsError, Shop, Workspace, load_settings, parse_settings, read_settings


def problems(text: str, **environment: str) -> dict[str, tuple[int | None, str]]:
    """Return line and English message of every problem of `text`, by key."""
    with pytest.raises(SettingsError) as caught:
        parse_settings(text, environment=environment)
    return {problem.key: (problem.line, problem.message.en) for problem in caught.value.problems}


def test_empty_text_gives_the_defaults() -> None:
    """A file without a line is a usable workspace."""
    settings, provenance = parse_settings("", environment={})
    assert settings == Settings()
    assert set(provenance.values()) == {"default"}


def test_values_come_from_file_and_environment() -> None:
    """A variable wins over the file, and each value says where it comes from."""
    settings, provenance = parse_settings(
        '[engine]\nthreads = 2\nmemory_limit = "1GB"\n', environment={"DUOSHOU_ENGINE_THREADS": "8"}
    )
    assert settings.engine.threads == 8
    assert settings.engine.memory_limit == "1GB"
    assert provenance["engine.threads"] == "DUOSHOU_ENGINE_THREADS"
    assert provenance["engine.memory_limit"] == "duoshou.toml"
    assert provenance["timezone"] == "default"


def test_every_problem_is_named_at_once() -> None:
    """Unknown keys with the nearest one and unfit values appear together, each with its line."""
    found = problems(
        'nmae = "x"\n[engine]\nthreads = "many"\nmemorylimit = "1GB"\n'
        '[[shop]]\nkey = "a b"\n[[shop]]\nname = "n"\n[privcy]\n'
    )
    assert found["nmae"] == (1, "there is no setting nmae; did you mean name?")
    assert found["engine.threads"][0] == 3
    assert "engine.memory_limit" in found["engine.memorylimit"][1]
    assert found["shop.key"][0] == 6
    assert found["shop"] == (7, "[[shop]] lacks its key")
    assert "privacy" in found["privcy"][1]


def test_a_setting_in_the_wrong_table_names_the_right_one() -> None:
    """A setting at the wrong place is recognised by its name."""
    assert "did you mean engine.threads?" in problems("threads = 2\n")["threads"][1]


def test_a_bad_variable_is_blamed_on_the_variable() -> None:
    """The message names the variable, not a line of the file."""
    with pytest.raises(SettingsError) as caught:
        parse_settings("", environment={"DUOSHOU_CURRENCY": "yuan"})
    assert "DUOSHOU_CURRENCY" in caught.value.in_language("zh")


@pytest.mark.parametrize("name", ["Mars/Olympus", "Asia", "../etc/passwd", "/etc/passwd", "\0"])
def test_unknown_time_zone(name: str) -> None:
    """A time zone that does not exist is told, however odd it is."""
    escaped = name.replace("\0", "\\u0000")
    assert "timezone" in problems(f'timezone = "{escaped}"\n')


def test_shops_must_differ() -> None:
    """Two shops that answer to one name are refused."""
    assert "shop" in problems('[[shop]]\nkey = "a"\n[[shop]]\nkey = "b"\naliases = ["A"]\n')


def test_spark_needs_its_parquet() -> None:
    """Spark without data to read is refused."""
    assert "engine.parquet" in problems('[engine]\nkind = "spark"\n')["engine.kind"][1]


@pytest.mark.parametrize("text", ["shop = 3\n", "shop = []\n", "engine = 3\n", "[[engine]]\n"])
def test_wrong_shape(text: str) -> None:
    """A value where a table belongs is told."""
    assert problems(text)


def test_syntax_error_names_its_line(tmp_path: Path) -> None:
    """A file that is no TOML is named with the line."""
    (tmp_path / "duoshou.toml").write_text('name = "a"\ncurrency = CNY\n', encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load_settings(Workspace(tmp_path))
    assert caught.value.place.row == 2
    assert caught.value.code == "settings_syntax"


def test_byte_order_mark_is_fine_and_gbk_is_told(tmp_path: Path) -> None:
    """Notepad's UTF-8 with a mark is read; a GBK file gives a clear message."""
    file = tmp_path / "duoshou.toml"
    file.write_bytes('\ufeffname = "小店"\n'.encode())
    assert read_settings(Workspace(tmp_path), {})[0].name == "小店"
    file.write_bytes('name = "小店"\n'.encode("gbk"))
    with pytest.raises(SettingsError, match="UTF-8"):
        read_settings(Workspace(tmp_path), {})


def test_missing_file(tmp_path: Path) -> None:
    """A workspace whose settings vanished gives a message."""
    with pytest.raises(SettingsError) as caught:
        load_settings(Workspace(tmp_path))
    assert caught.value.code == "settings_unreadable"


def test_shops_are_found_by_any_of_their_names() -> None:
    """Key, name and alias lead to the shop; nothing leads to the first one."""
    settings = Settings(shops=(Shop(key="main", name="旗舰店"), Shop(key="two", aliases=("老店",))))
    assert settings.shop(None) is settings.default_shop is settings.shops[0]
    assert settings.shop("旗舰店") is settings.shops[0]
    assert settings.shop(" TWO ") is settings.shop("老店") is settings.shops[1]
    with pytest.raises(SettingsError) as caught:
        settings.shop("three")
    assert caught.value.code == "unknown_shop"


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    """Any text gives settings or a message."""
    with contextlib.suppress(SettingsError):
        parse_settings(text, environment={})
