"""The workspace of a shop: where things lie, and `duoshou.toml` as typed values. No engine."""

from duoshou.settings.errors import SettingProblem, SettingsError, WorkspaceError
from duoshou.settings.reading import Provenance, load_settings, parse_settings, read_settings
from duoshou.settings.schema import (
    CalendarSettings,
    Channel,
    CostRule,
    CostSettings,
    EngineSettings,
    ImportSettings,
    PrivacySettings,
    PushTarget,
    ReportSettings,
    ServerSettings,
    Settings,
    Shop,
    StateSettings,
    UnitCost,
    WebSettings,
)
from duoshou.settings.template import render_template
from duoshou.settings.workspace import Workspace

__all__ = [
    "CalendarSettings",
    "Channel",
    "CostRule",
    "CostSettings",
    "EngineSettings",
    "ImportSettings",
    "PrivacySettings",
    "Provenance",
    "PushTarget",
    "ReportSettings",
    "ServerSettings",
    "SettingProblem",
    "Settings",
    "SettingsError",
    "Shop",
    "StateSettings",
    "UnitCost",
    "WebSettings",
    "Workspace",
    "WorkspaceError",
    "load_settings",
    "parse_settings",
    "read_settings",
    "render_template",
]
