"""Work that changes the warehouse: importing the inbox, and the daily job."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Annotated, Any

import anyio.from_thread
from mcp.server.mcpserver import Context
from pydantic import Field

from duoshou.access import JobOutcome, JobTrigger, Right, finish_job, start_job
from duoshou.app import Workbench, open_workbench
from duoshou.app.imports import Progress
from duoshou.assistant.answers import DayAnswer, ImportAnswer
from duoshou.assistant.bounds import part_of
from duoshou.assistant.caller import CALLER
from duoshou.assistant.offer import Day, Limit, Offer, Offset, ShopName, past_day
from duoshou.assistant.refusal import AssistantError
from duoshou.assistant.tools.findings import told_to_caller, without_evidence
from duoshou.gate import House
from duoshou.model import DuoshouError, Text
from duoshou.warehouse import FileResult


@dataclass
class RunningJob:
    """A job while it runs.

    Attributes:
        bench: Its own workbench.
        needs_person: Whether somebody should look.
        lines: What the log of jobs tells of it.
    """

    bench: Workbench
    needs_person: bool = False
    lines: list[Text] = field(default_factory=list)

    @property
    def outcome(self) -> JobOutcome:
        """How it ended."""
        return JobOutcome.NEEDS_PERSON if self.needs_person else JobOutcome.DONE


class JobTools:
    """Tools that do work; one job at a time, on a workbench of its own, so that readers go on."""

    def __init__(self, house: House) -> None:
        self.house = house
        self._busy = threading.Lock()

    def offers(self) -> list[Offer]:
        """Return them as they are offered."""
        return [
            Offer(
                self.import_inbox,
                Text("导入收件箱", "Import the inbox"),
                Text(
                    "把 inbox/ 里的文件导入仓库，逐个说明结果和被拒的行；同一文件导入多少次结果都一样。"
                    "dry_run 只看会怎样。",
                    "Import the files of inbox/ into the warehouse and say what became of each and which rows were "
                    "rejected; the same file again changes nothing. With dry_run it only says what would happen.",
                ),
                right=Right.IMPORT,
                writes=True,
            ),
            Offer(
                self.run_day,
                Text("每日任务", "The daily job"),
                Text(
                    "导入收件箱、检查数据、记下发现、生成日报；不推送消息。要几秒到几分钟。",
                    "Import the inbox, check the data, record the findings, write the daily sheet; no message is "
                    "pushed. Takes seconds to minutes.",
                ),
                right=Right.RUN_DAY,
                writes=True,
            ),
        ]

    def import_inbox(
        self,
        ctx: Context[Any, Any],
        dry_run: Annotated[bool, Field(description="只看会怎样，不写入 · only say what would happen")] = False,
        shop: ShopName = None,
        offset: Offset = 0,
        limit: Limit = 50,
    ) -> ImportAnswer:
        """Import the inbox."""
        with self._job("import", shop, is_noted=not dry_run) as job:
            report = job.bench.import_files(dry_run=dry_run, shop=shop, progress=_told(ctx))
            job.needs_person = report.needs_person
            job.lines = [_fate(one) for one in report.files]
        files, page = part_of(report.to_dict()["files"], offset, limit)
        return ImportAnswer(dry_run=report.dry_run, files=files, needs_person=report.needs_person, page=page)

    def run_day(
        self,
        ctx: Context[Any, Any],
        day: Annotated[
            Day | None,
            Field(description="哪一天，默认各店数据完整的最后一天 · the day, by default each shop's last complete one"),
        ] = None,
        shop: ShopName = None,
    ) -> DayAnswer:
        """Do the daily job."""
        CALLER.get().needs(Right.RUN_DAY, Right.IMPORT)
        past_day(day, self.house.settings.timezone)
        with self._job("day", shop) as job:
            report = job.bench.run_day(day, shop=shop, progress=_told(ctx))
            job.needs_person = report.needs_person
            job.lines = [*(_fate(one) for one in report.imported.files), _found(len(report.findings))]
        shape = report.to_dict()
        findings, page = part_of(
            [without_evidence(told_to_caller(one)) for one in report.findings], 0, 20, most_letters=20_000
        )
        files, _ = part_of(shape["import"]["files"], 0, 50, most_letters=10_000)
        fetch, _ = part_of(shape["checklist"], 0, 50, most_letters=10_000)
        return DayAnswer(
            date=shape["date"],
            imported_files=files,
            findings=findings,
            unjudged=shape["unjudged"],
            reports=[path.name for path in report.reports],
            shops=[one.to_dict() | {"report": None if one.report is None else one.report.name} for one in report.shops],
            fetch_next=fetch,
            needs_person=report.needs_person,
            page=page,
        )

    @contextmanager
    def _job(self, kind: str, shop: str | None, *, is_noted: bool = True) -> Iterator[RunningJob]:
        """Lend a workbench of its own to one job at a time, and note in the log of jobs how it ended."""
        if not self._busy.acquire(blocking=False):
            raise AssistantError(
                "job_running",
                Text("另一个任务正在运行", "another job is running"),
                hint=Text("等它结束再试", "try again when it has ended"),
            )
        try:
            key = self.house.settings.shop(shop).key if shop else None
            state, by = self.house.state, CALLER.get().signature
            number = start_job(state, kind, JobTrigger.PERSON, by=by, shop=key) if is_noted else None
            outcome, lines = JobOutcome.FAILED, []
            try:
                with open_workbench(self.house.workspace.directory) as bench:
                    job = RunningJob(bench)
                    yield job
                outcome, lines = job.outcome, job.lines
            except DuoshouError as error:
                lines = [error.message]
                raise
            finally:
                if number is not None:
                    finish_job(state, number, outcome, lines)
        finally:
            self._busy.release()


def _told(ctx: Context[Any, Any]) -> Progress:
    """Return what tells the client how far a job is, from the thread that works."""

    def progress(text: str, share: float) -> None:
        anyio.from_thread.run(ctx.report_progress, share, 1.0, text)

    return progress


def _fate(result: FileResult) -> Text:
    """Return a line about a file for the log of jobs."""
    if result.error is not None:
        return Text(f"{result.file}：{result.error.message.zh}", f"{result.file}: {result.error.message.en}")
    rows = result.main
    return Text(
        f"{result.file}：新增 {rows.new}，更新 {rows.updated}，未变 {rows.unchanged}，被拒 {rows.rejected}",
        f"{result.file}: {rows.new} new, {rows.updated} updated, {rows.unchanged} unchanged, {rows.rejected} rejected",
    )


def _found(number: int) -> Text:
    return Text(f"{number} 条发现", f"{number} findings")
