"""Sheets and columns that a workspace adds to its books, in `sheets.toml`."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from duoshou.metrics import Catalogue, MetricError
from duoshou.model import DuoshouError, Grain, InvalidPeriod, Period, Place, Text
from duoshou.reports.errors import ReportError
from duoshou.settings.lines import key_lines

Kind = Literal["daily", "weekly", "summary"]
BOOKS: tuple[Kind, ...] = ("weekly", "summary")
_PATH = re.compile(r"\$\.(?P<table>\w+)\[(?P<number>\d+)\](?:\.(?P<key>\w+))?")
_LINE = re.compile(r"at line (\d+)")
_SOME_DAY = date(2000, 1, 1)


class OwnSheet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One table of metrics on a sheet of its own.

    Attributes:
        title: Name of the sheet.
        metrics: Metrics, a column each.
        by: Dimensions of the rows.
        grain: Length of the buckets that the rows are split into; None: one value for the period.
        last: Length of the period up to the day of the book, such as `30d`; None: the period of the book.
        rows: Most rows.
        books: Books that get the sheet.
    """

    title: Annotated[str, msgspec.Meta(min_length=1, max_length=31, pattern=r"^[^\[\]:*?/\\]+$")]
    metrics: Annotated[tuple[str, ...], msgspec.Meta(min_length=1, max_length=30)]
    by: tuple[str, ...] = ()
    grain: Grain | None = None
    last: str | None = None
    rows: Annotated[int, msgspec.Meta(ge=1, le=10_000)] = 100
    books: tuple[Kind, ...] = BOOKS


class OwnColumn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One more column of the monthly summary."""

    metric: str


class OwnSheets(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What `sheets.toml` says."""

    sheet: tuple[OwnSheet, ...] = ()
    column: tuple[OwnColumn, ...] = ()

    def of(self, kind: Kind) -> list[OwnSheet]:
        """Return the sheets of one book."""
        return [one for one in self.sheet if kind in one.books]


def load_own(path: Path, catalogue: Catalogue) -> OwnSheets:
    """Return the sheets and columns of the file `path`, every name resolved to its key; none where there is no file.

    Raises:
        ReportError: If something in it cannot be meant; the error names the line.
    """
    if not path.is_file():
        return OwnSheets()
    try:
        text = path.read_text(encoding="utf-8-sig")
        own = msgspec.convert(tomllib.loads(text), OwnSheets)
    except UnicodeDecodeError as error:
        raise _wrong(path, None, Text("不是 UTF-8 编码", "is not encoded in UTF-8")) from error
    except tomllib.TOMLDecodeError as error:
        line = _LINE.search(str(error))
        reason = Text(f"TOML 写法有误：{error}", f"is not valid TOML: {error}")
        raise _wrong(path, int(line[1]) if line else None, reason) from error
    except msgspec.ValidationError as error:
        place = _PATH.search(str(error))
        number = _line(text, place["table"], int(place["number"]), place["key"]) if place else None
        raise _wrong(path, number, Text(f"不合要求：{error}", f"cannot be meant: {error}")) from error
    return _resolved(path, text, own, catalogue)


def _resolved(path: Path, text: str, own: OwnSheets, catalogue: Catalogue) -> OwnSheets:
    sheets, titles = [], set()
    for number, sheet in enumerate(own.sheet):
        key = "metrics"
        try:
            metrics = tuple(catalogue.metric(name).key for name in sheet.metrics)
            key = "by"
            by = tuple(catalogue.dimension(name).key for name in sheet.by)
            key = "last"
            if sheet.last is not None:
                Period.last(sheet.last, _SOME_DAY)
        except (MetricError, InvalidPeriod) as error:
            raise _wrong(path, _line(text, "sheet", number, key), error.message, error) from error
        if sheet.title in titles:
            reason = Text(f"“{sheet.title}”写了两次", f"{sheet.title!r} is written twice")
            raise _wrong(path, _line(text, "sheet", number, "title"), reason)
        titles.add(sheet.title)
        sheets.append(msgspec.structs.replace(sheet, metrics=metrics, by=by))
    columns = []
    for number, column in enumerate(own.column):
        try:
            columns.append(OwnColumn(catalogue.metric(column.metric).key))
        except MetricError as error:
            raise _wrong(path, _line(text, "column", number, "metric"), error.message, error) from error
    return OwnSheets(tuple(sheets), tuple(columns))


def _line(text: str, table: str, number: int, key: str | None) -> int | None:
    """Return the line of a key in the n-th repetition of a table, or of the table's header."""
    lines = key_lines(text)
    headers = lines.get(table, [])
    if number >= len(headers):
        return None
    end = headers[number + 1] if number + 1 < len(headers) else len(text.splitlines()) + 1
    inside = (line for line in lines.get(f"{table}.{key}", []) if headers[number] < line < end)
    return next(inside, headers[number])


def _wrong(path: Path, line: int | None, reason: Text, cause: DuoshouError | None = None) -> ReportError:
    hint = cause.hint if cause is not None and cause.hint is not None else None
    return ReportError(
        "own_sheets_invalid",
        Text(f"{path.name} {reason.zh}", f"{path.name}: {reason.en}"),
        hint=hint or Text("写法见 docs/how-to/add-own-sheets.md", "docs/how-to/add-own-sheets.md shows the form"),
        place=Place(file=path.name, row=line),
    )
