"""A state with a few people, on each database, and passwords that cost little."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from tests.state.conftest import place, state

from duoshou.access import Account, Passwords, create_first_owner, create_person, passwords
from duoshou.model import Role
from duoshou.settings import Settings, Workspace
from duoshou.state import State, open_state

__all__ = ["place", "state"]

SECRET = "四个不相干的词：河马 钢琴 云南 火车"
OTHER = "another phrase of some words"
CLIENT = "192.0.2.7"


class Counted(Passwords):
    """Passwords with the least cost that Argon2 knows, which count how often one is looked at."""

    def __init__(self) -> None:
        super().__init__(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        self.looks: list[str] = []

    def matches(self, kept: str | None, password: str) -> bool:
        """Count, and look."""
        matched = super().matches(kept, password)
        self.looks.append("somebody" if kept else "nobody")
        return matched


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> Counted:
    """What keeps passwords in a test."""
    counted = Counted()
    monkeypatch.setattr(passwords, "standard", lambda: counted)
    return counted


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[State]:
    """A state in a file, for what no database does differently."""
    with open_state(Workspace.create(tmp_path / "店"), Settings()) as opened:
        yield opened


@pytest.fixture
def owner(state: State) -> Account:
    """The first owner."""
    return create_first_owner(state, "Wang", "小王", SECRET)


@pytest.fixture
def clerk(state: State, owner: Account) -> Account:
    """Somebody of the customer service."""
    return create_person(state, "li", "小李", Role.SERVICE, OTHER, by=owner.login)
