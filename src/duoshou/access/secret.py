"""Secrets of sessions and tokens: 256 random bits, of which the state keeps the SHA-256 alone."""

from __future__ import annotations

import hashlib
import hmac
import secrets

RANDOM_BYTES = 32
LONGEST = 200
TOKEN_PREFIX = "duoshou_"  # noqa: S105 - what a token begins with, so that scanners for leaked secrets know it


def new_secret(prefix: str = "") -> str:
    """Return a new secret."""
    return prefix + secrets.token_urlsafe(RANDOM_BYTES)


def digest(secret: str) -> str | None:
    """Return what the state keeps of a secret; None for what can be none."""
    if not secret or len(secret) > LONGEST or not secret.isascii():
        return None
    return hashlib.sha256(secret.encode()).hexdigest()


def csrf_of(secret: str) -> str:
    """Return what every form of a session carries: an HMAC-SHA-256 under the session's secret."""
    return hmac.new(secret.encode("utf-8", "backslashreplace"), b"duoshou csrf", hashlib.sha256).hexdigest()


def csrf_matches(secret: str, given: str) -> bool:
    """Return whether a form carries what the session's forms carry; compared in constant time."""
    expected = csrf_of(secret).encode()
    return hmac.compare_digest(expected, given.encode("utf-8", "backslashreplace")) and bool(secret)
