"""What can go wrong with people and their rights.

AccessError
├── SignInRefused     login and password do not go together; it is not said which of them is wrong
├── TooManyAttempts   too often tried without success
├── PasswordRefused   a password that could be guessed
├── PersonRefused     a login, a name or a change that cannot be
├── UnknownPerson     nobody has this login
├── LastOwner         nobody would be left who manages people
├── TokenRefused      a token that cannot be
└── UnknownToken      there is no such token

No message ever holds a password or a secret.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil

from duoshou.model import DuoshouError, Text


class AccessError(DuoshouError):
    """Base of every error of this layer."""


class SignInRefused(AccessError):
    """A login and a password that do not go together, or belong to somebody who is disabled."""

    def __init__(self) -> None:
        super().__init__(
            "sign_in_refused",
            Text("登录名或密码不对", "login or password is wrong"),
            hint=Text(
                "请再试一次；忘了密码请店主用 duoshou user password 重设",
                "try again; if the password is forgotten, the owner sets a new one with duoshou user password",
            ),
        )


class TooManyAttempts(AccessError):
    """Too many attempts without success.

    Attributes:
        retry_at: When the next one is looked at.
        retry_seconds: How long that is, in whole seconds.
    """

    def __init__(self, retry_at: datetime, wait: timedelta) -> None:
        self.retry_at = retry_at
        self.retry_seconds = max(1, ceil(wait.total_seconds()))
        minutes = ceil(self.retry_seconds / 60)
        super().__init__(
            "too_many_attempts",
            Text("登录失败的次数太多", "too many attempts to sign in have failed"),
            hint=Text(f"请在 {minutes} 分钟后再试", f"try again in {minutes} min"),
        )


class PasswordRefused(AccessError):
    """A password that could be guessed, or is too long to be meant."""


class PersonRefused(AccessError):
    """A login or a name that cannot be, or is taken."""


class UnknownPerson(AccessError):
    """Nobody has this login."""

    def __init__(self, login: str) -> None:
        super().__init__(
            "unknown_person",
            Text(f"没有登录名为“{login}”的人", f"nobody has the login {login!r}"),
            hint=Text("全部人员见 duoshou user list", "duoshou user list shows everybody"),
        )


class LastOwner(AccessError):
    """Nobody would be left who manages people."""

    def __init__(self, login: str) -> None:
        super().__init__(
            "last_owner",
            Text(f"{login} 是唯一可用的店主，不能停用或改角色", f"{login} is the only owner who can sign in"),
            hint=Text("先让另一个人成为店主", "first make somebody else an owner"),
        )


class TokenRefused(AccessError):
    """A token that cannot be."""


class UnknownToken(AccessError):
    """There is no such token."""

    def __init__(self, number: int) -> None:
        super().__init__(
            "unknown_token",
            Text(f"没有编号为 {number} 的令牌", f"there is no token {number}"),
            hint=Text("全部令牌见 duoshou token list", "duoshou token list shows them all"),
        )
