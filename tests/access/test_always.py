"""What holds after any sequence of changes, in whatever order people make them."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event
from tests.access.conftest import OTHER, SECRET

from duoshou.access import (
    AccessError,
    Person,
    Right,
    change_password,
    create_first_owner,
    create_person,
    create_token,
    disable,
    enable,
    people,
    person_of_session,
    person_of_token,
    revoke_token,
    rights_of,
    set_role,
    sign_in,
    sign_out_everywhere,
    tokens,
)
from duoshou.model import Role
from duoshou.state import State
from duoshou.state.database import open_file

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
LOGINS = st.sampled_from(["wang", "li", "bot", "nobody"])
STEPS = st.one_of(
    st.tuples(st.just("add"), LOGINS, st.sampled_from(Role), st.sampled_from([SECRET, None])),
    st.tuples(st.just("role"), LOGINS, st.sampled_from(Role)),
    st.tuples(st.sampled_from(["disable", "enable", "password", "sign in", "out", "revoke"]), LOGINS),
    st.tuples(st.just("token"), LOGINS, st.sets(st.sampled_from(Right), min_size=1)),
)


class Team:
    """A state, with every secret that was ever told in it.

    Attributes:
        held: Secret of a session or token → whose it is.
    """

    def __init__(self, state: State) -> None:
        self.state = state
        self.held: dict[str, str] = {}

    def do(self, step: tuple[Any, ...]) -> None:
        """Do one thing; what is refused changes nothing."""
        action, login, *more = step
        with suppress(AccessError):
            if action == "add":
                create_person(self.state, login, login, more[0], more[1], by="test")
            elif action == "role":
                set_role(self.state, login, more[0], by="test")
            elif action == "disable":
                disable(self.state, login, by="test")
            elif action == "enable":
                enable(self.state, login, by="test")
            elif action == "password":
                change_password(self.state, login, OTHER, by="test")
            elif action == "sign in":
                self._sign_in(login)
            elif action == "out":
                sign_out_everywhere(self.state, login, by="test")
            elif action == "token":
                _, secret = create_token(self.state, login, "t", more[0], NOW + timedelta(9), by="test", now=NOW)
                self.held[secret] = login
            else:
                for token in tokens(self.state, login):
                    revoke_token(self.state, token.id, by="test")

    def _sign_in(self, login: str) -> None:
        for password in (SECRET, OTHER):
            with suppress(AccessError):
                self.held[sign_in(self.state, login, password, client=login, now=NOW).secret] = login

    def admitted(self) -> dict[str, Person]:
        """Return who comes in with each secret that opens."""
        found = {}
        for secret in self.held:
            session = person_of_session(self.state, secret, NOW)
            person = session.person if session else person_of_token(self.state, secret, NOW)
            if person is not None:
                found[secret] = person
        return found


@given(steps=st.lists(STEPS, min_size=5, max_size=25))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_somebody_manages_people_and_nobody_gets_more_than_their_role(steps: list[tuple[Any, ...]]) -> None:
    """An owner who can sign in is always there; a secret opens for its own person, enabled, within their role."""
    with tempfile.TemporaryDirectory() as folder, open_file(Path(folder) / "state.sqlite") as state:
        event.listen(state.engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous = OFF"))
        create_first_owner(state, "wang", "小王", SECRET)
        team = Team(state)
        for step in steps:
            team.do(step)
            known = {one.login: one for one in people(state)}
            assert any(one.role is Role.OWNER and one.has_password and not one.disabled for one in known.values())
            for secret, person in team.admitted().items():
                assert person.login == team.held[secret]
                assert not known[person.login].disabled
                assert person.role is known[person.login].role
                assert person.rights <= rights_of(person.role)
