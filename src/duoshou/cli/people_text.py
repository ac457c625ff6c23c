"""People and tokens in words and as JSON."""

from __future__ import annotations

import getpass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from duoshou.cli.session import Session
from duoshou.cli.width import table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duoshou.access import Account, Token


def whoever_types(command: str) -> str:
    """Return who acts on the command line, for the audit log: the command, and the user of this computer."""
    try:
        return f"{command} ({getpass.getuser()})"
    except (OSError, KeyError):
        return command


def people_table(people: Sequence[Account], session: Session) -> str:
    """Return everybody as a table."""
    from duoshou.access import role_title

    if not people:
        return session.say(
            "还没有人员；用 duoshou user add 添加第一个店主。", "Nobody yet; duoshou user add makes the first owner."
        )
    header = [
        session.say(*words)
        for words in (("登录名", "login"), ("姓名", "name"), ("角色", "role"), ("状态", "state"), ("添加于", "since"))
    ]
    rows = [
        [
            one.login,
            one.name,
            role_title(one.role).in_language(session.language),
            _state_of(one, session),
            _day(one.created_at, session),
        ]
        for one in people
    ]
    return table(header, rows)


def tokens_table(tokens: Sequence[Token], session: Session) -> str:
    """Return tokens as a table."""
    if not tokens:
        return session.say("没有令牌。", "There are no tokens.")
    words = (("编号", "no."), ("登录名", "login"), ("用途", "name"), ("权限", "rights"), ("到期", "ends"))
    header = [session.say(*one) for one in (*words, ("最近使用", "last used"), ("状态", "state"))]
    rows = [
        [
            str(one.id),
            one.login,
            one.name,
            " ".join(sorted(one.rights)),
            _day(one.expires_at, session),
            _day(one.last_used_at, session) if one.last_used_at else "—",
            _token_state(one, session),
        ]
        for one in tokens
    ]
    return table(header, rows, numeric=[True])


def person_shape(person: Account) -> dict[str, Any]:
    """Return somebody as JSON."""
    return {
        "id": person.id,
        "login": person.login,
        "name": person.name,
        "role": person.role.value,
        "has_password": person.has_password,
        "disabled": person.disabled,
        "created_at": person.created_at.isoformat(),
    }


def token_shape(token: Token) -> dict[str, Any]:
    """Return a token as JSON, without its secret."""
    return {
        "id": token.id,
        "login": token.login,
        "name": token.name,
        "rights": sorted(token.rights),
        "created_at": token.created_at.isoformat(),
        "expires_at": token.expires_at.isoformat(),
        "last_used_at": token.last_used_at.isoformat() if token.last_used_at else None,
        "revoked_at": token.revoked_at.isoformat() if token.revoked_at else None,
    }


def _state_of(person: Account, session: Session) -> str:
    if person.disabled:
        return session.say("已停用", "disabled")
    return session.say("可登录", "can sign in") if person.has_password else session.say("只用令牌", "tokens only")


def _token_state(token: Token, session: Session) -> str:
    if token.works():
        return session.say("有效", "works")
    return session.say("已撤销", "revoked") if token.revoked_at else session.say("已到期", "ended")


def _day(moment: datetime, session: Session) -> str:
    """Return the day of a moment where the shop is."""
    return moment.astimezone(ZoneInfo(session.workbench.settings.timezone)).date().isoformat()
