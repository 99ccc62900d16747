"""Trading: price, order, contract, delivery, settlement."""

from __future__ import annotations

from typing import Final

from ledger.kinds.scenarios import SCENARIO_ENDED
from ledger.vocabulary import BUYER, OFF_BOARD, OPERATOR, SUPPLIER, Fact, Kind, Need, Opening

_OVER: Final = ("trade.cancelled", "trade.arbitrated", "trade.retired")

KINDS: Final = (
    Kind(
        "price.quoted",
        "quote",
        "the exchange quotes a price, its inputs in a pricing record, until a time",
        {
            "product": Fact.TEXT,
            "scenario": Fact.TEXT,
            "buyer": Fact.TEXT,
            "amount": Fact.MONEY,
            "pricing": Fact.DIGEST,
            "evidence": Fact.DIGESTS,
            "terms": Fact.DIGEST,
            "until": Fact.TIME,
        },
        roles=OPERATOR,
        opening=Opening.DERIVED,
        needs=(
            Need("listing.published", by="product", latest=True, unless=OFF_BOARD),
            Need(
                "scenario.approved",
                by="scenario",
                same=("product",),
                unless=SCENARIO_ENDED,
            ),
        ),
        later={"mode": Fact.TEXT, "basis": Fact.DIGESTS, "exclusive": Fact.FLAG},
    ),
    Kind(
        "trade.ordered",
        "trade",
        "the buyer orders at the quoted price and terms",
        {
            "product": Fact.TEXT,
            "scenario": Fact.TEXT,
            "quote": Fact.TEXT,
            "terms": Fact.DIGEST,
            "amount": Fact.MONEY,
        },
        roles=BUYER,
        opening=Opening.DERIVED,
        needs=(
            Need("price.quoted", by="quote", same=("product", "scenario", "terms", "amount")),
            Need("scenario.filed", by="scenario", same=("product",), actor="same"),
            Need(
                "scenario.approved",
                by="scenario",
                same=("product",),
                unless=SCENARIO_ENDED,
            ),
            Need("listing.published", by="product", latest=True, unless=OFF_BOARD),
        ),
    ),
    Kind(
        "trade.contracted",
        "trade",
        "the supplier accepts: terms frozen, escrow held, the use right granted",
        {
            "product": Fact.TEXT,
            "terms": Fact.DIGEST,
            "amount": Fact.MONEY,
            "purposes": Fact.TEXTS,
            "until": Fact.TIME,
        },
        roles=SUPPLIER,
        needs=(
            Need(
                "trade.ordered",
                same=("product", "terms", "amount"),
                actor="other",
                standing=True,
            ),
            Need("product.registered", by="product"),
            Need("listing.published", by="product", latest=True, unless=OFF_BOARD),
        ),
        once=True,
        not_after=("trade.lapsed",),
        later={
            "exclusive": Fact.FLAG,
            "acceptance_seconds": Fact.INTEGER,
            "parts": Fact.PARTS,
            "regions": Fact.TEXTS,
            "recipients": Fact.INTEGER,
            "onward_transfer": Fact.FLAG,
            "public_release": Fact.FLAG,
        },
    ),
    Kind(
        "trade.lapsed",
        "trade",
        "the order ends before there is a contract",
        {"reason": Fact.TEXT},
        roles=BUYER | SUPPLIER | OPERATOR,
        needs=(Need("trade.ordered"),),
        once=True,
        not_after=("trade.contracted",),
    ),
    Kind(
        "trade.cancelled",
        "trade",
        "the operator ends a contract before its receipt: escrow goes back to the buyer",
        {"reason": Fact.TEXT, "amount": Fact.MONEY},
        roles=OPERATOR,
        needs=(Need("trade.contracted"),),
        once=True,
        not_after=(
            *("delivery.received", "delivery.deemed", "settlement.part"),
            *("trade.arbitrated", "trade.retired"),
        ),
    ),
    Kind(
        "delivery.made",
        "trade",
        "the supplier delivers the data, sealed to the buyer's recipient",
        {
            "product": Fact.TEXT,
            "data": Fact.DIGEST,
            "sealed": Fact.DIGEST,
            "bytes": Fact.INTEGER,
            "recipient": Fact.TEXT,
        },
        roles=SUPPLIER,
        needs=(
            Need("trade.contracted", same=("product",), actor="same"),
            Need("product.registered", by="product"),
            Need("listing.published", by="product", latest=True, unless=("listing.suspended",)),
        ),
        not_after=_OVER,
        later={"part": Fact.INTEGER},
    ),
    Kind(
        "delivery.received",
        "trade",
        "the buyer has opened the delivery and its digest is the one bought",
        {"data": Fact.DIGEST, "sealed": Fact.DIGEST},
        roles=BUYER,
        needs=(
            Need("delivery.made", same=("data", "sealed"), latest=True),
            Need("trade.ordered", actor="same"),
        ),
        not_after=_OVER,
        later={"part": Fact.INTEGER},
    ),
    Kind(
        "settlement.executed",
        "trade",
        "escrow is released, line by line, to supplier, contributors and the exchange",
        {"amount": Fact.MONEY, "lines": Fact.LINES, "allocation": Fact.DIGEST},
        roles=OPERATOR,
        needs=(
            Need("trade.contracted", same=("amount",)),
            Need("delivery.received", alternatives=("delivery.deemed",)),
        ),
        once=True,
        not_after=("settlement.part", *_OVER),
    ),
    Kind(
        "price.estimated",
        "trade",
        "the exchange moves its estimate of one licence by the trade, in a pricing record",
        {
            "product": Fact.TEXT,
            "low": Fact.MONEY,
            "mid": Fact.MONEY,
            "high": Fact.MONEY,
            "pricing": Fact.DIGEST,
        },
        roles=OPERATOR,
        needs=(Need("trade.ordered", same=("product",)), Need("settlement.executed")),
        once=True,
    ),
)
