"""One opened workspace and what can be asked of it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import closing
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeVar

from duoshou.app.memory import AnswerMemory
from duoshou.app.results import AskedDay, BackedUp, DayReport, FindingList, ImportReport, Rebuilt, Undone
from duoshou.model import Comparison, Grain, Language, Period
from duoshou.settings import Settings, Workspace, load_settings

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from duoshou.analysts.diagnosis.explanation import Explanation
    from duoshou.app.checklist import Checklist
    from duoshou.app.health import Check
    from duoshou.app.imports import Progress
    from duoshou.app.targets import MonthProgress
    from duoshou.engine import Backend
    from duoshou.metrics import Catalogue, Metric, QueryResult
    from duoshou.settings.calendar import Calendar
    from duoshou.sources import Layouts
    from duoshou.state import State
    from duoshou.warehouse import Store

Answer = TypeVar("Answer")
METRICS_FILE = "metrics.toml"
LAYOUTS_FOLDER = "layouts"


def open_workbench(directory: Path | None = None) -> Workbench:
    """Return the workspace at `directory`, or the one that the environment or the current folder names.

    Raises:
        WorkspaceError: If there is none.
        SettingsError: If its settings cannot be used.
    """
    workspace = Workspace.find() if directory is None else Workspace.at(directory)
    return Workbench(workspace, load_settings(workspace))


class Workbench:
    """An opened workspace; every method is one thing that a person asks for.

    What is heavy (the engine, the catalogue, the layouts) is loaded when it is first needed. The engine reads the
    current snapshot and opens the next one when an import has published it.

    Attributes:
        workspace: Where everything lies.
        settings: What the user set.
    """

    def __init__(self, workspace: Workspace, settings: Settings) -> None:
        self.workspace = workspace
        self.settings = settings
        self._backend: Backend | None = None
        self._snapshot: Path | None = None
        self._memory: AnswerMemory | None = None
        self._shares_state = False

    def share(self, memory: AnswerMemory, state: State) -> Self:
        """Let this workbench use the answers and the state that a server's workbenches have in common; return it."""
        self._memory, self._shares_state = memory, True
        self.__dict__["state"] = state
        return self

    def remembered(self, question: Hashable, answer: Callable[[], Answer]) -> Answer:
        """Return the answer to a question about the current snapshot, which a server gives from memory."""
        if self._memory is None:
            return answer()
        from duoshou.app.days import yesterday

        today = yesterday(self.settings.timezone)
        return self._memory.answer((self.store.snapshot(), today, question), answer)

    @property
    def layouts(self) -> Layouts:
        """The layouts of the product, and those of the workspace's folder `layouts/` as it stands."""
        from duoshou.sources import load_layouts

        return load_layouts(self.workspace.directory / LAYOUTS_FOLDER)

    @cached_property
    def catalogue(self) -> Catalogue:
        """The metrics of the product, those of the workspace's `metrics.toml`, and the channels of its settings."""
        from duoshou.metrics import load_catalogue
        from duoshou.settings.channels import grouping_of

        extra = self.workspace.directory / METRICS_FILE
        return load_catalogue(extra if extra.is_file() else None, grouping_of(self.settings.channels))

    @cached_property
    def calendar(self) -> Calendar:
        """Workdays and festivals where the shop sells, with those of the workspace's `calendar.toml`."""
        from duoshou.settings.calendar import load_calendar

        return load_calendar(self.settings, self.workspace)

    @property
    def store(self) -> Store:
        """The warehouse, read with the layouts as they stand."""
        from duoshou.app.imports import open_store

        return open_store(self)

    @cached_property
    def state(self) -> State:
        """Findings shown, decisions and the audit log.

        Raises:
            StateError: If the database cannot be reached, made or migrated.
        """
        from duoshou.state import open_state

        return open_state(self.workspace, self.settings)

    def backend(self) -> Backend:
        """Return the engine on the current snapshot."""
        from duoshou.engine import open_backend

        snapshot = self.store.snapshot()
        if self._backend is None or snapshot != self._snapshot:
            self._close_engine()
            self._backend, self._snapshot = open_backend(self.settings, snapshot), snapshot
        return self._backend

    def reader(self) -> duckdb.DuckDBPyConnection:
        """Return a read-only DuckDB connection of its own to the current snapshot; whoever asks closes it."""
        from duoshou.engine.duckdb import connect_reader

        engine = self.settings.engine
        return connect_reader(self.store.snapshot(), memory_limit=engine.memory_limit, threads=engine.threads)

    def close(self) -> None:
        """Close the engine and the state; the next question opens them again."""
        self._close_engine()
        state = self.__dict__.pop("state", None)
        if state is not None and not self._shares_state:
            state.close()

    def _close_engine(self) -> None:
        if self._backend is not None:
            self._backend.close()
            self._backend = self._snapshot = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def shop_key(self, shop: str | None) -> str:
        """Return the key of a shop (key, name or alias); that of the first one where none is named."""
        return self.settings.shop(shop).key if shop else self.settings.default_shop.key

    def asked_day(self, shop: str | None, as_of: date | None) -> AskedDay:
        """Return whose figures are asked for and up to which day; a day that is not over is the last that is."""
        from duoshou.app.days import yesterday

        key, today = self.shop_key(shop), yesterday(self.settings.timezone)
        return AskedDay(key, self.last_complete_day(key) if as_of is None else min(as_of, today), today)

    def last_complete_day(self, shop: str | None = None) -> date:
        """Return the last day that the data of a shop (key, name or alias), or of any, hold whole."""
        key = self.settings.shop(shop).key if shop else None

        from duoshou.app.days import last_complete_day

        def look() -> date:
            with closing(self.reader()) as connection:
                return last_complete_day(connection, self.settings.timezone, key)

        return self.remembered(("last_complete_day", key), look)

    def import_files(
        self,
        files: Sequence[Path] = (),
        *,
        layout: str | None = None,
        mapping: Path | None = None,
        dry_run: bool = False,
        shop: str | None = None,
        progress: Progress | None = None,
    ) -> ImportReport:
        """Import `files`, or the inbox when none is named, and say what became of each.

        Args:
            files: Export files; one that lies in the inbox moves to `imported/` once its rows are safe.
            layout: Key of the layout; recognised by content when None.
            mapping: TOML file that describes an unknown table.
            dry_run: Only say what would happen.
            shop: Shop that the files belong to.
            progress: Called with what is being done and the share that is done, from 0 to 1.

        Raises:
            WarehouseLocked: If another process keeps writing.
        """
        from duoshou.app.imports import import_files

        return import_files(self, files, layout=layout, mapping=mapping, dry_run=dry_run, shop=shop, progress=progress)

    def query(
        self,
        metrics: Sequence[str],
        *,
        by: Sequence[str] = (),
        period: Period | None = None,
        last: str | None = None,
        grain: Grain | None = None,
        compare: Comparison | None = None,
        where: Mapping[str, str] | None = None,
        shop: str | None = None,
    ) -> QueryResult:
        """Return metrics over `period`, or over the `last` length up to the last complete day; by default 30 days.

        Compared by festival, the notes say which days face which, and why.

        Raises:
            MetricError: If a name is unknown, or an answer would not be true.
            CalendarError: If a festival or a country of the calendar cannot be meant.
        """
        from duoshou.app.asking import query

        chosen = period or Period.last(last or "30d", self.last_complete_day(shop))
        filters = tuple(sorted((where or {}).items()))
        question = ("query", tuple(metrics), tuple(by), chosen, grain, compare, filters, shop)
        return self.remembered(
            question, lambda: query(self, metrics, chosen, by=by, grain=grain, compare=compare, where=where, shop=shop)
        )

    def explain(
        self,
        metric: str,
        *,
        period: Period | None = None,
        against: Period | None = None,
        by: Sequence[str] = (),
        where: Mapping[str, str] | None = None,
        shop: str | None = None,
    ) -> Explanation:
        """Return why a metric changed from `against` to `period`, exactly decomposed by its drivers and by dimensions.

        Args:
            metric: Key, name or alias.
            period: The days to be explained; by default the last complete one.
            against: The days they are held against; by default the same weekdays a week before for less than a week,
                else the equal period just before.
            by: Dimensions; by default those that tell something.
            where: Only these values of dimensions.
            shop: Only this shop.

        Raises:
            MetricError: If a name is unknown, or an answer would not be true.
            NotExplainable: If a value is unknown, or parts of the metric must not be put together.
        """
        from duoshou.app.explaining import explain

        question = ("explain", metric, period, against, tuple(by), tuple(sorted((where or {}).items())), shop)
        return self.remembered(
            question, lambda: explain(self, metric, period=period, against=against, by=by, where=where, shop=shop)
        )

    def findings(self, day: date | None = None, kind: str | None = None, shop: str | None = None) -> FindingList:
        """Return the findings of a day, by default the last complete one; `kind` may be a family such as `data`."""
        from duoshou.app.daily import findings_of

        return findings_of(self, day, kind=kind, shop=shop)

    def report(
        self,
        kind: str,
        *,
        day: date | None = None,
        output: Path | None = None,
        language: Language | None = None,
        shop: str | None = None,
    ) -> Path:
        """Write a workbook and return its path.

        Raises:
            ReportError: If there is no such kind, or the file cannot be written.
        """
        from duoshou.app.daily import write_report

        return write_report(self, kind, day=day, output=output, language=language, shop=shop)

    def run_day(
        self, day: date | None = None, *, shop: str | None = None, progress: Progress | None = None
    ) -> DayReport:
        """Do the daily job: import the inbox, check the data, write the daily sheet of every shop.

        Args:
            day: Day to report; by default the last complete one of each shop.
            shop: Shop to report; the files of the inbox are imported for it too.
            progress: Called with what is being done and the share of the import, then of the shops, that is done.
        """
        from duoshou.app.daily import run_day

        return run_day(self, day, shop=shop, progress=progress)

    def checklist(self, day: date | None = None, *, shop: str | None = None, platform: str | None = None) -> Checklist:
        """Return which files to fetch on `day`, by default today.

        Args:
            day: The day on which files are fetched.
            shop: Only this shop.
            platform: Only this platform, whether or not it is in use.

        Raises:
            ChecklistError: If no layout is of the platform.
        """
        from duoshou.app.checklist import checklist

        return checklist(self, day, shop=shop, platform=platform)

    def targets(
        self, month: date | None = None, as_of: date | None = None, *, shop: str | None = None
    ) -> MonthProgress:
        """Return how far the targets of a month are reached, and where the month is likely to end.

        Args:
            month: Any day of the month; by default that of `as_of`.
            as_of: Last day that counts; by default the last complete one.
            shop: Only this shop.
        """
        from duoshou.app.targets import progress

        return progress(self, month, as_of, shop=shop)

    def draft_mapping(self, file: Path) -> str:
        """Return a mapping for an unknown file, to be mended and used with `import --map`."""
        from duoshou.sources import draft_mapping

        return draft_mapping(file)

    def rebuild(self) -> Rebuilt:
        """Make the warehouse again from the archive."""
        from duoshou.warehouse import rebuild

        self._close_engine()
        done = rebuild(self.store)
        return Rebuilt(done.files, done.rows)

    def undo(self, batch: str | None = None) -> Undone:
        """Take back one import, by default the latest."""
        from duoshou.warehouse import undo

        self._close_engine()
        done = undo(self.store, batch)
        return Undone(done.batch_id, done.files)

    def back_up(self, path: Path, *, force: bool = False, originals: bool = False) -> BackedUp:
        """Write state, archive, settings and keys into one file; `duoshou.app.backup.restore` is the way back.

        Args:
            path: The file to write.
            force: Whether a file that is there is replaced.
            originals: Whether the imported originals go in too.

        Raises:
            BackupError: If the file is there already or cannot be written.
        """
        from duoshou.app.backup import back_up

        return back_up(self, path, force=force, originals=originals)

    def metrics(self, key: str | None = None) -> list[Metric]:
        """Return the metrics of the catalogue, or the one called `key`."""
        return [self.catalogue.metric(key)] if key else list(self.catalogue.metrics.values())

    def sql(self, text: str, limit: int | None = None) -> pa.Table:
        """Return the rows of one read-only statement over the current snapshot."""
        from duoshou.engine.guarded import run_sql

        return run_sql(self.store.snapshot(), text, limit=limit, memory_limit=self.settings.engine.memory_limit)

    def doctor(self) -> list[Check]:
        """Return the checks of the installation and of the workspace."""
        from duoshou.app.health import doctor

        return doctor(self)
