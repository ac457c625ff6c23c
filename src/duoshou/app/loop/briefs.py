"""A brief for the designer from the workspace's data: drafted, kept, written as a document."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from duoshou.loop.brief import Brief, Era, Known, Term
from duoshou.loop.briefs import brief_of, draft_brief, write_brief
from duoshou.loop.changes import WantedChanges, list_changes
from duoshou.loop.image_rules import is_about_goods, known_platforms
from duoshou.loop.phrases import telling_phrases
from duoshou.loop.task import Task
from duoshou.loop.tasks import task_story
from duoshou.metrics import MetricError
from duoshou.model import ChangeStanding, Language, Period, Subject, Text
from duoshou.state import UnknownFinding, story

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench
    from duoshou.metrics.result import QueryRow

DAYS = 30
ERA_DAYS = 180
LEAST_SHOWN = 500
"""Impressions from which on a click rate is told."""
MOST_REVIEWS = 500
MOST = 6
BAD_STARS = 3
CLICKS = (("product_impressions", "product_clicks"), ("impressions", "clicks"))
"""Impressions and clicks: of the product wherever it is shown, else of its advertisements."""
BUYER_TYPES = {"new": Text("新买家", "new buyers"), "returning": Text("老买家", "returning buyers")}


def draft_brief_of(workbench: Workbench, shop: str, task: int, *, language: Language | None = None) -> Brief:
    """Return a brief drafted from a task, its finding and the data, not yet kept.

    Raises:
        UnknownTask: If the shop has no such task.
    """
    what, _ = task_story(workbench.state, shop, task)
    found = None
    if what.what.finding_id is not None:
        with contextlib.suppress(UnknownFinding):
            found = story(workbench.state, shop, what.what.finding_id).past.finding
    known = known_of(workbench, shop, what)
    return draft_brief(what, known, found=found, language=language or workbench.settings.language)


def kept_or_drafted(workbench: Workbench, shop: str, task: int) -> Brief:
    """Return the brief of a task as it was written last, or a draft where none was written.

    Raises:
        UnknownTask: If the shop has no such task.
    """
    return brief_of(workbench.state, shop, task) or draft_brief_of(workbench, shop, task)


def save_brief(workbench: Workbench, shop: str, task: int, brief: Brief | None = None, *, by: str) -> Brief:
    """Keep a brief, or the draft where none is given.

    Raises:
        UnknownTask: If the shop has no such task.
        TaskRefused: If it has no title or goal, or is too long.
    """
    return write_brief(workbench.state, shop, task, brief or draft_brief_of(workbench, shop, task), by=by)


def brief_document(workbench: Workbench, shop: str, task: int, path: Path | None = None) -> Path:
    """Write the brief of a task as a document to hand over, and return its path.

    Raises:
        UnknownTask: If the shop has no such task.
        ReportError: If the file cannot be written.
    """
    from duoshou.reports.brief import write_brief_document

    target = path or workbench.workspace.reports / f"brief-{shop}-{task}.docx"
    brief = kept_or_drafted(workbench, shop, task)
    who = workbench.settings.shop(shop).title
    return write_brief_document(brief, target, shop=who, number=task, language=workbench.settings.language)


def known_of(workbench: Workbench, shop: str, task: Task) -> Known:
    """Return what the warehouse tells of the subject of a task; of a whole shop, of all its products."""
    subject = task.what.subject
    until = workbench.last_complete_day(shop)
    asked = _Asked(workbench, shop, subject, Period(until - timedelta(days=DAYS - 1), until))
    terms, eras = _terms(asked), _eras(asked, until)
    buyers, reasons, reviews = _buyers(asked), _reasons(asked), _reviews(asked)
    good = [text for text, is_bad in reviews if not is_bad]
    bad = [text for text, is_bad in reviews if is_bad]
    found = {"terms": terms, "eras": eras, "buyers": buyers, "reviews": reviews, "reasons": reasons}
    missing = {name for name, value in found.items() if not value}
    names = {
        key: workbench.catalogue.metrics[key].title
        for key in (task.what.expected.metric, *task.what.guards)
        if key in workbench.catalogue.metrics
    }
    return Known(
        days=DAYS,
        terms=terms,
        eras=eras,
        praise=telling_phrases(good, bad, most=MOST),
        complaints=telling_phrases(bad, good, most=MOST),
        good=len(good),
        bad=len(bad),
        buyers=buyers,
        reasons=reasons,
        names=names,
        missing=frozenset(missing),
        currency=workbench.settings.currency,
        platform=_platform(workbench, shop),
    )


class _Asked:
    """Questions about one subject over some days; what cannot be answered is empty."""

    def __init__(self, workbench: Workbench, shop: str, subject: Subject, period: Period) -> None:
        self.workbench, self.shop, self.subject, self.period = workbench, shop, subject, period
        is_known = subject.type in workbench.catalogue.dimensions and subject.type != "shop"
        self.where = {subject.type: subject.id} if is_known else {}

    @classmethod
    def of_shop(cls, other: _Asked) -> _Asked:
        """Return the same questions about the whole shop."""
        return cls(other.workbench, other.shop, Subject("shop", other.shop, ""), other.period)

    def rows(self, metrics: Sequence[str], by: str | None = None, period: Period | None = None) -> Sequence[QueryRow]:
        """Return the rows of an answer."""
        try:
            found = self.workbench.query(
                metrics,
                by=() if by is None else (by,),
                period=period or self.period,
                where=self.where,
                shop=self.shop,
            )
        except MetricError:
            return ()
        return found.rows

    def split(self, metric: str, by: str) -> list[tuple[str, float]]:
        """Return the values of a metric by a dimension, the largest first; what is unknown or nothing is left out."""
        values = [
            (row.dimensions.get(by) or "", _value(row, metric)) for row in self.rows([metric], by) if row.dimensions
        ]
        return sorted(((name, value) for name, value in values if name and value), key=lambda one: -one[1])


def _value(row: QueryRow, metric: str) -> float:
    found = row.values[metric].value if metric in row.values else None
    return 0.0 if found is None else float(found)


def _terms(asked: _Asked) -> tuple[Term, ...]:
    """Return the search terms that sold the product; where no file tells them, those that sold in the whole shop."""
    own = _sold_by(asked, of_shop=False)
    return own if own or not asked.where else _sold_by(_Asked.of_shop(asked), of_shop=True)


def _sold_by(asked: _Asked, *, of_shop: bool) -> tuple[Term, ...]:
    values: dict[str, dict[str, float]] = {}
    for metric in ("search_visitors", "search_buyers", "search_pay_amount"):
        for term, value in asked.split(metric, "search_term"):
            values.setdefault(term, {})[metric] = value
    found = [
        Term(
            term,
            known.get("search_visitors"),
            known.get("search_buyers"),
            known.get("search_pay_amount"),
            of_shop,
        )
        for term, known in values.items()
    ]
    sold = [one for one in found if one.buyers or one.amount]
    return tuple(sorted(sold, key=lambda one: (-(one.amount or 0), -(one.buyers or 0), one.term)))[:MOST]


def _eras(asked: _Asked, until: date) -> tuple[Era, ...]:
    """Return the main images by the changes that were recorded, the latest first."""
    subject = asked.subject
    first = until - timedelta(days=ERA_DAYS)
    wanted = WantedChanges(
        ChangeStanding.CONFIRMED, first, until, subject=(subject.type, subject.id), kind="main_image"
    )
    changes = list_changes(asked.workbench.state, asked.shop, wanted, limit=MOST)[0]
    starts = [(one.what.on, one.what.after) for one in changes]
    before = changes[-1].what.before if changes else ""
    eras = []
    last = until
    for start, name in [*starts, (first, before)]:
        begin = max(start, first)
        if begin <= last:
            era = _era(asked, name, Period(begin, last))
            eras += [era] if era is not None else []
            last = begin - timedelta(days=1)
    return tuple(eras)


def _era(asked: _Asked, name: str, period: Period) -> Era | None:
    for shown, clicked in CLICKS:
        for row in asked.rows([shown, clicked], period=period):
            impressions, clicks = _value(row, shown), _value(row, clicked)
            if impressions >= LEAST_SHOWN:
                is_zh = asked.workbench.settings.language == "zh"
                return Era(name or ("主图" if is_zh else "image"), period.start, period.end, impressions, clicks)
    return None


def _buyers(asked: _Asked) -> tuple[tuple[Text, float], ...]:
    kinds, regions = asked.split("pay_orders", "buyer_type"), asked.split("pay_orders", "region")
    named = _shares(kinds, len(kinds)), _shares(regions, 3)
    types = [(BUYER_TYPES.get(name, Text(name, name)), share) for name, share in named[0]]
    return (*types, *((Text(name, name), share) for name, share in named[1]))


def _shares(values: Sequence[tuple[str, float]], most: int) -> list[tuple[str, float]]:
    total = sum(value for _, value in values)
    return [(name, value / total) for name, value in values[:most]] if total > 0 else []


def _reasons(asked: _Asked) -> tuple[tuple[str, int], ...]:
    told = [one for one in asked.split("refund_cases", "reason") if is_about_goods(one[0])]
    return tuple((name, round(value)) for name, value in told[:3])


def _reviews(asked: _Asked) -> list[tuple[str, bool]]:
    """Return the latest reviews with words, and whether each is a bad one."""
    backend = asked.workbench.backend()
    if not backend.has_table("review"):
        return []
    rows = backend.table("review")
    rows = rows.filter(rows["shop"] == asked.shop, rows["text"].notnull())
    if asked.subject.type == "product":
        by_title = rows["product_id"].isnull() & (rows["title"] == asked.subject.name)
        rows = rows.filter((rows["product_id"] == asked.subject.id) | by_title)
    latest = rows.order_by(rows["created_at"].desc()).limit(MOST_REVIEWS).select("text", "rating", "sentiment")
    found = backend.execute(latest).to_pylist()
    return [(str(one["text"]), _is_bad(one["rating"], one["sentiment"])) for one in found]


def _is_bad(rating: object, sentiment: object) -> bool:
    if isinstance(rating, int | float):
        return rating <= BAD_STARS
    return sentiment in {"negative", "neutral"}


def _platform(workbench: Workbench, shop: str) -> str | None:
    from duoshou.metrics.availability import platforms_of

    with contextlib.closing(workbench.reader()) as connection:
        found = platforms_of(connection, workbench.layouts).get(shop, ())
    return next((one for one in found if one in known_platforms()), None)
