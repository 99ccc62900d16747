"""Money on the command line: withdrawals, credit, fees and statements."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import Any

import click

from exchange.clearing import Withdrawal
from exchange.clearing.fees import FeeSchedule, percent
from exchange.clearing.statements import Period
from exchange.cli import main
from exchange.cli.house import account_group
from exchange.cli.shell import Shell, acting, command, existing
from exchange.errors import BadField
from exchange.payments import Payee
from exchange.records import to_record
from exchange.services.publish_fees import Published, published_fees
from exchange.services.state_account import state_account
from pricing.errors import PricingError
from pricing.money import Currency, Money


def _money(text: str, field: str) -> Money:
    try:
        return Money.parse(text)
    except PricingError as error:
        raise BadField(field, str(error)) from error


def _withdrawal(withdrawal: Withdrawal) -> dict[str, Any]:
    return to_record(withdrawal)


@command(account_group, "request")
@click.argument("amount")
@click.option("--payee", required=True, help="Whose account is paid; kept confidential.")
@click.option("--account", required=True, help="Its account at a bank; kept confidential.")
@acting
def account_request(shell: Shell, amount: str, payee: str, account: str, handle: str) -> None:
    """Ask for AMOUNT of one's own free money to be paid out by the bank."""
    money = _money(amount, "AMOUNT")
    asked = shell.desk(handle).request_withdrawal(money, Payee(payee, account))
    words = f"{money} are set aside under {asked.id}"
    shell.result(_withdrawal(asked), words, then="guapai bank poll")


@command(account_group, "withdrawals")
@click.argument("owner")
def account_withdrawals(shell: Shell, owner: str) -> None:
    """List OWNER's withdrawals and what became of them."""
    participant = shell.participant(owner)
    with shell.floor.read() as work:
        found = work.withdrawals.of(participant.id)
    if shell.as_json:
        shell.result({"withdrawals": [_withdrawal(each) for each in found]})
        return
    columns = ["=withdrawal", ">amount", "state", "asked at", "reason"]
    rows = [(w.id, w.amount, w.state, w.asked_at, w.reason) for w in found]
    shell.table(f"Withdrawals of {participant.handle}", columns, rows)


@command(account_group, "credit")
@click.argument("owner")
@click.argument("limit")
@click.option("--reason", required=True, help="Why; kept confidential.")
@acting
def account_credit(shell: Shell, owner: str, limit: str, reason: str, handle: str) -> None:
    """Let OWNER's account fall to minus LIMIT, such as "50000.00 CNY", and no further."""
    money = _money(limit, "LIMIT")
    left = shell.desk(handle).set_credit(shell.participant(owner), money, reason)
    record = {"owner": owner, "limit": money.to_record(), "spendable": left.to_record()}
    shell.result(record, f"{owner} may fall to minus {money} and can spend {left}")


@main.group("fees")
def fees_group() -> None:
    """Fees of the exchange: the public schedule."""


def _schedule(published: Published) -> dict[str, Any]:
    return {
        "entry": published.entry.index if published.entry.place is not None else None,
        "digest": published.schedule.digest,
        "schedule": to_record(published.schedule),
    }


@command(fees_group, "publish")
@click.argument("file")
@acting
def fees_publish(shell: Shell, file: str, handle: str) -> None:
    """Publish the schedule in FILE, a TOML file, at least seven days before it begins."""
    from exchange.formats.fee_file import read_fees  # noqa: PLC0415 - of this command alone

    made = shell.desk(handle).publish_fees(read_fees(existing(file)))
    schedule = made.schedule
    words = f"the fees of schedule {schedule.version} hold for prices quoted from {schedule.since}"
    shell.result(_schedule(made), words, then="guapai fees show")


@command(fees_group, "show")
def fees_show(shell: Shell) -> None:
    """Show what the exchange keeps: every schedule, the one that begins last first."""
    with shell.floor.read() as work:
        found = published_fees(work, shell.floor)
    house = shell.floor.house.fee_ppm
    if shell.as_json:
        shell.result({"fee_ppm": house, "schedules": [_schedule(each) for each in found]})
        return
    if not found:
        shell.say(
            f"no schedule is published: the fee of the house is {percent(house)} % of a price"
        )
    for each in found:
        _show(shell, each.schedule)


def _show(shell: Shell, schedule: FeeSchedule) -> None:
    tax = f"{schedule.tax.name} {percent(schedule.tax.ppm)} %" if schedule.tax else "no tax"
    title = f"Schedule {schedule.version}, for prices quoted from {schedule.since}; {tax} on fees"
    rows: list[tuple[object, ...]] = [
        (mode, "trade", f"{percent(fee.ppm)} %", fee.minimum, fee.maximum)
        for mode, fee in schedule.trading.items()
    ]
    rows += [(name, "service", amount, None, None) for name, amount in schedule.services.items()]
    shell.table(title, ["for", "fee of the", ">fee", ">at least", ">at most"], rows)


@command(main, "statement")
@click.argument("owner")
@click.option("--from", "first", required=True, metavar="DAY", help="The first day, UTC.")
@click.option("--until", "last", required=True, metavar="DAY", help="The last day, UTC.")
@click.option("--format", "form", type=click.Choice(["csv", "pdf"]), help="Else a table.")
@click.option("--currency", default="CNY", show_default=True, type=click.Choice(list(Currency)))
@click.option("--lang", default="zh", show_default=True, type=click.Choice(["zh", "en"]))
@click.option("--out", metavar="FILE", help="Where to write it, else to standard output.")
def statement_command(shell: Shell, owner: str, **options: Any) -> None:
    """State OWNER's account in a period, reconciled with the chain entry by entry."""
    period = Period(_day(options["first"], "--from"), _day(options["last"], "--until"))
    currency = Currency(options["currency"])
    made = state_account(owner, period, floor=shell.floor, currency=currency)
    if options["form"]:
        from exchange.formats.statement import export_statement  # noqa: PLC0415 - typst is slow

        data = export_statement(made, options["form"], options["lang"])
        if options["out"]:
            Path(options["out"]).write_bytes(data)
            shell.say(f"{options['out']}: {len(made.lines)} movements, {made.closing} at the end")
        else:
            sys.stdout.buffer.write(data)
        return
    if shell.as_json:
        shell.result(to_record(made))
        return
    columns = ["time", "what", "with", ">entry", ">amount", ">balance"]
    rows: list[tuple[object, ...]] = [("", "opening balance", "", "", "", made.opening)]
    rows += [
        (each.time, each.what, each.counterpart, each.place, each.amount, each.balance)
        for each in made.lines
    ]
    rows += [("", "closing balance", "", "", "", made.closing)]
    shell.table(f"{made.name}: {period.first} to {period.last}, UTC", columns, rows)
    if made.pending.minor:
        shell.say(f"{made.pending} of it are pending")


def _day(text: str, option: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise BadField(option, f"{text!r} is not a day such as 2026-01-31") from error
