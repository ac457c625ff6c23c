"""Sparklines."""

from __future__ import annotations

import random
import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duoshou.reports.figures import sparkline

SVG = "{http://www.w3.org/2000/svg}"


@given(st.lists(st.none() | st.floats(-1e12, 1e12), max_size=600), st.text(max_size=80))
def test_it_is_small_and_whole(values: list[float | None], title: str) -> None:
    """Whatever the values and the title, the document is well formed, has its title and is at most about 2 kB."""
    text = sparkline(values, title)
    root = ET.fromstring(text)
    assert root.get("role") == "img"
    assert root[0].tag == f"{SVG}title"
    assert len(text.encode()) < 2_600
    assert "style=" not in text
    assert [child.tag for child in root[1:]] in ([], [f"{SVG}path", f"{SVG}circle"])


def test_gaps_stay_gaps() -> None:
    """Each run of known values is a stroke of its own; a value alone is a dot."""
    path = ET.fromstring(sparkline([1, 2, None, 3, None, 4, 5], "x"))[1].get("d") or ""
    assert path.count("M") == 3
    assert path.count("h0") == 1


def test_the_last_known_value_is_marked() -> None:
    """The dot is where the line ends."""
    root = ET.fromstring(sparkline([1, 5, 3, None], "x"))
    end = re.findall(r"[\d.]+ [\d.]+", root[1].get("d") or "")[-1]
    assert end == f"{root[2].get('cx')} {root[2].get('cy')}"


def test_no_peak_is_lost() -> None:
    """Of 548 days the highest and the lowest are still at the edges, and the last is still the last."""
    chance = random.Random(3)
    values = [chance.gauss(100, 10) for _ in range(548)]
    values[301], values[302] = 900.0, -700.0
    root = ET.fromstring(sparkline(values, "x", height=22))
    heights = [float(y) for y in re.findall(r"[\d.]+ ([\d.]+)", root[1].get("d") or "")]
    assert min(heights) == pytest.approx(2.5)
    assert max(heights) == pytest.approx(19.5)
    assert float(root[2].get("cx") or 0) == pytest.approx(93.5)


def test_a_title_is_text() -> None:
    """Markup in a product's name is shown, not obeyed."""
    assert "<script>" not in sparkline([1, 2], "<script>alert(1)</script>")
