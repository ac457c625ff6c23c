"""钉钉, custom robots of a group.

Source: 钉钉开放平台, 自定义机器人接入 (signature: HMAC-SHA256 with the secret over `timestamp`, a line end and the
secret, in Base64, as a parameter of the address; 20 messages a minute, then 10 minutes of silence; a message of at most
20,000 bytes) and its table of error codes.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from urllib.parse import quote_plus

from duoshou.model import Text
from duoshou.reports.push.cutting import fit_rows, short_title
from duoshou.reports.push.markup import harmless, link
from duoshou.reports.push.message import Message, Row, rows_of
from duoshou.reports.push.request import (
    DONE,
    LOOK_AT_ADDRESS,
    Answer,
    Letter,
    Request,
    Stamp,
    Verdict,
    code_in,
    to_json,
)

HOSTS = ("oapi.dingtalk.com",)
PACES = ((20, 60.0),)
LONGEST_BODY = 20_000
LONGEST_TITLE = 240
BUSY = frozenset({-1, 130101, 410100, 410101})
"""System busy; more than 20 messages in a minute, by the older and the newer tables."""
SECURITY = 310000
LOOK_AT_SECURITY = Text(
    "安全设置不符：检查加签密钥；用关键词时请填“舵手”（英文消息填 Duoshou）；用 IP 段时加上本机出口 IP；"
    "本机时间误差不能超过一小时",
    "its security settings refuse it: check the secret; as a keyword enter Duoshou (舵手 for Chinese messages); with "
    "an IP range add this machine's; the clock must be right within an hour",
)
GONE = frozenset({300001, 300005, 400013, 400101, 400102, 400103, 400106, 400107})


def letter(url: str, secret: str, message: Message, stamp: Stamp) -> Letter:
    """Return the request that posts a message; a picture has no place in it, for the robot takes only addresses."""
    rows = fit_rows(message, rows_of(message), lambda chosen: len(_body(message, chosen)) <= LONGEST_BODY)
    return Letter((Request(signed(url, secret, stamp), _body(message, rows)),))


def signed(url: str, secret: str, stamp: Stamp) -> str:
    """Return the address with time and signature; as it is where the robot has no secret."""
    if not secret:
        return url
    milliseconds = int(stamp.moment.timestamp() * 1000)
    digest = hmac.new(secret.encode(), f"{milliseconds}\n{secret}".encode(), hashlib.sha256).digest()
    joint = "&" if "?" in url else "?"
    return f"{url}{joint}timestamp={milliseconds}&sign={quote_plus(base64.b64encode(digest))}"


def _body(message: Message, rows: Sequence[Row]) -> bytes:
    title = short_title(message.headline, LONGEST_TITLE)
    parts = [f"### {harmless(title)}\n"]
    parts += [f"\n**{harmless(row.text)}**\n" if row.is_heading else f"- {harmless(row.text)}" for row in rows]
    if message.link:
        parts.append(f"\n{link(message.link_words, message.link)}")
    return to_json({"msgtype": "markdown", "markdown": {"title": title, "text": "\n".join(parts)}})


def answer(body: bytes) -> Answer:
    """Return what the robot's answer means."""
    code, said = code_in(body, "errcode")
    if code == 0:
        return DONE
    reason = Text(f"钉钉返回 {code}：{said}", f"钉钉 answered {code}: {said}")
    if code in BUSY:
        return Answer(Verdict.AGAIN, reason)
    if code == SECURITY:
        return Answer(Verdict.REFUSED, reason, LOOK_AT_SECURITY)
    return Answer(Verdict.REFUSED, reason, LOOK_AT_ADDRESS if code in GONE else None)
