"""Whether platforms that would be added count the same thing under the name of a metric."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from duoshou.metrics.buckets import Frame
from duoshou.metrics.catalogue import Catalogue
from duoshou.metrics.coverage import Known, Scope
from duoshou.metrics.definition import Metric
from duoshou.metrics.request import Request
from duoshou.metrics.source import Source
from duoshou.model import Text


@dataclass(frozen=True, slots=True)
class Difference:
    """A metric that means different things on the platforms that answer.

    Attributes:
        metric: Measured metric.
        bases: (platform, what it counts there), in the order of the platforms.
    """

    metric: Metric
    bases: tuple[tuple[str, Text], ...]

    @property
    def note(self) -> Text:
        """The difference in words, and how to ask instead."""
        zh = "；".join(f"{platform}：{basis.zh}" for platform, basis in self.bases)
        en = "; ".join(f"{platform}: {basis.en}" for platform, basis in self.bases)
        return Text(
            f"{self.metric.title.zh}各平台口径不同，没有相加（{zh}）。请加 --by shop 分店铺看",
            f"{self.metric.key} is not added: platforms count it differently ({en}). Use --by shop",
        )


def differences(
    catalogue: Catalogue,
    request: Request,
    metric: Metric,
    source: Source,
    known: Mapping[Scope, Known],
    frames: Sequence[Frame],
) -> tuple[Difference, ...]:
    """Return the parts of a metric that may not be added over the platforms met; none where they are split."""
    if {"shop", "platform"} & set(request.by):
        return ()
    platforms = sorted({scope.platform or "" for scope in scopes_met(known, frames)})
    if len(platforms) < 2:
        return ()
    found = []
    for leaf in catalogue.leaves(metric.key):
        bases = [(platform, basis_of(catalogue, leaf, source, platform)) for platform in platforms]
        if len({basis for _, (basis, _) in bases}) > 1:
            found.append(Difference(catalogue.metrics[leaf], tuple((name, text) for name, (_, text) in bases)))
    return tuple(found)


def basis_of(catalogue: Catalogue, leaf: str, source: Source, platform: str) -> tuple[str, Text]:
    """Return the key and the wording of what a platform counts; what nobody stated is a basis of its own."""
    for agreement in catalogue.agreements:
        if leaf in agreement.metrics and source.table in agreement.tables:
            key = agreement.basis.get(platform)
            if key is None:
                return f"unstated:{platform}", Text("口径未说明", "basis not stated")
            return key, catalogue.bases[key].title
    return "", Text("同一口径", "one basis")


def scopes_met(known: Mapping[Scope, Known], frames: Sequence[Frame]) -> list[Scope]:
    """Return the scopes that hold rows of the periods."""
    return [
        scope
        for scope, one in known.items()
        if any(one.first <= frame.period.end and one.last >= frame.period.start for frame in frames)
    ]
