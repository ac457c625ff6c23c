"""A command group that loads a command's module only when that command is called."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import click

from duoshou.cli.failures import UsageFailure
from duoshou.cli.width import nearest
from duoshou.model import Text

HELP = "显示帮助 · show this help"


@dataclass(frozen=True, slots=True)
class LazyCommand:
    """Where a command is, and its one line in the list of commands.

    Attributes:
        module: Module that holds the click command under the name `command`.
        summary: What the list of commands says of it.
    """

    module: str
    summary: Text


def explain_help(command: click.Command, ctx: click.Context) -> None:
    """Let the option --help, which click makes and keeps, be explained in both languages."""
    option = command.get_help_option(click.Context(command, parent=ctx))
    if option is not None:
        option.help = HELP


class LazyGroup(click.Group):
    """A group whose list of commands needs none of them loaded."""

    def __init__(self, *args: Any, commands_by_name: Mapping[str, LazyCommand], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._lazy = commands_by_name

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names in the order in which people meet them."""
        return list(self._lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load and return one command."""
        lazy = self._lazy.get(cmd_name)
        if lazy is None:
            return None
        command = importlib.import_module(lazy.module).command
        if not isinstance(command, click.Command):
            raise TypeError(f"{lazy.module}.command is no click command")
        explain_help(command, ctx)
        return command

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return the option --help, explained in both languages."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = HELP
        return option

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that `args` begin with, or tell which one was probably meant.

        Raises:
            UsageFailure: If there is no such command.
        """
        if args and args[0] not in self._lazy and not args[0].startswith("-"):
            close = nearest(args[0], self._lazy)
            raise UsageFailure(
                "unknown_command",
                Text(
                    f"没有命令 {args[0]}" + (f"，是不是 {close}？" if close else ""),
                    f"there is no command {args[0]}" + (f"; did you mean {close}?" if close else ""),
                ),
                hint=Text("全部命令见 duoshou --help", "duoshou --help lists every command"),
            )
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the list of commands without loading any."""
        rows = [(name, f"{lazy.summary.zh} · {lazy.summary.en}") for name, lazy in self._lazy.items()]
        with formatter.section("命令 · Commands"):
            formatter.write_dl(rows)
