"""Who asks, and what they may."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass

from duoshou.access import Person, Right
from duoshou.assistant.refusal import InputRefused, NotAllowed
from duoshou.model import Text

READING = frozenset({Right.READ, Right.EXPORT, Right.COSTS})
"""What whoever can open the folder of the workspace may read anyway."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever stands behind a call.

    Attributes:
        name: How they stand in the audit log; empty for somebody at this machine without a token.
        rights: What they may do.
        person: Their number; None for somebody at this machine without a token.
    """

    name: str
    rights: frozenset[Right]
    person: int | None = None

    @property
    def signature(self) -> str:
        """How the audit log names them: a person, and that an assistant did it for them."""
        return f"{self.name} (mcp)"

    def needs(self, *rights: Right) -> None:
        """Make sure of rights.

        Raises:
            NotAllowed: If one is missing.
        """
        missing = [right for right in rights if right not in self.rights]
        if missing:
            names = ", ".join(right.value for right in missing)
            raise NotAllowed(
                "right_missing",
                Text(f"没有这项权限：{names}", f"this takes a right that is missing: {names}"),
                hint=Text(
                    "请店主用 duoshou token new 发一个带这项权限的令牌，放进 DUOSHOU_TOKEN 或请求头",
                    "ask the owner for a token with it (duoshou token new), given in DUOSHOU_TOKEN or in the request",
                ),
            )


CALLER: ContextVar[Caller] = ContextVar("duoshou_caller")
"""Whoever stands behind the call at hand; threads that work for it see it too."""

WhoAsks = Callable[[], Caller]

AT_THIS_MACHINE = Caller("", READING)


def with_reading(person: Person) -> Caller:
    """Return a person at this machine: a token adds rights there, and hides nothing that lies open anyway."""
    return Caller(person.signature, READING | frozenset(person.rights), person.id)


def unknown_token() -> InputRefused:
    """Return the refusal of a token that nobody holds."""
    return InputRefused(
        "unknown_token",
        Text("令牌无效、已过期或已撤销", "the token is unknown, expired or revoked"),
        hint=Text(
            "用 duoshou token list 查看，用 duoshou token new 换一个", "see duoshou token list, and duoshou token new"
        ),
    )
