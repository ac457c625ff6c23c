"""The progress bar."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from duoshou.cli.progress import WHOLE, bar, terminal_progress
from duoshou.cli.session import Session
from duoshou.cli.width import display_width


@given(st.text(max_size=80), st.floats(-1, 2))
def test_the_bar_has_one_width(doing: str, share: float) -> None:
    """A longer text before a shorter one leaves nothing behind on the line."""
    assert display_width(bar(doing, share)) == WHOLE


def test_no_bar_where_nobody_watches() -> None:
    """In a pipe there is nothing to draw on."""
    with terminal_progress(Session()) as progress:
        assert progress is None
