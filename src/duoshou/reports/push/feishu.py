"""飞书 (and Lark), custom robots of a group.

Source: 飞书开放平台, 自定义机器人使用指南 (signature: HMAC-SHA256 of nothing, with `timestamp`, a line end and the
secret as its key, in Base64, in the body; 100 messages a minute and 5 a second; a request of at most 20 KB, taken here
as 20,000 bytes because the guide does not say which) and its table of error codes.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from typing import Any

from duoshou.model import Text
from duoshou.reports.push.cutting import fit_rows, short_title
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

HOSTS = ("open.feishu.cn", "open.larksuite.com")
PACES = ((5, 1.0), (100, 60.0))
LONGEST_BODY = 20_000
LONGEST_TITLE = 240
BUSY = frozenset({2200, 11232, 11233, 99991400})
"""Fault of the service; too many messages: for the whole service, for the group, for the caller."""
BAD_REQUEST = 9499
"""Stands for a body that cannot be read and for too many requests: only the message tells them apart."""
GONE, SIGNATURE, FOREIGN, KEYWORD = 19001, 19021, 19022, 19024
HINTS = {
    GONE: LOOK_AT_ADDRESS,
    SIGNATURE: Text("检查密钥；本机时间误差不能超过一小时", "check the secret; the clock must be right within an hour"),
    FOREIGN: Text("在机器人的 IP 白名单里加上本机出口 IP", "add this machine's address to the robot's IP list"),
    KEYWORD: Text(
        "机器人的关键词请填“舵手”（英文消息填 Duoshou）", "as a keyword enter Duoshou (舵手 for Chinese messages)"
    ),
}


def letter(url: str, secret: str, message: Message, stamp: Stamp) -> Letter:
    """Return the request that posts a message as a card; a picture has no place in it without an app of one's own."""

    def fits(chosen: Sequence[Row]) -> bool:
        return len(_body(secret, message, chosen, stamp)) <= LONGEST_BODY

    rows = fit_rows(message, rows_of(message), fits)
    return Letter((Request(url, _body(secret, message, rows, stamp)),))


def signature(secret: str, seconds: int) -> str:
    """Return the signature of a moment in whole seconds since 1970."""
    digest = hmac.new(f"{seconds}\n{secret}".encode(), b"", hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def _body(secret: str, message: Message, rows: Sequence[Row], stamp: Stamp) -> bytes:
    seconds = int(stamp.moment.timestamp())
    signed = {"timestamp": str(seconds), "sign": signature(secret, seconds)} if secret else {}
    return to_json({**signed, "msg_type": "interactive", "card": _card(message, rows)})


def _card(message: Message, rows: Sequence[Row]) -> dict[str, Any]:
    title = {"tag": "plain_text", "content": short_title(message.headline, LONGEST_TITLE)}
    # Plain text: nothing in it can be a link or call a person.
    elements: list[dict[str, Any]] = [
        {"tag": "div", "text": {"tag": "plain_text", "content": "\n".join(part)}} for part in _parts(rows)
    ]
    if message.link:
        words = {"tag": "plain_text", "content": message.link_words}
        button = {"tag": "button", "text": words, "type": "primary", "url": message.link}
        elements.append({"tag": "action", "actions": [button]})
    header = {"title": title, "template": "red" if message.urgent else "blue"}
    return {"config": {"wide_screen_mode": True}, "header": header, "elements": elements}


def _parts(rows: Sequence[Row]) -> list[list[str]]:
    """Return the rows as one text per heading."""
    parts: list[list[str]] = []
    for row in rows:
        if row.is_heading or row.is_note or not parts:
            parts.append([])
        parts[-1].append(f"■ {row.text}" if row.is_heading else row.text if row.is_note else f"• {row.text}")
    return parts


def answer(body: bytes) -> Answer:
    """Return what the robot's answer means."""
    code, said = code_in(body, "code", "StatusCode")
    if code == 0:
        return DONE
    reason = Text(f"飞书返回 {code}：{said}", f"飞书 answered {code}: {said}")
    crowded = any(words in said.casefold() for words in ("frequency limited", "too many request"))
    if code in BUSY or (code == BAD_REQUEST and crowded):
        return Answer(Verdict.AGAIN, reason)
    return Answer(Verdict.REFUSED, reason, HINTS.get(code) if code is not None else None)
