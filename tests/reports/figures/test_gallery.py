"""SVG that may stand in a page, drawn once."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from tests.reports.figures.conftest import full_trend
from tests.reports.figures.test_specs import BARS, WATERFALL

from duoshou.metrics import Unit
from duoshou.reports.figures import Bars, Figure, Gallery, Look, Part, Press, Trend
from duoshou.reports.figures.drawer import Drawer
from duoshou.reports.figures.polish import polished

SVG = "{http://www.w3.org/2000/svg}"
EVIL = "<script>alert(1)</script>\" onload='x' & \x00\u202e]]>"


class CountingPress(Press):
    """Counts what is printed."""

    def __init__(self, press: Press) -> None:
        super().__init__()
        self.press = press
        self.svgs = 0
        self.pngs = 0

    def svg(self, spec: dict[str, Any]) -> str:
        """Print with the shared press."""
        self.svgs += 1
        return self.press.svg(spec)

    def png(self, svg: str, scale: float) -> bytes:
        """Print with the shared press."""
        self.pngs += 1
        return self.press.png(svg, scale)


@pytest.fixture
def counting(press: Press) -> CountingPress:
    """Return a press that counts."""
    return CountingPress(press)


@pytest.mark.parametrize("figure", [full_trend(), WATERFALL, BARS], ids=["trend", "waterfall", "bars"])
def test_a_figure_may_stand_in_a_page(figure: Figure, press: Press) -> None:
    """An image with title and description; no style, script, link, identifier or foreign element; readable marks."""
    text = Gallery(press).svg(figure, Look())
    root = ET.fromstring(text)
    assert root.get("role") == "img"
    assert [root[0].tag, root[1].tag] == [f"{SVG}title", f"{SVG}desc"]
    assert root[0].text == figure.title
    assert len(root[1].text or "") > 20
    elements = list(root.iter())
    names = {name for element in elements for name in element.attrib}
    assert not {"style", "id", "href", "clip-path", "{http://www.w3.org/1999/xlink}href"} & names
    assert not any(name.startswith("on") for name in names)
    assert "url(" not in text
    assert {element.tag.removeprefix(SVG) for element in elements} <= {
        "svg", "title", "desc", "g", "path", "line", "rect", "text"
    }  # fmt: skip
    labels = [element.get("aria-label") for element in elements if element.get("aria-label")]
    assert len(labels) == {"trend": 30, "waterfall": 5, "bars": 6}[type(figure).__name__.lower()]


def test_names_are_text_wherever_they_stand(press: Press) -> None:
    """Markup in a title, a label, an event or a comparison is shown as it is and obeyed by nobody."""
    series = replace(full_trend(label=EVIL), title=EVIL, comparison_label=EVIL)
    parts = Bars(EVIL, Unit.COUNT, (Part(EVIL, 5.0), Part("b", -3.0)))
    for figure in (series, parts):
        for look in (Look(), Look(theme="dark", width=390)):
            text = Gallery(press).svg(figure, look)
            root = ET.fromstring(text)
            assert "<script" not in text
            assert root.find(f".//{SVG}script") is None
            assert not any(name.startswith("on") for element in root.iter() for name in element.attrib)
            assert "<script>alert(1)</script>" in (root[0].text or "")


def test_the_page_gives_the_colours(press: Press) -> None:
    """In a page colours are variables and there is no ground; a picture has its own colours and ground."""
    page, dark = (Gallery(press).svg(full_trend(), Look(theme=theme)) for theme in ("page", "dark"))
    assert "var(--figure-accent, #1F4E79)" in page
    first = ET.fromstring(page)[2]
    assert first.tag == f"{SVG}g"
    assert "var(" not in dark
    assert ET.fromstring(dark)[2].attrib == {
        "width": "1280",
        "height": ET.fromstring(dark).get("height"),
        "fill": "#15191E",
    }


def test_gaps_are_paths_of_their_own(press: Press) -> None:
    """The line of the actual values is drawn in as many paths as it has runs."""
    root = ET.fromstring(Gallery(press).svg(full_trend(), Look(theme="light")))
    parents = {child: parent for parent in root.iter() for child in parent}
    lines = [
        element
        for element in root.iter(f"{SVG}path")
        if "#1F4E79" in {element.get("stroke"), parents[element].get("stroke")}
        and (element.get("d") or "").count("L") >= 1
    ]
    assert len(lines) == 3


def test_the_same_figure_is_drawn_once(counting: CountingPress) -> None:
    """Equal inputs are one drawing; another look is another."""
    gallery = Gallery(counting)
    first = gallery.svg(full_trend(), Look())
    assert gallery.svg(full_trend(), Look()) == first
    assert counting.svgs == 1
    gallery.svg(full_trend(), Look(language="en"))
    assert counting.svgs == 2
    picture = gallery.png(full_trend(), Look())
    assert gallery.png(full_trend(), Look()) == picture
    assert (counting.svgs, counting.pngs) == (3, 1)


def test_many_readers_at_once_cause_one_drawing(counting: CountingPress) -> None:
    """Twenty threads ask for a figure that nobody has drawn."""
    gallery = Gallery(counting)
    answers: list[str] = []
    threads = [threading.Thread(target=lambda: answers.append(gallery.svg(WATERFALL, Look()))) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 20
    assert len(set(answers)) == 1
    assert counting.svgs == 1


def test_a_folder_outlives_the_process(counting: CountingPress, tmp_path: Path) -> None:
    """Another gallery on the same folder draws nothing; a torn file is drawn again."""
    first = Gallery(counting, tmp_path / "figures").svg(BARS, Look())
    Gallery(counting, tmp_path / "figures").png(BARS, Look())
    drawn = (counting.svgs, counting.pngs)
    again = Gallery(counting, tmp_path / "figures")
    assert again.svg(BARS, Look()) == first
    assert again.png(BARS, Look()).startswith(b"\x89PNG")
    assert (counting.svgs, counting.pngs) == drawn
    for path in (tmp_path / "figures").iterdir():
        path.write_bytes(path.read_bytes()[:100])
    assert Gallery(counting, tmp_path / "figures").svg(BARS, Look()) == first
    assert counting.svgs == drawn[0] + 1


def test_a_folder_that_cannot_be_written_is_done_without(counting: CountingPress, tmp_path: Path) -> None:
    """A file where the folder should be costs a drawing and no error."""
    (tmp_path / "figures").write_text("", encoding="utf-8")
    assert Gallery(counting, tmp_path / "figures").svg(BARS, Look()).startswith("<svg")


def test_a_folder_does_not_grow_for_ever(tmp_path: Path) -> None:
    """Above its limit the longest unused pictures leave."""
    drawer = Drawer(tmp_path, most=5)
    for number in range(101):
        drawer.put(f"{number:064x}", "svg", b"<svg></svg>")
    assert len(list(tmp_path.iterdir())) == 5


def test_memory_is_bounded(counting: CountingPress) -> None:
    """A gallery that may keep one picture keeps the latest."""
    gallery = Gallery(counting, memory=1)
    gallery.svg(WATERFALL, Look())
    gallery.svg(BARS, Look())
    gallery.svg(BARS, Look())
    assert counting.svgs == 2
    gallery.svg(WATERFALL, Look())
    assert counting.svgs == 3


def test_a_year_and_a_half_is_drawn(press: Press) -> None:
    """548 days keep a reading each and stay below 200 kB."""
    text = Gallery(press).svg(full_trend(548), Look())
    assert text.count("aria-label=") == 548
    assert len(text.encode()) < 200_000


def test_polish_lets_nothing_foreign_through() -> None:
    """Whatever a converter may write one day: only known elements and attributes stay."""
    dirty = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" onload="x()"><script>x()</script>'
        '<g style="fill:red"><image href="http://example.org/a.png"/><a href="javascript:x()"><text>b</text></a>'
        "<foreignObject><div/></foreignObject>"
        '<text style="font:x" id="a" fill="#1D2329" onclick="x()">c</text></g></svg>'
    )
    text = polished(dirty, {"title": "t", "description": "d", "theme": "light"})
    for word in ("script", "style", "image", "href", "foreignObject", "onload", "onclick", "id="):
        assert word not in text
    assert ">c</text>" in text


def test_one_value_is_a_figure(press: Press) -> None:
    """A single day is a point with its number."""
    series = Trend("访客数", Unit.PEOPLE, full_trend().days[:1], (7.0,))
    root = ET.fromstring(Gallery(press).svg(series, Look(width=390)))
    assert "7" in [element.text for element in root.iter(f"{SVG}text")]
