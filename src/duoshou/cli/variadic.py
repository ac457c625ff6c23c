"""Let an option take every word that follows it, as `--by product region` does."""

from __future__ import annotations

from typing import Any

import click


class VariadicCommand(click.Command):
    """A command of which some repeatable options take several words at once.

    `--by product region --last 30d` reads like `--by product --by region --last 30d`; the words end at the next
    option. click itself knows no such options.
    """

    variadic_options: tuple[str, ...] = ()

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Spell the words out one by one, then parse as usual."""
        return super().parse_args(ctx, spelled_out(args, self.variadic_options))


def spelled_out(args: list[str], options: tuple[str, ...]) -> list[str]:
    """Return `args` with each further word of a variadic option preceded by the option."""
    spelled: list[str] = []
    current: str | None = None
    first = False
    for position, word in enumerate(args):
        if word == "--":
            return [*spelled, *args[position:]]
        if word.startswith("-") and len(word) > 1:
            current, first = (word, True) if word in options else (None, False)
        elif current is not None:
            if not first:
                spelled.append(current)
            first = False
        spelled.append(word)
    return spelled


def variadic(*options: str) -> type[VariadicCommand]:
    """Return the command class whose `options` take several words."""
    attributes: dict[str, Any] = {"variadic_options": options}
    return type("Variadic", (VariadicCommand,), attributes)
