"""What a search for the place of a change returns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from duoshou.model import Text

UNEXPLAINED_LIMIT = 1 / 3
"""Above this share of the change left without a place, the cause is said to lie outside the dimensions at hand."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A combination of attribute values whose amount moved.

    A leaf that lies in two cells of one result counts for the earlier one only, so the amounts of all cells and of the
    rest add up to the whole.

    Attributes:
        values: Attribute → value; attributes that are not named may be anything.
        score: Evidence in nats, less the cost of the search: above 0 the cell is more than chance.
        share: Share of the whole movement, 0…1; all shares and the unexplained share add up to 1.
        actual: Sum over the cell's own leaves.
        expected: Expected sum over the same leaves.
    """

    values: dict[str, Any]
    score: float
    share: float
    actual: float
    expected: float

    @property
    def change(self) -> float:
        """Actual less expected."""
        return self.actual - self.expected

    @property
    def ratio(self) -> float | None:
        """Actual ÷ expected; None where nothing was expected."""
        return self.actual / self.expected if self.expected else None


@dataclass(frozen=True, slots=True)
class RatioCell(Cell):
    """A combination of attribute values whose rate moved.

    `actual` and `expected` are numerators: the one that came, and the one that was due for the same denominator at the
    earlier rates of the cell's leaves, so that a change of mix is no change.

    Attributes:
        denominator: Sum over the cell's own leaves.
    """

    denominator: float

    @property
    def rate(self) -> float | None:
        """Rate now; None without a denominator."""
        return self.actual / self.denominator if self.denominator else None

    @property
    def expected_rate(self) -> float | None:
        """Rate that was due for the present mix; None without a denominator."""
        return self.expected / self.denominator if self.denominator else None


Found = TypeVar("Found", bound=Cell)


@dataclass(frozen=True, slots=True)
class Localisation(Generic[Found]):
    """Where a number moved.

    Attributes:
        cells: Ranked, the one with the most evidence first.
        actual: Sum over all leaves.
        expected: Expected sum over all leaves.
        unexplained: Share of the whole movement that lies in no cell, 0…1.
        outside: Whether the rest moved farther than chance and holds more than a third of the movement: the cause is
            not one of the attributes at hand, or is common to all their values.
        overlapping: Whether the cells are alternatives that may overlap; their shares do not add up then.
        constant: Attributes with one value, which were left out.
    """

    cells: tuple[Found, ...]
    actual: float
    expected: float
    unexplained: float
    outside: bool
    overlapping: bool
    constant: tuple[str, ...]

    def __iter__(self) -> Iterator[Found]:
        return iter(self.cells)

    def __len__(self) -> int:
        return len(self.cells)

    def __getitem__(self, place: int) -> Found:
        return self.cells[place]

    @property
    def change(self) -> float:
        """Actual less expected."""
        return self.actual - self.expected

    @property
    def verdict(self) -> Text:
        """One sentence for people."""
        share = round(100 * self.unexplained)
        if self.outside:
            return Text(
                f"约 {share}% 的变化在这些维度里找不到位置，原因可能在别的维度，或对所有值都一样",
                f"about {share} % of the change has no place among these dimensions: "
                "its cause lies outside them, or is common to all their values",
            )
        if not self.cells:
            return Text("没有超出偶然波动的变化", "nothing moved farther than chance")
        return Text(
            f"变化集中在 {len(self.cells)} 处，约 {100 - share}% 落在其中",
            f"the change gathers in {len(self.cells)} place(s), which hold about {100 - share} % of it",
        )


@dataclass(frozen=True, slots=True)
class RatioLocalisation(Localisation[RatioCell]):
    """Where a ratio moved; `actual` and `expected` are numerators as in `RatioCell`.

    Attributes:
        rate: Ratio now; None without a denominator.
        earlier_rate: Ratio of the expected numerator and denominator; None without a denominator.
        mix_change: Part of `rate − earlier_rate` that the mix alone makes: larger shares of leaves with another rate.
    """

    rate: float | None
    earlier_rate: float | None
    mix_change: float | None
