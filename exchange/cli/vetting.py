"""Commands of the exchange's reviewers: what waits, and what they decide."""

from __future__ import annotations

import click

from exchange.cli import main
from exchange.cli.products import product_record
from exchange.cli.shell import Shell, acting, command
from exchange.errors import BadField
from exchange.vetting import CHECKLIST, Decision, Tick


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
