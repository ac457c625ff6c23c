"""The door: nobody gets in without a session or a token, and nobody does what their role may not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.cockpit import PASSWORD, Cockpit, running_cockpit

from duoshou.access import Right
from duoshou.gate import SESSION_COOKIE

OPEN = {"/", "/sign-in", "/start", "/health", "/assets/{version}/{name}", "/api/v1/openapi.json"}


def routes(cockpit: Cockpit) -> list[Any]:
    """Return every route that somebody wrote."""
    included = (one for one in cockpit.app.routes if hasattr(one, "effective_route_contexts"))
    return [one for router in included for one in router.effective_route_contexts()]


def rights_asked(route: Any) -> set[Right]:
    """Return the rights that a route asks for."""
    return {one.call.right for one in route.dependant.dependencies if hasattr(one.call, "right")}


def test_every_route_but_the_door_asks_for_a_right(cockpit: Cockpit) -> None:
    """A route that asks for no right is one of those that need none."""
    assert len(routes(cockpit)) > 10
    assert {one.path for one in routes(cockpit) if not rights_asked(one)} <= OPEN


def test_a_stranger_gets_nothing(cockpit: Cockpit) -> None:
    """Without a session a page leads to the sign-in page, and the API says 401."""
    client = cockpit.guest()
    for route in routes(cockpit):
        if route.path in OPEN:
            continue
        path = route.path.replace("{", "").replace("}", "")
        for method in route.methods:
            answer = client.request(method, path)
            if path.startswith("/api/"):
                assert answer.status_code == 401, (method, path)
                assert answer.json()["error"]["code"] == "not_signed_in"
            elif method == "GET":
                assert answer.status_code == 303
                assert answer.headers["location"].startswith("/sign-in?next=")
            else:
                assert answer.status_code == 401, (method, path)


@pytest.mark.parametrize("secret", ["", "nonsense", "x" * 4000, "\x7f"])
def test_a_foreign_token_is_refused(cockpit: Cockpit, secret: str) -> None:
    """A token that nobody was given opens nothing."""
    answer = cockpit.guest().get("/api/v1/today", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 401


def test_a_form_without_the_secret_of_its_session_does_nothing(cockpit: Cockpit) -> None:
    """Another site's form, or one with another session's secret, is refused."""
    mine, other = cockpit.signed_in(), cockpit.signed_in("viewer")
    assert mine.post("/preferences", data={"language": "en"}).status_code == 403
    assert mine.post("/preferences", data={"language": "en", "csrf": cockpit.csrf(other)}).status_code == 403
    good = {"language": "en", "csrf": cockpit.csrf(mine)}
    assert mine.post("/preferences", data=good, headers={"Origin": "https://evil.example"}).status_code == 403
    assert mine.post("/preferences", data=good, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert mine.post("/preferences", data=good).status_code == 303


def test_signing_out_ends_the_session_on_the_server(cockpit: Cockpit) -> None:
    """Whoever kept the cookie gets nothing any more."""
    client = cockpit.signed_in("viewer")
    kept = client.cookies[SESSION_COOKIE]
    assert client.get("/today").status_code == 200
    client.post("/sign-out", data={"csrf": cockpit.csrf(client)})
    again = cockpit.guest()
    again.cookies.set(SESSION_COOKIE, kept)
    assert again.get("/today").status_code == 303


def test_the_cookie_of_a_session_is_not_for_scripts(cockpit: Cockpit) -> None:
    """The cookie is HttpOnly and SameSite."""
    answer = cockpit.guest().post("/sign-in", data={"login": "owner", "password": PASSWORD})
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


@pytest.mark.parametrize(
    "place", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/a\nb"]
)
def test_signing_in_never_leads_to_another_site(cockpit: Cockpit, place: str) -> None:
    """Wherever the address says to go on, it is a place of this site."""
    answer = cockpit.guest().post("/sign-in", data={"login": "owner", "password": PASSWORD, "next": place})
    assert answer.headers["location"] == "/today"


def test_a_wrong_password_tells_nothing_and_is_limited(tmp_path: Path) -> None:
    """An unknown login and a wrong password read the same; many of them are made to wait."""
    with running_cockpit(tmp_path) as alone:
        client = alone.guest()
        one = client.post("/sign-in", data={"login": "nobody-there", "password": "x" * 20})
        two = client.post("/sign-in", data={"login": "service", "password": "x" * 20})
        assert one.status_code == two.status_code == 401
        assert one.text.replace("nobody-there", "") == two.text.replace("service", "")
        codes = [
            client.post("/sign-in", data={"login": "warehouse", "password": str(n)}).status_code for n in range(12)
        ]
        assert codes[-1] == 429
        assert client.post("/sign-in", data={"login": "warehouse", "password": PASSWORD}).status_code == 429
        assert client.post("/sign-in", data={"login": "viewer", "password": PASSWORD}).status_code == 303
