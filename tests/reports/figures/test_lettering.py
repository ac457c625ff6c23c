"""Room of words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from duoshou.reports.figures.lettering import Flag, clean, fitted, lanes, room, rows_of


@given(st.text(max_size=60), st.floats(20, 300))
def test_a_cut_label_fits(text: str, most: float) -> None:
    """A label never takes more room than it has, and is left alone if it fits."""
    cut = fitted(text, 11, most)
    assert room(cut, 11) <= most
    assert (cut == text) == (room(text, 11) <= most) or cut.endswith("…")


@given(st.text(max_size=60))
def test_what_cannot_stand_in_a_document_is_left_out(text: str) -> None:
    """No control character, no half of a pair, no turn of direction, no double space."""
    kept = clean(text + "\x00\ud800\u202ea  b\n")
    assert not {"\x00", "\ud800", "\u202e", "\n"} & set(kept)
    assert "  " not in kept
    assert kept.endswith("a b")
    kept.encode("utf-8")


flags = st.lists(
    st.builds(
        lambda left, width, side: Flag(left, left + width, {"left": left, "right": left + width}.get(side)),
        st.integers(0, 500),
        st.integers(1, 120),
        st.sampled_from(["left", "right", "none"]),
    ),
    max_size=12,
)


@given(flags, st.integers(1, 4))
def test_labels_do_not_overlap_and_no_line_runs_through_one(labels: list[Flag], most: int) -> None:
    """The line of a label goes down through the lanes below it, and meets none of their labels."""
    placed = [(flag, lane) for flag, lane in zip(labels, lanes(labels, most), strict=True) if lane is not None]
    assert all(0 <= lane < most for _, lane in placed)
    assert not labels or placed[-1][0] == labels[-1]
    for one, lane in placed:
        for other, below in placed:
            if one is not other and lane == below:
                assert one.right <= other.left or other.right <= one.left
            if below < lane and one.line is not None:
                assert not other.left < one.line < other.right


def test_keys_go_on_in_a_new_row() -> None:
    """What does not fit beside the others goes below them."""
    assert rows_of([60, 60, 60], 130) == [(0, 0), (60, 0), (0, 1)]
