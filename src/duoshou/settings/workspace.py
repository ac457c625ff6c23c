"""The folder of a shop: where everything lies."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from duoshou.model import Place, Text
from duoshou.settings.errors import WorkspaceError
from duoshou.settings.reading import checked_settings
from duoshou.settings.schema import Settings
from duoshou.settings.template import render_template

SETTINGS_NAME = "duoshou.toml"
VARIABLE = "DUOSHOU_WORKSPACE"
SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Workspace:
    """Paths of one workspace; making the object touches no file.

    Attributes:
        directory: The folder that holds `duoshou.toml`.
    """

    directory: Path

    @property
    def settings_file(self) -> Path:
        """The settings."""
        return self.directory / SETTINGS_NAME

    @property
    def inbox(self) -> Path:
        """Where people drop exports."""
        return self.directory / "inbox"

    @property
    def imported(self) -> Path:
        """Originals that were imported; they may hold personal data."""
        return self.directory / "imported"

    @property
    def archive(self) -> Path:
        """What was read, without personal data: the source of truth."""
        return self.directory / "archive"

    @property
    def warehouse(self) -> Path:
        """Snapshots and the pointer to the current one."""
        return self.directory / "warehouse"

    @property
    def state(self) -> Path:
        """The database of users, tasks and findings shown."""
        return self.directory / "state.sqlite"

    @property
    def reports(self) -> Path:
        """Workbooks."""
        return self.directory / "reports"

    @property
    def key_file(self) -> Path:
        """The secret with which buyers are hashed."""
        return self.directory / ".key"

    @classmethod
    def at(cls, directory: Path) -> Workspace:
        """Return the workspace that is exactly `directory`.

        Raises:
            WorkspaceError: If it holds no `duoshou.toml`.
        """
        workspace = cls(directory.expanduser().resolve())
        if not workspace.settings_file.is_file():
            raise WorkspaceError(
                "no_workspace",
                Text(
                    f"{workspace.directory} 不是工作区（没有 {SETTINGS_NAME}）",
                    f"{workspace.directory} is no workspace: it holds no {SETTINGS_NAME}",
                ),
                hint=Text("先运行 duoshou init 目录 新建一个", "make one with duoshou init DIR"),
                place=Place(file=str(workspace.settings_file)),
            )
        return workspace

    @classmethod
    def find(cls, start: Path | None = None) -> Workspace:
        """Return the nearest workspace from `start` upward; without `start`, the one that DUOSHOU_WORKSPACE names,
        or the nearest from the current folder upward.

        Raises:
            WorkspaceError: If there is none.
        """
        if start is None and (named := os.environ.get(VARIABLE)):
            return cls.at(Path(named))
        folder = (start or Path.cwd()).expanduser().resolve()
        for candidate in (folder, *folder.parents):
            if (candidate / SETTINGS_NAME).is_file():
                return cls(candidate)
        raise WorkspaceError(
            "no_workspace",
            Text(f"{folder} 及其上级目录里没有工作区", f"there is no workspace in {folder} or above it"),
            hint=Text(
                "用 --workspace 目录 指定，或先运行 duoshou init 目录",
                "name one with --workspace DIR, or make one with duoshou init DIR",
            ),
        )

    @classmethod
    def create(cls, directory: Path, settings: Settings | None = None) -> Workspace:
        """Make a workspace in `directory`, with its folders, settings and secret, and return it.

        Args:
            directory: A folder that may exist and hold other files, but no workspace.
            settings: What `duoshou.toml` is to say; the defaults for None.

        Raises:
            WorkspaceError: If there is a workspace already or the folder cannot be written.
            SettingsError: If `settings` holds something that cannot be meant, such as an unknown time zone.
        """
        workspace, settings = cls(directory.expanduser().resolve()), settings or Settings()
        if workspace.settings_file.exists():
            raise WorkspaceError(
                "workspace_exists",
                Text(f"{workspace.directory} 已经是工作区", f"{workspace.directory} is a workspace already"),
                hint=Text("换一个目录，或直接使用它", "choose another folder, or use this one"),
            )
        checked_settings(settings, "duoshou init")
        try:
            for folder in (
                workspace.inbox,
                workspace.imported,
                workspace.archive,
                workspace.warehouse,
                workspace.reports,
            ):
                folder.mkdir(parents=True, exist_ok=True)
            workspace._write_secret()
            # The settings come last: a folder that holds them is complete.
            workspace.settings_file.write_text(render_template(settings), encoding="utf-8", newline="\n")
        except OSError as error:
            raise WorkspaceError(
                "workspace_unwritable",
                Text(
                    f"无法在 {workspace.directory} 写入：{error.strerror}",
                    f"cannot write in {workspace.directory}: {error.strerror}",
                ),
                hint=Text("换一个有写权限的目录", "choose a folder that you may write to"),
            ) from error
        return workspace

    def secret(self) -> bytes:
        """Return the 32 random bytes with which this workspace hashes buyers.

        Raises:
            WorkspaceError: If the file is missing or damaged; a new one would make every buyer look new.
        """
        try:
            secret = self.key_file.read_bytes()
        except OSError:
            secret = b""
        if len(secret) != SECRET_BYTES:
            raise WorkspaceError(
                "no_secret",
                Text(f"密钥文件 {self.key_file} 缺失或损坏", f"the key file {self.key_file} is missing or damaged"),
                hint=Text(
                    "从备份恢复它：换了密钥，老客都会变成新客",
                    "restore it from a backup: with another key every returning buyer looks new",
                ),
                place=Place(file=str(self.key_file)),
            )
        return secret

    def _write_secret(self) -> None:
        if self.key_file.exists():
            return
        descriptor = os.open(self.key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(SECRET_BYTES))
