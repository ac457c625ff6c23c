"""A state with people of three roles, on each database, and tasks and changes made by code."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.state.conftest import place, state

from duoshou.access import Account, create_first_owner, create_person
from duoshou.loop.changes import NewChange
from duoshou.loop.task import Expected, NewTask
from duoshou.model import Role, Subject
from duoshou.settings import Settings, Workspace
from duoshou.state import State, open_state

__all__ = ["place", "state"]

DAY = date(2026, 11, 2)
COAT = Subject("product", "1001", "羽绒服")


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[State]:
    """A state in a file, for what no database does differently."""
    with open_state(Workspace.create(tmp_path / "店"), Settings()) as opened:
        yield opened


def people(state: State) -> tuple[Account, Account]:
    """Make an owner and two designers, and return the designers."""
    create_first_owner(state, "wang", "小王", "四个不相干的词：河马 钢琴 云南 火车")
    first = create_person(state, "li", "小李", Role.DESIGNER, None, by="小王")
    return first, create_person(state, "zhao", "小赵", Role.DESIGNER, None, by="小王")


def new_task(**other: Any) -> NewTask:
    """Return a task for a designer about the coat."""
    given: dict[str, Any] = {
        "title": "换回上一版主图",
        "subject": COAT,
        "owner_role": Role.DESIGNER,
        "due_on": DAY + timedelta(days=3),
        "expected": Expected("visitors", 0.1, DAY + timedelta(days=17)),
        "guards": ("pay_conversion_rate",),
    }
    return NewTask(**(given | other))


def new_change(kind: str = "main_image", on: date = DAY, **other: Any) -> NewChange:
    """Return a change of the coat."""
    return NewChange(kind, on, (COAT,), **({"before": "旧图", "after": "新图"} | other))
