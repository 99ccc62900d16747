"""Commands for trading: quote, order, contract, delivery, receipt, settlement."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from exchange.cli import main
from exchange.cli.shell import Shell, acting, command
from exchange.errors import BadField, Conflict
from exchange.records import to_record
from exchange.services.quote_plan import Wish
from exchange.services.quote_price import Priced
from exchange.trading import BY_USE, Trade, TradeState, TradingMode
from pricing.errors import PricingError
from pricing.money import Money

_QUOTED = [str(mode) for mode in (TradingMode.SUBSCRIPTION, *sorted(BY_USE), TradingMode.POSTED)]


def amount_of(text: str | None, option: str) -> Money | None:
    """Read an amount of an option, or raise `BadField` naming it."""
    try:
        return Money.parse(text) if text is not None else None
    except PricingError as error:
        raise BadField(option, str(error)) from error


@main.group("trade")
def trade_group() -> None:
    """Trading: quote, order, accept, lapse, list."""


def show_price(shell: Shell, priced: Priced) -> None:
    """Print a quote with its inputs."""
    if priced.appraisal:
        shell.table(
            f"Appraisal of the whole: {priced.appraisal.low} to {priced.appraisal.high}, "
            f"middle {priced.appraisal.mid}",
            ["indicator", ">value", "effect", "source"],
            [(i.name, i.value, i.effect, i.source) for i in priced.appraisal.indicators],
        )
    shell.table(
        f"Quote {priced.quote.id}: {priced.quote.amount}, until {priced.quote.until}",
        ["line", ">amount"],
        [(line.text, line.amount) for line in priced.offer.lines],
    )
    if priced.offer.band:
        band = priced.offer.band
        basis = f", by the {priced.appraisal.basis}" if priced.appraisal else ""
        shell.say(f"appraised for one licence: {band.low} to {band.high}{basis}")
    if priced.estimate:
        told = priced.estimate.guidance
        shell.say(
            f"guidance after the trades so far: {told.band.low} to {told.band.high},"
            f" ask {told.ask}, floor {told.floor}"
        )
    for remark in priced.offer.remarks:
        shell.say(f"remark: {remark}")
    shell.say(f"computed again by anyone: guapai price replay {priced.quote.id}")


@command(trade_group, "quote")
@click.argument("scenario_id")
@click.option("--mode", type=click.Choice(_QUOTED), help="Of the sheet's plan, or its trial.")
@click.option("--budget", help='What use may cost at most, such as "500.00 CNY".')
@click.option("--pack", type=int, help="The units of a pack of the plan.")
@acting
def trade_quote(
    shell: Shell,
    scenario_id: str,
    handle: str,
    mode: str | None,
    budget: str | None,
    pack: int | None,
) -> None:
    """Ask for a price for an approved scenario: of a licence, or of a plan."""
    desk = shell.desk(handle)
    if mode is None and budget is None and pack is None:
        priced = desk.quote(scenario_id)
    else:
        wish = Wish(TradingMode(mode) if mode else None, amount_of(budget, "--budget"), pack)
        priced = desk.quote_plan(scenario_id, wish)
    if shell.as_json:
        record = {
            "quote": to_record(priced.quote) | {"amount": priced.quote.amount.to_record()},
            "terms": to_record(priced.terms),
            "remarks": list(priced.offer.remarks),
        }
        shell.result(record)
        return
    show_price(shell, priced)
    click.echo(f"next: guapai trade order {priced.quote.id} --as {handle}", err=True)


def trade_record(trade: Trade) -> dict[str, Any]:
    """Return a trade as a JSON object."""
    return to_record(trade) | {"amount": trade.amount.to_record()}


@command(trade_group, "list")
@click.option("--state", type=click.Choice([str(each) for each in TradeState]))
@click.option("--product", metavar="NUMBER", help="Only those of one product.")
@click.option("--buyer", metavar="HANDLE", help="Only those of one buyer.")
@click.option("--supplier", metavar="HANDLE", help="Only those of one supplier.")
def trade_list(shell: Shell, **options: str | None) -> None:
    """Show the orders and contracts that were made, oldest first."""
    wanted = {name: value for name, value in options.items() if value is not None}
    with shell.floor.read() as work:
        for name in wanted.keys() & {"buyer", "supplier"}:
            wanted[name] = work.participants.get(wanted[name]).id
        if "product" in wanted:
            wanted["product"] = work.products.get(wanted["product"]).number
        found = [
            each
            for each in work.trades.all()
            if all(getattr(each, name) == value for name, value in wanted.items())
        ]
        handles = {each.id: each.handle for each in work.participants.all()}
    if shell.as_json:
        shell.result({"trades": [trade_record(each) for each in found]})
        return
    shell.table(
        "Trades",
        ["=id", "=product", "buyer", "supplier", ">amount", "=state"],
        [
            (
                *(each.id, each.product, handles[each.buyer], handles[each.supplier]),
                *(each.amount, each.state),
            )
            for each in found
        ],
    )
    then = f"guapai show {found[-1].id}" if found else "guapai scenario list --state approved"
    shell.result({}, then=then)


@command(trade_group, "order")
@click.argument("quote_id")
@acting
def trade_order(shell: Shell, quote_id: str, handle: str) -> None:
    """Order at a quote; its terms are frozen by their digest."""
    trade = shell.desk(handle).order(quote_id)
    shell.result(
        trade_record(trade),
        f"{trade.id} is {trade.state}: {trade.amount}, terms {trade.terms[:16]}…",
        then=f"guapai trade accept {trade.id} --as SUPPLIER",
    )


@command(trade_group, "accept")
@click.argument("trade_id")
@acting
def trade_accept(shell: Shell, trade_id: str, handle: str) -> None:
    """Accept an order as its supplier: contract, escrow and use right in one transaction."""
    trade = shell.desk(handle).accept(trade_id)
    shell.result(
        trade_record(trade),
        f"{trade.id} is {trade.state}: escrow {trade.escrow}, use right until {trade.grant_until}",
        then=f"guapai deliver {trade.id} --as {handle}",
    )


@command(trade_group, "lapse")
@click.argument("trade_id")
@click.option("--reason", required=True)
@acting
def trade_lapse(shell: Shell, trade_id: str, reason: str, handle: str) -> None:
    """End an order before there is a contract."""
    trade = shell.desk(handle).lapse(trade_id, reason)
    shell.result(trade_record(trade), f"{trade.id} is {trade.state}")


@command(trade_group, "cancel")
@click.argument("trade_id")
@click.option("--reason", required=True)
@acting
def trade_cancel(shell: Shell, trade_id: str, reason: str, handle: str) -> None:
    """End a contract before its receipt, as the operator: the buyer gets its money back."""
    trade = shell.desk(handle).cancel(trade_id, reason)
    shell.result(trade_record(trade), f"{trade.id} is {trade.state}: escrow {trade.escrow}")


@command(main, "deliver")
@click.argument("trade_id")
@acting
def deliver_command(shell: Shell, trade_id: str, handle: str) -> None:
    """Seal the data of TRADE_ID to its buyer with age, and hand it in."""
    trade = shell.desk(handle).deliver(trade_id, shell.folder)
    shell.result(
        trade_record(trade),
        f"{trade.id}: delivered, sealed file {str(trade.sealed)[:16]}…",
        then=f"guapai receive {trade.id} --out FILE --as BUYER",
    )


@command(main, "receive")
@click.argument("trade_id")
@click.option("--out", required=True, help="Where the opened data goes.")
@acting
def receive_command(shell: Shell, trade_id: str, out: str, handle: str) -> None:
    """Open the delivery of TRADE_ID, check its digest, and sign the receipt."""
    target = Path(out)
    if target.exists():
        raise Conflict(f"{out} exists: choose another name")
    trade = shell.desk(handle).receive(trade_id, target)
    shell.result(
        trade_record(trade),
        f"{trade.id}: {out} has the digest of the contract; the receipt is signed",
        then=f"guapai settle {trade.id}",
    )


@command(main, "settle")
@click.argument("trade_id")
def settle_command(shell: Shell, trade_id: str) -> None:
    """Release the escrow of TRADE_ID: fee, supplier, contributors, to the last fen."""
    from exchange.services.settle import settle  # noqa: PLC0415 - the verb is the command's too

    floor = shell.house()
    trade, lines = settle(trade_id, floor=floor)
    record = {"trade": trade_record(trade), "lines": [line.to_record() for line in lines]}
    if shell.as_json:
        shell.result(record)
        return
    with floor.read() as work:
        handles = {each.id: each.handle for each in work.participants.all()}
    rows = [
        (handles.get(line.account.partition("/")[2], line.account), line.what, line.amount)
        for line in lines
    ]
    shell.table(f"Settlement of {trade.id}: {trade.amount}", ["to", "for", ">amount"], rows)
    click.echo(f"next: guapai certificate issue trade/{trade.id}", err=True)
