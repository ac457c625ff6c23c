"""Tokens of programs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from tests.access.conftest import SECRET

from duoshou.access import (
    Account,
    PersonRefused,
    Right,
    TokenRefused,
    UnknownToken,
    create_token,
    disable,
    enable,
    person_named,
    person_of_session,
    person_of_token,
    revoke_token,
    set_role,
    sign_in,
    tokens,
)
from duoshou.model import Role
from duoshou.state import State, audit_log
from duoshou.state.models import TokenRow

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=90)
BOTH = frozenset({Right.READ, Right.EXPORT})


def test_a_token_acts_for_its_person_with_its_rights(state: State, owner: Account) -> None:
    """The secret is told once and kept nowhere; it is no session."""
    token, secret = create_token(state, owner, "看板", BOTH, LATER, by="小王", now=NOW)
    assert (token.login, token.name, token.rights, token.expires_at, token.works(NOW)) == (
        "wang",
        "看板",
        BOTH,
        LATER,
        True,
    )
    person = person_of_token(state, secret, NOW)
    assert person is not None
    assert (person.id, person.role, person.rights, person.token_id) == (owner.id, Role.OWNER, BOTH, token.id)
    assert person.signature == f"小王 (wang) #{token.id}"
    assert person_of_session(state, secret, NOW) is None
    assert person_of_token(state, sign_in(state, "wang", SECRET, client="c", now=NOW).secret, NOW) is None
    with state.reading() as reading:
        assert secret not in repr(vars(reading.scalars(select(TokenRow)).one()))
    assert all(word not in repr(audit_log(state)) for word in (secret, "secret_hash"))


def test_a_token_never_may_more_than_the_role(state: State, owner: Account, clerk: Account) -> None:
    """Neither when it is made nor after the role has changed."""
    with pytest.raises(TokenRefused, match="export"):
        create_token(state, clerk, "x", BOTH, LATER, by="小王", now=NOW)
    set_role(state, clerk, Role.PROMOTION, by="小王")
    _, secret = create_token(state, "LI", "x", BOTH, LATER, by="小王", now=NOW)
    set_role(state, clerk, Role.SERVICE, by="小王")
    person = person_of_token(state, secret, NOW)
    assert person is not None
    assert person.rights == {Right.READ}


@pytest.mark.parametrize("expires", [NOW, NOW - timedelta(days=1), NOW + timedelta(days=367)])
def test_a_token_ends(state: State, owner: Account, expires: datetime) -> None:
    """In the future, and within a year."""
    with pytest.raises(TokenRefused):
        create_token(state, owner, "x", BOTH, expires, by="小王", now=NOW)


def test_a_token_has_a_name_and_a_right(state: State, owner: Account) -> None:
    """A list of tokens that nobody understands is no list."""
    with pytest.raises(TokenRefused):
        create_token(state, owner, "x", [], LATER, by="小王", now=NOW)
    with pytest.raises(PersonRefused):
        create_token(state, owner, " ", BOTH, LATER, by="小王", now=NOW)


def test_when_a_token_works_no_more(state: State, owner: Account, clerk: Account) -> None:
    """Over, revoked, or its person disabled; enabled again, it works again."""
    token, secret = create_token(state, clerk, "x", [Right.READ], LATER, by="小王", now=NOW)
    assert person_of_token(state, secret, LATER - timedelta(seconds=1)) is not None
    assert person_of_token(state, secret, LATER) is None
    disable(state, clerk, by="小王")
    assert person_of_token(state, secret, NOW) is None
    enable(state, clerk, by="小王")
    assert person_of_token(state, secret, NOW) is not None
    for _ in range(2):
        revoke_token(state, token.id, by="小王")
    assert person_of_token(state, secret, NOW) is None
    (listed,) = tokens(state, clerk)
    assert not listed.works(NOW)
    assert len([one for one in audit_log(state) if one.entity == "api_token"]) == 2


def test_tokens_of_one_and_of_all(state: State, owner: Account, clerk: Account) -> None:
    """Each list has its own; another's token is not found where only one's own may be revoked."""
    mine, _ = create_token(state, owner, "a", BOTH, LATER, by="小王", now=NOW)
    theirs, _ = create_token(state, clerk, "b", [Right.READ], LATER, by="小王", now=NOW)
    assert [one.id for one in tokens(state)] == [theirs.id, mine.id]
    assert [one.id for one in tokens(state, person_named(state, "wang"))] == [mine.id]
    assert tokens(state, "nobody") == ()
    for number, of in ((theirs.id, "wang"), (mine.id, "nobody"), (999, None), (-1, None), (1 << 70, None)):
        with pytest.raises(UnknownToken):
            revoke_token(state, number, by="小王", of=of)
    assert all(one.works(NOW) for one in tokens(state))


def test_a_use_is_noted_to_some_minutes_and_not_in_the_log(state: State, owner: Account) -> None:
    """So that a forgotten token can be told from one in use."""
    _, secret = create_token(state, owner, "x", BOTH, LATER, by="小王", now=NOW)
    before = audit_log(state)
    for minutes, known in ((0, 0), (5, 0), (10, 10)):
        assert person_of_token(state, secret, NOW + timedelta(minutes=minutes)) is not None
        assert tokens(state)[0].last_used_at == NOW + timedelta(minutes=known)
    assert audit_log(state) == before


@pytest.mark.parametrize("secret", ["", "duoshou_", "duoshou_" + "x" * 43, "x" * 9999, "密", "\0", "\udfff"])
def test_another_secret_is_nobody(state: State, owner: Account, secret: str) -> None:
    """Whatever a program sends."""
    create_token(state, owner, "x", BOTH, LATER, by="小王", now=NOW)
    assert person_of_token(state, secret, NOW) is None
