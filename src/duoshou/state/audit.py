"""The audit log: whatever a session writes is noted in the same transaction, or is refused.

A column that is marked so stays out of it: what proves who somebody is never enters a log, and when something was last
used is no decision of anybody. A table that is marked so is no matter of the log at all.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, event, insert, inspect
from sqlalchemy.orm import Mapper, ORMExecuteState, Session, UOWTransaction

from duoshou.model import plain
from duoshou.state.base import Base
from duoshou.state.models import Audit

ACTOR = "actor"
MOMENT = "moment"

Entry = dict[str, Any]


class AuditedSession(Session):
    """A session whose every write is in the audit log; one that knows no actor writes nothing.

    Rows are written one object at a time. A statement that changes many rows at once would pass the log by and is
    refused, but for a table that is no matter of the log.
    """


@event.listens_for(AuditedSession, "do_orm_execute")
def _refuse_statements(state: ORMExecuteState) -> None:
    if (state.is_insert or state.is_update or state.is_delete) and not _may_pass_by(state):
        raise RuntimeError("write through objects: a statement would pass the audit log by")


def _may_pass_by(state: ORMExecuteState) -> bool:
    mapper = state.bind_mapper
    return mapper is not None and _is_unlogged(mapper) and bool(state.session.info.get(ACTOR))


def _is_unlogged(mapper: Mapper[Any]) -> bool:
    return cast("Table", mapper.local_table).info.get("audit") == "unlogged"


@event.listens_for(AuditedSession, "before_flush")
def _refuse_unsigned(session: Session, _context: UOWTransaction, _instances: object) -> None:
    if not (session.new or session.deleted or any(session.is_modified(one) for one in session.dirty)):
        return
    if not session.info.get(ACTOR):
        raise RuntimeError("a session that reads wrote something")
    if any(isinstance(one, Audit) for one in (*session.new, *session.dirty, *session.deleted)):
        raise RuntimeError("the audit log writes itself")


@event.listens_for(AuditedSession, "after_flush")
def _note(session: Session, _context: UOWTransaction) -> None:
    # Until the flush ends, the session still tells new objects from changed ones, and what they were before.
    noted = [
        *(entry for one in session.new for entry in _entries("insert", one)),
        *(entry for one in session.dirty for entry in _entries("update", one)),
        *(entry for one in session.deleted for entry in _entries("delete", one)),
    ]
    if noted:
        moment: datetime = session.info[MOMENT]
        signed = {"actor": session.info[ACTOR], "at": moment}
        noted.sort(key=lambda entry: (entry["entity"], json.dumps(entry["key"], sort_keys=True)))
        session.connection().execute(insert(cast("Table", Audit.__table__)), [{**entry, **signed} for entry in noted])


def note(
    session: AuditedSession,
    entity: str,
    *,
    action: str,
    key: dict[str, Any],
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
) -> None:
    """Note a write of the session's actor to something that is no table, such as a file of settings.

    Args:
        session: A session that writes.
        entity: What is written.
        action: `insert`, `update` or `delete`.
        key: Which part of it.
        before: What it was, without any secret; None for an insert.
        after: What it is, without any secret; None for a delete.
    """
    if not session.info.get(ACTOR):
        raise RuntimeError("a session that reads noted a write")
    entry = {"action": action, "entity": entity, "key": key, "before": before, "after": after}
    signed = {"actor": session.info[ACTOR], "at": session.info[MOMENT]}
    session.connection().execute(insert(cast("Table", Audit.__table__)), [{**entry, **signed}])


def _entries(action: str, one: Base) -> Iterator[Entry]:
    """Yield the entry for an object; none where nothing of it changed."""
    state = inspect(one)
    mapper: Mapper[Any] = state.mapper
    if _is_unlogged(mapper):
        return
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for attribute in mapper.column_attrs:
        column, history = attribute.columns[0], state.attrs[attribute.key].history
        present, how = getattr(one, attribute.key), column.info.get("audit")
        if how == "omit" or (action == "update" and not history.has_changes()):
            continue
        if action != "insert":
            former = history.deleted[0] if history.deleted else present
            before[attribute.key] = _digest(former) if how == "digest" else plain(former)
        if action != "delete":
            after[attribute.key] = plain(present) if how is None else _digest(present)
    if not before and not after:
        return
    key = {name: plain(getattr(one, name)) for name in _key_names(mapper)}
    yield {
        "action": action,
        "entity": one.__tablename__,
        "key": key,
        "before": None if action == "insert" else before,
        "after": None if action == "delete" else after,
    }


def _key_names(mapper: Mapper[Any]) -> list[str]:
    return [mapper.get_property_by_column(column).key for column in mapper.primary_key]


def _digest(content: object) -> str:
    """Return the SHA-256 of JSON, for what the tables themselves hold whole."""
    text = json.dumps(content, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()
