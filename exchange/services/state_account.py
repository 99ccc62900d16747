"""Stating an account: its movements in a period, reconciled with the chain before it is issued."""

from __future__ import annotations

from exchange.clearing import available
from exchange.clearing.statements import Moved, Period, Statement, lines_of, reconcile
from exchange.errors import Broken
from exchange.ports import Floor
from exchange.services.compare_books import entries_of
from ledger.balances import Balances
from pricing.money import Currency, Money


def state_account(
    party: str, period: Period, *, floor: Floor, currency: Currency = Currency.CNY
) -> Statement:
    """Return the statement of a participant's free money, by its id or handle.

    The whole chain is folded for it.  Raises `Broken` where books and chain differ: a statement
    that an auditor would not find is not issued.
    """
    with floor.read() as work:
        participant = work.participants.get(party)
        account = available(participant.id)
        key, balances = (account, str(currency)), Balances()
        moved: list[Moved] = []
        size, pending, head, head_at = 0, 0, "", ""
        for entry in entries_of(work):
            for found in balances.take(entry):
                raise Broken(f"{entry.named}: {found.words}: no statement is issued")
            if minor := balances.moved.get(key, 0):
                among = tuple(
                    name
                    for (name, of), by in balances.moved.items()
                    if name != account and of == key[1] and by * minor < 0
                )
                leaf = entry.leaf.hex()
                moved.append(Moved(entry.time, entry.place, leaf, entry.kind, minor, among))
            size += 1
            if entry.time < period.end:
                pending = balances.pending(*key)
                head, head_at = entry.leaf.hex(), entry.time
        journals = work.accounts.journals(account)
        reconcile(account, moved, journals, work.accounts.balance(account, currency))
        words = {journal.entry: journal.what for journal in journals}
    opening, lines, closing = lines_of(moved, words, period, currency)
    return Statement(
        house=floor.house.name,
        log=floor.house.origin,
        party=participant.handle,
        name=participant.name,
        account=account,
        period=period,
        opening=opening,
        lines=lines,
        closing=closing,
        pending=Money(pending, currency),
        size=size,
        head=head,
        head_at=head_at,
    )
