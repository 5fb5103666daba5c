"""How groups of commands show their help: whole sentences, and no library of text styles to be imported first."""

from __future__ import annotations

from typing import Any

from typer.core import TyperGroup

WHOLE = 500  # characters: longer than any command's first sentence


class Group(TyperGroup):
    """A group whose help gives each command's first sentence whole, where Click cuts it to a line."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 - Click's signature
        """Write a row for each command."""
        rows = [(name, command.get_short_help_str(WHOLE)) for name, command in self.commands.items()]
        with formatter.section("Commands"):
            formatter.write_dl(rows)
