"""Workspaces whose state is in SQLite, or in a database of a real PostgreSQL server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select

from duoshou.model import (
    Confidence,
    Evidence,
    EvidenceType,
    Finding,
    Impact,
    Period,
    Recommendation,
    Role,
    Subject,
    Text,
)
from duoshou.settings import Settings, Workspace, load_settings
from duoshou.settings.schema import StateSettings
from duoshou.state import State, open_state
from duoshou.state.base import Base
from duoshou.state.models import Audit

BOTH = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql))
FIRST = date(2026, 11, 2)


def day(number: int) -> date:
    """Return the day of a number, 0 being a Monday."""
    return FIRST + timedelta(days=number)


def finding(name: str = "A", amount: str = "120.50", kind: str = "traffic.drop", **other: Any) -> Finding:
    """Return a finding about a product; its id depends on kind and name."""
    return Finding(
        kind=kind,
        subject=Subject("product", name, f"商品{name}"),
        period=Period(FIRST, FIRST),
        detected_on=FIRST,
        headline=Text(f"{name} 访客下降", f"{name} lost visitors"),
        confidence=Confidence.LIKELY,
        impact=Impact(Decimal(amount), "CNY", Decimal(10), Decimal(300), Text("未来 30 天", "the next 30 days")),
        evidence=(Evidence("e1", EvidenceType.TABLE, Text("表", "table"), ("a", "b"), ((1, "x"), (2.5, None))),),
        recommendations=(Recommendation(Text("换图", "new image"), Role.DESIGNER, Text("因为", "because")),),
        **other,
    )


@dataclass(frozen=True)
class Place:
    """A workspace with the settings that name its database."""

    workspace: Workspace
    settings: Settings

    def open(self) -> State:
        """Open the state."""
        return open_state(self.workspace, self.settings)


@pytest.fixture(params=BOTH)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """A workspace without state, on each database."""
    url = "" if request.param == "sqlite" else request.getfixturevalue("postgresql_server").new_database()
    # A folder as people name theirs, with what formats and addresses trip over.
    workspace = Workspace.create(tmp_path / "我的 店 50%", Settings(state=StateSettings(url=url)))
    return Place(workspace, load_settings(workspace))


@pytest.fixture
def state(place: Place) -> Iterator[State]:
    """An opened state without rows."""
    with place.open() as opened:
        if opened.is_sqlite:
            # No test of a single process needs the disk to have written.
            opened.close()
            event.listen(opened.engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous = OFF"))
        yield opened


def rows(state: State, shop: str | None = None) -> dict[str, list[dict[str, Any]]]:
    """Return every row of every table but the log, in the order of their keys, without the moments of writing."""
    found = {}
    with state.reading() as session:
        for table in Base.metadata.sorted_tables:
            if table.name != Audit.__tablename__ and (shop is None or "shop" in table.c):
                query = select(table).order_by(*table.primary_key)
                if shop is not None:
                    query = query.where(table.c.shop == shop)
                found[table.name] = [
                    {key: value for key, value in row.items() if key not in {"decided_at", "shop"}}
                    for row in session.execute(query).mappings()
                ]
    return found
