"""Accesses to what was delivered, each counted."""

from __future__ import annotations

from typing import Final

from ledger.vocabulary import OPERATOR, Fact, Kind, Need, Opening

KINDS: Final = (
    Kind(
        "access.granted",
        "access",
        "the exchange hands a delivery to its buyer once more, under the policy of the contract",
        {
            "trade": Fact.TEXT,
            "to": Fact.TEXT,
            "sealed": Fact.DIGEST,
            "count": Fact.INTEGER,
        },
        roles=OPERATOR,
        opening=Opening.NAMED,
        needs=(
            Need("trade.contracted", by="trade", unless=("trade.cancelled", "trade.retired")),
            Need("delivery.made", by="trade", same=("sealed",), latest=True),
        ),
        later={"policy": Fact.DIGEST, "limit": Fact.INTEGER},
    ),
)
