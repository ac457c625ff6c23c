"""Any receiver of one's own: JSON, signed in a header.

The signature is HMAC-SHA256 with the secret over the time in seconds, a full stop and the body, in hexadecimal:

    Duoshou-Timestamp: 1795651200
    Duoshou-Signature: sha256=…
    Duoshou-Delivery: …            the same when a delivery is tried again

A receiver computes it over the body as it came, compares in constant time, and refuses times older than some minutes.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from typing import Any

from duoshou.reports.push.cutting import fit_rows
from duoshou.reports.push.message import Message, Row, one_line, rows_of
from duoshou.reports.push.request import DONE, Answer, Letter, Request, Stamp, to_json

HOSTS: tuple[str, ...] = ()
PACES = ((60, 60.0),)
LONGEST_BODY = 256 * 1024
SCHEMA_VERSION = 1


def letter(url: str, secret: str, message: Message, stamp: Stamp) -> Letter:
    """Return the request that posts a message; it carries no picture."""
    rows = fit_rows(message, rows_of(message), lambda chosen: len(_body(message, chosen, stamp)) <= LONGEST_BODY)
    body = _body(message, rows, stamp)
    seconds = int(stamp.moment.timestamp())
    headers = {"Duoshou-Timestamp": str(seconds), "Duoshou-Delivery": stamp.delivery}
    if secret:
        headers["Duoshou-Signature"] = f"sha256={signature(secret, seconds, body)}"
    return Letter((Request(url, body, headers),))


def signature(secret: str, seconds: int, body: bytes) -> str:
    """Return the signature of a body at a moment, in hexadecimal."""
    return hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()


def _body(message: Message, rows: Sequence[Row], stamp: Stamp) -> bytes:
    blocks: list[dict[str, Any]] = []
    for row in rows:
        if row.is_heading or not blocks:
            blocks.append({"title": row.text if row.is_heading else "", "lines": []})
        if not row.is_heading:
            blocks[-1]["lines"].append(row.text)
    content = {
        "schema_version": SCHEMA_VERSION,
        "delivery": stamp.delivery,
        "sent_at": stamp.moment.isoformat(timespec="seconds"),
        "language": message.language,
        "urgent": message.urgent,
        "title": one_line(message.title),
        "blocks": blocks,
        "link": message.link,
    }
    return to_json(content)


def answer(_body: bytes) -> Answer:
    """Return that any answer with a status of success is one."""
    return DONE
