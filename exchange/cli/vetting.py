"""Commands of the exchange's reviewers: what waits, and what they decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import click

from exchange.cli import main
from exchange.cli.products import product_record
from exchange.cli.shell import Shell, acting, command
from exchange.errors import BadField
from exchange.formats.inbox_words import COLUMNS, LANGUAGES, reasons, said
from exchange.records import to_record
from exchange.services.read_inbox import read_inbox
from exchange.vetting import CHECKLIST, Decision, Tick

_MARKS: Final[Mapping[str, str]] = dict.fromkeys(("duty", "subject", "due", "risk"), "=")


@command(main, "vet")
@click.argument("number")
@click.option("--decision", required=True, type=click.Choice([str(each) for each in Decision]))
@click.option("--reasons", required=True, help="Why; only the supplier and the exchange read it.")
@click.option(
    "--tick",
    "ticks",
    multiple=True,
    metavar="ITEM=ANSWER",
    help=f"An item of the checklist and {', '.join(Tick)} (repeatable).",
)
@click.option("--rest", type=click.Choice([str(each) for each in Tick]), help="Of all other items.")
@acting
def vet_command(
    shell: Shell,
    number: str,
    decision: str,
    reasons: str,
    ticks: tuple[str, ...],
    rest: str | None,
    handle: str,
) -> None:
    """Approve, return or reject product NUMBER, as a reviewer of the exchange."""
    answers = dict.fromkeys(CHECKLIST, rest) if rest else {}
    for each in ticks:
        item, equals, answer = each.partition("=")
        if not equals:
            raise BadField("tick", f"{each} is not ITEM=ANSWER")
        answers[item] = answer
    product = shell.desk(handle).vet(number, decision, reasons=reasons, checklist=answers)
    shell.result(
        product_record(product),
        f"{handle} has {decision} {number} ({shell.entry(product.head)})",
        then=f"guapai explain {number}, which says what is still missing",
    )


@command(main, "inbox")
@click.option("--lang", default="en", show_default=True, type=click.Choice(LANGUAGES))
@acting
def inbox_command(shell: Shell, lang: str, handle: str) -> None:
    """Show what waits for a participant, the most pressing first; needs no passphrase."""
    more = shell.floor.pack.chinese
    with shell.floor.read() as work:
        found = read_inbox(work.participants.get(handle), work=work, floor=shell.floor)
    tasks = [
        replace(task, why=reasons(task.why, lang, more), items=reasons(task.items, lang, more))
        for task in found
    ]
    if shell.as_json:
        shell.result({"tasks": [to_record(task) for task in tasks]})
        return
    shell.table(
        said("head", lang).format(handle, len(tasks)),
        [_MARKS.get(name, "") + said(name, lang) for name in COLUMNS],
        [
            (
                said(task.duty, lang),
                task.subject.partition("/")[2],
                task.title,
                said("late", lang).format(task.due[:10]) if task.overdue else task.due[:10],
                said(task.risk, lang),
                task.why,
                task.items,
            )
            for task in tasks
        ],
    )
