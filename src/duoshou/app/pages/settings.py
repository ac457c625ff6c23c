"""设置: the settings of the whole workspace, where each comes from, and how a form changes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from duoshou.app.editing import edit_settings, version_of
from duoshou.app.pages.typed import number, refused, whole
from duoshou.model import Text, plain
from duoshou.settings import Settings, Workspace, read_settings
from duoshou.settings.descriptions import descriptions
from duoshou.settings.writing import Put
from duoshou.state import State


class Kind(StrEnum):
    """How a setting is typed into a form."""

    TEXT = "text"
    CHOICE = "choice"
    PERCENT = "percent"
    WHOLE = "whole"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Asked:
    """A setting that the page offers.

    Attributes:
        key: Dotted name.
        title: What people call it.
        kind: How it is typed.
        choices: What may be chosen; the value empty stands for the default.
        is_optional: Whether it may be left empty.
        for_new_files: Whether what was imported before stays as it was.
        note: What the page says of it; None: what the file does.
    """

    key: str
    title: Text
    kind: Kind = Kind.TEXT
    choices: tuple[tuple[str, Text], ...] = ()
    is_optional: bool = False
    for_new_files: bool = False
    note: Text | None = None


ZH, EN = ("zh", Text("中文", "Chinese 中文")), ("en", Text("英文 English", "English"))
RED = ("red", Text("红涨绿跌", "red rises, green falls"))
GREEN = ("green", Text("绿涨红跌", "green rises, red falls"))
ASKED = (
    Asked("name", Text("名称", "Name")),
    Asked(
        "language",
        Text("语言", "Language"),
        Kind.CHOICE,
        (ZH, EN),
        note=Text("屏幕、报表和提示的第一语言", "the first language of screens, sheets and messages"),
    ),
    Asked("reports.title", Text("报表上的名称", "Name on the workbooks"), is_optional=True),
    Asked(
        "reports.language",
        Text("报表语言", "Language of the workbooks"),
        Kind.CHOICE,
        (("", Text("与上面的语言相同", "the language above")), ZH, EN),
        is_optional=True,
        note=Text("每次下载时也可以另选", "another one may be chosen with each download"),
    ),
    Asked(
        "web.rising",
        Text("涨跌颜色", "Colours of rise and fall"),
        Kind.CHOICE,
        (RED, GREEN),
        note=Text("页面和图表上的", "on pages and charts"),
    ),
    Asked("diagnosis.assumed_margin_rate", Text("假定毛利率（%）", "Assumed margin (%)"), Kind.PERCENT),
    Asked("diagnosis.horizon_days", Text("金额按多少天计", "Days that money at stake covers"), Kind.WHOLE),
    Asked(
        "server.daily_at",
        Text("每日任务的时间", "Time of the daily job"),
        Kind.TIME,
        note=Text("按下面的时区；要让 duoshou serve 开着", "in the time zone below, while duoshou serve runs"),
    ),
    Asked("server.url", Text("驾驶舱网址", "Address of the cockpit"), is_optional=True),
    Asked(
        "timezone",
        Text("时区", "Time zone"),
        for_new_files=True,
        note=Text("按哪个时区划分“一天”", "the time zone whose days are counted"),
    ),
    Asked(
        "currency",
        Text("记账货币", "Currency"),
        for_new_files=True,
        note=Text("不同货币的金额从不相加", "amounts of different currencies are never added"),
    ),
)


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting with its present value.

    Attributes:
        asked: What the page asks.
        about: What it is.
        expected: What may be written.
        value: The present value; None: not set.
        source: `default`, the name of the file, or the variable that holds it.
    """

    asked: Asked
    about: Text
    expected: Text
    value: Any
    source: str

    @property
    def note(self) -> Text:
        """What the page says of it."""
        return self.asked.note or self.about

    @property
    def is_fixed(self) -> bool:
        """Whether a variable of the server says it, so that the file does not count."""
        return self.source.startswith("DUOSHOU_")

    @property
    def typed(self) -> str:
        """The value as a form shows it."""
        if self.value is None:
            return ""
        if self.asked.kind is Kind.PERCENT:
            return f"{(Decimal(repr(self.value)) * 100).normalize():f}"
        return str(self.value)


@dataclass(frozen=True, slots=True)
class General:
    """The settings of the workspace as a whole.

    Attributes:
        version: What the file is at present; goes back with the form.
        settings: In the order of the page.
    """

    version: str
    settings: tuple[Setting, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        settings = [
            {
                "key": one.asked.key,
                "value": plain(one.value),
                "source": one.source,
                "about": plain(one.about),
                "expected": plain(one.expected),
                "for_new_files": one.asked.for_new_files,
            }
            for one in self.settings
        ]
        return {"version": self.version, "settings": settings}


def general(workspace: Workspace) -> General:
    """Return the settings of the workspace as a whole.

    Raises:
        SettingsError: If the file cannot be used as it stands.
    """
    version = version_of(workspace.settings_file)
    settings, provenance = read_settings(workspace)
    found = []
    for asked in ASKED:
        about = descriptions()[asked.key]
        value = _value(settings, asked.key)
        found.append(Setting(asked, about.about, about.expected, value, provenance[asked.key]))
    return General(version, tuple(found))


def change_general(
    workspace: Workspace, state: State, values: Mapping[str, object], *, version: str, by: str
) -> tuple[str, ...]:
    """Change settings of the workspace and return the keys of those that changed.

    Args:
        workspace: Whose settings.
        state: Where the audit log is.
        values: Dotted key → value; None: the default. What is as it was is left alone.
        version: What the file was when the settings were shown.
        by: Who changes them.

    Raises:
        SettingsError: If there is no such setting here, it cannot be so, or the file is another one by now.
    """
    present = {one.asked.key: one for one in general(workspace).settings}
    changes = []
    for key, value in values.items():
        setting = present.get(key)
        if setting is None:
            raise refused(key, Text("这里没有这项设置", "it is not among the settings here"))
        if value == setting.value:
            continue
        if setting.is_fixed:
            raise refused(
                key, Text(f"由环境变量 {setting.source} 决定", f"the variable {setting.source} of the server says it")
            )
        changes.append(Put(key, value))
    edit_settings(workspace, state, changes, version=version, by=by)
    return tuple(change.key for change in changes)


def values_of_form(form: Mapping[str, str]) -> dict[str, object]:
    """Return what a form says as values; a field that is not in the form is not changed.

    Raises:
        SettingsError: If a number is none.
    """
    return {asked.key: _meant(asked, form[asked.key].strip()) for asked in ASKED if asked.key in form}


def _meant(asked: Asked, text: str) -> object:
    if not text and asked.is_optional:
        return None
    if asked.kind is Kind.WHOLE:
        return whole(asked.title, text)
    if asked.kind is Kind.PERCENT:
        return float(number(asked.title, text.rstrip("%％ ")) / 100)
    return text


def _value(settings: Settings, key: str) -> Any:
    found: Any = settings
    for name in key.split("."):
        found = getattr(found, name)
    return found or None
