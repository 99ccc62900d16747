"""Scenarios: what a buyer wants the data for."""

from __future__ import annotations

from typing import Final

from ledger.vocabulary import BUYER, OFF_BOARD, OPERATOR, Fact, Kind, Need, Opening

COMPLIANCE: Final = frozenset({"compliance-assessor"})
# What an assessor may narrow; a limit that is not there narrows nothing.
LIMITS: Final = {
    "term_days": Fact.INTEGER,
    "regions": Fact.TEXTS,
    "recipients": Fact.INTEGER,
    "onward_transfer": Fact.FLAG,
    "public_release": Fact.FLAG,
}
# What ends an approval before its time, or says that its time is over.
SCENARIO_ENDED: Final = ("scenario.withdrawn", "scenario.revoked", "scenario.expired")

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
        later={
            "sector": Fact.TEXT,
            "recipients": Fact.INTEGER,
            "onward_transfer": Fact.FLAG,
            "public_release": Fact.FLAG,
            "like": Fact.TEXT,
            "answer": Fact.DIGEST,
        },
    ),
    Kind(
        "scenario.referred",
        "scenario",
        "no rule refuses the scenario, and the exchange refers it to an assessor, saying why",
        {
            "product": Fact.TEXT,
            "pack": Fact.DIGEST,
            "review": Fact.DIGEST,
            "grounds": Fact.TEXTS,
        },
        roles=OPERATOR,
        needs=(Need("scenario.filed", same=("product",), actor="other"),),
        once=True,
        not_after=("scenario.approved", "scenario.refused", "scenario.withdrawn"),
    ),
    Kind(
        "scenario.reviewed",
        "scenario",
        "an assessor approves the scenario, limits it or refuses it, with reasons",
        {
            "product": Fact.TEXT,
            "pack": Fact.DIGEST,
            "decision": Fact.TEXT,
            "reasons": Fact.COMMITMENT,
        },
        roles=COMPLIANCE,
        needs=(
            Need("scenario.filed", same=("product",), actor="other"),
            Need("scenario.referred", same=("product",)),
        ),
        once=True,
        not_after=("scenario.approved", "scenario.refused", "scenario.withdrawn"),
        later=LIMITS,
    ),
    Kind(
        "scenario.approved",
        "scenario",
        "the exchange approves the scenario until a time, within limits where a review set them",
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
        later=LIMITS,
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
        not_after=("scenario.revoked", "scenario.expired"),
    ),
    Kind(
        "scenario.revoked",
        "scenario",
        "the exchange, or the assessor who reviewed it, takes an approval back",
        {"reason": Fact.TEXT},
        roles=OPERATOR | COMPLIANCE,
        needs=(Need("scenario.approved"),),
        once=True,
        not_after=("scenario.withdrawn", "scenario.expired"),
    ),
    Kind(
        "scenario.expired",
        "scenario",
        "the exchange records that the approval's time is over",
        {},
        roles=OPERATOR,
        needs=(Need("scenario.approved"),),
        once=True,
        not_after=("scenario.withdrawn", "scenario.revoked"),
    ),
)
