"""One finding: what, since when, how much, why, where, what to do, and what was done about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from duoshou.access import seen_by
from duoshou.analysts.diagnosis.watched import Feature, watched_subjects
from duoshou.app.discreet import discreet_finding
from duoshou.app.discreet_loop import discreet_task
from duoshou.app.loop.advice import advise_on
from duoshou.app.pages.addresses import checked_day
from duoshou.app.pages.findings import kind_title
from duoshou.app.pages.trends import DailyTrend, daily_trend
from duoshou.loop.playbook import Advice
from duoshou.loop.task import Task
from duoshou.loop.tasks import WantedTasks, list_tasks
from duoshou.metrics import Catalogue
from duoshou.model import Comparison, DuoshouError, Finding, Period, Recommendation, Text, plain
from duoshou.reports.business import evidence_of, finite, records
from duoshou.reports.names import names_from
from duoshou.state import Story, decline, reopen, story, watch
from duoshou.state.standing import Action, Status

if TYPE_CHECKING:
    from duoshou.analysts.diagnosis.explanation import Explanation
    from duoshou.app.workbench import Workbench

TREND_DAYS = 60
AFTERWARDS = timedelta(days=14)
MOST_TASKS = 20
SHOP, SCORE = "shop", "score"


@dataclass(frozen=True, slots=True)
class Affected:
    """The metrics that a finding is about.

    Attributes:
        explained: The metric whose change is taken apart: the sales of the subject, or what moved where no money is at
            stake; None where neither is known.
        drawn: The metric whose days are drawn: what moved farthest, where the catalogue has it, else `explained`.
        where: The filter that leaves the subject.
    """

    explained: str | None
    drawn: str | None
    where: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FindingPage:
    """One finding.

    Attributes:
        story: The finding as it was last found, where it stands, the days it was found, what was decided.
        kind: Name of its kind.
        seen_by: Who saw it, who saw it first first.
        affected: The metrics it is about.
        explanation: What drove the change over the finding's days against the same weekdays before; None where there
            is none.
        unexplained: Why there is no explanation; None where there is one.
        trend: The affected metric by day.
        advice: What the playbook says to do, what brings most money for an hour of work first.
        tasks: The tasks that came of it, what is due first first.
        names: Type → key → readable name of what the evidence names.
        latest: The last complete day.
    """

    story: Story
    kind: Text
    seen_by: tuple[str, ...]
    affected: Affected
    explanation: Explanation | None
    unexplained: Text | None
    trend: DailyTrend | None
    advice: tuple[Advice, ...]
    tasks: tuple[Task, ...]
    names: Mapping[str, Mapping[str, str]]
    latest: date

    @property
    def finding(self) -> Finding:
        """The finding."""
        return self.story.past.finding

    @property
    def more_advice(self) -> tuple[Recommendation, ...]:
        """What the diagnosis recommends beside what the playbook says."""
        told = {one.entry.zh for one in self.advice}
        return tuple(one for one in self.finding.recommendations if one.action.zh not in told)

    def why(self, advised: Advice) -> Text | None:
        """Return why the diagnosis recommends what the playbook says; None where only the playbook says it."""
        return next((one.why for one in self.finding.recommendations if one.action.zh == advised.entry.zh), None)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        past = self.story.past
        return self.finding.to_dict() | {
            "kind_title": plain(self.kind),
            "first_seen": past.first_seen.isoformat(),
            "last_seen": past.last_seen.isoformat(),
            "since": past.since.isoformat(),
            "spells": past.spells,
            "closed_on": plain(past.closed_on),
            "days": [{"day": day.isoformat(), "rank": rank} for day, rank in self.story.days],
            "decisions": plain(self.story.decisions),
            "seen_by": list(self.seen_by),
            "explanation": self.explanation.to_dict() if self.explanation else None,
            "not_explained": plain(self.unexplained),
            "trend": self.trend.to_dict() if self.trend else None,
            "advice": [one.to_dict() for one in self.advice],
            "tasks": [one.to_dict() for one in self.tasks],
        }


def finding(workbench: Workbench, finding_id: str, shop: str | None, *, costs: bool) -> FindingPage:
    """Return one finding with what it rests on.

    Args:
        workbench: The workspace.
        finding_id: Its id.
        shop: Key of the shop; None where there is only one.
        costs: Whether whoever asks may see costs.

    Raises:
        UnknownFinding: If it was never found for the shop.
    """
    key = workbench.shop_key(shop)
    told = story(workbench.state, key, finding_id)
    if not costs:
        told = replace(told, past=replace(told.past, finding=discreet_finding(told.past.finding)))
    found = told.past.finding
    about = affected(workbench.catalogue, found)
    latest = workbench.last_complete_day(shop)
    explanation, why = _explained(workbench, found, about, shop)
    tasks, _ = list_tasks(workbench.state, key, WantedTasks(finding_id=finding_id), limit=MOST_TASKS)
    return FindingPage(
        told,
        kind_title(found.kind),
        tuple(seen_by(workbench.state, key, [finding_id]).get(finding_id, ())),
        about,
        explanation,
        why,
        _trend(workbench, found, about, latest, shop),
        advise_on(workbench, found, key),
        tasks if costs else tuple(map(discreet_task, tasks)),
        _names(workbench, found),
        latest,
    )


def decide(
    workbench: Workbench,
    finding_id: str,
    action: Action,
    shop: str | None,
    *,
    by: str,
    on: date | None = None,
    until: date | None = None,
    reason: str = "",
) -> Status:
    """Watch, decline or reopen a finding, and return where it stands then.

    Args:
        workbench: The workspace.
        finding_id: Its id.
        action: What is decided.
        shop: Key of the shop; None where there is only one.
        by: Who decides.
        on: First day whose list obeys; None: the last day on which it was found.
        until: For `watch`: the day on which it is told again; None: a week after `on`.
        reason: Why; `decline` needs one.

    Raises:
        UnknownFinding: If it was never found for the shop.
        RefusedDecision: If there is no reason to decline, or `until` is not after `on`.
        NotAnswerable: If a day is out of reach.
    """
    key = workbench.shop_key(shop)
    day = checked_day(on) if on else story(workbench.state, key, finding_id).past.last_seen
    if action is Action.WATCH:
        end = checked_day(until) if until else day + timedelta(days=7)
        return watch(workbench.state, key, finding_id, until=end, on=day, by=by, reason=reason)
    if action is Action.DECLINE:
        return decline(workbench.state, key, finding_id, on=day, by=by, reason=reason)
    return reopen(workbench.state, key, finding_id, on=day, by=by, reason=reason)


def affected(catalogue: Catalogue, found: Finding) -> Affected:
    """Return the metrics that a finding is about, and the filter that leaves its subject."""
    if found.subject.type == SCORE:
        return Affected(None, _score(catalogue, found), {})
    subject = next((one for one in watched_subjects() if one.type == found.subject.type), None)
    if subject is None or not found.kind.startswith("diagnosis."):
        return Affected(None, None, {})
    where = {subject.dimension: found.subject.id} if subject.dimension else {}
    moved = _moved(catalogue, found, {one.title.zh: one for one in subject.feature})
    explained = (subject.sales if found.impact is not None else moved) or moved or subject.sales
    return Affected(explained, moved or explained, where)


def metric_named(catalogue: Catalogue, found: Finding, name: str) -> str | None:
    """Return the metric that a cell of a finding's evidence is a value of.

    Args:
        catalogue: Definitions.
        found: The finding.
        name: Key of the metric, of a score, or what the evidence calls the watched feature of the subject.
    """
    known = next((key for key in (name, f"score_{name}") if key in catalogue.metrics), None)
    subject = next((one for one in watched_subjects() if one.type == found.subject.type), None)
    if known is not None or subject is None:
        return known
    feature = next((one for one in subject.feature if one.title.zh == name), None)
    return None if feature is None else _metric_of(catalogue, feature)


def _moved(catalogue: Catalogue, found: Finding, features: Mapping[str, Feature]) -> str | None:
    """Return the metric of the feature that moved farthest from usual, where the catalogue has just it."""
    rows = records(evidence_of(found, "moves"))
    if not rows:
        return None
    farthest = max(rows, key=lambda row: abs(finite(row.get("score")) or 0.0))
    feature = features.get(str(farthest.get("feature_zh")))
    return None if feature is None else _metric_of(catalogue, feature)


def _metric_of(catalogue: Catalogue, feature: Feature) -> str | None:
    """Return the metric that a watched feature is, where the catalogue has just it."""
    if feature.part is not None or feature.trailing:
        return None
    if feature.over is None:
        return feature.metric
    rates = (one for one in catalogue.metrics.values() if one.ratio and one.ratio.scale == 1)
    return next(
        (
            one.key
            for one in rates
            if one.ratio and (one.ratio.numerator, one.ratio.denominator) == (feature.metric, feature.over)
        ),
        None,
    )


def _score(catalogue: Catalogue, found: Finding) -> str | None:
    """Return the metric of a score: the subject's own, else the first that the evidence names."""
    series = evidence_of(found, "score")
    named = [found.subject.id, *(series.columns[1:] if series else ())]
    keys = [key for name in named for key in (name, f"score_{name}")]
    return next((key for key in keys if key in catalogue.metrics), None)


def _explained(
    workbench: Workbench, found: Finding, about: Affected, shop: str | None
) -> tuple[Explanation | None, Text | None]:
    if about.explained is None:
        return None, Text("这类发现没有可以拆解的数", "there is no number to take apart in a finding of this kind")
    try:
        against = found.period.compared(Comparison.WEEK)
        told = workbench.explain(about.explained, period=found.period, against=against, where=about.where, shop=shop)
    except DuoshouError as error:
        return None, error.message
    return told, None


def _trend(workbench: Workbench, found: Finding, about: Affected, latest: date, shop: str | None) -> DailyTrend | None:
    if about.drawn is None:
        return None
    end = max(found.period.end, min(latest, found.period.end + AFTERWARDS))
    days = Period(min(found.period.start - timedelta(days=28), end - timedelta(days=TREND_DAYS - 1)), end)
    subject = next(iter(about.where.items()), None)
    return daily_trend(
        workbench, about.drawn, days, where=about.where, shop=shop, back=timedelta(days=7), subject=subject
    )


def _names(workbench: Workbench, found: Finding) -> dict[str, dict[str, str]]:
    """Return readable names of what the evidence names by its key."""
    wanted: dict[str, list[str]] = {}
    for evidence in found.evidence:
        for row in records(evidence):
            type_, key = str(row.get("type") or found.subject.type), row.get("subject")
            if isinstance(key, str) and key and type_ in workbench.catalogue.dimensions:
                wanted.setdefault(type_, []).append(key)
    if not wanted:
        return {}
    names = names_from(workbench.backend(), workbench.catalogue)
    return {type_: dict(names(type_, keys)) for type_, keys in wanted.items()}
