"""Subscriptions: periods renewed at frozen terms, by the buyer's standing authorisation."""

from __future__ import annotations

from typing import Final

from ledger.vocabulary import BUYER, OFF_BOARD, OPERATOR, Fact, Kind, Need, Opening

_STANDS: Final = Need("subscription.authorised", same=("trade", "terms", "amount"), latest=True)

KINDS: Final = (
    Kind(
        "subscription.authorised",
        "subscription",
        "the buyer lets the exchange charge further periods at the terms ordered, so many in all",
        {
            "trade": Fact.TEXT,
            "terms": Fact.DIGEST,
            "amount": Fact.MONEY,
            "periods": Fact.INTEGER,
        },
        roles=BUYER,
        opening=Opening.NAMED,
        needs=(Need("trade.ordered", by="trade", same=("terms", "amount"), actor="same"),),
        not_after=("subscription.ended",),
    ),
    Kind(
        "subscription.renewed",
        "subscription",
        "the fee of the next period goes into escrow, and the use right runs to its end",
        {
            "trade": Fact.TEXT,
            "product": Fact.TEXT,
            "terms": Fact.DIGEST,
            "amount": Fact.MONEY,
            "period": Fact.INTEGER,
            "since": Fact.TIME,
            "until": Fact.TIME,
        },
        roles=OPERATOR,
        needs=(
            _STANDS,
            Need("trade.contracted", by="trade", same=("product", "terms", "amount")),
            Need("product.registered", by="product"),
            Need("listing.published", by="product", latest=True, unless=OFF_BOARD),
        ),
        not_after=("subscription.ended",),
    ),
    Kind(
        "subscription.overdue",
        "subscription",
        "the next period could not be charged: it may be until a time, and then it all ends",
        {
            "trade": Fact.TEXT,
            "period": Fact.INTEGER,
            "reason": Fact.TEXT,
            "until": Fact.TIME,
        },
        roles=OPERATOR,
        needs=(Need("trade.contracted", by="trade"), Need("subscription.authorised")),
        not_after=("subscription.ended",),
    ),
    Kind(
        "subscription.ended",
        "subscription",
        "a party gives notice: the period that is paid for is the last",
        {"trade": Fact.TEXT, "reason": Fact.TEXT, "until": Fact.TIME},
        needs=(Need("trade.contracted", by="trade"), Need("subscription.authorised")),
        once=True,
    ),
    Kind(
        "subscription.settled",
        "subscription",
        "the escrow of a period that has ended is released, line by line",
        {
            "trade": Fact.TEXT,
            "period": Fact.INTEGER,
            "amount": Fact.MONEY,
            "lines": Fact.LINES,
            "allocation": Fact.DIGEST,
        },
        roles=OPERATOR,
        needs=(Need("subscription.renewed", same=("trade", "period", "amount")),),
    ),
    Kind(
        "subscription.refunded",
        "subscription",
        "the operator gives the fee of a period back to the buyer: it was not served",
        {
            "trade": Fact.TEXT,
            "period": Fact.INTEGER,
            "amount": Fact.MONEY,
            "reason": Fact.TEXT,
        },
        roles=OPERATOR,
        needs=(Need("subscription.renewed", same=("trade", "period", "amount")),),
    ),
)
