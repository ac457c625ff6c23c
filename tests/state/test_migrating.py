"""New, old, newer and foreign databases."""

from __future__ import annotations

import contextlib
import re
import shutil
import sqlite3
import stat
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from tests.state.conftest import Place, day, finding, rows

from duoshou.access import create_person, needs_first_owner
from duoshou.model import DuoshouError, Role
from duoshou.settings import Settings, Workspace
from duoshou.settings.schema import StateSettings
from duoshou.state import (
    State,
    StateForeign,
    StateTooNew,
    StateUnusable,
    audit_log,
    decline,
    examine,
    open_state,
    record_day,
    write_file,
)
from duoshou.state.base import Base
from duoshou.state.database import open_file
from duoshou.state.migrating import SHIPPED, VERSION_TABLE, Scripts

SECOND = '''
"""A later step."""
import sqlalchemy as sa
from alembic import op
revision, down_revision, branch_labels, depends_on = "9999", "{before}", None, None
def upgrade() -> None:
    op.add_column("day_run", sa.Column("note", sa.String()))
    {more}
'''


def later(folder: Path, more: str = "") -> Scripts:
    """Return the migrations of a later version of the program."""
    shutil.copytree(SHIPPED.folder, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "v9999_later.py").write_text(SECOND.format(more=more, before=SHIPPED.head), encoding="utf-8")
    return Scripts(folder, "9999")


def revision(state: State) -> str:
    """Return what the database says of its version."""
    with state.engine.connect() as connection:
        return str(connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar_one())


def test_the_migrations_make_the_tables_of_the_models(state: State) -> None:
    """From nothing to the last step: no table, column, type, index or key differs from the models."""
    with state.engine.connect() as connection:
        options = {"version_table": VERSION_TABLE, "compare_type": True, "compare_server_default": True}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata) == []


def test_the_program_knows_its_last_step() -> None:
    """The revision that spares Alembic at start is the last migration, and there is one line of them."""
    scripts = ScriptDirectory(str(SHIPPED.folder))
    assert scripts.get_heads() == [SHIPPED.head]
    assert all(one.revision in Path(one.path).name for one in scripts.walk_revisions())


def test_an_older_database_is_migrated_with_its_rows(place: Place, tmp_path: Path) -> None:
    """A later program adds its step, keeps every row and the log, and a file is copied before."""
    with place.open() as state:
        record_day(state, "main", day(0), [finding("A")])
        before, log = rows(state), audit_log(state)
    with open_state(place.workspace, place.settings, scripts=later(tmp_path / "later")) as state:
        assert (revision(state), rows(state), audit_log(state)) == ("9999", before, log)
        is_sqlite = state.is_sqlite
    copy = place.workspace.directory / f"state.before-{SHIPPED.head}.sqlite"
    assert copy.exists() is is_sqlite
    if is_sqlite:
        assert stat.S_IMODE(copy.stat().st_mode) == 0o600
        with open_file(copy) as former:
            assert (revision(former), rows(former)) == (SHIPPED.head, before)


def _but_the_first(_folder: str, names: list[str]) -> list[str]:
    return [name for name in names if name == "__pycache__" or re.match(r"v(?!0001)\d{4}", name)]


FIRST_ROWS = """
INSERT INTO finding (shop, id, kind, subject_type, subject_id, subject_name, first_seen, last_seen, since, spells,
    status, content)
    VALUES ('main', 'f1', 'traffic.drop', 'product', 'A', '商品A', '2026-11-02', '2026-11-02', '2026-11-02', 1,
    'declined', '{}');
INSERT INTO day_run (shop, day, declared_over, unjudged) VALUES ('main', '2026-11-02', '[]', '["traffic"]');
INSERT INTO finding_day (shop, day, finding_id, rank, content) VALUES ('main', '2026-11-02', 'f1', 1, '{}');
INSERT INTO finding_decision (shop, finding_id, number, action, on_day, reason, decided_by, decided_at)
    VALUES ('main', 'f1', 1, 'decline', '2026-11-02', '清仓', '小王', '2026-11-02 08:00:00');
INSERT INTO audit (at, actor, action, entity, key) VALUES ('2026-11-02 08:00:00', '小王', 'insert', 'finding', '{}');
"""
FIRST_TABLES = ("finding", "day_run", "finding_day", "finding_decision", "audit")


def test_a_state_of_the_first_version_goes_on(place: Place, tmp_path: Path) -> None:
    """Every row of a state that knew no people is there after the steps of this version, and so are the new tables."""
    folder = tmp_path / "first"
    shutil.copytree(SHIPPED.folder, folder, ignore=_but_the_first)

    def all_rows(state: State) -> dict[str, list[dict[str, Any]]]:
        with state.engine.connect() as connection:
            return {
                name: [dict(one) for one in connection.execute(text(f"SELECT * FROM {name}")).mappings()]
                for name in FIRST_TABLES
            }

    with open_state(place.workspace, place.settings, scripts=Scripts(folder, "0001")) as state:
        with state.engine.execution_options(writes=True).begin() as connection:
            for statement in FIRST_ROWS.strip().removesuffix(";").split(";\n"):
                connection.exec_driver_sql(statement)
        before = all_rows(state)
        assert all(before.values())
        assert not inspect(state.engine).has_table("person")
    with place.open() as state:
        after = all_rows(state)
        assert revision(state) == SHIPPED.head
        for name, former in before.items():
            assert [{key: row[key] for key in former[0]} for row in after[name]] == former, name
        assert needs_first_owner(state)


def test_a_newer_database_is_refused_and_left_alone(place: Place, tmp_path: Path) -> None:
    """A program that does not know its version says so and writes nothing."""
    with open_state(place.workspace, place.settings, scripts=later(tmp_path / "later")):
        pass
    for _ in range(2):
        with pytest.raises(StateTooNew, match="9999") as refused:
            place.open()
        assert "升级" in refused.value.in_language("zh")
        with pytest.raises(StateTooNew):
            examine(place.workspace, place.settings)


@pytest.mark.parametrize("more", ["raise RuntimeError('broken')", "op.execute('nonsense')"])
def test_a_step_that_fails_changes_nothing(place: Place, tmp_path: Path, more: str) -> None:
    """The database stays at its version, whole, and the present program goes on with it."""
    with place.open() as state:
        record_day(state, "main", day(0), [finding("A")])
        before = rows(state)
    with pytest.raises((RuntimeError, DuoshouError, Exception)):
        open_state(place.workspace, place.settings, scripts=later(tmp_path / "later", more))
    with place.open() as state:
        assert (revision(state), rows(state)) == (SHIPPED.head, before)


def test_tables_of_others_are_not_touched(place: Place) -> None:
    """Where a name is taken by another program, nothing is made; other names do not matter."""
    with place.open() as state, state.engine.execution_options(writes=True).begin() as connection:
        for table in (*reversed(Base.metadata.sorted_tables),):
            connection.execute(text(f"DROP TABLE {table.name}"))
        connection.execute(text(f"DROP TABLE {VERSION_TABLE}"))
        if not state.is_sqlite:
            connection.execute(text("DROP FUNCTION audit_is_append_only"))
        connection.execute(text("CREATE TABLE task (id INTEGER)"))
        connection.execute(text("CREATE TABLE audit (id INTEGER)"))
    with pytest.raises(StateForeign, match="audit"):
        place.open()
    with pytest.raises(StateForeign):
        place.open()


def test_a_new_file_is_private_and_lets_people_read_while_one_writes(tmp_path: Path) -> None:
    """The database holds people's names: only its owner reads it. Readers and a writer do not meet."""
    with open_file(tmp_path / "state.sqlite") as state, state.engine.connect() as connection:
        assert stat.S_IMODE((tmp_path / "state.sqlite").stat().st_mode) == 0o600
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


@pytest.mark.parametrize("content", [b"no database at all" * 100, b"SQLite format 3\0" + b"\1" * 4096])
def test_a_file_that_is_no_database_is_named(tmp_path: Path, content: bytes) -> None:
    """The message names the file; the file stays as it is."""
    workspace = Workspace.create(tmp_path / "shop")
    workspace.state.write_bytes(content)
    for look in (lambda: open_state(workspace, Settings()), lambda: examine(workspace, Settings())):
        with pytest.raises(StateUnusable) as refused:
            look()
        assert refused.value.place.file == str(workspace.state)
    assert workspace.state.read_bytes() == content


def test_a_missing_state_is_only_looked_at(tmp_path: Path) -> None:
    """To look whether the state is in order does not make one."""
    workspace = Workspace.create(tmp_path / "shop")
    assert examine(workspace, Settings()).revision is None
    assert not workspace.state.exists()


def test_a_look_tells_what_is_there(place: Place, tmp_path: Path) -> None:
    """Version, server and numbers; an older one is told from a current one."""
    with place.open() as state:
        record_day(state, "main", day(0), [finding("A")])
        seen = examine(place.workspace, place.settings)
        assert (seen.revision, seen.current, seen.findings, seen.writes) == (SHIPPED.head, True, 1, 3)
        assert seen.server.startswith("SQLite 3" if state.is_sqlite else "PostgreSQL ")
        assert seen.place == state.place


@pytest.mark.postgresql
def test_a_team_takes_its_history_along(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """An empty PostgreSQL database is filled from the workspace's file once, and the log goes on from there."""
    server = request.getfixturevalue("postgresql_server")
    workspace = Workspace.create(tmp_path / "shop")
    with open_state(workspace, Settings()) as alone:
        record_day(alone, "main", day(0), [finding("A"), finding("B")])
        decline(alone, "main", finding("A").id, on=day(0), by="小王", reason="清仓")
        person = create_person(alone, "wang", "小王", Role.OWNER, None, by="小王")
        before, log = rows(alone), audit_log(alone)
    team = Settings(state=StateSettings(url=server.new_database()))
    for _ in range(2):
        with open_state(workspace, team) as state:
            assert (rows(state), audit_log(state)) == (before, log)
    with open_state(workspace, team) as state:
        # What is numbered goes on after the numbers that were taken along.
        assert create_person(state, "li", "小李", Role.VIEWER, None, by="小王").id > person.id
        record_day(state, "main", day(1), [finding("B")])
        assert [one.number for one in audit_log(state)][-len(log) :] == [one.number for one in log]
        write_file(state, tmp_path / "copy.sqlite")
        with open_file(tmp_path / "copy.sqlite") as copy:
            assert (rows(copy), audit_log(copy)) == (rows(state), audit_log(state))
    assert sorted(path.name for path in tmp_path.glob("copy.sqlite*")) == ["copy.sqlite"]
    with contextlib.closing(sqlite3.connect(tmp_path / "copy.sqlite")) as raw, pytest.raises(sqlite3.IntegrityError):
        raw.execute("DELETE FROM audit")
