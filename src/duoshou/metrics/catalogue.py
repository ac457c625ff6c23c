"""The catalogue: every metric, source and dimension by name, read from TOML and checked."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path

import msgspec

from duoshou.metrics.checking import problems_of
from duoshou.metrics.definition import CatalogueFile, Measure, Metric
from duoshou.metrics.errors import BrokenDefinition, UnknownName
from duoshou.metrics.own import own_columns, read_own
from duoshou.metrics.source import Agreement, Basis, Dimension, RegistryFile, Source
from duoshou.model import Place, Text
from duoshou.settings.channels import Grouping, grouping_of


@dataclass(frozen=True, eq=False)
class Catalogue:
    """Everything that can be asked for.

    Attributes:
        metrics: Key → metric, in the order of the files.
        sources: Key → way to read a table.
        dimensions: Key → dimension.
        files: Metric key → file that defines it.
        agreements: What platforms count under the names of metrics.
        bases: Key → what is counted.
        channels: Which traffic source belongs to which channel.
    """

    metrics: Mapping[str, Metric]
    sources: Mapping[str, Source]
    dimensions: Mapping[str, Dimension]
    files: Mapping[str, str]
    agreements: tuple[Agreement, ...] = ()
    bases: Mapping[str, Basis] = field(default_factory=dict)
    channels: Grouping = field(default_factory=grouping_of)
    _names: dict[str, str] = field(default_factory=dict, repr=False)

    def metric(self, name: str) -> Metric:
        """Return the metric whose key, title or platform alias is `name`.

        Raises:
            UnknownName: If there is none; the hint names the nearest.
        """
        if not self._names:
            for key, metric in reversed(list(self.metrics.items())):
                for spelling in (metric.title.zh, metric.title.en, *metric.aliases):
                    self._names[_folded(spelling)] = key
            self._names.update({_folded(key): key for key in self.metrics})
        found = self._names.get(_folded(name))
        if found is None:
            raise _unknown("metric", name, self._names, Text("duoshou metrics 列出全部指标", "list: duoshou metrics"))
        return self.metrics[found]

    def dimension(self, name: str) -> Dimension:
        """Return the dimension whose key or alias is `name`.

        Raises:
            UnknownName: If there is none; the hint names the nearest.
        """
        names = {_folded(alias): one.key for one in self.dimensions.values() for alias in (*one.aliases, one.title.zh)}
        names.update({_folded(key): key for key in self.dimensions})
        key = names.get(_folded(name))
        if key is None:
            known = ", ".join(self.dimensions)
            raise _unknown("dimension", name, names, Text(f"可用维度：{known}", f"dimensions: {known}"))
        return self.dimensions[key]

    @cache  # noqa: B019 - a catalogue lives as long as the process
    def leaves(self, key: str) -> tuple[str, ...]:
        """Return the keys of the measured metrics that a metric is made of; itself when it is measured."""
        return tuple(dict.fromkeys(leaf for part in self.parts(key) for leaf in self.leaves(part))) or (key,)

    def parts(self, key: str) -> tuple[str, ...]:
        """Return the metrics that a derived metric names; empty when it is measured."""
        metric = self.metrics[key]
        if metric.ratio:
            return (metric.ratio.numerator, metric.ratio.denominator)
        if metric.difference:
            return (metric.difference.minuend, metric.difference.subtrahend)
        if metric.total:
            return metric.total.of
        return (metric.share.of,) if metric.share else ()

    def sources_of(self, key: str) -> tuple[str, ...]:
        """Return the keys of the sources from which the metric can be had whole, best first.

        A ratio across sources has none of its own: its parts have.
        """
        choices = [[measure.use for measure in self.metrics[leaf].source] for leaf in self.leaves(key)]
        return tuple(use for use in dict.fromkeys(choices[0]) if all(use in other for other in choices[1:]))

    def dimensions_of(self, key: str) -> tuple[str, ...]:
        """Return the dimensions by which at least one source can split the metric, in the registry's order."""
        metric = self.metrics[key]
        if metric.ratio and metric.ratio.across:
            sides = [set(self.dimensions_of(part)) for part in self.parts(key)]
            return tuple(one for one in self.dimensions if all(one in side for side in sides))
        carried = {one for use in self.sources_of(key) for one in self.sources[use].dimensions}
        return tuple(one for one in self.dimensions if one in carried)


def load_catalogue(extra: Path | None = None, channels: Grouping | None = None) -> Catalogue:
    """Return the shipped catalogue, and a shop's own metrics after it.

    Args:
        extra: A `metrics.toml` in the form of the shipped files; a path where nothing lies is ignored.
        channels: The channels of a shop's settings; None: the shipped ones.

    Raises:
        BrokenDefinition: If definitions do not hold together; it names file, line, key and hint of each.
    """
    catalogue = _shipped() if extra is None or not extra.exists() else _with_own(extra)
    return catalogue if channels is None or channels == catalogue.channels else _grouped(catalogue, channels)


@lru_cache(maxsize=8)
def _grouped(catalogue: Catalogue, channels: Grouping) -> Catalogue:
    """Return a catalogue with other channels; for the same ones the same: engines remember by it."""
    return replace(catalogue, channels=channels)


@cache
def _shipped() -> Catalogue:
    catalogue = _assembled(_shipped_metrics())
    if problems := problems_of(catalogue, catalogue.metrics):
        raise BrokenDefinition.of(
            [
                BrokenDefinition(
                    "definition_broken", one.message, hint=one.hint, place=Place(file=catalogue.files[one.key])
                )
                for one in problems
            ]
        )
    return catalogue


@cache
def _shipped_metrics() -> tuple[tuple[str, Metric], ...]:
    folder = files("duoshou.metrics") / "catalogue"
    paths = sorted((path for path in folder.iterdir() if path.name.endswith(".toml")), key=lambda path: path.name)
    return tuple(
        (path.name, metric)
        for path in paths
        for metric in msgspec.toml.decode(path.read_bytes(), type=CatalogueFile).metric
    )


def _with_own(path: Path) -> Catalogue:
    """Return the shipped catalogue with the metrics of a file; everything that is wrong with it is told at once."""
    shipped = _shipped()
    own = read_own(path, shipped.metrics, shipped.files)
    catalogue = _assembled([*_shipped_metrics(), *((str(path), metric) for metric in own.metrics)])
    found = problems_of(catalogue, [metric.key for metric in own.metrics], own_columns(catalogue.sources))
    problems = [*own.problems, *(own.placed(one.key, one.words, one.message, one.hint) for one in found)]
    if problems:
        raise BrokenDefinition.of(sorted(problems, key=lambda one: one.place.row or 0))
    return catalogue


def _assembled(named: Sequence[tuple[str, Metric]]) -> Catalogue:
    sources = {source.key: source for source in _registry("sources.toml").source}
    metrics = {metric.key: _expanded(metric, sources) for _, metric in named}
    dimensions = {dimension.key: dimension for dimension in _registry("dimensions.toml").dimension}
    agreed = _registry("agreements.toml")
    bases = {basis.key: basis for basis in agreed.basis}
    origin = {metric.key: file for file, metric in named}
    return Catalogue(metrics, sources, dimensions, origin, agreed.agreement, bases)


def _expanded(metric: Metric, sources: Mapping[str, Source]) -> Metric:
    """Return the metric with one measure for each source of the groups that it names."""
    measures: list[Measure] = []
    for measure in metric.source:
        members = [source.key for source in sources.values() if source.group and source.group == measure.use]
        measures += [msgspec.structs.replace(measure, use=key) for key in members] or [measure]
    return msgspec.structs.replace(metric, source=tuple(measures))


@cache
def _registry(name: str) -> RegistryFile:
    return msgspec.toml.decode((files("duoshou.metrics") / "registry" / name).read_bytes(), type=RegistryFile)


def _folded(name: str) -> str:
    return name.strip().casefold().replace(" ", "_").replace("-", "_")


def _unknown(kind: str, name: str, known: Mapping[str, str], otherwise: Text) -> UnknownName:
    near = difflib.get_close_matches(_folded(name), list(known), n=3, cutoff=0.6)
    keys = ", ".join(dict.fromkeys(known[one] for one in near))
    zh = {"metric": "指标", "dimension": "维度"}[kind]
    return UnknownName(
        f"unknown_{kind}",
        Text(f"没有叫“{name}”的{zh}", f"there is no {kind} called {name!r}"),
        hint=Text(f"是不是 {keys}？", f"did you mean {keys}?") if keys else otherwise,
    )
