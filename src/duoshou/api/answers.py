"""How the API writes an answer."""

from __future__ import annotations

from typing import Any

import msgspec
from starlette.responses import Response

from duoshou.model import plain

SCHEMA_VERSION = 1


class Json(Response):
    """One JSON object with `schema_version`; money as decimal strings, days in ISO form, texts in both languages."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """Return the object as bytes."""
        shape = content.to_dict() if hasattr(content, "to_dict") else plain(content)
        return msgspec.json.encode({"schema_version": SCHEMA_VERSION, **shape})
