"""Comparing the books with the chain: a fold of its entries rebuilds every balance.

Whoever has the chain needs no books: what an account holds, what of it is pending and how far it
may fall stand in the entries.  The books are kept so that nobody has to fold to pay; this shows
that they say the same, account by account.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from exchange.clearing import TransferState
from exchange.ports import Floor, UnitOfWork
from ledger.balances import Balances
from ledger.entries import Entry


@dataclass(frozen=True, slots=True)
class Comparison:
    """The chain's own balances, how many entries they rest on, and where the books differ."""

    balances: Balances
    size: int
    accounts: int
    faults: tuple[str, ...]


def compare_books(*, floor: Floor) -> Comparison:
    """Fold every entry and compare each account with the books: balance, pending, credit."""
    with floor.read() as work:
        balances, size = Balances(), 0
        faults: list[str] = []
        for entry in entries_of(work):
            faults += [f"{entry.named}: {found.words}" for found in balances.take(entry)]
            size += 1
        faults += [*balances_apart(balances, work), *bound_apart(balances, work)]
        return Comparison(balances, size, len(balances.balances()), tuple(faults))


def entries_of(work: UnitOfWork) -> Iterator[Entry]:
    """Yield every entry, those that wait for their place last."""
    yield from work.chain.store.entries()
    yield from work.chain.store.waiting()


def balances_apart(balances: Balances, work: UnitOfWork) -> Iterator[str]:
    """Say which accounts hold another amount by a fold of all entries than by the books."""
    books = {
        (name, str(currency)): held.minor
        for (name, currency), held in work.accounts.balances().items()
    }
    chain = balances.balances()
    for account, currency in sorted(books.keys() | chain.keys()):
        said, held = chain.get((account, currency), 0), books.get((account, currency), 0)
        if said != held:
            yield _told(account, "holds", currency, said, held)


def bound_apart(balances: Balances, work: UnitOfWork) -> Iterator[str]:
    """Say which accounts set aside, or may owe, another amount by the entries than by the books."""
    pending: Counter[tuple[str, str]] = Counter()
    for each in work.accounts.transfers():
        if each.state is TransferState.PENDING:
            pending[each.source, str(each.amount.currency)] += each.amount.minor
    set_aside = balances.all_pending()
    for account, currency in sorted(pending.keys() | set_aside.keys()):
        said = set_aside.get((account, currency), 0)
        if said != pending[account, currency]:
            yield _told(account, "sets aside", currency, said, pending[account, currency])
    for (account, currency), held in work.accounts.balances().items():
        said, owing = balances.credit(account, currency), work.accounts.credit(account, currency)
        if said != owing.minor:
            yield _told(account, "may owe", currency, said, owing.minor)
        # What the row of the balance says, beside what the transfers come to.
        bound = held + owing - work.accounts.spendable(account, currency)
        if bound.minor != pending[account, currency]:
            words = f"{pending[account, currency]} by the transfers"
            yield f"{account}: sets aside {bound.minor} minor units of {currency}, {words}"


def _told(account: str, does: str, currency: str, chain: int, books: int) -> str:
    return f"{account}: {does} {chain} minor units of {currency} by the chain, {books} by the books"
