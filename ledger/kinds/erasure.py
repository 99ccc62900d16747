"""Erasure of what entries commit to."""

from __future__ import annotations

from typing import Final

from ledger.vocabulary import OPERATOR, Fact, Kind, Need, Opening

KINDS: Final = (
    Kind(
        "erasure.requested",
        "erasure",
        "a participant asks to have destroyed what fields of an entry commit to, or its papers",
        {"fields": Fact.TEXTS, "grounds": Fact.COMMITMENT},
        opening=Opening.NAMED,
    ),
    Kind(
        "erasure.refused",
        "erasure",
        "the exchange refuses a request: it must keep the values",
        {"request": Fact.DIGEST, "reason": Fact.TEXT},
        roles=OPERATOR,
        needs=(Need("erasure.requested", leaf="request"),),
    ),
    Kind(
        "erasure.executed",
        "erasure",
        "the values and their salts, or papers, are destroyed: what is left says nothing more",
        {"request": Fact.DIGEST, "fields": Fact.TEXTS, "commitments": Fact.COMMITMENTS},
        roles=OPERATOR,
        needs=(Need("erasure.requested", leaf="request", same=("fields",)),),
    ),
)
