"""The exit codes: part of the contract."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What the caller of a command may rely on."""

    DONE = 0
    NEEDS_PERSON = 1
    BAD_USAGE = 2
    FAULT = 3
    INTERRUPTED = 130
