"""Standard output and error that never fail for want of a letter."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Mapping
from typing import Any

import click


def prepare_streams() -> None:
    """Let a terminal or pipe that cannot show a letter show a substitute instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def silence_stdout() -> None:
    """Send what is still buffered nowhere, so that the interpreter's own flush at exit cannot fail."""
    try:
        descriptor = sys.stdout.fileno()
    except (OSError, ValueError, AttributeError):
        return
    os.dup2(os.open(os.devnull, os.O_WRONLY), descriptor)


def is_unicode(stream: Any) -> bool:
    """Return whether `stream` can carry every letter."""
    return (getattr(stream, "encoding", None) or "").lower().replace("-", "").startswith("utf")


def write_json(shape: Mapping[str, Any], *, err: bool = False) -> None:
    """Write one JSON object, readable where the stream carries Unicode and escaped where it does not."""
    stream = sys.stderr if err else sys.stdout
    click.echo(json.dumps(shape, ensure_ascii=not is_unicode(stream), indent=2), err=err)
