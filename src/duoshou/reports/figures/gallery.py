"""Draws figures and keeps them: in memory by what was asked for, in a folder by the hash of the spec."""

from __future__ import annotations

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import replace
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from duoshou.reports.figures.bar_chart import bars
from duoshou.reports.figures.canvas import Spec
from duoshou.reports.figures.drawer import Drawer
from duoshou.reports.figures.inputs import Bars, Trend, Waterfall
from duoshou.reports.figures.look import Look
from duoshou.reports.figures.polish import polished
from duoshou.reports.figures.press import VEGA_LITE, Press
from duoshou.reports.figures.trend_chart import trend
from duoshou.reports.figures.waterfall_chart import waterfall

Figure = Trend | Waterfall | Bars

_MEMORY = 16 << 20


def spec_of(figure: Figure, look: Look) -> Spec:
    """Return the Vega-Lite spec of a figure."""
    match figure:
        case Trend():
            return trend(figure, look)
        case Waterfall():
            return waterfall(figure, look)
        case Bars():
            return bars(figure, look)


class Gallery:
    """Draws figures; the same figure with the same look is drawn once. Safe to use from several threads.

    Attributes:
        press: What prints.
    """

    def __init__(self, press: Press | None = None, folder: Path | None = None, memory: int = _MEMORY) -> None:
        """Open a gallery.

        Args:
            press: What prints; one of its own if not given.
            folder: Where pictures are kept beyond this process; nowhere if not given.
            memory: Bytes of pictures that are kept in memory; the longest unused leave first.
        """
        self.press = press or Press()
        self._drawer = Drawer(folder) if folder is not None else None
        self._memory = memory
        self._used = 0
        self._kept: OrderedDict[Hashable, bytes] = OrderedDict()
        self._keeping = threading.Lock()
        self._drawing = threading.Lock()

    def svg(self, figure: Figure, look: Look) -> str:
        """Return a figure as SVG that may be inlined in a page.

        Raises:
            FigureError: It could not be drawn.
        """
        key = (figure, look)
        kept = self._find(key)
        if kept is None:
            with self._drawing:
                # Whoever waited may find that it was drawn meanwhile.
                kept = self._find(key)
                if kept is None:
                    kept = self._draw(spec_of(figure, look)).encode("utf-8")
                    self._keep(key, kept)
        return kept.decode("utf-8")

    def png(self, figure: Figure, look: Look, scale: float = 2.0) -> bytes:
        """Return a figure as a PNG with a ground of its own, for a chat; the theme of a page becomes the light one.

        Args:
            figure: What is drawn.
            look: How it looks.
            scale: Pixels for each pixel of the figure.

        Raises:
            FigureError: It could not be drawn.
        """
        if look.theme == "page":
            look = replace(look, theme="light")
        key = (figure, look, scale)
        kept = self._find(key)
        if kept is None:
            svg = self.svg(figure, look)
            digest = _digest("png", scale, svg)
            kept = self._drawer.get(digest, "png") if self._drawer else None
            if kept is None:
                kept = self.press.png(svg, scale)
                if self._drawer:
                    self._drawer.put(digest, "png", kept)
            self._keep(key, kept)
        return kept

    def warm(self) -> None:
        """Load what the first figure needs, so that nobody waits for it; takes about a second, best in a thread."""
        self.press.warm()
        import altair as alt

        assert alt

    def close(self) -> None:
        """Free the press; the gallery may be used on."""
        self.press.close()

    def _draw(self, spec: Spec) -> str:
        """Return the finished SVG of a spec; what the converter made of it may lie in the folder."""
        digest = _digest("svg", spec)
        raw = self._drawer.get(digest, "svg") if self._drawer else None
        if raw is None:
            raw = self.press.svg(spec).encode("utf-8")
            if self._drawer:
                self._drawer.put(digest, "svg", raw)
        return polished(raw.decode("utf-8"), spec["usermeta"])

    def _find(self, key: Hashable) -> bytes | None:
        with self._keeping:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
            return kept

    def _keep(self, key: Hashable, picture: bytes) -> None:
        with self._keeping:
            before = self._kept.pop(key, b"")
            self._kept[key] = picture
            self._used += len(picture) - len(before)
            while self._used > self._memory and len(self._kept) > 1:
                _, oldest = self._kept.popitem(last=False)
                self._used -= len(oldest)


def _digest(*facts: Any) -> str:
    """Return the hash of what a picture is made from, and of the program that makes it."""
    text = json.dumps([_converter(), VEGA_LITE, *facts], sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


@cache
def _converter() -> str:
    return version("vl-convert-python")
