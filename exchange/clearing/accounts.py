"""Accounts and journals: double-entry postings, escrow, and the lines of a settlement."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from exchange.errors import Broken
from ledger.entries import Entry
from pricing.money import Currency, Money, total

OUTSIDE: Final = "outside/banks"  # the mirror of all money in the house; it alone is negative
FEES: Final = "house/fees"


class EscrowState(enum.StrEnum):
    """Where the money of one trade stands."""

    NONE = "none"
    HELD = "held"
    RELEASED = "released"
    REFUNDED = "refunded"


# Everything an escrow may become; docs/lifecycles.md is drawn from it.
TRANSITIONS: dict[EscrowState, frozenset[EscrowState]] = {
    EscrowState.NONE: frozenset({EscrowState.HELD}),
    EscrowState.HELD: frozenset({EscrowState.HELD, EscrowState.RELEASED, EscrowState.REFUNDED}),
    EscrowState.RELEASED: frozenset(),
    EscrowState.REFUNDED: frozenset(),
}


def account_subject(participant: str) -> str:
    """Name the subject of a participant's account on the chain."""
    return f"account/{participant}"


def available(participant: str) -> str:
    """Name the account of a participant's free money."""
    return f"participant/{participant}"


def escrow(trade: str) -> str:
    """Name the account that holds a trade's money."""
    return f"escrow/{trade}"


@dataclass(frozen=True, slots=True)
class Posting:
    """One side of a journal; positive comes into the account, negative leaves it."""

    account: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Journal:
    """Postings that sum to zero, with the leaf hash of the entry that they carry out."""

    what: str
    entry: str
    postings: tuple[Posting, ...]

    def __post_init__(self) -> None:
        if not self.postings:
            raise Broken(f"the journal {self.what!r} of entry {self.entry[:16]}… is empty")
        left = total(posting.amount for posting in self.postings)
        if left.minor:
            raise Broken(f"the journal {self.what!r} of entry {self.entry[:16]}… is off by {left}")


@dataclass(frozen=True, slots=True)
class Written:
    """A journal as it stands in the books under its number, whether it sums to zero or not."""

    number: int
    what: str
    entry: str
    postings: tuple[Posting, ...]

    def off(self) -> Mapping[Currency, int]:
        """Return what its postings come to, in minor units; nothing of a sound one."""
        sums: Counter[Currency] = Counter()
        for posting in self.postings:
            sums[posting.amount.currency] += posting.amount.minor
        return {currency: minor for currency, minor in sums.items() if minor}


@dataclass(frozen=True, slots=True)
class Holding:
    """What the books say of an account in one currency, in minor units."""

    account: str
    currency: Currency
    minor: int
    pending: int  # set aside, and still in the balance
    credit: int  # how far the balance may fall below zero

    @property
    def spendable(self) -> int:
        """What may leave the account."""
        return self.minor - self.pending + self.credit


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a settlement: who is paid what, and for what."""

    account: str
    amount: Money
    what: str

    def to_record(self) -> dict[str, Any]:
        """Return the form that stands in the entry."""
        return {"account": self.account, "amount": self.amount.to_record(), "what": self.what}


def fee_of(amount: Money, fee_ppm: int) -> Money:
    """Return the exchange's fee: parts per million of the price, rounded half to even."""
    return amount.scaled(Decimal(fee_ppm) / 1_000_000)


def transfer(what: str, entry: Entry, source: str, target: str, amount: Money) -> Journal:
    """Move an amount between two accounts."""
    return Journal(what, entry.leaf.hex(), (Posting(source, -amount), Posting(target, amount)))


def give_back(what: str, entry: Entry, lines: Sequence[Line], to: str) -> Journal:
    """Move what the lines take from their accounts to one account."""
    postings = [Posting(line.account, -line.amount) for line in lines if line.amount.minor]
    return Journal(
        what, entry.leaf.hex(), (*postings, Posting(to, total(line.amount for line in lines)))
    )


def release(trade: str, entry: Entry, lines: Sequence[Line]) -> Journal:
    """Pay a trade's escrow out, line by line."""
    paid = total(line.amount for line in lines)
    postings = [Posting(escrow(trade), -paid)]
    postings += [Posting(line.account, line.amount) for line in lines if line.amount.minor]
    return Journal(f"settlement of {trade}", entry.leaf.hex(), tuple(postings))
