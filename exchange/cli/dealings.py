"""The command that shows a party what is open for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import click

from exchange.cli import main
from exchange.cli.shell import Shell, acting, command
from exchange.dealings import Dealing, Matter, Step
from exchange.formats.dealing_words import COLUMNS, LANGUAGES, cells, said
from exchange.records import to_record
from exchange.services.show_dealings import show_dealings

# What a party types to take its own step.
_COMMANDS: Final[Mapping[Step | tuple[Matter, Step], str]] = {
    Step.CONCLUDE: "trade accept {subject} --as {handle}",
    Step.DELIVER: "deliver {subject} --as {handle}",
    Step.RECEIVE: "receive {subject} --out FILE --as {handle}",
    Step.METER: "usage meter {subject} FILE --as {handle}",
    Step.AUTHORISE: "subscription authorise {subject} --periods NUMBER --as {handle}",
    Step.FUND: "account show {handle}",
    Step.OPEN_BID: "auction open-bid FILE --as {handle}",
    Step.ORDER: "trade order {quote} --as {handle}",
    Step.PAY: "account show {handle}",
    (Matter.AMENDMENT, Step.ANSWER): "trade amendments {subject}",
    (Matter.NEGOTIATION, Step.ANSWER): "negotiate accept {subject} --as {handle}",
    Step.OFFER: "negotiate offer {subject} --amount AMOUNT --as {handle}",
}
_MARKS: Final[Mapping[str, str]] = {"subject": "=", "amount": ">", "until": "=", "due": "="}


@command(main, "dealings")
@click.option("--lang", default="zh", show_default=True, type=click.Choice(LANGUAGES))
@acting
def dealings_command(shell: Shell, lang: str, handle: str) -> None:
    """Show what is open for a participant, and what comes next; needs no passphrase.

    Contracts, amendments, negotiations, periods, bills by use, disputes, deposits, obligations,
    awards and service fees.
    """
    with shell.floor.read() as work:
        reader = work.participants.get(handle)
        found = show_dealings(reader, work=work, floor=shell.floor)
    after = _next(found, handle)
    if shell.as_json:
        record = [_record(each) for each in found]
        shell.result({"dealings": record, "next": after})
        return
    if found:
        shell.table(
            said("title", lang).format(handle, len(found)),
            [_MARKS.get(name, "") + said(name, lang) for name in COLUMNS],
            [cells(each, lang) for each in found],
        )
    shell.result({}, *([] if found else [said("none", lang)]), then=after)


def _record(each: Dealing) -> dict[str, Any]:
    plain = {"amount": each.amount.to_record(), "waits_for_me": each.waits_for_me}
    return to_record(each) | plain


def _next(found: Sequence[Dealing], handle: str) -> str:
    """Return the command of the most pressing step that the party itself has to take."""
    waiting = sorted((each for each in found if each.waits_for_me), key=_pressing)
    if not waiting:
        return f"guapai inbox --as {handle}"
    first = waiting[0]
    words = _COMMANDS.get((first.matter, first.step)) or _COMMANDS[first.step]
    return "guapai " + words.format(subject=first.subject, quote=first.quote, handle=handle)


def _pressing(each: Dealing) -> tuple[bool, str]:
    return not each.due, each.due
