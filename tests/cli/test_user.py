"""`duoshou user` and `duoshou token`."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.access.conftest import OTHER, SECRET, Counted
from tests.cli.conftest import Command
from tests.cli.test_json_shapes import documented, shape

from duoshou.access import Right, SignInRefused, passwords, people, person_of_token, sign_in
from duoshou.cli import main
from duoshou.cli.commands.token import command as token_command
from duoshou.settings import Workspace, load_settings
from duoshou.state import State, audit_log, open_state

Type = Callable[[bytes], None]


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords that cost little."""
    monkeypatch.setattr(passwords, "standard", Counted)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A workspace in which nobody is yet."""
    folder = tmp_path / "shop"
    assert main(["init", str(folder)]) == 0
    return folder


@pytest.fixture
def pipe(monkeypatch: pytest.MonkeyPatch) -> Type:
    """Let the next command read bytes from a pipe."""

    def give(content: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content), encoding="ascii"))

    return give


def state_of(place: Path) -> State:
    """Open the state of a workspace."""
    workspace = Workspace.at(place)
    return open_state(workspace, load_settings(workspace))


@pytest.fixture
def staffed(place: Path, duoshou: Command, pipe: Type) -> Path:
    """A workspace with an owner and somebody of the customer service."""
    pipe(SECRET.encode())
    assert duoshou("user", "add", "Wang", "--name", "小王", "--workspace", place).code == 0
    pipe(OTHER.encode())
    assert duoshou("user", "add", "li", "--role", "service", "--workspace", place).code == 0
    return place


def test_the_first_one_is_the_owner_and_signs_in(place: Path, tmp_path: Path, duoshou: Command, pipe: Type) -> None:
    """The password comes from a pipe or from a file, whose first line is taken without its end."""
    assert "duoshou user add" in duoshou("user", "list", "--workspace", place).out
    pipe(SECRET.encode() + b"\r\nmore")
    made = duoshou("user", "add", "Wang", "--name", "小王", "--workspace", place, "--json")
    answer = json.loads(made.out)
    assert [(one["login"], one["name"], one["role"]) for one in answer["people"]] == [("wang", "小王", "owner")]
    (tmp_path / "pw").write_bytes(b"\xef\xbb\xbf" + OTHER.encode() + b"\n")
    file = ("--password-file", tmp_path / "pw")
    assert duoshou("user", "add", "li", "--role", "service", *file, "--workspace", place).code == 0
    with state_of(place) as state:
        assert sign_in(state, "wang", SECRET, client="c").person.name == "小王"
        assert sign_in(state, "li", OTHER, client="c").person.name == "li"
    assert all(secret not in made.out + made.err for secret in (SECRET, "argon2"))


def test_people_are_listed_and_changed(staffed: Path, duoshou: Command, pipe: Type) -> None:
    """Each change shows who is concerned, takes effect, and is signed in the log by the computer's user."""
    at = ("--workspace", staffed)
    listed = duoshou("user", "list", *at).out
    assert ["小王" in listed, "店主" in listed, "客服" in listed] == [True] * 3
    assert "customer service" in duoshou("user", "list", *at, "--lang", "en").out
    assert "推广" in duoshou("user", "role", "LI", "promotion", *at).out
    assert "李姐" in duoshou("user", "rename", "li", "--name", "李姐", *at).out
    assert "已停用" in duoshou("user", "disable", "li", *at).out
    assert "可登录" in duoshou("user", "enable", "li", *at).out
    pipe(SECRET.encode())
    assert duoshou("user", "password", "li", *at).code == 0
    assert "只用令牌" in duoshou("user", "add", "bot", "--role", "viewer", "--no-password", *at).out
    with state_of(staffed) as state:
        with pytest.raises(SignInRefused):
            sign_in(state, "li", OTHER, client="c")
        assert sign_in(state, "li", SECRET, client="c").person.role.value == "promotion"
        assert [one.login for one in people(state)] == ["wang", "li", "bot"]
        assert all(one.actor.startswith("duoshou user") for one in audit_log(state, limit=99, entity="person"))


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("user", "add"), "user_words"),
        (("user", "add", "a1", "b"), "user_words"),
        (("user", "list", "li"), "user_words"),
        (("user", "list", "--role", "viewer"), "user_words"),
        (("user", "rename", "li"), "user_words"),
        (("user", "disable", "li", "--no-password"), "user_words"),
        (("user", "add", "zhao"), "user_role_missing"),
        (("user", "add", "zhao", "--role", "boss"), "usage_choice"),
        (("user", "role", "li", "boss"), "usage_choice"),
        (("user", "role", "nobody", "viewer"), "unknown_person"),
        (("user", "password", "nobody"), "unknown_person"),
        (("user", "disable", "wang"), "last_owner"),
        (("user", "add", "li", "--role", "viewer", "--no-password"), "login_taken"),
        (("user", "add", "a b", "--role", "viewer", "--no-password"), "login_form"),
        (("user", "add", "zhao", "--role", "viewer", "--password-file", "no-such-file"), "password_file"),
        (("user", "fire", "li"), "usage_choice"),
        (("token", "new", "li"), "token_words"),
        (("token", "new", "li", "x", "--right", "everything"), "usage_choice"),
        (("token", "new", "li", "x", "--right", "people"), "token_rights"),
        (("token", "new", "li", "x", "--days", "367"), "token_end"),
        (("token", "new", "li", "x", "--days", "0"), "token_end"),
        (("token", "new", "li", "x", "--days", "9" * 30), "token_end"),
        (("token", "new", "nobody", "x"), "unknown_person"),
        (("token", "list", "nobody"), "unknown_person"),
        (("token", "revoke", "7"), "unknown_token"),
        (("token", "revoke", "x"), "token_number"),
    ],
)
def test_what_cannot_be_is_refused(staffed: Path, duoshou: Command, words: tuple[str, ...], code: str) -> None:
    """Exit code 2, an error that has both languages, and nobody changed."""
    with state_of(staffed) as state:
        before = people(state), audit_log(state)
    for language in ("zh", "en"):
        refused = duoshou(*words, "--workspace", staffed, "--json", "--lang", language)
        assert refused.code == 2, refused
        error = json.loads(refused.err)["error"]
        assert error["code"] == code
        assert any("一" <= letter <= "鿿" for letter in error["message"]) is (language == "zh"), error
    with state_of(staffed) as state:
        assert (people(state), audit_log(state)) == before


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "password_missing"),
        (b"\n", "password_missing"),
        (b"short\n", "password_short"),
        ("四个不相干的词河马钢琴云南".encode("gb18030"), "password_encoding"),
        (b"x" * 5000, "password_long"),
    ],
)
def test_a_pipe_without_a_password(place: Path, duoshou: Command, pipe: Type, content: bytes, code: str) -> None:
    """It is said what is wrong, without the password; nobody is made."""
    pipe(content)
    refused = duoshou("user", "add", "wang", "--workspace", place, "--json")
    assert (refused.code, json.loads(refused.err)["error"]["code"]) == (2, code)
    assert "short\n" not in refused.err
    with state_of(place) as state:
        assert people(state) == ()


@pytest.mark.skipif(os.name != "posix", reason="a terminal of its own needs a system that has pseudo-terminals")
def test_a_terminal_shows_no_password(place: Path) -> None:
    """Typed twice at a real terminal, it is taken and nowhere echoed."""
    import pty
    import select
    import subprocess

    parent, child = pty.openpty()
    running = subprocess.Popen(
        [sys.executable, "-m", "duoshou", "user", "add", "wang", "--workspace", str(place)],
        stdin=child,
        stdout=child,
        stderr=child,
        start_new_session=True,
        env={**os.environ, "TERM": "dumb"},
    )
    os.close(child)
    shown = b""

    def read_until(word: str) -> None:
        nonlocal shown
        while word.encode() not in shown:
            assert select.select([parent], [], [], 60)[0], shown
            shown += os.read(parent, 1000)

    try:
        read_until("新密码")
        os.write(parent, SECRET.encode() + b"\n")
        read_until("再输入一次")
        os.write(parent, SECRET.encode() + b"\n")
        read_until("可登录")
    finally:
        running.wait(60)
        os.close(parent)
    assert running.returncode == 0
    assert SECRET not in shown.decode()


def test_a_token_is_shown_once_and_works_until_it_is_revoked(staffed: Path, duoshou: Command) -> None:
    """Alone on standard output; the list tells everything but the secret."""
    at = ("--workspace", staffed)
    made = duoshou("token", "new", "wang", "销售看板", "--right", "read", "--right", "export", *at)
    secret = made.out.strip()
    with state_of(staffed) as state:
        person = person_of_token(state, secret)
        assert person is not None
        assert (person.login, sorted(person.rights)) == ("wang", [Right.EXPORT, Right.READ])
    listed = duoshou("token", "list", *at).out
    assert ["销售看板" in listed, "export read" in listed, "有效" in listed, secret in listed] == [
        True,
        True,
        True,
        False,
    ]
    assert "没有令牌" in duoshou("token", "list", "li", *at).out
    assert "已撤销" in duoshou("token", "revoke", str(person.token_id), *at).out
    with state_of(staffed) as state:
        assert person_of_token(state, secret) is None


def test_the_json_of_people_and_tokens(staffed: Path, duoshou: Command) -> None:
    """The documented names, and no others."""
    at = ("--workspace", staffed, "--json")
    assert shape(json.loads(duoshou("user", "list", *at).out)) == shape(documented("`duoshou user --json`"))
    made = json.loads(duoshou("token", "new", "wang", "x", *at).out)
    assert made["token"]["rights"] == ["read"]
    assert list(made) == ["schema_version", "token", "secret"]
    listed = json.loads(duoshou("token", "list", *at).out)
    assert listed["tokens"] == [made["token"]]
    assert shape(listed) == shape(documented("`duoshou token --json`"))


def test_the_help_names_every_right() -> None:
    """Whoever makes a token sees what there is to choose from."""
    (option,) = [one for one in token_command.params if one.name == "rights"]
    assert set(str(option.to_info_dict()["help"]).split()) >= {one.value for one in Right}
