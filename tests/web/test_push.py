"""设置 → 推送 in a shop of its own, with a robot on the loopback."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient
from tests.cockpit import HOSTILE, Cockpit, running_cockpit
from tests.reports.push.robot import Robot, running_robot
from tests.web.test_settings import file_of, save

from duoshou.app.editing import version_of
from duoshou.settings import PushTarget, Workspace, load_settings

PLACE = "/settings/push"
TOKEN = "a-token-that-nobody-may-see"
SECRET = "SEC-that-nobody-may-see"
DINGTALK = f"https://oapi.dingtalk.com/robot/send?access_token={TOKEN}"
GROUP = {"kind": "dingtalk", "name": "运营群", "url": DINGTALK, "secret": SECRET, "what.digest": "yes"}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cockpit]:
    """A served shop whose targets may change."""
    with running_cockpit(tmp_path_factory.mktemp("push")) as served:
        yield served


@pytest.fixture
def owner(shop: Cockpit) -> TestClient:
    """The owner's browser, before a file without targets."""
    text = file_of(shop).read_text(encoding="utf-8")
    file_of(shop).write_text(text.partition("\n[[push]]")[0] + "\n", encoding="utf-8")
    return shop.signed_in()


def said(shop: Cockpit) -> tuple[PushTarget, ...]:
    """Return the targets of the file."""
    return load_settings(Workspace(shop.directory)).push


def told(shop: Cockpit, client: TestClient) -> str:
    """Return everything that pages and API tell of the targets and of their changes."""
    places = (PLACE, f"{PLACE}/0", "/settings/log", "/api/v1/settings/push", "/api/v1/audit")
    return "".join(client.get(place).text for place in places)


def test_address_and_secret_are_kept_and_never_told(shop: Cockpit, owner: TestClient) -> None:
    """Neither by a page nor by the API nor by the log; left empty they stay as they are."""
    assert save(shop, owner, PLACE, **GROUP) == 303
    (push,) = said(shop)
    assert (push.url, push.secret, push.what) == (DINGTALK, SECRET, ("digest",))
    change = {"kind": "dingtalk", "name": "群二", "what.urgent": "yes", "at": "09:05", "language": "en"}
    assert save(shop, owner, f"{PLACE}/0", **change) == 303
    (push,) = said(shop)
    assert (push.name, push.url, push.secret, push.at, push.language) == ("群二", DINGTALK, SECRET, "09:05", "en")
    everything = told(shop, owner)
    assert "oapi.dingtalk.com" in everything
    assert TOKEN not in everything
    assert SECRET not in everything
    assert save(shop, owner, f"{PLACE}/0", **change, no_secret="yes") == 303
    assert said(shop)[0].secret == ""


def test_a_variable_takes_the_place_of_what_the_file_said(shop: Cockpit, owner: TestClient) -> None:
    """The address leaves the file; that the variable is not set here is told, and no reason to refuse."""
    assert save(shop, owner, PLACE, **GROUP) == 303
    fields = {"kind": "dingtalk", "name": "运营群", "what.digest": "yes", "url_env": "NO_SUCH_ROBOT"}
    assert save(shop, owner, f"{PLACE}/0", **fields) == 303
    assert TOKEN not in file_of(shop).read_text(encoding="utf-8")
    assert "NO_SUCH_ROBOT" in owner.get(PLACE).text


@pytest.mark.parametrize(
    "fields",
    [
        {"url": "https://evil.example/robot/send?access_token=x"},
        {"url": "http://oapi.dingtalk.com/robot/send?access_token=x"},
        {"url": "https://oapi.dingtalk.com.evil.example/robot/send"},
        {"url": "https://user:pass@oapi.dingtalk.com/robot/send"},
        {"url": "javascript:alert(1)"},
        {"url": "http://127.0.0.1:1/robot/send"},
        {"url": ""},
        {"kind": "webhook"},
        {"kind": "telegram"},
        {"name": ""},
        {"what.digest": ""},
        {"at": "25:00"},
        {"language": "fr"},
        {"url_env": "not a name"},
    ],
)
def test_what_may_not_be_a_target_is_refused(shop: Cockpit, owner: TestClient, fields: dict[str, str]) -> None:
    """The file stays, the page says why, and shows neither address nor secret again."""
    before = file_of(shop).read_bytes()
    data = {"csrf": shop.csrf(owner), "version": version_of(file_of(shop)), **GROUP, **fields}
    answer = owner.post(PLACE, data=data)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert TOKEN not in answer.text
    assert SECRET not in answer.text
    assert file_of(shop).read_bytes() == before


def test_the_page_cannot_allow_other_hosts(shop: Cockpit, owner: TestClient) -> None:
    """Neither as a field of a form nor by the API."""
    before = file_of(shop).read_bytes()
    assert save(shop, owner, "/settings", push_hosts="evil.example") == 303
    change = {"version": version_of(file_of(shop)), "values": {"push_hosts": "evil.example"}}
    assert shop.token("owner").patch("/api/v1/settings", json=change).status_code == 422
    assert file_of(shop).read_bytes() == before


@pytest.fixture
def robot(shop: Cockpit, owner: TestClient) -> Iterator[Robot]:
    """A robot to which the file allows messages to go."""
    assert owner.get(PLACE).status_code == 200
    with running_robot() as running:
        text = file_of(shop).read_text(encoding="utf-8")
        head, _, rest = text.partition("push_hosts = ")
        file_of(shop).write_text(f'{head}push_hosts = ["{running.host}"]\n' + rest.partition("\n")[2], encoding="utf-8")
        yield running


def test_a_test_message_arrives(shop: Cockpit, owner: TestClient, robot: Robot) -> None:
    """Whoever may push sends one and reads what became of it; the API says the same."""
    fields = {"kind": "webhook", "name": "ERP", "url": f"http://{robot.host}/hook/{TOKEN}", "what.digest": "yes"}
    assert save(shop, owner, PLACE, **fields) == 303
    operator = shop.signed_in("operator")
    answer = operator.post(f"{PLACE}/0/test", data={"csrf": shop.csrf(operator)})
    assert answer.status_code == 200
    assert "已推送到“ERP”" in answer.text
    assert len(robot.received) == 1
    shape = shop.token("operator").post("/api/v1/settings/push/0/test").json()
    assert (shape["sent"], len(robot.received)) == (True, 2)
    assert owner.post(f"{PLACE}/7/test", data={"csrf": shop.csrf(owner)}).status_code == 404
    viewer = shop.signed_in("viewer")
    assert viewer.post(f"{PLACE}/0/test", data={"csrf": shop.csrf(viewer)}).status_code == 403
    assert shop.token("viewer").post("/api/v1/settings/push/0/test").status_code == 403
    assert len(robot.received) == 2


def test_targets_are_told_apart(shop: Cockpit, owner: TestClient) -> None:
    """The second is changed, the first taken away; a name twice is refused."""
    for name in ("甲", "乙", HOSTILE):
        assert save(shop, owner, PLACE, **{**GROUP, "name": name}) == 303
    assert save(shop, owner, PLACE, **{**GROUP, "name": "甲"}) == 422
    assert save(shop, owner, f"{PLACE}/1", **{**GROUP, "name": "丙"}) == 303
    assert save(shop, owner, f"{PLACE}/0/remove") == 303
    assert [one.name for one in said(shop)] == ["丙", HOSTILE]
    assert "<script>alert" not in owner.get(PLACE).text
    assert save(shop, owner, f"{PLACE}/9/remove") == 422
    assert owner.get(f"{PLACE}/9").status_code == 404


@pytest.mark.parametrize("login", ["designer", "service", "viewer", "promotion", "warehouse"])
def test_a_lesser_role_neither_sees_nor_changes_targets(shop: Cockpit, login: str) -> None:
    """On the page and by the API."""
    client, token, before = shop.signed_in(login), shop.token(login), file_of(shop).read_bytes()
    assert client.get(PLACE).status_code == 403
    assert client.get(f"{PLACE}/0").status_code == 403
    assert save(shop, client, PLACE, **GROUP) == 403
    assert save(shop, client, f"{PLACE}/0/remove") == 403
    body = {"version": version_of(file_of(shop)), "kind": "wecom", "name": "x"}
    assert token.get("/api/v1/settings/push").status_code == 403
    assert token.post("/api/v1/settings/push", json=body).status_code == 403
    assert token.patch("/api/v1/settings/push/0", json=body).status_code == 403
    assert token.delete("/api/v1/settings/push/0?version=x").status_code == 403
    assert file_of(shop).read_bytes() == before


def test_targets_by_the_api(shop: Cockpit, owner: TestClient) -> None:
    """Added, changed in part, taken away; nothing secret comes back."""
    assert owner.get(PLACE).status_code == 200
    client, place = shop.token("owner"), "/api/v1/settings/push"
    version = client.get(place).json()["version"]
    target = {"version": version, "kind": "dingtalk", "name": "群", "url": DINGTALK, "secret": SECRET}
    added = client.post(place, json=target)
    assert added.status_code == 201
    shape = added.json()["targets"][0]
    assert (shape["address"], shape["secret"], shape["host"]) == ("file", "file", "oapi.dingtalk.com")
    assert TOKEN not in added.text
    version = added.json()["version"]
    changed = client.patch(f"{place}/0", json={"version": version, "secret": None, "what": ["notices"]}).json()
    assert (changed["targets"][0]["secret"], changed["targets"][0]["what"]) == ("none", ["notices"])
    assert said(shop)[0].url == DINGTALK
    assert client.patch(f"{place}/0", json={"version": changed["version"], "what": []}).status_code == 422
    assert client.delete(f"{place}/0?version={version}").status_code == 409
    assert client.delete(f"{place}/0?version={changed['version']}").json()["targets"] == []


def test_notices_may_be_limited_to_roles(shop: Cockpit, owner: TestClient) -> None:
    """The group of the designers gets what concerns designers; without a choice every role is told of."""
    assert save(shop, owner, PLACE, **GROUP, **{"what.notices": "yes", "role.designer": "yes"}) == 303
    assert said(shop)[0].roles == ("designer",)
    assert 'name="role.designer" value="yes" checked' in owner.get(f"{PLACE}/0").text
    assert owner.get("/api/v1/settings/push").json()["targets"][0]["roles"] == ["designer"]
    assert save(shop, owner, f"{PLACE}/0", **GROUP, **{"what.notices": "yes"}) == 303
    assert said(shop)[0].roles == ()
