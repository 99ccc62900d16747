"""What commands share: opening the exchange, unlocking keys, printing, telling exit codes."""

from __future__ import annotations

import datetime as dt
import functools
import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NoReturn, Self

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from exchange.cli.tables import fitted
from exchange.desk import Desk
from exchange.errors import BadField, ExchangeError, Refused, Unauthenticated, Unreadable
from exchange.participants import Participant
from exchange.ports import Floor, Wait
from exchange.records import printable
from exchange.vault import require_regular
from exchange.venue import COMMITTED, Committed, Venue
from ledger.acts import format_time, parse_time
from ledger.errors import BadAct, LedgerError
from ledger.errors import Unreadable as UnreadableBundle
from pricing.errors import PricingError
from pricing.money import Money

WIDTH = 100  # columns where the output is no terminal, so that logs and READMEs read alike


class Shell:
    """One run of the command: the exchange it works on and the passphrases it was given."""

    def __init__(
        self,
        folder: str,
        passphrase: str | None,
        house_passphrase: str | None,
        *,
        wait: Wait = Wait.SEQUENCED,
    ) -> None:
        self.folder = Path(folder)
        self._wait = wait
        self._committed = Committed()
        self._files = {"": passphrase, "HOUSE_": house_passphrase or passphrase}
        self._venue: Venue | None = None
        self._unlocked = False
        self._given: dict[tuple[str, str], str] = {}
        self.as_json = False
        terminal = sys.stdout.isatty()
        self.console = Console(width=None if terminal else WIDTH, highlight=False, soft_wrap=False)

    def __enter__(self) -> Self:
        COMMITTED.set(self._committed)
        return self

    def __exit__(self, *_: object) -> None:
        if self._committed.leaves and self._wait is Wait.WITNESSED is not self._committed.reached:
            words = "recorded, and not witnessed yet: `guapai publish` asks the witnesses again"
            click.echo(words, err=True)
        if self._venue:
            self._venue.close()

    @property
    def venue(self) -> Venue:
        """The exchange, open for reading."""
        if self._venue is None:
            self._venue = Venue.open(self.folder)
            self._venue.wait = self._venue.require_wait(self._wait)
        return self._venue

    @property
    def floor(self) -> Floor:
        """The floor, for reading."""
        return self.venue.floor

    def house(self) -> Floor:
        """Return the floor with the operator's key unlocked, so that the house can act."""
        if not self._unlocked:
            try:
                self.venue.unlock(self.house_passphrase())
            except Unauthenticated as error:
                raise Unauthenticated(
                    f"{error} (the operator's: --house-passphrase-file, GUAPAI_HOUSE_PASSPHRASE)"
                ) from error
            self._unlocked = True
        return self.venue.floor

    def desk(self, handle: str) -> Desk:
        """Unlock a participant's keys and the house's, and return its desk."""
        participant = self.participant(handle)
        passphrase = self.passphrase_of(participant)
        if self.is_operator(participant):
            return Desk(participant, self.venue.operator_keys(passphrase), self.house())
        keys = self.venue.keys_of(participant.handle, passphrase)
        return Desk(participant, keys, self.house())

    def is_operator(self, participant: Participant) -> bool:
        """Whether the participant is the exchange's operator."""
        return participant.id == self.floor.house.operator

    def passphrase_of(self, participant: Participant) -> str:
        """Return the passphrase of a participant's keys, asking for it once."""
        if self.is_operator(participant):
            return self.house_passphrase()
        return self._asked("", participant.handle)

    def house_passphrase(self) -> str:
        """Return the passphrase of the house's keys, asking for it once."""
        return self._asked("HOUSE_", "the operator")

    def _asked(self, which: str, whose: str) -> str:
        if (which, whose) not in self._given:
            self._given[which, whose] = self.passphrase(which, whose)
        return self._given[which, whose]

    def participant(self, handle: str) -> Participant:
        """Return a participant by handle or id."""
        with self.floor.read() as work:
            return work.participants.get(handle)

    def entry(self, leaf: str) -> str:
        """Return how words name the entry of a leaf hash, such as "entry 12"."""
        with self.floor.read() as work:
            found = work.chain.store.by_leaf(leaf)
        return found.named if found else f"entry {leaf[:16]}…"

    @property
    def operator(self) -> str:
        """The operator's handle."""
        return self.participant(self.floor.house.operator).handle

    def passphrase(self, which: str, whose: str, *, new: bool = False) -> str:
        """Return a passphrase from its file, its environment variable, or a prompt."""
        path = self._files[which]
        if path:
            try:
                lines = Path(path).read_text(encoding="utf-8").splitlines()
            except (OSError, UnicodeDecodeError) as error:
                raise Unreadable(f"{path}: the passphrase file cannot be read") from error
            return lines[0] if lines else ""
        for name in dict.fromkeys((f"GUAPAI_{which}PASSPHRASE", "GUAPAI_PASSPHRASE")):
            if os.environ.get(name):
                return os.environ[name]
        if not sys.stdin.isatty():
            raise BadField(
                "passphrase", "set GUAPAI_PASSPHRASE or --passphrase-file: there is no one to ask"
            )
        return str(
            click.prompt(
                f"Passphrase of {whose}", hide_input=True, confirmation_prompt=new, err=True
            )
        )

    def result(self, record: dict[str, Any], *lines: str, then: str = "") -> None:
        """Print a result: the record as JSON, or the lines and what to try next."""
        if self.as_json:
            click.echo(json.dumps(record, ensure_ascii=False, indent=2))
            return
        for line in lines:
            self.say(line)
        if then:
            click.echo(f"next: {then}", err=True)

    def say(self, line: str) -> None:
        """Print one line as it is, without markup and without control characters."""
        self.console.print(Text(printable(line)), soft_wrap=True)

    def table(self, title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Print a table; a name that begins with ">" is of numbers, with "=" of ids.

        Nothing in it is cut, nor broken but between words, however narrow the terminal is.
        """
        if title:
            self.console.print(Text(title, style="bold"), soft_wrap=True)
        cells = [[plain(cell) for cell in row] for row in rows]
        shown = fitted(columns, cells, self.console.width)
        if isinstance(shown, Table):
            self.console.print(shown)
        else:
            for line in shown:
                self.console.print(Text(line), soft_wrap=True)
        self.console.print()


def instant(text: str | None, where: str, *, end: bool = False) -> str:
    """Return a time as acts have it; a date is its first instant, or with `end` its last."""
    if not text:
        return ""
    try:
        day = dt.date.fromisoformat(text)
        return f"{day.isoformat()}T{'23:59:59' if end else '00:00:00'}Z"
    except ValueError:
        pass
    try:
        return format_time(parse_time(text, where))
    except BadAct as error:
        raise BadField(where, "a date, or a time such as 2026-01-05T09:00:00Z") from error


def plain(value: object) -> str:
    """Write a value of a record as a person would: amounts, lists, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict) and set(value) == {"minor", "currency"}:
        return str(Money.read(value))
    if isinstance(value, list | tuple):
        return ", ".join(plain(item) for item in value)
    if isinstance(value, dict):
        return "; ".join(f"{name} {plain(item)}" for name, item in value.items())
    return printable(str(value))


class ShellGroup(click.Group):
    """Turns the errors of the exchange into messages and exit codes, in one place."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except ExchangeError as error:
            _fail(ctx, error.code, str(error), error.rules, error.exit_code)
        except LedgerError as error:
            unreadable = isinstance(error, UnreadableBundle)
            _fail(ctx, error.code, str(error), (), Unreadable.exit_code if unreadable else 1)
        except PricingError as error:
            _fail(ctx, error.code, str(error), (), Refused.exit_code)
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            _fail(ctx, "failed", f"{where}{error.strerror or error}", (), 1)


def _fail(
    context: click.Context, code: str, message: str, rules: Sequence[str], exit_code: int
) -> NoReturn:
    shell = context.obj
    if isinstance(shell, Shell) and shell.as_json:
        problem = {"code": code, "detail": message, "rules": list(rules)}
        click.echo(json.dumps({"error": problem}, ensure_ascii=False, indent=2))
    else:
        click.echo(f"{code}: {printable(message)}", err=True)
    context.exit(exit_code)
    raise AssertionError  # context.exit does not return


def command(
    group: click.Group, name: str, **settings: Any
) -> Callable[[Callable[..., None]], click.Command]:
    """Register a command that takes the shell first and has ``--json``."""

    def register(function: Callable[..., None]) -> click.Command:
        @functools.wraps(function)
        @click.pass_obj
        def run(shell: Shell, /, *arguments: Any, as_json: bool, **options: Any) -> None:
            shell.as_json = as_json
            function(shell, *arguments, **options)

        option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
        return group.command(name, **settings)(option(run))

    return register


def acting(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--as``: the participant that acts, whose key is unlocked."""
    return click.option(
        "--as", "handle", required=True, metavar="HANDLE", help="The participant that acts."
    )(function)


def existing(path: str) -> Path:
    """Return the path of a file, or raise `NotFound`, or `Unreadable` for what is no file."""
    found = Path(path)
    require_regular(found, path)
    return found
