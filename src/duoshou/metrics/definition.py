"""The form of a metric's definition: what a catalogue file may say. Nothing here computes."""

from __future__ import annotations

from enum import StrEnum

from msgspec import UNSET, Struct, UnsetType, field

from duoshou.model import Text


class Unit(StrEnum):
    """What a metric counts in; it decides how a value is written."""

    MONEY = "money"
    COUNT = "count"
    PEOPLE = "people"
    RATE = "rate"
    RATIO = "ratio"
    SECONDS = "seconds"
    SCORE = "score"


class Additivity(StrEnum):
    """How values of parts may become the value of the whole.

    `additive`: parts are added. `additive_within_window`: added, within one attribution window only. `distinct`:
    people, who may be counted in several parts: never added silently. `ratio`, `distinct_ratio`, `maturing_ratio`:
    numerators and denominators are added apart, then divided. `weighted_mean`: weights are added. `last_value`: the
    last day stands for the period. `share`: recomputed from part and whole.
    """

    ADDITIVE = "additive"
    ADDITIVE_WITHIN_WINDOW = "additive_within_window"
    DISTINCT = "distinct"
    RATIO = "ratio"
    DISTINCT_RATIO = "distinct_ratio"
    MATURING_RATIO = "maturing_ratio"
    WEIGHTED_MEAN = "weighted_mean"
    LAST_VALUE = "last_value"
    SHARE = "share"


class DateBase(StrEnum):
    """Which day a row is counted on."""

    CREATED = "created"
    PAID = "paid"
    REFUNDED = "refunded"
    VISIT = "visit"
    CLICK = "click"
    RATING = "rating"


class RefundTreatment(StrEnum):
    """What later refunds do to the value."""

    IGNORED = "ignored"
    SUBTRACTED = "subtracted"
    COUNTED = "counted"
    NOT_APPLICABLE = "not_applicable"


class Condition(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One condition that a row must meet; exactly one test besides the column.

    Attributes:
        column: Column of the table, or a derived one (`buyer_type`).
        equals: The text or number that the column holds.
        above: The column is greater.
        below: The column is smaller.
        known: True: the column is not NULL; False: it is.
        one_of: The texts among which the column's is.
    """

    column: str
    equals: str | int | UnsetType = UNSET
    above: int | UnsetType = UNSET
    below: int | UnsetType = UNSET
    known: bool | UnsetType = UNSET
    one_of: tuple[str, ...] | UnsetType = UNSET

    def tests(self) -> list[str]:
        """Return the names of the tests that are set."""
        names = ("equals", "above", "below", "known", "one_of")
        return [name for name in names if getattr(self, name) is not UNSET]


class WeightedMean(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Σ value × weight ÷ Σ weight over the rows where both are known."""

    value: str
    weight: str


class Repeat(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How many different `who` have at least `at_least` different `what` in the period."""

    who: str
    what: str
    at_least: int = 2


class Measure(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How one table yields a metric: exactly one of sum, count, distinct, last, mean, repeat.

    Attributes:
        use: Key of a source, or of a group of sources (`sources.toml`).
        date: Day column, where the source has several; the source's own otherwise.
        sum: Column that is added.
        otherwise: Column that is taken where the summed one is NULL.
        count: True: rows are counted.
        distinct: Column whose different values are counted.
        last: Column of which the latest day's value stands.
        mean: Weighted mean.
        repeat: Count of those who came again.
        where: Conditions that rows must meet.
        within: Dimensions within which a row's figure is whole; added over them it counts things several times.
        grains: Stored rows that may be used; empty: any.
    """

    use: str
    date: str | None = None
    sum: str | None = None
    otherwise: str | None = None
    count: bool = False
    distinct: str | None = None
    last: str | None = None
    mean: WeightedMean | None = None
    repeat: Repeat | None = None
    where: tuple[Condition, ...] = ()
    within: tuple[str, ...] = ()
    grains: tuple[str, ...] = ()

    def kinds(self) -> list[str]:
        """Return the names of the kinds of measure that are set."""
        names = ("sum", "count", "distinct", "last", "mean", "repeat")
        return [name for name in names if getattr(self, name)]

    def columns(self) -> tuple[str, ...]:
        """Return the columns without which the measure says nothing."""
        if self.mean:
            return (self.mean.value, self.mean.weight)
        if self.repeat:
            return (self.repeat.who,)
        named = self.otherwise or self.sum or self.distinct or self.last
        return (named,) if named else ()


class Ratio(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Numerator ÷ denominator × scale, both metrics, from one and the same source unless `across`."""

    numerator: str
    denominator: str
    scale: int = 1
    across: bool = False


class Difference(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Minuend − subtrahend, both metrics, from one and the same source."""

    minuend: str
    subtrahend: str


class Share(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A group's part of a metric in the whole of all groups of the same source, period and filter."""

    of: str


class Metric(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One metric as the catalogue file gives it."""

    key: str
    title: Text
    formula: Text
    unit: Unit
    additivity: Additivity
    date_base: DateBase
    refunds: RefundTreatment
    purpose: Text
    caution: Text
    maturity_days: int = 0
    minimum_sample: int = 0
    sample: str | None = None
    aliases: tuple[str, ...] = ()
    source: tuple[Measure, ...] = ()
    ratio: Ratio | None = None
    difference: Difference | None = None
    share: Share | None = None


class CatalogueFile(Struct, frozen=True, forbid_unknown_fields=True):
    """One file of metrics."""

    metric: tuple[Metric, ...] = ()


class SourceKind(StrEnum):
    """How a table holds time.

    `events`: each row has its own days, and a day without rows is a day without events. `daily`: one row per object and
    day; a day without rows is unknown. `stored`: rows of a day, a week or a month, told apart by `grain`.
    """

    EVENTS = "events"
    DAILY = "daily"
    STORED = "stored"


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
        fixed: Column values that belong to this reading (a report level).
        variant: Column whose values are never added (an attribution window).
        variant_order: Values of `variant` preferred over others, best first.
        whole: Dimension values that stand for the whole (`terminal = "all"`), used unless that dimension is asked for.
        distinct_within: Dimensions within which people are counted once; over them people are added approximately.
        dimensions: Dimension key → column.
        currency: Whether the rows have a currency.
        platform: Whether the rows have a platform.
    """

    key: str
    table: str
    kind: SourceKind
    date: str
    group: str = ""
    days: tuple[str, ...] = ()
    detail: str = ""
    fixed: dict[str, str] = field(default_factory=dict)
    variant: str | None = None
    variant_order: tuple[int, ...] = ()
    whole: dict[str, str] = field(default_factory=dict)
    distinct_within: tuple[str, ...] = ()
    dimensions: dict[str, str] = field(default_factory=dict)
    currency: bool = True
    platform: bool = True


class Dimension(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One way to split or to filter.

    Attributes:
        key: Name in commands.
        title: Name for people.
        needs: What is missing, for a dimension that no present table carries.
        name_of: Sources' columns that hold the readable name of a value, as `table.column`.
        aliases: Other names.
    """

    key: str
    title: Text
    meaning: Text
    needs: Text | None = None
    name_of: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()


class RegistryFile(Struct, frozen=True, forbid_unknown_fields=True):
    """`sources.toml` and `dimensions.toml`."""

    source: tuple[Source, ...] = ()
    dimension: tuple[Dimension, ...] = ()
