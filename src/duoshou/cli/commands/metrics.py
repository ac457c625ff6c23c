"""`duoshou metrics`: what every number means."""

from __future__ import annotations

import click

from duoshou.cli.metric_text import glossary_text, metric_text
from duoshou.cli.options import both, common_options, json_option
from duoshou.cli.session import Session
from duoshou.cli.streams import write_json


@click.command(
    "metrics",
    help=both(
        "指标词典：定义、公式、单位、口径、来源、用途。",
        "The glossary: definition, formula, unit, additivity, source, use.",
    ),
)
@click.argument("key", metavar="[KEY]", required=False)
@json_option
@common_options
@click.pass_obj
def command(session: Session, key: str | None, as_json: bool) -> None:
    """Print the glossary, or one metric in full."""
    from duoshou.metrics.wording import metric_shape

    metrics = session.workbench.metrics(key)
    if as_json:
        write_json({"schema_version": 1, "metrics": [metric_shape(metric) for metric in metrics]})
    elif key is None:
        click.echo(glossary_text(metrics, session))
    else:
        click.echo("\n\n".join(metric_text(metric, session) for metric in metrics))
