"""Files → warehouse: recognise, archive, load. What goes wrong with one file does not stop the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import msgspec

from duoshou.model import DuoshouError, Place, Text
from duoshou.sources import Layouts, Reading, latest_instant, parse_layout, recognise, totals, write_raw
from duoshou.warehouse.archive import Entry
from duoshou.warehouse.batches import batch_time
from duoshou.warehouse.conformity import conformity
from duoshou.warehouse.errors import WarehouseError
from duoshou.warehouse.load import LoadFailed, load_entry, unchanged_result, unloadable
from duoshou.warehouse.results import NOT_USED_YET, FileResult, Problem
from duoshou.warehouse.session import Session

FileProgress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What holds for every file of an import.

    Attributes:
        layouts: Layouts to choose from.
        secret: Key with which buyers are hashed.
        shop: Key of the shop that the files belong to.
        timezone: Time zone of the shop.
        currency: Currency of amounts where the layout names none.
        layout_key: Take this layout and no other.
        mapping: TOML text of the user's own mapping, which is then the layout.
        mends: The archived table of which the files mend rows: they count as exported just after it, and of its
            period where they tell none.
    """

    layouts: Layouts
    secret: bytes
    shop: str
    timezone: str
    currency: str
    layout_key: str | None = None
    mapping: str | None = None
    mends: Entry | None = None


@dataclass(slots=True)
class _Prepared:
    """One recognised table with its raw cells, ready for the archive."""

    entry: Entry
    raw: Path | None
    result: FileResult


def import_paths(
    session: Session, paths: Sequence[Path], options: ImportOptions, progress: FileProgress | None = None
) -> list[FileResult]:
    """Import `paths` into `session` and return one result for each table found, in the order of `paths`.

    Nothing counts until the session is published. Whatever order the files come in, the tables become the same.

    Args:
        session: What `Store.writer` gives.
        paths: Files as the platforms export them.
        options: What holds for all of them.
        progress: Called before each file is read, with how many are done, how many there are, and its name.
    """
    if options.mapping is not None:
        layout = parse_layout(options.mapping, file="mapping", known=options.layouts)
        options = replace(options, layouts=options.layouts + layout, layout_key=layout.key)
    prepared: list[_Prepared] = []
    results: list[FileResult] = []
    for number, path in enumerate(paths):
        if progress is not None:
            progress(number, len(paths), path.name)
        for one in _prepare(session, path, options, len(prepared)):
            results.append(one if isinstance(one, FileResult) else one.result)
            if isinstance(one, _Prepared):
                prepared.append(one)
    for one in sorted(prepared, key=lambda one: one.entry.position):
        _load(session, one)
    return results


def _prepare(session: Session, path: Path, options: ImportOptions, arrival: int) -> list[_Prepared | FileResult]:
    try:
        readings = recognise(path, layouts=options.layouts, layout_key=options.layout_key, timezone=options.timezone)
    except DuoshouError as error:
        return [_failed(FileResult(path.name), error)]
    except OSError as error:
        return [_failed(FileResult(path.name), _unreadable(path, error))]
    found: list[_Prepared | FileResult] = []
    for number, found_reading in enumerate(readings, start=arrival + 1):
        reading = _of_period(found_reading, options.mends)
        result = FileResult(
            reading.file,
            reading.layout.key,
            batch_id=session.batch_id,
            sheet=reading.sheet,
            content_hash=reading.content_hash,
        )
        try:
            found.append(_prepare_table(session, reading, options, number, result))
        except DuoshouError as error:
            found.append(_failed(result, error))
        except duckdb.Error as error:
            found.append(_failed(result, unloadable(reading.place(), error)))
        except OSError as error:
            found.append(_failed(result, _unreadable(path, error)))
    return found


def _prepare_table(
    session: Session, reading: Reading, options: ImportOptions, arrival: int, result: FileResult
) -> _Prepared:
    entry = _entry(session, reading, options, arrival)
    if session.holds(entry.name):
        return _Prepared(entry, None, result)
    _require_fit(reading)
    if not reading.layout.table:
        result.problems.add(_not_used_yet(reading))
    scratch = session.scratch
    raw = session.staging / f"{entry.name}.parquet"
    described = write_raw(scratch, reading, raw, secret=options.secret)
    for reject in described.rejects:
        result.problems.add(Problem(reject.code, reject.message, reading.sheet, reject.row))
    exported_at = reading.exported_at or latest_instant(
        scratch,
        reading.layout,
        raw,
        reading.headers,
        options.timezone,
        hint=reading.period_hint,
        imported_at=entry.arrived_at,
    )
    result.totals_check = totals(scratch, reading, raw)
    if result.totals_check is not None and not result.totals_check.agrees:
        result.problems.add(_totals_differ(reading.sheet))
    return _Prepared(_completed(entry, described.rows, _after(exported_at, options.mends)), raw, result)


def _of_period(reading: Reading, mended: Entry | None) -> Reading:
    """Return a reading of mended rows, of the period of the table that they mend where they tell none."""
    if mended is None or reading.period_hint is not None or mended.period_hint is None:
        return reading
    return replace(reading, period_hint=mended.period_hint)


def _after(exported_at: datetime | None, mended: Entry | None) -> datetime | None:
    """Return when mended rows were exported: after the table that they mend, or its rejected rows would win."""
    if mended is None:
        return exported_at
    earliest = mended.exported_at + timedelta(seconds=1)
    return max(exported_at or earliest, earliest)


def _require_fit(reading: Reading) -> None:
    faults = conformity(reading.layout)
    if faults:
        raise WarehouseError(
            "layout_misfit",
            Text(f"版式与数据表不符：{faults[0]}", f"the layout does not fit the tables: {faults[0]}"),
            hint=Text("改正映射或版式的 [table.columns]", "correct [table.columns] of the mapping or layout"),
            place=reading.place(),
        )


def _load(session: Session, one: _Prepared) -> None:
    if one.raw is None or session.holds(one.entry.name):
        _already(session, one)
        return
    session.admit(one.entry, one.raw)
    try:
        load_entry(session, one.entry, one.result)
    except LoadFailed as failure:
        session.dismiss(one.entry)
        _failed(one.result, failure.error)


def _already(session: Session, one: _Prepared) -> None:
    held = session.held(one.entry)
    unchanged_result(session, held, one.result)
    if (held.layout, held.shop) != (one.entry.layout, one.entry.shop):
        message = Text(
            f"内容与批次 {held.batch_id} 相同，当时按版式“{held.layout}”导入店铺“{held.shop}”；要改，请先撤销该批次",
            f"the same content came with batch {held.batch_id} as layout {held.layout!r} for shop {held.shop!r}; "
            "undo that batch first to change this",
        )
        one.result.problems.add(Problem("imported_otherwise", message, one.result.sheet))


def _entry(session: Session, reading: Reading, options: ImportOptions, arrival: int) -> Entry:
    moment = batch_time(session.batch_id)
    return Entry(
        content_hash=reading.content_hash,
        part=reading.part,
        layout=reading.layout.key,
        layout_digest=reading.layout.digest,
        mapping=options.mapping,
        file=reading.file,
        sheet=reading.sheet,
        headers=reading.headers,
        first_row=reading.first_row,
        rows=0,
        exported_at=moment,
        shop=options.shop,
        platform=reading.layout.platform,
        currency=reading.currency or options.currency,
        timezone=options.timezone,
        batch_id=session.batch_id,
        arrival=arrival,
        arrived_at=moment,
        period_hint=reading.period_hint,
        mends=options.mends.name if options.mends else None,
    )


def _completed(entry: Entry, rows: int, exported_at: datetime | None) -> Entry:
    """Return `entry` with what only its cells tell; without any time in the file, it was exported when it came."""
    return msgspec.structs.replace(entry, rows=rows, exported_at=exported_at or entry.exported_at)


def _failed(result: FileResult, error: DuoshouError) -> FileResult:
    result.error = error
    place = error.place
    result.problems.add(Problem(error.code, error.message, place.sheet, place.row, place.column))
    return result


def _unreadable(path: Path, error: OSError) -> WarehouseError:
    return WarehouseError(
        "cannot_read",
        Text(f"无法读取文件：{error.strerror or error}", f"the file cannot be read: {error.strerror or error}"),
        hint=Text("检查文件是否存在、是否被别的程序占用", "check that it exists and that no other program holds it"),
        place=Place(file=str(path)),
    )


def _not_used_yet(reading: Reading) -> Problem:
    title = reading.layout.title
    message = Text(
        f"认得这份「{title.zh}」，这个版本还用不上它的数据；已去掉个人信息存档，以后的版本会用上",
        f"this is “{title.en}”; this version does not use it yet. It is archived without personal data, "
        "so that a later version can",
    )
    return Problem(NOT_USED_YET, message, reading.sheet)


def _totals_differ(sheet: str | None) -> Problem:
    message = Text(
        "合计行与明细之和不一致，文件可能不完整",
        "the total row differs from the sum of the detail: the file may be incomplete",
    )
    return Problem("totals_differ", message, sheet)
