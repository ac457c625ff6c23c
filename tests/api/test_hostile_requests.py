"""Requests that nobody means, made from the API's own description: each is answered, none breaks anything."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.core.result import Ok
from tests.browser import serving
from tests.cockpit import HOSTILE, Cockpit, running_cockpit

from duoshou.server.assembly import create_app

# Each of these is left to tests of its own: it starts a job, or takes the ground away from the others.
LEFT_OUT = ("/imports", "/run", "/batches", "/people", "/account/tokens", "/push", "/settings")
VALUES = (HOSTILE, "../../../etc/passwd", "=cmd|' /C calc'!A0", "\x00", "9999-12-31", "0001-01-01", "9" * 3000)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cockpit]:
    """A served shop that may be damaged."""
    with running_cockpit(tmp_path_factory.mktemp("hostile")) as served:
        yield served


def test_no_request_breaks_the_server(shop: Cockpit) -> None:
    """Whatever the values are, the answer is no fault of the server and has the one shape of errors."""
    with serving(create_app(shop.directory)) as address:
        asked = ask_everything(address, {"Authorization": f"Bearer {shop.secrets['owner']}"})
    assert asked >= 10


def ask_everything(address: str, headers: dict[str, str]) -> int:
    """Ask every operation with made-up values, check the answers, and return how many operations there are."""
    schema = schemathesis.openapi.from_url(f"{address}/api/v1/openapi.json")
    asked = 0
    for found in schema.exclude(path_regex="|".join(LEFT_OUT)).get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        asked += 1

        @given(case=operation.as_strategy())
        @settings(max_examples=6, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        def attempt(case: Any) -> None:
            answer = case.call(headers=headers)
            assert answer.status_code < 500, answer.text
            if answer.status_code >= 400:
                assert {"code", "message", "hint"} <= set(answer.json()["error"])

        attempt()
    return asked


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("today", ["date", "shop", "compare"]),
        ("findings", ["shop", "kind", "status", "sort", "page", "from"]),
        ("explain", ["metric", "from", "where"]),
        ("number", ["metric", "from", "to", "where", "sort", "page"]),
        ("query", ["metric", "from", "by", "where"]),
        ("reports/daily.xlsx", ["date", "lang"]),
        ("metrics", ["q", "unit"]),
        ("tasks", ["shop", "state", "role", "person", "overdue", "page"]),
        ("changes", ["standing", "kind", "from", "to", "page"]),
        ("changes/calendar", ["month"]),
        ("notices", ["change"]),
        ("customers", ["shop", "date", "days"]),
        ("channel-budgets", ["shop", "date", "budget", "step"]),
    ],
)
def test_hostile_values_anywhere(shop: Cockpit, path: str, names: list[str]) -> None:
    """SQL, markup, formulas, paths, days at the end of time, and what is far too long are refused or simply unknown."""
    client = shop.token("owner")
    for name, value in itertools.product(names, VALUES):
        answer = client.get(f"/api/v1/{path}", params={"metric": "pay_amount", name: value})
        assert answer.status_code < 500, (name, value, answer.text[:300])
        if answer.status_code >= 400:
            assert answer.json()["error"]["message"]


@pytest.mark.parametrize("role", ["designer", "viewer", "warehouse", "service"])
def test_a_lesser_role_changes_nothing(shop: Cockpit, role: str) -> None:
    """What needs another right is refused before anything is read."""
    client = shop.token(role)
    one = shop.findings[0].id
    tries = {
        ("POST", f"/api/v1/findings/{one}/decision"),
        ("POST", f"/api/v1/findings/{one}/task"),
        ("POST", "/api/v1/tasks"),
        ("POST", "/api/v1/changes/1/confirm"),
        ("POST", "/api/v1/run"),
        ("POST", "/api/v1/batches/latest/undo"),
        ("GET", "/api/v1/audit"),
        ("GET", "/api/v1/people"),
        ("GET", "/api/v1/reports/daily.xlsx"),
    }
    for method, path in sorted(tries):
        answer = client.request(method, path, json={"action": "decline", "reason": "x"} if method == "POST" else None)
        assert answer.status_code == 403, (path, answer.status_code)
        assert answer.json()["error"]["code"] == "no_right"
