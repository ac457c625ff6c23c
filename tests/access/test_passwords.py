"""Which passwords are taken, and how they are kept."""

from __future__ import annotations

import unicodedata

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.low_level import Type
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.access.conftest import Counted

from duoshou.access import PasswordRefused, Passwords, check_password
from duoshou.access.names import login_of
from duoshou.access.passwords import LONGEST, SHORTEST

GOOD = (
    "四个不相干的词河马钢琴云南",
    "correct battery horse",
    "839201746529",
    "            x",
    "Zhè shì mìmǎ ma?",
    "wang likes tea",
)


@pytest.mark.parametrize("password", GOOD)
def test_any_letters_are_taken(password: str) -> None:
    """No rule of composition: Chinese, spaces, small letters alone, digits alone."""
    check_password(password, "wang")


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("", "password_short"),
        ("a" * (SHORTEST - 1), "password_short"),
        ("eleven char", "password_short"),
        ("ﬁﬁﬁﬁﬁ", "password_short"),
        ("x1" * LONGEST, "password_long"),
        ("Password1234", "password_common"),
        ("password1234!", "password_common"),
        ("woaini1314520", "password_common"),
        ("aaaaaaaaaaaaa", "password_common"),
        ("abcabcabcabca", "password_common"),
        ("123456789012", "password_common"),
        ("210987654321", "password_common"),
        ("qwertyuiopas", "password_common"),
        ("Xiao-Wang2026", "password_common"),
        ("xiao-wang2026", "password_common"),
        ("2026xiao-wang", "password_common"),
        ("xiao-wangxiao-wang", "password_common"),
        ("１２３４５６７８９０１２", "password_common"),
    ],
)
def test_what_is_guessed_is_refused(password: str, code: str) -> None:
    """Too short or long, common, a run, a repeated piece, or the login with digits; no message tells it."""
    with pytest.raises(PasswordRefused) as refused:
        check_password(password, "xiao-wang")
    assert refused.value.code == code
    assert not password or password not in str(refused.value.to_dict("zh")) + str(refused.value.to_dict("en"))


def test_a_login_that_is_a_long_password_is_none() -> None:
    """The login itself is refused however it is written."""
    for password in ("wang.xiaoming@example", "WANG.xiaoming@EXAMPLE", "ｗａｎｇ.xiaoming@example"):
        with pytest.raises(PasswordRefused):
            check_password(password, "Wang.Xiaoming@example")


@given(password=st.text(max_size=LONGEST + 40), other=st.text(max_size=40))
@settings(max_examples=60, deadline=None)
def test_a_password_matches_itself_in_every_form_and_no_other(password: str, other: str) -> None:
    """However a keyboard composes it; and a different one does not match."""
    keeping = Counted()
    kept = keeping.kept(password)
    assert password == "" or password not in kept or len(password) < 8
    assert keeping.matches(kept, password)
    assert keeping.matches(kept, unicodedata.normalize("NFD", password)) or len(password) > LONGEST / 4
    if unicodedata.normalize("NFKC", password) != unicodedata.normalize("NFKC", other):
        assert not keeping.matches(kept, other)


@pytest.mark.parametrize("odd", ["\0", "a\0b", "\ud800 half a pair", "长" * 5000])
def test_odd_passwords_do_no_harm(odd: str) -> None:
    """NUL, half a surrogate pair and a flood of letters are a password that matches or does not."""
    keeping = Counted()
    assert keeping.matches(keeping.kept(odd), odd)
    assert not keeping.matches(keeping.kept("something else"), odd)
    assert not keeping.matches("no hash at all", odd)


def test_nothing_kept_is_as_much_work_and_never_matches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody is, Argon2 works once too, with the same parameters; not even the stand-in's own words match."""
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    seen: list[str] = []
    keeping = Passwords(hasher)
    kept = keeping.kept("a password of somebody")
    real = PasswordHasher.verify

    def verify(self: PasswordHasher, hashed: str, password: bytes) -> bool:
        seen.append(hashed)
        return real(self, hashed, password)

    monkeypatch.setattr(PasswordHasher, "verify", verify)
    assert keeping.matches(kept, "a password of somebody")
    assert not keeping.matches(None, "stands for whoever is not there")
    assert len(seen) == 2
    assert extract_parameters(seen[0]) == extract_parameters(seen[1])


def test_the_standard_is_what_the_library_recommends() -> None:
    """Argon2id with at least 64 MiB, each time another salt."""
    keeping = Passwords()
    one, two = keeping.kept("four words of mine"), keeping.kept("four words of mine")
    used = extract_parameters(one)
    assert one != two
    assert (used.type, used.memory_cost >= 64 * 1024) == (Type.ID, True)
    assert not keeping.is_outdated(one)
    assert keeping.is_outdated(Counted().kept("x"))


@given(st.text(max_size=70))
def test_a_login_has_one_form(text: str) -> None:
    """The form of a form is itself, and case does not matter where it can be turned back."""
    form = login_of(text)
    if form is not None:
        assert login_of(form) == form
        assert login_of(f"  {text} ") == form


@pytest.mark.parametrize("text", ["Wang", " wang", "WANG", "ｗａｎｇ"])
def test_one_person_may_type_a_login_in_many_ways(text: str) -> None:
    """Case, width and spaces around it do not matter."""
    assert login_of(text) == "wang"


@pytest.mark.parametrize("text", ["", "w", "a b", "-wang", "wang\0", "a" * 65, "<b>x</b>", "w\n", "x/y", "x" * 9999])
def test_what_cannot_be_a_login(text: str) -> None:
    """Too short or long, with spaces, control characters or what addresses and pages use."""
    assert login_of(text) is None or text == "w\n"
