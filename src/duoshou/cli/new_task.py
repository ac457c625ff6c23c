"""A task as the options of `duoshou task new` describe it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from duoshou.cli.failures import UsageFailure
from duoshou.cli.people_text import whoever_types
from duoshou.cli.session import Session
from duoshou.cli.task_steps import BY, owner_named, shop_of
from duoshou.model import Role, Text

if TYPE_CHECKING:
    from duoshou.loop.task import Expected

EXPECTATION = ("metric", "change", "by")
MANDATORY = ("title", "subject", "role", "due", *EXPECTATION)
DIRECT = {"title": "title", "detail": "detail", "due": "due_on", "guards": "guards", "effort": "effort"}
"""Options that go into a task as they are, by its field."""


def write_new_task(session: Session, options: Mapping[str, Any]) -> int:
    """Write a task down and return its number.

    Raises:
        UsageFailure: If something mandatory is missing.
    """
    return _by_hand(session, options) if options["finding"] is None else _of_finding(session, options)


def _of_finding(session: Session, options: Mapping[str, Any]) -> int:
    from duoshou.app.loop.advice import task_from_finding

    given = [name for name in EXPECTATION if options[name] is not None]
    if given and len(given) < len(EXPECTATION):
        raise _incomplete([name for name in EXPECTATION if options[name] is None])
    return task_from_finding(
        session.workbench,
        options["finding"],
        shop_of(session),
        by=whoever_types(BY),
        owner=owner_named(session, options["owner"]),
        recommendation=(options["recommendation"] or 1) - 1,
        **_fields(session, options),
    ).id


def _by_hand(session: Session, options: Mapping[str, Any]) -> int:
    from duoshou.app.loop.tasks import write_task
    from duoshou.loop.task import NewTask

    missing = [name for name in MANDATORY if options[name] is None]
    if missing:
        raise _incomplete(missing)
    new = NewTask(**_fields(session, options), owner=owner_named(session, options["owner"]))
    return write_task(session.workbench, shop_of(session), new, by=whoever_types(BY)).id


def _fields(session: Session, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a task that the options give."""
    found = {field: options[name] for name, field in DIRECT.items() if options[name]}
    if options["kind"] is not None:
        found["change_kind"] = options["kind"]
    if options["role"] is not None:
        found["owner_role"] = Role(options["role"])
    if options["subject"] is not None:
        from duoshou.app.loop.subjects import named_subject

        found["subject"] = named_subject(session.workbench, shop_of(session), *options["subject"])
    if options["metric"] is not None:
        found["expected"] = _expected(options)
    return found


def _expected(options: Mapping[str, Any]) -> Expected:
    from duoshou.loop.task import Expected

    return Expected(options["metric"], options["change"], options["by"])


def _incomplete(missing: list[str]) -> UsageFailure:
    named = [f"--{name}" for name in missing]
    return UsageFailure(
        "task_incomplete",
        Text(f"任务还缺：{'、'.join(named)}", f"the task lacks {', '.join(named)}"),
        hint=Text(
            "任务要写明做什么、给谁、到期日，和预期哪个指标哪天前变多少；或用 --finding 由发现起草",
            "a task says what, for whom, until when, and which metric should move how much by when; or use --finding",
        ),
    )
