"""What can go wrong while a figure is drawn."""

from __future__ import annotations

from duoshou.model import DuoshouError, Text


class FigureError(DuoshouError):
    """A figure that could not be drawn; the page shows its numbers without it."""

    @classmethod
    def not_drawn(cls, reason: str) -> FigureError:
        """Return the error of a picture that the converter did not make."""
        return cls(
            "figure_not_drawn",
            Text(f"图表没有画成：{reason}", f"the figure could not be drawn: {reason}"),
            hint=Text(
                "数字不受影响；用 duoshou doctor 检查安装，再刷新一次",
                "the numbers are not affected; check the installation with `duoshou doctor`, then reload",
            ),
        )
