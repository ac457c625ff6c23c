"""Tests of what a cell may hold and how it is written."""

from __future__ import annotations

import string
import tomllib
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duoshou.metrics import Flag, Unit
from duoshou.reports.styles import change_format, number_format
from duoshou.reports.workbook import LONGEST_TEXT, lines_of, safe_text, width_of


@given(st.text())
def test_text_has_no_control_characters_and_a_limit(text: str) -> None:
    """Whatever comes in, a cell gets printable text that Excel can hold, of the same printable characters."""
    safe = safe_text(text)
    assert len(safe) <= LONGEST_TEXT
    assert all(char == "\n" or char.isprintable() or char.isspace() for char in safe)


def test_long_text_is_cut_visibly() -> None:
    """A text beyond the limit ends with an ellipsis."""
    assert safe_text("x" * 40_000).endswith("…")


def test_chinese_is_twice_as_wide() -> None:
    """Column widths count a Chinese character as two."""
    assert width_of("金额") == 4
    assert lines_of("金额金额金额", 8) == 2
    assert lines_of("a\nb", 10) == 2


@pytest.mark.parametrize("unit", list(Unit))
def test_every_unit_has_its_formats(unit: Unit) -> None:
    """Each unit can be written, with every mark."""
    assert number_format(unit, frozenset(Flag)).startswith('"≈ "')
    assert number_format(unit, frozenset(Flag)).endswith('"†"')
    assert change_format(unit, 0.1).count(";") == 2


def test_change_of_a_rate_is_in_points() -> None:
    """Rates change in percentage points, everything else in percent."""
    assert "pp" in change_format(Unit.RATE, 0.5)
    assert "%" in change_format(Unit.MONEY, 0.5)
    assert "0%" in change_format(Unit.MONEY, 94.0)


def test_words_say_the_same_in_both_languages() -> None:
    """Every wording has both languages with the same placeholders, and the English one is in English."""
    content = tomllib.loads(files("duoshou.reports").joinpath("words.toml").read_text(encoding="utf-8"))
    for part in content.values():
        for words in part.values():
            fields = [{name for _, name, _, _ in string.Formatter().parse(words[key]) if name} for key in ("zh", "en")]
            assert fields[0] == fields[1], words
            assert not any("\u4e00" <= char <= "\u9fff" for char in words["en"]), words
