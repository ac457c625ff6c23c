"""口径: what every metric means, what it is for, what it does not tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from duoshou.app.pages.today import Figure, figures_of
from duoshou.metrics import Metric
from duoshou.metrics.costs import tells_costs
from duoshou.metrics.wording import WORDS
from duoshou.model import Comparison, Period, Text, plain
from duoshou.warehouse import load_tables

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the glossary."""

    key: str
    title: Text
    formula: Text
    unit: Text
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Glossary:
    """The metrics that a search finds.

    Attributes:
        words: What was searched for.
        unit: Only metrics of this unit; empty: of any.
        entries: The metrics, best match first.
        total: How many the catalogue has.
        units: Units there are, with their names.
    """

    words: str
    unit: str
    entries: tuple[Entry, ...]
    total: int
    units: tuple[tuple[str, Text], ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        return {name: plain(getattr(self, name)) for name in ("words", "unit", "entries", "total")}


@dataclass(frozen=True, slots=True)
class Definition:
    """Everything that is known of one metric.

    Attributes:
        metric: The definition.
        facts: Name of a property → its wording.
        parts: The metrics that it is made of.
        used_by: The metrics that are made of it.
        tables: Tables that may answer, in the order in which they are tried.
        figure: Its value on the last complete day; None where it tells costs and those are not to be seen.
        week: The last seven complete days.
    """

    metric: Metric
    facts: tuple[tuple[Text, Text], ...]
    parts: tuple[Entry, ...]
    used_by: tuple[Entry, ...]
    tables: tuple[Text, ...]
    figure: Figure | None
    week: Period

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        metric = self.metric
        return {
            "key": metric.key,
            "title": plain(metric.title),
            "formula": plain(metric.formula),
            "unit": metric.unit.value,
            "additivity": metric.additivity.value,
            "date_base": metric.date_base.value,
            "refunds": metric.refunds.value,
            "maturity_days": metric.maturity_days,
            "minimum_sample": metric.minimum_sample,
            "aliases": list(metric.aliases),
            "purpose": plain(metric.purpose),
            "caution": plain(metric.caution),
            "parts": [one.key for one in self.parts],
            "used_by": [one.key for one in self.used_by],
            "tables": plain(self.tables),
            "latest": self.figure.to_dict() if self.figure else None,
        }


def glossary(workbench: Workbench, words: str = "", unit: str = "") -> Glossary:
    """Return the metrics whose key, names, aliases or formula hold every one of `words`.

    Args:
        workbench: The workspace.
        words: Words apart by spaces; empty: every metric.
        unit: Only metrics of this unit; empty: of any.
    """
    catalogue = workbench.catalogue.metrics
    asked = words.casefold().split()
    found = [one for one in catalogue.values() if (not unit or one.unit == unit) and _holds(one, asked)]
    found.sort(key=lambda one: not any(word in _names(one) for word in asked))
    units = tuple((name, WORDS["unit"][name]) for name in dict.fromkeys(one.unit.value for one in catalogue.values()))
    return Glossary(words, unit, tuple(map(entry_of, found)), len(catalogue), units)


def definition(workbench: Workbench, name: str, shop: str | None, *, costs: bool) -> Definition:
    """Return what is known of a metric.

    Args:
        workbench: The workspace.
        name: Key, name or alias.
        shop: Key of the shop; None where there is only one.
        costs: Whether costs and margins may be seen.

    Raises:
        UnknownName: If there is no metric called `name`.
    """
    catalogue = workbench.catalogue
    metric = catalogue.metric(name)
    day = workbench.last_complete_day(shop)
    parts = catalogue.parts(metric.key)
    users = [one for one in catalogue.metrics.values() if metric.key in catalogue.parts(one.key)]
    return Definition(
        metric,
        tuple(facts_of(metric)),
        tuple(entry_of(catalogue.metrics[key]) for key in parts),
        tuple(map(entry_of, users)),
        tuple(_tables(workbench, metric.key)),
        figures_of(workbench, (metric.key,), day, shop, Comparison.WEEK)[0]
        if costs or not tells_costs(catalogue, metric.key)
        else None,
        Period(day - timedelta(days=6), day),
    )


def facts_of(metric: Metric) -> Sequence[tuple[Text, Text]]:
    """Return the properties of a metric in words."""
    days = metric.maturity_days
    sample = metric.minimum_sample
    facts = [
        (Text("公式", "Formula"), metric.formula),
        (Text("单位", "Unit"), WORDS["unit"][metric.unit]),
        (Text("可加性", "Additivity"), WORDS["additivity"][metric.additivity]),
        (Text("日期口径", "Date base"), WORDS["date_base"][metric.date_base]),
        (Text("退款处理", "Refunds"), WORDS["refunds"][metric.refunds]),
        (Text("用途", "What it is for"), metric.purpose),
        (Text("不能说明什么", "What it does not tell"), metric.caution),
    ]
    if days:
        facts.append((Text("成熟期", "Maturity"), Text(f"{days} 天后才稳定", f"settles after {days} days")))
    if sample:
        facts.append((Text("最小样本", "Minimum sample"), Text(f"{sample:,}", f"{sample:,}")))
    if metric.aliases:
        names = "、".join(metric.aliases)
        facts.append((Text("平台叫法", "Platforms call it"), Text(names, names)))
    return facts


def entry_of(metric: Metric) -> Entry:
    """Return the line of a metric."""
    return Entry(metric.key, metric.title, metric.formula, WORDS["unit"][metric.unit], metric.aliases)


def _tables(workbench: Workbench, key: str) -> list[Text]:
    catalogue, tables = workbench.catalogue, load_tables()
    names = dict.fromkeys(catalogue.sources[one].table for one in catalogue.sources_of(key))
    titles = {name: Text(table.title.zh, table.title.en) for name, table in tables.items()}
    return [titles.get(name, Text(name, name)) for name in names]


def _names(metric: Metric) -> str:
    return " ".join((metric.key, metric.title.zh, metric.title.en, *metric.aliases)).casefold()


def _holds(metric: Metric, words: Sequence[str]) -> bool:
    text = f"{_names(metric)} {metric.formula.zh} {metric.formula.en}".casefold()
    return all(word in text for word in words)
