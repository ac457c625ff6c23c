"""Which database, and what people may see of its address."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from duoshou.settings import Settings, SettingsError, Workspace, load_settings, parse_settings
from duoshou.settings.schema import StateSettings
from duoshou.state import StateUnusable, examine, open_state
from duoshou.state.address import address, shown

SECRET = "s3cr%40t"
PLAIN = "s3cr@t"


def settings(url: str) -> Settings:
    """Return settings with an address."""
    return Settings(state=StateSettings(url=url))


def test_without_an_address_it_lies_in_the_workspace(tmp_path: Path) -> None:
    """The default is a file beside the warehouse, in a folder of any name."""
    workspace = Workspace(tmp_path / "店 50%?#")
    url = address(workspace, Settings())
    assert (url.get_backend_name(), url.database, shown(url)) == ("sqlite", str(workspace.state), str(workspace.state))


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_spelling_of_postgresql_means_the_same_driver(tmp_path: Path, scheme: str) -> None:
    """What other programs call the address is understood, and it is shown without user and password."""
    url = address(Workspace(tmp_path), settings(f"{scheme}://u:{SECRET}@db.example:5433/shop?sslmode=require"))
    assert (url.drivername, url.password) == ("postgresql+psycopg", PLAIN)
    assert shown(url) == "postgresql://db.example:5433/shop"


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql+psycopg2://u:{SECRET}@h/d",
        f"mysql://u:{SECRET}@h/d",
        f"postgresql://u:{SECRET}@h",
        f"postgresql://u:{SECRET}@h/",
        f"postgresql://u:{SECRET}@h:port/d",
        f"u:{SECRET}@h/d",
        f"postgresql://u:{SECRET}@h/d e",
        f" postgresql://u:{SECRET}@h/d",
        f"sqlite:///{SECRET}",
        "0",
    ],
)
def test_a_wrong_address_is_refused_without_being_shown(tmp_path: Path, url: str) -> None:
    """Neither the settings nor the state tell it: it may hold a password."""
    with pytest.raises((SettingsError, StateUnusable)) as refused:
        open_state(Workspace(tmp_path), parse_settings(f'[state]\nurl = "{url}"\n', environment={})[0])
    told = [str(refused.value), refused.value.in_language("zh"), str(refused.value.to_dict("en"))]
    assert all("state" in text and "s3cr" not in text for text in told)


@pytest.mark.parametrize("value", [f'["postgresql://u:{SECRET}@h/d"]', f'{{ a = "{SECRET}" }}'])
def test_a_value_of_the_wrong_type_is_not_shown_either(value: str) -> None:
    """A list or a table in place of the address is refused without quoting it."""
    with pytest.raises(SettingsError) as refused:
        parse_settings(f"[state]\nurl = {value}\n", environment={})
    assert "s3cr" not in str(refused.value)
    with pytest.raises(SettingsError) as refused:
        parse_settings("", environment={"DUOSHOU_STATE_URL": f"mysql://u:{SECRET}@h/d"})
    assert "s3cr" not in str(refused.value)
    assert "DUOSHOU_STATE_URL" in str(refused.value)


def test_the_settings_do_not_tell_it_when_printed() -> None:
    """Neither a settings object nor one that holds it shows the address."""
    assert "s3cr" not in repr(settings(f"postgresql://u:{SECRET}@h/d"))


@pytest.mark.postgresql
def test_a_server_that_does_not_answer_is_named_without_password(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """No server, or an unknown option: the message names host and database, not who logs in with what."""
    caplog.set_level(logging.DEBUG)
    workspace = Workspace.create(tmp_path / "shop")
    for rest in (f"@/shop?host={tmp_path}", "@127.0.0.1:1/shop", "@127.0.0.1:1/shop?nonsense=1"):
        for look in (open_state, examine):
            with pytest.raises(StateUnusable) as refused:
                look(workspace, settings(f"postgresql://u:{SECRET}{rest}"))
            assert "shop" in str(refused.value.place.file)
            assert "s3cr" not in str(refused.value) + str(refused.value.to_dict())
    assert "s3cr" not in caplog.text


@pytest.mark.postgresql
def test_a_role_that_may_not_make_tables_is_told(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Since PostgreSQL 15 a new role may not; the message says that rights are missing."""
    import psycopg

    server = request.getfixturevalue("postgresql_server")
    url = server.new_database()
    name = url.partition("@/")[2].partition("?")[0]
    with psycopg.connect(host=str(server.folder), user="duoshou", dbname=name, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS guest")
        connection.execute("CREATE ROLE guest LOGIN")
    workspace = Workspace.create(tmp_path / "shop")
    with pytest.raises(StateUnusable, match="permission denied"):
        open_state(workspace, settings(url.replace("duoshou@", "guest@")))


def test_the_settings_file_keeps_the_address(tmp_path: Path) -> None:
    """What `init` writes is read back."""
    given = settings("postgresql+psycopg://u@h/d")
    assert load_settings(Workspace.create(tmp_path / "shop", given)) == given
