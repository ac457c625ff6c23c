"""企业微信, robots of a group.

Source: 企业微信开发者中心, 群机器人配置说明 (Markdown of at most 4,096 bytes; a picture, PNG or JPEG, of at most 2 MB
before Base64, with the MD5 of its bytes; 20 messages a minute) and 全局错误码.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence

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

HOSTS = ("qyapi.weixin.qq.com",)
PACES = ((20, 60.0),)
LONGEST_MARKDOWN = 4096
LONGEST_PICTURE = 2 * 1024 * 1024
LONGEST_TITLE = 240
PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
BUSY = frozenset({-1, 45009, 45033})
"""System busy; too many calls in a minute; too many calls at once."""
GONE = frozenset({93000, 93008})


def letter(url: str, _secret: str, message: Message, _stamp: Stamp) -> Letter:
    """Return the request of the text and, where there is a picture that the robot takes, that of the picture.

    The robot knows no signature: its address is the secret.
    """
    rows = fit_rows(message, rows_of(message), lambda chosen: _size(message, chosen) <= LONGEST_MARKDOWN)
    text = to_json({"msgtype": "markdown", "markdown": {"content": _markdown(message, rows)}})
    requests, notes = [Request(url, text)], []
    if message.picture is not None:
        if message.picture.startswith(PICTURES) and len(message.picture) <= LONGEST_PICTURE:
            requests.append(Request(url, to_json({"msgtype": "image", "image": _image(message.picture)})))
        else:
            notes.append(
                Text("图片没有发送：只接受 2 MB 以内的 PNG 或 JPEG", "no picture: only PNG or JPEG up to 2 MB is taken")
            )
    return Letter(tuple(requests), tuple(notes))


def _image(picture: bytes) -> dict[str, str]:
    # The platform asks for MD5 to find damage, not to keep anybody out.
    digest = hashlib.md5(picture, usedforsecurity=False).hexdigest()
    return {"base64": base64.b64encode(picture).decode(), "md5": digest}


def _size(message: Message, rows: Sequence[Row]) -> int:
    return len(_markdown(message, rows).encode("utf-8"))


def _markdown(message: Message, rows: Sequence[Row]) -> str:
    title = harmless(short_title(message.headline, LONGEST_TITLE))
    parts = [f'### <font color="warning">{title}</font>' if message.urgent else f"### {title}"]
    for row in rows:
        if row.is_note:
            parts.append(f'<font color="comment">{row.text}</font>')
        else:
            parts.append(f"\n**{harmless(row.text)}**" if row.is_heading else f"> {harmless(row.text)}")
    if message.link:
        parts.append(f"\n{link(message.link_words, message.link)}")
    return "\n".join(parts)


def answer(body: bytes) -> Answer:
    """Return what the robot's answer means."""
    code, said = code_in(body, "errcode")
    if code == 0:
        return DONE
    reason = Text(f"企业微信返回 {code}：{said}", f"企业微信 answered {code}: {said}")
    if code in BUSY:
        return Answer(Verdict.AGAIN, reason)
    return Answer(Verdict.REFUSED, reason, LOOK_AT_ADDRESS if code in GONE else None)
