"""Comparing the books with the chain: both are read once, side by side, and have to agree.

Whoever has the chain needs no books: what an account holds, what of it is pending and how far it
may fall stand in the entries.  The books are kept so that nobody has to fold to pay; this shows
that they say the same, account by account and entry by entry.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final

from exchange.clearing import OUTSIDE, Holding, TransferState, Written, escrow
from exchange.metering import Told
from exchange.ports import Floor, UnitOfWork
from exchange.services.compare_products import ProductsTold
from exchange.services.search_board import board_apart
from exchange.subscriptions import held_for
from ledger.balances import Balances
from ledger.dues import Dues
from ledger.entries import Entry
from pricing.money import Currency, Money

_Account = tuple[str, Currency]
_ESCROW: Final = escrow("")


@dataclass(frozen=True, slots=True)
class Comparison:
    """What books and chain come to, and where they differ, in words; empty where all is well.

    `deposited` and `held` are what came in and what stands in escrow in the first currency, CNY.
    """

    size: int  # entries read
    journals: int
    deposited: Money
    held: Money
    books: tuple[str, ...]  # of the books with themselves, with the chain and with open contracts
    chain: tuple[str, ...]  # of what a fold of the chain alone comes to
    limits: tuple[str, ...]  # accounts below what they may fall to
    twice: tuple[str, ...]  # escrows filled or emptied twice
    flows: tuple[str, ...]  # currencies of which more or less left escrow than came into it
    unpaid: tuple[str, ...]  # services that were used and not charged
    log: tuple[str, ...]  # more or fewer entries have a place than the log's head says
    products: tuple[str, ...]  # what stands elsewhere than the chain has put it
    board: tuple[str, ...]  # what the board would find otherwise than listed products are


def compare_books(*, floor: Floor) -> Comparison:
    """Read every entry, journal and account once, and compare what they come to.

    The memory that takes grows with the accounts, not with the entries and journals.
    """
    with floor.read() as work:
        return _Reading(work).compared()


def entries_of(work: UnitOfWork) -> Iterator[Entry]:
    """Yield every entry, those that wait for their place last."""
    yield from work.chain.store.entries()
    yield from work.chain.store.waiting()


class _Reading:
    """Chain and books, read side by side."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work
        self._chain, self._used, self._dues = Balances(), Told(), Dues()
        self._products = ProductsTold()
        self._broken: list[str] = []  # what entries do that no account allows
        self._off: list[str] = []  # journals that do not sum to zero
        self._twice: list[str] = []
        self._sums: Counter[_Account] = Counter()  # what the postings come to
        # By entry: what it says is to be moved, less what its journals moved.
        self._apart: defaultdict[str, Counter[_Account]] = defaultdict(Counter)
        self._filled: set[tuple[str, Currency, str]] = set()  # escrows, and the entries that did
        self._into, self._out_of = Counter[Currency](), Counter[Currency]()  # escrow
        self._size = self._placed = self._journals = 0
        journals = work.accounts.every_journal()
        for entry in entries_of(work):
            self._take(entry)
            # Journals stand nearly in the order of their entries: read in turns, what both say
            # of an entry is forgotten as soon as they agree.
            if self._chain.moved:
                self._carry_out(islice(journals, 1))
        self._carry_out(journals)

    def _take(self, entry: Entry) -> None:
        self._size += 1
        self._placed += entry.place is not None
        self._broken += [f"{entry.named}: {found.words}" for found in self._chain.take(entry)]
        self._used.take(entry)
        self._dues.take(entry)
        self._products.take(entry)
        if self._chain.moved:
            leaf = entry.leaf.hex()
            for (account, currency), minor in self._chain.moved.items():
                self._note(leaf, (account, Currency(currency)), minor)
            self._forget(leaf)

    def _carry_out(self, journals: Iterable[Written]) -> None:
        for journal in journals:
            self._journals += 1
            for currency, minor in journal.off().items():
                named = f"journal {journal.number} ({journal.what})"
                self._off.append(f"{named} is off by {minor} minor units of {currency}")
            released, out_of = Counter[Currency](), Counter[Currency]()
            for posting in journal.postings:
                key = posting.account, posting.amount.currency
                self._sums[key] += posting.amount.minor
                self._note(journal.entry, key, -posting.amount.minor)
                if posting.account.startswith(_ESCROW):
                    released[key[1]] -= posting.amount.minor
                    self._watch_escrow(key, posting.amount.minor, journal)
                else:
                    out_of[key[1]] += posting.amount.minor
            self._forget(journal.entry)
            for currency, minor in released.items():
                if minor < 0:
                    self._into[currency] -= minor
                else:
                    self._out_of[currency] += out_of[currency]

    def _note(self, leaf: str, key: _Account, minor: int) -> None:
        apart = self._apart[leaf]
        apart[key] += minor
        if not apart[key]:
            del apart[key]

    def _forget(self, leaf: str) -> None:
        if not self._apart[leaf]:
            del self._apart[leaf]

    def _watch_escrow(self, key: _Account, minor: int, journal: Written) -> None:
        """Note an escrow that an entry filled twice, or that paid out more than was in it.

        A price that is amended fills one again, and so does every further period, by other
        entries.
        """
        if minor > 0:
            filling = *key, journal.entry
            if filling in self._filled:
                self._twice.append(f"{key[0]} was filled again by {journal.what}")
            self._filled.add(filling)
        if self._sums[key] < 0:
            self._twice.append(f"{key[0]} paid out more than was in it: {journal.what}")

    # What was read, compared.

    def _places_apart(self) -> Iterator[str]:
        """Yield that the log has lost entries, or has more than were ever placed."""
        size = self._work.chain.store.edge().size
        if self._placed != size:
            yield f"{self._placed} entries have a place, the head of the log says {size}"

    def compared(self) -> Comparison:
        """Return what all of it comes to."""
        books = {(each.account, each.currency): each for each in self._work.accounts.holdings()}
        due = self._due()
        outside = books.get((OUTSIDE, Currency.CNY))
        held = sum(minor for (_, currency), minor in due.items() if currency is Currency.CNY)
        bound = tuple(self._bound_apart(books))
        return Comparison(
            size=self._size,
            journals=self._journals,
            deposited=Money(-outside.minor if outside else 0),
            held=Money(held),
            books=(
                *self._off,
                *self._books_apart(books, due),
                *self._carried_out_apart(),
                *bound,
                *self._counted_apart(),
            ),
            chain=(*self._broken, *self._balances_apart(books), *bound),
            limits=tuple(
                f"{account}: {Money(each.spendable, currency)} may leave it"
                for (account, currency), each in sorted(books.items())
                if account != OUTSIDE and each.spendable < 0
            ),
            twice=tuple(self._twice),
            flows=tuple(self._flows(due)),
            unpaid=tuple(
                f"{act.named}: {each.fee} {each.currency} for the {each.service} were not charged"
                for act, each in self._dues.unpaid.values()
            ),
            log=tuple(self._places_apart()),
            products=tuple(self._products.apart(self._work.products.all())),
            board=tuple(board_apart(self._work)),
        )

    def _due(self) -> Mapping[_Account, int]:
        """Return what contracts, subscriptions and engagements hold in escrow."""
        due = {
            (escrow(trade.id), trade.amount.currency): trade.held.minor
            for trade in self._work.trades.unsettled()
        }
        due |= {
            (escrow(held_for(each.trade)), each.amount.currency): each.held.minor
            for each in self._work.subscriptions.all()
        }
        due |= {
            (escrow(each.id), each.fee.currency): each.fee.minor
            for each in self._work.engagements.all()
            if each.holds
        }
        return due

    def _books_apart(
        self, books: Mapping[_Account, Holding], due: Mapping[_Account, int]
    ) -> Iterator[str]:
        """Yield where balances are not what the postings come to, nor escrows what is due."""
        accounts = sorted(self._sums.keys() | books.keys())
        for account, currency in accounts:
            found, posted = _minor(books, (account, currency)), self._sums[account, currency]
            if found != posted:
                yield (
                    f"{account}: the balance is {found} minor units of {currency}, "
                    f"the postings come to {posted}"
                )
        totals = Counter[Currency]()
        for (_, currency), each in books.items():
            totals[currency] += each.minor
        for currency in Currency:
            if totals[currency]:
                yield f"the balances of all accounts in {currency} do not sum to zero"
        for account, currency in sorted(self._sums.keys() | due.keys()):
            if account.startswith(_ESCROW):
                held, owed = self._sums[account, currency], due.get((account, currency), 0)
                if held != owed:
                    yield f"{account}: holds {held}, {owed} is due"

    def _carried_out_apart(self) -> Iterator[str]:
        """Yield the entries whose journals do not carry out what they say."""
        for leaf in self._apart:
            entry = self._work.chain.store.by_leaf(leaf)
            yield f"{entry.named if entry else leaf}: the journals do not carry out what it says"

    def _counted_apart(self) -> Iterator[str]:
        """Yield where the running totals of metered use are not what the batches come to."""
        totals, units = self._work.metering.totals(), self._used.units
        for trade, outcome in sorted(totals.keys() | units.keys()):
            found, told = totals[trade, outcome], units[trade, outcome]
            if found != told:
                batches = f"its batches come to {told}"
                yield f"the use of {trade} counts {found} units {outcome}, {batches}"

    def _balances_apart(self, books: Mapping[_Account, Holding]) -> Iterator[str]:
        """Yield the accounts that hold another amount by the chain than by the books."""
        chain = {
            (name, Currency(of)): minor for (name, of), minor in self._chain.balances().items()
        }
        for key in sorted(books.keys() | chain.keys()):
            said, held = chain.get(key, 0), _minor(books, key)
            if said != held:
                yield _told(key[0], "holds", key[1], said, held)

    def _bound_apart(self, books: Mapping[_Account, Holding]) -> Iterator[str]:
        """Yield the accounts that set aside, or may owe, another amount by the chain."""
        pending: Counter[_Account] = Counter()
        for each in self._work.accounts.transfers():
            if each.state is TransferState.PENDING:
                pending[each.source, each.amount.currency] += each.amount.minor
        set_aside = {
            (name, Currency(of)): minor for (name, of), minor in self._chain.all_pending().items()
        }
        for key in sorted(pending.keys() | set_aside.keys()):
            said = set_aside.get(key, 0)
            if said != pending[key]:
                yield _told(key[0], "sets aside", key[1], said, pending[key])
        for (account, currency), held in sorted(books.items()):
            said = self._chain.credit(account, currency)
            if said != held.credit:
                yield _told(account, "may owe", currency, said, held.credit)
            # What the row of the balance says, beside what the transfers come to.
            if held.pending != pending[account, currency]:
                words = f"{pending[account, currency]} by the transfers"
                yield f"{account}: sets aside {held.pending} minor units of {currency}, {words}"

    def _flows(self, due: Mapping[_Account, int]) -> Iterator[str]:
        """Yield each currency in which what left escrow and is held is not what came in."""
        held = Counter[Currency]()
        for (_, currency), minor in due.items():
            held[currency] += minor
        for currency, minor in self._into.items():
            if minor != self._out_of[currency] + held[currency]:
                yield (
                    f"{currency}: {minor} minor units were paid into escrow, "
                    f"{self._out_of[currency]} came out of it and {held[currency]} are held"
                )


def _minor(books: Mapping[_Account, Holding], key: _Account) -> int:
    each = books.get(key)
    return each.minor if each else 0


def _told(account: str, does: str, currency: str, chain: int, books: int) -> str:
    return f"{account}: {does} {chain} minor units of {currency} by the chain, {books} by the books"
