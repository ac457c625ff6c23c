"""A progress bar on a terminal; nothing in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from duoshou.cli.session import Session
from duoshou.cli.streams import is_unicode
from duoshou.cli.width import one_line, pad, shorten

BAR = 24
WORDS = 44
WHOLE = BAR + WORDS + len(" 100% ")


@contextmanager
def terminal_progress(session: Session) -> Iterator[Callable[[str, float], None] | None]:
    """Yield a function that shows how far the work is, or None where nobody is watching.

    The function takes what is being done and the share that is done, from 0 to 1. The bar is written to standard error
    and wiped at the end, by spaces: an old Windows console knows no escape sequences.
    """
    if session.wants_json or not sys.stderr.isatty():
        yield None
        return
    try:
        yield lambda doing, share: _write("\r" + bar(doing, share))
    finally:
        _write("\r" + " " * WHOLE + "\r")


def bar(doing: str, share: float) -> str:
    """Return the bar as one line of fixed width."""
    done, left = "█░" if is_unicode(sys.stderr) else "#."
    part = min(max(share, 0.0), 1.0)
    filled = round(BAR * part)
    return f"{done * filled}{left * (BAR - filled)} {part:4.0%} {pad(shorten(one_line(doing), WORDS), WORDS)}"


def _write(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()
