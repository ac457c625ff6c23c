"""设置 in a shop of its own: the general settings."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.cockpit import HOSTILE, Cockpit, running_cockpit

from duoshou.app import open_workbench
from duoshou.app.editing import version_of
from duoshou.settings import Workspace, load_settings


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cockpit]:
    """A served shop whose settings may change."""
    with running_cockpit(tmp_path_factory.mktemp("settings")) as served:
        yield served


@pytest.fixture
def owner(shop: Cockpit) -> TestClient:
    """The owner's browser."""
    return shop.signed_in()


def file_of(shop: Cockpit) -> Path:
    """Return the settings file."""
    return shop.directory / "duoshou.toml"


def save(shop: Cockpit, client: TestClient, path: str = "/settings", **fields: str) -> int:
    """Send a form as its page would and return the status."""
    known = {"csrf": shop.csrf(client), "version": version_of(file_of(shop))}
    status: int = client.post(path, data={**known, **fields}).status_code
    return status


def test_a_change_keeps_the_file_and_counts_at_once(shop: Cockpit, owner: TestClient) -> None:
    """One line differs, who may read the file stays, and the next page has the new name and colours."""
    file_of(shop).chmod(0o600)
    before = file_of(shop).read_text(encoding="utf-8").splitlines()
    values = {"name": "新商行", "web.rising": "green", "diagnosis.assumed_margin_rate": "27.5"}
    assert save(shop, owner, **values) == 303
    after = file_of(shop).read_text(encoding="utf-8").splitlines()
    assert len(after) == len(before)
    changed = [new for old, new in zip(before, after, strict=True) if old != new]
    assert changed == ['name = "新商行"', "assumed_margin_rate = 0.275", 'rising = "green"']
    assert stat.S_IMODE(file_of(shop).stat().st_mode) == 0o600
    page = owner.get("/today").text
    assert "新商行" in page
    assert 'data-rising="green"' in page
    assert 'value="27.5"' in owner.get("/settings").text


def test_what_is_as_it_was_is_not_written(shop: Cockpit, owner: TestClient) -> None:
    """Sending the form back unchanged touches neither file nor log."""
    before = file_of(shop).stat().st_mtime_ns
    fields = {
        one["key"]: str(one["value"] or "") for one in shop.token("owner").get("/api/v1/settings").json()["settings"]
    }
    fields["diagnosis.assumed_margin_rate"] = "27.5"
    assert save(shop, owner, **fields) == 303
    assert file_of(shop).stat().st_mtime_ns == before


def test_the_log_has_who_before_and_after(shop: Cockpit, owner: TestClient) -> None:
    """An entry for each setting."""
    assert save(shop, owner, **{"diagnosis.horizon_days": "14"}) == 303
    write = shop.token("owner").get("/api/v1/audit?entity=duoshou.toml").json()["writes"][0]
    assert write["actor"] == "店主 (owner)"
    assert (write["action"], write["key"]) == ("update", {"setting": "diagnosis.horizon_days"})
    assert (write["before"], write["after"]) == ({"horizon_days": 28}, {"horizon_days": 14})
    assert "horizon_days: 28 → 14" in owner.get("/settings/log").text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 101),
        ("language", "fr"),
        ("timezone", "Asia/Nowhere"),
        ("currency", "yuan"),
        ("diagnosis.assumed_margin_rate", "100"),
        ("diagnosis.assumed_margin_rate", "nan"),
        ("diagnosis.assumed_margin_rate", "1e999"),
        ("diagnosis.horizon_days", "0"),
        ("diagnosis.horizon_days", "-3"),
        ("diagnosis.horizon_days", "９"),
        ("server.url", "javascript:alert(1)"),
        ("server.daily_at", "25:00"),
        ("web.rising", "blue"),
    ],
)
def test_what_cannot_be_meant_is_refused(shop: Cockpit, owner: TestClient, field: str, value: str) -> None:
    """The file stays, the page says why and keeps what was typed."""
    before = file_of(shop).read_bytes()
    data = {"csrf": shop.csrf(owner), "version": version_of(file_of(shop)), field: value, "reports.title": "留着"}
    answer = owner.post("/settings", data=data)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert 'value="留着"' in answer.text
    assert file_of(shop).read_bytes() == before


def test_a_field_that_is_too_long_is_refused(shop: Cockpit, owner: TestClient) -> None:
    """Before anybody looks at it."""
    assert save(shop, owner, name="x" * 100_000) == 422


def test_hostile_words_are_only_words(shop: Cockpit, owner: TestClient) -> None:
    """They end no string of the file and no element of the page."""
    title = f'{HOSTILE}" \n[state]\nurl = "x"'
    assert save(shop, owner, **{"reports.title": title}) == 303
    assert load_settings(Workspace(shop.directory)).reports.title == title.strip()
    assert "<script>alert" not in owner.get("/settings").text
    assert save(shop, owner, **{"reports.title": ""}) == 303
    assert load_settings(Workspace(shop.directory)).reports.title is None


def test_a_file_that_changed_meanwhile_is_not_overwritten(shop: Cockpit, owner: TestClient) -> None:
    """What somebody wrote with an editor stays; the page shows it and says so."""
    assert save(shop, owner, name="页面里的名字") == 303
    old = version_of(file_of(shop))
    text = file_of(shop).read_text(encoding="utf-8").replace("页面里的名字", "编辑器里的名字")
    file_of(shop).write_text(text, encoding="utf-8")
    answer = owner.post("/settings", data={"csrf": shop.csrf(owner), "version": old, "name": "我的名字"})
    assert answer.status_code == 409
    assert "我的名字" not in answer.text
    assert 'value="编辑器里的名字"' in answer.text
    assert file_of(shop).read_text(encoding="utf-8") == text


def test_of_two_at_once_one_wins(shop: Cockpit) -> None:
    """The other one is told; nothing is lost unseen."""
    version = version_of(file_of(shop))
    clients = [shop.token("owner"), shop.token("operator")]
    with ThreadPoolExecutor(2) as pool:
        answers = pool.map(
            lambda place: clients[place].patch(
                "/api/v1/settings", json={"version": version, "values": {"diagnosis.horizon_days": 40 + place}}
            ),
            range(2),
        )
        statuses = sorted(one.status_code for one in answers)
    assert statuses == [200, 409]


def test_a_variable_of_the_server_wins(shop: Cockpit, owner: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page says so and offers no field; a change is refused."""
    monkeypatch.setenv("DUOSHOU_TIMEZONE", "Asia/Tokyo")
    page = owner.get("/settings").text
    assert "DUOSHOU_TIMEZONE" in page
    assert save(shop, owner, timezone="Europe/Berlin") == 422


def test_a_setting_that_leaves_earlier_imports_says_so(shop: Cockpit, owner: TestClient) -> None:
    """Before and after; what was imported has the days that it had, a rebuild or not."""
    with open_workbench(shop.directory) as bench:
        before = bench.sql("SELECT min(created_at) FROM order_header").to_pylist()
    data = {"csrf": shop.csrf(owner), "version": version_of(file_of(shop)), "timezone": "Asia/Tokyo"}
    answer = owner.post("/settings", data=data)
    assert answer.headers["location"] == "/settings?saved=files"
    page = owner.get(answer.headers["location"]).text
    assert page.count("改后只对以后导入的文件有效") == 2
    assert "已导入的数据不变" in page
    with open_workbench(shop.directory) as bench:
        bench.rebuild()
        assert bench.sql("SELECT min(created_at) FROM order_header").to_pylist() == before
    assert save(shop, owner, timezone="Asia/Shanghai") == 303


@pytest.mark.parametrize("login", ["designer", "service", "viewer", "promotion", "warehouse"])
def test_a_lesser_role_changes_nothing(shop: Cockpit, login: str) -> None:
    """Nor sees it: the way leads to the calendar."""
    client, before = shop.signed_in(login), file_of(shop).read_bytes()
    assert client.get("/settings").headers["location"] == "/settings/calendar"
    assert save(shop, client, name="x") == 403
    assert shop.token(login).get("/api/v1/settings").status_code == 403
    change = {"version": version_of(file_of(shop)), "values": {"name": "x"}}
    assert shop.token(login).patch("/api/v1/settings", json=change).status_code == 403
    assert file_of(shop).read_bytes() == before


def test_a_form_from_elsewhere_changes_nothing(shop: Cockpit, owner: TestClient) -> None:
    """Without the token of the session."""
    assert owner.post("/settings", data={"version": version_of(file_of(shop)), "name": "x"}).status_code == 403


@pytest.mark.parametrize(
    "values",
    [{"state.url": "postgresql://x/y"}, {"name": 3}, {"name": None, "shop": "x"}, {"name": "\u0000" * 200}, {}],
)
def test_the_api_refuses_what_the_page_does_not_offer(shop: Cockpit, values: dict[str, object]) -> None:
    """Other settings, and values of another type."""
    before = file_of(shop).read_bytes()
    change = {"version": version_of(file_of(shop)), "values": values}
    assert shop.token("owner").patch("/api/v1/settings", json=change).status_code == 422
    assert file_of(shop).read_bytes() == before
