"""The scorer of troubles found: power, false findings, causes, money."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import inf
from pathlib import Path
from statistics import median

from benchmarks.judgement.curves import Bin, area, curve, early_power, interval, shared_power
from benchmarks.judgement.matching import Verdict
from benchmarks.judgement.money_floor import typical_error
from benchmarks.judgement.scorers import Evaluation, Section, Table, scorer
from benchmarks.judgement.scoring import (
    Judged,
    ShopScore,
    coverage,
    errors,
    false_per_week,
    floors,
    is_honest,
    is_right,
    is_undecided,
)

LARGE = 5.0
SOON = 3
DAYS_A_MONTH = 365.25 / 12
RULES = Path(__file__).parent / "rules.md"


@scorer("troubles")
def troubles(evaluation: Evaluation) -> Section:
    """Return the section about the diagnosis."""
    scores = evaluation.scores
    incidents = [one for score in scores for one in score.incidents]
    text = RULES.read_text(encoding="utf-8").rstrip()
    notes: tuple[str, ...] = ()
    if evaluation.unfinished:
        notes = (f"Left out, because not every day was judged: {', '.join(evaluation.unfinished)}.",)
    if not scores:
        return Section("Troubles found", text, notes=("No shop was judged to the end.", *notes))
    false_rate = used_false_rate(scores)
    bins = curve(incidents, false_rate)
    return Section(
        "Troubles found",
        text,
        (
            ("In one glance:", summary(scores, incidents, bins)),
            (f"Power by size, the oracle at {false_rate:.3f} false findings a shop-week:", _curve_table(bins)),
            ("By kind of incident:", _kinds_table(incidents, false_rate)),
            ("Causes: what was named first instead of the true kind, of the incidents found:", _confusion(incidents)),
            ("False findings by the day on which they were first shown:", _days_table(scores)),
            ("False findings by kind and type of place, the most frequent first:", _false_table(scores)),
        ),
        notes,
    )


def used_false_rate(scores: Sequence[ShopScore]) -> float:
    """Return the analyst's false findings a shop-week; where there was none, half of one in all weeks."""
    return max(false_per_week(scores), 0.5 / sum(one.weeks for one in scores))


def summary(scores: Sequence[ShopScore], incidents: Sequence[Judged], bins: Sequence[Bin]) -> Table:
    """Return the figures beside their bars."""
    found = [one for one in incidents if one.is_found]
    sized = [one for one in incidents if one.size is not None]
    large = [one for one in sized if (one.size or 0) > LARGE]
    early = [one for one in sized if (one.early_size or 0) > LARGE]
    verdicts = sum((Counter(one.verdicts) for one in scores), Counter[str]())
    weeks, false_rate = sum(one.weeks for one in scores), used_false_rate(scores)
    delays = [one.delay for one in found if one.delay is not None]
    caused = [one for one in found if one.size is not None]  # a fault of a file is its own cause
    right = sum(is_right(one) for one in caused)
    honest = right + sum(is_honest(one) for one in caused)
    festival, on_festivals = (sum(one.by_day["festival"][at] for one in scores) for at in (0, 1))
    weekend, on_weekends = (sum(one.by_day["weekend"][at] for one in scores) for at in (0, 1))
    rows = [
        ("shops, shop-months", f"{len(scores)}, {sum(one.days for one in scores) / DAYS_A_MONTH:.0f}", "≥ 200 months"),
        ("incidents (faults of files among them)", f"{len(incidents)} ({len(incidents) - len(sized)})", ""),
        ("found", _part(len(found), len(incidents)), ""),
        *(_ratio_row(bins, name) for name in ("shared", "matched", "single", "scanning")),
        ("above 5 deviations, found within 3 days", _part(_soon(large), len(large)), "≥ 95 %"),
        ("5 deviations reached in 3 days, found within them", _part(_soon(early), len(early)), ""),
        (
            "the oracle (matched) on these three days: of the former, of the latter",
            _early(large, early, false_rate),
            "",
        ),
        ("delay in days: median, 90 %", f"{_median(delays)}, {_quantile(delays, 0.9)}", ""),
        ("false findings a shop-week", f"{verdicts[Verdict.FALSE] / weeks:.3f}", "≤ 0.2"),
        ("false findings on festival days", f"{festival} on {on_festivals}", "0"),
        ("false findings on other weekends", f"{weekend} on {on_weekends}", "0"),
        ("consequences, repeated, carried a shop-week", _others(verdicts, weeks), ""),
        ("right cause first", _part(right, len(caused)), "≥ 90 %"),
        ("right, or an honest set of candidates", _part(honest, len(caused)), "≥ 90 %"),
        (
            "right cause first on the last day",
            _part(sum(is_right(one, at_last=True) for one in caused), len(caused)),
            "",
        ),
        ("cannot tell", _part(sum(is_undecided(one) for one in caused), len(caused)), ""),
        *(_money_row(incidents, money) for money in ("kind", "sales", "contribution")),
        *((f"money, the same of an oracle ({name})", _floor(incidents, name), "") for name in ("draw", "sales")),
        _coverage_row(incidents),
    ]
    return Table(("measure", "figure", "bar"), tuple(rows))


def _ratio_row(bins: Sequence[Bin], name: str) -> tuple[str, str, str]:
    ours, oracle = area(bins, lambda one: one.power), area(bins, lambda one: float(getattr(one, name)))
    ratio = f"{ours / oracle:.2f} ({ours:.3f} / {oracle:.3f})" if oracle else "—"
    return f"area under the power curve / oracle's ({name})", ratio, "≥ 0.90" if name != "scanning" else ""


def _money_row(incidents: Sequence[Judged], money: str) -> tuple[str, str, str]:
    found = errors(incidents, money)
    figure = f"{median(found):.1%} of {len(found)}" if found else "— of 0"
    name = "as fits the kind" if money == "kind" else money
    return f"money, median relative error ({name})", figure, "≤ 25 %" if money == "kind" else ""


def _floor(incidents: Sequence[Judged], oracle: str) -> str:
    deviations, true = floors(incidents, oracle)
    return f"{typical_error(deviations, true):.1%} of {len(true)}" if true else "— of 0"


def _coverage_row(incidents: Sequence[Judged]) -> tuple[str, str, str]:
    return "90 % intervals that hold the true loss", _part(*coverage(incidents, "kind")), "87–93 % (of ≥ 500)"


def _curve_table(bins: Sequence[Bin]) -> Table:
    rows = []
    for one in bins:
        low, high = interval(one.found, one.number)
        most = "∞" if one.most == inf else f"{one.most:g}"
        rows.append(
            (
                f"{one.least:g}–{most}",
                f"{one.number}",
                f"{one.power:.0%}",
                f"{low:.0%}–{high:.0%}",
                f"{one.shared:.0%}",
                f"{one.matched:.0%}",
                f"{one.single:.0%}",
                f"{one.scanning:.0%}",
            )
        )
    oracles = tuple(f"oracle ({name})" for name in ("shared", "matched", "single", "scanning"))
    header = ("size", "incidents", "found", "95 % interval", *oracles)
    return Table(header, tuple(rows))


def _kinds_table(incidents: Sequence[Judged], false_rate: float) -> Table:
    rows = []
    for kind in sorted({one.kind for one in incidents}):
        some = [one for one in incidents if one.kind == kind]
        found = [one for one in some if one.is_found]
        sizes = [one.size for one in some if one.size is not None]
        wrong = errors(some, "kind")
        rows.append(
            (
                kind,
                f"{len(some)}",
                f"{median(sizes):.1f}" if sizes else "—",
                f"{len(found)}",
                f"{sum(shared_power(one, false_rate) for one in some):.1f}" if sizes else "—",
                _median([one.delay for one in found if one.delay is not None]),
                f"{sum(map(is_right, found))}",
                f"{sum(map(is_honest, found))}",
                f"{sum(map(is_undecided, found))}",
                f"{median(wrong):.0%}" if wrong else "—",
                *(_floor(some, name).partition(" ")[0] for name in ("draw", "sales")),
            )
        )
    header = (
        "kind",
        "incidents",
        "median size",
        "found",
        "oracle (shared)",
        "delay",
        "right",
        "honest",
        "cannot tell",
        "money",
        "oracle (draw)",
        "oracle (sales)",
    )
    return Table(header, tuple(rows))


def _confusion(incidents: Sequence[Judged]) -> Table:
    wrong = Counter(
        (one.kind, one.causes[0] if one.causes else "—")
        for one in incidents
        if one.is_found and one.size is not None and not is_right(one)
    )
    rows = tuple((kind, named, f"{number}") for (kind, named), number in wrong.most_common(15))
    return Table(("incident", "named first", "times"), rows)


def _days_table(scores: Sequence[ShopScore]) -> Table:
    rows = []
    for name in ("festival", "weekend", "other"):
        number, days = (sum(one.by_day[name][at] for one in scores) for at in (0, 1))
        rows.append((name, f"{days}", f"{number}", f"{100 * number / days:.2f}" if days else "—"))
    return Table(("day", "days", "false findings", "per 100 days"), tuple(rows))


def _false_table(scores: Sequence[ShopScore]) -> Table:
    # The place is named by its types alone: ids of simulated products say nothing.
    kinds = Counter(
        (kind, " × ".join(part.partition(" ")[0] for part in place.split(", ")))
        for one in scores
        for kind, place, _ in one.false
    )
    return Table(("finding", "place", "times"), tuple((*kind, f"{times}") for kind, times in kinds.most_common(15)))


def _others(verdicts: Counter[str], weeks: float) -> str:
    names = (Verdict.CONSEQUENCE, Verdict.REPEATED, Verdict.CARRIED)
    return ", ".join(f"{verdicts[name] / weeks:.3f}" for name in names)


def _soon(incidents: Sequence[Judged]) -> int:
    return sum(one.delay is not None and one.delay < SOON for one in incidents)


def _early(large: Sequence[Judged], early: Sequence[Judged], false_rate: float) -> str:
    powers = [[early_power(one, false_rate) for one in some] for some in (large, early)]
    return ", ".join(f"{sum(some) / len(some):.1%}" if some else "—" for some in powers)


def _part(some: int, of: int) -> str:
    if not of:
        return "— of 0"
    low, high = interval(some, of)
    return f"{some / of:.1%} of {of} ({low:.0%}–{high:.0%})"


def _median(values: Sequence[int]) -> str:
    return f"{median(values):g}" if values else "—"


def _quantile(values: Sequence[int], part: float) -> str:
    return f"{sorted(values)[min(int(part * len(values)), len(values) - 1)]}" if values else "—"
