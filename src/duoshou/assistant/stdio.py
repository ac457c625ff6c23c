"""The server on standard input and output, for an assistant on the same machine."""

from __future__ import annotations

from pathlib import Path

from duoshou.access import person_of_token
from duoshou.assistant.caller import AT_THIS_MACHINE, Caller, unknown_token, with_reading
from duoshou.assistant.server import AssistantServer
from duoshou.gate import House

BENCHES = 2


def caller_here(house: House, secret: str | None) -> Caller:
    """Return who asks at this machine: a reader, and with a token the person who holds it.

    Raises:
        InputRefused: If nobody holds the token.
    """
    if not secret:
        return AT_THIS_MACHINE
    person = person_of_token(house.state, secret.strip())
    if person is None:
        raise unknown_token()
    return with_reading(person)


def serve_stdio(directory: Path | None, secret: str | None) -> None:
    """Serve a workspace until standard input ends; nothing but the protocol goes to standard output.

    The token is looked at again at every call, so that revoking it takes effect at once.

    Args:
        directory: The workspace; None: the nearest one.
        secret: A token that grants more than reading; None for none.

    Raises:
        InputRefused: If nobody holds the token.
        DuoshouError: If the workspace cannot be opened.
    """
    house = House(directory, BENCHES)
    try:
        caller_here(house, secret)
        AssistantServer(house, lambda: caller_here(house, secret)).run("stdio")
    finally:
        house.close()
