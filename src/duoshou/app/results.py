"""What the services answer, with the JSON shapes that the design fixes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from duoshou.model import Confidence, Finding, Language, Text, Unjudged

if TYPE_CHECKING:
    from duoshou.app.checklist import Checklist
    from duoshou.app.loop.daily import LoopDay
    from duoshou.warehouse import FileResult

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of every file, in the order of the request.

    Attributes:
        files: One result for each table in each file.
        language: Language of the messages in the JSON.
        dry_run: Whether nothing was written.
    """

    files: tuple[FileResult, ...]
    language: Language = "zh"
    dry_run: bool = False

    @property
    def needs_person(self) -> bool:
        """Whether some file was not loaded or has rows or cells that could not be read."""
        return any(result.needs_person for result in self.files)

    @property
    def failed(self) -> bool:
        """Whether there were files and none of them could be loaded."""
        return bool(self.files) and all(result.error is not None for result in self.files)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape of the command `import`."""
        return {
            "schema_version": SCHEMA_VERSION,
            "dry_run": self.dry_run,
            "files": [result.to_dict(self.language) for result in self.files],
        }


@dataclass(frozen=True, slots=True)
class FindingList:
    """The findings of one day, the gravest first.

    Attributes:
        day: The day.
        findings: What was found.
        unjudged: What could not be judged, and why: that nothing was found of it means nothing.
    """

    day: date
    findings: tuple[Finding, ...]
    unjudged: tuple[Unjudged, ...] = ()

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def __len__(self) -> int:
        return len(self.findings)

    @property
    def gaps(self) -> bool:
        """Whether some finding says that the data are surely or likely faulty."""
        sure = (Confidence.CERTAIN, Confidence.LIKELY)
        return any(finding.kind.startswith("data.") and finding.confidence in sure for finding in self.findings)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape of the command `findings`."""
        return {
            "schema_version": SCHEMA_VERSION,
            "date": self.day.isoformat(),
            "findings": [finding.to_dict() for finding in self.findings],
            "unjudged": [one.to_dict() for one in self.unjudged],
        }


@dataclass(frozen=True, slots=True)
class ShopDay:
    """The day of one shop.

    Attributes:
        shop: Key of the shop; None where the workspace has only one.
        day: The day that was reported: the last complete one of the shop, unless one was asked for.
        has_data: Whether any row of the shop is of that day.
        report: The workbook; None for a shop that has no files at all.
    """

    shop: str | None
    day: date
    has_data: bool
    report: Path | None

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape of one shop's day."""
        return {
            "shop": self.shop,
            "date": self.day.isoformat(),
            "has_data": self.has_data,
            "report": None if self.report is None else str(self.report),
        }


@dataclass(frozen=True, slots=True)
class DayReport:
    """What the daily job did.

    Attributes:
        day: The day that was reported; of several shops the latest.
        imported: What became of the inbox.
        findings: What deserves attention.
        shops: The day of each shop.
        checklist: Which files to fetch next.
        loop: What was done for the closed loop of each shop.
    """

    day: date
    imported: ImportReport
    findings: FindingList
    shops: tuple[ShopDay, ...]
    checklist: Checklist
    loop: tuple[LoopDay, ...] = ()

    @property
    def reports(self) -> tuple[Path, ...]:
        """The workbooks that were written."""
        return tuple(one.report for one in self.shops if one.report is not None)

    @property
    def needs_person(self) -> bool:
        """Whether somebody should look: at a file, at a fault in the data, or at what the loop could not do."""
        return self.imported.needs_person or self.findings.gaps or any(one.problems for one in self.loop)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object of the command `run`."""
        return {
            "schema_version": SCHEMA_VERSION,
            "date": self.day.isoformat(),
            "import": self.imported.to_dict(),
            "findings": self.findings.to_dict()["findings"],
            "unjudged": self.findings.to_dict()["unjudged"],
            "reports": [str(path) for path in self.reports],
            "shops": [one.to_dict() for one in self.shops],
            "checklist": [item.to_dict(self.imported.language) for item in self.checklist.due],
            "loop": [one.to_dict() for one in self.loop],
        }


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild replayed."""

    files: int
    rows: int

    @property
    def text(self) -> Text:
        """One line for a person."""
        return Text(
            f"已用存档重建：{self.files} 个文件，{self.rows:,} 行",
            f"rebuilt from the archive: {self.files} files, {self.rows:,} rows",
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object of the command `rebuild`."""
        return {"schema_version": SCHEMA_VERSION, "files": self.files, "rows": self.rows}


@dataclass(frozen=True, slots=True)
class Undone:
    """What an undo took back."""

    batch: str
    files: tuple[str, ...]

    @property
    def text(self) -> Text:
        """One line for a person."""
        names = "、".join(self.files)
        return Text(
            f"已撤销导入 {self.batch}：{names}（原始文件仍在 imported/，存档移到 archive/undone/）",
            f"took back import {self.batch}: {', '.join(self.files)} (the originals stay in imported/, the archive's "
            "copies moved to archive/undone/)",
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object of the command `undo`."""
        return {"schema_version": SCHEMA_VERSION, "batch": self.batch, "files": list(self.files)}


@dataclass(frozen=True, slots=True)
class BackedUp:
    """A backup that was written.

    Attributes:
        path: The file.
        files: How many files of the workspace are in it.
        bytes: Length of the backup.
    """

    path: Path
    files: int
    bytes: int

    @property
    def text(self) -> Text:
        """A few lines for a person."""
        size = f"{self.bytes / (1 << 20):.1f} MiB"
        return Text(
            f"已备份：{self.path}（{self.files} 个文件，{size}）\n"
            "里面有密钥，请当作密码保管；还原用 duoshou backup --restore",
            f"backed up: {self.path} ({self.files} files, {size})\nit holds the secret key, keep it like a password; "
            "duoshou backup --restore brings it back",
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object of the command `backup`."""
        return {"schema_version": SCHEMA_VERSION, "file": str(self.path), "files": self.files, "bytes": self.bytes}


@dataclass(frozen=True, slots=True)
class Restored:
    """A workspace that was made from a backup.

    Attributes:
        directory: The workspace.
        files: How many files were brought back.
        rebuilt: What the rebuild replayed.
    """

    directory: Path
    files: int
    rebuilt: Rebuilt

    @property
    def text(self) -> Text:
        """A few lines for a person."""
        return Text(
            f"已还原到 {self.directory}（{self.files} 个文件，已逐个核对）\n{self.rebuilt.text.zh}",
            f"restored into {self.directory} ({self.files} files, each verified)\n{self.rebuilt.text.en}",
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object of the command `backup --restore`."""
        replayed = {"files": self.rebuilt.files, "rows": self.rebuilt.rows}
        return {
            "schema_version": SCHEMA_VERSION,
            "workspace": str(self.directory),
            "files": self.files,
            "rebuilt": replayed,
        }


class AskedDay(NamedTuple):
    """Whose figures are asked for, and up to when.

    Attributes:
        shop: Key of the shop.
        day: Last day that counts.
        today: Last day that the clock says is over.
    """

    shop: str
    day: date
    today: date
