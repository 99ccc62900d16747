"""Commands for agreements: refund, dispute, arbitrate, amend, end, retire; and the job of time."""

from __future__ import annotations

import hashlib
from pathlib import Path

import click

from exchange.amendments import AmendmentState, Changes, PartOffer
from exchange.cli import main
from exchange.cli.shell import Shell, acting, command
from exchange.cli.trades import trade_group, trade_record
from exchange.errors import BadField
from exchange.records import to_record
from exchange.services.amend_trade import AMENDABLE, amendments_beside
from exchange.trading import Terms, Trade
from ledger.agreeing import CAUSES
from pricing.errors import PricingError
from pricing.money import Money


def amount_of(text: str, option: str) -> Money:
    """Read an amount such as ``1000.00 CNY``, or raise `BadField` naming the option."""
    try:
        return Money.parse(text)
    except PricingError as error:
        raise BadField(option, str(error)) from error


def _told(shell: Shell, trade: Trade, then: str = "") -> None:
    words = f"{trade.id} is {trade.state}: escrow {trade.escrow}, {trade.held} held"
    if trade.reversal:
        words += f", {trade.money(trade.reversal)} awarded and not paid yet"
    shell.result(trade_record(trade), words, then=then)


@command(trade_group, "refund")
@click.argument("trade_id")
@click.option("--amount", required=True, help="Such as '100.00 CNY'.")
@click.option("--reason", required=True)
@acting
def trade_refund(shell: Shell, trade_id: str, amount: str, reason: str, handle: str) -> None:
    """Give the buyer money back as the supplier: out of escrow, or of what was paid."""
    _told(shell, shell.desk(handle).refund(trade_id, amount_of(amount, "amount"), reason))


@command(trade_group, "claim")
@click.argument("trade_id")
@acting
def trade_claim(shell: Shell, trade_id: str, handle: str) -> None:
    """Take the money of what was not delivered in time, as the buyer."""
    _told(shell, shell.desk(handle).claim_refund(trade_id))


@command(trade_group, "dispute")
@click.argument("trade_id")
@click.option("--grounds", required=True, help="Kept confidential; the chain commits to it.")
@click.option("--evidence", multiple=True, help="A file that proves it: its digest is named.")
@acting
def trade_dispute(
    shell: Shell, trade_id: str, grounds: str, evidence: tuple[str, ...], handle: str
) -> None:
    """Dispute a contract's performance: everything about TRADE_ID stands still."""
    digests = [hashlib.sha256(Path(name).read_bytes()).hexdigest() for name in evidence]
    trade = shell.desk(handle).dispute_trade(trade_id, grounds, digests)
    _told(shell, trade, f"guapai trade arbitrate {trade.id} --back AMOUNT --as ARBITER")


@command(trade_group, "undispute")
@click.argument("trade_id")
@click.option("--reason", required=True)
@acting
def trade_undispute(shell: Shell, trade_id: str, reason: str, handle: str) -> None:
    """Withdraw a dispute of your own; the buyer's time to answer begins again."""
    _told(shell, shell.desk(handle).undispute(trade_id, reason))


@command(trade_group, "arbitrate")
@click.argument("trade_id")
@click.option("--back", required=True, help="What of the escrow the buyer gets.")
@click.option("--reversal", help="What of the money already paid the buyer gets.")
@click.option("--reasons", required=True, help="Kept confidential; the chain commits to them.")
@acting
def trade_arbitrate(
    shell: Shell, trade_id: str, back: str, reversal: str | None, reasons: str, handle: str
) -> None:
    """Decide a dispute, as the operator or an arbiter; the supplier gets the rest of the escrow."""
    trade = shell.desk(handle).arbitrate(
        trade_id,
        back=amount_of(back, "back"),
        reversal=amount_of(reversal, "reversal") if reversal else None,
        reasons=reasons,
    )
    _told(shell, trade)


@command(trade_group, "amend")
@click.argument("trade_id")
@click.option("--amount", help="Another price.")
@click.option("--term-days", type=int, help="Another term of the use right, within the scenario.")
@click.option("--acceptance-seconds", type=int, help="The buyer's time to answer a delivery.")
@click.option(
    "--part",
    "parts",
    multiple=True,
    help="A part as 'AMOUNT,BYTES,DAYS', such as '500.00 CNY,1000,30'; all of them, in order.",
)
@acting
def trade_amend(
    shell: Shell,
    trade_id: str,
    amount: str | None,
    term_days: int | None,
    acceptance_seconds: int | None,
    parts: tuple[str, ...],
    handle: str,
) -> None:
    """Propose other terms for TRADE_ID; they hold once the other party has accepted."""
    price = amount_of(amount, "amount") if amount else None
    changes = Changes(price, term_days, acceptance_seconds, tuple(map(_part, parts)))
    amendment = shell.desk(handle).propose(trade_id, changes)
    shell.result(
        {"leaf": amendment.leaf, "terms": to_record(amendment.terms)},
        f"{trade_id}: terms {amendment.terms.digest[:16]}… are proposed",
        then=f"guapai trade amendments {trade_id}",
    )


@command(trade_group, "amendments")
@click.argument("trade_id")
def trade_amendments(shell: Shell, trade_id: str) -> None:
    """Show what was proposed for TRADE_ID, each term before and as proposed; oldest first."""
    lines, record, after = [], [], ""
    with shell.floor.read() as work:
        trade = work.trades.get(trade_id)
        for each, before in amendments_beside(trade, work):
            by = work.participants.get(each.by).handle
            lines.append(f"{each.leaf[:16]}… by {by} at {each.proposed_at}: {each.state}")
            lines += _apart(before, each.terms)
            agreed = {"before": to_record(before), "terms": to_record(each.terms)}
            record.append(to_record(each) | {"by": by} | agreed)
            if each.state is AmendmentState.PROPOSED:
                other = trade.supplier if each.by == trade.buyer else trade.buyer
                handle = work.participants.get(other).handle
                after = f"guapai trade accept-amendment {trade_id} --as {handle}"
    lines = lines or [f"{trade_id}: no amendment was proposed"]
    shell.result({"amendments": record}, *lines, then=after)


def _apart(before: Terms, proposed: Terms) -> list[str]:
    """Return a line for each term that would change: as it was, and as it is proposed."""
    return [
        f"  {name}: {_term(before, name)} -> {_term(proposed, name)}"
        for name in sorted(AMENDABLE)
        if getattr(before, name) != getattr(proposed, name)
    ] or ["  nothing would change"]


def _term(terms: Terms, name: str) -> str:
    if name != "parts":
        return str(getattr(terms, name))
    parts = (f"{part.amount}, {part.bytes} bytes, {part.days} days" for part in terms.parts)
    return "; ".join(parts) or "whole"


def _part(text: str) -> PartOffer:
    try:
        amount, size, days = text.rsplit(",", 2)
        return PartOffer(amount_of(amount, "part"), int(size), int(days))
    except ValueError as error:
        raise BadField("part", f"AMOUNT,BYTES,DAYS: {error}") from error


@command(trade_group, "accept-amendment")
@click.argument("trade_id")
@acting
def trade_accept_amendment(shell: Shell, trade_id: str, handle: str) -> None:
    """Sign the terms that the other party proposed: they hold from here on."""
    trade = shell.desk(handle).accept_amendment(trade_id)
    _told(shell, trade, f"guapai deliver {trade.id} --as SUPPLIER")


@command(trade_group, "decline-amendment")
@click.argument("trade_id")
@click.option("--reason", required=True)
@acting
def trade_decline_amendment(shell: Shell, trade_id: str, reason: str, handle: str) -> None:
    """Decline a proposal, or withdraw your own."""
    _told(shell, shell.desk(handle).decline_amendment(trade_id, reason))


@command(trade_group, "end")
@click.argument("trade_id")
@click.option("--cause", required=True, type=click.Choice(CAUSES), help="Why.")
@click.option("--reason", required=True, help="In words, for everybody to read.")
@acting
def trade_end(shell: Shell, trade_id: str, cause: str, reason: str, handle: str) -> None:
    """End a contract: in 30 days with notice, at once for a cause."""
    trade = shell.desk(handle).end(trade_id, cause, reason)
    shell.say(f"the use right ends at {trade.grant_until}")
    _told(shell, trade, f"guapai trade retire {trade.id} --reason REASON --as OPERATOR")


@command(trade_group, "retire")
@click.argument("trade_id")
@click.option("--reason", required=True)
@acting
def trade_retire(shell: Shell, trade_id: str, reason: str, handle: str) -> None:
    """Close the file of a contract that is over, as the operator."""
    _told(shell, shell.desk(handle).retire(trade_id, reason))


@command(main, "release")
def release_command(shell: Shell) -> None:
    """Accept by silence, settle and refund what time has made due; run it from time to time."""
    from exchange.services.release_due import release_due  # noqa: PLC0415 - for this alone

    due = release_due(floor=shell.house())
    for words in due.failed:
        shell.say(words)
    done = {"deemed": due.deemed, "settled": due.settled, "refunded": due.refunded}
    counts = ", ".join(f"{len(trades)} {word}" for word, trades in done.items())
    record = {word: [trade.id for trade in trades] for word, trades in done.items()}
    shell.result(record | {"failed": list(due.failed)}, counts)
