"""What holds for every answer, whatever was asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from tests.cockpit import Cockpit, running_cockpit

from duoshou.server.assembly import LARGEST_UPLOAD_MIB, LOCAL_VARIABLE
from duoshou.server.guard import LARGEST_FORM_MIB


@pytest.mark.parametrize("path", ["/sign-in", "/nowhere", "/api/v1/today", "/api/v1/nowhere", "/health"])
def test_every_answer_carries_the_security_headers(cockpit: Cockpit, path: str) -> None:
    """Pages, errors and JSON alike."""
    headers = cockpit.guest().get(path).headers
    assert "script-src 'self'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["cache-control"] == "no-store"


def test_an_asset_is_kept_for_ever_under_the_name_of_its_content(cockpit: Cockpit) -> None:
    """A page names assets by their hash; another hash is not there."""
    client = cockpit.guest()
    page = client.get("/sign-in").text
    address = page.split('rel="stylesheet" href="')[1].split('"')[0]
    assert "immutable" in client.get(address).headers["cache-control"]
    assert client.get("/assets/000000000000/app.css").status_code == 404


def test_an_upload_that_says_it_is_too_large_is_not_read(cockpit: Cockpit) -> None:
    """The length is looked at before anything else."""
    length = str((LARGEST_UPLOAD_MIB << 20) + 1)
    for path in ("/sign-in", "/data/import"):
        assert cockpit.guest().post(path, headers={"Content-Length": length}).status_code == 413


@pytest.mark.parametrize("path", ["/sign-in", "/start", "/api/v1/people", "/data/map/try"])
def test_a_stranger_fills_no_memory(cockpit: Cockpit, path: str) -> None:
    """A form or JSON beyond the limit is not read to its end, whether or not it says how long it is."""
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(LARGEST_FORM_MIB * 4):
            sent += 1
            yield b" " * (1 << 20)

    client = cockpit.guest()
    assert client.post(path, headers={"Content-Length": str((LARGEST_FORM_MIB << 20) + 1)}).status_code == 413
    answer = client.post(path, content=endless(), headers={"Content-Type": "application/json"})
    assert 400 <= answer.status_code < 500
    assert sent <= LARGEST_FORM_MIB * 4


@pytest.mark.parametrize(
    "path", ["/data/import", "/data/files/abc/mend", "/api/v1/imports", "/api/v1/files/abc/mended"]
)
def test_where_files_are_taken_the_sender_is_known_before_anything_is_read(cockpit: Cockpit, path: str) -> None:
    """A stranger's upload is refused for who sends it, not for its size; a colleague's may be large."""
    large = {"Content-Length": str((LARGEST_FORM_MIB << 20) + 1)}
    assert cockpit.guest().post(path, headers=large).status_code == 401


@pytest.mark.parametrize("host", ["evil.example:8642", "evil.example", "127.0.0.1.evil.example", "", "["])
def test_a_foreign_name_that_leads_to_this_computer_is_refused(
    cockpit: Cockpit, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    """As after DNS rebinding; where the server listens for others, the names are theirs to choose."""
    client = cockpit.guest()
    monkeypatch.setenv(LOCAL_VARIABLE, "1")
    assert client.get("/sign-in", headers={"Host": host}).status_code == 421
    monkeypatch.setenv(LOCAL_VARIABLE, "0")
    assert client.get("/sign-in", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["127.0.0.1:8642", "localhost:8642", "LOCALHOST", "[::1]:8642", "127.0.0.5"])
def test_this_computer_is_asked_under_its_own_names(
    cockpit: Cockpit, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    """With and without a port, whatever the capitals."""
    monkeypatch.setenv(LOCAL_VARIABLE, "1")
    assert cockpit.guest().get("/sign-in", headers={"Host": host}).status_code == 200


def test_the_address_in_the_settings_is_a_name_of_the_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind a proxy that passes its own name on."""
    monkeypatch.setenv(LOCAL_VARIABLE, "1")
    monkeypatch.setenv("DUOSHOU_SERVER_URL", "https://Shop.example:8443/x")
    with running_cockpit(tmp_path) as served:
        assert served.guest().get("/sign-in", headers={"Host": "shop.example:8443"}).status_code == 200
        assert served.guest().get("/sign-in", headers={"Host": "other.example"}).status_code == 421


def test_health_says_what_answers(cockpit: Cockpit) -> None:
    """Warehouse and state are looked at, and nothing of the shop is told."""
    answer = cockpit.guest().get("/health")
    assert answer.status_code == 200
    assert answer.json()["checks"] == {"state": True, "warehouse": True}
    assert "主店" not in answer.text


def test_an_unknown_page_and_an_unknown_route_are_told_calmly(cockpit: Cockpit) -> None:
    """A browser gets a page, the API the one error shape."""
    client = cockpit.guest()
    assert "没有这个页面" in client.get("/nowhere").text
    assert client.get("/api/v1/nowhere").json()["error"]["code"] == "http_404"
    assert client.put("/api/v1/today").json()["error"]["code"] == "http_405"


def test_an_answer_that_needs_too_much_memory_is_told(cockpit: Cockpit) -> None:
    """The engine's limit is no fault of the program: what to do is said."""

    def exhausted(*_: object, **__: object) -> None:
        raise duckdb.OutOfMemoryException("could not allocate")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("duoshou.web.pages.glossary.glossary", exhausted)
        answer = cockpit.signed_in("viewer").get("/glossary")
    assert answer.status_code == 503
    assert "memory_limit" in answer.text
