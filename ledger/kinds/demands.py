"""Demand: what buyers look for, and what suppliers answer."""

from __future__ import annotations

from typing import Final

from ledger.vocabulary import BUYER, OPERATOR, SUPPLIER, Fact, Kind, Need, Opening

OVER: Final = ("demand.closed", "demand.expired")

KINDS: Final = (
    Kind(
        "demand.posted",
        "demand",
        "a buyer posts what it looks for, until a time",
        {
            "title": Fact.TEXT,
            "purpose": Fact.TEXT,
            "region": Fact.TEXT,
            "term_days": Fact.INTEGER,
            "posting": Fact.DIGEST,
            "until": Fact.TIME,
            "brief": Fact.COMMITMENT,
        },
        roles=BUYER,
        opening=Opening.DERIVED,
    ),
    Kind(
        "demand.answered",
        "demand",
        "a supplier answers with a listed product of its own, or promises one by a day",
        {"words": Fact.TEXT},
        roles=SUPPLIER,
        needs=(Need("demand.posted", actor="other"),),
        not_after=OVER,
        later={"product": Fact.TEXT, "ready_by": Fact.DATE},
    ),
    Kind(
        "demand.closed",
        "demand",
        "the buyer closes it as met by an answer or withdraws it; or the exchange removes it",
        {"outcome": Fact.TEXT, "reason": Fact.TEXT},
        roles=BUYER | OPERATOR,
        needs=(Need("demand.posted"),),
        once=True,
        not_after=("demand.expired",),
        later={"answer": Fact.DIGEST},
    ),
    Kind(
        "demand.expired",
        "demand",
        "the exchange records that its time is over",
        {},
        roles=OPERATOR,
        needs=(Need("demand.posted"),),
        once=True,
        not_after=("demand.closed",),
    ),
)
