"""The bank: asking it, what waits for it, and telling the simulated one how to behave."""

from __future__ import annotations

from typing import Any

import click

from exchange.bank import Manners, SimulatedBank
from exchange.cli import main
from exchange.cli.shell import Shell, acting, command
from exchange.errors import BadField, Forbidden, Refused
from exchange.payments import Notice
from exchange.records import to_record
from exchange.services.ask_bank import ask_bank, claim
from pricing.errors import PricingError
from pricing.money import Money


@main.group("bank")
def bank_group() -> None:
    """Bank of the participants' money: ask it, and see what waits for it."""


def _notice(notice: Notice) -> dict[str, Any]:
    return {
        "id": notice.id,
        "reference": notice.reference,
        "account": notice.account,
        "amount": notice.amount.to_record(),
        "value_time": notice.value_time,
    }


@command(bank_group, "poll")
@click.pass_context
def bank_poll(context: click.Context, shell: Shell) -> None:
    """Hand in what waits, and take the bank's word on what was paid, failed and came in.

    A job to be run again and again: what was done is not done twice, what cannot be done is told
    and tried again by the next run.
    """
    found = ask_bank(floor=shell.house())
    record = {
        "handed_in": list(found.handed_in),
        "paid": list(found.paid),
        "failed": list(found.failed),
        "credited": [_notice(each) for each in found.credited],
        "repeated": [_notice(each) for each in found.repeated],
        "unclaimed": [_notice(each) for each in found.unclaimed],
        "faults": list(found.faults),
    }
    lines = [f"{key} was handed in" for key in found.handed_in]
    lines += [f"{key} was paid" for key in found.paid]
    lines += [f"{key} failed and is free again" for key in found.failed]
    lines += [f"{each.account} is credited with {each.amount}" for each in found.credited]
    lines += [f"{each.reference} was credited before" for each in found.repeated]
    lines += [f"{each.amount} came in for {each.account}: unknown" for each in found.unclaimed]
    lines += [f"fault: {words}" for words in found.faults]
    after = "guapai bank show" if found.unclaimed or found.faults else ""
    shell.result(record, *(lines or ["the bank says nothing more"]), then=after)
    if found.faults:
        context.exit(1)


@command(bank_group, "show")
def bank_show(shell: Shell) -> None:
    """Show what waits: withdrawals that the bank has not ended, and money for nobody known."""
    provider = shell.floor.payments()
    with shell.floor.read() as work:
        waiting, unclaimed = work.withdrawals.open(), work.unclaimed.all()
        names = {each.owner: work.participants.get(each.owner).handle for each in waiting}
    if shell.as_json:
        shell.result(
            {
                "provider": provider.name,
                "withdrawals": [to_record(each) for each in waiting],
                "unclaimed": [_notice(each) for each in unclaimed],
            }
        )
        return
    rows = [(w.id, names[w.owner], w.amount, w.asked_at) for w in waiting]
    columns = ["=withdrawal", "owner", ">amount", "asked at"]
    shell.table(f"Withdrawals that wait for {provider.name}", columns, rows)
    found = [(n.id, n.account, n.amount, n.reference, n.value_time) for n in unclaimed]
    columns = ["notice", "for", ">amount", "reference", "value time"]
    shell.table("Came in for nobody who is known", columns, found)


@command(bank_group, "claim")
@click.argument("notice")
@click.argument("owner")
@acting
def bank_claim(shell: Shell, notice: str, owner: str, handle: str) -> None:
    """Credit OWNER with money that came in for nobody who was known."""
    if not shell.is_operator(shell.participant(handle)):
        raise Forbidden(f"{handle} is not the operator")
    credited = claim(notice, owner, floor=shell.house())
    shell.result(_notice(credited), f"{owner} is credited with {credited.amount}")


def _simulated(shell: Shell) -> SimulatedBank:
    provider = shell.floor.payments()
    if not isinstance(provider, SimulatedBank):
        raise Refused(f"{provider.name} is no simulated bank: nobody tells it what to do")
    return provider


@command(bank_group, "receive")
@click.argument("account")
@click.argument("amount")
@click.option("--reference", required=True, help="The bank's reference: one payment for good.")
def bank_receive(shell: Shell, account: str, amount: str, reference: str) -> None:
    """Let somebody pay AMOUNT into the simulated bank for ACCOUNT, a handle or an id."""
    try:
        money = Money.parse(amount)
    except PricingError as error:
        raise BadField("AMOUNT", str(error)) from error
    _simulated(shell).receive(account, money, reference)
    record = {"account": account, "amount": money.to_record(), "reference": reference}
    words = f"{money} came in for {account} at the bank"
    shell.result(record, words, then="guapai bank poll")


@command(bank_group, "behave")
@click.option("--seed", help="What decides which orders fail, which answers are lost.")
@click.option("--late-seconds", type=int, help="How long until it says what became of anything.")
@click.option("--failing-ppm", type=int, help="How many of a million orders come back.")
@click.option("--losing-ppm", type=int, help="How many of a million answers are lost.")
@click.option("--twice/--once", default=None, help="Whether it tells of each payment twice.")
@click.option("--shuffled/--in-order", default=None, help="Whether it tells out of order.")
def bank_behave(shell: Shell, **told: Any) -> None:
    """Tell the simulated bank how to behave from here on; without options, show how it does."""
    changes = {name: value for name, value in told.items() if value is not None}
    bank = _simulated(shell)
    manners: Manners = bank.behave(**changes) if changes else bank.manners
    record = to_record(manners)
    shell.result(record, *(f"{name}: {value}" for name, value in record.items()))
