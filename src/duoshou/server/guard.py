"""What holds for every request and every answer: security headers, requests from elsewhere, the size of an upload."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from duoshou.gate import SAFE_METHODS, forged, too_large
from duoshou.model import Text
from duoshou.settings.hosts import host_name

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
MIB = 1 << 20
LARGEST_FORM_MIB = 4
"""A mapping of 200,000 Chinese characters, written as a form writes them, is the largest thing that is no file."""
TAKES_FILES = re.compile(r"/data/import|/data/files/[^/]+/mend|/api/v1/imports|/api/v1/files/[^/]+/mended")
"""Addresses that take files: they ask who sends before they read, and keep what they read on disk."""

UNKNOWN_NAME = Text(
    "这个网址不是本机的；经反向代理访问时，请在 duoshou.toml 的 [server] url 里写明网址",
    "this address is not that of this computer; behind a proxy, name it as url under [server] in duoshou.toml",
)


class Guard:
    """Middleware around the whole app.

    A form or JSON is read into memory before anybody knows who sends it, so it must be small wherever no file is taken.

    Args:
        app: What is guarded.
        largest_upload_mib: Most MiB that a request with files may carry.
        is_ours: Whether the server may be asked under a host name.
    """

    def __init__(self, app: ASGIApp, largest_upload_mib: int, is_ours: Callable[[str], bool] = lambda _: True) -> None:
        self.app = app
        self.largest_upload_mib = largest_upload_mib
        self.is_ours = is_ours

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse what must not pass, and put the headers on what does."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    answer.setdefault(name, value)
                answer.setdefault("Cache-Control", "no-store")
            await send(message)

        most = self.largest_upload_mib if TAKES_FILES.fullmatch(scope["path"]) else LARGEST_FORM_MIB
        refusal = self._refusal(scope["method"], headers, most)
        if refusal is not None:
            await refusal(scope, receive, with_headers)
            return
        await self.app(scope, _Limited(receive, most * MIB), with_headers)

    def _refusal(self, method: str, headers: Headers, most: int) -> PlainTextResponse | None:
        # A page elsewhere whose name is made to lead here would pass as one of ours (DNS rebinding).
        if not self.is_ours(host_name(headers.get("host", ""))):
            return PlainTextResponse(UNKNOWN_NAME.in_language("zh") + "\n" + UNKNOWN_NAME.in_language("en"), 421)
        length = headers.get("content-length", "0")
        if not (length.isascii() and length.isdigit()):
            return PlainTextResponse("bad content-length", 400)
        if int(length) > most * MIB:
            return PlainTextResponse(too_large(most).in_language("zh"), 413)
        if method not in SAFE_METHODS and _is_from_elsewhere(headers):
            return PlainTextResponse(forged().in_language("zh"), 403)
        return None


def _is_from_elsewhere(headers: Headers) -> bool:
    """Return whether a browser says that another site's page sends the request."""
    if headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        return True
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host", "")


class _Limited:
    """A body that ends the request when it grows beyond what its length said was allowed."""

    def __init__(self, receive: Receive, most: int) -> None:
        self.receive = receive
        self.left = most

    async def __call__(self) -> Message:
        message = await self.receive()
        if message["type"] == "http.request":
            self.left -= len(message.get("body", b""))
            if self.left < 0:
                return {"type": "http.disconnect"}
        return message
