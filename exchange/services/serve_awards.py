"""Awards that take back what was paid: served from what the supplier has, and gets next.

What it cannot pay at once stays its debt.  It is served first from whatever a settlement pays it,
and until then its money does not leave the exchange.
"""

from __future__ import annotations

from dataclasses import replace

from exchange.clearing import Line, account_subject, available, give_back
from exchange.errors import Refused
from exchange.ports import Floor, UnitOfWork
from exchange.services.acting import record_for_house
from exchange.trading import Trade
from ledger.agreements import sources


def reversal_lines(trade: Trade, minor: int, work: UnitOfWork) -> list[Line]:
    """Return who gives back how much: fees in proportion, and the supplier the rest."""
    return [
        Line(account, trade.money(given), "given back to the buyer")
        for account, given in sources(work.chain.store, f"trade/{trade.id}", minor).items()
    ]


def serve_awards(supplier: str, *, work: UnitOfWork, floor: Floor) -> list[Trade]:
    """Pay awards against a supplier from what its account holds, the oldest contract first.

    Within the caller's unit of work.  What is paid in part stays owed for the rest.
    """
    served = []
    for trade in work.trades.owing(supplier):
        account = available(supplier)
        spendable = work.accounts.spendable(account, trade.amount.currency)
        minor, lines = trade.reversal, reversal_lines(trade, trade.reversal, work)
        if sum(line.amount.minor for line in lines if line.account == account) > spendable.minor:
            minor = min(trade.reversal, max(spendable.minor, 0))
            lines = reversal_lines(trade, minor, work)
        if minor:
            served.append(_reverse(trade, minor, lines, work=work, floor=floor))
    return served


def _reverse(
    trade: Trade, minor: int, lines: list[Line], *, work: UnitOfWork, floor: Floor
) -> Trade:
    facts = {
        "amount": trade.money(minor).to_record(),
        "lines": [line.to_record() for line in lines],
        "to": trade.buyer,
    }
    work.chain.store.reserve(*map(account_subject, (trade.buyer, trade.supplier)))
    subject = f"trade/{trade.id}"
    entry = record_for_house("trade.reversed", subject, facts, work=work, floor=floor)
    what = f"reversal of {trade.id}"
    work.accounts.post(give_back(what, entry, lines, available(trade.buyer)))
    reversed_now = replace(trade, reversal=trade.reversal - minor).at(entry)
    work.trades.put(reversed_now)
    return reversed_now


def require_nothing_awarded(participant: str, work: UnitOfWork) -> None:
    """Raise `Refused` while an award against a participant is not paid."""
    for trade in work.trades.owing(participant):
        owed = trade.money(trade.reversal)
        raise Refused(
            f"{owed} awarded over {trade.id} are owed: they are paid before anything else"
        )
