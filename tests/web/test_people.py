"""人员 and 我的账号, in a shop of their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient
from tests.cockpit import HOSTILE, PASSWORD, Cockpit, running_cockpit


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cockpit]:
    """A served shop whose people may change."""
    with running_cockpit(tmp_path_factory.mktemp("people")) as served:
        yield served


@pytest.fixture
def owner(shop: Cockpit) -> TestClient:
    """The owner's browser."""
    return shop.signed_in()


def post(shop: Cockpit, client: TestClient, path: str, **fields: str) -> int:
    """Send a form as its page would and return the status."""
    status: int = client.post(path, data={"csrf": shop.csrf(client), **fields}).status_code
    return status


def test_an_owner_adds_a_colleague_who_signs_in(shop: Cockpit, owner: TestClient) -> None:
    """Name and role stand in the list, and the password works."""
    fields = {"login": "xiaomei", "name": HOSTILE, "role": "designer", "password": PASSWORD}
    assert post(shop, owner, "/settings/people", **fields) == 303
    page = owner.get("/settings/people").text
    assert "xiaomei" in page
    assert "<script>alert" not in page
    assert shop.signed_in("xiaomei").get("/today").status_code == 200


def test_a_refused_colleague_is_told_and_what_was_typed_stays(shop: Cockpit, owner: TestClient) -> None:
    """A password that could be guessed makes nobody."""
    fields = {"login": "laoli", "name": "老李", "role": "viewer", "password": "123456789012"}
    answer = owner.post("/settings/people", data={"csrf": shop.csrf(owner), **fields})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert 'value="老李"' in answer.text
    assert "laoli" not in owner.get("/settings/people").text


def test_a_disabled_colleague_is_out_at_once(shop: Cockpit, owner: TestClient) -> None:
    """Neither the session nor the token works any more; enabled again, the token does."""
    theirs, token = shop.signed_in("promotion"), shop.token("promotion")
    assert post(shop, owner, "/settings/people/promotion/disable") == 303
    assert theirs.get("/today").status_code == 303
    assert token.get("/api/v1/today").status_code == 401
    assert post(shop, owner, "/settings/people/promotion/enable") == 303
    assert token.get("/api/v1/today").status_code == 200


def test_the_last_owner_stays(shop: Cockpit, owner: TestClient) -> None:
    """Nobody locks the shop."""
    assert post(shop, owner, "/settings/people/owner/disable") == 422
    assert post(shop, owner, "/settings/people/owner/role", role="viewer") == 422
    assert owner.get("/settings/people").status_code == 200


@pytest.mark.parametrize("login", ["operator", "designer", "viewer"])
def test_only_an_owner_manages_people(shop: Cockpit, login: str) -> None:
    """Everybody else is told that their role lacks the right, on the page and by the API."""
    client = shop.signed_in(login)
    assert client.get("/settings/people").status_code == 403
    assert post(shop, client, f"/settings/people/{login}/role", role="owner") == 403
    assert shop.token(login).patch(f"/api/v1/people/{login}", json={"role": "owner"}).status_code == 403
    assert "/settings/people" not in client.get("/settings/jobs").text


def test_a_password_is_changed_with_the_old_one(shop: Cockpit) -> None:
    """The wrong old one changes nothing; afterwards only the new one works, and this session goes on."""
    client, other = shop.signed_in("service"), shop.signed_in("service")
    new = "另一个够长的密码-2027"
    assert post(shop, client, "/account/password", old="wrong", new=new) in {401, 422}
    assert post(shop, client, "/account/password", old=PASSWORD, new=new) == 303
    assert client.get("/account").status_code == 200
    assert other.get("/account").status_code == 303
    assert shop.guest().post("/sign-in", data={"login": "service", "password": PASSWORD}).status_code == 401


def test_a_token_is_shown_once_and_does_no_more_than_it_was_given(shop: Cockpit) -> None:
    """An operator's token that may only read cannot import."""
    client = shop.signed_in("operator")
    page = client.post(
        "/account/tokens", data={"csrf": shop.csrf(client), "name": "晨报", "days": "30", "rights": ["read"]}
    ).text
    secret = page.split('<pre tabindex="0">')[1].split("</pre>")[0]
    assert secret not in client.get("/account").text
    program = shop.guest()
    program.headers["Authorization"] = f"Bearer {secret}"
    shape = program.get("/api/v1/account").json()
    assert program.get("/api/v1/today").status_code == 200
    assert program.post("/api/v1/account/tokens", json={"name": "x", "rights": ["import"]}).status_code == 403
    assert program.post("/account/tokens", data={"name": "x", "rights": ["import"]}).status_code == 403
    assert program.post("/account/password", data={"old": PASSWORD, "new": "x" * 20}).status_code == 403
    assert program.post("/account/sign-out-everywhere").status_code == 403
    assert [one["name"] for one in program.get("/api/v1/account").json()["tokens"]].count("x") == 0
    number = next(one["id"] for one in shape["tokens"] if one["name"] == "晨报")
    assert post(shop, client, f"/account/tokens/{number}/revoke") == 303
    assert program.get("/api/v1/today").status_code == 401


def test_more_rights_than_the_role_has_are_refused(shop: Cockpit) -> None:
    """A viewer cannot make a token that manages people."""
    client = shop.signed_in("viewer")
    assert post(shop, client, "/account/tokens", name="x", days="30", rights="people") == 422


def test_the_log_tells_who_changed_what_and_no_secret(shop: Cockpit, owner: TestClient) -> None:
    """Every change above stands in the log, without a password or a hash."""
    page = owner.get("/settings/log").text
    assert "person" in page
    assert PASSWORD not in page
    assert "$argon2" not in page
    shape = shop.token("owner").get("/api/v1/audit").json()
    assert shape["writes"][0]["number"] > shape["writes"][-1]["number"]
    assert "$argon2" not in str(shape)
    assert shop.token("operator").get("/api/v1/audit").status_code == 403


def test_people_by_the_api(shop: Cockpit) -> None:
    """Made, changed, and told without a secret."""
    owner = shop.token("owner")
    person = {"login": "xiaozhang", "name": "小张", "role": "warehouse", "password": PASSWORD}
    assert owner.post("/api/v1/people", json=person).status_code == 201
    assert owner.post("/api/v1/people", json=person).status_code == 422
    shape = owner.patch("/api/v1/people/xiaozhang", json={"role": "promotion", "disabled": True}).json()
    mine = next(one for one in shape["people"] if one["login"] == "xiaozhang")
    assert (mine["role"], mine["disabled"]) == ("promotion", True)
    assert "password_hash" not in str(shape)
    assert (
        owner.patch("/api/v1/people/nobody-there", json={"role": "viewer"}).json()["error"]["code"] == "unknown_person"
    )
