"""What can go wrong while a report is written."""

from __future__ import annotations

from pathlib import Path

from duoshou.model import DuoshouError, Place, Text


class ReportError(DuoshouError):
    """A report that could not be made."""

    @classmethod
    def unwritable(cls, path: Path, error: OSError) -> ReportError:
        """Return the error of a workbook that cannot be written where it should."""
        reason = error.strerror or str(error)
        return cls(
            "report_unwritable",
            Text(f"无法写入报表：{reason}", f"the report cannot be written: {reason}"),
            hint=Text(
                "如果它正在 Excel 里打开，请先关闭；或用 -o 换一个文件名",
                "close it if a spreadsheet has it open, or choose another file with -o",
            ),
            place=Place(file=str(path)),
        )
