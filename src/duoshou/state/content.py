"""A finding as JSON, and back."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import msgspec

from duoshou.model import Finding, Unjudged
from duoshou.state.standing import Status


def content_of(finding: Finding) -> dict[str, Any]:
    """Return a finding as JSON that every database takes, without its status, which the state keeps beside it.

    A number that is not finite becomes null, as an unknown one.
    """
    shape: dict[str, Any] = storable(finding.to_dict())
    del shape["status"]
    return shape


def finding_of(content: dict[str, Any], status: Status) -> Finding:
    """Return the finding that `content` holds, with its status.

    Raises:
        msgspec.ValidationError: If it is no finding.
    """
    period = content["period"]
    shape = {**content, "period": {"start": period["from"], "end": period["to"]}}
    return replace(msgspec.convert(shape, Finding), status=status.value)


def untold_of(shapes: Sequence[dict[str, Any]] | None) -> tuple[Unjudged, ...]:
    """Return what could not be judged on a day, from its JSON; nothing where it was not recorded.

    Raises:
        msgspec.ValidationError: If it is none.
    """
    return msgspec.convert(shapes or (), tuple[Unjudged, ...])


def storable(value: Any) -> Any:
    """Return JSON in which every text is valid UTF-8 without NUL and every number finite."""
    if isinstance(value, dict):
        return {clean(str(key)): storable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [storable(item) for item in value]
    if isinstance(value, str):
        return clean(value)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    # A scalar of an array library knows its plain value; anything else is told in words.
    plain = value.item() if hasattr(value, "item") else str(value)
    return storable(plain) if type(plain) is not type(value) else clean(str(plain))


def clean(text: str) -> str:
    """Return text that every database takes: no NUL, no half of a surrogate pair."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
