"""The form of a metric's definition: what a catalogue file may say. Nothing here computes."""

from __future__ import annotations

from enum import StrEnum

from msgspec import UNSET, Struct, UnsetType

from duoshou.metrics.source import Source
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
    last day stands for the period. `semi_additive`: the last value of each thing stands for the period, and things are
    added. `share`: recomputed from part and whole. `index`: a black box of the platform, never added nor averaged.
    """

    ADDITIVE = "additive"
    ADDITIVE_WITHIN_WINDOW = "additive_within_window"
    DISTINCT = "distinct"
    RATIO = "ratio"
    DISTINCT_RATIO = "distinct_ratio"
    MATURING_RATIO = "maturing_ratio"
    WEIGHTED_MEAN = "weighted_mean"
    LAST_VALUE = "last_value"
    SEMI_ADDITIVE = "semi_additive"
    SHARE = "share"
    INDEX = "index"


class DateBase(StrEnum):
    """Which day a row is counted on."""

    CREATED = "created"
    PAID = "paid"
    REFUNDED = "refunded"
    VISIT = "visit"
    CLICK = "click"
    RATING = "rating"
    APPLIED = "applied"
    BOOKED = "booked"
    DAY = "day"


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
        none_of: The texts among which the column's is not; an unknown text passes.
    """

    column: str
    equals: str | int | UnsetType = UNSET
    above: int | UnsetType = UNSET
    below: int | UnsetType = UNSET
    known: bool | UnsetType = UNSET
    one_of: tuple[str, ...] | UnsetType = UNSET
    none_of: tuple[str, ...] | UnsetType = UNSET

    def tests(self) -> list[str]:
        """Return the names of the tests that are set."""
        names = ("equals", "above", "below", "known", "one_of", "none_of")
        return [name for name in names if getattr(self, name) is not UNSET]


class WeightedMean(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Σ value × weight ÷ Σ weight over the rows where both are known; without a weight each row counts once.

    Attributes:
        value: Column of which the mean is taken.
        weight: Column of the weights.
        otherwise: Column that is the weight where `weight` is NULL.
    """

    value: str
    weight: str | None = None
    otherwise: str | None = None


class Repeat(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How many different `who` have at least `at_least` different `what` in the period."""

    who: str
    what: str
    at_least: int = 2


class Measure(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How one table yields a metric: exactly one of sum, count, distinct, last, mean, repeat, only.

    Attributes:
        use: Key of a source, or of a group of sources (`sources.toml`).
        date: Day column, where the source has several; the source's own otherwise.
        sum: Column that is added.
        otherwise: Column that is taken where the summed one is NULL.
        less: Columns that are taken off the summed one; where one is NULL, nothing is.
        negate: True: the sum changes its sign (fees are booked as negative amounts).
        count: True: rows are counted.
        distinct: Column whose different values are counted.
        last: Column of which the latest day's value stands.
        each: Columns that tell things apart whose last values are added; empty: there is one thing.
        mean: Weighted mean.
        repeat: Count of those who came again.
        only: Column whose value stands when exactly one row answers; several rows are never put together.
        where: Conditions that rows must meet.
        within: Dimensions within which a row's figure is whole; added over them it counts things several times.
        grains: Stored rows that may be used; empty: any.
    """

    use: str
    date: str | None = None
    sum: str | None = None
    otherwise: str | None = None
    less: tuple[str, ...] = ()
    negate: bool = False
    count: bool = False
    distinct: str | None = None
    last: str | None = None
    each: tuple[str, ...] = ()
    mean: WeightedMean | None = None
    repeat: Repeat | None = None
    only: str | None = None
    where: tuple[Condition, ...] = ()
    within: tuple[str, ...] = ()
    grains: tuple[str, ...] = ()

    def kinds(self) -> list[str]:
        """Return the names of the kinds of measure that are set."""
        names = ("sum", "count", "distinct", "last", "mean", "repeat", "only")
        return [name for name in names if getattr(self, name)]

    @property
    def stands_alone(self) -> bool:
        """Whether it needs an aggregate of its own, in two steps."""
        return self.repeat is not None or bool(self.each)

    def columns(self) -> tuple[str, ...]:
        """Return the columns without which the measure says nothing."""
        if self.mean:
            weight = None if self.mean.otherwise else self.mean.weight
            return (self.mean.value, weight) if weight else (self.mean.value,)
        if self.repeat:
            return (self.repeat.who,)
        named = self.otherwise or self.sum or self.distinct or self.last or self.only
        return (named,) if named else ()

    def needed_columns(self, source: Source) -> tuple[str, ...]:
        """Return the stored columns of the source without which the measure says nothing."""
        derived = (condition.column for condition in self.where if condition.column in source.spans)
        named = (*self.columns(), *derived, *([self.date] if self.date else []))
        return tuple(stored for name in named for stored in source.stored_columns(name))

    def named_columns(self) -> tuple[str, ...]:
        """Return every column that the measure names."""
        mean = (self.mean.value, self.mean.weight, self.mean.otherwise) if self.mean else ()
        repeat = (self.repeat.who, self.repeat.what) if self.repeat else ()
        single = (self.date, self.sum, self.otherwise, self.distinct, self.last, self.only)
        conditions = (condition.column for condition in self.where)
        return tuple(name for name in (*single, *self.less, *self.each, *mean, *repeat, *conditions) if name)


class Ratio(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Numerator ÷ denominator × scale, both metrics, from one and the same source unless `across`.

    Attributes:
        numerator: Metric above.
        denominator: Metric below.
        scale: Factor.
        across: Whether each side may come from its own source.
        per_day: Whether the denominator is taken for one day of the period; only with `across`.
    """

    numerator: str
    denominator: str
    scale: int = 1
    across: bool = False
    per_day: bool = False


class Difference(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Minuend − subtrahend, both metrics, from one and the same source."""

    minuend: str
    subtrahend: str


class Total(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The sum of several metrics of one and the same source."""

    of: tuple[str, ...]


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
    total: Total | None = None
    share: Share | None = None


class CatalogueFile(Struct, frozen=True, forbid_unknown_fields=True):
    """One file of metrics."""

    metric: tuple[Metric, ...] = ()
