"""The reference of the command line, as it stands in docs/cli.md.

    python -m tests.meta.commands

writes the part of docs/cli.md after its marker again, from the commands themselves.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path

import click

from exchange.cli import main

PAGE = Path(__file__).parents[2] / "docs" / "cli.md"
MARKER = "<!-- what follows is written by python -m tests.meta.commands -->\n"


def walk(command: click.Command, name: str = "guapai") -> Iterator[tuple[str, click.Command]]:
    """Yield every command with the words that call it, groups before their members."""
    yield name, command
    if isinstance(command, click.Group):
        for each in sorted(command.commands):
            yield from walk(command.commands[each], f"{name} {each}")


def reference() -> str:
    """Return the reference of all commands."""
    return "\n".join(section for name, each in walk(main) for section in _section(name, each))


def _section(name: str, command: click.Command) -> Iterator[str]:
    yield f"## {name}\n"
    yield f"{_words(command.help)}\n"
    arguments = [each for each in command.params if isinstance(each, click.Argument)]
    options = [each for each in command.params if isinstance(each, click.Option)]
    usage = [name, *(_argument(each) for each in arguments)]
    usage += [f"{each.opts[-1]} {_value(each)}".strip() for each in options if each.required]
    if isinstance(command, click.Group):
        usage.append("COMMAND")
    elif len(usage) < len(arguments) + len(options) + 1:
        usage.append("[OPTIONS]")
    yield f"    {' '.join(usage)}\n"
    if options:
        yield "| option | meaning |"
        yield "|---|---|"
        for each in options:
            spelled = ", ".join(f"`{spelling}`" for spelling in each.opts)
            value = f" `{_value(each)}`" if _value(each) else ""
            yield f"| {spelled}{value} | {_meaning(each)} |"
        yield ""


def _argument(argument: click.Argument) -> str:
    name = (argument.metavar or argument.name or "").upper()
    return name if argument.required else f"[{name}]"


def _value(option: click.Option) -> str:
    if option.is_flag:
        return ""
    if isinstance(option.type, click.Choice):
        return option.metavar or (option.name or "").upper().rstrip("S")
    return option.metavar or (option.name or "").upper()


def _meaning(option: click.Option) -> str:
    words = [_words(option.help)] if option.help else []
    if isinstance(option.type, click.Choice):
        words.append(f"One of {', '.join(map(str, option.type.choices))}.")
    if option.show_default and not callable(option.default):
        words.append(f"Default: {option.default}.")
    if option.required:
        words.append("Required.")
    if option.multiple:
        words.append("May be given more than once.")
    return " ".join(words).replace("|", "\\|")


def _words(help_text: str | None) -> str:
    return " ".join(textwrap.dedent(help_text or "").replace("``", "`").split())


if __name__ == "__main__":
    introduction, _, _ = PAGE.read_text(encoding="utf-8").partition(MARKER)
    PAGE.write_text(f"{introduction}{MARKER}\n{reference()}", encoding="utf-8")
