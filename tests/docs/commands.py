"""The README's part that is generated: every command with its help.

``python -m tests.docs.commands`` writes it anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from pmo_sync.cli import main

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
START, END = "<!-- commands -->\n", "<!-- /commands -->"
WIDTH = 96


def commands() -> str:
    """Return the help of every command, as Markdown."""
    return "\n".join(_help("pmo-sync", main, None))


def _help(name: str, command: click.Command, parent: click.Context | None) -> Iterator[str]:
    context = click.Context(
        command, info_name=name.rpartition(" ")[2], parent=parent, terminal_width=WIDTH,
        max_content_width=WIDTH, help_option_names=["-h", "--help"],
    )  # fmt: skip
    yield f"```text\n$ {name} --help\n{command.get_help(context)}\n```\n"
    if isinstance(command, click.Group):
        for child in command.list_commands(context):
            found = command.get_command(context, child)
            assert found is not None
            yield from _help(f"{name} {child}", found, context)


def split(text: str) -> tuple[str, str, str]:
    """Return the README before, within and after the generated part."""
    before, _, rest = text.partition(START)
    within, _, after = rest.partition(END)
    return before + START, within, END + after


if __name__ == "__main__":
    before, _, after = split(README.read_text(encoding="utf-8"))
    README.write_text(before + commands() + after, encoding="utf-8")
