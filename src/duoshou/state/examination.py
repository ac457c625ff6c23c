"""Is the state in order? Looks, and changes nothing."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from duoshou.settings import Settings, Workspace
from duoshou.state.address import address, shown
from duoshou.state.database import faults, make_engine
from duoshou.state.errors import StateTooNew, StateUnusable
from duoshou.state.migrating import SHIPPED, known_revisions, revision_of
from duoshou.state.models import Audit, FindingRow


@dataclass(frozen=True, slots=True)
class Examination:
    """What was seen.

    Attributes:
        place: The database, without user and password.
        server: `SQLite` or `PostgreSQL` with its version.
        revision: Version of its tables; None where they are not made yet.
        current: Whether that is the version of this program; an older one is migrated when it is next used.
        findings: How many findings it holds.
        writes: How many entries its audit log holds.
    """

    place: str
    server: str
    revision: str | None
    current: bool
    findings: int = 0
    writes: int = 0


def examine(workspace: Workspace, settings: Settings) -> Examination:
    """Look at the state of a workspace without making or migrating it.

    Raises:
        StateTooNew: If a newer version of the program made it.
        StateError: If it cannot be reached or is damaged.
    """
    url = address(workspace, settings)
    place, is_file = shown(url), url.get_backend_name() == "sqlite"
    if is_file and not workspace.state.is_file():
        return Examination(place, "SQLite", None, current=False)
    engine = make_engine(url)
    try:
        with faults(place):
            revision = revision_of(engine)
            with engine.connect() as connection:
                version = ".".join(map(str, connection.dialect.server_version_info or ()))
                server = f"{'SQLite' if is_file else 'PostgreSQL'} {version}"
                if is_file and (fault := connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()) != "ok":
                    raise StateUnusable(place, str(fault))
                if revision != SHIPPED.head:
                    if revision is not None and revision not in known_revisions(SHIPPED):
                        raise StateTooNew(place, revision)
                    return Examination(place, server, revision, current=False)
                findings = connection.scalar(select(func.count()).select_from(FindingRow)) or 0
                writes = connection.scalar(select(func.count()).select_from(Audit)) or 0
                return Examination(place, server, revision, True, findings, writes)
    finally:
        engine.dispose()
