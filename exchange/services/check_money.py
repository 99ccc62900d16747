"""Checking the money: what must be true of it at any moment, asked of the books and of the chain.

Nothing here moves anything, so an operator runs it as often as it likes, beside whatever goes on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from exchange.clearing import OUTSIDE, EscrowState, Journal, escrow
from exchange.ports import Floor, UnitOfWork
from exchange.services.audit_provenance import reconcile
from exchange.services.compare_books import compare_books, entries_of
from ledger.dues import Dues
from pricing.money import Currency

Flows = Counter[tuple[str, Currency]]

_ESCROW: Final = escrow("")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must be true, in words, and what breaks it."""

    rule: str
    faults: tuple[str, ...]


def check_money(*, floor: Floor) -> Sequence[Check]:
    """Return every check of the money with its faults; none of them has any where all is well."""
    with floor.read() as work:
        journals, balances = work.accounts.journals(), work.accounts.balances()
        held = Counter[Currency]()
        for trade in work.trades.all():
            if trade.escrow is EscrowState.HELD:
                held[trade.held.currency] += trade.held.minor
        for subscription in work.subscriptions.all():
            held[subscription.held.currency] += subscription.held.minor
        for engagement in work.engagements.all():
            if engagement.holds:
                held[engagement.fee.currency] += engagement.fee.minor
        left = {
            (account, currency): work.accounts.spendable(account, currency)
            for account, currency in balances
            if account != OUTSIDE
        }
        unpaid = _unpaid(work)
    return (
        Check("the books agree with themselves and with the chain", reconcile(floor=floor).faults),
        Check("the chain alone comes to the same balances", compare_books(floor=floor).faults),
        Check(
            "no account is below its limit",
            tuple(
                f"{account}: {money} may leave it"
                for (account, _), money in sorted(left.items())
                if money.minor < 0
            ),
        ),
        Check("no escrow is filled or emptied twice", tuple(_twice(journals))),
        Check("what was paid in was paid out or is held", tuple(_flows(journals, held))),
        Check("every service that was used was paid for", unpaid),
    )


def _unpaid(work: UnitOfWork) -> tuple[str, ...]:
    """Return each act that owes a fee for a service which was not charged."""
    dues = Dues()
    for entry in entries_of(work):
        dues.take(entry)
    return tuple(
        f"{act.named}: {due.fee} {due.currency} for the {due.service} were not charged"
        for act, due in dues.unpaid.values()
    )


def _twice(journals: Sequence[Journal]) -> Iterator[str]:
    """Yield each escrow that an entry filled twice, or that paid out more than was in it.

    A price that is amended fills one again, and so does every further period, by other entries.
    """
    held: Flows = Counter()
    filled: set[tuple[str, Currency, str]] = set()
    for journal in journals:
        for posting in journal.postings:
            key = posting.account, posting.amount.currency
            if not posting.account.startswith(_ESCROW):
                continue
            held[key] += posting.amount.minor
            if posting.amount.minor > 0:
                filling = *key, journal.entry
                if filling in filled:
                    yield f"{posting.account} was filled again by {journal.what}"
                filled.add(filling)
            if held[key] < 0:
                yield f"{posting.account} paid out more than was in it: {journal.what}"


def _flows(journals: Sequence[Journal], held: Counter[Currency]) -> Iterator[str]:
    """Yield each currency in which what escrows paid out and contracts hold is not what came in."""
    paid, gone = Counter[Currency](), Counter[Currency]()
    for journal in journals:
        of_escrows = Counter[Currency]()
        for posting in journal.postings:
            if posting.account.startswith(_ESCROW):
                of_escrows[posting.amount.currency] += posting.amount.minor
        for currency, minor in of_escrows.items():
            if minor > 0:
                paid[currency] += minor
            else:
                gone[currency] += sum(
                    posting.amount.minor
                    for posting in journal.postings
                    if posting.amount.currency is currency
                    and not posting.account.startswith(_ESCROW)
                )
    for currency in paid:
        if paid[currency] != gone[currency] + held[currency]:
            yield (
                f"{currency}: {paid[currency]} minor units were paid into escrow, "
                f"{gone[currency]} came out of it and {held[currency]} are held"
            )
