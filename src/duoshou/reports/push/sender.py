"""Sending: paced, with time-outs, tried again where that can help, and never a secret in what is told."""

from __future__ import annotations

import random
import ssl
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from duoshou.model import Text
from duoshou.reports.push.cutting import cut_text
from duoshou.reports.push.message import Message, one_line
from duoshou.reports.push.pace import Pace
from duoshou.reports.push.quiet import keep_addresses_out_of_logs
from duoshou.reports.push.request import Answer, Request, Stamp, Verdict

if TYPE_CHECKING:
    import httpx

    from duoshou.reports.push.target import Target

MOST_TRIES = 5
FIRST_PAUSE = 2.0
"""Seconds before the second try; each later pause is twice as long, and somewhat random."""
PATIENCE = 90.0
"""Seconds that one message may wait in all, for its turn and between tries."""
CONNECT_SECONDS = 5.0
READ_SECONDS = 15.0
LONGEST_ANSWER = 64 * 1024
LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Timing:
    """Clock and waiting, so that tests need neither.

    Attributes:
        monotonic: Seconds that never go back.
        now: The time, with its zone.
        sleep: Waits for some seconds; may return early, when the process is to end.
        chance: A number from 0 to 1.
    """

    monotonic: Callable[[], float] = time.monotonic
    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    sleep: Callable[[float], object] = time.sleep
    chance: Callable[[], float] = random.random


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one message to one target.

    Attributes:
        target: Name of the target.
        sent: Whether the robot took it.
        tries: How often it was tried.
        reason: Why it was not taken.
        hint: How to mend that.
        notes: What a message that was taken lost on the way.
        is_final: Whether trying again cannot help before a person has mended something.
    """

    target: str
    sent: bool
    tries: int = 0
    reason: Text | None = None
    hint: Text | None = None
    notes: tuple[Text, ...] = ()
    is_final: bool = False

    @property
    def text(self) -> Text:
        """One line for a person."""
        if self.sent:
            zh = "".join(f"（{one.zh}）" for one in self.notes)
            en = "".join(f" ({one.en})" for one in self.notes)
            return Text(f"已推送到“{self.target}”{zh}", f"pushed to {self.target!r}{en}")
        reason = self.reason or Text("原因不明", "for an unknown reason")
        hint = Text(f"。{self.hint.zh}", f"; {self.hint.en}") if self.hint else Text("", "")
        return Text(
            f"没能推送到“{self.target}”：{reason.zh}{hint.zh}",
            f"not pushed to {self.target!r}: {reason.en}{hint.en}",
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape of one delivery."""
        return {
            "target": self.target,
            "sent": self.sent,
            "tries": self.tries,
            "message": {"zh": self.text.zh, "en": self.text.en},
        }


class Sender:
    """Sends messages, many to many targets; safe to share between threads."""

    def __init__(
        self,
        timing: Timing | None = None,
        *,
        patience: float = PATIENCE,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """Connect when the first message is sent; `transport` replaces the network in tests."""
        self._timing = timing or Timing()
        self._patience = patience
        self._transport = transport
        self._client: httpx.Client | None = None
        self._paces: dict[str, Pace] = {}
        self._lock = threading.Lock()

    def send(self, target: Target, message: Message) -> Delivery:
        """Send a message and return what became of it; nothing that a network or a robot does raises an error."""
        stamp = Stamp(self._timing.now(), uuid.uuid4().hex)
        letter = target.kind.letter(target.url, target.secret, message, stamp)
        first, *others = letter.requests
        sent = self._delivered(target, first)
        if not sent.sent:
            return sent
        notes = list(letter.notes)
        for request in others:
            more = self._delivered(target, request)
            if more.reason is not None:
                notes.append(Text(f"图片没有发送：{more.reason.zh}", f"no picture: {more.reason.en}"))
        return replace(sent, notes=tuple(notes))

    def close(self) -> None:
        """Close the connections."""
        with self._lock:
            if self._client is not None:
                self._client.close()
                self._client = None

    def _delivered(self, target: Target, request: Request) -> Delivery:
        """Try until the request is taken, refused for good, or nothing more is to be hoped for."""
        waited, tries, answer = 0.0, 0, Answer(Verdict.AGAIN)
        pause = self._pace(target).reserve()
        while True:
            if waited + pause > self._patience:
                answer = _impatient(answer)
                break
            if pause > 0:
                self._timing.sleep(pause)
                waited += pause
            tries += 1
            answer, wanted = self._posted(target, request)
            if answer.verdict is not Verdict.AGAIN or tries == MOST_TRIES:
                break
            pause = max(self._pause(tries), wanted, self._pace(target).reserve())
        if answer.verdict is Verdict.DONE:
            return Delivery(target.name, True, tries)
        is_final = answer.verdict is Verdict.REFUSED
        return Delivery(target.name, False, tries, _shown(target, answer.reason), answer.hint, is_final=is_final)

    def _pause(self, tries: int) -> float:
        """Return the seconds before the next try: doubled each time, half of them left to chance."""
        whole: float = FIRST_PAUSE * 2 ** (tries - 1)
        return whole * (0.5 + 0.5 * self._timing.chance())

    def _pace(self, target: Target) -> Pace:
        with self._lock:
            return self._paces.setdefault(target.url, Pace(target.kind.paces, self._timing.monotonic))

    def _posted(self, target: Target, request: Request) -> tuple[Answer, float]:
        """Return what the answer means, and the seconds to wait that it asks for."""
        import httpx

        headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "duoshou", **request.headers}
        try:
            with self._connected().stream("POST", request.url, content=request.body, headers=headers) as response:
                body = _beginning(response)
                return _meaning(target, response.status_code, body), self._wanted(response.headers)
        except httpx.HTTPError as error:
            return _failure(error), 0.0
        except httpx.InvalidURL:
            return Answer(Verdict.REFUSED, Text("地址不能用", "the address cannot be used")), 0.0

    def _connected(self) -> httpx.Client:
        import httpx

        with self._lock:
            if self._client is None:
                keep_addresses_out_of_logs()
                limits = httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS)
                self._client = httpx.Client(timeout=limits, follow_redirects=False, transport=self._transport)
            return self._client

    def _wanted(self, headers: httpx.Headers) -> float:
        """Return the seconds of `Retry-After`, which names seconds or a time; 0 without."""
        written = headers.get("Retry-After", "").strip()
        if written.isascii() and written.isdigit():
            return float(written[:9])
        try:
            moment: datetime = parsedate_to_datetime(written)
            return max(0.0, (moment - self._timing.now()).total_seconds())
        except (ValueError, TypeError):
            return 0.0


def _beginning(response: httpx.Response) -> bytes:
    """Return the body up to a length that no honest answer has."""
    parts, length = [], 0
    for part in response.iter_bytes():
        parts.append(part)
        length += len(part)
        if length > LONGEST_ANSWER:
            break
    return b"".join(parts)[:LONGEST_ANSWER]


def _meaning(target: Target, status: int, body: bytes) -> Answer:
    if 200 <= status < 300:
        return target.kind.answer(body)
    reason = Text(f"HTTP 状态 {status}", f"HTTP status {status}")
    if status in {408, 425, 429} or status >= 500:
        return Answer(Verdict.AGAIN, reason)
    if 300 <= status < 400:
        return Answer(
            Verdict.REFUSED, reason, Text("不跟随跳转，请填最终地址", "redirects are not followed: name the last")
        )
    return Answer(Verdict.REFUSED, reason, Text("检查地址和密钥", "check the address and the secret"))


def _failure(error: httpx.HTTPError) -> Answer:
    """Return the meaning of an error by its kind: its own words may hold the address."""
    import httpx

    if _is_of_certificate(error):
        return Answer(Verdict.REFUSED, Text("对方的 TLS 证书不可信", "the TLS certificate cannot be trusted"))
    if isinstance(error, httpx.TimeoutException):
        return Answer(Verdict.AGAIN, Text("超时", "timed out"))
    if isinstance(error, httpx.UnsupportedProtocol | httpx.LocalProtocolError):
        return Answer(Verdict.REFUSED, Text("地址不能用", "the address cannot be used"))
    if isinstance(error, httpx.ConnectError | httpx.ProxyError):
        return Answer(
            Verdict.AGAIN, Text("连接不上", "no connection"), Text("检查网络和代理", "check network and proxy")
        )
    return Answer(Verdict.AGAIN, Text("连接中断", "the connection broke"))


def _is_of_certificate(error: BaseException) -> bool:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return True
        cause = cause.__cause__ or cause.__context__
    return False


def _impatient(answer: Answer) -> Answer:
    later = Text("稍后再试", "try again later")
    crowded = Text("这个机器人一分钟内的消息已达上限", "the robot takes no more messages within this minute")
    return replace(answer, reason=answer.reason or crowded, hint=answer.hint or later)


def _shown(target: Target, reason: Text | None) -> Text | None:
    """Return a reason that holds no secret, on one line."""
    if reason is None:
        return None
    zh, en = (cut_text(one_line(target.hide(one)), LONGEST_REASON) for one in (reason.zh, reason.en))
    return Text(zh, en)
