"""协同 → 需求单: what a designer needs to do a task; read, edited, handed over as a document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from duoshou.app.loop.briefs import kept_or_drafted, save_brief
from duoshou.app.pages import typed
from duoshou.app.pages.addresses import checked_day
from duoshou.loop.brief import BAR, Brief, Picture, lines_of, points_of
from duoshou.loop.errors import TaskRefused
from duoshou.loop.task import Task
from duoshou.loop.tasks import task_story
from duoshou.model import Language, Text

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench

DEADLINE = Text("截止", "Deadline")


@dataclass(frozen=True, slots=True)
class BriefPage:
    """The brief of a task.

    Attributes:
        task: The task.
        brief: As it was written last, or a draft from the data.
    """

    task: Task
    brief: Brief

    @property
    def version(self) -> str:
        """What tells this writing of it from the next; empty for a draft."""
        return "" if self.brief.written_at is None else self.brief.written_at.isoformat()

    @property
    def fields(self) -> dict[str, str]:
        """Its parts as they are edited: one statement a line."""
        one = self.brief
        return {
            "title": one.title,
            "goal": one.goal,
            "deadline": one.deadline.isoformat(),
            "points": lines_of(one.points),
            "now": lines_of(one.now),
            "audience": lines_of(one.audience),
            "do": "\n".join(one.do),
            "dont": "\n".join(one.dont),
            "pictures": "\n".join(BAR.join((own.name, own.pixels, own.note)).rstrip(BAR) for own in one.pictures),
            "unknown": "\n".join(one.unknown),
            "notes": one.notes,
        }

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        return {"task": self.task.id, "is_draft": not self.version, "version": self.version, **self.brief.to_dict()}


def brief_page(workbench: Workbench, number: int, shop: str | None) -> BriefPage:
    """Return the brief of a task.

    Raises:
        UnknownTask: If the shop has no such task.
    """
    key = workbench.shop_key(shop)
    task, _ = task_story(workbench.state, key, number)
    return BriefPage(task, kept_or_drafted(workbench, key, number))


def write_typed_brief(
    workbench: Workbench, number: int, shop: str | None, form: Mapping[str, str], *, by: str
) -> Brief:
    """Keep the brief of a form, unless somebody wrote it after it was shown.

    Raises:
        UnknownTask: If the shop has no such task.
        SettingsError: If the deadline cannot be read.
        TaskRefused: If it has no title or goal, is too long, or was written meanwhile.
    """
    found = brief_page(workbench, number, shop)
    if form.get("version", "") != found.version:
        raise TaskRefused(
            "brief_changed",
            Text(
                f"需求单刚被 {found.brief.written_by} 改过，没有覆盖",
                f"{found.brief.written_by} changed the brief meanwhile; nothing is overwritten",
            ),
            hint=Text("看看新的内容，再改一次", "look at it as it is now, and change it again"),
        )
    day = typed.day(DEADLINE, form.get("deadline", "").strip()) or found.brief.deadline
    return save_brief(workbench, workbench.shop_key(shop), number, _brief(found.brief, form, checked_day(day)), by=by)


def brief_document_of(workbench: Workbench, number: int, shop: str | None, language: Language) -> bytes:
    """Return the brief of a task as the bytes of a document to hand over.

    Raises:
        UnknownTask: If the shop has no such task.
    """
    from duoshou.reports.brief import brief_document_bytes

    brief = brief_page(workbench, number, shop).brief
    title = workbench.settings.shop(workbench.shop_key(shop)).title
    return brief_document_bytes(brief, shop=title, number=number, language=language)


def _brief(former: Brief, form: Mapping[str, str], deadline: date) -> Brief:
    """Return what the form says; a part that it does not hold stays."""
    told = {name: form[name].replace("\r\n", "\n") for name in form}
    changes: dict[str, Any] = {name: read(told[name]) for name, read in PARTS.items() if name in told}
    return replace(former, deadline=deadline, **changes)


def _pictures(text: str) -> tuple[Picture, ...]:
    return tuple(map(_picture, _lines(text)))


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.split("\n") if line.strip())


def _picture(line: str) -> Picture:
    name, _, rest = line.replace("|", BAR).partition(BAR)
    pixels, _, note = rest.partition(BAR)
    return Picture(name.strip(), pixels.strip(), note.strip())


PARTS: dict[str, Callable[[str], object]] = {
    "title": str.strip,
    "goal": str.strip,
    "points": points_of,
    "now": points_of,
    "audience": points_of,
    "do": _lines,
    "dont": _lines,
    "pictures": _pictures,
    "unknown": _lines,
    "notes": str.strip,
}
"""Part of a brief → what reads it."""
