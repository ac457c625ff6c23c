"""Which database holds the state, and how it is named to people: never with its password."""

from __future__ import annotations

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from duoshou.model import Text
from duoshou.settings import Settings, Workspace
from duoshou.state.errors import StateUnusable

DRIVER = "postgresql+psycopg"
SPELLINGS = ("postgres", "postgresql", DRIVER)


def address(workspace: Workspace, settings: Settings) -> URL:
    """Return where the state lies: `state.sqlite` in the workspace, or what `[state] url` names.

    Raises:
        StateUnusable: If the address cannot be read, or is not one of PostgreSQL.
    """
    if not settings.state.url:
        return URL.create("sqlite", database=str(workspace.state))
    try:
        url = make_url(settings.state.url)
    except (ArgumentError, ValueError):
        url = None
    if url is None or url.drivername not in SPELLINGS or not url.database:
        # The address may hold a password: neither it nor what the parser says of it is shown.
        raise StateUnusable(
            "duoshou.toml [state] url",
            "不是 PostgreSQL 的地址 (not an address of PostgreSQL)",
            Text(
                f"写成 {DRIVER}://用户@主机/数据库；密码里的特殊字符要写成 %XX",
                f"write {DRIVER}://user@host/database; special characters of a password as %XX",
            ),
        )
    return url.set(drivername=DRIVER)


def shown(url: URL) -> str:
    """Return an address as people may see it: a file's path, or host and database without user, password, options."""
    if url.get_backend_name() == "sqlite":
        return url.database or ""
    host = url.host or url.query.get("host") or ""
    where = host if isinstance(host, str) else ",".join(host)
    return f"postgresql://{where}{f':{url.port}' if url.port else ''}/{url.database}"
