"""Engagements of merchants by one another."""

from __future__ import annotations

from typing import Final

from ledger.vocabulary import Fact, Kind, Need, Opening

KINDS: Final = (
    Kind(
        "engagement.proposed",
        "engagement",
        "a participant engages another for work on products, for a fixed fee",
        {
            "to": Fact.TEXT,
            "role": Fact.TEXT,
            "products": Fact.TEXTS,
            "work": Fact.TEXT,
            "amount": Fact.MONEY,
            "contingent": Fact.FLAG,
            "due": Fact.TIME,
            "terms": Fact.COMMITMENT,
        },
        opening=Opening.DERIVED,
        needs=(Need("product.registered", by="products"),),
    ),
    Kind(
        "engagement.accepted",
        "engagement",
        "the engaged takes the work: the fee goes from who engaged it into escrow",
        {"amount": Fact.MONEY},
        needs=(Need("engagement.proposed", same=("amount",), actor="other"),),
        once=True,
        not_after=("engagement.declined",),
    ),
    Kind(
        "engagement.declined",
        "engagement",
        "the engagement ends before it was accepted",
        {"reason": Fact.TEXT},
        needs=(Need("engagement.proposed"),),
        once=True,
        not_after=("engagement.accepted",),
    ),
    Kind(
        "engagement.delivered",
        "engagement",
        "the engaged hands its work in, by the digest of its report",
        {"report": Fact.DIGEST},
        needs=(Need("engagement.accepted", actor="same"),),
        once=True,
        not_after=("engagement.cancelled",),
    ),
    Kind(
        "engagement.paid",
        "engagement",
        "the work is accepted: escrow is released to the engaged",
        {"amount": Fact.MONEY},
        needs=(
            Need("engagement.accepted", same=("amount",)),
            Need("engagement.delivered"),
        ),
        once=True,
        not_after=("engagement.cancelled",),
    ),
    Kind(
        "engagement.cancelled",
        "engagement",
        "the engagement ends before it was paid: escrow goes back to who engaged",
        {"reason": Fact.TEXT, "amount": Fact.MONEY},
        needs=(Need("engagement.accepted", same=("amount",)),),
        once=True,
        not_after=("engagement.paid",),
    ),
)
