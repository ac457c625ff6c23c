"""Which files to fetch, in words."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from duoshou.cli.session import Session

if TYPE_CHECKING:
    from duoshou.app.checklist import Checklist, Item

MOST_OPTIONAL = 8
MOST_DUE = 5


def checklist_text(found: Checklist, session: Session, *, everything: bool = False) -> str:
    """Return the whole list, shop by shop."""
    from duoshou.app.checklist import RULES

    language = session.language
    if not found.items:
        return session.say(
            "还没有导入过文件。用 --platform 看某个平台的清单。",
            "No file has been imported yet. --platform shows the list of a platform.",
        )
    lines = [session.say(f"导出清单 · {found.day}", f"Files to fetch · {found.day}")]
    for shop, items in groupby(found.items, key=lambda item: item.shop):
        lines += ["", *_shop(found, shop, list(items), session, everything)]
    return "\n".join([*lines, "", RULES.in_language(language)])


def due_text(found: Checklist, session: Session) -> str:
    """Return the files that are to be fetched today, in a few lines; nothing where there are none."""
    if not found.due:
        return ""
    lines = [session.say(f"今天要下载 {len(found.due)} 个文件：", f"{len(found.due)} files to fetch today:")]
    for item in found.due[:MOST_DUE]:
        lines += _due(item, session, name_shop=True)
    ending = session.say("全部见 duoshou checklist", "all of them: duoshou checklist")
    return "\n".join([*lines, f"  {ending}"])


def _shop(found: Checklist, shop: str, items: list[Item], session: Session, everything: bool) -> list[str]:
    by_state = {state: list(group) for state, group in groupby(items, key=lambda item: item.state.value)}
    lines = [f"■ {shop}"]
    due = by_state.get("stale", [])
    if due:
        lines.append(session.say(f"要下载（{len(due)}）", f"To fetch ({len(due)})"))
        for item in due:
            lines += _due(item, session)
    for state, zh, en in (("current", "已是最新", "Up to date"), ("occasional", "按需下载", "When needed")):
        for number, item in enumerate(by_state.get(state, [])):
            lines += [session.say(f"{zh}（{len(by_state[state])}）", f"{en} ({len(by_state[state])})")] * (number == 0)
            lines.append(f"  ✓ {_title(item, session)}{session.say('，已到 ', ', reaches ')}{_last(item, session)}")
    lines += _optional(found, by_state.get("optional", []), session, everything)
    return lines


def _due(item: Item, session: Session, *, name_shop: bool = False) -> list[str]:
    shop = f"[{item.shop}] " if name_shop else ""
    span = f"{item.first_missing} – {item.last_missing}"
    if item.first_missing == item.last_missing:
        span = str(item.last_missing)
    line = f"  □ {shop}{_title(item, session)}" + session.say(f"，缺 {span}", f", lacks {span}")
    return [
        line + session.say(f"（已到 {_last(item, session)}）", f" (reaches {_last(item, session)})"),
        *_menu(item, session),
    ]


def _optional(found: Checklist, items: list[Item], session: Session, everything: bool) -> list[str]:
    if not items:
        return []
    lines = [session.say(f"从未导入，可选（{len(items)}）", f"Never imported, optional ({len(items)})")]
    shown = items if everything else items[:MOST_OPTIONAL]
    for item in shown:
        gains = found.gains(item).in_language(session.language)
        if gains:
            gains = session.say(f"，可得：{gains}", f", makes possible: {gains}")
        lines += [f"  + {_title(item, session)}{gains}", *_menu(item, session)]
    if len(items) > len(shown):
        more = len(items) - len(shown)
        lines.append(session.say(f"  另有 {more} 个，用 --all 查看", f"  {more} more, shown with --all"))
    return lines


def _title(item: Item, session: Session) -> str:
    return f"{item.title.in_language(session.language)}"


def _menu(item: Item, session: Session) -> list[str]:
    return [] if item.menu is None else [f"      {item.menu.in_language(session.language)}"]


def _last(item: Item, session: Session) -> str:
    return f"{item.last_day}" + (
        session.say("，按导出时间推断", ", by the time of the export") if item.inferred else ""
    )
