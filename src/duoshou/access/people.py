"""Who there is: made, renamed in their role, disabled; never deleted, as the log names them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from duoshou.access import passwords as keeping
from duoshou.access.errors import LastOwner, PersonRefused, UnknownPerson
from duoshou.access.names import checked_login, checked_name, login_of
from duoshou.access.passwords import Passwords, check_password
from duoshou.access.rights import Right, rights_of
from duoshou.access.secret import digest
from duoshou.model import Role, Text
from duoshou.state import State
from duoshou.state.audit import MOMENT
from duoshou.state.models import PersonRow, SessionRow

PEOPLE = "/people"
"""The part of the state whose writers follow one another: two of them cannot both leave no owner."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who asks for something.

    Attributes:
        id: Their number.
        login: With what they sign in.
        name: What others read of them.
        role: Their role.
        rights: What they may now: what the role may, narrowed by the token where they came with one.
        token_id: Number of the token; None where they signed in.
    """

    id: int
    login: str
    name: str
    role: Role
    rights: frozenset[Right]
    token_id: int | None = None

    @property
    def signature(self) -> str:
        """How they stand in the audit log and under what they decide."""
        signed = self.name if self.name == self.login else f"{self.name} ({self.login})"
        return signed if self.token_id is None else f"{signed} #{self.token_id}"


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody as those see them who manage people.

    Attributes:
        has_password: Whether they can sign in; otherwise only their tokens can.
    """

    id: int
    login: str
    name: str
    role: Role
    has_password: bool
    disabled: bool
    created_at: datetime


def needs_first_owner(state: State) -> bool:
    """Return whether there is nobody yet."""
    with state.reading() as session:
        return not _is_anybody(session)


def create_first_owner(
    state: State, login: str, name: str, password: str, *, passwords: Passwords | None = None
) -> Account:
    """Make the first person, an owner, while there is nobody; of several who try at once one succeeds.

    Raises:
        PersonRefused: If there is somebody already, or login or name cannot be.
        PasswordRefused: If the password could be guessed.
    """
    if not needs_first_owner(state):
        raise _not_first()
    return _create(state, login, name, Role.OWNER, password, by=login, first=True, passwords=passwords)


def create_person(
    state: State,
    login: str,
    name: str,
    role: Role,
    password: str | None,
    *,
    by: str,
    passwords: Passwords | None = None,
) -> Account:
    """Make a person.

    Args:
        state: Where people are kept.
        login: With what they sign in.
        name: What others read of them.
        role: What they do for the shop.
        password: None for somebody who has tokens only.
        by: Who makes them, for the audit log.
        passwords: How passwords are kept; by default as recommended.

    Raises:
        PersonRefused: If login or name cannot be, the login is taken, or the first person is to be no owner.
        PasswordRefused: If the password could be guessed.
    """
    return _create(state, login, name, role, password, by=by, first=False, passwords=passwords)


def change_password(
    state: State,
    who: Person | Account | str,
    password: str,
    *,
    by: str,
    keep: str | None = None,
    passwords: Passwords | None = None,
) -> None:
    """Set a new password; whoever is signed in with the old one is signed out.

    Args:
        state: Where people are kept.
        who: Whose; a login, or the person.
        password: The new one.
        by: Who changes it.
        keep: Secret of a session that goes on, that of whoever changes their own.
        passwords: How passwords are kept.

    Raises:
        UnknownPerson: If there is nobody with this login.
        PasswordRefused: If the password could be guessed.
    """
    login = named(who)
    check_password(password, login)
    kept = (passwords or keeping.standard()).kept(password)
    with changing(state, login, by) as (session, row):
        row.password_hash, row.password_set_at = kept, session.info[MOMENT]
        end_sessions(session, row, but=keep)


def set_role(state: State, who: Person | Account | str, role: Role, *, by: str) -> None:
    """Give somebody another role; it holds from their next request on.

    Raises:
        UnknownPerson: If there is nobody with this login.
        LastOwner: If nobody would be left who manages people.
    """
    with changing(state, named(who), by) as (session, row):
        if role is not Role.OWNER:
            _keep_an_owner(session, row)
        row.role = Role(role).value


def rename(state: State, who: Person | Account | str, name: str, *, by: str) -> None:
    """Change what others read of somebody.

    Raises:
        UnknownPerson: If there is nobody with this login.
        PersonRefused: If the name cannot be.
    """
    wanted = checked_name(name)
    with changing(state, named(who), by) as (_, row):
        row.name = wanted


def disable(state: State, who: Person | Account | str, *, by: str) -> None:
    """Let somebody in no more: they are signed out, and their tokens do not work.

    Raises:
        UnknownPerson: If there is nobody with this login.
        LastOwner: If nobody would be left who manages people.
    """
    with changing(state, named(who), by) as (session, row):
        _keep_an_owner(session, row)
        row.disabled = True
        end_sessions(session, row)


def enable(state: State, who: Person | Account | str, *, by: str) -> None:
    """Let somebody in again; tokens that were not revoked work again.

    Raises:
        UnknownPerson: If there is nobody with this login.
    """
    with changing(state, named(who), by) as (_, row):
        row.disabled = False


def people(state: State) -> tuple[Account, ...]:
    """Return everybody, those who were made first first."""
    with state.reading() as session:
        return tuple(_account(row) for row in session.scalars(select(PersonRow).order_by(PersonRow.id)))


def find_account(state: State, login: str) -> Account:
    """Return somebody by their login, also when they are disabled.

    Raises:
        UnknownPerson: If there is nobody with this login.
    """
    with state.reading() as session:
        row = find(session, login)
        if row is None:
            raise UnknownPerson(login)
        return _account(row)


def person_named(state: State, login: str) -> Person:
    """Return the person with a login, for whoever acts for them on their own machine.

    Raises:
        UnknownPerson: If there is nobody with this login, or they are disabled.
    """
    with state.reading() as session:
        row = find(session, login)
        if row is None or row.disabled:
            raise UnknownPerson(login)
        return person_of(row)


def person_of(row: PersonRow) -> Person:
    """Return a person with all that their role may."""
    role = Role(row.role)
    return Person(row.id, row.login, row.name, role, rights_of(role))


def named(who: Person | Account | str) -> str:
    """Return a login."""
    return who if isinstance(who, str) else who.login


def find(session: Session, login: str) -> PersonRow | None:
    """Return the row of a login, however it is written."""
    form = login_of(login)
    return None if form is None else session.scalars(select(PersonRow).filter_by(login=form)).one_or_none()


@contextmanager
def changing(state: State, login: str, by: str) -> Iterator[tuple[Session, PersonRow]]:
    """Yield a person's row in a transaction that follows all others about people.

    Raises:
        UnknownPerson: If there is nobody with this login.
    """
    with state.writing(by, PEOPLE) as session:
        row = find(session, login)
        if row is None:
            raise UnknownPerson(login)
        yield session, row


def end_sessions(session: Session, row: PersonRow, *, but: str | None = None) -> int:
    """Sign somebody out wherever they are signed in, and return in how many places they were.

    Args:
        session: The transaction.
        row: Who.
        but: Secret of a session that goes on.
    """
    kept, ended = digest(but) if but else None, 0
    for one in session.scalars(select(SessionRow).filter_by(person=row.id)):
        if one.secret_hash != kept:
            session.delete(one)
            ended += 1
    return ended


def _create(
    state: State,
    login: str,
    name: str,
    role: Role,
    password: str | None,
    *,
    by: str,
    first: bool,
    passwords: Passwords | None,
) -> Account:
    login, name = checked_login(login), checked_name(name)
    kept = None
    if password is not None:
        check_password(password, login)
        # Before the transaction: it takes long, and nobody is to wait for it.
        kept = (passwords or keeping.standard()).kept(password)
    with state.writing(by, PEOPLE) as session:
        is_anybody = _is_anybody(session)
        if first and is_anybody:
            raise _not_first()
        if not is_anybody and role != Role.OWNER:
            raise PersonRefused(
                "first_is_owner",
                Text("第一个人要是店主", "the first person is an owner"),
                hint=Text("先添加店主，再由店主添加别人", "make the owner first, then the others"),
            )
        if find(session, login) is not None:
            raise PersonRefused(
                "login_taken",
                Text(f"登录名“{login}”已经有人用了", f"the login {login!r} is taken"),
                hint=Text("换一个登录名", "choose another one"),
            )
        moment: datetime = session.info[MOMENT]
        row = PersonRow(
            login=login,
            name=name,
            role=Role(role).value,
            password_hash=kept,
            password_set_at=None if kept is None else moment,
            disabled=False,
            created_at=moment,
        )
        session.add(row)
        session.flush()
        return _account(row)


def _is_anybody(session: Session) -> bool:
    return session.scalar(select(PersonRow.id).limit(1)) is not None


def _not_first() -> PersonRefused:
    return PersonRefused(
        "not_first",
        Text("已经有人员了，不能再创建第一个店主", "there are people already; the first owner was made"),
        hint=Text("请登录；新人员由店主添加", "sign in; owners add people"),
    )


def _keep_an_owner(session: Session, row: PersonRow) -> None:
    """Refuse to take away the last person who manages people."""
    if row.role != Role.OWNER.value or row.disabled:
        return
    others = select(func.count()).select_from(PersonRow).filter_by(role=Role.OWNER.value, disabled=False)
    if not session.scalar(others.where(PersonRow.id != row.id, PersonRow.password_hash.is_not(None))):
        raise LastOwner(row.login)


def _account(row: PersonRow) -> Account:
    has_password = row.password_hash is not None
    return Account(row.id, row.login, row.name, Role(row.role), has_password, row.disabled, row.created_at)
