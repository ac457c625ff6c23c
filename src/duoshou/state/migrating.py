"""Bring a database to the tables of this version: once, by one process, whole or not at all."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import filelock
from sqlalchemy import Connection, Engine, inspect, text

from duoshou.state.address import shown
from duoshou.state.base import Base
from duoshou.state.errors import StateBusy, StateForeign, StateTooNew

VERSION_TABLE = "duoshou_version"
LOCK_SECONDS = 60
# Names the migration among all advisory locks of a PostgreSQL database.
MIGRATION_LOCK = 0x6475_6F73_686F_7500


@dataclass(frozen=True, slots=True)
class Scripts:
    """Migrations.

    Attributes:
        folder: Alembic's folder.
        head: Revision of the last one.
    """

    folder: Path
    head: str


SHIPPED = Scripts(Path(__file__).parent / "migrations", "0005")


def make_current(engine: Engine, scripts: Scripts, *, former: Path | None = None) -> None:
    """Migrate the database behind `engine` where it is older than `scripts`; usually one small query.

    Args:
        engine: A database that may be empty.
        scripts: Migrations.
        former: SQLite file whose rows go into a database that had none of our tables.

    Raises:
        StateTooNew: If the database is newer.
        StateForeign: If other tables have taken the names of ours.
        StateBusy: If another process keeps migrating.
    """
    file = database_file(engine)
    if (file is None or file.is_file()) and revision_of(engine) == scripts.head and _has_log(engine):
        return
    with _alone(file):
        if file is not None:
            _make_file(file, engine)
        with engine.execution_options(writes=True).begin() as connection:
            if file is None:
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
            before = _revision(connection)
            if before == scripts.head:
                return
            _refuse(connection, before, scripts, shown(engine.url))
            if file is not None and before is not None:
                _keep_copy(file, before)
            _upgrade(connection, scripts)
            if former is not None and before is None:
                from duoshou.state.copying import fill_from_file

                fill_from_file(connection, former, scripts)


def database_file(engine: Engine) -> Path | None:
    """Return the file of a SQLite database, None for a server."""
    return Path(engine.url.database or "") if engine.dialect.name == "sqlite" else None


def revision_of(engine: Engine) -> str | None:
    """Return the revision of a database; None where our tables are not in it."""
    with engine.connect() as connection:
        return _revision(connection)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    found = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()
    return None if found is None else str(found)


def _has_log(engine: Engine) -> bool:
    """Return whether a SQLite file lets people read while one writes; a server does."""
    if engine.dialect.name != "sqlite":
        return True
    with engine.connect() as connection:
        return connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


@contextlib.contextmanager
def _alone(file: Path | None) -> Iterator[None]:
    """Keep other processes from the same file; for a server the database's own lock does."""
    if file is None:
        yield
        return
    try:
        with filelock.FileLock(file.with_name(f".{file.name}.lock"), timeout=LOCK_SECONDS):
            yield
    except filelock.Timeout:
        raise StateBusy(str(file)) from None


def _make_file(file: Path, engine: Engine) -> None:
    """Make the file, readable by its owner alone, and let it be written while others read."""
    if not file.exists():
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT, 0o600))
    with contextlib.closing(engine.raw_connection()) as raw:
        cursor = raw.cursor()
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.close()


def _refuse(connection: Connection, before: str | None, scripts: Scripts, place: str) -> None:
    if before is None:
        taken = sorted({*Base.metadata.tables} & {*inspect(connection).get_table_names()})
        if taken:
            raise StateForeign(place, taken)
    elif before not in known_revisions(scripts):
        raise StateTooNew(place, before)


def known_revisions(scripts: Scripts) -> set[str]:
    """Return every revision that `scripts` can migrate from or to."""
    from alembic.script import ScriptDirectory

    return {one.revision for one in ScriptDirectory(str(scripts.folder)).walk_revisions()}


def _keep_copy(file: Path, before: str) -> None:
    """Copy a SQLite database as it is to `state.before-REVISION.sqlite` beside it."""
    copy = file.with_name(f"{file.stem}.before-{before}{file.suffix}")
    half = copy.with_name(f".{copy.name}.tmp")
    half.unlink(missing_ok=True)
    os.close(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with (
        contextlib.closing(sqlite3.connect(file)) as source,
        contextlib.closing(sqlite3.connect(half)) as target,
    ):
        source.backup(target)
        target.execute("PRAGMA journal_mode = DELETE")
    half.replace(copy)


def _upgrade(connection: Connection, scripts: Scripts) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    # A percent sign in a folder's name would be read as a reference.
    config.set_main_option("script_location", str(scripts.folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
