"""The API of the settings under requests that nobody means."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.core.result import Ok
from tests.cockpit import Cockpit, running_cockpit

from duoshou.app.editing import version_of
from duoshou.settings import Workspace, load_settings
from duoshou.settings.calendar import load_calendar

UNTRIED = "/test$"
"""Sends messages."""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cockpit]:
    """A served shop whose settings may become anything that they can mean."""
    with running_cockpit(tmp_path_factory.mktemp("settings")) as served:
        yield served


def test_whatever_is_asked_the_settings_can_be_meant(shop: Cockpit) -> None:
    """Every answer has the one shape, and after each the files are read as before."""
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", shop.app)
    headers = {"Authorization": f"Bearer {shop.secrets['owner']}"}
    workspace = Workspace(shop.directory)
    own_days = shop.directory / "calendar.toml"
    asked: list[str] = []
    for found in schema.include(path_regex="/settings").exclude(path_regex=UNTRIED).get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        asked.append(operation.path)

        @given(case=operation.as_strategy())
        @settings(max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        def attempt(case: Any) -> None:
            version = version_of(own_days if "/days" in case.path else workspace.settings_file)
            if isinstance(case.body, dict):
                case.body["version"] = version
            if "version" in (case.query or {}):
                case.query["version"] = version
            answer = case.call(headers=headers)
            assert answer.status_code < 500, answer.text
            if answer.status_code >= 400:
                assert {"code", "message", "hint"} <= set(answer.json()["error"])
            load_calendar(load_settings(workspace), workspace)
            assert "[[shop]]" in workspace.settings_file.read_text(encoding="utf-8")

        attempt()
    assert len(asked) >= 15
    text = workspace.settings_file.read_text(encoding="utf-8")
    assert tomllib.loads(text)["shop"][0]["key"] == "main"
    assert "# 店铺代号" in text
