"""Commands for deals off the exchange (场外), settlement cycles and the guarantee fund."""

from __future__ import annotations

import datetime as dt
from typing import Any

import click

from exchange.clearing import Cycle, NetPosition
from exchange.cli import main
from exchange.cli.merchants import day_of
from exchange.cli.shell import Shell, acting, command, existing
from exchange.deals import Deal, DealTerms, Side
from exchange.errors import BadField
from exchange.records import to_record
from exchange.services.close_cycle import close_cycle, in_default
from exchange.services.keep_guarantee import fund, parts_of
from pricing.errors import PricingError
from pricing.money import Currency, Money

WAITS_DAYS = 7  # how long a filing can be confirmed, unless told otherwise


@main.group("deal")
def deal_group() -> None:
    """Deals made off the exchange: filed by one party, confirmed by the other."""


@main.group("cycle")
def cycle_group() -> None:
    """Settle by cycles: what is owed by a day, netted over all parties."""


@main.group("guarantee")
def guarantee_group() -> None:
    """Keep the guarantee fund: what members put in for the case that one cannot pay."""


def _money(text: str, where: str) -> Money:
    try:
        return Money.parse(text)
    except PricingError as error:
        raise BadField(where, str(error)) from error


def deal_record(deal: Deal) -> dict[str, Any]:
    """Return a deal as a JSON object."""
    return to_record(deal) | {"amount": deal.amount.to_record()}


def _said(shell: Shell, deal: Deal, then: str = "") -> None:
    how = f"due on {deal.due}" if deal.cleared else "filed only"
    words = f"{deal.id} is {deal.state}: {deal.amount}, {how}"
    shell.result(deal_record(deal), words, then=then)


@command(deal_group, "file")
@click.argument("other")
@click.option("--side", type=click.Choice([str(side) for side in Side]), required=True)
@click.option("--amount", required=True, help='Such as "600.00 CNY".')
@click.option("--due", required=True, metavar="DATE", help="The day of payment.")
@click.option("--purpose", required=True, help="What the data is used for; it is public.")
@click.option("--contract", required=True, metavar="FILE", help="Kept confidential.")
@click.option("--description", metavar="FILE", help="What is dealt in; kept confidential.")
@click.option("--product", default="", metavar="NUMBER", help="Where it is one registered here.")
@click.option("--scenario", default="", metavar="ID", help="Where one was approved here.")
@click.option("--only-filed", is_flag=True, help="Paid elsewhere: nothing clears here.")
@click.option("--days", default=WAITS_DAYS, show_default=True, help="How long it can be confirmed.")
@acting
def deal_file(shell: Shell, other: str, handle: str, **options: Any) -> None:
    """File a deal that was made with OTHER off the exchange, who is to confirm it."""
    until = shell.floor.clock() + dt.timedelta(days=options["days"])
    terms = DealTerms(
        side=Side(options["side"]),
        amount=_money(options["amount"], "--amount"),
        due=day_of(options["due"], "--due").isoformat(),
        until=f"{until:%Y-%m-%dT%H:%M:%SZ}",
        purpose=options["purpose"],
        cleared=not options["only_filed"],
        product=options["product"],
        scenario=options["scenario"],
    )
    contract = existing(options["contract"]).read_bytes()
    told = options["description"]
    description = existing(told).read_bytes() if told else b""
    filed = shell.desk(handle).file_deal(shell.participant(other), terms, contract, description)
    _said(shell, filed, f"guapai deal confirm {filed.id} --as {other}")


@command(deal_group, "confirm")
@click.argument("deal_id")
@acting
def deal_confirm(shell: Shell, deal_id: str, handle: str) -> None:
    """Confirm DEAL_ID, which names you; a cleared one is owed from then on."""
    deal = shell.desk(handle).confirm_deal(deal_id)
    _said(shell, deal, "guapai cycle close" if deal.cleared else "")


@command(deal_group, "decline")
@click.argument("deal_id")
@click.option("--reason", required=True)
@acting
def deal_decline(shell: Shell, deal_id: str, reason: str, handle: str) -> None:
    """End DEAL_ID before it was confirmed."""
    _said(shell, shell.desk(handle).decline_deal(deal_id, reason))


@command(deal_group, "end")
@click.argument("deal_id")
@click.option("--reason", required=True)
@acting
def deal_end(shell: Shell, deal_id: str, reason: str, handle: str) -> None:
    """End DEAL_ID, which was confirmed; what no cycle has netted is not owed any more."""
    _said(shell, shell.desk(handle).end_deal(deal_id, reason))


@command(deal_group, "list")
@click.option("--of", "handle", metavar="HANDLE", help="Only those of one party.")
def deal_list(shell: Shell, handle: str | None) -> None:
    """Show deals made off the exchange."""
    party = shell.participant(handle).id if handle else ""
    with shell.floor.read() as work:
        found = work.deals.of(party) if party else work.deals.all()
        handles = {each.id: each.handle for each in work.participants.all()}
    if shell.as_json:
        shell.result({"deals": [deal_record(each) for each in found]})
        return
    shell.table(
        "Deals off the exchange",
        ["=id", "buyer", "supplier", ">amount", "due", "clears here", "state"],
        [
            (
                *(each.id, handles[each.payer], handles[each.payee], each.amount, each.due),
                *("yes" if each.cleared else "no", each.state),
            )
            for each in found
        ],
    )


@command(deal_group, "owed")
@click.argument("owner")
def deal_owed(shell: Shell, owner: str) -> None:
    """Show what OWNER owes and is owed, and what its nets came to, cycle by cycle."""
    party = shell.participant(owner).id
    with shell.floor.read() as work:
        owed, nets = work.obligations.of(party), work.cycles.positions_of(party)
        default = in_default(party, work)
        handles = {each.id: each.handle for each in work.participants.all()}
    if shell.as_json:
        obligations = [to_record(one) | {"amount": one.amount.to_record()} for one in owed]
        positions = [to_record(position) for position in nets]
        shell.result({"obligations": obligations, "positions": positions, "in_default": default})
        return
    shell.table(
        f"What {owner} owes and is owed",
        ["=out of", "payer", "payee", ">amount", "due", "state"],
        [(o.source, handles[o.payer], handles[o.payee], o.amount, o.due, o.state) for o in owed],
    )
    shell.table(
        f"The nets of {owner}",
        ["=cycle", ">net", ">paid or received", ">lacked", ">of the fund", ">carried"],
        [_net_row(position) for position in nets],
    )
    if default:
        shell.say(f"{owner} is in default: deposit what it carries, then guapai cycle close")


def _net_row(position: NetPosition) -> tuple[object, ...]:
    currency = Currency(position.currency)
    amounts = (position.net, position.moved, position.lacked, position.used, position.carried)
    return position.cycle, *(Money(amount, currency) for amount in amounts)


@command(cycle_group, "close")
@click.option("--day", metavar="DATE", help="The day to net by; today if not given.")
def cycle_close(shell: Shell, day: str | None) -> None:
    """Close and settle the cycle of a day, as the house: net, pay, and be final."""
    floor = shell.house()
    wanted = day_of(day, "--day") if day else floor.clock().date()
    _show(shell, close_cycle(wanted, floor=floor))


@command(cycle_group, "show")
@click.argument("day")
def cycle_show(shell: Shell, day: str) -> None:
    """Show the cycle of DAY: totals, no parties."""
    with shell.floor.read() as work:
        found = work.cycles.get(day_of(day, "DAY").isoformat())
    _show(shell, found)


@command(cycle_group, "list")
def cycle_list(shell: Shell) -> None:
    """Show all settlement cycles."""
    with shell.floor.read() as work:
        found = work.cycles.all()
    if shell.as_json:
        shell.result({"cycles": [cycle_record(each) for each in found]})
        return
    shell.table(
        "Settlement cycles",
        ["=day", ">obligations", ">parties", ">in default", "gross"],
        [(each.day, each.obligations, each.parties, each.defaults, _gross(each)) for each in found],
    )


def _gross(cycle: Cycle) -> str:
    return ", ".join(str(total.gross) for total in cycle.totals)


def cycle_record(cycle: Cycle) -> dict[str, Any]:
    """Return a cycle as a JSON object."""
    return to_record(cycle) | {"totals": [total.to_record() for total in cycle.totals]}


def _show(shell: Shell, cycle: Cycle) -> None:
    if shell.as_json:
        shell.result(cycle_record(cycle))
        return
    shell.table(
        f"Cycle of {cycle.day}: {cycle.obligations} obligations of {cycle.parties} parties, "
        f"{cycle.defaults} in default",
        [">gross", ">net", ">paid", ">of the fund", ">received", ">carried"],
        [(t.gross, t.net, t.paid, t.used, t.received, t.carried) for t in cycle.totals],
    )
    shell.say("it is final; each party reads its own: guapai deal owed HANDLE")


@command(guarantee_group, "add")
@click.argument("amount")
@acting
def guarantee_add(shell: Shell, amount: str, handle: str) -> None:
    """Put AMOUNT of your account into the guarantee fund."""
    part = shell.desk(handle).contribute(_money(amount, "AMOUNT"))
    words = f"{handle} has {part} in the guarantee fund"
    shell.result({"owner": handle, "part": part.to_record()}, words)


@command(guarantee_group, "return")
@click.argument("amount")
@acting
def guarantee_return(shell: Shell, amount: str, handle: str) -> None:
    """Take AMOUNT out of your part of the guarantee fund."""
    part = shell.desk(handle).take_back(_money(amount, "AMOUNT"))
    words = f"{handle} has {part} in the guarantee fund"
    shell.result({"owner": handle, "part": part.to_record()}, words)


@command(guarantee_group, "show")
@click.option("--of", "owner", metavar="HANDLE", help="One participant's part.")
def guarantee_show(shell: Shell, owner: str | None) -> None:
    """Show what the guarantee fund holds."""
    party = shell.participant(owner).id if owner else ""
    with shell.floor.read() as work:
        held = fund(work)
        parts = parts_of(party, work) if party else []
    record: dict[str, Any] = {
        "fund": [
            {"total": each.total.to_record(), "members": each.members} for each in held.values()
        ]
    }
    if owner:
        words = [f"{owner} has {part} in the guarantee fund" for part in parts]
        shell.result(
            record | {"owner": owner, "parts": [part.to_record() for part in parts]},
            *(words or [f"{owner} has nothing in the guarantee fund"]),
        )
        return
    words = [f"{each.total} of {each.members} members" for each in held.values()]
    shell.result(record, *(words or ["the guarantee fund is empty"]))
