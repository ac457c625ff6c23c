"""效果: what everything that was done brought, one effect, and what the playbook learned from it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import HTMLResponse

from duoshou.access import Right, role_title
from duoshou.app.loop.advice import playbook_standing
from duoshou.app.pages.effects import EffectPage, effect_page, effects_page
from duoshou.gate import Visitor, bad_value, needs
from duoshou.loop.effects import CAVEATS, METHODS, VERDICTS
from duoshou.loop.kinds import kinds
from duoshou.metrics import Unit
from duoshou.model import Language, Text, Verdict
from duoshou.reports.figures import Event, Trend
from duoshou.web.figures import WIDE, draw
from duoshou.web.rendering import render

router = APIRouter()
LAST_PAGE = 100_000
Reader = Annotated[Visitor, Depends(needs(Right.READ))]
DONE = Text("做了", "done")
FORESEEN = Text("当时能预见的", "as foreseen then")


@router.get("/effects")
def overview(visitor: Reader) -> HTMLResponse:
    """Show what was measured."""
    verdict = verdict_of(visitor.text("verdict"))
    with visitor.house.bench() as bench:
        number, costs = visitor.number("page", 1, most=LAST_PAGE), visitor.may(Right.COSTS)
        found = effects_page(bench, verdict, number, visitor.only_shop, costs=costs)
    return render(visitor, "effects.html", found, verdicts=VERDICTS, methods=METHODS)


@router.get("/effects/{effect_id}")
def one(visitor: Reader, effect_id: str) -> HTMLResponse:
    """Show one effect."""
    with visitor.house.bench() as bench:
        found = effect_page(bench, effect_id, visitor.only_shop, costs=visitor.may(Right.COSTS))
    drawn = effect_figure(found, visitor.language)
    return render(
        visitor,
        "effect.html",
        found,
        verdicts=VERDICTS,
        methods=METHODS,
        caveats=CAVEATS,
        kinds=kinds(),
        chart=draw(visitor, drawn, WIDE) if drawn else None,
        is_foreseen=drawn is not None and any(value is not None for value in drawn.comparison),
    )


@router.get("/playbook")
def playbook(visitor: Reader) -> HTMLResponse:
    """Show how every entry of the playbook stands in the shop."""
    with visitor.house.bench() as bench:
        stood = playbook_standing(bench, bench.shop_key(visitor.only_shop))
        metrics = bench.catalogue.metrics
    tried = [one for one in stood if one.tries.tried or one.tries.declined]
    return render(
        visitor,
        "playbook.html",
        stood,
        tried=tried,
        untried=[one for one in stood if one not in tried],
        role_title=role_title,
        metrics=metrics,
    )


def verdict_of(value: str | None) -> Verdict | None:
    """Return the verdict that an address asks for.

    Raises:
        Refused: If there is no such verdict.
    """
    if value is None:
        return None
    if value not in set(Verdict):
        known = ", ".join(Verdict)
        raise bad_value("verdict", value, Text(f"可用：{known}", f"there are {known}"))
    return Verdict(value)


def effect_figure(found: EffectPage, language: Language) -> Trend | None:
    """Return the chart of what was seen against what would have been; None where nothing can be drawn."""
    if not found.days or all(one is None for one in found.observed):
        return None
    start, metric = found.measured.window.start, found.metric
    expected = tuple(value if day >= start else None for day, value in zip(found.days, found.expected, strict=True))
    before = tuple(value if day < start else None for day, value in zip(found.days, found.expected, strict=True))
    return Trend(
        found.line.metric.in_language(language),
        Unit.COUNT if metric is None else metric.unit,
        found.days,
        found.observed,
        expected=expected,
        low=found.low,
        high=found.high,
        level=found.level,
        comparison=before,
        comparison_label=FORESEEN.in_language(language),
        events=(Event(start, DONE.in_language(language)),),
    )
