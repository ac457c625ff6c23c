"""How often somebody may try to sign in: counted in the state, so that several processes count together.

An attempt is noted before the password is looked at, and forgotten when it was right: whoever tries a hundred at once
gets no further than whoever tries them one after another.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from ipaddress import IPv6Address, IPv6Network, ip_address

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from duoshou.access.errors import TooManyAttempts
from duoshou.state import State
from duoshou.state.content import clean
from duoshou.state.models import SignInAttempt

WINDOW = timedelta(minutes=15)
LOGIN_LIMIT = 10
"""Failures for one login within the window."""
CLIENT_LIMIT = 30
"""Failures from one address within the window: an office shares one."""

ATTEMPTS = "/attempts"
SIGNED = "sign-in"
GROUPS = 1 << 16


def subject_of(person: int | None, login: str) -> str:
    """Return under what the attempts for a login are counted.

    A login that nobody has falls into one of 65,536 groups: what was typed may be a password, and cannot be guessed
    from its group.
    """
    if person is not None:
        return f"person {person}"
    group = int.from_bytes(hashlib.sha256(login.encode("utf-8", "backslashreplace")).digest()[:4]) % GROUPS
    return f"nobody {group}"


def client_of(address: str) -> str:
    """Return under what the attempts from an address are counted: of IPv6 the network that one customer gets."""
    try:
        found = ip_address(address.strip())
    except ValueError:
        return clean(address)[:64]
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or IPv6Network((found, 64), strict=False))
    return str(found)


def admit(state: State, subject: str, client: str, moment: datetime) -> None:
    """Note an attempt.

    Raises:
        TooManyAttempts: If there were too many for this login or from this address; it is not noted then.
    """
    with state.writing(SIGNED, ATTEMPTS) as session:
        session.execute(delete(SignInAttempt).where(SignInAttempt.at <= moment - WINDOW))
        for column, value, limit in (
            (SignInAttempt.subject, subject, LOGIN_LIMIT),
            (SignInAttempt.client, client, CLIENT_LIMIT),
        ):
            _refuse(session, column == value, limit, moment)
        session.add(SignInAttempt(at=moment, subject=subject, client=client))


def forget(session: Session, subject: str) -> None:
    """Forget the attempts for a login that succeeded."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.subject == subject))


def _refuse(session: Session, matches: ColumnElement[bool], limit: int, moment: datetime) -> None:
    latest = select(SignInAttempt.at).where(matches).order_by(SignInAttempt.at.desc())
    # The one whose passing away makes room again.
    oldest = session.scalar(latest.offset(limit - 1).limit(1))
    if oldest is not None:
        raise TooManyAttempts(oldest + WINDOW, oldest + WINDOW - moment)
