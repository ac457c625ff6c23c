"""What each platform is sent, byte by byte, and what its answers mean."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.reports.push.messages import PICTURE, SECONDS, SECRET, STAMP, URLS, message

from duoshou.reports.push import KINDS, Block, Message
from duoshou.reports.push.cutting import cut_text
from duoshou.reports.push.message import one_line
from duoshou.reports.push.request import Letter, Verdict

PICTURE_MD5 = "db742988d4b0b4f3104757bda1db0454"
"""Of the program md5sum."""
LIMITS = {"dingtalk": 20_000, "feishu": 20_000, "webhook": 256 * 1024}


def letter(kind: str, said: Message, secret: str = SECRET) -> Letter:
    """Return what a message becomes for a kind of target."""
    return KINDS[kind].letter(URLS[kind], secret, said, STAMP)


def content(kind: str, said: Message, secret: str = SECRET) -> Any:
    """Return the JSON of the first request."""
    return json.loads(letter(kind, said, secret).requests[0].body)


def by_definition(key: bytes, data: bytes) -> bytes:
    """Return HMAC-SHA256 written out from RFC 2104, without the library that the product uses."""
    padded = (hashlib.sha256(key).digest() if len(key) > 64 else key).ljust(64, b"\0")
    inner = hashlib.sha256(bytes(one ^ 0x36 for one in padded) + data).digest()
    return hashlib.sha256(bytes(one ^ 0x5C for one in padded) + inner).digest()


def test_the_reference_is_one() -> None:
    """The signature that the others are held against is that of RFC 4231, cases 1, 2 and 6."""
    for key, data, expected in (
        (b"\x0b" * 20, b"Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
        (b"Jefe", b"what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
        (
            b"\xaa" * 131,
            b"Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
        ),
    ):
        assert by_definition(key, data).hex() == expected


def test_dingtalk_signs_time_and_secret_in_its_address() -> None:
    """As its page says: HMAC-SHA256 with the secret over milliseconds, line end, secret; Base64; a parameter."""
    (request,) = letter("dingtalk", message()).requests
    parameters = parse_qs(urlsplit(request.url).query, strict_parsing=True)
    milliseconds = SECONDS * 1000 + 250
    expected = base64.b64encode(by_definition(SECRET.encode(), f"{milliseconds}\n{SECRET}".encode())).decode()
    escaped = expected.replace("+", "%2B").replace("/", "%2F").replace("=", "%3D")
    assert request.url.endswith(f"&sign={escaped}")
    assert parameters["timestamp"] == [str(milliseconds)]
    assert parameters["sign"] == [expected]
    assert request.url.startswith(URLS["dingtalk"] + "&timestamp=")
    assert letter("dingtalk", message(), secret="").requests[0].url == URLS["dingtalk"]


def test_feishu_signs_nothing_with_time_and_secret_as_the_key() -> None:
    """As its guide says: the key is seconds, line end, secret; the text is empty; time and signature in the body."""
    body = content("feishu", message())
    expected = base64.b64encode(by_definition(f"{SECONDS}\n{SECRET}".encode(), b"")).decode()
    assert (body["timestamp"], body["sign"]) == (str(SECONDS), expected)
    assert "sign" not in content("feishu", message(), secret="")


def test_a_webhook_is_signed_over_time_and_the_very_bytes() -> None:
    """HMAC-SHA256 in hexadecimal over seconds, full stop, body; the delivery has a name."""
    (request,) = letter("webhook", message()).requests
    expected = by_definition(SECRET.encode(), f"{SECONDS}.".encode() + request.body).hex()
    assert request.headers == {
        "Duoshou-Timestamp": str(SECONDS),
        "Duoshou-Delivery": "d0d0",
        "Duoshou-Signature": f"sha256={expected}",
    }
    assert "Duoshou-Signature" not in letter("webhook", message(), secret="").requests[0].headers


def test_a_webhook_carries_the_message_as_data() -> None:
    """Title, urgency, blocks and link as they are."""
    assert content("webhook", message(1, urgent=True)) == {
        "schema_version": 1,
        "delivery": "d0d0",
        "sent_at": "2026-11-26T01:30:15+00:00",
        "language": "zh",
        "urgent": True,
        "title": "舵手日报 · 主店 · 2026-11-25",
        "blocks": [
            {"title": "昨日数字", "lines": ["支付金额 12,345.00 元（较上周同日 -3.2%）", "访客数 —"]},
            {"title": "发现", "lines": ["第 0 条：羊绒围巾少赚约 1,000 元"]},
        ],
        "link": "https://d.example/today?shop=a",
    }


def test_dingtalk_markdown() -> None:
    """A title for the notification, a heading, bold headings, points and a link."""
    assert content("dingtalk", message(1)) == {
        "msgtype": "markdown",
        "markdown": {
            "title": "舵手日报 · 主店 · 2026-11-25",
            "text": "### 舵手日报 · 主店 · 2026-11-25\n\n\n**昨日数字**\n\n- 支付金额 12,345.00 元（较上周同日 -3.2%）"
            "\n- 访客数 —\n\n**发现**\n\n- 第 0 条：羊绒围巾少赚约 1,000 元\n\n[打开舵手](https://d.example/today?shop=a)",
        },
    }


def test_wecom_markdown_and_picture() -> None:
    """Text first; the picture as Base64 with the MD5 of its bytes in a request of its own."""
    text, picture = letter("wecom", replace(message(1, urgent=True), picture=PICTURE)).requests
    assert json.loads(text.body) == {
        "msgtype": "markdown",
        "markdown": {
            "content": '### <font color="warning">【紧急】舵手日报 · 主店 · 2026-11-25</font>\n\n**昨日数字**\n'
            "> 支付金额 12,345.00 元（较上周同日 -3.2%）\n> 访客数 —\n\n**发现**\n> 第 0 条：羊绒围巾少赚约 1,000 元\n"
            "\n[打开舵手](https://d.example/today?shop=a)"
        },
    }
    image = json.loads(picture.body)["image"]
    assert base64.b64decode(image["base64"]) == PICTURE
    assert image["md5"] == PICTURE_MD5
    assert text.url == picture.url == URLS["wecom"]


@pytest.mark.parametrize("picture", [b"GIF89a", PICTURE + bytes(2 * 1024 * 1024)])
def test_a_picture_that_wecom_refuses_is_not_sent_and_that_is_told(picture: bytes) -> None:
    """Another format, or more than 2 MB: the text goes alone."""
    sent = letter("wecom", replace(message(), picture=picture))
    assert len(sent.requests) == 1
    assert "2 MB" in sent.notes[0].zh
    assert "2 MB" in sent.notes[0].en


@pytest.mark.parametrize("kind", ["dingtalk", "feishu", "webhook"])
def test_a_picture_goes_only_where_a_robot_takes_one(kind: str) -> None:
    """Elsewhere the message is the same without it."""
    assert letter(kind, replace(message(), picture=PICTURE)) == letter(kind, message())


def test_feishu_card() -> None:
    """A coloured title, plain text that is no markup, a button."""
    card = content("feishu", message(1, urgent=True))["card"]
    assert card["header"] == {
        "title": {"tag": "plain_text", "content": "【紧急】舵手日报 · 主店 · 2026-11-25"},
        "template": "red",
    }
    first, second, action = card["elements"]
    assert first["text"] == {
        "tag": "plain_text",
        "content": "■ 昨日数字\n• 支付金额 12,345.00 元（较上周同日 -3.2%）\n• 访客数 —",
    }
    assert second["text"]["content"] == "■ 发现\n• 第 0 条：羊绒围巾少赚约 1,000 元"
    assert action["actions"][0]["url"] == "https://d.example/today?shop=a"


HOSTILE = (
    "[红包](https://evil.example)",
    '<@all> <font color="warning">x</font>',
    "**粗** `code` ~~x~~",
    "# 标题",
    "- 列表",
    "a\nb\r\n# c\u2028d\x00e\x1b[31m",
    "\ud800 lone",
)


@pytest.mark.parametrize("kind", ["dingtalk", "wecom"])
def test_text_from_files_is_no_markup(kind: str) -> None:
    """A product's name makes no link, calls nobody, opens no heading and no new line."""
    said = Message("舵手", (Block(HOSTILE[0], HOSTILE),))
    markdown = content(kind, said)["markdown"]
    text = str(markdown.get("text") or markdown["content"])
    assert "](" not in text
    assert "<@" not in text
    assert "~~" not in text
    assert text.count("**") == 2
    assert sum(line.startswith("#") for line in text.split("\n")) == 1
    assert len([line for line in text.split("\n") if line.startswith(("- ", "> "))]) == len(HOSTILE)
    assert "\x1b" not in text


def test_negative_numbers_keep_their_sign() -> None:
    """A minus before a digit is no list."""
    said = Message("舵手", (Block("", ("-3.2%", "+5", "-x")),))
    assert "> -3.2%\n> +5\n> －x" in content("wecom", said)["markdown"]["content"]


def test_a_link_cannot_end_early() -> None:
    """Brackets and spaces of an address are escaped."""
    said = replace(message(0), link="https://d.example/a b?x=(1)[2]")
    assert "(https://d.example/a%20b?x=%281%29%5B2%5D)" in content("dingtalk", said)["markdown"]["text"]


lines = st.lists(st.text(max_size=400), max_size=80)


def size(kind: str, body: bytes) -> int:
    """Return what a platform counts: the text for 企业微信, else the request."""
    return len(json.loads(body)["markdown"]["content"].encode()) if kind == "wecom" else len(body)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=60, deadline=None)
@given(title=st.text(max_size=500), first=lines, second=lines, factor=st.integers(1, 9))
def test_no_message_is_too_long(kind: str, title: str, first: list[str], second: list[str], factor: int) -> None:
    """Whatever it says, a message has the size that its platform takes."""
    said = Message(title, (Block("一", tuple(first)), Block("二", tuple(second * factor))), "https://d.example/")
    (request,) = letter(kind, said).requests
    assert size(kind, request.body) <= {**LIMITS, "wecom": 4096}[kind]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("points", [1, 57, 58, 59, 400, 9000])
def test_what_is_cut_off_is_counted(kind: str, points: int) -> None:
    """Points that are shown and points that the note names are all points; nothing is cut that has room."""
    text = json.dumps(content(kind, message(points)), ensure_ascii=False)
    shown = text.count("羊绒围巾少赚约 1,000 元")
    left = int(text.partition("…还有 ")[2].partition(" 条")[0] or 0)
    assert shown + left == points
    (request,) = letter(kind, message(points)).requests
    limit = {**LIMITS, "wecom": 4096}[kind]
    assert left == 0 or size(kind, request.body) > limit - 150


@given(text=st.text(max_size=300), limit=st.integers(0, 400))
def test_text_is_cut_between_characters(text: str, limit: int) -> None:
    """Never longer than the limit, never half a character, and nothing but the end is lost."""
    text = one_line(text)
    cut = cut_text(text, limit)
    assert len(cut.encode()) <= limit
    assert cut == text if len(text.encode()) <= limit else text.startswith(cut.removesuffix("…"))


def test_a_giant_name_is_cut_between_characters() -> None:
    """One line is never so long that nothing else is said."""
    said = Message("舵手", (Block("", ("围巾" * 3000, "第二条")),))
    text = content("wecom", said)["markdown"]["content"]
    first, second = text.split("\n")[1:]
    assert re.fullmatch("> (围巾)+围?…", first)
    assert second == "> 第二条"


def test_english_notes() -> None:
    """The few words that a form adds are in the message's language."""
    said = replace(message(400, urgent=True), language="en", title="Duoshou")
    text = content("wecom", said)["markdown"]["content"]
    assert "［URGENT］ Duoshou" in text
    assert " more</font>" in text
    assert "[Open Duoshou](" in text


@pytest.mark.parametrize(
    ("kind", "body", "verdict"),
    [
        ("dingtalk", '{"errcode":0,"errmsg":"ok"}', Verdict.DONE),
        ("dingtalk", '{"errcode":130101,"errmsg":"send too fast, exceed 20 times per minute"}', Verdict.AGAIN),
        ("dingtalk", '{"errcode":410100,"errmsg":"发送速度太快而限流"}', Verdict.AGAIN),
        ("dingtalk", '{"errcode":-1,"errmsg":"系统繁忙"}', Verdict.AGAIN),
        ("dingtalk", '{"errcode":310000,"errmsg":"sign not match"}', Verdict.REFUSED),
        ("dingtalk", '{"errcode":300001,"errmsg":"token is not exist"}', Verdict.REFUSED),
        ("wecom", '{"errcode":0,"errmsg":"ok"}', Verdict.DONE),
        ("wecom", '{"errcode":45009,"errmsg":"api freq out of limit"}', Verdict.AGAIN),
        ("wecom", '{"errcode":93000,"errmsg":"invalid webhook url"}', Verdict.REFUSED),
        ("feishu", '{"code":0,"msg":"success","data":{}}', Verdict.DONE),
        ("feishu", '{"StatusCode":0,"StatusMessage":"success"}', Verdict.DONE),
        ("feishu", '{"code":11232,"msg":"frequency limited psm[lark.oapi]"}', Verdict.AGAIN),
        ("feishu", '{"code":9499,"msg":"too many request"}', Verdict.AGAIN),
        ("feishu", '{"code":9499,"msg":"Bad Request"}', Verdict.REFUSED),
        ("feishu", '{"code":19021,"msg":"sign match fail or timestamp is not within one hour"}', Verdict.REFUSED),
        ("feishu", '{"code":19024,"msg":"Key Words Not Found"}', Verdict.REFUSED),
        ("webhook", "whatever", Verdict.DONE),
        ("dingtalk", "<html>", Verdict.REFUSED),
        ("wecom", "[]", Verdict.REFUSED),
        ("feishu", "", Verdict.REFUSED),
        ("dingtalk", '{"errcode":true}', Verdict.REFUSED),
    ],
)
def test_answers_mean_what_the_platforms_say(kind: str, body: str, verdict: Verdict) -> None:
    """Crowding and faults of theirs are tried again; what only we can mend is not."""
    answer = KINDS[kind].answer(body.encode())
    assert answer.verdict is verdict
    assert (answer.reason is None) == (verdict is Verdict.DONE)


def test_misconfiguration_says_how_to_mend_it() -> None:
    """Signature, keyword and address are named in both languages."""
    for kind, body, zh, en in (
        ("dingtalk", '{"errcode":310000,"errmsg":"keywords not in content"}', "关键词", "keyword"),
        ("feishu", '{"code":19021,"msg":"sign match fail"}', "密钥", "secret"),
        ("wecom", '{"errcode":93000,"errmsg":"invalid webhook url"}', "地址", "address"),
    ):
        hint = KINDS[kind].answer(body.encode()).hint
        assert hint is not None
        assert zh in hint.zh
        assert en in hint.en
