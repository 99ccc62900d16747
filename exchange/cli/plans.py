"""Commands for plans: periods of subscriptions, and use that is metered and billed."""

from __future__ import annotations

import json
from typing import Any

import click

from exchange.cli import main
from exchange.cli.shell import Shell, acting, command, existing
from exchange.errors import BadField, Unreadable
from exchange.records import to_record
from exchange.services.bill_usage import bill_due, bill_usage, close_usage
from exchange.services.meter_usage import Metered, metered
from exchange.services.renew_subscription import periods_of, renew, renew_due, settle_periods
from exchange.subscriptions import Subscription
from pricing.billing import UsageEvent
from pricing.errors import PricingError
from pricing.wire import from_wire


@main.group("subscription")
def subscription_group() -> None:
    """Subscriptions: authorised by the buyer, renewed at their frozen terms, ended by notice."""


def subscription_record(found: Subscription) -> dict[str, Any]:
    """Return a subscription as a JSON object."""
    return to_record(found) | {"amount": found.amount.to_record()}


def _said(shell: Shell, found: Subscription, then: str = "") -> None:
    words = (
        f"{found.trade} is {found.state}: period {found.period} of {found.periods} until"
        f" {found.until}, {found.amount} each"
    )
    shell.result(subscription_record(found), words, then=then)


@command(subscription_group, "authorise")
@click.argument("trade_id")
@click.option("--periods", type=int, required=True, help="How many in all, the first included.")
@acting
def subscription_authorise(shell: Shell, trade_id: str, periods: int, handle: str) -> None:
    """Let the exchange charge further periods of TRADE_ID, as its buyer."""
    allowed = shell.desk(handle).authorise(trade_id, periods)
    _said(shell, allowed, f"guapai subscription show {trade_id}")


@command(subscription_group, "renew")
@click.argument("trade_id", required=False)
def subscription_renew(shell: Shell, trade_id: str | None) -> None:
    """Charge and settle whatever is due, of all subscriptions or of TRADE_ID, as the house."""
    floor = shell.house()
    if trade_id:
        renew(trade_id, floor=floor)
        _said(shell, settle_periods(trade_id, floor=floor))
        return
    found = renew_due(floor=floor)
    record = {
        "changed": [subscription_record(each) for each in found.changed],
        "refused": [{"trade": trade, "reason": reason} for trade, reason in found.refused],
    }
    lines = [f"{each.trade}: {each.state}, period {each.period}" for each in found.changed]
    lines += [f"{trade}: {reason}" for trade, reason in found.refused]
    shell.result(record, *(lines or ["nothing is due"]))


@command(subscription_group, "end")
@click.argument("trade_id")
@click.option("--reason", required=True)
@acting
def subscription_end(shell: Shell, trade_id: str, reason: str, handle: str) -> None:
    """Give notice: the period of TRADE_ID that is paid for is the last."""
    _said(shell, shell.desk(handle).end_subscription(trade_id, reason))


@command(subscription_group, "refund")
@click.argument("trade_id")
@click.option("--reason", required=True)
@acting
def subscription_refund(shell: Shell, trade_id: str, reason: str, handle: str) -> None:
    """Give the next fee of TRADE_ID that is held back to its buyer, as the operator."""
    _said(shell, shell.desk(handle).refund_period(trade_id, reason))


@command(subscription_group, "show")
@click.argument("trade_id")
def subscription_show(shell: Shell, trade_id: str) -> None:
    """Show the periods of TRADE_ID: from when to when, for what fee, and where the fee is."""
    with shell.floor.read() as work:
        found, periods = work.subscriptions.get(trade_id), periods_of(trade_id, work)
    if shell.as_json:
        shown = [to_record(each) | {"amount": each.amount.to_record()} for each in periods]
        shell.result(subscription_record(found) | {"charged": shown})
        return
    shell.table(
        f"{trade_id} is {found.state}: {len(periods)} of {found.periods} periods",
        [">period", "=since", "=until", ">fee", "fee is"],
        [(each.period, each.since, each.until, each.amount, each.paid_out) for each in periods],
    )
    if found.reason:
        shell.say(found.reason)


@main.group("usage")
def usage_group() -> None:
    """Use: metered in batches, contested, billed under the plan of the contract."""


def usage_record(found: Metered) -> dict[str, Any]:
    """Return what is known of a trade's use as a JSON object."""
    batches = [
        dict(batch.facts) | {"recorded_at": batch.time, "standing": standing}
        for batch, standing in zip(found.batches, found.standing, strict=True)
    ]
    return {
        "trade": found.trade.id,
        "plan": found.plan.to_record(),
        "since": found.since,
        "until": found.until,
        "budget": found.trade.amount.to_record(),
        "left": found.trade.held.to_record(),
        "closed": found.closed,
        "batches": batches,
        "bills": [to_record(bill) for bill in found.bills],
    }


def _shown(shell: Shell, found: Metered, then: str = "") -> None:
    trade = found.trade
    state = "closed" if found.closed else f"until {found.until}"
    words = (
        f"{trade.id}: {len(found.batches)} batches, {len(found.bills)} bills, {trade.held} of"
        f" {trade.amount} left, {state}"
    )
    shell.result(usage_record(found), words, then=then)


@command(usage_group, "meter")
@click.argument("trade_id")
@click.argument("file")
@click.option("--until", default="", metavar="TIME", help="The end of the span, now if not given.")
@click.option("--engagement", default="", help="By which you serve it, where you do not supply it.")
@acting
def usage_meter(
    shell: Shell, trade_id: str, file: str, until: str, engagement: str, handle: str
) -> None:
    """Hand in the events of FILE (JSON) as the next batch of TRADE_ID, as who serves it."""
    try:
        events = from_wire(tuple[UsageEvent, ...], json.loads(existing(file).read_bytes()))
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"{file}: not JSON: {error}") from error
    except PricingError as error:
        raise BadField("events", str(error)) from error
    desk = shell.desk(handle)
    found = desk.meter(trade_id, events, until=until, engagement=engagement)
    _shown(shell, found, f"guapai usage show {trade_id}")


@command(usage_group, "contest")
@click.argument("trade_id")
@click.argument("sequence", type=int)
@click.option("--reason", required=True)
@acting
def usage_contest(shell: Shell, trade_id: str, sequence: int, reason: str, handle: str) -> None:
    """Deny batch SEQUENCE of TRADE_ID, as its buyer."""
    _shown(shell, shell.desk(handle).contest(trade_id, sequence, reason))


@command(usage_group, "decide")
@click.argument("trade_id")
@click.argument("sequence", type=int)
@click.option("--outcome", required=True, type=click.Choice(["stands", "struck"]))
@click.option("--reason", required=True)
@acting
def usage_decide(
    shell: Shell, trade_id: str, sequence: int, outcome: str, reason: str, handle: str
) -> None:
    """Decide on a contested batch of TRADE_ID, as the operator."""
    _shown(shell, shell.desk(handle).decide(trade_id, sequence, outcome, reason))


@command(usage_group, "bill")
@click.argument("trade_id", required=False)
@click.option("--close", is_flag=True, help="The last bill; what is left goes back to the buyer.")
def usage_bill(shell: Shell, trade_id: str | None, *, close: bool) -> None:
    """Bill whatever is due, of all use or of TRADE_ID, and close what is over, as the house."""
    floor = shell.house()
    if trade_id:
        _shown(shell, (close_usage if close else bill_usage)(trade_id, floor=floor))
        return
    found = bill_due(floor=floor)
    record = {
        "billed": [usage_record(each) for each in found.billed],
        "refused": [{"trade": trade, "reason": reason} for trade, reason in found.refused],
    }
    lines = [f"{e.trade.id}: {len(e.bills)} bills, {e.trade.held} left" for e in found.billed]
    lines += [f"{trade}: {reason}" for trade, reason in found.refused]
    shell.result(record, *(lines or ["nothing is due"]))


@command(usage_group, "end")
@click.argument("trade_id")
@click.option("--reason", required=True)
@acting
def usage_end(shell: Shell, trade_id: str, reason: str, handle: str) -> None:
    """End the use of TRADE_ID as of now; what was used is billed."""
    _shown(shell, shell.desk(handle).end_usage(trade_id, reason))


@command(usage_group, "show")
@click.argument("trade_id")
def usage_show(shell: Shell, trade_id: str) -> None:
    """Show the batches and the bills of TRADE_ID."""
    with shell.floor.read() as work:
        found = metered(trade_id, work=work, floor=shell.floor)
    if shell.as_json:
        shell.result(usage_record(found))
        return
    shell.table(
        f"Use of {trade_id}",
        [">batch", "=since", "=until", ">found", ">missed", "standing"],
        [
            (*(batch.facts[name] for name in _COLUMNS), standing)
            for batch, standing in zip(found.batches, found.standing, strict=True)
        ],
    )
    shell.table(
        f"Bills of {trade_id}: {found.trade.held} of {found.trade.amount} left",
        [">bill", "=until", ">due in all", ">taken"],
        [(bill.number, bill.until, bill.due, bill.amount) for bill in found.bills],
    )
    shell.say(f"computed again by anyone: guapai price replay {trade_id}")


_COLUMNS = ("sequence", "since", "until", "found", "missed")
