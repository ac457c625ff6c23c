"""The kinds of targets, and what each is able to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from duoshou.model import Text
from duoshou.reports.push import dingtalk, feishu, webhook, wecom
from duoshou.reports.push.message import Message
from duoshou.reports.push.request import Answer, Letter, Stamp


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of target.

    Attributes:
        key: Name in the settings.
        title: Name for people.
        hosts: The platform's own hosts.
        path: How the path of a robot's address begins on them.
        paces: How many requests a robot takes within how many seconds, each pair for itself.
        takes_picture: Whether a picture has a place in its messages.
        letter: From address, secret, message and stamp to requests.
        answer: From the body of an answer with a status of success to its meaning.
    """

    key: str
    title: Text
    hosts: tuple[str, ...]
    path: str
    paces: tuple[tuple[int, float], ...]
    takes_picture: bool
    letter: Callable[[str, str, Message, Stamp], Letter]
    answer: Callable[[bytes], Answer]


KINDS = {
    kind.key: kind
    for kind in (
        Kind(
            "dingtalk",
            Text("钉钉", "DingTalk 钉钉"),
            dingtalk.HOSTS,
            "/robot/send",
            dingtalk.PACES,
            False,
            dingtalk.letter,
            dingtalk.answer,
        ),
        Kind(
            "wecom",
            Text("企业微信", "WeCom 企业微信"),
            wecom.HOSTS,
            "/cgi-bin/webhook/send",
            wecom.PACES,
            True,
            wecom.letter,
            wecom.answer,
        ),
        Kind(
            "feishu",
            Text("飞书", "Feishu 飞书"),
            feishu.HOSTS,
            "/open-apis/bot/",
            feishu.PACES,
            False,
            feishu.letter,
            feishu.answer,
        ),
        Kind(
            "webhook",
            Text("Webhook", "webhook"),
            webhook.HOSTS,
            "/",
            webhook.PACES,
            False,
            webhook.letter,
            webhook.answer,
        ),
    )
}
