"""Secrets with which programs act for a person: narrowed to some rights, and with an end."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from duoshou.access.errors import TokenRefused, UnknownToken
from duoshou.access.names import checked_name
from duoshou.access.people import PEOPLE, Account, Person, changing, find, named, person_of
from duoshou.access.rights import Right, rights_of
from duoshou.access.secret import TOKEN_PREFIX, digest, new_secret
from duoshou.access.sessions import TOUCH
from duoshou.model import Role, Text
from duoshou.state import State, StateBusy
from duoshou.state.audit import MOMENT
from duoshou.state.models import PersonRow, TokenRow

LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Token:
    """A token, without its secret.

    Attributes:
        id: Its number.
        login: For whom it acts.
        name: What it is for.
        rights: To what it is narrowed; it may what of this the role may too.
        created_at: When it was made.
        expires_at: When it ends.
        last_used_at: When it was last used, to about ten minutes; None for never.
        revoked_at: When it was revoked; None for not.
    """

    id: int
    login: str
    name: str
    rights: frozenset[Right]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None

    def works(self, now: datetime | None = None) -> bool:
        """Return whether it is neither over nor revoked; that its person is not disabled is another question."""
        return self.revoked_at is None and (now or datetime.now(UTC)) < self.expires_at


def create_token(
    state: State,
    who: Person | Account | str,
    name: str,
    rights: Collection[Right],
    expires: datetime,
    *,
    by: str,
    now: datetime | None = None,
) -> tuple[Token, str]:
    """Make a token and return it with its secret, which is told only here.

    Args:
        state: Where tokens are kept.
        who: For whom it acts.
        name: What it is for.
        rights: What it may; part of what the role may.
        expires: When it ends, within a year.
        by: Who makes it.
        now: The moment.

    Raises:
        UnknownPerson: If there is nobody with this login.
        PersonRefused: If the name cannot be.
        TokenRefused: If it may nothing, or more than the person, or ends in the past or too late.
    """
    moment, called, wanted = now or datetime.now(UTC), checked_name(name), frozenset(map(Right, rights))
    if not moment < expires <= moment + LONGEST:
        raise TokenRefused(
            "token_end",
            Text("令牌的到期时间要在一年以内", "a token ends within a year"),
            hint=Text("选一个以后的、一年以内的时间", "choose a moment within the next year"),
        )
    secret = new_secret(TOKEN_PREFIX)
    with changing(state, named(who), by) as (session, person):
        _check_rights(wanted, Role(person.role))
        row = TokenRow(
            person=person.id,
            name=called,
            secret_hash=digest(secret),
            scopes=sorted(one.value for one in wanted),
            created_at=session.info[MOMENT],
            expires_at=expires,
            last_used_at=None,
            revoked_at=None,
        )
        session.add(row)
        session.flush()
        return _token(row, person), secret


def tokens(state: State, who: Person | Account | str | None = None) -> tuple[Token, ...]:
    """Return the tokens of a person or of all, the latest first, with those that ended."""
    query = select(TokenRow, PersonRow).join(PersonRow, TokenRow.person == PersonRow.id).order_by(TokenRow.id.desc())
    with state.reading() as session:
        if who is not None:
            row = find(session, named(who))
            if row is None:
                return ()
            query = query.where(TokenRow.person == row.id)
        return tuple(_token(token, person) for token, person in session.execute(query))


def revoke_token(state: State, number: int, *, by: str, of: Person | Account | str | None = None) -> None:
    """Let a token work no more; once is as good as twice.

    Args:
        state: Where tokens are kept.
        number: Its number.
        by: Who revokes it.
        of: Only if it is a token of this person.

    Raises:
        UnknownToken: If there is none.
    """
    with state.writing(by, PEOPLE) as session:
        row = session.get(TokenRow, number) if 0 < number < 1 << 63 else None
        owner = None if of is None else find(session, named(of))
        if row is None or (of is not None and (owner is None or row.person != owner.id)):
            raise UnknownToken(number)
        if row.revoked_at is None:
            row.revoked_at = session.info[MOMENT]


def person_of_token(state: State, secret: str, now: datetime | None = None) -> Person | None:
    """Return for whom a token acts, with what it and their role both may.

    Returns:
        None where there is no such token, it is over or revoked, or the person is disabled.
    """
    kept, moment = digest(secret), now or datetime.now(UTC)
    if kept is None:
        return None
    query = select(TokenRow, PersonRow).join(PersonRow, TokenRow.person == PersonRow.id)
    with state.reading() as session:
        found = session.execute(query.where(TokenRow.secret_hash == kept)).one_or_none()
        if found is None:
            return None
        row, owner = found
        token = _token(row, owner)
        if owner.disabled or not token.works(moment):
            return None
        person = person_of(owner)
    if token.last_used_at is None or moment - token.last_used_at >= TOUCH:
        _touch(state, token.id, moment)
    return replace(person, rights=person.rights & token.rights, token_id=token.id)


def _check_rights(wanted: frozenset[Right], role: Role) -> None:
    beyond = sorted(wanted - rights_of(role))
    if beyond:
        raise TokenRefused(
            "token_rights",
            Text(
                f"这个人的角色没有权限：{'、'.join(beyond)}",
                f"the role of this person lacks the right: {', '.join(beyond)}",
            ),
            hint=Text("只选角色已有的权限", "choose from what the role may"),
        )
    if not wanted:
        raise TokenRefused(
            "token_rights",
            Text("令牌至少要有一项权限", "a token has at least one right"),
            hint=Text("只读数据选 read", "read is enough for numbers"),
        )


def _token(row: TokenRow, person: PersonRow) -> Token:
    # A right that a later version has taken away is none.
    rights = frozenset(Right(one) for one in row.scopes if one in frozenset(Right))
    return Token(
        row.id, person.login, row.name, rights, row.created_at, row.expires_at, row.last_used_at, row.revoked_at
    )


def _touch(state: State, number: int, moment: datetime) -> None:
    with suppress(StateBusy), state.writing("token", f"/token {number}") as session:
        row = session.get(TokenRow, number)
        if row is not None and (row.last_used_at is None or row.last_used_at < moment):
            row.last_used_at = moment
