"""An auditor that knows the tables of the store and nothing of the code that fills them.

It reads rows with sqlite3 or psycopg alone, and asks of the money what must always be true:

- every journal sums to zero in each currency, and an entry is carried out once;
- a balance is what its postings come to, and no account but the world's is below its limit;
- what is pending on an account is the sum of the transfers that wait on it;
- an escrow holds what its open contract says, is filled once and then only by an amendment or
  a renewal, and is never overdrawn;
- the deposits of bids that wait are set aside one by one, and what winners have ordered for above
  them; a cycle's pot ends empty: its nets come to zero, and what creditors may still claim is what
  debtors owe;
- what payers put into escrow went to payees, to the house, back to the payer, or is still held;
- the entries of the chain alone, folded by `ledger.balances`, come to the same balances;
- what `exchange.simulation.auditors.rights` asks of the rights.

It goes on where it left off: postings and entries are read once.  So one auditor follows one
store, and is called when nobody is in the middle of a commit.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from exchange.simulation.auditors.rights import Rights, Rows
from ledger.balances import Balances
from ledger.entries import Entry

Account = tuple[str, str]  # name and currency

PARTICIPANT: Final = "participant/"
ESCROW: Final = "escrow/"
HOUSE: Final = "house/"
OUTSIDE: Final = "outside/"
POT: Final = "cycle/"
SORTS: Final = (PARTICIPANT, ESCROW, HOUSE, OUTSIDE, "guarantee/", POT)
REFILLING: Final = (
    "amendment.accepted",
    "subscription.renewed",
)  # kinds that pay into an escrow once more
POSTINGS: Final = """
SELECT posting.id, journal.id, journal.entry, posting.account, posting.currency, posting.minor,
  ledger_entry.kind
FROM posting JOIN journal ON journal.id = posting.journal
JOIN ledger_entry ON ledger_entry.leaf = journal.entry WHERE posting.id > {} ORDER BY posting.id
"""
ENTRIES: Final = "SELECT id, body FROM ledger_entry WHERE id > {} ORDER BY id"
BALANCES: Final = "SELECT account, currency, minor, pending, credit FROM balance"
WAITING: Final = "SELECT source, currency, minor FROM transfer WHERE state = 'pending'"
TRADES: Final = "SELECT id, currency, minor - released - refunded FROM trade WHERE escrow = 'held'"
ENGAGEMENTS: Final = (
    "SELECT id, currency, minor FROM engagement WHERE state IN ('accepted', 'delivered')"
)
SUBSCRIPTIONS: Final = (
    "SELECT trade || '.renewals', currency, (period - settled) * minor FROM subscription"
)
BIDS: Final = (
    "SELECT 'bid/' || leaf, currency, minor FROM bid "
    "WHERE state IN ('placed', 'opened', 'won', 'ordered')"
)
ORDERS: Final = (
    "SELECT 'order/' || trade.id, trade.currency, trade.minor - bid.minor FROM trade "
    "JOIN bid ON bid.quote = trade.quote "
    "WHERE bid.state = 'ordered' AND trade.minor > bid.minor"
)
SET_ASIDE: Final = (
    "SELECT id, currency, minor FROM transfer WHERE state = 'pending' "
    "AND (id LIKE 'bid/%' OR id LIKE 'order/%')"
)
NETS: Final = (
    "SELECT cycle, currency, sum(net), sum(carried) FROM net_position GROUP BY cycle, currency"
)
OBLIGATIONS: Final = (
    "SELECT source, state, cycle FROM obligation WHERE (state = 'netted') <> (cycle <> '')"
)


class Auditor:
    """Follows the money of one store, by the path of its SQLite file or its PostgreSQL URL."""

    def __init__(self, database: Path | str) -> None:
        self._database = database
        self._posting = self._entry = 0
        self._sums: Counter[Account] = Counter()
        self._carried_out: dict[str, int] = {}
        self._payers: dict[str, str] = {}
        self._flows: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._fold = Balances()
        self._rights = Rights()

    def faults(self) -> list[str]:
        """Read what is new, and say everything that is not as it must be."""
        with self._reading() as rows:
            journals: dict[int, list[tuple[str, str, int]]] = {}
            entries: dict[int, tuple[str, str]] = {}
            for key, journal, entry, account, currency, minor, kind in rows(
                POSTINGS.format(self._posting)
            ):
                self._posting = key
                entries[journal] = entry, kind
                journals.setdefault(journal, []).append((account, currency, minor))
            found = [
                fault
                for journal, postings in journals.items()
                for fault in self._journal(journal, *entries[journal], postings)
            ]
            for key, body in rows(ENTRIES.format(self._entry)):
                self._entry = key
                entry = Entry.parse(bytes(body), None)
                found += [
                    f"{entry.kind} of {entry.subject}: {broken.words}"
                    for broken in self._fold.take(entry)
                ]
                found += self._rights.take(entry)
            return [*found, *self._balances(rows), *self._rights.compare(rows)]

    @contextmanager
    def _reading(self) -> Iterator[Rows]:
        """Yield what runs a query, all of them over one state of the store."""
        if isinstance(self._database, Path):
            connection: Any = sqlite3.connect(f"file:{self._database}?mode=ro", uri=True)
            begin = "BEGIN"
        else:
            import psycopg  # noqa: PLC0415 - an extra, wanted where the store is PostgreSQL

            connection = psycopg.connect(self._database, autocommit=True)
            begin = "BEGIN ISOLATION LEVEL REPEATABLE READ"
        try:
            connection.execute(begin)
            yield lambda query: connection.execute(query).fetchall()
        finally:
            connection.close()

    def _journal(
        self, journal: int, entry: str, kind: str, postings: list[tuple[str, str, int]]
    ) -> Iterator[str]:
        first = self._carried_out.setdefault(entry, journal)
        if first != journal:
            yield f"journals {first} and {journal} carry out the same entry {entry}"
        totals: Counter[str] = Counter()
        for account, currency, minor in postings:
            totals[currency] += minor
            self._sums[account, currency] += minor
            if not account.startswith(SORTS):
                yield f"journal {journal}: {account} is an account of no known sort"
        for currency, total in totals.items():
            if total:
                yield f"journal {journal}: its postings come to {total} {currency}, not to zero"
        for account, currency, minor in postings:
            if account.startswith(ESCROW):
                yield from self._escrow(account, currency, minor, postings, kind)

    def _escrow(
        self,
        account: str,
        currency: str,
        minor: int,
        postings: list[tuple[str, str, int]],
        kind: str,
    ) -> Iterator[str]:
        flows = self._flows[currency]
        others = [each for each in postings if each[0] != account]
        if minor > 0:
            if account in self._payers and kind not in REFILLING:
                yield f"{account} was filled twice"
            if self._payers.setdefault(account, others[0][0]) != others[0][0]:
                yield f"{account} was filled by another than its payer"
            flows["paid in"] += minor
            return
        if self._sums[account, currency] < 0:
            yield f"{account} paid out more than was in it: it was settled twice"
        for other, _, paid in others:
            if other == self._payers.get(account):
                flows["went back"] += paid
            elif other.startswith(HOUSE):
                flows["to the house"] += paid
            else:
                flows["to payees"] += paid

    def _balances(self, rows: Rows) -> Iterator[str]:
        waiting: Counter[Account] = Counter()
        for source, currency, minor in rows(WAITING):
            waiting[source, currency] += minor
        held: Counter[Account] = Counter()
        for query in (TRADES, ENGAGEMENTS, SUBSCRIPTIONS):
            for name, currency, minor in rows(query):
                held[f"{ESCROW}{name}", currency] += minor
        found = {(name, of): amounts for name, of, *amounts in rows(BALANCES)}
        for account, amounts in found.items():
            yield from self._limits(account, amounts, waiting[account])
        known = Counter({account: minor for account, (minor, *_) in found.items()})
        for account in known.keys() | self._sums.keys():
            if known[account] != self._sums[account]:
                yield f"{account}: the balance is not what the postings come to"
        for account in known.keys() | held.keys():
            if account[0].startswith(ESCROW) and known[account] != held[account]:
                yield f"{account}: {known[account]} are held, {held[account]} are due"
            if account[0].startswith(POT) and known[account]:
                yield f"{account}: {known[account]} are left of a cycle"
        yield from self._waiting(rows)
        yield from self._totals(known, held)

    @staticmethod
    def _waiting(rows: Rows) -> Iterator[str]:
        bound = [tuple(row) for query in (BIDS, ORDERS) for row in rows(query)]
        if sorted(bound) != sorted(map(tuple, rows(SET_ASIDE))):
            yield "the deposits that are set aside are not those of the bids that wait"
        for cycle, currency, net, carried in rows(NETS):
            if net or carried:
                yield f"cycle {cycle}: nets of {net} {currency}, claims over debts by {carried}"
        for source, state, cycle in rows(OBLIGATIONS):
            yield f"{source} is {state} by the cycle {cycle!r}"

    def _limits(self, account: Account, amounts: list[int], waiting: int) -> Iterator[str]:
        minor, pending, credit = amounts
        if minor - pending < -credit and not account[0].startswith(OUTSIDE):
            yield f"{account}: {minor}, {pending} of it pending, is below its limit of {credit}"
        if not pending == waiting == self._fold.pending(*account):
            yield f"{account}: {pending} are pending, transfers or the chain say otherwise"
        if credit != self._fold.credit(*account):
            yield f"{account}: its limit is {credit}, the chain says otherwise"

    def _totals(self, known: Counter[Account], held: Counter[Account]) -> Iterator[str]:
        for currency in {of for _, of in known}:
            flows = self._flows[currency]
            if sum(minor for (_, of), minor in known.items() if of == currency):
                yield f"{currency}: all accounts together do not come to zero"
            left = sum(minor for (_, of), minor in held.items() if of == currency)
            gone = flows["to payees"] + flows["to the house"] + flows["went back"]
            if flows["paid in"] != gone + left:
                yield f"{currency}: {dict(flows)} and {left} held do not come out"
        if self._fold.balances() != {account: minor for account, minor in known.items() if minor}:
            yield "the entries of the chain come to other balances"
