"""What becomes of an agreement after its contract: parts, silence, refunds, disputes, endings."""

from __future__ import annotations

from typing import Final

from ledger.vocabulary import ARBITER, BUYER, OFF_BOARD, OPERATOR, SUPPLIER, Fact, Kind, Need

_OVER: Final = ("trade.cancelled", "trade.arbitrated", "trade.retired")
_LATER: Final = {"acceptance_seconds": Fact.INTEGER, "parts": Fact.PARTS}
_AMENDED: Final = {
    "product": Fact.TEXT,
    "terms": Fact.DIGEST,
    "amount": Fact.MONEY,
    "added": Fact.MONEY,
    "returned": Fact.MONEY,
    "purposes": Fact.TEXTS,
    "until": Fact.TIME,
}
_LISTED: Final = (
    Need("trade.contracted", same=("product",)),
    Need("product.registered", by="product"),
    Need("listing.published", by="product", latest=True, unless=OFF_BOARD),
)

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
        not_after=("settlement.executed", *_OVER),
    ),
    Kind(
        "delivery.deemed",
        "trade",
        "the buyer's time to answer is over: its silence accepts the delivery",
        {"data": Fact.DIGEST, "sealed": Fact.DIGEST},
        roles=OPERATOR,
        needs=(Need("delivery.made", same=("data", "sealed"), latest=True),),
        not_after=_OVER,
        later={"part": Fact.INTEGER},
    ),
    Kind(
        "refund.made",
        "trade",
        "the supplier gives money back: out of escrow, or of what was paid, fees in proportion",
        {"amount": Fact.MONEY, "lines": Fact.LINES, "to": Fact.TEXT, "reason": Fact.TEXT},
        roles=SUPPLIER,
        needs=(Need("trade.contracted", actor="same"),),
        not_after=_OVER,
    ),
    Kind(
        "refund.claimed",
        "trade",
        "what was not delivered in time is not paid for: escrow goes back to the buyer",
        {"amount": Fact.MONEY, "to": Fact.TEXT},
        roles=BUYER | OPERATOR,
        needs=(Need("trade.contracted"),),
        not_after=("settlement.executed", *_OVER),
        later={"part": Fact.INTEGER},
    ),
    Kind(
        "trade.disputed",
        "trade",
        "a party disputes the contract's performance: escrow, deliveries and settlement freeze",
        {"grounds": Fact.COMMITMENT, "evidence": Fact.DIGESTS},
        roles=BUYER | SUPPLIER,
        needs=(Need("trade.contracted"),),
        not_after=_OVER,
    ),
    Kind(
        "trade.undisputed",
        "trade",
        "who disputed withdraws the dispute; the buyer's time to answer begins again",
        {"dispute": Fact.DIGEST, "reason": Fact.TEXT},
        roles=BUYER | SUPPLIER,
        needs=(Need("trade.disputed", leaf="dispute", actor="same"),),
    ),
    Kind(
        "trade.arbitrated",
        "trade",
        "the operator or an arbiter divides what is held, and says what is to be reversed",
        {
            "dispute": Fact.DIGEST,
            "amount": Fact.MONEY,
            "lines": Fact.LINES,
            "allocation": Fact.DIGEST,
            "reversal": Fact.MONEY,
            "reasons": Fact.COMMITMENT,
        },
        roles=OPERATOR | ARBITER,
        needs=(Need("trade.disputed", leaf="dispute"),),
        once=True,
        not_after=("trade.cancelled", "trade.retired"),
    ),
    Kind(
        "trade.reversed",
        "trade",
        "what was paid and an award takes back goes to the buyer, fees in proportion",
        {"amount": Fact.MONEY, "lines": Fact.LINES, "to": Fact.TEXT},
        roles=OPERATOR,
        needs=(Need("trade.arbitrated"),),
    ),
    Kind(
        "amendment.proposed",
        "trade",
        "a party proposes other terms, frozen by their digest",
        _AMENDED,
        roles=BUYER | SUPPLIER,
        needs=(Need("trade.contracted", same=("product",)),),
        not_after=("settlement.executed", "trade.ended", *_OVER),
        later=_LATER,
    ),
    Kind(
        "amendment.accepted",
        "trade",
        "the other party signs the same terms: escrow follows the price, the use right its term",
        {"proposal": Fact.DIGEST, **_AMENDED},
        roles=BUYER | SUPPLIER,
        needs=(
            Need(
                "amendment.proposed",
                leaf="proposal",
                same=("product", "terms", "amount"),
                actor="other",
                standing=True,
            ),
            *_LISTED,
        ),
        not_after=("settlement.executed", "trade.ended", *_OVER),
        later=_LATER,
    ),
    Kind(
        "amendment.declined",
        "trade",
        "a party declines a proposal, or withdraws its own",
        {"proposal": Fact.DIGEST, "reason": Fact.TEXT},
        roles=BUYER | SUPPLIER,
        needs=(Need("amendment.proposed", leaf="proposal"),),
    ),
    Kind(
        "trade.ended",
        "trade",
        "a party ends the contract, with notice or at once for a cause: so does the use right",
        {
            "cause": Fact.TEXT,
            "reason": Fact.TEXT,
            "at": Fact.TIME,
            "amount": Fact.MONEY,
            "to": Fact.TEXT,
        },
        roles=BUYER | SUPPLIER,
        needs=(Need("trade.contracted"),),
        not_after=("trade.cancelled", "trade.retired"),
    ),
    Kind(
        "trade.retired",
        "trade",
        "the exchange closes the file of a contract that is over: it is kept for the record",
        {"reason": Fact.TEXT},
        roles=OPERATOR,
        needs=(Need("trade.contracted"),),
        once=True,
    ),
)
