"""Negotiations in rounds, and uses that one buyer has alone."""

from __future__ import annotations

from typing import Final

from ledger.kinds.scenarios import SCENARIO_ENDED
from ledger.vocabulary import BUYER, OFF_BOARD, OPERATOR, SUPPLIER, Fact, Kind, Need, Opening

_LISTED: Final = Need("listing.published", by="product", latest=True, unless=OFF_BOARD)
_OPENED: Final = Need("negotiation.opened", same=("product",))
_CLOSED: Final = ("negotiation.accepted", "negotiation.ended")

KINDS: Final = (
    Kind(
        "negotiation.opened",
        "negotiation",
        "a buyer asks a product's supplier for a price of its scenario",
        {
            "product": Fact.TEXT,
            "scenario": Fact.TEXT,
            "currency": Fact.TEXT,
            "exclusive": Fact.FLAG,
            "until": Fact.TIME,
        },
        roles=BUYER,
        opening=Opening.DERIVED,
        needs=(
            _LISTED,
            Need("scenario.filed", by="scenario", same=("product",), actor="same"),
            Need(
                "scenario.approved",
                by="scenario",
                same=("product",),
                unless=SCENARIO_ENDED,
            ),
        ),
    ),
    Kind(
        "negotiation.offered",
        "negotiation",
        "buyer and supplier in turn offer an amount until a time; the offer before is withdrawn",
        {
            "product": Fact.TEXT,
            "round": Fact.INTEGER,
            "amount": Fact.MONEY,
            "until": Fact.TIME,
        },
        roles=BUYER | SUPPLIER,
        needs=(_OPENED, _LISTED),
        not_after=_CLOSED,
    ),
    Kind(
        "negotiation.accepted",
        "negotiation",
        "the other party accepts the newest offer: the exchange quotes its amount",
        {"product": Fact.TEXT, "offer": Fact.DIGEST, "amount": Fact.MONEY},
        roles=BUYER | SUPPLIER,
        needs=(
            _OPENED,
            Need(
                "negotiation.offered",
                leaf="offer",
                same=("product", "amount"),
                actor="other",
                latest=True,
                standing=True,
            ),
            _LISTED,
        ),
        once=True,
        not_after=_CLOSED[1:],
    ),
    Kind(
        "negotiation.ended",
        "negotiation",
        "a party or the operator ends the negotiation without a price",
        {"reason": Fact.TEXT},
        roles=BUYER | SUPPLIER | OPERATOR,
        needs=(Need("negotiation.opened"),),
        once=True,
        not_after=_CLOSED[:1],
    ),
    Kind(
        "use.reserved",
        "product",
        "the exchange notes on the product that a contract gives its use to one buyer alone",
        {
            "trade": Fact.TEXT,
            "contract": Fact.DIGEST,
            "purposes": Fact.TEXTS,
            "regions": Fact.TEXTS,
            "until": Fact.TIME,
        },
        roles=OPERATOR,
        needs=(Need("trade.contracted", by="trade", leaf="contract", same=("purposes",)),),
    ),
)
