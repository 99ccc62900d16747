"""What becomes of an agreement after its contract: parts of its escrow."""

from __future__ import annotations

from typing import Final

from ledger.vocabulary import OPERATOR, Fact, Kind, Need

KINDS: Final = (
    Kind(
        "settlement.part",
        "trade",
        "a part of the escrow is released, line by line, for what one entry has earned",
        {
            "part": Fact.INTEGER,
            "amount": Fact.MONEY,
            "lines": Fact.LINES,
            "allocation": Fact.DIGEST,
            "basis": Fact.DIGEST,
        },
        roles=OPERATOR,
        needs=(Need("trade.contracted"),),
        not_after=("settlement.executed", "trade.cancelled"),
    ),
)
