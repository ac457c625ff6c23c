"""Options that take every word that follows."""

from __future__ import annotations

import pytest

from duoshou.cli.variadic import spelled_out


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("a --by x", "a --by x"),
        ("a --by x y --last 7d", "a --by x --by y --last 7d"),
        ("a b --json --by x y z", "a b --json --by x --by y --by z"),
        ("--last 7d a --by x y", "--last 7d a --by x --by y"),
        ("a --by", "a --by"),
        ("a --by x -- b c", "a --by x -- b c"),
    ],
)
def test_words_are_spelled_out(given: str, meant: str) -> None:
    """Each word up to the next option gets the option in front."""
    assert spelled_out(given.split(), ("--by",)) == meant.split()
