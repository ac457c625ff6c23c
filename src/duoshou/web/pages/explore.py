"""Why any metric changed between any two periods."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import HTMLResponse

from duoshou.access import Right
from duoshou.analysts.diagnosis.explain_errors import NotExplainable
from duoshou.app import Workbench
from duoshou.app.pages.addresses import parsed_filters
from duoshou.app.pages.explorer import Explorer, Question, explorer
from duoshou.gate import Visitor, needs
from duoshou.gate.costs import may_see
from duoshou.metrics import Metric, MetricError
from duoshou.metrics.costs import tells_costs
from duoshou.model import InvalidPeriod
from duoshou.settings.calendar import CalendarError
from duoshou.web.asking import chosen_comparison, period_of
from duoshou.web.differences import amount, difference, share, value_name
from duoshou.web.figures import HALF, WIDE, bar, draw, leading, trend_figure, waterfall_figure
from duoshou.web.numbers import Leads
from duoshou.web.rendering import render

router = APIRouter()
DEFAULT = "pay_amount"


@router.get("/explore")
def page(visitor: Annotated[Visitor, Depends(needs(Right.READ))]) -> HTMLResponse:
    """Show what drove a metric, and where."""
    with visitor.house.bench() as bench:
        metrics, catalogue = choosable(visitor, bench), bench.catalogue
        name = visitor.text("metric") or DEFAULT
        try:
            may_see(visitor, catalogue, [name])
            found = explorer(bench, _question(visitor, bench, name), visitor.only_shop)
        except (MetricError, NotExplainable, InvalidPeriod, CalendarError) as problem:
            status = 200 if isinstance(problem, NotExplainable) else 422
            return render(visitor, "explore.html", None, status=status, problem=problem, metrics=metrics, name=name)
    drawn = waterfall_figure(found.explanation, catalogue, visitor.language)
    leads = Leads(visitor, found.explanation, tuple(one.written for one in found.filters))
    return render(
        visitor,
        "explore.html",
        found,
        problem=None,
        metrics=metrics,
        name=name,
        waterfall=leading(draw(visitor, drawn, HALF), leads.rows_of_waterfall()) if drawn else None,
        leads=leads,
        trend=draw(visitor, trend_figure(found.trend, visitor.language), WIDE) if found.trend else None,
        catalogue_metrics=catalogue.metrics,
        bench_dimensions=catalogue.dimensions,
        where_words=[one.written for one in found.filters],
        base=_into(visitor, found),
        amount=amount,
        difference=difference,
        share=share,
        bar=bar,
        value_name=partial(value_name, visitor.language),
    )


def _question(visitor: Visitor, bench: Workbench, name: str) -> Question:
    period = period_of(visitor) or period_of(visitor, "date", "date")
    return Question(
        name,
        period,
        period_of(visitor, "against_from", "against_to"),
        chosen_comparison(visitor),
        parsed_filters(bench.catalogue, visitor.texts("where")),
        visitor.text("by"),
    )


def choosable(visitor: Visitor, bench: Workbench) -> list[Metric]:
    """Return the metrics that a person may choose."""
    catalogue, costs = bench.catalogue, visitor.may(Right.COSTS)
    return [one for one in catalogue.metrics.values() if costs or not tells_costs(catalogue, one.key)]


def _into(visitor: Visitor, found: Explorer) -> Callable[[str, str], str]:
    """Return what makes the address of the same view with one part left in."""
    kept = [one.written for one in found.filters]

    def link(dimension: str, value: str) -> str:
        return visitor.link(where=[*kept, f"{dimension}:{value}"], by=None)

    return link
