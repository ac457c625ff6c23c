"""Markers for what a machine may lack, found out once and listed at the end of a run."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
from tests.postgresql import Server, has_server, running_server

if TYPE_CHECKING:
    from tests.cockpit import Cockpit

REPOSITORY = Path(__file__).resolve().parent.parent


def shared_data_directory() -> Path:
    """Return the folder of the public data sets, whether or not it exists."""
    named = os.environ.get("DUOSHOU_SHARED_DATA")
    return Path(named) if named else REPOSITORY.parent / "shared" / "data"


def chromium() -> str | None:
    """Return the path of Chromium, or of Chrome; None where there is neither."""
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    return next((found for name in names if (found := shutil.which(name))), None)


def _has_java() -> bool:
    home = os.environ.get("JAVA_HOME")
    return shutil.which("java") is not None or bool(home and shutil.which("java", path=str(Path(home) / "bin")))


@dataclass(frozen=True)
class Component:
    """Something outside Python that some tests need.

    Attributes:
        marker: Name of the pytest marker.
        present: Finds out whether this machine has it.
        remedy: How to get it.
    """

    marker: str
    present: Callable[[], bool]
    remedy: str


COMPONENTS = (
    Component(
        "shared_data",
        lambda: shared_data_directory().is_dir(),
        "put the public data sets into ../shared/data or name their folder in DUOSHOU_SHARED_DATA",
    ),
    Component("java", _has_java, "apt-get install default-jre-headless, or any Java 17 or later with JAVA_HOME set"),
    Component(
        "libreoffice",
        lambda: shutil.which("soffice") is not None,
        "apt-get install libreoffice-calc-nogui, or LibreOffice with soffice on the PATH",
    ),
    Component("browser", lambda: chromium() is not None, "apt-get install chromium"),
    Component("postgresql", has_server, "apt-get install postgresql, or pg_ctl on the PATH"),
)

# Where nothing may be missing, nothing may be left to chance either: the same examples in every run, however slow.
hypothesis.settings.register_profile("steady", derandomize=True, deadline=None)
if os.environ.get("DUOSHOU_REQUIRE_ALL") == "1":
    hypothesis.settings.load_profile("steady")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip what this machine cannot run; with DUOSHOU_REQUIRE_ALL=1 let it fail instead."""
    missing = {component.marker: component for component in COMPONENTS if not component.present()}
    for item in items:
        for component in [missing[mark.name] for mark in item.iter_markers() if mark.name in missing]:
            if os.environ.get("DUOSHOU_REQUIRE_ALL") != "1":
                item.add_marker(pytest.mark.skip(reason=f"not run here: {component.marker} ({component.remedy})"))
            item.user_properties.append(("missing component", component.marker))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Fail a test whose component is missing where none may be."""
    lacking = [str(value) for name, value in item.user_properties if name == "missing component"]
    if lacking and os.environ.get("DUOSHOU_REQUIRE_ALL") == "1":
        pytest.fail(f"missing on this machine: {', '.join(lacking)}", pytrace=False)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List what was not run for want of a component, and how to get it."""
    counts: dict[str, int] = {}
    for report in terminalreporter.stats.get("skipped", []):
        for name, value in getattr(report, "user_properties", []):
            if name == "missing component":
                counts[str(value)] = counts.get(str(value), 0) + 1
    for component in COMPONENTS:
        if number := counts.get(component.marker):
            terminalreporter.write_line(f"not run here: {component.marker} ({number} tests; {component.remedy})")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of the public data sets."""
    return shared_data_directory()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    """A PostgreSQL server of this run's own, thrown away at its end."""
    with running_server() as server:
        yield server


@pytest.fixture(scope="session")
def cockpit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cockpit]:
    """A served shop that tests only read, or to which they only add what others do not look at."""
    from tests.cockpit import running_cockpit

    with running_cockpit(tmp_path_factory.mktemp("cockpit")) as served:
        yield served


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the DUOSHOU_… variables of whoever runs the tests out of them."""
    kept = {"DUOSHOU_SHARED_DATA", "DUOSHOU_REQUIRE_ALL"}
    for name in [name for name in os.environ if name.startswith("DUOSHOU_") and name not in kept]:
        monkeypatch.delenv(name)
