"""效果: what everything that was done brought, and one effect with what it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from duoshou.app.discreet_loop import discreet_effect, discreet_totals
from duoshou.loop.changes import change_titles
from duoshou.loop.effects import Measured, Totals, effect_named, last_kept, list_effects, totals
from duoshou.loop.tasks import task_titles
from duoshou.metrics import Metric
from duoshou.model import Source, Text, Verdict, plain

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench

EFFECTS_A_PAGE = 25
PARTS = ("gross", "cost", "displaced", "later")


@dataclass(frozen=True, slots=True)
class EffectLine:
    """An effect of the list.

    Attributes:
        measured: The effect.
        title: What was done, in few words.
        metric: Name of the metric.
    """

    measured: Measured
    title: str | Text
    metric: Text

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        shape = self.measured.to_dict()
        del shape["content"]
        return shape | {"title": plain(self.title), "metric_title": plain(self.metric)}


@dataclass(frozen=True, slots=True)
class EffectsPage:
    """A page of the effects of a shop.

    Attributes:
        shop: Key of the shop.
        verdict: The only verdict that is wanted; None: all.
        lines: The effects, the latest window first.
        total: How many there are in all.
        page: Number of the page, from 1.
        pages: How many pages.
        totals: What everything together brought, whatever is wanted here.
    """

    shop: str
    verdict: Verdict | None
    lines: tuple[EffectLine, ...]
    total: int
    page: int
    pages: int
    totals: Totals

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        return {
            "shop": self.shop,
            "verdict": plain(self.verdict),
            "effects": [one.to_dict() for one in self.lines],
            "total": self.total,
            "page": self.page,
            "pages": self.pages,
            "totals": self.totals.to_dict(),
        }


@dataclass(frozen=True, slots=True)
class Guard:
    """A metric that must not fall, and how it stands.

    Attributes:
        metric: Its name.
        relative: Relative change, less than 0 is worse; None: unknown.
        low: Lower end of its interval.
        high: Upper end.
        standing: `held`, `fell` or `unknown`.
    """

    metric: Text
    relative: float | None
    low: float | None
    high: float | None
    standing: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the money: what the sales brought, what they cost, and what changed where it may be taken from.

    Attributes:
        name: `gross`, `cost`, `displaced` or `later`.
        amount: The money; None: unknown.
        low: Lower end of its interval.
        high: Upper end.
        share: Of what may be taken from elsewhere: the part of the gain that is taken off; None for the others.
    """

    name: str
    amount: float | None
    low: float | None
    high: float | None
    share: float | None


@dataclass(frozen=True, slots=True)
class EffectPage:
    """One effect.

    Attributes:
        line: The effect and what was done.
        metric: The metric that was to move; None where the catalogue does not have it.
        days: The days before, then those judged.
        observed: What was seen on each; None: unknown.
        expected: What would have been; of the latest days before what was foretold of them; None for the days before.
        low: Lower end of the interval of what would have been; None before the change, and where it is not known.
        high: Upper end.
        level: Level of the interval; None where it is not known.
        expected_change: Relative change that was hoped for.
        is_own_expectation: Whether a task said so; else it is the least worth knowing.
        guards: What must not fall.
        parts: What the money is made of.
        overlaps: Other changes that cannot be told apart.
    """

    line: EffectLine
    metric: Metric | None
    days: tuple[date, ...]
    observed: tuple[float | None, ...]
    expected: tuple[float | None, ...]
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]
    level: float | None
    expected_change: float | None
    is_own_expectation: bool
    guards: tuple[Guard, ...]
    parts: tuple[Part, ...]
    overlaps: tuple[dict[str, Any], ...]

    @property
    def measured(self) -> Measured:
        """The effect."""
        return self.line.measured

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        return self.line.to_dict() | {"content": plain(self.measured.content)}


def effects_page(
    workbench: Workbench, verdict: Verdict | None, page: int, shop: str | None, *, costs: bool
) -> EffectsPage:
    """Return a page of what was measured.

    Args:
        workbench: The workspace.
        verdict: Only effects with this verdict; None: all.
        page: Number of the page, from 1.
        shop: Key of the shop; None where there is only one.
        costs: Whether what was gained in money may be told.
    """
    key = workbench.shop_key(shop)
    found, total = list_effects(
        workbench.state, key, verdict=verdict, limit=EFFECTS_A_PAGE, offset=(page - 1) * EFFECTS_A_PAGE
    )
    if not costs:
        found = tuple(discreet_effect(one, workbench.catalogue) for one in found)
    lines = effect_lines(workbench, key, found)
    pages = max(-(-total // EFFECTS_A_PAGE), 1)
    # Every effect is in the sum: it is made anew only where one was kept since.
    kept = last_kept(workbench.state, key)
    whole = workbench.remembered(("effect totals", key, kept), lambda: totals(workbench.state, key))
    return EffectsPage(key, verdict, lines, total, page, pages, whole if costs else discreet_totals(whole))


def effect_page(workbench: Workbench, effect_id: str, shop: str | None, *, costs: bool) -> EffectPage:
    """Return one effect with what it rests on.

    Args:
        workbench: The workspace.
        effect_id: Its id.
        shop: Key of the shop; None where there is only one.
        costs: Whether money, margin and the days of a metric that tells costs may be told.

    Raises:
        UnknownEffect: If the shop has no such effect.
    """
    key = workbench.shop_key(shop)
    measured = effect_named(workbench.state, key, effect_id)
    if not costs:
        measured = discreet_effect(measured, workbench.catalogue)
    content = measured.content
    rows = [*content.get("before", ()), *content.get("days", ())]
    expected = content.get("expected") or {}
    return EffectPage(
        effect_lines(workbench, key, (measured,))[0],
        workbench.catalogue.metrics.get(measured.metric),
        tuple(date.fromisoformat(row["day"]) for row in rows),
        tuple(row.get("observed") for row in rows),
        tuple(row.get("expected") for row in rows),
        *_interval(measured),
        content.get("level"),
        expected.get("change"),
        expected.get("from") == "task",
        tuple(_guards(workbench, content)),
        tuple(_parts(content)),
        tuple(content.get("overlaps", ())),
    )


def _interval(measured: Measured) -> tuple[tuple[float | None, ...], tuple[float | None, ...]]:
    """Return the interval of what would have been on each day, by that of the relative effect: what was seen is known.

    It is the interval of the level, not of a single day.
    """
    before, days = (measured.content.get(name) or () for name in ("before", "days"))
    ends = (measured.relative_high, measured.relative_low)
    told = measured.relative is not None and all(end is not None and end > -1 for end in ends)
    low, high = (
        tuple(
            row["expected"] * (1 + (measured.relative or 0.0)) / (1 + (end or 0.0))
            if told and row.get("expected") is not None
            else None
            for row in days
        )
        for end in ends
    )
    nothing = (None,) * len(before)
    return (*nothing, *low), (*nothing, *high)


def _guards(workbench: Workbench, content: dict[str, Any]) -> Iterator[Guard]:
    for one in content.get("guards", ()):
        name = _metric_title(workbench, one["metric"])
        yield Guard(name, one.get("relative"), one.get("low"), one.get("high"), one["standing"])


def _parts(content: dict[str, Any]) -> Iterator[Part]:
    money = content.get("money") or {}
    for name in PARTS:
        one = money.get(name)
        if one and one.get("estimate"):
            yield Part(name, one["estimate"], one.get("low"), one.get("high"), one.get("share"))


def effect_lines(workbench: Workbench, shop: str, found: Sequence[Measured]) -> tuple[EffectLine, ...]:
    """Return effects with what was done and the names of their metrics; what was done is asked once for all."""
    numbers = {
        source: {int(one.source_id) for one in found if one.source is source} for source in (Source.TASK, Source.CHANGE)
    }
    titles: dict[Source, Mapping[int, str | Text]] = {
        Source.TASK: task_titles(workbench.state, shop, numbers[Source.TASK]),
        Source.CHANGE: change_titles(workbench.state, shop, numbers[Source.CHANGE]),
    }

    def title(one: Measured) -> str | Text:
        told = titles[one.source].get(int(one.source_id)) if one.source in titles else None
        return told or one.subject.name or one.subject.id

    return tuple(EffectLine(one, title(one), _metric_title(workbench, one.metric)) for one in found)


def _metric_title(workbench: Workbench, key: str) -> Text:
    metric = workbench.catalogue.metrics.get(key)
    return Text(key, key) if metric is None else metric.title
