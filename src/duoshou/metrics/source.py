"""The form of the registry: how a canonical table is read, and by what it can be split. Nothing here computes."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct, field

from duoshou.model import Text

CHANNEL_COLUMN = "sales_channel"
"""Derived column with the key of a row's channel; `channel` is a column of `content_period`."""


class SourceKind(StrEnum):
    """How a table holds time.

    `events`: each row has its own days, and a day without rows is a day without events. `daily`: one row per object and
    day; a day without rows is unknown. `stored`: rows of a day, a week or a month, told apart by `grain`.
    """

    EVENTS = "events"
    DAILY = "daily"
    STORED = "stored"


class Level(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The depth of a tree whose parents hold their children: one level answers.

    Attributes:
        dimension: Dimension that chooses another level than the first.
        freed_by: Dimensions whose filter names one node, of whatever depth.
        refined_by: Dimensions for which the second level is read, and of the first what has nothing below it.
        name: Column with the name of a node.
        parent: Column with the name of the node above it.
    """

    dimension: str
    freed_by: tuple[str, ...] = ()
    refined_by: tuple[str, ...] = ()
    name: str = ""
    parent: str = ""


class Span(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Seconds between two instants of a row."""

    start: str
    end: str


class Parts(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Rows of parts that may be told beside a row of their whole.

    Attributes:
        column: Names the part; `-` stands for the whole.
        measure: Column by which it is told whether the parts are complete.
    """

    column: str
    measure: str


class Source(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One way to read a canonical table.

    Attributes:
        key: Name that measures use.
        table: Canonical table.
        kind: How it holds time.
        date: Its day column.
        group: Name under which measures may mean this and its sister sources at once, in the order of the file.
        days: Day columns whose first and last day bound what an `events` table knows.
        detail: What the answer adds to the table's name when it names its source.
        grain: Length of every row, for a stored table that has no column `grain`.
        fixed: Column values that belong to this reading (a report level).
        excluded: Column values that do not belong to it (`-`, the sum of all others).
        level: Depth of a tree that is read.
        apart: Dimensions whose values must not be added; the answer is unknown where several meet.
        spans: Derived column → the two instants between which it counts seconds.
        product: Column with the product's id, by which category and brand are looked up.
        named_by: Column that names where a row came from, by which its channel is looked up.
        named: The name of all rows, where no column tells.
        named_if: Column → the name of rows of which `named_by` is unknown and this column is known.
        variant: Column whose values are never added (an attribution window).
        variant_order: Values of `variant` preferred over others, best first.
        variant_of: Columns that name the object of which several windows may tell; the days of a window are then how
            long its figures take to settle.
        parts: Rows of parts that may be told beside their whole, by other files.
        whole: Dimension values that stand for the whole (`terminal = "all"`), used unless that dimension is asked for.
        distinct_within: Dimensions within which people are counted once; over them people are added approximately.
        dimensions: Dimension key → column.
        currency: Whether the rows have a currency.
        platform: Whether the rows have a platform.
        shop: Whether the rows belong to a shop; a filter on the shop means nothing for a market.
    """

    key: str
    table: str
    kind: SourceKind
    date: str
    group: str = ""
    days: tuple[str, ...] = ()
    detail: str = ""
    grain: str | None = None
    fixed: dict[str, str] = field(default_factory=dict)
    excluded: dict[str, str] = field(default_factory=dict)
    level: Level | None = None
    apart: tuple[str, ...] = ()
    spans: dict[str, Span] = field(default_factory=dict)
    product: str | None = None
    named_by: str | None = None
    named: str | None = None
    named_if: dict[str, str] = field(default_factory=dict)
    variant: str | None = None
    variant_order: tuple[int | str, ...] = ()
    variant_of: tuple[str, ...] = ()
    parts: Parts | None = None
    whole: dict[str, str] = field(default_factory=dict)
    distinct_within: tuple[str, ...] = ()
    dimensions: dict[str, str] = field(default_factory=dict)
    currency: bool = True
    platform: bool = True
    shop: bool = True

    def derived_columns(self) -> tuple[str, ...]:
        """Return the columns that a scan can add to the stored ones."""
        looked_up = ("product_category", "product_brand") if self.product else ()
        kinds = ("buyer_type", "price_band", CHANNEL_COLUMN)
        typed = tuple(name for name in kinds if name in self.dimensions.values())
        return (*self.spans, *looked_up, *typed)

    def stored_columns(self, name: str) -> tuple[str, ...]:
        """Return the stored columns on which a column rests; none for one that other tables tell."""
        if name in self.spans:
            return (self.spans[name].start, self.spans[name].end)
        if name == CHANNEL_COLUMN:
            return (self.named_by,) if self.named_by else ()
        return () if name in self.derived_columns() else (name,)


class Dimension(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One way to split or to filter.

    Attributes:
        key: Name in commands.
        title: Name for people.
        needs: What is missing, for a dimension that no present table carries.
        name_of: Sources' columns that hold the readable name of a value, as `table.column`.
        named_in_settings: Whether the settings name its values.
        aliases: Other names.
    """

    key: str
    title: Text
    meaning: Text
    needs: Text | None = None
    name_of: tuple[str, ...] = ()
    named_in_settings: bool = False
    aliases: tuple[str, ...] = ()

    @property
    def has_names(self) -> bool:
        """Whether its values have readable names beside their keys."""
        return bool(self.name_of) or self.named_in_settings


class Basis(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a platform counts under the name of a metric."""

    key: str
    title: Text


class Agreement(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which basis platforms use for metrics that tables of their own figures hold.

    Attributes:
        metrics: Measured metrics.
        tables: Tables that the platform computed itself; figures made from order lines have one basis.
        basis: Platform → basis. A platform that is not named has a basis of its own.
    """

    metrics: tuple[str, ...]
    tables: tuple[str, ...]
    basis: dict[str, str]


class RegistryFile(Struct, frozen=True, forbid_unknown_fields=True):
    """`sources.toml`, `dimensions.toml` and `agreements.toml`."""

    source: tuple[Source, ...] = ()
    dimension: tuple[Dimension, ...] = ()
    basis: tuple[Basis, ...] = ()
    agreement: tuple[Agreement, ...] = ()
