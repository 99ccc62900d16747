"""Commands for negotiations (磋商): prices that a buyer and a supplier bargain for."""

from __future__ import annotations

from typing import Any

import click

from exchange.cli import main
from exchange.cli.shell import Shell, acting, command
from exchange.errors import BadField
from exchange.negotiation import Negotiation
from exchange.records import to_record
from ledger.acts import format_time
from pricing.errors import PricingError
from pricing.money import Currency, Money


@main.group("negotiate")
def negotiate_group() -> None:
    """Negotiations: ask for a price, offer in rounds, accept."""


def negotiation_record(negotiation: Negotiation) -> dict[str, Any]:
    """Return a negotiation as a JSON object."""
    offer = negotiation.offer
    record = to_record(negotiation)
    return record | {
        "offer": {**record["offer"], "amount": offer.amount.to_record()} if offer else None
    }


def money_of(text: str, option: str) -> Money:
    """Read an amount such as "900.00 CNY", or raise `BadField` naming the option."""
    try:
        return Money.parse(text)
    except PricingError as error:
        raise BadField(option, str(error)) from error


def _told(shell: Shell, negotiation: Negotiation) -> str:
    found = negotiation.as_of(format_time(shell.floor.clock()))
    words = f"{found.id} over {found.scenario} is {found.state}"
    if found.offer:
        who = "buyer" if found.offer.by == found.buyer else "supplier"
        words += (
            f": round {found.rounds}, {found.offer.amount} by the {who} until {found.offer.until}"
        )
    return words


@command(negotiate_group, "open")
@click.argument("scenarios", nargs=-1, required=True)
@click.option(
    "--until", default="", metavar="TIME", help="When it ends; 7 days if nothing is said."
)
@click.option("--currency", type=click.Choice(list(Currency)), default="CNY", show_default=True)
@click.option("--exclusive", is_flag=True, help="Over a use that nobody else has.")
@acting
def negotiate_open(shell: Shell, scenarios: tuple[str, ...], handle: str, **options: Any) -> None:
    """Ask the supplier of each scenario's product for a price: all are asked, or none."""
    options["currency"] = Currency(options["currency"])
    made = shell.desk(handle).negotiate(*scenarios, **options)
    shell.result(
        {"negotiations": [negotiation_record(each) for each in made]},
        *(_told(shell, each) for each in made),
        then=f'guapai negotiate offer {made[0].id} --amount "…" --as SUPPLIER',
    )


@command(negotiate_group, "offer")
@click.argument("negotiation")
@click.option("--amount", required=True, help='Such as "900.00 CNY".')
@click.option("--until", default="", metavar="TIME", help="Else until the negotiation ends.")
@acting
def negotiate_offer(shell: Shell, negotiation: str, amount: str, until: str, handle: str) -> None:
    """Offer an amount, which withdraws the offer before."""
    offered = money_of(amount, "--amount")
    made = shell.desk(handle).offer_price(negotiation, offered, until=until)
    other = "BUYER" if made.offer and made.offer.by == made.supplier else "SUPPLIER"
    shell.result(
        negotiation_record(made),
        _told(shell, made),
        then=f"guapai negotiate accept {made.id} --as {other}",
    )


@command(negotiate_group, "accept")
@click.argument("negotiation")
@acting
def negotiate_accept(shell: Shell, negotiation: str, handle: str) -> None:
    """Accept the offer that stands: the exchange quotes its amount to the buyer."""
    agreed = shell.desk(handle).accept_offer(negotiation)
    quote = to_record(agreed.quote) | {"amount": agreed.quote.amount.to_record()}
    shell.result(
        {"negotiation": negotiation_record(agreed.negotiation), "quote": quote},
        _told(shell, agreed.negotiation),
        f"quote {agreed.quote.id}: {agreed.quote.amount}, until {agreed.quote.until}",
        then=f"guapai trade order {agreed.quote.id} --as BUYER",
    )


@command(negotiate_group, "end")
@click.argument("negotiation")
@click.option("--reason", required=True)
@acting
def negotiate_end(shell: Shell, negotiation: str, reason: str, handle: str) -> None:
    """End a negotiation without a price."""
    made = shell.desk(handle).end_negotiation(negotiation, reason)
    shell.result(negotiation_record(made), _told(shell, made))


@command(negotiate_group, "list")
def negotiate_list(shell: Shell) -> None:
    """Show every negotiation, the newest last."""
    with shell.floor.read() as work:
        found = work.negotiations.all()
    now = format_time(shell.floor.clock())
    if shell.as_json:
        shell.result({"negotiations": [negotiation_record(each.as_of(now)) for each in found]})
        return
    rows = [
        (
            each.id,
            each.product,
            each.as_of(now).state,
            each.rounds,
            each.offer and each.offer.amount,
            each.until,
        )
        for each in found
    ]
    shell.table("", ["=negotiation", "=product", "state", ">rounds", ">offer", "until"], rows)
