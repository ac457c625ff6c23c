"""Signing in, staying signed in, and the limit of attempts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from tests.access.conftest import CLIENT, OTHER, SECRET, Counted

from duoshou.access import (
    Account,
    Passwords,
    Right,
    SignInRefused,
    TooManyAttempts,
    change_password,
    confirm_password,
    create_person,
    create_token,
    csrf_matches,
    csrf_of,
    person_of_session,
    person_of_token,
    sign_in,
    sign_out,
    sign_out_everywhere,
    signed_in_places,
)
from duoshou.access.attempts import CLIENT_LIMIT, LOGIN_LIMIT, WINDOW, client_of, subject_of
from duoshou.access.sessions import ABSOLUTE, IDLE, TOUCH
from duoshou.model import Role
from duoshou.state import State, audit_log, write_file
from duoshou.state.database import open_file
from duoshou.state.models import PersonRow, SessionRow, SignInAttempt

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def count(state: State, table: type[SessionRow | SignInAttempt]) -> int:
    """Return how many rows a table has."""
    with state.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def fail(state: State, login: str, client: str = CLIENT, now: datetime = NOW) -> None:
    """Try a wrong password."""
    with pytest.raises(SignInRefused):
        sign_in(state, login, "wrong password", client=client, now=now)


def test_whoever_signs_in_is_known_afterwards(state: State, owner: Account) -> None:
    """The secret leads to the person and the form's token; the state keeps neither secret nor anything like it."""
    signed = sign_in(state, " WANG", SECRET, client=CLIENT, now=NOW)
    session = person_of_session(state, signed.secret, NOW)
    assert session is not None
    assert (session.person, session.csrf, session.expires_at) == (signed.person, signed.csrf, NOW + ABSOLUTE)
    assert (signed.person.name, signed.person.role, signed.person.token_id) == ("小王", Role.OWNER, None)
    assert csrf_matches(signed.secret, signed.csrf)
    with state.reading() as reading:
        row = reading.scalars(select(SessionRow)).one()
        assert signed.secret not in repr(vars(row))
        assert len(row.secret_hash) == 64
    assert sign_in(state, "wang", SECRET, client=CLIENT, now=NOW).secret != signed.secret


@pytest.mark.parametrize("secret", ["", "x", "x" * 43, "x" * 10_000, "\0", "秘密", "' OR 1=1 --", "\ud800"])
def test_another_secret_is_nobody(state: State, owner: Account, secret: str) -> None:
    """Whatever a browser sends."""
    sign_in(state, "wang", SECRET, client=CLIENT, now=NOW)
    assert person_of_session(state, secret, NOW) is None
    sign_out(state, secret)
    assert count(state, SessionRow) == 1


def test_a_session_slides_and_has_an_end(state: State, owner: Account) -> None:
    """Used at least once a week it goes on, at most thirty days; unused for a week it is over."""
    secret = sign_in(state, "wang", SECRET, client=CLIENT, now=NOW).secret
    moment = NOW
    while moment + IDLE - MINUTE < NOW + ABSOLUTE:
        moment += IDLE - MINUTE
        assert person_of_session(state, secret, moment) is not None
    assert person_of_session(state, secret, NOW + ABSOLUTE - MINUTE) is not None
    assert person_of_session(state, secret, NOW + ABSOLUTE) is None
    idle = sign_in(state, "wang", SECRET, client=CLIENT, now=NOW).secret
    assert person_of_session(state, idle, NOW + IDLE) is None
    # The next sign-in sweeps what is over away.
    sign_in(state, "wang", SECRET, client=CLIENT, now=NOW + ABSOLUTE)
    assert count(state, SessionRow) == 1


def test_most_uses_are_no_write_and_none_is_in_the_log(state: State, owner: Account) -> None:
    """When it was last used is known to some minutes, and is not what the log is for."""
    secret = sign_in(state, "wang", SECRET, client=CLIENT, now=NOW).secret
    before = audit_log(state)

    def last_used() -> datetime:
        with state.reading() as reading:
            return reading.scalars(select(SessionRow.last_used_at)).one()

    for moment, known in ((NOW + TOUCH - MINUTE, NOW), (NOW + TOUCH, NOW + TOUCH), (NOW, NOW + TOUCH)):
        assert person_of_session(state, secret, moment) is not None
        assert last_used() == known
    assert audit_log(state) == before


def test_signing_out(state: State, owner: Account) -> None:
    """Here, or everywhere."""
    one, two, three = (
        sign_in(state, "wang", SECRET, client=f"192.0.2.{number}", now=NOW).secret for number in (1, 2, 3)
    )
    sign_out(state, one)
    sign_out(state, one)
    assert person_of_session(state, one, NOW) is None
    places = signed_in_places(state, owner, secret=two, now=NOW)
    assert [(place.client, place.is_this) for place in places] == [("192.0.2.3", False), ("192.0.2.2", True)]
    assert sign_out_everywhere(state, owner, by="小王") == 2
    assert person_of_session(state, two, NOW) is person_of_session(state, three, NOW) is None
    assert signed_in_places(state, owner, now=NOW) == ()


def test_nobody_learns_which_logins_there_are(state: State, owner: Account, clerk: Account, cheap: Counted) -> None:
    """Same message, and the same work: one look at a hash, whether or not there is somebody."""
    create_person(state, "robot", "程序", Role.VIEWER, None, by="wang")
    told = []
    for login in ("wang", "nobody", "no login at all", "", "robot"):
        with pytest.raises(SignInRefused) as refused:
            sign_in(state, login, "wrong password", client=CLIENT, now=NOW)
        told.append((refused.value.to_dict("zh"), refused.value.to_dict("en")))
    assert len({repr(one) for one in told}) == 1
    assert cheap.looks == ["somebody", "nobody", "nobody", "nobody", "nobody"]


@pytest.mark.parametrize("login", ["wang", "nobody"])
def test_a_login_is_tried_so_often_and_no_more(state: State, owner: Account, cheap: Counted, login: str) -> None:
    """From many addresses: then no password is looked at, not even the right one, until the window has passed."""
    for number in range(LOGIN_LIMIT):
        fail(state, login, client=f"192.0.2.{number}", now=NOW + number * MINUTE)
    looks = len(cheap.looks)
    with pytest.raises(TooManyAttempts) as refused:
        sign_in(state, login, SECRET, client="198.51.100.1", now=NOW + 10 * MINUTE)
    assert (refused.value.retry_at, refused.value.retry_seconds) == (NOW + WINDOW, 5 * 60)
    assert "5" in refused.value.in_language("zh")
    assert len(cheap.looks) == looks
    # Others are not concerned, and refused attempts do not prolong it.
    fail(state, "li", now=NOW + 10 * MINUTE)
    fail(state, login, now=NOW + WINDOW)


def test_an_address_tries_so_often_and_no_more(state: State, owner: Account) -> None:
    """With many logins; other addresses are not concerned."""
    for number in range(CLIENT_LIMIT):
        fail(state, f"guess{number}")
    with pytest.raises(TooManyAttempts):
        sign_in(state, "wang", SECRET, client=CLIENT, now=NOW)
    assert sign_in(state, "wang", SECRET, client="192.0.2.8", now=NOW).person.id == owner.id


def test_success_forgets_failures_of_the_login_only(state: State, owner: Account, clerk: Account) -> None:
    """Whoever has an account of their own does not clear the count of an address by it."""
    for _ in range(LOGIN_LIMIT - 1):
        fail(state, "wang")
    sign_in(state, "wang", SECRET, client=CLIENT, now=NOW)
    assert count(state, SignInAttempt) == 0
    for _ in range(LOGIN_LIMIT - 1):
        fail(state, "wang")
    sign_in(state, "li", OTHER, client=CLIENT, now=NOW)
    assert count(state, SignInAttempt) == LOGIN_LIMIT - 1


def test_attempts_are_forgotten_and_not_in_the_log(state: State, owner: Account) -> None:
    """What is older than the window goes with the next attempt; what was typed as a login is kept nowhere."""
    before = audit_log(state)
    fail(state, "my-secret-password-in-the-wrong-field")
    with state.reading() as reading:
        assert "secret" not in repr([vars(one) for one in reading.scalars(select(SignInAttempt))])
    fail(state, "wang", now=NOW + WINDOW)
    assert count(state, SignInAttempt) == 1
    assert audit_log(state) == before


def test_a_hash_of_former_parameters_is_made_anew(state: State, owner: Account) -> None:
    """At the next sign-in, and not again after it."""
    stronger = Passwords(PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))

    def kept() -> str | None:
        with state.reading() as reading:
            return reading.get_one(PersonRow, owner.id).password_hash

    before = kept()
    sign_in(state, "wang", SECRET, client=CLIENT, now=NOW, passwords=stronger)
    renewed = kept()
    assert renewed != before
    assert renewed is not None
    assert not stronger.is_outdated(renewed)
    sign_in(state, "wang", SECRET, client=CLIENT, now=NOW, passwords=stronger)
    assert kept() == renewed


def test_a_password_that_changes_meanwhile_opens_nothing(state: State, owner: Account) -> None:
    """Between the look at the password and the session, somebody sets another one: the old one no longer counts."""

    class Slow(Counted):
        def matches(self, kept: str | None, password: str) -> bool:
            matched = super().matches(kept, password)
            change_password(state, "wang", OTHER, by="小王")
            return matched

    with pytest.raises(SignInRefused):
        sign_in(state, "wang", SECRET, client=CLIENT, now=NOW, passwords=Slow())
    assert count(state, SessionRow) == 0


def test_who_changes_a_password_proves_that_they_know_it(state: State, owner: Account) -> None:
    """It counts as an attempt, so that an open session is no way to guess."""
    confirm_password(state, owner, SECRET, client=CLIENT, now=NOW)
    for _ in range(LOGIN_LIMIT):
        with pytest.raises(SignInRefused):
            confirm_password(state, owner, OTHER, client=CLIENT, now=NOW)
    with pytest.raises(TooManyAttempts):
        confirm_password(state, owner, SECRET, client=CLIENT, now=NOW)


@given(secret=st.text(), given_text=st.text())
def test_a_form_carries_what_only_its_session_knows(secret: str, given_text: str) -> None:
    """Another text never matches, and nothing matches where there is no session."""
    assert csrf_matches(secret, csrf_of(secret)) is (secret != "")
    if given_text != csrf_of(secret):
        assert not csrf_matches(secret, given_text)


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
        ("", ""),
        ("x\0" * 99, "x" * 64),
    ],
)
def test_one_customer_counts_as_one(address: str, counted: str) -> None:
    """Of IPv6 a customer has a whole network of addresses."""
    assert client_of(address) == counted


def test_unknown_logins_fall_into_few_groups() -> None:
    """Many share one, so that a group tells nobody what was typed."""
    groups = {subject_of(None, f"login{number}") for number in range(200_000)}
    assert 60_000 < len(groups) <= 65_536
    assert subject_of(3, "wang") not in groups


def test_whoever_is_disabled_past_this_program_is_out_too(state: State, owner: Account) -> None:
    """A session that nobody ended opens nothing while its person is disabled."""
    secret = sign_in(state, "wang", SECRET, client=CLIENT, now=NOW).secret
    with state.writing("test", "/people") as session:
        session.get_one(PersonRow, owner.id).disabled = True
    assert person_of_session(state, secret, NOW) is None


def test_a_copy_of_the_state_signs_nobody_in(state: State, owner: Account, tmp_path: Path) -> None:
    """Sessions and attempts stay behind; people, their passwords and tokens go along."""
    secret = sign_in(state, "wang", SECRET, client=CLIENT, now=NOW).secret
    _, token = create_token(state, owner, "x", [Right.READ], NOW + WINDOW, by="小王", now=NOW)
    fail(state, "wang")
    write_file(state, tmp_path / "copy.sqlite")
    with open_file(tmp_path / "copy.sqlite") as copy:
        assert person_of_session(copy, secret, NOW) is None
        assert (count(copy, SessionRow), count(copy, SignInAttempt)) == (0, 0)
        assert person_of_token(copy, token, NOW) is not None
        assert sign_in(copy, "wang", SECRET, client=CLIENT, now=NOW).person.login == "wang"
