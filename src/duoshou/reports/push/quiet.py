"""No address of a robot in any log: what the HTTP library notes of a request is its host alone."""

from __future__ import annotations

import logging
from urllib.parse import urlsplit


class HostOnly(logging.Filter):
    """Shortens every address among a record's arguments to its scheme and host."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Return True: the record stays, without what could be secret."""
        if isinstance(record.args, tuple):
            record.args = tuple(_short(one) for one in record.args)
        return True


def _short(argument: object) -> object:
    written = str(argument)
    if "://" not in written:
        return argument
    parts = urlsplit(written)
    return f"{parts.scheme}://{parts.hostname}/…"


def keep_addresses_out_of_logs() -> None:
    """Let the logger of httpx show hosts only, once however often this is called."""
    logger = logging.getLogger("httpx")
    if not any(isinstance(one, HostOnly) for one in logger.filters):
        logger.addFilter(HostOnly())
