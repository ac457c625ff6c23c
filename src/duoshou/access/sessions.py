"""Signing in, staying signed in, signing out.

A session ends after a week without use and in any case after 30 days (NIST SP 800-63B, section 2.1.3: at least once in
30 days). The state keeps the SHA-256 of its secret only, so that whoever reads the database is not signed in.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from duoshou.access import passwords as keeping
from duoshou.access.attempts import admit, client_of, forget, subject_of
from duoshou.access.errors import SignInRefused
from duoshou.access.passwords import Passwords
from duoshou.access.people import PEOPLE, Account, Person, changing, end_sessions, find, named, person_of
from duoshou.access.secret import csrf_of, digest, new_secret
from duoshou.state import State, StateBusy
from duoshou.state.models import PersonRow, SessionRow

IDLE = timedelta(days=7)
ABSOLUTE = timedelta(days=30)
TOUCH = timedelta(minutes=10)
"""How exactly it is known when a session or a token was last used: a page that is read is no write."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that has just begun.

    Attributes:
        person: Who.
        secret: What the browser keeps; it is told only here.
        csrf: What every form of the session carries.
        expires_at: When it ends at the latest.
    """

    person: Person
    secret: str
    csrf: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Session:
    """A session that goes on.

    Attributes:
        person: Who, with what they may now.
        csrf: What every form of it carries.
        started_at: When it began.
        expires_at: When it ends at the latest.
    """

    person: Person
    csrf: str
    started_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class SignedInPlace:
    """Where somebody is signed in.

    Attributes:
        started_at: Since when.
        last_used_at: When it was last used, to about ten minutes.
        client: The address from which they signed in.
        is_this: Whether it is the session that asks.
    """

    started_at: datetime
    last_used_at: datetime
    client: str
    is_this: bool


def sign_in(
    state: State,
    login: str,
    password: str,
    *,
    client: str,
    now: datetime | None = None,
    passwords: Passwords | None = None,
) -> SignedIn:
    """Begin a session.

    Args:
        state: Where people are kept.
        login: What was typed as login.
        password: What was typed as password.
        client: Address of whoever asks.
        now: The moment; by default this one.
        passwords: How passwords are kept.

    Raises:
        SignInRefused: If they do not go together; the same where nobody has the login, or where they are disabled.
        TooManyAttempts: If there were too many failures for the login or from the address.
    """
    moment, hasher = now or datetime.now(UTC), passwords or keeping.standard()
    known, subject = _verified(state, login, password, client, moment, hasher)
    renewed = hasher.kept(password) if hasher.is_outdated(known.kept) else None
    secret = new_secret()
    with state.writing(known.person.signature, PEOPLE) as session:
        row = session.get(PersonRow, known.person.id)
        # Since the password was looked at, it may have been changed, or the person disabled.
        if row is None or row.disabled or row.password_hash != known.kept:
            raise SignInRefused
        if renewed is not None:
            row.password_hash = renewed
        for old in session.scalars(select(SessionRow).filter_by(person=row.id)):
            if _is_over(old, moment):
                session.delete(old)
        session.add(
            SessionRow(
                secret_hash=digest(secret),
                person=row.id,
                created_at=moment,
                last_used_at=moment,
                expires_at=moment + ABSOLUTE,
                client=client_of(client),
            )
        )
        forget(session, subject)
        return SignedIn(person_of(row), secret, csrf_of(secret), moment + ABSOLUTE)


def confirm_password(
    state: State,
    who: Person | Account | str,
    password: str,
    *,
    client: str,
    now: datetime | None = None,
    passwords: Passwords | None = None,
) -> None:
    """Let pass whoever knows the password of a person, as before a change of it; counted as an attempt to sign in.

    Raises:
        SignInRefused: If it is another one.
        TooManyAttempts: As `sign_in`.
    """
    moment, hasher = now or datetime.now(UTC), passwords or keeping.standard()
    known, subject = _verified(state, named(who), password, client, moment, hasher)
    with state.writing(known.person.signature, PEOPLE) as session:
        forget(session, subject)


def person_of_session(state: State, secret: str, now: datetime | None = None) -> Session | None:
    """Return the session of a secret; None where there is none, it is over, or the person is disabled."""
    kept, moment = digest(secret), now or datetime.now(UTC)
    if kept is None:
        return None
    query = (
        select(SessionRow, PersonRow)
        .join(PersonRow, SessionRow.person == PersonRow.id)
        .where(SessionRow.secret_hash == kept)
    )
    with state.reading() as reading:
        found = reading.execute(query).one_or_none()
        if found is None:
            return None
        row, owner = found
        if owner.disabled or _is_over(row, moment):
            return None
        answer = Session(person_of(owner), csrf_of(secret), row.created_at, row.expires_at)
        number, is_stale = row.id, moment - row.last_used_at >= TOUCH
    if is_stale:
        _touch(state, number, moment)
    return answer


def sign_out(state: State, secret: str) -> None:
    """End a session; nothing happens where there is none."""
    kept = digest(secret)
    if kept is None:
        return
    with state.reading() as reading:
        query = select(PersonRow).join(SessionRow, SessionRow.person == PersonRow.id)
        owner = reading.scalars(query.where(SessionRow.secret_hash == kept)).one_or_none()
        if owner is None:
            return
        signature = person_of(owner).signature
    with state.writing(signature, PEOPLE) as session:
        for row in session.scalars(select(SessionRow).filter_by(secret_hash=kept)):
            session.delete(row)


def sign_out_everywhere(state: State, who: Person | Account | str, *, by: str) -> int:
    """End all sessions of somebody and return how many there were.

    Raises:
        UnknownPerson: If there is nobody with this login.
    """
    with changing(state, named(who), by) as (session, row):
        return end_sessions(session, row)


def signed_in_places(
    state: State, who: Person | Account | str, *, secret: str = "", now: datetime | None = None
) -> tuple[SignedInPlace, ...]:
    """Return where somebody is signed in, the latest first.

    Args:
        state: Where sessions are kept.
        who: Whose.
        secret: Secret of the session that asks.
        now: The moment.
    """
    moment, kept = now or datetime.now(UTC), digest(secret)
    with state.reading() as session:
        row = find(session, named(who))
        if row is None:
            return ()
        rows = session.scalars(select(SessionRow).filter_by(person=row.id).order_by(SessionRow.id.desc()))
        return tuple(
            SignedInPlace(one.created_at, one.last_used_at, one.client, one.secret_hash == kept)
            for one in rows
            if not _is_over(one, moment)
        )


@dataclass(frozen=True, slots=True)
class _Known:
    person: Person
    kept: str


def _verified(
    state: State, login: str, password: str, client: str, moment: datetime, hasher: Passwords
) -> tuple[_Known, str]:
    """Return who has a login and a password, and under what their attempts are counted."""
    with state.reading() as session:
        row = find(session, login)
        kept = None if row is None or row.disabled else row.password_hash
        known = None if row is None or kept is None else _Known(person_of(row), kept)
        subject = subject_of(None if row is None else row.id, login)
    admit(state, subject, client_of(client), moment)
    if not hasher.matches(kept, password) or known is None:
        raise SignInRefused
    return known, subject


def _is_over(row: SessionRow, moment: datetime) -> bool:
    return moment >= row.expires_at or moment - row.last_used_at >= IDLE


def _touch(state: State, number: int, moment: datetime) -> None:
    # A page is not refused because somebody else keeps writing.
    with suppress(StateBusy), state.writing("session", f"/session {number}") as session:
        row = session.get(SessionRow, number)
        if row is not None and row.last_used_at < moment:
            row.last_used_at = moment
