from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from exchange.cli import main
from tests.meta.commands import MARKER, PAGE, reference, walk

ROOT = Path(__file__).parents[2]
COMMANDS = dict(walk(main))


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_says_what_it_does(name: str) -> None:
    text = COMMANDS[name].help or ""
    assert len(text.split()) >= 3
    assert text.strip().endswith((".", "audit the provenance chain"))


def test_the_page_lists_every_command_and_no_other() -> None:
    headings = re.findall(r"^## (guapai.*)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert headings == sorted(headings, key=list(COMMANDS).index) == list(COMMANDS)


def test_the_page_says_what_the_commands_say() -> None:
    _, _, written = PAGE.read_text(encoding="utf-8").partition(MARKER)
    assert written.strip() == reference().strip(), "run python -m tests.meta.commands"


def called(text: str) -> list[str]:
    """Find what a page calls: ``guapai`` at the start of a line of code, or within backticks."""
    lines = re.findall(r"^(?: {4,}|\$ ?)?(guapai [a-z][^\n]*)", text, re.MULTILINE)
    return lines + re.findall(r"`(guapai [a-z][^`]*)`", text)


@pytest.mark.parametrize(
    "page", sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]), ids=lambda page: page.name
)
def test_no_page_calls_a_command_that_there_is_not(page: Path) -> None:
    for line in called(page.read_text(encoding="utf-8")):
        command: click.Command = main
        words = re.findall(r"[^\s…]+", line)[1:]
        for word in words:
            if not isinstance(command, click.Group) or word.startswith(("-", "[", "<")):
                break
            if word.isupper():  # a placeholder such as COMMAND
                break
            assert word in command.commands, f"{page.name}: {line}"
            command = command.commands[word]
