"""Open the state: SQLite beside the warehouse, or PostgreSQL for a team; current before anybody reads it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from sqlalchemy import URL, Engine, create_engine, event, func, select, text
from sqlalchemy.exc import DBAPIError, OperationalError

from duoshou.model import Text
from duoshou.settings import Settings, Workspace
from duoshou.state.address import address, shown
from duoshou.state.audit import ACTOR, MOMENT, AuditedSession
from duoshou.state.errors import StateBusy, StateError, StateUnusable
from duoshou.state.migrating import SHIPPED, Scripts, make_current

WAIT_SECONDS = 30
"""How long a writer waits for another one; every write is short."""

# Names our locks among all advisory locks of a PostgreSQL database.
LOCK_SPACE = 0x6475_6F73


class State:
    """An opened database of findings, decisions and the audit log; processes and threads may share it.

    Attributes:
        engine: SQLAlchemy's engine.
        place: The database as people may see it, without user and password.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.place = shown(engine.url)
        self._writer = engine.execution_options(writes=True)
        alike = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        self._reader = engine.execution_options(**alike)

    @property
    def is_sqlite(self) -> bool:
        """Whether the state is a file of the workspace."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[AuditedSession]:
        """Yield a session that sees one moment of the database and cannot write.

        Raises:
            StateError: If the database cannot be reached or read.
        """
        with faults(self.place), AuditedSession(self._reader) as session:
            yield session

    @contextmanager
    def writing(self, by: str, shop: str) -> Iterator[AuditedSession]:
        """Yield a session whose writes are one transaction: all of it is kept at the end, or nothing.

        Writers of the same shop, or of another part of the state, follow one another; on SQLite all writers do.

        Args:
            by: Who writes, for the audit log.
            shop: Key of the shop that is written; what belongs to no shop is named with a slash, which no key holds.

        Raises:
            StateBusy: If another process keeps writing.
            StateError: If the database cannot be reached or written.
        """
        if not by.strip():
            raise ValueError("a write needs a name for the audit log")
        info = {ACTOR: by.strip(), MOMENT: datetime.now(UTC)}
        with faults(self.place), AuditedSession(self._writer, info=info) as session, session.begin():
            if not self.is_sqlite:
                session.execute(text(f"SET LOCAL lock_timeout = '{WAIT_SECONDS}s'"))
                session.execute(select(func.pg_advisory_xact_lock(LOCK_SPACE, func.hashtext(shop))))
            yield session

    def close(self) -> None:
        """Close all connections; the next use opens new ones."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_state(workspace: Workspace, settings: Settings, *, scripts: Scripts = SHIPPED) -> State:
    """Return the state of a workspace, made or migrated where it has to be.

    Processes may open it at once: one migrates, the others wait. A SQLite file is copied before it is migrated. A
    PostgreSQL database without our tables is filled from the workspace's `state.sqlite` where there is one, so that
    a team takes its history along.

    Args:
        workspace: Whose state.
        settings: `[state] url` names the database.
        scripts: Migrations; those of the product unless a test brings others.

    Raises:
        StateTooNew: If a newer version of the program made it.
        StateForeign: If other tables have taken the names of ours.
        StateError: If the database cannot be reached, made or migrated.
    """
    url = address(workspace, settings)
    engine = make_engine(url)
    try:
        with faults(shown(url)):
            make_current(engine, scripts, former=_former(workspace, url))
    except BaseException:
        engine.dispose()
        raise
    return State(engine)


def open_file(path: Path, *, scripts: Scripts = SHIPPED) -> State:
    """Return the state in a SQLite file of its own, made where it is not there.

    Raises:
        StateError: As `open_state`.
    """
    engine = make_engine(URL.create("sqlite", database=str(path)))
    with faults(str(path)):
        make_current(engine, scripts)
    return State(engine)


def make_engine(url: URL) -> Engine:
    """Return an engine that connects when it is first used.

    Raises:
        StateUnusable: If the driver of PostgreSQL is not installed.
    """
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, connect_args={"timeout": WAIT_SECONDS})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    try:
        return create_engine(
            url, pool_pre_ping=True, connect_args={"connect_timeout": 10, "application_name": "duoshou"}
        )
    except ModuleNotFoundError as error:
        raise StateUnusable(
            shown(url),
            f"缺少 {error.name} (not installed: {error.name})",
            Text('运行 pip install "duoshou[postgres]"', 'run pip install "duoshou[postgres]"'),
        ) from error


@contextmanager
def faults(place: str) -> Iterator[None]:
    """Turn what a database says into errors that a person can mend."""
    try:
        yield
    except DBAPIError as error:
        reason = str(error.orig).strip()
        if "database is locked" in reason or getattr(error.orig, "sqlstate", None) in {"55P03", "40001", "40P01"}:
            raise StateBusy(place) from error
        if isinstance(error, OperationalError) or _is_about_the_database(error):
            raise StateUnusable(place, reason.splitlines()[0] if reason else "?") from error
        raise
    except OSError as error:
        raise StateUnusable(place, error.strerror or str(error)) from error


def _is_about_the_database(error: DBAPIError) -> bool:
    """Return whether nobody could connect, a file is no database, or a role lacks a right that it needs."""
    return error.statement is None or type(error.orig).__name__ in {
        "DatabaseError",
        "InsufficientPrivilege",
        "ReadOnlySqlTransaction",
    }


def _former(workspace: Workspace, url: URL) -> Path | None:
    return None if url.get_backend_name() == "sqlite" or not workspace.state.is_file() else workspace.state


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver is not to begin transactions of its own; `_begin_sqlite` does.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    # A writer takes the lock at once: one that has read first could not wait for another writer any more.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


__all__ = ["State", "StateError", "open_file", "open_state"]
