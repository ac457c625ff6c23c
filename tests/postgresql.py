"""A PostgreSQL server for one run of the tests: reached through a socket in its own folder, thrown away afterwards."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

SUPERUSER = "duoshou"
# The server refuses to run as root; as root it is started as one of these.
UNPRIVILEGED = ("postgres", "nobody")


def programs() -> Path | None:
    """Return the folder of the server programs: on the path, or where Debian keeps the newest version."""
    found = shutil.which("pg_ctl")
    if found is not None:
        return Path(found).resolve().parent
    versions = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/pg_ctl")]
    return max(versions, key=lambda path: float(path.parent.name), default=None)


def has_server() -> bool:
    """Return whether this machine can start a server."""
    folder = programs()
    return os.name == "posix" and folder is not None and (folder / "initdb").exists() and _user() is not False


def _user() -> tuple[int, int] | bool:
    """Return whose process the server is to be (user, group): True for one's own, False where there is nobody."""
    if os.geteuid() != 0:
        return True
    # Windows has no such module, and this one is read there too.
    import pwd

    for name in UNPRIVILEGED:
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return found.pw_uid, found.pw_gid
    return False


@dataclass(frozen=True)
class Server:
    """A running server.

    Attributes:
        folder: Where its socket lies.
    """

    folder: Path
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def new_database(self) -> str:
        """Make an empty database and return its address."""
        import psycopg

        name = f"test_{next(self._numbers)}"
        with psycopg.connect(host=str(self.folder), user=SUPERUSER, dbname="postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return f"postgresql+psycopg://{SUPERUSER}@/{name}?host={self.folder}"


@contextmanager
def running_server() -> Iterator[Server]:
    """Start a server on an empty cluster and stop it at the end."""
    binaries, user = programs(), _user()
    assert binaries is not None
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    who: dict[str, object] = {}
    if isinstance(user, tuple):
        os.chown(folder, *user)
        who = {"user": user[0], "group": user[1], "extra_groups": []}

    def run(program: str, *words: str) -> None:
        log = folder / f"{program}.out"
        command: Sequence[str] = [str(binaries / program), "-D", str(folder / "data"), *words]
        # Into a file: the server would keep a pipe open.
        with log.open("w") as output:
            done = subprocess.run(command, cwd=folder, stdout=output, stderr=output, **who)  # type: ignore[call-overload]
        assert done.returncode == 0, log.read_text(errors="replace")

    try:
        run("initdb", "--username", SUPERUSER, "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C")
        options = f"-c listen_addresses='' -c fsync=off -c unix_socket_directories='{folder}'"
        run("pg_ctl", "-w", "-o", options, "start")
        try:
            yield Server(folder)
        finally:
            run("pg_ctl", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
