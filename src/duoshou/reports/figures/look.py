"""How a figure looks: size, theme, language, and the colours with their names."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal

from duoshou.model import Language

Theme = Literal["light", "dark", "page"]

FONTS = "PingFang SC, Microsoft YaHei, Noto Sans CJK SC, Source Han Sans SC, system-ui, sans-serif"
NARROW = 390
WIDE = 1280
_NARROW_BELOW = 640
_INSET = 14


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours by what they mean. Within a palette no two are equal, so that a colour tells its name.

    Attributes:
        paper: The ground.
        ink: Text that is read first.
        muted: Text and rules that are read second.
        grid: Thin lines behind the data.
        axis: The line of zero.
        accent: The data; the only colour that is no message.
        band: The interval of what was expected.
        expected: The middle of what was expected.
        comparison: The period of comparison.
        shade: Days of a festival.
        red: One direction of a change.
        green: The other direction.
    """

    paper: str
    ink: str
    muted: str
    grid: str
    axis: str
    accent: str
    band: str
    expected: str
    comparison: str
    shade: str
    red: str
    green: str

    def named(self) -> dict[str, str]:
        """Return colour → name."""
        return {getattr(self, field.name): field.name for field in fields(self)}


LIGHT = Palette(
    paper="#FFFFFF",
    ink="#1D2329",
    muted="#5C6873",
    grid="#E7EAEE",
    axis="#A9B2BB",
    accent="#1F4E79",
    band="#DFE8F1",
    expected="#5F82A6",
    comparison="#87929E",
    shade="#F7F1E4",
    red="#C0322B",
    green="#1B7F4B",
)
DARK = Palette(
    paper="#15191E",
    ink="#E4E8EC",
    muted="#9AA5B1",
    grid="#272D34",
    axis="#59636E",
    accent="#86B6E6",
    band="#22344A",
    expected="#6C93BC",
    comparison="#7C8894",
    shade="#2B271D",
    red="#F2796F",
    green="#4FC08D",
)


@dataclass(frozen=True, slots=True)
class Look:
    """What a reader chose, and how much room there is.

    Attributes:
        width: Width of the whole figure in pixels.
        language: Language of labels, dates and units.
        theme: `light` and `dark` have their own ground, for pictures; `page` has none, and its colours are the
            variables `--figure-…` of the page, so that one figure serves both themes.
        red_up: Whether a rise is red and a fall green, the habit in China; otherwise the other way round.
        heading: Whether the title is drawn; a page that has it as a heading leaves it out.
        currency: Code of the currency of money.
        height: Height of the plot of a trend in pixels; None takes what suits the width.
    """

    width: int = WIDE
    language: Language = "zh"
    theme: Theme = "page"
    red_up: bool = True
    heading: bool = True
    currency: str = "CNY"
    height: int | None = None

    @property
    def palette(self) -> Palette:
        """Return the colours to draw with; those of `page` are renamed at the end."""
        return DARK if self.theme == "dark" else LIGHT

    @property
    def inset(self) -> int:
        """Return the free room at each side: a picture in a chat needs a margin, a figure in a page has one."""
        return 0 if self.theme == "page" else _INSET

    @property
    def room(self) -> int:
        """Return the width that is left to draw on."""
        return self.width - 2 * self.inset

    @property
    def narrow(self) -> bool:
        """Return whether there is only the room of a telephone."""
        return self.width < _NARROW_BELOW

    def change_colour(self, change: float) -> str:
        """Return the colour of a change by its direction; no change has none."""
        if change == 0:
            return self.palette.muted
        return self.palette.red if (change > 0) == self.red_up else self.palette.green
