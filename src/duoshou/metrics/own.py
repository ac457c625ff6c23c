"""A shop's own metrics: its `metrics.toml`, read so that every fault is told with its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from duoshou.metrics.checking import Columns
from duoshou.metrics.definition import Metric
from duoshou.metrics.errors import BrokenDefinition
from duoshou.metrics.placing import EntryLines
from duoshou.metrics.source import Source
from duoshou.model import Place, Text

FORM = Text("写法见 docs/how-to/add-a-metric.md", "the form is described in docs/how-to/add-a-metric.md")
FIELD = re.compile(r"field `(\w+)`")
PATH = re.compile(r"`\$\.?(.+?)`")
TOML_LINE = re.compile(r"line (\d+)")


@dataclass
class OwnMetrics:
    """What a file holds.

    Attributes:
        file: Name of the file.
        lines: Its lines.
        metrics: Those that could be read, each key once.
        entries: Key → position of its entry.
        problems: What is wrong with the others.
    """

    file: str
    lines: EntryLines
    metrics: list[Metric] = field(default_factory=list)
    entries: dict[str, int] = field(default_factory=dict)
    problems: list[BrokenDefinition] = field(default_factory=list)

    def placed(self, key: str, words: Sequence[str], message: Text, hint: Text) -> BrokenDefinition:
        """Return a problem of a metric, with the line where it stands."""
        return self.broken("definition_broken", self.entries[key], words, message, hint)

    def broken(self, code: str, entry: int, words: Sequence[str], message: Text, hint: Text) -> BrokenDefinition:
        """Return a problem of an entry, with the line where it stands."""
        place = Place(file=self.file, row=self.lines.row(entry, *words))
        return BrokenDefinition(code, message, hint=hint, place=place)


def read_own(path: Path, shipped: Mapping[str, Metric], files: Mapping[str, str]) -> OwnMetrics:
    """Return the metrics of a file and what is wrong with it.

    Args:
        path: The file.
        shipped: Metrics whose keys and names are taken.
        files: Metric key → file that defines it.

    Raises:
        BrokenDefinition: If the file is no UTF-8 text or no TOML.
    """
    text = _text(path)
    own = OwnMetrics(str(path), EntryLines(text))
    content = _content(path, text)
    for name in content.keys() - {"metric"}:
        message = Text(f"文件里只能有 [[metric]]，不认识 {name}", f"the file holds [[metric]] only, not {name}")
        own.problems.append(BrokenDefinition("definition_unreadable", message, hint=FORM, place=Place(file=own.file)))
    entries = content.get("metric", [])
    if not isinstance(entries, list):
        message = Text("请写 [[metric]]（两层方括号）", "write [[metric]] with two brackets")
        own.problems.append(BrokenDefinition("definition_unreadable", message, hint=FORM, place=Place(file=own.file)))
        return own
    taken = {_folded(name): key for key, metric in shipped.items() for name in _all_names(metric)}
    for position, entry in enumerate(entries):
        _take(own, position, entry, taken, files)
    return own


def _take(own: OwnMetrics, position: int, entry: object, taken: dict[str, str], files: Mapping[str, str]) -> None:
    key = str(entry.get("key", "?")) if isinstance(entry, dict) else "?"
    try:
        metric = msgspec.convert(entry, Metric)
    except msgspec.ValidationError as error:
        message = Text(f"指标 {key} 定义有误：{error}", f"metric {key}: faulty definition: {error}")
        own.problems.append(own.broken("definition_unreadable", position, _words(str(error)), message, FORM))
        return
    same = taken.get(_folded(metric.key))
    if same == metric.key:
        where = files.get(metric.key, own.file)
        message = Text(f"指标 {key} 已在 {where} 里定义", f"{key} is defined in {where}")
        hint = Text("请换一个键", "give it another key")
        own.problems.append(own.broken("metric_defined_twice", position, ["key="], message, hint))
        return
    for name in _all_names(metric):
        other = taken.setdefault(_folded(name), metric.key)
        if other != metric.key:
            message = Text(
                f"指标 {key}：名称“{name}”已属于 {other}", f"metric {key}: the name {name} belongs to {other}"
            )
            hint = Text("请换一个名称或别名", "choose another name or alias")
            own.problems.append(own.broken("name_taken", position, [name], message, hint))
    own.entries[metric.key] = position
    own.metrics.append(metric)


def _words(error: str) -> list[str]:
    """Return the words of an error by which its line is found: the field named, else the end of the path."""
    names = FIELD.findall(error) if "required" not in error else []
    path = PATH.search(error)
    steps = re.findall(r"[A-Za-z_]\w*", path.group(1)) if path else []
    return [f"{name}=" for name in (*names, *reversed(steps))]


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BrokenDefinition(
            "metrics_unreadable",
            Text(f"读不了指标文件：{error}", f"the file of metrics cannot be read: {error}"),
            hint=Text("请存为 UTF-8 编码", "save it as UTF-8"),
            place=Place(file=str(path)),
        ) from error


def _content(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = TOML_LINE.search(str(error))
        row = int(line.group(1)) if line else len(text.splitlines())
        raise BrokenDefinition(
            "definition_unreadable",
            Text(f"TOML 写法有误：{error}", f"not valid TOML: {error}"),
            hint=FORM,
            place=Place(file=str(path), row=row),
        ) from error


def _all_names(metric: Metric) -> tuple[str, ...]:
    return (metric.key, metric.title.zh, metric.title.en, *metric.aliases)


def _folded(name: str) -> str:
    return name.strip().casefold().replace(" ", "_").replace("-", "_")


def own_columns(sources: Mapping[str, Source]) -> Columns:
    """Return what tells the columns of a source and their SQL types, derived ones included."""

    def columns(key: str) -> dict[str, str]:
        from duoshou.warehouse.schema import load_tables

        source = sources[key]
        derived = dict.fromkeys(source.spans, "BIGINT")
        looked_up = dict.fromkeys((name for name in source.derived_columns() if name not in derived), "VARCHAR")
        return {**load_tables()[source.table].physical, **derived, **looked_up}

    return columns
