"""Auctions of licences: sealed bids, their opening, and what the mechanism decided."""

from __future__ import annotations

from typing import Final

from ledger.kinds.scenarios import SCENARIO_ENDED
from ledger.vocabulary import BUYER, OFF_BOARD, OPERATOR, SUPPLIER, Fact, Kind, Need, Opening

_LISTED: Final = Need("listing.published", by="product", latest=True, unless=OFF_BOARD)
_OVER: Final = ("auction.cleared", "auction.cancelled")

KINDS: Final = (
    Kind(
        "auction.opened",
        "auction",
        "a supplier puts licences of a product up for sealed bids under a mechanism",
        {
            "product": Fact.TEXT,
            "mechanism": Fact.TEXT,
            "rules": Fact.DIGEST,
            "supply": Fact.INTEGER,
            "exclusive": Fact.FLAG,
            "currency": Fact.TEXT,
            "deposit": Fact.MONEY,
            "bids_until": Fact.TIME,
            "open_until": Fact.TIME,
        },
        roles=SUPPLIER,
        opening=Opening.DERIVED,
        needs=(_LISTED,),
        later={"reserve": Fact.SEALED, "seed": Fact.SEALED},
    ),
    Kind(
        "bid.placed",
        "auction",
        "a buyer commits to an amount that nobody sees, and sets its deposit aside",
        {
            "product": Fact.TEXT,
            "scenario": Fact.TEXT,
            "sealed": Fact.SEALED,
            "deposit": Fact.MONEY,
        },
        roles=BUYER,
        needs=(
            Need("auction.opened", same=("product", "deposit"), actor="other", standing=True),
            Need("scenario.filed", by="scenario", same=("product",), actor="same"),
            Need(
                "scenario.approved",
                by="scenario",
                same=("product",),
                unless=SCENARIO_ENDED,
            ),
            _LISTED,
        ),
        not_after=_OVER,
    ),
    Kind(
        "bid.opened",
        "auction",
        "the bidder shows the amount and the salt of its bid",
        {"bid": Fact.DIGEST, "amount": Fact.MONEY, "salt": Fact.SALT},
        roles=BUYER,
        needs=(Need("bid.placed", leaf="bid", actor="same"),),
        not_after=_OVER,
    ),
    Kind(
        "auction.reserve_opened",
        "auction",
        "the supplier shows the reserve that it committed to",
        {"amount": Fact.MONEY, "salt": Fact.SALT},
        roles=SUPPLIER,
        needs=(Need("auction.opened", actor="same"),),
        once=True,
        not_after=_OVER,
    ),
    Kind(
        "auction.seed_opened",
        "auction",
        "the supplier shows the seed that it committed to",
        {"seed": Fact.INTEGER, "salt": Fact.SALT},
        roles=SUPPLIER,
        needs=(Need("auction.opened", actor="same"),),
        once=True,
        not_after=_OVER,
    ),
    Kind(
        "auction.cleared",
        "auction",
        "the exchange clears the bids by the mechanism: winners, payments, deposits let go",
        {
            "pricing": Fact.DIGEST,
            "bids": Fact.DIGESTS,
            "winners": Fact.DIGESTS,
            "forfeited": Fact.DIGESTS,
        },
        roles=OPERATOR,
        needs=(Need("auction.opened"),),
        once=True,
        not_after=_OVER[1:],
        later={"payments": Fact.LINES},
    ),
    Kind(
        "auction.cancelled",
        "auction",
        "the auction ends without winners: every deposit is let go",
        {"reason": Fact.TEXT},
        roles=SUPPLIER | OPERATOR,
        needs=(Need("auction.opened"),),
        once=True,
        not_after=_OVER[:1],
    ),
    Kind(
        "bid.forfeited",
        "auction",
        "the deposit of a bid not opened, or of a winner that failed, goes to the supplier",
        {"bid": Fact.DIGEST, "reason": Fact.TEXT, "lines": Fact.LINES},
        roles=OPERATOR,
        needs=(Need("auction.cleared"), Need("bid.placed", leaf="bid")),
    ),
    Kind(
        "bid.returned",
        "auction",
        "the deposit of a winner whom others kept from the contract is let go",
        {"bid": Fact.DIGEST, "reason": Fact.TEXT},
        roles=OPERATOR,
        needs=(Need("auction.cleared"), Need("bid.placed", leaf="bid")),
    ),
)
