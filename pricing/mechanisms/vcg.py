"""Vickrey-Clarke-Groves auction of several items: each winner pays what it costs the others.

W. Vickrey 1961, E. Clarke 1971, T. Groves 1973; as in N. Nisan, T. Roughgarden, É. Tardos,
V. Vazirani (eds.), Algorithmic Game Theory, chapters 9 and 11.  The items go to where the bids
are worth the most together, and a winner pays the welfare of the others without it less their
welfare beside it (Clarke's pivot).  Finding the best division is NP-hard, so its size is
bounded and within the bounds it is exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from pricing.errors import BadInput
from pricing.mechanisms import Auction, Award, Bid, Declared, Outcome, Payment, Property
from pricing.money import MINOR_MAX, Money
from pricing.quote import QuoteLine

if TYPE_CHECKING:
    from numpy.typing import NDArray

STATES_MAX: Final = 2**16  # ways in which copies may be left over: 16 items of one copy each
CELLS_MAX: Final = 2**22  # of these for every bid: 32 MiB, and a second with 16 winners
BIDS_MAX: Final = 512  # so that a sum of bids, each below 2^53, is below 2^62


@dataclass(frozen=True, slots=True)
class VickreyClarkeGroves:
    """Sells bundles of several items; each bidder gets one of the bundles it bids for, or none.

    At most 512 bids; with c copies of each of m items that can be of use, at most 65,536 states
    (c + 1)^m and 4,194,304 states times bids: 16 items of one copy and 64 bids, for instance.
    Of several best divisions the first bidder wins if it wins in any of them, by the first of
    its bids that does; then the second, and so on.
    """

    @property
    def properties(self) -> tuple[Declared, ...]:
        """What is promised."""
        return (
            Declared(
                Property.TRUTHFUL,
                "a bundle's worth does not depend on what others get; bidders do not collude",
            ),
            Declared(Property.INDIVIDUALLY_RATIONAL, "items may be left unsold"),
            Declared(Property.BUDGET_BALANCED, "a bidder less leaves no less to the others"),
            Declared(Property.EFFICIENT, "the bids are the truth; the division is exact"),
        )

    def clear(self, auction: Auction) -> Outcome:
        """Sell, or raise `BadInput` naming the bound that the auction is beyond."""
        if not auction.bids:
            return Outcome((), (), auction.currency)
        bidders = [auction.bids_of(name) for name in auction.bidders]
        shape = _shape(auction)
        tables = _tables(auction, bidders, shape)
        won = _winners(auction, bidders, tables)
        best = int(tables[0][(-1,) * len(shape)])
        if best > MINOR_MAX:
            raise BadInput("bids: together worth more than 2^53 - 1 minor units")
        awards, payments = [], []
        for place, bid in won:
            beside = best - bid.amount.minor
            others = bidders[:place] + bidders[place + 1 :]
            without = int(_tables(auction, others, shape, keep=False)[0][(-1,) * len(shape)])
            awards.append(Award(bid.bidder, auction.bundle(bid)))
            payments.append(_payment(bid, without, beside))
        return Outcome(tuple(awards), tuple(payments), auction.currency)


def _payment(bid: Bid, without: int, beside: int) -> Payment:
    currency = bid.amount.currency
    return Payment(
        bid.bidder,
        Money(without - beside, currency),
        (
            QuoteLine("what the others would have without this bidder", Money(without, currency)),
            QuoteLine("what they have beside it", Money(-beside, currency)),
        ),
    )


def _shape(auction: Auction) -> tuple[int, ...]:
    """Return how many copies may be left of each item, and one more: the shape of a table."""
    if len(auction.bids) > BIDS_MAX:
        raise BadInput(f"bids: {len(auction.bids)} are more than the {BIDS_MAX} taken")
    # A bidder gets one copy of an item, so that more copies than bidders are of no use.
    copies = min(auction.supply, len(auction.bidders))
    states = (copies + 1) ** len(auction.items)
    if states > STATES_MAX or states * len(auction.bids) > CELLS_MAX:
        raise BadInput(
            f"items: {len(auction.items)} with {copies} copies each and {len(auction.bids)} bids"
            f" are beyond {STATES_MAX} states, or {CELLS_MAX} states times bids"
        )
    return (copies + 1,) * len(auction.items)


def _tables(
    auction: Auction,
    bidders: Sequence[Sequence[Bid]],
    shape: tuple[int, ...],
    *,
    keep: bool = True,
) -> list[NDArray[np.int64]]:
    """Return, for each bidder, the most that it and all later ones make of each rest of copies.

    The last table is that of nobody.  Without `keep` the first alone is returned.
    """
    table: NDArray[np.int64] = np.zeros(shape, dtype=np.int64)
    tables = [table]
    for own in reversed(bidders):
        after, table = table, table.copy()
        for bid in own:
            taken, rest = _slices(auction, bid)
            np.maximum(table[taken], after[rest] + bid.amount.minor, out=table[taken])
        tables = [table, *tables] if keep else [table]
    return tables


def _slices(auction: Auction, bid: Bid) -> tuple[tuple[slice, ...], tuple[slice, ...]]:
    """Return the rests from which a bid can be served, and what it leaves of each."""
    bundle = set(auction.bundle(bid))
    taken = tuple(slice(1, None) if item in bundle else slice(None) for item in auction.items)
    rest = tuple(slice(None, -1) if item in bundle else slice(None) for item in auction.items)
    return taken, rest


def _winners(
    auction: Auction, bidders: Sequence[Sequence[Bid]], tables: Sequence[NDArray[np.int64]]
) -> list[tuple[int, Bid]]:
    """Walk the tables from the first bidder on; return the winners' places and bids."""
    rest = [length - 1 for length in tables[0].shape]
    won = []
    for place, own in enumerate(bidders):
        worth, after = int(tables[place][tuple(rest)]), tables[place + 1]
        for bid in own:
            bundle = set(auction.bundle(bid))
            left = [held - (item in bundle) for held, item in zip(rest, auction.items, strict=True)]
            if min(left) >= 0 and worth == int(after[tuple(left)]) + bid.amount.minor:
                won.append((place, bid))
                rest = left
                break
    return won
