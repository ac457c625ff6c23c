"""设置 → 日历 in a shop of its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.cockpit import HOSTILE, Cockpit, running_cockpit
from tests.web.test_settings import file_of, save

from duoshou.app.editing import version_of
from duoshou.settings import Workspace, load_settings
from duoshou.settings.calendar import Calendar, load_calendar

PLACE = "/settings/calendar"
SOON = (datetime.now(UTC) + timedelta(days=20)).date()


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cockpit]:
    """A served shop whose calendar may change."""
    with running_cockpit(tmp_path_factory.mktemp("calendar")) as served:
        yield served


@pytest.fixture
def owner(shop: Cockpit) -> TestClient:
    """The owner's browser, before a shop without days of its own."""
    calendar_file(shop).unlink(missing_ok=True)
    return shop.signed_in()


def calendar_file(shop: Cockpit) -> Path:
    """Return the file of the shop's own days."""
    return shop.directory / "calendar.toml"


def calendar(shop: Cockpit) -> Calendar:
    """Return the calendar as the next command would read it."""
    workspace = Workspace(shop.directory)
    return load_calendar(load_settings(workspace), workspace)


def send(shop: Cockpit, client: TestClient, path: str, **fields: str) -> int:
    """Send a form about the shop's own days."""
    return save(shop, client, f"{PLACE}/{path}", version=version_of(calendar_file(shop)), **fields)


def names(shop: Cockpit, day: date) -> list[str]:
    """Return the names of the festivals of a day."""
    return [one.name.zh for one in calendar(shop).day(day).festivals]


def test_everybody_sees_what_comes(shop: Cockpit, owner: TestClient) -> None:
    """The next half year has a New Year's Day or a National Day, as the calendar knows."""
    infos = calendar(shop).days(SOON, SOON + timedelta(days=120))
    expected = {one.name.zh for info in infos for one in info.festivals}
    assert expected
    page = shop.signed_in("viewer").get(PLACE).text
    assert [name for name in expected if name not in page] == []
    assert "<form class" not in page.partition("<main")[2]
    assert owner.get(PLACE).status_code == 200


def test_a_day_of_our_own_counts_at_once(shop: Cockpit, owner: TestClient) -> None:
    """Once, and each year; the page that was open before sees it, too."""
    last = SOON + timedelta(days=2)
    once = {"name": "会员日", "first": SOON.isoformat(), "last": last.isoformat()}
    assert send(shop, owner, "days", **once) == 303
    assert send(shop, owner, "days", name="店庆", name_en="Anniversary", first=SOON.isoformat(), yearly="yes") == 303
    assert set(names(shop, SOON)) >= {"会员日", "店庆"}
    assert "会员日" in names(shop, last)
    assert "会员日" not in names(shop, SOON.replace(year=SOON.year - 1))
    if (SOON.month, SOON.day) != (2, 29):
        assert "店庆" in names(shop, SOON.replace(year=SOON.year - 1))
    page = owner.get(PLACE).text
    assert page.count("会员日") >= 2
    assert "Anniversary" in owner.get(f"{PLACE}?lang=en").text
    write = shop.token("owner").get("/api/v1/audit?entity=calendar.toml").json()["writes"][0]
    assert (write["action"], write["after"]["name"]["zh"]) == ("insert", "店庆")


def test_a_day_is_taken_away_with_its_dates(shop: Cockpit, owner: TestClient) -> None:
    """Another one, and what a person wrote beside it, stay."""
    calendar_file(shop).write_text("# by hand\n", encoding="utf-8")
    assert send(shop, owner, "days", name="甲", first=SOON.isoformat()) == 303
    assert send(shop, owner, "days", name="乙", first=SOON.isoformat()) == 303
    keys = [one["key"] for one in shop.token("owner").get("/api/v1/settings/calendar").json()["own"]]
    assert len(set(keys)) == 2
    assert send(shop, owner, f"days/{keys[0]}/remove") == 303
    assert [name for name in names(shop, SOON) if name in {"甲", "乙"}] == ["乙"]
    assert calendar_file(shop).read_text(encoding="utf-8").startswith("# by hand\n")
    assert f'"{keys[0]}"' not in calendar_file(shop).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "", "first": "2026-12-01"},
        {"name": "x", "first": ""},
        {"name": "x", "first": "2026-02-30"},
        {"name": "x", "first": "2026-12-05", "last": "2026-12-01"},
        {"name": "x", "first": "2026-12-05", "last": "2029-12-01"},
        {"name": "x", "first": "0001-01-01"},
        {"name": "x", "first": "9999-12-31"},
    ],
)
def test_what_is_no_day_is_refused(shop: Cockpit, owner: TestClient, fields: dict[str, str]) -> None:
    """No file is made."""
    assert send(shop, owner, "days", **fields) == 422
    assert not calendar_file(shop).exists()


def test_hostile_names_are_only_words(shop: Cockpit, owner: TestClient) -> None:
    """In the file and on the page."""
    assert send(shop, owner, "days", name=HOSTILE, first=SOON.isoformat()) == 303
    assert HOSTILE in names(shop, SOON)
    assert "<script>alert" not in owner.get(PLACE).text


def test_a_file_that_changed_meanwhile_is_not_overwritten(shop: Cockpit, owner: TestClient) -> None:
    """Also one that was made meanwhile."""
    calendar_file(shop).write_text("# by hand\n", encoding="utf-8")
    assert save(shop, owner, f"{PLACE}/days", version="", name="x", first=SOON.isoformat()) == 409
    assert calendar_file(shop).read_text(encoding="utf-8") == "# by hand\n"


def test_countries_are_said_in_order(shop: Cockpit, owner: TestClient) -> None:
    """As people type them; one that is none is refused; empty is by currency again."""
    assert save(shop, owner, f"{PLACE}/countries", countries="us， cn") == 303
    assert load_settings(Workspace(shop.directory)).calendar.countries == ("US", "CN")
    before = file_of(shop).read_bytes()
    for wrong in ("ZZ", "USA", HOSTILE):
        assert save(shop, owner, f"{PLACE}/countries", countries=wrong) == 422
    assert file_of(shop).read_bytes() == before
    assert save(shop, owner, f"{PLACE}/countries", countries="") == 303
    assert shop.token("viewer").get("/api/v1/settings/calendar").json()["used"] == ["CN"]


def test_a_viewer_changes_nothing(shop: Cockpit, owner: TestClient) -> None:
    """Neither days nor countries."""
    client, token = shop.signed_in("viewer"), shop.token("viewer")
    assert send(shop, client, "days", name="x", first=SOON.isoformat()) == 403
    assert send(shop, client, "days/x/remove") == 403
    assert save(shop, client, f"{PLACE}/countries", countries="US") == 403
    place = "/api/v1/settings/calendar"
    assert token.post(f"{place}/days", json={"version": "", "name": "x", "first": "2026-12-01"}).status_code == 403
    assert token.put(f"{place}/countries", json={"version": "", "countries": []}).status_code == 403
    assert token.delete(f"{place}/days/x?version=").status_code == 403
    assert owner.get(PLACE).status_code == 200


def test_the_calendar_by_the_api(shop: Cockpit, owner: TestClient) -> None:
    """A day is added and taken away; one that is not there is told."""
    assert owner.get(PLACE).status_code == 200
    client, place = shop.token("owner"), "/api/v1/settings/calendar"
    shape = client.get(place).json()
    day = {"version": shape["calendar_version"], "name": "店庆", "first": SOON.isoformat()}
    added = client.post(f"{place}/days", json=day)
    assert added.status_code == 201
    own = added.json()
    assert own["own"][0]["name"] == {"zh": "店庆", "en": "店庆"}
    key, version = own["own"][0]["key"], own["calendar_version"]
    assert client.delete(f"{place}/days/{key}?version=old").status_code == 409
    assert client.delete(f"{place}/days/other?version={version}").json()["error"]["code"] == "no_such_day"
    assert client.delete(f"{place}/days/{key}?version={version}").json()["own"] == []
    countries = {"version": own["version"], "countries": ["CN", "US"]}
    assert client.put(f"{place}/countries", json=countries).json()["used"] == ["CN", "US"]
