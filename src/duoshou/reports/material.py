"""Everything that a report is made of; the services collect it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from duoshou.metrics import Catalogue
from duoshou.model import Finding, Text
from duoshou.reports.asking import Ask
from duoshou.reports.context import Names
from duoshou.reports.freshness import SourceFreshness
from duoshou.reports.own import OwnSheets
from duoshou.reports.targets import TargetProgress
from duoshou.settings import Settings

Exports = Callable[[str, str], Text | None]
"""Shop and metric → where to export the file that would answer it; None where no file does."""


@dataclass(frozen=True, slots=True)
class FileToFetch:
    """One line of the list of files to fetch.

    Attributes:
        shop: Name of the shop.
        title: What the file is.
        menu: Where it is fetched.
        state: `stale`, `current`, `occasional` or `optional`.
        last_day: Last day that the imported files cover.
        first_missing: First day to fetch.
        last_missing: Last day to fetch.
        gains: Metrics that it makes possible.
    """

    shop: str
    title: Text
    menu: Text | None
    state: str
    last_day: date | None
    first_missing: date | None
    last_missing: date | None
    gains: Text


def no_names(dimension: str, values: Sequence[str]) -> Mapping[str, str]:  # noqa: ARG001 - the contract of `Names`
    """Return no names: ids stand for themselves."""
    return {}


def no_exports(shop: str, metric: str) -> Text | None:  # noqa: ARG001 - the contract of `Exports`
    """Return that nothing is known of exports."""
    return None


@dataclass(frozen=True, kw_only=True)
class Material:
    """What a report is made of.

    Attributes:
        ask: The metrics layer, bound to the workspace.
        settings: Settings of the workspace.
        catalogue: Definitions of the metrics.
        findings: Findings of the day, the most important first.
        unjudged: What the diagnosis could not judge, and why.
        sources: How far each source reaches.
        names: Readable names: called with a dimension (`product`, `campaign`) and its values.
        fetch: Files to fetch, the most urgent first.
        exports: Where to export what a metric lacks.
        targets: How far each target of the month is reached on the day of the report.
        odd_targets: What is wrong with the targets that no metric has.
        own: Sheets and columns that the workspace adds.
    """

    ask: Ask
    settings: Settings
    catalogue: Catalogue
    findings: Sequence[Finding] = ()
    unjudged: Sequence[Text] = ()
    sources: Sequence[SourceFreshness] = ()
    names: Names = no_names
    fetch: Sequence[FileToFetch] = ()
    exports: Exports = no_exports
    targets: Sequence[TargetProgress] = ()
    odd_targets: Sequence[Text] = ()
    own: OwnSheets = field(default_factory=OwnSheets)
