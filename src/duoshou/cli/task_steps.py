"""What a person does with one task on the command line, for `duoshou task` and its short forms."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from duoshou.cli.people_text import whoever_types
from duoshou.cli.session import Session
from duoshou.cli.streams import write_json
from duoshou.cli.task_text import task_shape, task_text

if TYPE_CHECKING:
    from duoshou.loop.task import Task

BY = "duoshou task"


def shop_of(session: Session) -> str:
    """Return the key of the shop that is meant."""
    return session.workbench.settings.shop(session.shop).key


def owner_named(session: Session, login: str | None) -> int | None:
    """Return the number of whoever has a login; None where none is given.

    Raises:
        UnknownPerson: If there is nobody with this login.
    """
    if login is None:
        return None

    from duoshou.access import person_named

    return person_named(session.workbench.state, login).id


def accept(session: Session, number: int, login: str | None, note: str) -> Task:
    """Take a task on, for whoever has the login."""
    from duoshou.loop.tasks import accept

    bench = session.workbench
    return accept(
        bench.state, shop_of(session), number, by=whoever_types(BY), owner=owner_named(session, login), note=note
    )


def finish(
    session: Session, number: int, on: date | None, note: str, kind: str | None, before: str, after: str
) -> Task:
    """Say that a task is done, by default since today, and record the change that it made."""
    from duoshou.app.loop.tasks import finish_task, today_of

    bench = session.workbench
    return finish_task(
        bench,
        shop_of(session),
        number,
        on=on or today_of(bench),
        by=whoever_types(BY),
        note=note,
        kind=kind,
        before=before,
        after=after,
    )


def decline(session: Session, number: int, reason: str) -> Task:
    """Decline a task for a reason."""
    from duoshou.loop.tasks import decline_task

    return decline_task(session.workbench.state, shop_of(session), number, reason=reason, by=whoever_types(BY))


def begin(session: Session, number: int, note: str) -> Task:
    """Say that a task is being done."""
    from duoshou.loop.tasks import begin

    return begin(session.workbench.state, shop_of(session), number, by=whoever_types(BY), note=note)


def reopen(session: Session, number: int, note: str) -> Task:
    """Propose a declined task again."""
    from duoshou.loop.tasks import propose_again

    return propose_again(session.workbench.state, shop_of(session), number, by=whoever_types(BY), note=note)


def show(session: Session, number: int, as_json: bool) -> None:
    """Write a task and its steps."""
    from duoshou.app.loop.tasks import today_of
    from duoshou.loop.tasks import task_story

    task, steps = task_story(session.workbench.state, shop_of(session), number)
    today = today_of(session.workbench)
    if as_json:
        from duoshou.model import plain

        write_json({"schema_version": 1, "task": task_shape(task, today), "steps": [plain(one) for one in steps]})
    else:
        click.echo(task_text(task, steps, today, session))
