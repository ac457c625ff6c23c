"""People: made, changed, disabled; the last owner stays."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.access.conftest import CLIENT, OTHER, SECRET, Counted

from duoshou.access import (
    Account,
    LastOwner,
    PasswordRefused,
    PersonRefused,
    Right,
    SignInRefused,
    UnknownPerson,
    change_password,
    create_first_owner,
    create_person,
    disable,
    enable,
    needs_first_owner,
    people,
    person_named,
    person_of_session,
    rename,
    rights_of,
    set_role,
    sign_in,
)
from duoshou.model import Role
from duoshou.state import State, audit_log


def test_the_first_person_is_an_owner_and_the_first_only(state: State) -> None:
    """While there is nobody, whoever comes becomes the owner; afterwards never again."""
    assert needs_first_owner(state)
    made = create_first_owner(state, " WANG ", "小 王", SECRET)
    assert (made.login, made.name, made.role, made.disabled, made.has_password) == (
        "wang",
        "小 王",
        Role.OWNER,
        False,
        True,
    )
    assert not needs_first_owner(state)
    with pytest.raises(PersonRefused) as refused:
        create_first_owner(state, "mallory", "M", SECRET)
    assert refused.value.code == "not_first"
    assert people(state) == (made,)


def test_whoever_comes_second_meanwhile_is_no_owner(state: State) -> None:
    """While a password is made ready, somebody else becomes the first owner: that is noticed when it is written."""

    class Slow(Counted):
        def kept(self, password: str) -> str:
            if needs_first_owner(state):
                create_first_owner(state, "wang", "小王", SECRET)
            return super().kept(password)

    with pytest.raises(PersonRefused) as refused:
        create_first_owner(state, "mallory", "M", OTHER, passwords=Slow())
    assert refused.value.code == "not_first"
    assert [one.login for one in people(state)] == ["wang"]


def test_the_first_person_is_an_owner_also_where_somebody_else_was_meant(alone: State) -> None:
    """Otherwise nobody could manage people, and nobody could become the first owner any more."""
    with pytest.raises(PersonRefused) as refused:
        create_person(alone, "li", "小李", Role.VIEWER, OTHER, by="x")
    assert refused.value.code == "first_is_owner"
    assert needs_first_owner(alone)


def test_a_login_is_given_once(state: State, owner: Account) -> None:
    """Another case or width is the same login."""
    for login in ("wang", "WANG", "ｗａｎｇ"):
        with pytest.raises(PersonRefused, match="taken"):
            create_person(state, login, "another", Role.VIEWER, OTHER, by="wang")
    assert len(people(state)) == 1


@pytest.mark.parametrize(("login", "name"), [("a b", "x"), ("", "x"), ("ok", ""), ("ok", "\0"), ("ok", "x" * 61)])
def test_what_cannot_be_is_refused_in_both_languages(alone: State, login: str, name: str) -> None:
    """Login and name are checked before anything is written; the message tells how to mend it."""
    with pytest.raises(PersonRefused) as refused:
        create_person(alone, login, name, Role.VIEWER, OTHER, by="wang")
    assert refused.value.hint is not None
    assert refused.value.hint.zh != refused.value.hint.en
    assert needs_first_owner(alone)


def test_a_weak_password_makes_nobody(alone: State) -> None:
    """The person is not there afterwards."""
    with pytest.raises(PasswordRefused):
        create_first_owner(alone, "wang", "小王", "short")
    assert needs_first_owner(alone)


def test_a_role_changes_what_a_session_may_at_once(state: State, clerk: Account) -> None:
    """No new sign-in is needed, neither for more rights nor for fewer."""
    secret = sign_in(state, "li", OTHER, client=CLIENT).secret
    for role in (Role.OPERATOR, Role.VIEWER):
        set_role(state, clerk, role, by="小王")
        session = person_of_session(state, secret)
        assert session is not None
        assert (session.person.role, session.person.rights) == (role, rights_of(role))


def test_the_last_owner_stays(state: State, owner: Account, clerk: Account) -> None:
    """They cannot be disabled or become something else, until another owner is there who can sign in."""
    with pytest.raises(LastOwner):
        disable(state, owner, by="x")
    with pytest.raises(LastOwner):
        set_role(state, "wang", Role.VIEWER, by="x")
    set_role(state, clerk, Role.OWNER, by="小王")
    disable(state, clerk, by="小王")
    with pytest.raises(LastOwner):
        disable(state, owner, by="x")
    enable(state, clerk, by="小王")
    create_person(state, "robot", "程序", Role.OWNER, None, by="小王")
    disable(state, owner, by="x")
    assert [(one.login, one.disabled) for one in people(state)] == [
        ("wang", True),
        ("li", False),
        ("robot", False),
    ]
    set_role(state, "wang", Role.VIEWER, by="li")
    with pytest.raises(LastOwner):
        set_role(state, "li", Role.OPERATOR, by="li")


def test_an_owner_who_stays_one_may_be_told_so(state: State, owner: Account) -> None:
    """To be made an owner again changes nothing and is refused to nobody."""
    set_role(state, owner, Role.OWNER, by="x")
    assert person_named(state, "WANG").rights == set(Right)


def test_whoever_is_disabled_is_out(state: State, clerk: Account) -> None:
    """Their session ends and a new one is refused with the words of a wrong password; enabled, they sign in again."""
    secret = sign_in(state, "li", OTHER, client=CLIENT).secret
    disable(state, clerk, by="小王")
    assert person_of_session(state, secret) is None
    with pytest.raises(SignInRefused) as refused:
        sign_in(state, "li", OTHER, client=CLIENT)
    with pytest.raises(SignInRefused) as wrong:
        sign_in(state, "wang", OTHER, client=CLIENT)
    assert refused.value.to_dict() == wrong.value.to_dict()
    with pytest.raises(UnknownPerson):
        person_named(state, "li")
    enable(state, clerk, by="小王")
    assert person_of_session(state, secret) is None
    assert sign_in(state, "li", OTHER, client=CLIENT).person.name == "小李"


def test_a_new_password_ends_other_sessions(state: State, owner: Account) -> None:
    """The one from which it was changed goes on, and the old password works no more."""
    here, there = (sign_in(state, "wang", SECRET, client=CLIENT).secret for _ in range(2))
    change_password(state, owner, OTHER, by="小王", keep=here)
    assert person_of_session(state, here) is not None
    assert person_of_session(state, there) is None
    with pytest.raises(SignInRefused):
        sign_in(state, "wang", SECRET, client=CLIENT)
    assert sign_in(state, "wang", OTHER, client=CLIENT).person.id == owner.id
    with pytest.raises(PasswordRefused):
        change_password(state, "wang", "wang", by="小王")


def test_nobody_is_named(state: State, owner: Account) -> None:
    """A change to somebody who is not there says so."""
    changes: list[Callable[[], None]] = [
        lambda: set_role(state, "nobody", Role.VIEWER, by="x"),
        lambda: disable(state, "no such login", by="x"),
        lambda: change_password(state, "nobody", OTHER, by="x"),
        lambda: rename(state, "nobody", "x", by="x"),
    ]
    for change in changes:
        with pytest.raises(UnknownPerson):
            change()


def test_the_log_tells_who_changed_whom_and_no_secret(state: State, clerk: Account, cheap: Counted) -> None:
    """Each change has its entry with both sides; what proves who somebody is stands nowhere in it."""
    secret = sign_in(state, "li", OTHER, client=CLIENT).secret
    set_role(state, clerk, Role.OPERATOR, by="小王")
    rename(state, clerk, "李姐", by="小王")
    change_password(state, clerk, SECRET, by="小王")
    log = audit_log(state, limit=1000)
    changes = [(one.actor, one.before, one.after) for one in log if one.entity == "person" and one.action == "update"]
    assert ("小王", {"role": "service"}, {"role": "operator"}) in changes
    assert ("小王", {"name": "小李"}, {"name": "李姐"}) in changes
    assert [one for one in changes if one[2] is not None and one[2].keys() == {"password_set_at"}]
    assert {one.action for one in log if one.entity == "session"} == {"insert", "delete"}
    told = repr(log)
    assert "argon2" not in told
    assert "hash" not in told
    assert all(word not in told for word in (secret, SECRET, OTHER))
