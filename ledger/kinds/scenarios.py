"""Scenarios: what a buyer wants the data for."""

from __future__ import annotations

from typing import Final

from ledger.vocabulary import BUYER, OFF_BOARD, OPERATOR, Fact, Kind, Need, Opening

KINDS: Final = (
    Kind(
        "scenario.filed",
        "scenario",
        "a buyer files what it wants the data for",
        {
            "product": Fact.TEXT,
            "purpose": Fact.TEXT,
            "region": Fact.TEXT,
            "term_days": Fact.INTEGER,
            "scenario": Fact.COMMITMENT,
        },
        roles=BUYER,
        opening=Opening.DERIVED,
        needs=(Need("listing.published", by="product", latest=True, unless=OFF_BOARD),),
    ),
    Kind(
        "scenario.approved",
        "scenario",
        "the exchange approves the scenario until a time",
        {
            "product": Fact.TEXT,
            "pack": Fact.DIGEST,
            "review": Fact.DIGEST,
            "until": Fact.TIME,
        },
        roles=OPERATOR,
        needs=(Need("scenario.filed", same=("product",), actor="other"),),
        once=True,
        not_after=("scenario.refused", "scenario.withdrawn"),
    ),
    Kind(
        "scenario.refused",
        "scenario",
        "the exchange refuses the scenario, naming the rules",
        {
            "product": Fact.TEXT,
            "pack": Fact.DIGEST,
            "review": Fact.DIGEST,
            "fired": Fact.TEXTS,
        },
        roles=OPERATOR,
        needs=(Need("scenario.filed", same=("product",)),),
        once=True,
        not_after=("scenario.approved", "scenario.withdrawn"),
    ),
    Kind(
        "scenario.withdrawn",
        "scenario",
        "the buyer withdraws the scenario",
        {"reason": Fact.TEXT},
        roles=BUYER,
        needs=(Need("scenario.filed", actor="same"),),
        once=True,
    ),
)
