"""The lock files hold what the project asks for, and nothing of one machine."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

REPOSITORY = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
RUN = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["build"]]
TEST = [*RUN, *PROJECT["project"]["optional-dependencies"]["spark"], *PROJECT["dependency-groups"]["dev"]]
LINE = re.compile(r"^([a-z0-9-]+)==([^ \\;]+)", re.MULTILINE)


def locked(name: str) -> dict[str, list[str]]:
    """Return every package of a lock file with its versions (one for each range of Python)."""
    versions: dict[str, list[str]] = {}
    for package, version in LINE.findall((REPOSITORY / name).read_text(encoding="utf-8")):
        versions.setdefault(package, []).append(version)
    return versions


@pytest.mark.parametrize(("name", "wanted"), [("requirements.lock", RUN), ("requirements-dev.lock", TEST)])
def test_a_lock_fits_the_project(name: str, wanted: list[str]) -> None:
    """Each requirement is locked to a version that it allows; otherwise run `tasks.py lock`."""
    versions = locked(name)
    for requirement in map(Requirement, wanted):
        found = versions.get(canonicalize_name(requirement.name))
        assert found, requirement.name
        assert all(version in requirement.specifier for version in found), requirement


def test_the_test_lock_holds_the_run_lock() -> None:
    """What is tested is what is run."""
    run, test = locked("requirements.lock"), locked("requirements-dev.lock")
    assert {name: test.get(name) for name in run} == run


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_every_package_is_checked_by_its_hash(name: str) -> None:
    """A package without a hash, or a line with anything but packages and hashes, is refused."""
    lines = (REPOSITORY / name).read_text(encoding="utf-8").splitlines()
    assert all(re.match(r"[a-z0-9-]+==|    --hash=sha256:[0-9a-f]{64}( \\)?$", line) for line in lines)
    assert all(line.endswith("\\") for line in lines if "==" in line)


def test_every_dependency_has_its_reason() -> None:
    """The page on dependencies names each one."""
    page = (REPOSITORY / "docs" / "explanation" / "dependencies.md").read_text(encoding="utf-8")
    missing = [Requirement(text).name for text in TEST if f"`{Requirement(text).name}" not in page]
    assert missing == []
