"""The server over HTTP, for assistants elsewhere: each request carries a person's token."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from pathlib import Path

import anyio.to_thread
import uvicorn
from mcp.server.auth.middleware.auth_context import get_access_token
from mcp.server.auth.provider import AccessToken, TokenVerifier
from mcp.server.auth.settings import AuthSettings
from mcp.server.transport_security import TransportSecuritySettings
from pydantic import AnyHttpUrl
from starlette.applications import Starlette

from duoshou.access import Right, person_of_token
from duoshou.assistant.caller import AT_THIS_MACHINE, Caller, unknown_token
from duoshou.assistant.refusal import InputRefused
from duoshou.assistant.server import AssistantServer
from duoshou.gate import House
from duoshou.model import Text
from duoshou.settings.hosts import is_loopback

PATH = "/mcp"
BENCHES = 4
LARGEST_REQUEST = 256 * 1024
GRACE_SECONDS = 10
PERSON = "person"
"""Under what a token that was looked up holds its person's number."""


class Tokens(TokenVerifier):
    """Looks tokens up in the state of a workspace."""

    def __init__(self, house: House) -> None:
        self.house = house

    async def verify_token(self, token: str) -> AccessToken | None:
        """Return who holds a token, or None where nobody does."""
        person = await anyio.to_thread.run_sync(person_of_token, self.house.state, token)
        if person is None:
            return None
        return AccessToken(
            token=token,
            client_id=f"token-{person.token_id}",
            subject=person.signature,
            scopes=sorted(right.value for right in person.rights),
            claims={PERSON: person.id},
        )


def holder() -> Caller:
    """Return who sent the request at hand.

    Raises:
        InputRefused: If it carries no token, which the door lets nobody through with.
    """
    token = get_access_token()
    if token is None or token.subject is None:
        raise unknown_token()
    rights = frozenset(Right(scope) for scope in token.scopes)
    return Caller(token.subject, rights, (token.claims or {}).get(PERSON))


def parse_address(text: str) -> tuple[str, int]:
    """Return host and port of `HOST:PORT` or `[IPV6]:PORT`.

    Raises:
        InputRefused: If it is neither.
    """
    host, colon, port = text.strip().rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not (colon and host and port.isascii() and port.isdigit() and int(port) < 65536):
        raise InputRefused(
            "address_invalid",
            Text(f"看不懂地址“{text}”", f"not an address: {text!r}"),
            hint=Text("写成 127.0.0.1:8765", "write it as 127.0.0.1:8765"),
        )
    return host, int(port)


def application(house: House, host: str, hosts: Sequence[str] = (), *, open_to_readers: bool = False) -> Starlette:
    """Return the ASGI application.

    Args:
        house: What is served.
        host: Address that is listened on.
        hosts: Other names under which clients reach it; requests for any other name are refused, so that a web page
            cannot make a browser ask in its place (DNS rebinding).
        open_to_readers: Whether whoever reaches it may read without a token.
    """
    if open_to_readers:
        server = AssistantServer(house, lambda: AT_THIS_MACHINE)
    else:
        issuer = AnyHttpUrl("http://localhost")
        auth = AuthSettings(issuer_url=issuer, resource_server_url=None, required_scopes=[Right.READ.value])
        server = AssistantServer(house, holder, auth=auth, token_verifier=Tokens(house))
    names = [*hosts, *(("127.0.0.1", "localhost", "[::1]") if is_loopback(host) else (_bracketed(host),))]
    security = TransportSecuritySettings(
        enable_dns_rebinding_protection=True,
        allowed_hosts=[form for name in names for form in (name, f"{name}:*")],
        allowed_origins=[
            form for name in names for start in ("http://", "https://") for form in (start + name, f"{start}{name}:*")
        ],
    )
    return server.streamable_http_app(
        streamable_http_path=PATH,
        stateless_http=True,
        max_request_body_size=LARGEST_REQUEST,
        transport_security=security,
        host=host,
    )


def serve_http(
    directory: Path | None,
    address: str,
    hosts: Sequence[str],
    *,
    open_to_readers: bool,
    tell: Callable[[str], None],
) -> None:
    """Serve a workspace over HTTP until the process is told to stop.

    Args:
        directory: The workspace; None: the nearest one.
        address: `HOST:PORT`; port 0 takes a free one.
        hosts: Other names under which clients reach it.
        open_to_readers: Whether this machine may read without a token.
        tell: Told the address once it listens.

    Raises:
        InputRefused: If the address cannot be meant or taken, or would be open to other machines.
        DuoshouError: If the workspace cannot be opened.
    """
    host, port = parse_address(address)
    if open_to_readers and not is_loopback(host):
        raise InputRefused(
            "open_to_network",
            Text(
                f"--no-token 只能用在本机地址，{host} 别的机器也能访问",
                f"--no-token is for this machine only; others reach {host}",
            ),
            hint=Text(
                "改用 127.0.0.1，或去掉 --no-token 并使用令牌", "use 127.0.0.1, or leave --no-token out and use tokens"
            ),
        )
    house = House(directory, BENCHES)
    try:
        with _listening(host, port) as listener:
            taken = listener.getsockname()[1]
            app = application(house, host, hosts, open_to_readers=open_to_readers)
            config = uvicorn.Config(
                app, log_config=None, access_log=False, timeout_graceful_shutdown=GRACE_SECONDS, server_header=False
            )
            tell(f"http://{_bracketed(host)}:{taken}{PATH}")
            uvicorn.Server(config).run(sockets=[listener])
    finally:
        house.close()


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise InputRefused(
            "address_taken",
            Text(f"无法监听 {host}:{port}（{error.strerror}）", f"cannot listen on {host}:{port} ({error.strerror})"),
            hint=Text("换一个端口，或停掉占用它的程序", "choose another port, or stop what uses it"),
        ) from error


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
