"""How archived raw cells become typed rows: what the warehouse needs of `duoshou.sources`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from duoshou.model import Place, Text
from duoshou.sources import Layout, Layouts, TypedSelect, parse_layout, typed_select
from duoshou.warehouse.archive import Entry
from duoshou.warehouse.errors import WarehouseError


class Interpreter(Protocol):
    """Gives the typed queries of an archived entry."""

    def selects(self, entry: Entry, parquet: Path) -> Sequence[TypedSelect]:
        """Return one query for each table that `entry` feeds; its raw cells lie in `parquet`."""


class LayoutInterpreter:
    """Types archived cells by today's layouts, so that a better layout reads everything again.

    Attributes:
        layouts: The layouts that are known.
    """

    def __init__(self, layouts: Layouts) -> None:
        self.layouts = layouts

    def selects(self, entry: Entry, parquet: Path) -> Sequence[TypedSelect]:
        """Return one query for each table of the entry's layout.

        Raises:
            WarehouseError: If the layout is not known any more.
            LayoutError: If the entry's own mapping is wrong.
        """
        layout = self._layout(entry)
        return [
            typed_select(
                layout,
                parquet,
                entry.headers,
                table_index=number,
                timezone=entry.timezone,
                shop=entry.shop,
                currency=entry.currency,
                first_row=entry.first_row,
                period_hint=entry.period_hint,
                exported_at=entry.exported_at,
            )
            for number in range(len(layout.table))
        ]

    def _layout(self, entry: Entry) -> Layout:
        if entry.mapping is not None:
            return parse_layout(entry.mapping, file=entry.layout, known=self.layouts)
        layout = self.layouts.get(entry.layout)
        if layout is None:
            raise WarehouseError(
                "layout_gone",
                Text(
                    f"归档文件的版式“{entry.layout}”已不存在",
                    f"the layout {entry.layout!r} of an archived file is not known any more",
                ),
                hint=Text("恢复该版式的 TOML 文件", "restore the TOML file of that layout"),
                place=Place(file=entry.file),
            )
        return layout
