"""Changes between people and data: what the data show is proposed, what people confirmed enters the warehouse."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from duoshou.app.loop.subjects import SHOP
from duoshou.loop.changes import (
    Change,
    Detected,
    NewChange,
    WantedChanges,
    change_of,
    list_changes,
    propose_detected,
)
from duoshou.loop.entering import PREFIX, entered, event_id, not_held, note_entered, numbers_in
from duoshou.model import DuoshouError, Period, Subject, Text

if TYPE_CHECKING:
    from duoshou.analysts.changes import SeenChange
    from duoshou.app.workbench import Workbench

READ = 120
"""Days of data in which changes are looked for: a former state must show in them too."""
NEWS = 60
"""Days up to which a change is proposed: an older one tells nobody anything, and no effect of it is asked for."""
NEARBY = timedelta(days=3)
"""A person's day of a change and that of the data differ by little: the first sale at a new price comes later."""
READING = Path(__file__).with_name("changes.toml")
HEADER = ("改动编号", "开始", "结束", "改动", "对象类型", "对象", "改前", "改后", "谁", "来源", "说明")
EVENTS = "event"


def detect_changes(workbench: Workbench, shop: str | None, *, until: date | None = None, by: str) -> int:
    """Propose the changes that the data show, and return how many are new.

    One that is known, whether it was proposed before or a person recorded it, is not proposed: known is the same kind
    of change of one of its subjects on a nearby day.

    Args:
        workbench: The workspace.
        shop: Key, name or alias of the shop; None: the default one.
        until: Last day of data that counts; by default the last complete one.
        by: Who asks, for the audit log.
    """
    from duoshou.analysts.changes import seen_changes

    settings = workbench.settings
    key = settings.shop(shop).key
    last = until or workbench.last_complete_day(key)
    period = Period(last - timedelta(days=READ - 1), last)
    seen = seen_changes(workbench.backend(), period, key if len(settings.shops) > 1 else None)
    recent = [one for one in seen if one.day > last - timedelta(days=NEWS)]
    if not recent:
        return 0
    first = min(one.last_before for one in recent) - NEARBY
    known = _known(workbench, key, first, last + NEARBY)
    fresh = [one for one in recent if not _is_known(one, known)]
    if not fresh:
        return 0
    names = _names(workbench, fresh)
    found = [Detected(one.key, _proposed(workbench, key, one, names)) for one in fresh]
    return propose_detected(workbench.state, key, found, by=by)


def enter_changes(workbench: Workbench, shop: str | None, *, by: str) -> int:
    """Put the confirmed changes that the warehouse lacks into it, through the archive, and return how many.

    What the warehouse holds is read from it: a change whose import was taken back is lacking again. Where the engine
    only reads, nothing enters.

    Raises:
        WarehouseLocked: If another process keeps writing.
    """
    key, state = workbench.settings.shop(shop).key, workbench.state
    noted = entered(state, key)
    if not noted or workbench.settings.engine.kind != "duckdb":
        return 0
    events = held_events(workbench, key)
    there = numbers_in(events)
    doubtful = [change_of(state, key, one) for one, is_noted in noted.items() if not is_noted or one not in there]
    lacking = not_held(doubtful, events)
    if lacking:
        _import(workbench, key, lacking)
    left = {one.id for one in not_held(lacking, held_events(workbench, key))} if lacking else set()
    note_entered(state, key, {one.id: one.id not in left for one in doubtful}, by=by)
    if left:
        raise DuoshouError(
            "changes_not_entered",
            Text(f"有 {len(left)} 条改动没能进仓库", f"{len(left)} changes did not enter the warehouse"),
            hint=Text("运行 duoshou doctor", "run duoshou doctor"),
        )
    return len(lacking)


def held_events(workbench: Workbench, shop: str) -> frozenset[str]:
    """Return the ids of the confirmed changes that the warehouse holds as events."""
    backend = workbench.backend()
    if not backend.has_table(EVENTS):
        return frozenset()
    events: Any = backend.table(EVENTS)
    found = events.filter(events["shop"] == shop, events["event_id"].startswith(PREFIX)).select("event_id")
    return frozenset(backend.execute(found).column("event_id").to_pylist())


def _known(workbench: Workbench, shop: str, first: date, last: date) -> list[Change]:
    wanted = WantedChanges(first=first, last=last)
    found: list[Change] = []
    while True:
        page, total = list_changes(workbench.state, shop, wanted, limit=1000, offset=len(found))
        found += page
        if not page or len(found) >= total:
            return found


def _is_known(one: SeenChange, known: Sequence[Change]) -> bool:
    """Return whether a change is known by a nearby day, or by a day on which nothing could be seen of it."""
    # The shop is told with an empty id; a shop-wide change is known by its products.
    subjects = {id_ for _, id_ in one.subjects if id_}
    return any(
        each.what.kind == one.kind
        and min(one.last_before, one.day - NEARBY) <= each.what.on <= one.day + NEARBY
        and subjects & {subject.id for subject in each.what.subjects}
        for each in known
    )


def _names(workbench: Workbench, seen: Sequence[SeenChange]) -> dict[tuple[str, str], str]:
    """Return the readable names of everything that changed, each type asked for once."""
    from duoshou.reports.names import names_from

    named = names_from(workbench.backend(), workbench.catalogue)
    asked: dict[str, set[str]] = {}
    for type_, id_ in (subject for one in seen for subject in one.subjects):
        if type_ in workbench.catalogue.dimensions:
            asked.setdefault(type_, set()).add(id_)
    return {(type_, id_): name for type_, ids in asked.items() for id_, name in named(type_, sorted(ids)).items()}


def _proposed(workbench: Workbench, shop: str, one: SeenChange, names: dict[tuple[str, str], str]) -> NewChange:
    language, title = workbench.settings.language, workbench.settings.shop(shop).title
    subjects = tuple(
        Subject(SHOP, shop, title) if type_ == SHOP else Subject(type_, id_, names.get((type_, id_), id_))
        for type_, id_ in one.subjects
    )
    before, after, note = (each.in_language(language) for each in (one.before, one.after, one.note))
    return NewChange(one.kind, one.day, subjects, before, after, note=note)


def _import(workbench: Workbench, shop: str, changes: Collection[Change]) -> None:
    """Import changes like any file, from outside the workspace."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(HEADER)
    table.writerows(row for one in changes for row in _rows(one))
    with tempfile.TemporaryDirectory(prefix="duoshou-") as folder:
        path = Path(folder) / f"changes-{shop_name(shop)}-{min(one.id for one in changes)}.csv"
        path.write_text(text.getvalue(), encoding="utf-8-sig", newline="")
        workbench.import_files([path], mapping=READING, shop=shop)


def shop_name(shop: str) -> str:
    """Return the key of a shop as a part of a file name."""
    return "".join(letter if letter.isalnum() else "_" for letter in shop)


def _rows(change: Change) -> Iterator[tuple[str, ...]]:
    what = change.what
    ended = "" if what.until is None else f"{what.until} 23:59:59"
    told = (what.before, what.after, change.recorded_by, change.origin.value, what.note)
    for subject in what.subjects:
        place = (subject.type, subject.id)
        yield (event_id(change, subject), f"{what.on} 00:00:00", ended, what.kind, *place, *told)
