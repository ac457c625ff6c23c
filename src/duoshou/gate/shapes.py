"""The typed shapes of the product's data, made known before several threads ask for them.

The decoder of TOML and JSON learns the fields of a class when it first meets it. While one thread learns, another that
needs the same class reads what is not there yet, and the process dies. So whoever serves several threads has every
class learnt first, in one.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec

MODULES = (
    "duoshou.access.rights",
    "duoshou.analysts.diagnosis.causes",
    "duoshou.analysts.diagnosis.explain_formulas",
    "duoshou.analysts.diagnosis.findings",
    "duoshou.analysts.diagnosis.places",
    "duoshou.analysts.diagnosis.score_words",
    "duoshou.analysts.diagnosis.watched",
    "duoshou.app.backup",
    "duoshou.loop.effect_words",
    "duoshou.loop.entries",
    "duoshou.loop.evaluation.rules",
    "duoshou.loop.image_rules",
    "duoshou.loop.kinds",
    "duoshou.loop.propagation",
    "duoshou.loop.trial_words",
    "duoshou.metrics.definition",
    "duoshou.metrics.result",
    "duoshou.metrics.source",
    "duoshou.reports.own",
    "duoshou.reports.sheets.month",
    "duoshou.settings.calendar.festival",
    "duoshou.settings.calendar.lunar",
    "duoshou.settings.calendar.workdays",
    "duoshou.settings.channels.shipped",
    "duoshou.settings.descriptions",
    "duoshou.settings.schema",
    "duoshou.sources.layout",
    "duoshou.warehouse.archive",
    "duoshou.warehouse.checks.stories",
    "duoshou.warehouse.pending",
    "duoshou.warehouse.schema",
)
"""Modules whose classes are read from files; a test looks for others."""


@cache
def prepare_shapes() -> tuple[str, ...]:
    """Learn every class that data are read into, and return the modules that hold one."""
    for name in MODULES:
        importlib.import_module(name)
    classes: list[Any] = [kind for kind in _below(msgspec.Struct) if kind.__module__.startswith("duoshou.")]
    for kind in classes:
        msgspec.json.Decoder(kind)
    return tuple(sorted({kind.__module__ for kind in classes}))


def _below(kind: type) -> Iterator[type]:
    below: list[type] = kind.__subclasses__()
    for one in below:
        yield one
        yield from _below(one)
