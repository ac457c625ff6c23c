"""人员 and 我的账号: who may do what, where somebody is signed in, the tokens of programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from duoshou.access import (
    Account,
    Person,
    Right,
    SignedInPlace,
    Token,
    find_account,
    people,
    right_title,
    rights_of,
    role_title,
    signed_in_places,
    tokens,
)
from duoshou.model import Role, Text, plain
from duoshou.state import State


@dataclass(frozen=True, slots=True)
class RoleRights:
    """What one role may."""

    role: Role
    title: Text
    rights: frozenset[Right]


@dataclass(frozen=True, slots=True)
class People:
    """Everybody, and the table of roles and rights."""

    accounts: tuple[Account, ...]
    roles: tuple[RoleRights, ...]
    rights: tuple[tuple[Right, Text], ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape; no password or hash is part of an account."""
        roles = [
            {"role": one.role.value, "title": plain(one.title), "rights": sorted(one.rights)} for one in self.roles
        ]
        return {"people": plain(self.accounts), "roles": roles}


@dataclass(frozen=True, slots=True)
class MyAccount:
    """What somebody may, where they are signed in, and the tokens that act for them."""

    account: Account
    role: Text
    rights: tuple[tuple[Right, Text], ...]
    places: tuple[SignedInPlace, ...]
    tokens: tuple[Token, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape; a token's secret is told once, when it is made."""
        rights = [right.value for right, _ in self.rights]
        return {
            "account": plain(self.account),
            "rights": rights,
            "sessions": plain(self.places),
            "tokens": [token_shape(one) for one in self.tokens],
        }


def token_shape(token: Token) -> dict[str, Any]:
    """Return the JSON shape of a token."""
    return {**plain(token), "rights": sorted(token.rights)}


def everybody(state: State) -> People:
    """Return all accounts, and what each role may."""
    roles = tuple(RoleRights(role, role_title(role), rights_of(role)) for role in Role)
    return People(tuple(people(state)), roles, tuple((right, right_title(right)) for right in Right))


def my_account(state: State, person: Person, secret: str) -> MyAccount:
    """Return the account of whoever asks.

    Args:
        state: Where people are kept.
        person: Who asks.
        secret: Secret of the session with which they ask; empty for a token.
    """
    held = rights_of(person.role)
    return MyAccount(
        find_account(state, person.login),
        role_title(person.role),
        tuple((right, right_title(right)) for right in Right if right in held),
        tuple(signed_in_places(state, person, secret=secret)),
        tuple(one for one in tokens(state, person) if one.revoked_at is None),
    )
