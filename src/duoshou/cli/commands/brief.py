"""`duoshou brief`: what a designer needs to do a task, in words or as a document to hand over."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from duoshou.cli.loop_values import number_of
from duoshou.cli.options import both, common_options, json_option
from duoshou.cli.people_text import whoever_types
from duoshou.cli.session import Session
from duoshou.cli.streams import write_json
from duoshou.cli.task_options import number_argument
from duoshou.cli.task_steps import shop_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from duoshou.loop.brief import Brief, Point


@click.command(
    "brief",
    help=both(
        "一个任务的设计需求单：目标、人群、有依据的卖点、要和不要、尺寸、截止日。没写过就按数据起草；-o 写成文档。",
        "The brief of a task: goal, audience, selling points with their evidence, do and don't, sizes, deadline. Where "
        "none was written it is drafted from the data; -o writes the document.",
    ),
)
@number_argument
@click.option(
    "-o", "output", type=click.Path(path_type=Path), metavar="FILE.docx", help="写成文档 · write the document"
)
@click.option("--save", is_flag=True, help="把起草的存下来 · keep the draft")
@json_option
@common_options
@click.pass_obj
def command(session: Session, number: str, output: Path | None, save: bool, as_json: bool) -> None:
    """Print a brief, or write it."""
    from duoshou.app.loop.briefs import brief_document, kept_or_drafted, save_brief

    bench, shop, task = session.workbench, shop_of(session), number_of(number)
    brief = kept_or_drafted(bench, shop, task)
    if save and not brief.written_by:
        brief = save_brief(bench, shop, task, brief, by=whoever_types("duoshou brief"))
    path = None if output is None else brief_document(bench, shop, task, output)
    if as_json:
        file = None if path is None else str(path)
        write_json({"schema_version": 1, "task": task, "brief": brief.to_dict(), "file": file})
    elif path is not None:
        click.echo(str(path))
    else:
        click.echo("\n".join(_lines(brief, session)))


def _lines(brief: Brief, session: Session) -> Iterator[str]:
    yield brief.title
    yield f"  {session.say('截止', 'deadline')} {brief.deadline}"
    yield f"  {session.say('目标', 'goal')} {brief.goal}"
    for heading, points in (
        (session.say("卖点", "Selling points"), brief.points),
        (session.say("现在和以前的图", "Pictures so far"), brief.now),
        (session.say("人群", "Audience"), brief.audience),
    ):
        yield from _points(heading, points)
    for mark, lines in (("✓", brief.do), ("✗", brief.dont)):
        yield from (f"  {mark} {line}" for line in lines)
    yield from (f"  {one.name} {one.pixels} {one.note}".rstrip() for one in brief.pictures)
    yield from (f"  ! {word}: {why.in_language(session.language)}" for word, why in brief.forbidden)
    yield from (f"  ? {line}" for line in brief.unknown)
    if brief.notes:
        yield f"  {brief.notes}"


def _points(heading: str, points: Sequence[Point]) -> Iterator[str]:
    if points:
        yield f"  {heading}"
    for one in points:
        yield f"    • {one.text}" + (f"  [{one.evidence}]" if one.evidence else "")
