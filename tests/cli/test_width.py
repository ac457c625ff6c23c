"""Aligned tables with Chinese text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from duoshou.cli.width import display_width, one_line, pad, shorten, table


def test_a_chinese_character_is_two_columns_wide() -> None:
    """Width counts columns, not letters; a combining accent takes none."""
    assert display_width("店铺ab") == 6
    assert display_width("e\u0301") == 1
    assert display_width("，％") == 4


@given(st.text(max_size=30), st.integers(1, 20))
def test_shortened_text_fits(text: str, width: int) -> None:
    """Whatever the text, the shortened one is not wider than asked."""
    assert display_width(shorten(text, width)) <= width


def test_columns_line_up() -> None:
    """Every row of a table is as wide as its header's rule where the last column stands on the right."""
    lines = table(
        ["商品", "amount"], [["杯子", "1.00"], ["long name", "12,345.00"]], numeric=[False, True]
    ).splitlines()
    assert {display_width(line) for line in lines} == {display_width(lines[1])}


def test_control_characters_cannot_steer_the_terminal() -> None:
    """Line ends and escapes in data become spaces."""
    assert one_line("a\nb\x1b[31m\tc") == "a b [31m c"
    assert len(table(["x"], [["a\nb"]]).splitlines()) == 3


def test_padding() -> None:
    """Text is filled on the side that is free."""
    assert pad("店", 4) == "店  "
    assert pad("1", 3, right=True) == "  1"
