"""Use that is metered and billed, and trials: what was used, who disputes it, what it costs."""

from __future__ import annotations

from typing import Final

from ledger.vocabulary import BUYER, OPERATOR, Fact, Kind, Need, Opening

_CONTRACT: Final = Need("trade.contracted", by="trade")
_SERVED: Final = Need("trade.contracted", by="trade", unless=("trade.cancelled", "trade.retired"))
_BATCH: Final = Need("usage.metered", same=("trade", "sequence"))

KINDS: Final = (
    Kind(
        "trial.granted",
        "trial",
        "a buyer takes the free trial of a product, which it gets once",
        {"product": Fact.TEXT, "buyer": Fact.TEXT, "trade": Fact.TEXT, "units": Fact.INTEGER},
        roles=OPERATOR,
        opening=Opening.NAMED,
        needs=(Need("trade.contracted", by="trade", same=("product",)),),
        once=True,
    ),
    Kind(
        "usage.metered",
        "usage",
        "whoever serves the data says what was used from one time to another, batch after batch",
        {
            "trade": Fact.TEXT,
            "sequence": Fact.INTEGER,
            "since": Fact.TIME,
            "until": Fact.TIME,
            "found": Fact.INTEGER,
            "missed": Fact.INTEGER,
            "events": Fact.DIGEST,
        },
        roles=frozenset({"supplier", "delivery-provider"}),
        opening=Opening.NAMED,
        needs=(_SERVED,),
        later={"engagement": Fact.TEXT},
    ),
    Kind(
        "usage.contested",
        "usage",
        "the buyer denies a batch, with a reason: it is not billed before the operator decides",
        {"trade": Fact.TEXT, "sequence": Fact.INTEGER, "reason": Fact.TEXT},
        roles=BUYER,
        needs=(_BATCH, Need("trade.ordered", by="trade", actor="same")),
    ),
    Kind(
        "usage.decided",
        "usage",
        "the operator decides on a batch that was contested: it counts, or it is struck",
        {
            "trade": Fact.TEXT,
            "sequence": Fact.INTEGER,
            "outcome": Fact.TEXT,
            "reason": Fact.TEXT,
        },
        roles=OPERATOR,
        needs=(_BATCH, Need("usage.contested", same=("trade", "sequence"))),
    ),
    Kind(
        "usage.billed",
        "usage",
        "the exchange bills what was used so far under the plan of the terms, in a pricing record",
        {
            "trade": Fact.TEXT,
            "number": Fact.INTEGER,
            "until": Fact.TIME,
            "through": Fact.INTEGER,
            "due": Fact.MONEY,
            "amount": Fact.MONEY,
            "pricing": Fact.DIGEST,
        },
        roles=OPERATOR,
        opening=Opening.NAMED,
        needs=(_CONTRACT,),
    ),
    Kind(
        "usage.ended",
        "usage",
        "a party ends metered use from a time on: what was used before is billed",
        {"trade": Fact.TEXT, "reason": Fact.TEXT, "until": Fact.TIME},
        opening=Opening.NAMED,
        needs=(_CONTRACT,),
        once=True,
    ),
    Kind(
        "usage.closed",
        "trade",
        "metered use is over and billed: what is left in escrow goes back to the buyer",
        {"amount": Fact.MONEY},
        roles=OPERATOR,
        needs=(Need("trade.contracted"),),
        once=True,
        not_after=("trade.cancelled", "settlement.executed"),
    ),
)
