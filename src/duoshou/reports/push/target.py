"""Where a message goes: a robot's address that may be used, its secret, and how neither is ever shown."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, parse_qsl, urlsplit

from duoshou.model import Text
from duoshou.reports.push.errors import PushError
from duoshou.reports.push.kinds import KINDS, Kind
from duoshou.settings.hosts import is_loopback

if TYPE_CHECKING:
    from duoshou.settings.schema import PushTarget

LEAST_SECRET = 6
"""Parts of an address shorter than this are no secrets, and common in other texts."""
PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class Target:
    """A robot that may be written to.

    Attributes:
        name: Name in the settings.
        kind: What it is.
        url: Its address; a secret, for most robots the only one.
        secret: With what requests are signed; empty: they are not.
    """

    name: str
    kind: Kind
    url: str = field(repr=False)
    secret: str = field(default="", repr=False)

    @property
    def host(self) -> str:
        """The host of the address, which may be shown."""
        return urlsplit(self.url).hostname or ""

    def hide(self, text: str) -> str:
        """Return `text` without the address, the secret and the parts of the address that let one in."""
        parts = urlsplit(self.url)
        tokens = [value for _, value in parse_qsl(parts.query)] + parts.path.split("/")
        hidden = [self.url, self.secret, parts.query, *tokens]
        for one in sorted(set(hidden), key=len, reverse=True):
            if len(one) >= LEAST_SECRET and one not in self.kind.path:
                text = text.replace(one, "…")
        return text


def target_of(push: PushTarget, hosts: Collection[str], environment: Mapping[str, str] | None = None) -> Target:
    """Return the target that `[[push]]` describes.

    Args:
        push: One target of the settings.
        hosts: Hosts beside the platform's own to which messages may go, each with its port unless that is the usual.
        environment: Where `url_env` and `secret_env` are looked up; None: the variables of the process.

    Raises:
        PushError: If a variable is not set, or the address may not be used.
    """
    variables = os.environ if environment is None else environment
    url = _value(push.name, push.url, push.url_env, variables)
    secret = _value(push.name, push.secret, push.secret_env, variables)
    kind = KINDS[push.kind]
    _check(push.name, url, kind, {one.strip().casefold() for one in hosts})
    return Target(push.name, kind, url, secret)


def _value(name: str, written: str, variable: str, variables: Mapping[str, str]) -> str:
    if not variable:
        return written.strip()
    value = variables.get(variable, "").strip()
    if not value:
        raise PushError.no_variable(name, variable)
    return value


def _check(name: str, url: str, kind: Kind, hosts: Collection[str]) -> None:
    """Refuse an address that is none, is not encrypted, or leads elsewhere."""
    parts, port = _parts(name, url)
    host = (parts.hostname or "").casefold()
    if parts.scheme == "http" and not is_loopback(host):
        raise PushError.bad_address(name, "必须用 https", "it must be https")
    spelled = f"[{host}]" if ":" in host else host
    if port not in {None, PORTS[parts.scheme]}:
        spelled += f":{port}"
    if spelled in hosts:
        return
    if spelled not in kind.hosts:
        allowed = "、".join(kind.hosts), ", ".join(kind.hosts)
        hint = Text(
            (f"{kind.title.zh}的地址在 {allowed[0]}；" if kind.hosts else "")
            + f'要发到别处，请在 duoshou.toml 里写 push_hosts = ["{spelled}"]',
            (f"robots of {kind.title.en} are at {allowed[1]}; " if kind.hosts else "")
            + f'to send elsewhere, write push_hosts = ["{spelled}"] in duoshou.toml',
        )
        raise PushError.bad_address(name, f"主机 {spelled} 未获允许", f"the host {spelled} is not allowed", hint)
    if not parts.path.startswith(kind.path):
        hint = Text("从群设置里重新复制机器人的 Webhook 地址", "copy the robot's webhook address from the group again")
        raise PushError.bad_address(
            name, f"它不是{kind.title.zh}机器人的地址", f"it is not the address of a robot of {kind.title.en}", hint
        )


def _parts(name: str, url: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = SplitResult("", "", "", "", ""), None
    if parts.scheme not in PORTS or not parts.hostname or not url.isascii() or not url.isprintable() or " " in url:
        raise PushError.bad_address(name, "应为 https:// 开头的完整网址", "it should be a whole address with https://")
    if parts.username is not None or parts.password is not None:
        raise PushError.bad_address(name, "不能含用户名或密码", "it must hold no user name and no password")
    return parts, port
