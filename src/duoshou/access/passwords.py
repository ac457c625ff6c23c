"""Passwords: which are taken, and how they are kept.

Which: NIST SP 800-63B, section 3.1.1: a least length, no rule of composition, no forced change, every letter of every
script, and a list of what is commonly chosen. How: Argon2id (RFC 9106) with the parameters that argon2-cffi
recommends, made anew at sign-in where these have grown.
"""

from __future__ import annotations

import threading
import tomllib
import unicodedata
from functools import cache, cached_property
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from duoshou.access.errors import PasswordRefused
from duoshou.access.names import login_of
from duoshou.model import Text

SHORTEST = 12
LONGEST = 256
PIECE = 4
RUNS = ("1234567890" * 3, "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "1234567890qwertyuiop")
COMMON = Path(__file__).parent / "common_passwords.toml"
AT_ONCE = 2
"""How many passwords one process looks at together: each takes 64 MiB and as much of a core as it can get."""


class Passwords:
    """Makes and checks what is kept of a password.

    Args:
        hasher: Parameters of Argon2id.
        at_once: How many threads may compute together.
    """

    def __init__(self, hasher: PasswordHasher | None = None, at_once: int = AT_ONCE) -> None:
        self._hasher = hasher or PasswordHasher()
        self._turns = threading.BoundedSemaphore(at_once)

    def kept(self, password: str) -> str:
        """Return what is kept of a password: Argon2id with its parameters and its salt."""
        with self._turns:
            return self._hasher.hash(_bytes(password))

    def matches(self, kept: str | None, password: str) -> bool:
        """Return whether a password is the one of which `kept` was kept.

        Where nothing was kept the work is the same: nobody learns from the time it takes which logins there are.
        """
        stand_in = self._stand_in
        with self._turns:
            try:
                return self._hasher.verify(kept or stand_in, _bytes(password)) and kept is not None
            except (Argon2Error, InvalidHashError):
                return False

    def is_outdated(self, kept: str) -> bool:
        """Return whether it was made with other parameters than those of today."""
        return self._hasher.check_needs_rehash(kept)

    @cached_property
    def _stand_in(self) -> str:
        return self.kept("stands for whoever is not there")


@cache
def standard() -> Passwords:
    """Return the one of this process, with the parameters that argon2-cffi recommends."""
    return Passwords()


def check_password(password: str, login: str) -> None:
    """Let a new password pass, or say why not.

    Args:
        password: What the person chose.
        login: Their login.

    Raises:
        PasswordRefused: If it is too short or too long, is the login, or is commonly chosen.
    """
    chosen = _normal(password)
    if len(chosen) < SHORTEST:
        raise PasswordRefused(
            "password_short",
            Text(f"密码至少要 {SHORTEST} 个字", f"a password has at least {SHORTEST} characters"),
            hint=Text("几个不相干的词连起来就好记又难猜", "a few words that have nothing to do with each other"),
        )
    if len(password) > LONGEST or len(chosen) > LONGEST:
        raise PasswordRefused(
            "password_long", Text(f"密码最多 {LONGEST} 个字", f"a password has at most {LONGEST} characters")
        )
    if _is_guessable(chosen.casefold(), login_of(login) or login.casefold()):
        raise PasswordRefused(
            "password_common",
            Text("这个密码太容易被猜到", "this password is easily guessed"),
            hint=Text(
                "不要用登录名、常见密码、连号或重复的字",
                "take neither the login nor a common password, a run of keys or a repeated piece",
            ),
        )


def _is_guessable(chosen: str, login: str) -> bool:
    bare = chosen.strip("!?.,;:*#~-_ 　！？。")
    return (
        chosen in _common()
        or bare in _common()
        or (login in bare and not bare.replace(login, "").strip("0123456789"))
        or any(_repeats(chosen, length) for length in {*range(1, PIECE + 1), len(login)})
        or any(chosen in run or chosen[::-1] in run for run in RUNS)
    )


def _repeats(text: str, length: int) -> bool:
    """Return whether a text is its first letters over and over."""
    return length > 0 and len(text) > length and (text[:length] * (len(text) // length + 1)).startswith(text)


@cache
def _common() -> frozenset[str]:
    return frozenset(tomllib.loads(COMMON.read_text(encoding="utf-8"))["words"])


def _normal(password: str) -> str:
    """Return a password in one form, however a keyboard composes it; what no stored one can be is cut."""
    return unicodedata.normalize("NFKC", password[: LONGEST + 1])


def _bytes(password: str) -> bytes:
    return _normal(password).encode("utf-8", "backslashreplace")
