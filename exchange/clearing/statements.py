"""Statements of account (对账单): every movement of one account in a period, from entry to entry.

A statement is made from the books and from the chain at once.  `reconcile` refuses one that the
entries alone do not bear out, so what a party is handed is what an auditor would find.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from exchange.clearing.accounts import OUTSIDE, Journal, available, escrow
from exchange.errors import BadField, Broken
from ledger.acts import format_time
from pricing.money import Currency, Money


@dataclass(frozen=True, slots=True)
class Period:
    """Days of a statement, UTC, the last one included."""

    first: dt.date
    last: dt.date

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise BadField("until", f"not before {self.first}")

    @property
    def start(self) -> str:
        """The first instant."""
        return _midnight(self.first)

    @property
    def end(self) -> str:
        """The first instant after it."""
        return _midnight(self.last + dt.timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Moved:
    """What one entry of the chain moved on the account, as the chain alone says it.

    `place` is None where the entry waits for its place; `among` are the other accounts.
    """

    time: str
    place: int | None
    leaf: str
    kind: str
    minor: int
    among: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One movement: when, what, with whom, by which entry, and what the account then held."""

    time: str
    what: str
    kind: str
    counterpart: str
    place: int | None
    leaf: str
    amount: Money
    balance: Money


@dataclass(frozen=True, slots=True)
class Statement:
    """What an account held before a period, what moved it, and what it holds after it.

    `pending` is what of the closing balance was set aside when the period ended, and `head` the
    leaf hash of the newest entry that it takes into account.
    """

    house: str
    log: str
    party: str
    name: str
    account: str
    period: Period
    opening: Money
    lines: tuple[StatementLine, ...]
    closing: Money
    pending: Money
    size: int
    head: str
    head_at: str

    @property
    def came_in(self) -> Money:
        """The sum of what came in."""
        return self._sum(line.amount.minor for line in self.lines if line.amount.minor > 0)

    @property
    def went_out(self) -> Money:
        """The sum of what went out, above zero."""
        return self._sum(-line.amount.minor for line in self.lines if line.amount.minor < 0)

    def _sum(self, amounts: Iterable[int]) -> Money:
        return Money(sum(amounts), self.opening.currency)


def counterpart_of(account: str) -> str:
    """Say what sort of account money came from or went to."""
    sorts = {OUTSIDE: "bank", escrow(""): "escrow", available(""): "participant"}
    for prefix, sort in sorts.items():
        if account.startswith(prefix):
            return sort
    return "exchange" if account.startswith("house/") else account.partition("/")[0]


def lines_of(
    moved: Sequence[Moved], words: Mapping[str, str], period: Period, currency: Currency
) -> tuple[Money, tuple[StatementLine, ...], Money]:
    """Return the opening balance, the lines and the closing balance of a period.

    `moved` is everything that ever moved the account, in the order of the chain, and `words`
    say by leaf hash what the books call it.
    """
    before = sum(each.minor for each in moved if each.time < period.start)
    held, lines = before, []
    for each in moved:
        if not period.start <= each.time < period.end:
            continue
        held += each.minor
        sorts = sorted({counterpart_of(account) for account in each.among})
        lines.append(
            StatementLine(
                time=each.time,
                what=words.get(each.leaf, each.kind),
                kind=each.kind,
                counterpart=", ".join(sorts),
                place=each.place,
                leaf=each.leaf,
                amount=Money(each.minor, currency),
                balance=Money(held, currency),
            )
        )
    return Money(before, currency), tuple(lines), Money(held, currency)


def reconcile(
    account: str, moved: Sequence[Moved], journals: Sequence[Journal], held: Money
) -> None:
    """Raise `Broken` unless books and chain say the same of an account, entry by entry.

    `journals` are all that touch it and `held` its balance in the books, in one currency.
    """
    by_chain = {each.leaf: each.minor for each in moved if each.minor}
    by_books: dict[str, int] = {}
    for journal in journals:
        for posting in journal.postings:
            if posting.account == account and posting.amount.currency is held.currency:
                by_books[journal.entry] = by_books.get(journal.entry, 0) + posting.amount.minor
    for leaf in sorted(by_chain.keys() | by_books.keys()):
        said, done = by_chain.get(leaf, 0), by_books.get(leaf, 0)
        if said != done:
            raise Broken(
                f"{account}: entry {leaf[:16]}… moves {said} minor units of {held.currency}, "
                f"the books {done}: no statement is issued"
            )
    if sum(by_chain.values()) != held.minor:
        raise Broken(
            f"{account}: the chain comes to {sum(by_chain.values())} minor units of "
            f"{held.currency}, the books to {held.minor}: no statement is issued"
        )


def _midnight(day: dt.date) -> str:
    return format_time(dt.datetime.combine(day, dt.time(), dt.UTC))
