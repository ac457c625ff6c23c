"""The picture of a digest."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from tests.app.conftest import LAST

from duoshou.app import Workbench
from duoshou.app.digest import DayOfShop
from duoshou.app.digest_picture import DigestPicture
from duoshou.model import Text
from duoshou.reports.figures import FigureError, Gallery, Look, Trend


class Looking(Gallery):
    """A gallery that remembers what it was to draw."""

    def __init__(self) -> None:
        super().__init__()
        self.drawn: list[Trend] = []
        self.fails = False

    def png(self, figure: object, look: Look, scale: float = 2.0) -> bytes:
        """Remember the figure and draw it, or fail."""
        assert isinstance(figure, Trend)
        self.drawn.append(figure)
        if self.fails:
            raise FigureError("figure", Text("画不出来", "it cannot be drawn"))
        return super().png(figure, look, scale)


@pytest.fixture
def gallery() -> Iterator[Looking]:
    """A gallery whose process ends with the test."""
    looking = Looking()
    yield looking
    looking.press.close()


def of_day(day: date, shop: str = "tb") -> DayOfShop:
    """Return the day of a shop, without what a picture does not show."""
    return DayOfShop(shop, shop, day, day - timedelta(days=7), "CNY", (), (), (), (), None)


def test_four_weeks_are_drawn_beside_the_four_before(two_shops: Workbench, gallery: Looking) -> None:
    """A PNG of twice the width of a phone, well below what 企业微信 takes, with the shop's own figures."""
    picture = DigestPicture(two_shops, gallery)(of_day(LAST), "zh")
    assert picture is not None
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">I", picture[16:20]) == (780,)
    assert len(picture) < 200_000
    (trend,) = gallery.drawn
    assert (trend.title, trend.days[0], trend.days[-1]) == ("tb · 支付金额", date(2026, 10, 22), LAST)
    assert trend.actual[:4] == (None, None, None, None)
    assert trend.actual[-1] == 5400.0
    assert trend.comparison == ()


def test_without_a_week_of_values_there_is_no_picture(two_shops: Workbench, gallery: Looking) -> None:
    """A line through a few points shows nothing."""
    picture = DigestPicture(two_shops, gallery)
    assert picture(of_day(date(2026, 10, 31)), "zh") is None
    assert picture(of_day(date(2020, 1, 1)), "zh") is None
    assert gallery.drawn == []


def test_a_picture_that_cannot_be_drawn_is_left_out(two_shops: Workbench, gallery: Looking) -> None:
    """The text goes without it."""
    gallery.fails = True
    assert DigestPicture(two_shops, gallery)(of_day(LAST), "en") is None
    assert gallery.drawn[0].title == "tb · Amount paid"
