"""What the numbers of an answer mean, and which metrics a few words may mean."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from duoshou.assistant.answers import Words, words
from duoshou.metrics import Catalogue, Metric
from duoshou.metrics.costs import tells_costs
from duoshou.metrics.wording import FLAGS, WORDS, metric_shape


def full_definition(catalogue: Catalogue, metric: Metric) -> dict[str, Any]:
    """Return everything that is known of a metric; its terms in words too."""
    shape = metric_shape(metric)
    shape["meaning"] = {
        name: {"zh": text.zh, "en": text.en}
        for name in ("unit", "additivity", "date_base", "refunds")
        if (text := WORDS[name][str(getattr(metric, name))])
    }
    return shape | {
        "dimensions": list(catalogue.dimensions_of(metric.key)),
        "needs_right": "costs" if tells_costs(catalogue, metric.key) else None,
    }


def short_definition(_catalogue: Catalogue, metric: Metric) -> dict[str, Any]:
    """Return a line of the list of metrics."""
    title = {"zh": metric.title.zh, "en": metric.title.en}
    return {"key": metric.key, "title": title, "unit": str(metric.unit), "formula": metric.formula.zh}


def definitions(catalogue: Catalogue, keys: Iterable[str]) -> list[dict[str, Any]]:
    """Return the definitions of metrics, each once."""
    return [metric_shape(catalogue.metric(key)) for key in dict.fromkeys(keys)]


def flag_meanings(flags: Iterable[str]) -> dict[str, Words]:
    """Return what the flags mean that occur."""
    occurring = set(flags)
    return {flag.value: words(text) for flag, text in FLAGS.items() if flag in occurring}


def flag_caveats(flags: Iterable[str], unknown: bool) -> list[Words]:
    """Return what must be known before the numbers are relied on.

    Args:
        flags: The flags that occur.
        unknown: Whether some value is unknown.
    """
    found = list(flag_meanings(flags).values())
    if unknown:
        found.append(Words(zh="null 是不知道，不是 0", en="null is unknown, it is not 0"))
    return found


def found_metrics(catalogue: Catalogue, search: str) -> list[Metric]:
    """Return the metrics in which every word of `search` occurs, those that are called so first; all for no word."""
    wanted = search.casefold().replace("_", " ").split()
    ranked = [(rank, metric) for metric in catalogue.metrics.values() if (rank := _rank(metric, wanted)) is not None]
    return [metric for _, metric in sorted(ranked, key=lambda pair: pair[0])]


def _rank(metric: Metric, wanted: list[str]) -> int | None:
    """Return 0 for a metric that is called exactly so, 1 where its names hold the words, 2 where its texts do."""
    called = [_folded(name) for name in (metric.key, metric.title.zh, metric.title.en, *metric.aliases)]
    if not wanted or " ".join(wanted) in called:
        return 0
    names = " ".join(called)
    if all(word in names for word in wanted):
        return 1
    texts = (metric.formula, metric.purpose, metric.caution)
    everything = names + " " + " ".join(_folded(part) for text in texts for part in (text.zh, text.en))
    return 2 if all(word in everything for word in wanted) else None


def _folded(name: str) -> str:
    return name.casefold().replace("_", " ")
