"""Figures in a real browser, under the strictest content policy."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from tests.browser import browsing
from tests.conftest import chromium
from tests.reports.figures.conftest import full_trend
from tests.reports.figures.test_specs import BARS, WATERFALL

from duoshou.reports.figures import Gallery, Look, Press, sparkline

pytestmark = pytest.mark.browser
POLICY = "default-src 'none'; style-src 'self'; script-src 'none'; img-src 'none'; font-src 'none'"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return the system's Chromium."""
    program = chromium()
    assert program is not None
    with browsing(program) as one:
        yield one


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Return a fresh page: policies of one document would stay for the next."""
    one = browser.new_page(viewport={"width": 1280, "height": 900})
    yield one
    one.close()


def document(*figures: str, policy: str = POLICY) -> str:
    """Return a page with figures in it."""
    body = "".join(f"<section>{figure}</section>" for figure in figures)
    return (
        f'<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>Figures</title>'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}"></head>'
        f"<body><main><h1>图</h1>{body}</main></body></html>"
    )


def test_a_strict_policy_refuses_nothing(page: Page, press: Press) -> None:
    """Two of each figure in one page: no word of a violation on the console."""
    gallery = Gallery(press)
    drawn = [gallery.svg(figure, Look()) for figure in (full_trend(), WATERFALL, BARS)]
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.set_content(document(*drawn, *drawn, sparkline([1, 3, 2], "支付金额")))
    assert page.locator("svg.figure").count() == 6
    assert said == []
    page.set_content(document('<p style="color:red">x</p>'))
    assert any("Content Security Policy" in text for text in said)


def test_the_page_colours_a_figure(page: Page, press: Press) -> None:
    """A variable of the page reaches the marks; without it the colour is the light one."""
    svg = Gallery(press).svg(full_trend(), Look())
    read = (
        "() => getComputedStyle([...document.querySelectorAll('svg.figure path')]"
        ".find(path => getComputedStyle(path).stroke != 'none')).stroke"
    )
    open_policy = POLICY.replace("style-src 'self'", "style-src 'unsafe-inline'")
    colours = "<style>:root{--figure-accent:#010203;--figure-comparison:#010203;--figure-expected:#010203}</style>"
    page.set_content(document(svg, policy=open_policy))
    assert page.evaluate(read) != "rgb(1, 2, 3)"
    page.set_content(document(colours + svg, policy=open_policy))
    assert page.evaluate(read) == "rgb(1, 2, 3)"


@pytest.mark.parametrize("width", [390, 1280])
def test_labels_stay_inside(page: Page, press: Press, width: int) -> None:
    """No text reaches over the edge of its figure, and no label lies on another."""
    gallery = Gallery(press)
    for figure in (full_trend(), full_trend(14), WATERFALL, BARS):
        page.set_content(document(gallery.svg(figure, Look(width=width))))
        found = page.evaluate(
            """() => {
                const frame = document.querySelector('svg.figure').getBoundingClientRect();
                const texts = [...document.querySelectorAll('svg.figure text')];
                const boxes = texts.map(text => text.getBoundingClientRect());
                const out = boxes.filter(b => b.left < frame.left - 1 || b.right > frame.right + 1
                    || b.top < frame.top - 1 || b.bottom > frame.bottom + 1).length;
                const over = boxes.filter((a, i) => boxes.some((b, j) => i < j && a.left < b.right - 1
                    && b.left < a.right - 1 && a.top < b.bottom - 3 && b.top < a.bottom - 3)).length;
                return [boxes.length, out, over];
            }"""
        )
        assert found[0] > 5
        assert found[1:] == [0, 0], figure.title


def test_axe_finds_nothing(page: Page, press: Press) -> None:
    """No violation of the accessibility rules in a page of figures."""
    gallery = Gallery(press)
    drawn = [gallery.svg(figure, Look()) for figure in (full_trend(), WATERFALL, BARS)]
    page.set_content(document(*drawn, sparkline([1, 3, 2], "支付金额"), policy="img-src 'none'"))
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
