"""The push targets of the settings: which there are, which can be used, and a message to one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from duoshou.app import digest
from duoshou.model import Language, Text
from duoshou.reports.push import KINDS, Delivery, Message, PushError, Sender, Target, target_of

if TYPE_CHECKING:
    from duoshou.settings import PushTarget, Settings


@dataclass(frozen=True, slots=True)
class KnownTarget:
    """A target of the settings, as it may be shown.

    Attributes:
        name: Its name.
        kind: Key of its kind.
        title: Name of its kind.
        host: Host of its address; None where that cannot be used.
        what: The kinds of messages that it gets.
        shops: Keys of the only shops that it is told of; empty: every shop.
        at: Time of day of its digest; None: at once.
        error: Why it cannot be used; None where it can.
    """

    name: str
    kind: str
    title: Text
    host: str | None
    what: tuple[str, ...]
    shops: tuple[str, ...]
    at: str | None
    error: PushError | None

    def to_dict(self, language: Language = "zh") -> dict[str, Any]:
        """Return the JSON shape, without anything secret."""
        error = None if self.error is None else self.error.to_dict(language)
        return {
            "name": self.name,
            "kind": self.kind,
            "host": self.host,
            "what": list(self.what),
            "shops": list(self.shops),
            "at": self.at,
            "error": error,
        }


def known_targets(settings: Settings) -> list[KnownTarget]:
    """Return the targets of the settings, each with what is wrong with it."""
    found = []
    for push in settings.push:
        host, error = None, None
        try:
            host = target_in(settings, push).host
        except PushError as caught:
            error = caught
        shops = tuple(settings.shop(name).key for name in push.shops)
        kind = KINDS[push.kind]
        found.append(KnownTarget(push.name, kind.key, kind.title, host, push.what, shops, push.at, error))
    return found


def named_push(settings: Settings, name: str) -> PushTarget:
    """Return the target of the settings that is called `name`.

    Raises:
        PushError: If none is.
    """
    wanted = name.strip().casefold()
    for push in settings.push:
        if push.name.strip().casefold() == wanted:
            return push
    raise PushError.unknown_target(name, [push.name for push in settings.push])


def target_in(settings: Settings, push: PushTarget) -> Target:
    """Return a target of the settings as one that may be written to.

    Raises:
        PushError: If its address is missing or not allowed.
    """
    return target_of(push, settings.push_hosts)


def send(push: PushTarget, settings: Settings, sender: Sender, message: Message) -> Delivery:
    """Send a message to a target; a target that cannot be used is told like one that did not answer."""
    try:
        target = target_in(settings, push)
    except PushError as error:
        return Delivery(push.name, False, reason=error.message, hint=error.hint, is_final=True)
    return sender.send(target, message)


def send_test(settings: Settings, name: str, sender: Sender) -> Delivery:
    """Send a message that says that it is a test.

    Raises:
        PushError: If no target is called so, or its address may not be used.
    """
    push = named_push(settings, name)
    target = target_in(settings, push)
    language = push.language or settings.language
    title = Text(f"测试消息（{settings.name}）", f"a test ({settings.name})")
    line = Text("收到这条消息，说明推送已经设置好。", "If you read this, push messages work.")
    return sender.send(target, digest.notice(title, [line], language))
