"""What is sent to a robot, and what its answer means: data only, so that every byte can be tested."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from duoshou.model import Text


@dataclass(frozen=True, slots=True)
class Request:
    """One POST request.

    Attributes:
        url: Address with all its parameters; a secret.
        body: JSON in UTF-8.
        headers: Headers beside those that every request has.
    """

    url: str = field(repr=False)
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Letter:
    """The requests that carry one message, in order, and what could not be carried.

    Attributes:
        requests: At least one.
        notes: What the message lost on the way, such as a picture that is too large.
    """

    requests: tuple[Request, ...]
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Stamp:
    """When and as what a message is sent.

    Attributes:
        moment: The time of sending, with its zone: signatures hold it.
        delivery: Name of this delivery, the same when it is tried again, so that a receiver can tell a repetition.
    """

    moment: datetime
    delivery: str


class Verdict(Enum):
    """What an answer means for the one who sent."""

    DONE = "done"
    AGAIN = "again"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Answer:
    """The meaning of an answer.

    Attributes:
        verdict: Taken, to be tried again later, or refused for good.
        reason: Why it was not taken.
        hint: How to mend it.
    """

    verdict: Verdict
    reason: Text | None = None
    hint: Text | None = None


DONE = Answer(Verdict.DONE)
LOOK_AT_ADDRESS = Text(
    "检查机器人是否还在群里、地址是否完整", "check that the robot is still in the group and that its address is whole"
)


def to_json(content: object) -> bytes:
    """Return compact JSON in UTF-8, Chinese as it is: an escaped character would count six bytes."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def code_in(body: bytes, *names: str) -> tuple[int | None, str]:
    """Return the code of a JSON answer under the first of `names` that it has, and its message.

    Returns:
        None where the body is no such JSON; the message is an empty text where there is none.
    """
    try:
        content: Any = json.loads(body)
    except ValueError:
        return None, ""
    if not isinstance(content, dict):
        return None, ""
    message = next((str(content[name]) for name in ("errmsg", "msg", "StatusMessage") if content.get(name)), "")
    for name in names:
        value = content.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            return value, message
    return None, message
