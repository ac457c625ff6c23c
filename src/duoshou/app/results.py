"""What the services answer, with the JSON shapes that the design fixes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from duoshou.model import Confidence, Finding, Language, Text

if TYPE_CHECKING:
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
    """The findings of one day, the gravest first."""

    day: date
    findings: tuple[Finding, ...]

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
        }


@dataclass(frozen=True, slots=True)
class DayReport:
    """What the daily job did.

    Attributes:
        day: The day that was reported.
        imported: What became of the inbox.
        findings: What deserves attention.
        reports: The workbooks that were written.
    """

    day: date
    imported: ImportReport
    findings: FindingList
    reports: tuple[Path, ...]

    @property
    def needs_person(self) -> bool:
        """Whether somebody should look: at a file, or at a fault in the data."""
        return self.imported.needs_person or self.findings.gaps

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object of the command `run`."""
        return {
            "schema_version": SCHEMA_VERSION,
            "date": self.day.isoformat(),
            "import": self.imported.to_dict(),
            "findings": self.findings.to_dict()["findings"],
            "reports": [str(path) for path in self.reports],
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
