"""Who asks behind a proxy, and whether their browser speaks HTTPS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import pytest
from msgspec.structs import replace
from starlette.requests import Request

from duoshou.gate import House, client_of, is_secure
from duoshou.settings import Settings
from duoshou.settings.schema import ServerSettings


@dataclass
class Named:
    """A house whose `server.url` is set."""

    url: str

    @property
    def settings(self) -> Settings:
        """Settings with the address."""
        return replace(Settings(), server=ServerSettings(url=self.url))


def asked(peer: str, host: str, forwarded: str = "") -> Request:
    """Return a request as the server sees it."""
    headers = [(b"host", host.encode()), (b"x-forwarded-for", forwarded.encode())]
    scope: dict[str, Any] = {"type": "http", "scheme": "http", "path": "/", "query_string": b"", "headers": headers}
    return Request({**scope, "client": (peer, 1), "server": ("127.0.0.1", 80)})


@pytest.mark.parametrize(
    ("peer", "host", "forwarded", "client", "secure"),
    [
        ("127.0.0.1", "shop.example", "198.51.100.7, 203.0.113.9", "203.0.113.9", True),
        ("127.0.0.1", "shop.example", "nonsense", "127.0.0.1", True),
        ("127.0.0.1", "127.0.0.1:8642", "203.0.113.9", "127.0.0.1", False),
        ("203.0.113.50", "shop.example", "198.51.100.7", "203.0.113.50", False),
    ],
)
def test_a_proxy_is_believed_only_here_and_under_its_name(
    peer: str, host: str, forwarded: str, client: str, secure: bool
) -> None:
    """Nobody else chooses the address by which their failures are counted."""
    house = cast("House", Named("https://shop.example"))
    request = asked(peer, host, forwarded)
    assert client_of(request, house) == client
    assert is_secure(request, house) is secure


def test_without_a_name_nothing_is_believed() -> None:
    """As long as `server.url` is empty, the peer is who asks."""
    house = cast("House", Named(""))
    assert client_of(asked("127.0.0.1", "shop.example", "203.0.113.9"), house) == "127.0.0.1"
    assert not is_secure(asked("127.0.0.1", "shop.example"), house)
