"""What was found, and one finding with what is decided about it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from starlette.responses import HTMLResponse, RedirectResponse, Response

from duoshou.access import Right, mark_seen
from duoshou.analysts.advice_kinds import is_advice
from duoshou.app.pages.finding import FindingPage, decide, finding, metric_named
from duoshou.app.pages.findings import GROUPS, STATUS_TITLES, FindingsAsked, findings
from duoshou.gate import Visitor, bad_value, day_given, needs
from duoshou.loop.checks import STATE_WORDS
from duoshou.metrics import Catalogue, NotAnswerable
from duoshou.model import DuoshouError, Period, Text
from duoshou.reports.business import at_stake, has_weights, lost_so_far, reasons
from duoshou.reports.words import Words
from duoshou.state import RefusedDecision, StateBusy
from duoshou.state.browsing import Order
from duoshou.state.standing import Action
from duoshou.web.differences import amount, difference, share, value_name
from duoshou.web.evidence import Numbers, evidence_tables, notes
from duoshou.web.figures import HALF, WIDE, bar, draw, leading, trend_figure, waterfall_figure
from duoshou.web.numbers import Leads, number_address
from duoshou.web.rendering import render

router = APIRouter()
A_WEEK = timedelta(days=7)
LAST_PAGE = 100_000
Reader = Annotated[Visitor, Depends(needs(Right.READ))]
Decider = Annotated[Visitor, Depends(needs(Right.DECIDE))]
Field = Annotated[str, Form(max_length=2000)]


@router.get("/findings")
def overview(visitor: Reader) -> HTMLResponse:
    """Show what was found."""
    asked = asked_findings(visitor)
    with visitor.house.bench() as bench:
        found = findings(bench, asked, visitor.only_shop, costs=visitor.may(Right.COSTS))
    return render(
        visitor, "findings.html", found, at_stake=at_stake, statuses=STATUS_TITLES, sort_link=_sorter(visitor, asked)
    )


@router.get("/findings/{finding_id}")
def one(visitor: Reader, finding_id: str) -> HTMLResponse:
    """Show one finding, and note who saw it."""
    return _shown(visitor, finding_id)


@router.post("/findings/{finding_id}")
def decided(
    visitor: Decider, finding_id: str, action: Field = "", until: Field = "", reason: Field = "", on: Field = ""
) -> Response:
    """Watch, decline or reopen a finding."""
    try:
        with visitor.house.bench() as bench:
            decide(
                bench,
                finding_id,
                action_of(action),
                visitor.only_shop,
                by=visitor.person.signature,
                on=day_given("on", on),
                until=day_given("until", until),
                reason=reason,
            )
    except (RefusedDecision, NotAnswerable) as problem:
        return _shown(visitor, finding_id, problem=problem, status=422)
    return RedirectResponse(visitor.link() + "#history", status_code=303)


def asked_findings(visitor: Visitor) -> FindingsAsked:
    """Return which findings an address asks for.

    Raises:
        Refused: If a value cannot be meant.
    """
    group, sort = visitor.text("status") or "open", visitor.text("sort") or Order.MONEY.value
    if group not in GROUPS:
        raise bad_value("status", group, Text(f"可用：{'、'.join(GROUPS)}", f"there are {', '.join(GROUPS)}"))
    if sort not in {one.value for one in Order}:
        raise bad_value("sort", sort, Text(f"可用：{'、'.join(Order)}", f"there are {', '.join(Order)}"))
    return FindingsAsked(
        group,
        visitor.text("kind"),
        visitor.day("from"),
        visitor.day("to"),
        Order(sort),
        visitor.text("order") != "ascending",
        visitor.number("page", 1, most=LAST_PAGE),
    )


def action_of(value: str) -> Action:
    """Return what is decided.

    Raises:
        Refused: If it is no decision.
    """
    try:
        return Action(value)
    except ValueError:
        known = ", ".join(Action)
        raise bad_value("action", value, Text(f"可用：{known}", f"there are {known}")) from None


def _shown(
    visitor: Visitor, finding_id: str, *, problem: DuoshouError | None = None, status: int = 200
) -> HTMLResponse:
    with visitor.house.bench() as bench:
        if visitor.person.token_id is None:
            # Who saw what is worth a note, not an error while somebody else writes.
            with contextlib.suppress(StateBusy):
                mark_seen(visitor.house.state, bench.shop_key(visitor.only_shop), [finding_id], visitor.person)
        found = finding(bench, finding_id, visitor.only_shop, costs=visitor.may(Right.COSTS))
        catalogue = bench.catalogue
    language = visitor.language
    words = Words(language)
    drawn = waterfall_figure(found.explanation, catalogue, language) if found.explanation else None
    leads = Leads(visitor, found.explanation, tuple(_where(found))) if found.explanation else None
    return render(
        visitor,
        "finding.html",
        found,
        status=status,
        problem=problem,
        statuses=STATUS_TITLES,
        at_stake=at_stake(found.finding),
        advises=is_advice(found.finding.kind),
        lost=lost_so_far(found.finding),
        weighed=has_weights(found.finding),
        reasons=reasons(found.finding, words),
        states=STATE_WORDS,
        tables=evidence_tables(found.finding, language, found.names, _numbers(visitor, found, catalogue)),
        notes=notes(found.finding, language),
        waterfall=leading(draw(visitor, drawn, HALF), leads.rows_of_waterfall()) if drawn and leads else None,
        leads=leads,
        trend=draw(visitor, trend_figure(found.trend, language), WIDE) if found.trend else None,
        catalogue_metrics=catalogue.metrics,
        bench_dimensions=catalogue.dimensions,
        where_words=_where(found),
        base=_into(visitor, found, catalogue),
        tomorrow=found.latest + timedelta(days=1),
        next_week=found.latest + A_WEEK,
        amount=amount,
        difference=difference,
        share=share,
        bar=bar,
        value_name=partial(value_name, visitor.language),
    )


def _where(found: FindingPage) -> list[str]:
    return [f"{dimension}:{value}" for dimension, value in found.affected.where.items()]


def _numbers(visitor: Visitor, found: FindingPage, catalogue: Catalogue) -> Numbers:
    """Return what finds the number behind a cell of the evidence."""

    def address(name: str, day: date | None) -> str | None:
        metric = metric_named(catalogue, found.finding, name)
        days = found.finding.period if day is None else Period.of_day(day)
        return None if metric is None else number_address(visitor, metric, days, _where(found))

    return address


def _into(visitor: Visitor, found: FindingPage, catalogue: Catalogue) -> Callable[[str, str], str]:
    """Return what makes the address of the explorer on the finding's metric and days, with one part left in."""

    def link(dimension: str, value: str) -> str:
        told = found.explanation
        assert told is not None
        return visitor.link(
            "/explore",
            metric=told.metric.key,
            where=[*_where(found), f"{catalogue.dimensions[dimension].key}:{value}"],
            compare=None,
            **{
                "from": told.period.start,
                "to": told.period.end,
                "against_from": told.baseline.start,
                "against_to": told.baseline.end,
            },
        )

    return link


def _sorter(visitor: Visitor, asked: FindingsAsked) -> Callable[[str], str]:
    def link(name: str) -> str:
        """Return the address with the list sorted by a column, the other way round where it is already."""
        turns = asked.order.value == name and asked.descending
        return visitor.link(sort=name, order="ascending" if turns else None, page=None)

    return link
